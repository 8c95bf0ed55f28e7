"""Rows of words (n-grams) that come back within a document, after Gopher, https://arxiv.org/abs/2112.11446, table A1.

What takes time is to find the pairs of words that come back at all. A longer row comes back only where both shorter
rows within it do, so each length looks only at what the one before it has left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.clean import characters as ch
from corpus.clean.quality.lines import key
from corpus.clean.quality.words import Hashes, Ints, Words
from corpus.signals import DUPLICATE, TOP

_STEP = np.uint64(0xD6E8FEB86659FD93)
_DOC_STEP = np.uint64(0x9E3779B97F4A7C15)
_MAX_SLOT_BITS = 22


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of one length that stand more than once in their document, in the order of the text."""

    at: Ints
    """Index of the first word of each."""
    hashes: Hashes
    group: Ints
    """The same number for the same row in the same document, from 0."""


def repetition(words: Words, length: Ints) -> dict[int, Ints]:
    """By number of words in a row: characters, by document, in the most frequent row (`TOP`), or in all occurrences of
    a row but the first one, read from left to right without overlap (`DUPLICATE`).

    Args:
        words: The words.
        length: Characters of each.
    """
    docs = len(words.first) - 1
    doc = np.repeat(np.arange(docs), np.diff(words.first))
    running = np.zeros(len(length) + 1, np.int64)
    np.cumsum(length, out=running[1:])
    found = {size: np.zeros(docs, np.int64) for size in (*TOP, *DUPLICATE)}
    rows = _pairs(words.hashes, doc)
    for size in found:
        if size > TOP[0]:
            rows = _longer(rows, size, words.hashes, doc)
        if not len(rows.at):
            break
        span = running[rows.at + size] - running[rows.at]
        if size in TOP:
            _add_top(found[size], rows, span, doc)
        else:
            copies = _copies(rows, size)
            np.add.at(found[size], doc[rows.at[copies]], span[copies])
    return found


def _pairs(hashes: Hashes, doc: Ints) -> Rows:
    at = np.flatnonzero(doc[1:] == doc[:-1])
    pairs = hashes[at] * _STEP + hashes[at + 1]
    # Most pairs come once. They are alone in their slot of a table, which is told without sorting.
    bits = min(len(at).bit_length() + 2, _MAX_SLOT_BITS)
    slot = ((pairs + doc[at].astype(np.uint64) * _DOC_STEP) >> np.uint64(64 - bits)).astype(np.int64)
    number = np.arange(len(slot), dtype=np.int32)
    slots = np.empty(1 << bits, np.int32)
    slots[slot] = number
    overwritten = slots.take(slot) != number
    slots[slot[overwritten]] = -1
    shared = np.flatnonzero(slots.take(slot) < 0)
    return _group(at[shared], pairs[shared], doc)


def _longer(rows: Rows, size: int, hashes: Hashes, doc: Ints) -> Rows:
    """Rows of one word more."""
    # A row that begins at the next word ends in the same document.
    following = np.flatnonzero(rows.at[1:] == rows.at[:-1] + 1)
    at = rows.at[following]
    return _group(at, rows.hashes[following] * _STEP + hashes[at + size - 1], doc)


def _group(at: Ints, hashes: Hashes, doc: Ints) -> Rows:
    """Leave the rows that come more than once."""
    keys = key(doc[at], ch.mix(hashes))
    order = np.argsort(keys)
    ordered = keys[order]
    edge = np.ones(len(keys) + 1, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=edge[1:-1])
    again = ~(edge[:-1] & edge[1:])
    group = np.empty(len(keys), np.int64)
    group[order] = np.cumsum(edge[:-1] & again) - 1
    kept = np.empty(len(keys), bool)
    kept[order] = again
    return Rows(at[kept], hashes[kept], group[kept])


def _add_top(found: Ints, rows: Rows, span: Ints, doc: Ints) -> None:
    """Characters in all occurrences of the most frequent row; in those of the one with most, where several are."""
    count = np.bincount(rows.group)
    total = np.zeros(len(count), np.int64)
    np.add.at(total, rows.group, span)
    of = np.empty(len(count), np.int64)
    of[rows.group] = doc[rows.at]
    most = np.zeros(len(found), np.int64)
    np.maximum.at(most, of, count)
    frequent = count == most[of]
    np.maximum.at(found, of[frequent], total[frequent])


def _copies(rows: Rows, size: int) -> list[int]:
    """Indexes of rows that repeat one that was read before; reading goes on behind each."""
    group = rows.group.tolist()
    behind = np.searchsorted(rows.at, rows.at + size).tolist()
    seen = bytearray(len(group))
    copies: list[int] = []
    index = 0
    while index < len(group):
        if seen[group[index]]:
            copies.append(index)
            index = behind[index]
        else:
            seen[group[index]] = 1
            index += 1
    return copies
