"""What hangs together by shared hashes, found edge by edge and chunk by chunk."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.dedup.buckets import Hashes, Ints
from corpus.dedup.components import Components, stars

Bands = list[tuple[int, int]]


def chunk(bands: Bands) -> tuple[Hashes, Ints]:
    return np.array([h for h, _ in bands], np.uint64), np.array([d for _, d in bands], np.int64)


def edges(*chunks: Bands) -> list[tuple[int, int, int]]:
    found = stars(map(chunk, chunks))
    return [edge for one, other, h in found for edge in zip(one.tolist(), other.tolist(), h.tolist(), strict=True)]


def components(documents: int, *chunks: Bands) -> dict[int, int]:
    joined = Components(documents)
    for one, other, hashes in stars(map(chunk, chunks)):
        joined.add(one, other, hashes)
    docs, names = joined.members()
    return dict(zip(docs.tolist(), names.tolist(), strict=True))


def naive(bands: Bands) -> dict[int, int]:
    """Component of each document that shares a hash, named by the smallest hash that is shared in it."""
    owners: dict[int, set[int]] = {}
    for h, doc in bands:
        owners.setdefault(h, set()).add(doc)
    groups = [(set(docs), h) for h, docs in owners.items() if len(docs) > 1]
    out: list[tuple[set[int], int]] = []
    for docs, name in groups:
        apart = []
        for others, other in out:
            if docs & others:
                docs, name = docs | others, min(name, other)
            else:
                apart.append((others, other))
        out = [*apart, (docs, name)]
    return {doc: name for docs, name in out for doc in docs}


def test_a_hash_of_many_documents_makes_one_edge_for_each_but_the_first() -> None:
    assert edges([(7, 1), (9, 2), (7, 4), (7, 5)]) == [(1, 4, 7), (1, 5, 7)]


def test_edges_run_over_chunks_to_the_first_document() -> None:
    assert edges([(7, 1), (9, 2)], [(7, 4)], [(9, 5), (7, 6)]) == [(1, 4, 7), (1, 6, 7), (2, 5, 9)]


def test_documents_that_share_nothing_are_no_members() -> None:
    assert components(6, [(7, 1), (8, 2), (9, 3)]) == {}


def test_chains_are_one_component_named_by_its_smallest_hash() -> None:
    assert components(9, [(7, 1), (7, 2)], [(3, 2), (3, 5), (8, 6), (8, 7)]) == {1: 3, 2: 3, 5: 3, 6: 8, 7: 8}


def test_a_component_of_a_hundred_thousand_takes_one_edge_each() -> None:
    bands = [(7, doc) for doc in range(100_000)]
    found = components(100_000, bands[:60_000], bands[60_000:])
    assert set(found.values()) == {7}
    assert len(found) == 100_000


@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 40)), unique=True), st.integers(1, 9), st.randoms())
def test_components_are_those_of_a_plain_search_however_the_chunks_are_cut(
    drawn: Bands, size: int, rng: random.Random
) -> None:
    bands = sorted(drawn, key=lambda band: (band[1], band[0]))
    cut = [bands[at : at + size] for at in range(0, len(bands), size)]
    assert components(41, *cut) == naive(bands)


def test_an_edge_counts_whichever_end_comes_first() -> None:
    joined = Components(6)
    joined.add(np.array([5, 3]), np.array([2, 5]), np.array([8, 9], np.uint64))
    docs, names = joined.members()
    assert dict(zip(docs.tolist(), names.tolist(), strict=True)) == {2: 8, 3: 8, 5: 8}
