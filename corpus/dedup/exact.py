"""Exact duplicates: of documents with one id, and of documents with one text, one stays.

Both work on the keys of one bucket of hash values, as arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from corpus.dedup.buckets import Flags, Hashes, Ints

EXACT, SAME_URL, NEAR = "exact_duplicate", "same_url", "near_duplicate"
"""Reasons for which a document goes in favour of another one."""

Criterion = Literal["longest", "earliest", "source"]

NO_DATE = np.iinfo(np.int32).max
"""The day of a document without one: it is earlier than none."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Documents of which some may be copies of others: an entry each."""

    doc: Ints
    """Number of the document."""
    id: tuple[Hashes, Hashes]
    """Upper and lower half of its id."""
    n_chars: Ints
    published: npt.NDArray[np.int32]
    """Days since 1970, or `NO_DATE`."""
    source: Ints
    """Rank of its source, the preferred one first."""
    released: Flags
    """Whether an earlier version released it."""

    def take(self, rows: Ints) -> Copies:
        """Some of them."""
        upper, lower = self.id
        return Copies(
            self.doc[rows],
            (upper[rows], lower[rows]),
            self.n_chars[rows],
            self.published[rows],
            self.source[rows],
            self.released[rows],
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """Documents that go in favour of another one."""

    doc: Ints
    kept: Ints
    """Number of the document that stays instead."""
    kept_id: tuple[Hashes, Hashes]
    reason: npt.NDArray[np.str_]


def merge(copies: Copies, group: Sequence[npt.NDArray[np.generic]], keep: Sequence[Criterion]) -> tuple[Ints, Ints]:
    """Find the document that stays of each group: one released before, then by the criteria, then the smallest id.

    Args:
        copies: The documents.
        group: Arrays with an entry for each of them; those that agree in all are one group.
        keep: Criteria, the most important one first.

    Returns:
        Entries that go, and for each of these the entry that stays; in no particular order.
    """
    criteria = {"longest": -copies.n_chars, "earliest": copies.published, "source": copies.source}
    upper, lower = copies.id
    order = np.lexsort(
        (copies.doc, lower, upper, *(criteria[name] for name in reversed(keep)), ~copies.released, *reversed(group))
    )
    begins = np.ones(len(order), bool)
    if len(order):
        begins[1:] = np.logical_or.reduce([np.diff(part[order]) != 0 for part in group])
    best = order[np.flatnonzero(begins)][np.cumsum(begins) - 1]
    return order[~begins], best[~begins]


def merge_ids(copies: Copies, text: tuple[Hashes, Hashes], keep: Sequence[Criterion]) -> Merged:
    """Of documents with one id, one stays.

    Args:
        copies: The documents; whether they were released plays no part, as that goes by the id.
        text: Upper and lower half of the hash of each one's comparison key.
        keep: Which one stays.
    """
    goes, stays = merge(copies, copies.id, keep)
    same = (text[0][goes] == text[0][stays]) & (text[1][goes] == text[1][stays])
    return merged_by(copies, goes, stays, np.where(same, EXACT, SAME_URL))


def merge_texts(copies: Copies, text: tuple[Hashes, Hashes], keep: Sequence[Criterion]) -> Merged:
    """Of documents with one comparison key, one stays; arguments as for `merge_ids`."""
    goes, stays = merge(copies, text, keep)
    return merged_by(copies, goes, stays, np.full(len(goes), EXACT))


def merged_by(copies: Copies, goes: Ints, stays: Ints, reason: npt.NDArray[np.str_]) -> Merged:
    """What goes, by entries, in the order of their numbers."""
    order = np.argsort(copies.doc[goes])
    goes, stays = goes[order], stays[order]
    upper, lower = copies.id
    return Merged(copies.doc[goes], copies.doc[stays], (upper[stays], lower[stays]), reason[order])
