"""Which candidates of near-duplicate search are copies: exact Jaccard similarity of their shingles.

Two documents are linked if they are candidates (same component, at least one band in common) and similar enough;
clusters are what links hold together, whatever order documents come in. Documents with the same sketch and the same
shingles count as one from the start. Then each document that joins a cluster is compared with those outside that share
a band with it, so that any number of copies of one text costs one pass over them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.clean import characters as ch
from corpus.clean.quality.words import Hashes, Ints
from corpus.dedup.crowd import link_crowd
from corpus.dedup.pairs import Documents
from corpus.dedup.sketch import Shingles, levels

LOOKED_AT = 1 << 24
PASSES = 64
"""No more shingles of a component are looked at than the larger of `LOOKED_AT` and `PASSES` times its own. Where all of
its pairs might be more, `link_crowd` says what is left out."""

Floats = npt.NDArray[np.float64]
_STEP = np.uint64(0xD1342543DE82EF95)


def similarity(shingles: Shingles, left: Ints, right: Ints) -> Floats:
    """Jaccard similarity of pairs of documents, 0 where one has no shingles.

    Args:
        shingles: Shingles of some documents, thinned or whole.
        left: Index of one document of each pair.
        right: Index of the other.
    """
    documents = Documents(shingles.hashes, shingles.first, levels(shingles))
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return np.fromiter((documents.similarity(one, other) for one, other in pairs), np.float64, len(left))


def cluster(
    component: Ints,
    bands: Hashes,
    shingles: Shingles,
    threshold: float,
    looked_at: int = LOOKED_AT,
    passes: int = PASSES,
) -> Ints:
    """For each document the index of the first one of its cluster, often its own.

    Args:
        component: What holds each document together with its candidates, directly or not; ascending.
        bands: Of `sketch_all`, shape (documents, bands).
        shingles: Of the same documents, after `thin`. A document without any stays by itself.
        threshold: Similarity from which candidates are copies.
        looked_at: Shingles of a component to look at, if that is more than
        passes: times its own. What is not reached stays apart.
    """
    documents = Documents(shingles.hashes, shingles.first, levels(shingles))
    count = np.diff(shingles.first)
    identity = _identities(shingles, bands)
    some = np.flatnonzero(count > 0)
    some = some[np.lexsort((identity[some], component[some]))]
    # One of each identity is a node, in an order that documents themselves make.
    new = np.ones(len(some), bool)
    new[1:] = (np.diff(component[some]) != 0) | (identity[some[1:]] != identity[some[:-1]])
    nodes = some[new]
    linked = np.arange(len(component))
    edges = np.append(np.flatnonzero(np.diff(component[nodes], prepend=-1)), len(nodes))
    sizes = np.add.reduceat(count[nodes], edges[:-1]) if len(nodes) else count[:0]
    for place in np.flatnonzero(np.diff(edges) > 1).tolist():
        members = nodes[edges[place] : edges[place + 1]]
        limit = max(looked_at, passes * int(sizes[place]))
        if len(members) * int(sizes[place]) <= limit:
            linked[members] = _link(members, bands, documents, threshold)
        else:
            linked[members] = link_crowd(members, bands, documents, threshold, limit)
    linked[some] = linked[nodes[np.cumsum(new) - 1]]
    _, first, inverse = np.unique(linked, return_index=True, return_inverse=True)
    return first[inverse]


def _identities(shingles: Shingles, bands: Hashes) -> Hashes:
    """64 bits that documents share only if all their bands and shingles are the same."""
    count = np.diff(shingles.first)
    total = count.astype(np.uint64)
    some = count > 0
    if some.any():
        total[some] += np.add.reduceat(shingles.hashes, shingles.first[:-1][some])
    for band in range(bands.shape[1]):
        total = ch.mix(total) * _STEP + bands[:, band]
    return ch.mix(total)


def _link(members: Ints, bands: Hashes, documents: Documents, threshold: float) -> Ints:
    """For each member of a small component one of its cluster, the same for all of them."""
    linked = members.copy()
    rows = bands[members]
    outside = np.arange(len(members))
    while len(outside) > 1:
        queue, outside = [int(outside[0])], outside[1:]
        seed = members[queue[0]]
        for one in queue:
            if not len(outside):
                break
            near = (rows[outside] == rows[one]).any(axis=1)
            for place in np.flatnonzero(near).tolist():
                near[place] = documents.alike(int(members[one]), int(members[outside[place]]), threshold)
            joined = outside[near]
            linked[joined] = seed
            queue += joined.tolist()
            outside = outside[~near]
    return linked
