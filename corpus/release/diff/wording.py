"""What recipes, columns and manifests say, compared field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from pydantic import ValidationError

from corpus.recipe import Recipe
from corpus.release.manifest import Column, Manifest

_METADATA = ("license", "release.title", "release.description", "sources.*.license")
"""Fields of a recipe that say something about the documents and change none."""

_SAID = (
    *("title", "description", "license", "inputs", "evaluation_inputs", "other_inputs"),
    *("accounting", "contamination", "withdrawn"),
)
"""Fields of a manifest that count as what a release says about its documents. Programs, libraries and bytes do not."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of the recipe that has another value."""

    field: str
    """Such as `dedup.near.threshold`; parts of lists by their name, as in `sources.press.path`."""
    old: Any
    """Value as JSON has it; None where the field was not there, or null."""
    new: Any
    metadata: bool
    """Whether it only says something about the documents, as a title or a licence does."""


def recipe_changes(old: Manifest, new: Manifest) -> list[FieldChange]:
    """The fields of the recipe but `version` that have other values, in the order of the recipe.

    A field that an older recipe lacks has its default, wherever the recipe of this program takes the older one.
    """
    before, after = _filled(old.recipe), _filled(new.recipe)
    if before is None or after is None:
        before, after = old.recipe, new.recipe
    return [
        FieldChange(field, was, now, any(fnmatch(field, pattern) for pattern in _METADATA))
        for field, was, now in _different(before, after, "")
        if field != "version"
    ]


def schema_changes(old: Sequence[Column], new: Sequence[Column]) -> list[str]:
    """Columns that came, went or changed, a sentence each; the words that describe them do not count."""
    return list(_schema_changes(old, new, ""))


def said_changes(old: Manifest, new: Manifest) -> list[str]:
    """What else the manifests say that is different: names of their fields, and of columns described in other words.

    Of a source on the Hub whose repo was read at another commit, both commits are named.
    """
    fields = [name for name in _SAID if getattr(old, name) != getattr(new, name)]
    commits = {entry.source: entry.commit for entry in old.inputs if entry.commit}
    fields += [
        f"inputs.{entry.source}: {entry.hub} at {entry.commit[:7]}, before at {commits[entry.source][:7]}"
        for entry in new.inputs
        if entry.commit and commits.get(entry.source, entry.commit) != entry.commit
    ]
    return fields + [f"columns.{name}.description" for name in _redescribed(old.columns, new.columns, "")]


def _filled(recipe: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        return Recipe.model_validate(recipe).model_dump(mode="json")
    except ValidationError:
        return None


def _different(old: Any, new: Any, field: str) -> Iterator[tuple[str, Any, Any]]:
    before, after = _by_name(old), _by_name(new)
    if before is None or after is None:
        if old != new:
            yield field, old, new
        return
    for key in dict.fromkeys([*before, *after]):
        yield from _different(before.get(key), after.get(key), f"{field}.{key}" if field else key)


def _by_name(value: Any) -> Mapping[str, Any] | None:
    """A mapping, or a list of things that have names as one; None where it is neither."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list) and value and all(isinstance(one, Mapping) and "name" in one for one in value):
        return {one["name"]: one for one in value}
    return None


def _schema_changes(old: Sequence[Column], new: Sequence[Column], within: str) -> Iterator[str]:
    before, after = {column.name: column for column in old}, {column.name: column for column in new}
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        column = f"column {within}{name}"
        if was is None and now is not None:
            yield f"{column} came: {now.type}{' or null' * now.nullable}"
        elif now is None:
            yield f"{column} went"
        elif was is not None:
            if was.type != now.type:
                yield f"{column} is {now.type} instead of {was.type}"
            if was.nullable != now.nullable:
                yield f"{column} {'may be null now' if now.nullable else 'is never null now'}"
            if was.meaning != now.meaning:
                yield f"{column} means something else (meaning {now.meaning} instead of {was.meaning})"
            yield from _schema_changes(was.fields or [], now.fields or [], f"{within}{name}.")


def _redescribed(old: Sequence[Column], new: Sequence[Column], within: str) -> Iterator[str]:
    before = {column.name: column for column in old}
    for column in new:
        was = before.get(column.name)
        if was is not None:
            if was.description != column.description:
                yield within + column.name
            yield from _redescribed(was.fields or [], column.fields or [], f"{within}{column.name}.")
