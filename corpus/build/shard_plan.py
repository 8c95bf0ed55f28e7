"""Which rows go into which data file: cut where the documents themselves say, so that a change in one place changes few
files.

Groups of rows are cut first, then files between groups. A cut has to come where half to all of the allowed size is
full; of all documents there it comes in front of the one with the smallest key. Whoever starts elsewhere has part of
that range in his own and soon chooses the same document; all that follows is as before. The extreme of a range of
hashes as a cut is from Bjørner, Blass and Gurevich, Content-dependent chunking for differential compression, the local
maximum approach (Journal of Computer and System Sciences 76, 2010), and that sizes count from the cut before, with a
least and a largest one, from Eshghi and Tang, A framework for analyzing and improving content-based chunking
algorithms (HP Laboratories, HPL-2005-30, 2005).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from corpus.release.shards import ROW_GROUP_BYTES

Rows = tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint64]]
"""Consecutive documents: bytes of each, and an evenly spread hash of its identity.

A hash of 0 makes a cut welcome, as in front of the first document that a version adds: the file before then stays as it
was, if it is half full.
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive rows of one part that go into one file."""

    part: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Shard:
    """One data file: pieces of consecutive parts, and the rows of each of its row groups."""

    pieces: tuple[Piece, ...]
    groups: list[int]


def plan_shards(parts: Sequence[Rows], max_bytes: int, min_shards: int = 1) -> list[Shard]:
    """Cut a sequence of documents into files.

    A file holds at least half and at most all of `max_bytes`, but for the last one, a single document that is larger,
    and what stands in front of a document that is larger than half. So does a row group of its own limit. Documents
    that are added at the end change the last file only. A document that is taken out never changes what is before the
    file in front of its own; what follows has other cuts only until one comes where it was, and mostly none moves.

    Args:
        parts: The documents, in their order.
        max_bytes: What one file holds before compression.
        min_shards: Make at least so many files, or as many as there are documents. The limit is halved until there are
            enough, so that it stays the same until the text has doubled.
    """
    starts = np.cumsum([0, *(len(weights) for weights, _ in parts)], dtype=np.int64)
    wanted = min(min_shards, int(starts[-1]))
    files = _cut_files(parts, max_bytes)
    while len(files) < wanted and max_bytes:
        max_bytes //= 2
        files = _cut_files(parts, max_bytes)
    return [Shard(tuple(_pieces(starts, rows[0], rows[-1])), np.diff(rows).tolist()) for rows in files]


def cut_rows(parts: Sequence[int], max_rows: int) -> Iterator[list[Piece]]:
    """Cut a sequence of rows, given the number in each part, into files of `max_rows` rows."""
    starts = np.cumsum([0, *parts], dtype=np.int64)
    rows = int(starts[-1])
    for first in range(0, rows, max_rows):
        yield list(_pieces(starts, first, min(first + max_rows, rows)))


def cuts(weights: npt.NDArray[np.integer], keys: npt.NDArray[np.uint64], max_bytes: int) -> npt.NDArray[np.int64]:
    """Where to cut a sequence: 0, the rows in front of which a cut comes, and the number of rows.

    Each cut depends on the one before and on the next `max_bytes` of rows alone.

    Args:
        weights: Bytes of each row.
        keys: An evenly spread hash of each.
        max_bytes: Bytes between two cuts, at most; see `plan_shards`.
    """
    ends = np.cumsum(weights, dtype=np.int64)
    found = [0]
    while found[-1] < len(ends):
        start = found[-1]
        before = int(ends[start - 1]) if start else 0
        last = max(int(np.searchsorted(ends, before + max_bytes, "right")), start + 1)
        if last >= len(ends):
            found.append(len(ends))
            break
        first = min(max(int(np.searchsorted(ends, before + max_bytes / 2)), start) + 1, last)
        found.append(first + int(np.argmin(keys[first : last + 1])))
    return np.array(found, np.int64)


def _cut_files(parts: Sequence[Rows], max_bytes: int) -> list[npt.NDArray[np.int64]]:
    """For each file the first row of each of its groups, and the row behind its last one."""
    group_bytes = max_bytes
    while group_bytes > ROW_GROUP_BYTES:
        # A power of two of full groups makes a file, so there is always a cut between groups to choose.
        group_bytes //= 2
    rows, sizes, keys = _groups(parts, group_bytes)
    files = cuts(sizes, keys, max_bytes)
    return [rows[start : stop + 1] for start, stop in pairwise(files)]


def _groups(
    parts: Sequence[Rows], max_bytes: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """Cuts between row groups; bytes of each group, and the key of the document in front of which it begins."""
    rows: list[npt.NDArray[np.int64]] = []
    sizes: list[npt.NDArray[np.int64]] = []
    first_keys: list[npt.NDArray[np.uint64]] = []
    weights, keys = np.empty(0, np.uint32), np.empty(0, np.uint64)
    first = 0
    for number, (more_weights, more_keys) in enumerate(parts, 1):
        weights, keys = np.concatenate([weights, more_weights]), np.concatenate([keys, more_keys])
        found = cuts(weights, keys, max_bytes)
        # What comes can only change the last group.
        done = found[:-1] if number == len(parts) else found[:-2]
        if len(done):
            rest = found[len(done)]
            rows.append(done + first)
            sizes.append(np.add.reduceat(weights[:rest], done, dtype=np.int64))
            first_keys.append(keys[done])
            weights, keys, first = weights[rest:], keys[rest:], first + int(rest)
    return (
        np.concatenate([*rows, np.array([first], np.int64)]),
        np.concatenate([np.empty(0, np.int64), *sizes]),
        np.concatenate([np.empty(0, np.uint64), *first_keys]),
    )


def _pieces(starts: npt.NDArray[np.int64], first: int, stop: int) -> Iterator[Piece]:
    """Rows `first` to before `stop` as rows of the parts that begin at `starts`."""
    for part in range(int(np.searchsorted(starts, first, "right")) - 1, int(np.searchsorted(starts, stop))):
        here, end = int(starts[part]), int(starts[part + 1])
        if here < end:
            yield Piece(part, max(int(first) - here, 0), min(int(stop), end) - here)
