"""Copies among so many candidates of one another that comparing all pairs would take too long.

A page that a site fills in thousands of times makes thousands of candidates, none of them copies. So there is a limit
to what is looked at, spent first on pairs with much of their sketches in common, which copies mostly have. What it
does not reach stays apart. The order is that of the documents' own values, so who is reached never depends on their
places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from corpus.clean.quality.words import Flags, Hashes, Ints
from corpus.dedup.pairs import Documents

_SURE_SHARE = 4
"""Pairs with a quarter of their bands in common come first: of 18 bands of 7 rows, 99 in 100 pairs of similarity 0.9,
but 1 in 1,000 of 0.6."""


def link_crowd(members: Ints, bands: Hashes, documents: Documents, threshold: float, limit: int) -> Ints:
    """For each member of a component one of its cluster, the same for all of them.

    Args:
        members: Documents of the component, no two of them the same, in an order of their own values.
        bands: Of all documents, shape (documents, bands).
        documents: Shingles of all documents.
        threshold: Similarity from which candidates are copies.
        limit: Shingles, and places in bands, to look at; what is under way when they are spent still counts.
    """
    label = np.arange(len(members))
    for least in sorted({max(1, bands.shape[1] // _SURE_SHARE), 1}, reverse=True):
        sweep = _Sweep(members, documents, threshold, _groups(bands[members]), least, limit)
        label = sweep.join(label)
        limit = sweep.limit
    return members[label]


@dataclass(slots=True)
class _Groups:
    """Members with the same value in a band, without those that nobody will ask for again."""

    of: Ints
    """Number of the group of each member in each band, shape (members, bands)."""
    member: Ints
    """The members of all groups, one group after another."""
    start: Ints
    """Where each group begins."""
    size: Ints
    """Members that are left in each; they stand first."""

    def take(self, one: int, outside: Flags, least: int) -> tuple[Ints, int]:
        """Members outside with at least so many bands in common with one, ascending, and how many places were read."""
        groups = self.of[one]
        found: list[Ints] = []
        read = 0
        for group in groups[self.size[groups] > 0].tolist():
            start, size = int(self.start[group]), int(self.size[group])
            left = self.member[start : start + size]
            left = left[outside[left]]
            self.member[start : start + len(left)] = left
            self.size[group] = len(left)
            found.append(left)
            read += size
        if not found:
            return self.member[:0], read
        near, shared = np.unique(np.concatenate(found), return_counts=True)
        return near[shared >= least], read


def _groups(rows: Hashes) -> _Groups:
    """Group the members of a component by each band."""
    count, bands = rows.shape
    of = np.empty((count, bands), np.int64)
    member = np.empty(count * bands, np.int64)
    starts: list[Ints] = []
    groups = 0
    for band in range(bands):
        order = np.argsort(rows[:, band], kind="stable")
        ordered = rows[order, band]
        new = np.ones(count, bool)
        np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
        of[order, band] = groups + np.cumsum(new) - 1
        member[band * count : (band + 1) * count] = order
        starts.append(band * count + np.flatnonzero(new))
        groups += len(starts[-1])
    start = np.concatenate(starts)
    size = np.diff(start, append=len(member))
    size[size == 1] = 0
    return _Groups(of, member, start, size)


@dataclass(slots=True)
class _Sweep:
    """One go over a component, in which clusters that there are already grow together."""

    members: Ints
    documents: Documents
    threshold: float
    groups: _Groups
    least: int
    """Bands that a pair must share to be compared."""
    limit: int
    """Shingles and places that may still be looked at."""

    def join(self, label: Ints) -> Ints:
        """The first member of each one's cluster, after the sweep."""
        order = np.argsort(label, kind="stable")
        edges = np.searchsorted(label[order], np.arange(len(label) + 1))
        joined = label.copy()
        outside = np.ones(len(label), bool)
        left = len(label)
        for seed in range(len(label)):
            if not outside[seed]:
                continue
            queue = order[edges[seed] : edges[seed + 1]].tolist()
            outside[queue] = False
            left -= len(queue)
            for one in queue:
                if not left or self.limit <= 0:
                    break
                for other in self._copies(one, outside):
                    cluster = order[edges[label[other]] : edges[label[other] + 1]]
                    outside[cluster] = False
                    left -= len(cluster)
                    joined[cluster] = seed
                    queue += cluster.tolist()
            if not left or self.limit <= 0:
                break
        return joined

    def _copies(self, one: int, outside: Flags) -> Iterator[int]:
        """Members outside that are copies of this one; whoever takes them may bring others in with each."""
        near, read = self.groups.take(one, outside, self.least)
        self.limit -= read
        documents, ours = self.documents, int(self.members[one])
        for other, theirs in zip(near.tolist(), self.members[near].tolist(), strict=True):
            if self.limit <= 0:
                return
            if outside[other] and documents.within_reach(ours, theirs, self.threshold):
                self.limit -= documents.count(ours) + documents.count(theirs)
                if documents.similarity(ours, theirs) >= self.threshold:
                    yield other
