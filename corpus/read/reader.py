"""A part as a stream of records."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus.read._fields import Columns, Reading
from corpus.read.delimited import read_csv
from corpus.read.jsonl import read_jsonl
from corpus.read.parquet import read_parquet
from corpus.read.records import UNREADABLE, Part, Record, Rejected, RejectedError, Slice
from corpus.read.remote import Root
from corpus.read.text import read_text
from corpus.recipe import Format

_READERS: dict[Format, Callable[[Slice, Root, Reading, int, str | None], Iterator[Record | Rejected]]] = {
    "text": read_text,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "parquet": read_parquet,
}


def read_part(part: Part, root: Root) -> Iterator[Record | Rejected]:
    """Every record of a part, in the order of path and position, and a `Rejected` for all that is none.

    No input makes it raise. Memory is bounded by the largest document that the part allows, not by its files.
    """
    columns = Columns(part)
    read = _READERS[part.format]
    for slice_ in part.slices:
        if slice_.digest.startswith(UNREADABLE):
            reason = slice_.digest.removeprefix(UNREADABLE)
            yield RejectedError("unreadable", reason).at(slice_.path, None)
        else:
            yield from read(slice_, root, columns, part.max_document_bytes, part.encoding)
