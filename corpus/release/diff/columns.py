"""The columns that two releases share, and their values as numbers that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.release.database import name_of
from corpus.release.manifest import Column, Manifest


def common_columns(old: Manifest, new: Manifest) -> list[Column]:
    """The columns of the new release that the old one has with the same type, with the fields that both have."""
    return list(_common(old.columns, new.columns))


def hash_of(column: Column) -> str:
    """A column as an expression of SQL that gives a 64-bit hash of its value; null has one of its own.

    The hash of a list or struct alone does not tell null from one without content.
    """
    name = name_of(column.name)
    if column.type == "struct":
        return f"hash({name} IS NULL, {', '.join(f'{name}.{name_of(field.name)}' for field in column.fields or [])})"
    if column.type == "list":
        fields = ", ".join(f"{name_of(field.name)} := one.{name_of(field.name)}" for field in column.fields or [])
        return f"hash({name} IS NULL, len({name}), [struct_pack({fields}) FOR one IN {name}])"
    return f"hash({name})"


def _common(old: Iterable[Column], new: Iterable[Column]) -> Iterator[Column]:
    before = {column.name: column for column in old}
    for column in new:
        was = before.get(column.name)
        if was is None or was.type != column.type:
            continue
        fields = list(_common(was.fields or [], column.fields or []))
        if fields or not column.fields:
            yield column.model_copy(update={"fields": fields or None})
