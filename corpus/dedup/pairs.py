"""Exact Jaccard similarity of two documents at a time."""

from __future__ import annotations

import numpy as np

from corpus.clean.quality.words import Hashes, Ints


class Documents:
    """The shingles of some documents, to compare any two."""

    def __init__(self, hashes: Hashes, first: Ints, levels: Ints) -> None:
        """Take over shingles and how much each document is thinned, see `corpus.dedup.sketch.thin`."""
        self._hashes = hashes
        # Python's numbers are faster one by one.
        self._first: list[int] = first.tolist()
        self._levels: list[int] = levels.tolist()

    def similarity(self, one: int, other: int) -> float:
        """Shingles in both by shingles in one or both, at the coarser level of the two; 0 if one has none."""
        ours, theirs = self._of(one, other), self._of(other, one)
        if not len(ours) or not len(theirs):
            return 0.0
        merged = np.concatenate((ours, theirs))
        # Both ascend, and a stable sort merges such runs in linear time.
        merged.sort(kind="stable")
        shared = int(np.count_nonzero(merged[1:] == merged[:-1]))
        return shared / (len(merged) - shared)

    def alike(self, one: int, other: int, threshold: float) -> bool:
        """Whether the similarity is at least the threshold; shares of lengths that rule it out are not looked into."""
        return self.within_reach(one, other, threshold) and self.similarity(one, other) >= threshold

    def within_reach(self, one: int, other: int, threshold: float) -> bool:
        """Whether numbers of shingles alone allow for such a similarity."""
        if self._levels[one] != self._levels[other]:
            return True
        less, more = sorted((self.count(one), self.count(other)))
        return more > 0 and less / more >= threshold

    def count(self, document: int) -> int:
        """Number of shingles."""
        return self._first[document + 1] - self._first[document]

    def _of(self, document: int, beside: int) -> Hashes:
        """Shingles of a document at the coarser of two levels."""
        hashes = self._hashes[self._first[document] : self._first[document + 1]]
        level = self._levels[beside]
        if level <= self._levels[document]:
            return hashes
        return hashes[: int(hashes.searchsorted(np.uint64(1 << (64 - level))))]
