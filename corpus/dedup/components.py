"""Candidates for near-duplicates: documents that share a band, and what hangs together by that.

Memory is 16 bytes a document of the corpus and a chunk of edges, however many of these there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from corpus.dedup.buckets import Flags, Hashes, Ints

_NO_NAME = np.iinfo(np.uint64).max


def stars(chunks: Iterable[tuple[Hashes, Ints]]) -> Iterator[tuple[Ints, Ints, Hashes]]:
    """Edges from the first document with a hash to all others with it: as many as documents, not as pairs of them.

    Args:
        chunks: Hashes and the documents that have them, of one bucket. From chunk to chunk only one document a
            hash is remembered, so that a hash which fills the bucket costs no memory.

    Yields:
        First document, other document and hash of each edge, chunk by chunk.
    """
    known, firsts = np.zeros(0, np.uint64), np.zeros(0, np.int64)
    for hashes, docs in chunks:
        hashes, docs = np.concatenate((known, hashes)), np.concatenate((firsts, docs))
        order = np.argsort(hashes, kind="stable")
        hashes, docs = hashes[order], docs[order]
        begins = np.ones(len(hashes), bool)
        begins[1:] = hashes[1:] != hashes[:-1]
        known, firsts = hashes[begins], docs[begins]
        others = ~begins
        yield firsts[np.cumsum(begins)[others] - 1], docs[others], hashes[others]


class Components:
    """Connected components of documents, edges coming in chunks in any order.

    Each component is known by its smallest document, and named by the smallest hash of its edges, which stays the same
    when documents are numbered anew. A union-find that works on whole chunks: roots are hooked to smaller roots until
    every edge lies within one tree (after Shiloach and Vishkin, J. Algorithms 3, 1982).
    """

    def __init__(self, documents: int) -> None:
        self._parent = np.arange(documents, dtype=np.int64)
        self._name = np.full(documents, _NO_NAME, np.uint64)

    def add(self, one: Ints, other: Ints, hashes: Hashes) -> None:
        """Join documents by edges with hashes."""
        np.minimum.at(self._name, one, hashes)
        while True:
            one, other = self._roots(one), self._roots(other)
            apart = one != other
            if not apart.any():
                return
            one, other = one[apart], other[apart]
            low, high = np.minimum(one, other), np.maximum(one, other)
            # Of several edges at one root the last counts; the others are still apart in the next round.
            self._parent[high] = low

    def members(self) -> tuple[Ints, Hashes]:
        """Documents that have any edge, ascending, and the names of their components."""
        every = np.arange(len(self._parent))
        roots = self._roots(every)
        named: Flags = self._name != _NO_NAME
        np.minimum.at(self._name, roots[named], self._name[named])
        moved = roots != every
        joined = named | moved
        joined[roots[moved]] = True
        docs = np.flatnonzero(joined)
        return docs, self._name[roots[docs]]

    def _roots(self, docs: Ints) -> Ints:
        """The root of each document; paths are halved on the way."""
        parent = self._parent
        while True:
            up = parent[docs]
            if np.array_equal(up, docs):
                return docs
            parent[docs] = parent[up]
            docs = parent[docs]
