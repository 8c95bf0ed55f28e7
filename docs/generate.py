"""The pages that follow from the program: `python docs/generate.py` writes docs/cli.md and docs/recipe.md."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from corpus.cli import main
from corpus.recipe import Recipe

HERE = Path(__file__).parent


def pages() -> dict[str, str]:
    """Each generated page by its file name."""
    return {"cli.md": "\n".join(_commands()), "recipe.md": "\n".join(_recipe())}


def _commands() -> Iterator[str]:
    yield "# The command line\n"
    yield "Results go to stdout, progress and messages to stderr; `--json` prints the result for programs.\n"
    yield "Exit codes: 0 done; 1 the work found a problem; 2 wrong usage or recipe; 3 more bad input than allowed;"
    yield "130 interrupted, and what has finished is kept.\n"
    yield from _help("corpus", [])
    for name in main.commands:
        yield from _help(f"corpus {name}", [name])


def _help(title: str, arguments: list[str]) -> Iterator[str]:
    shown = CliRunner().invoke(main, [*arguments, "--help"], prog_name="corpus", terminal_width=100)
    yield f"## {title}\n\n```text\n{shown.output.rstrip()}\n```\n"


def _recipe() -> Iterator[str]:
    yield "# The recipe\n"
    yield "One YAML file, `corpus.yaml`, is the only configuration of a build. `corpus init` writes one; editors"
    yield "complete it from `schemas/recipe.schema.json`. Paths are relative to the recipe.\n"
    schema = Recipe.model_json_schema()
    yield from _fields("The recipe itself", schema)
    for name, part in sorted(schema["$defs"].items(), key=lambda item: _ORDER.index(item[0])):
        yield from _fields(f"`{_PLACES[name]}`", part)


_PLACES = {
    "Source": "sources:",
    "Clean": "clean:",
    "LineRule": "clean: rules:",
    "Quality": "quality:",
    "Bounds": "quality: limits:",
    "Privacy": "privacy:",
    "Dedup": "dedup:",
    "SiteLines": "dedup: site_lines:",
    "Near": "dedup: near:",
    "Paragraphs": "dedup: paragraphs:",
    "Decontaminate": "decontaminate:",
    "Splits": "splits:",
    "Release": "release:",
    "Limits": "limits:",
}
_ORDER = list(_PLACES)


def _fields(title: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"{schema['description']}\n"
    yield "| field | type | default | meaning |\n| --- | --- | --- | --- |"
    required = schema.get("required", [])
    for name, field in schema["properties"].items():
        if "$ref" in field:
            default, kind, meaning = "", "mapping", f"See `{name}:` below."
        else:
            default = "required" if name in required else f"`{_plain(field.get('default'))}`"
            kind, meaning = _kind(field), field.get("description", "")
        yield f"| `{name}` | {kind} | {default} | {meaning} |"
    yield ""


def _plain(value: object) -> str:
    return "none" if value is None else value if isinstance(value, str) else json.dumps(value)


def _kind(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(kind for kind in map(_kind, field["anyOf"]) if kind != "null")
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if field.get("type") == "array":
        return "list"
    kind = str(field.get("type", "mapping"))
    return {"object": "mapping", "boolean": "true or false"}.get(kind, kind)


if __name__ == "__main__":
    for file, text in pages().items():
        (HERE / file).write_text(text, encoding="utf-8")
