"""A part as all the text that is in it, whatever the columns are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from corpus.read._fields import hash_row
from corpus.read.delimited import read_rows
from corpus.read.jsonl import read_jsonl
from corpus.read.parquet import read_parquet
from corpus.read.records import UNREADABLE, Part, Record, Rejected, RejectedError, Slice, short
from corpus.read.remote import Root
from corpus.read.text import read_text
from corpus.recipe import Format

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def read_strings(part: Part, root: Root) -> Iterator[Record | Rejected]:
    """Every record of a part with all its strings as its text, joined by line breaks in the order of the columns.

    Strings in lists and objects count too, their names don't. A text file gives a record for each paragraph, that is
    the lines up to a blank one. The header of a CSV file comes first, at position 0, for it may be none.
    As with `read_part`, no input makes it raise.
    """
    read = _READERS[part.format]
    for slice_ in part.slices:
        if slice_.digest.startswith(UNREADABLE):
            yield RejectedError("unreadable", slice_.digest.removeprefix(UNREADABLE)).at(slice_.path, None)
        else:
            yield from read(slice_, root, part.max_document_bytes, part.encoding)


class _Strings:
    """All columns of a row as one text."""

    def used(self, present: Collection[str]) -> list[str]:
        names = list(present)
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise RejectedError("bad_field", f"two columns are named '{short(twice[0])}'")
        return names

    def record(
        self, row: Mapping[str, Any], path: str, position: int, raw_hash: str, encoding: str = "utf-8"
    ) -> Record:
        return Record(path, position, "\n".join(_strings(row)), raw_hash, {}, {}, encoding)


def _strings(value: Any) -> Iterator[str]:
    """All strings in a value, in their order. The stack is our own, for values may be nested deeply."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping):
            waiting += reversed(list(item.values()))
        elif isinstance(item, list | tuple):
            waiting += reversed(item)


def _read_csv(slice_: Slice, root: Root, max_bytes: int, encoding: str | None) -> Iterator[Record | Rejected]:
    for row in read_rows(slice_, root, max_bytes, encoding):
        if isinstance(row, Rejected):
            yield row
        else:
            numbered = {str(number): field for number, field in enumerate(row.fields)}
            yield _Strings().record(numbered, slice_.path, row.number, hash_row(numbered), row.encoding)


def _read_text(slice_: Slice, root: Root, max_bytes: int, encoding: str | None) -> Iterator[Record | Rejected]:
    for file in read_text(slice_, root, _Strings(), max_bytes, encoding):
        if isinstance(file, Rejected):
            yield file
        else:
            text = file.text.replace("\r\n", "\n").strip("\n")
            for number, paragraph in enumerate(_BLANK_LINES.split(text), start=1):
                yield replace(file, position=number, text=paragraph)


def _read_jsonl(slice_: Slice, root: Root, max_bytes: int, encoding: str | None) -> Iterator[Record | Rejected]:
    return read_jsonl(slice_, root, _Strings(), max_bytes, encoding)


def _read_parquet(slice_: Slice, root: Root, max_bytes: int, encoding: str | None) -> Iterator[Record | Rejected]:
    return read_parquet(slice_, root, _Strings(), max_bytes, encoding)


_READERS: dict[Format, Callable[[Slice, Root, int, str | None], Iterator[Record | Rejected]]] = {
    "text": _read_text,
    "jsonl": _read_jsonl,
    "csv": _read_csv,
    "parquet": _read_parquet,
}
