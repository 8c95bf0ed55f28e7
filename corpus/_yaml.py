"""YAML with the line of every field, and no silent repetition of a key."""

from __future__ import annotations

import re
from typing import Any

import yaml

Location = tuple[int | str, ...]


class _Loader(yaml.SafeLoader):
    """YAML 1.2 in the two points that hurt in a recipe: `no` stays a word, and a date stays text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))


def load(text: str) -> tuple[Any, dict[Location, int]]:
    """Parse one YAML document.

    Returns:
        The data, and the 1-based line of each location in it (a tuple of keys and list indices).

    Raises:
        yaml.YAMLError: the text is not YAML, or a mapping has the same key twice.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Location, int] = {(): 1}
        if node is None:
            return None, lines
        _note_lines(node, (), lines)
        return loader.construct_document(node), lines
    except RecursionError:
        raise yaml.YAMLError("something in it contains itself, or is nested too deeply") from None
    finally:
        loader.dispose()


def _note_lines(node: yaml.Node, location: Location, lines: dict[Location, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            at = (*location, str(key.value))
            if at in lines:
                raise yaml.MarkedYAMLError(problem=f"'{key.value}' is given twice", problem_mark=key.start_mark)
            lines[at] = key.start_mark.line + 1
            _note_lines(value, at, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*location, index)] = value.start_mark.line + 1
            _note_lines(value, (*location, index), lines)
