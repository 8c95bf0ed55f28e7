"""Which rows go into which data file: by the sizes of the documents alone, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.release.shards import row_group_sizes


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive kept rows of one part that go into one shard."""

    part: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Shard:
    """One data file: pieces of consecutive parts, and the rows of each of its row groups."""

    pieces: tuple[Piece, ...]
    groups: list[int]


def plan_shards(parts: Iterable[Sequence[int]], max_bytes: int) -> Iterator[Shard]:
    """Cut a sequence of documents into shards.

    A shard ends before the document that would bring it over `max_bytes`, so that documents which are
    added at the end change the last shard only.

    Args:
        parts: For each part, the bytes of text of its rows.
        max_bytes: Text of one shard; a single larger document makes a larger one.
    """
    pieces: list[Piece] = []
    sizes: list[int] = []
    filled = 0
    for part, weights in enumerate(parts):
        start = 0
        for row, weight in enumerate(weights):
            if sizes and filled + weight > max_bytes:
                if row > start:
                    pieces.append(Piece(part, start, row))
                yield Shard(tuple(pieces), row_group_sizes(sizes))
                pieces, sizes, filled, start = [], [], 0, row
            sizes.append(weight)
            filled += weight
        if len(weights) > start:
            pieces.append(Piece(part, start, len(weights)))
    if sizes:
        yield Shard(tuple(pieces), row_group_sizes(sizes))


def cut_rows(parts: Sequence[int], max_rows: int) -> Iterator[list[Piece]]:
    """Cut a sequence of rows, given the number in each part, into files of `max_rows` rows."""
    pieces: list[Piece] = []
    room = max_rows
    for part, rows in enumerate(parts):
        start = 0
        while start < rows:
            stop = min(rows, start + room)
            pieces.append(Piece(part, start, stop))
            room -= stop - start
            start = stop
            if not room:
                yield pieces
                pieces, room = [], max_rows
    if pieces:
        yield pieces
