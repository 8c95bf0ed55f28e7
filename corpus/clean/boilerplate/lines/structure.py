"""What the lines of a document have to do with each other: which are copies, and where the article is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.clean import characters as ch
from corpus.clean.boilerplate.lines.batch import Batch
from corpus.clean.boilerplate.lines.columns import Bools, Ints
from corpus.clean.boilerplate.lines.shape import Shape

PARAGRAPH = 400
"""Wider lines weigh no more than one of this width."""
_NOT_PROSE, _REPEATED = -65, -30
"""What a line that is not prose takes from a stretch of it, and one that occurs three times or more, as sites put
them between the paragraphs of an article."""

_NO_CHARACTER = np.uint64(1 << 32)


@dataclass(frozen=True, slots=True)
class Copies:
    """How the lines of a batch repeat, an entry a line."""

    count: Ints
    """How often the line occurs in its document."""
    first: Bools
    """Whether it is the first of them."""
    distance: Ints
    """Lines from the copy before it, for the first to the one behind it; -1 where there is none."""


def read_copies(batch: Batch, shape: Shape) -> Copies:
    """Find the lines that occur several times in a document.

    In a document that repeats most of its prose a repeat says nothing, since the scraper doubled its lines: there each
    line counts as the only one.
    """
    count = len(batch.doc)
    # A line without words has the mixed number of a character for a key, which must not be that of a document.
    keys = ch.mix(batch.key + ch.mix(batch.doc.astype(np.uint64) + _NO_CHARACTER))
    # Copies share their first bits, and few other lines do; only those need sorting.
    slot = (keys >> np.uint64(62 - count.bit_length())).astype(np.int64)
    shared = np.flatnonzero(np.bincount(slot).take(slot) > 1)
    order = shared[np.argsort(keys[shared], kind="stable")]
    new = np.ones(len(order), bool)
    new[1:] = keys[order[1:]] != keys[order[:-1]]
    sizes = np.diff(np.append(np.flatnonzero(new), len(order)))
    copies, first, distance = np.ones(count, np.int64), np.ones(count, bool), np.full(count, -1)
    copies[order] = np.repeat(sizes, sizes)
    first[order] = new
    steps = np.diff(order)
    again = ~new[1:]
    distance[order[1:][again]] = steps[again]
    second = again & new[:-1]
    distance[order[:-1][second]] = steps[second]
    repeated = document_sum(batch, shape.prose & (copies > 1))
    doubled = (repeated * 2 > document_sum(batch, shape.prose))[batch.doc]
    copies[doubled], first[doubled], distance[doubled] = 1, True, -1
    return Copies(copies, first, distance)


def read_core(batch: Batch, shape: Shape, copies: Copies) -> tuple[Ints, Ints]:
    """The densest stretch of prose of each document: index of its first line, and behind its last.

    Prose counts by its width and every other line counts against. The empty stretch where there is no prose.
    """
    values = np.where(
        shape.prose, np.minimum(shape.width, PARAGRAPH), np.where(copies.count > 2, _REPEATED, _NOT_PROSE)
    )
    return best_stretch(values, batch)


def best_stretch(values: Ints, batch: Batch) -> tuple[Ints, Ints]:
    """The stretch with the largest sum in each document: index of its first line, and behind its last.

    Empty where no sum is positive. Kadane's algorithm for all documents at once,
    https://en.wikipedia.org/wiki/Maximum_subarray_problem
    """
    start, stop = np.zeros(batch.documents, np.int64), np.zeros(batch.documents, np.int64)
    filled = np.flatnonzero(np.diff(batch.first) > 0)
    start[:] = stop[:] = np.minimum(batch.first[:-1], max(len(values) - 1, 0))
    if not len(filled):
        return start, stop
    sums = running(values)
    # Each document lies below all before it, so that a running minimum starts anew with it.
    fall = batch.doc * (2 * PARAGRAPH * (len(values) + 1))
    lowered = sums[:-1] - fall
    low = np.minimum.accumulate(lowered)
    gain = sums[1:] - (low + fall)
    best = np.zeros(batch.documents, np.int64)
    best[filled] = np.maximum.reduceat(gain, batch.first[filled])
    ends = np.flatnonzero((gain == best[batch.doc]) & (gain > 0))
    documents, at = np.unique(batch.doc[ends], return_index=True)
    begins = np.maximum.accumulate(np.where(lowered == low, np.arange(len(values)), 0))
    start[documents] = begins[ends[at]]
    stop[documents] = ends[at] + 1
    return start, stop


def running(values: Ints | Bools) -> Ints:
    """Sums of all values before each index, one more than there are values."""
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def document_sum(batch: Batch, values: Ints | Bools) -> Ints:
    """The sum over the lines of each document."""
    sums = running(values)
    found: Ints = sums[batch.first[1:]] - sums[batch.first[:-1]]
    return found
