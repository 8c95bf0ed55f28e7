"""Which candidates become one cluster: those that exact similarity links, in any order, within a stated effort."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.quality.words import read_batch
from corpus.dedup.crowd import link_crowd
from corpus.dedup.pairs import Documents
from corpus.dedup.sketch import Shingles, levels, shingle_all, sketch_all, thin
from corpus.dedup.verify import cluster, similarity
from tests.dedup import sets

Ints = npt.NDArray[np.int64]
Bands = npt.NDArray[np.uint64]
Drawn = tuple[int, list[int], frozenset[int]]

BANDS = 8
# A component, bands, some shingles.
documents = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.lists(st.integers(1, 7), min_size=BANDS, max_size=BANDS),
        st.frozensets(st.integers(0, 7), max_size=6),
    ),
    max_size=14,
)


def reference(drawn: Sequence[Drawn], threshold: float) -> list[int]:
    """Compare all pairs, plainly, and take up links until nothing changes."""
    found = list(range(len(drawn)))
    for _ in drawn:
        for one, (component, bands, ours) in enumerate(drawn):
            for other, (their_component, their_bands, theirs) in enumerate(drawn):
                candidates = component == their_component and any(map(int.__eq__, bands, their_bands))
                if candidates and sets.jaccard(ours, theirs) >= threshold:
                    found[one] = found[other] = min(found[one], found[other])
    return found


def arrays(drawn: Sequence[Drawn]) -> tuple[Ints, Bands, Shingles]:
    component = np.array([one for one, _, _ in drawn], np.int64)
    bands = np.array([bands for _, bands, _ in drawn], np.uint64).reshape(len(drawn), BANDS)
    return component, bands, sets.shingles([own for _, _, own in drawn])


def family(count: int, shared: int, own: int, seed: int) -> list[list[int]]:
    """Documents that all have the same shingles and some that no other has."""
    rng = np.random.default_rng(seed)
    base = rng.integers(0, 2**63, shared).tolist()
    return [base + rng.integers(0, 2**63, own).tolist() for _ in range(count)]


def clustered(listed: Sequence[list[int]], passes: int = 64, looked_at: int = 0) -> list[int]:
    """All in one component."""
    shingles = sets.shingles(listed)
    bands = sketch_all(shingles, 18, 7)
    component = np.zeros(len(listed), np.int64)
    found = cluster(component, bands, thin(shingles), 0.8, looked_at=looked_at, passes=passes)
    return [int(first) for first in found]


def groups(found: Sequence[int], names: Sequence[int]) -> set[frozenset[int]]:
    """Clusters as sets of names."""
    members: dict[int, set[int]] = {}
    for name, first in zip(names, found, strict=True):
        members.setdefault(first, set()).add(name)
    return {frozenset(some) for some in members.values()}


@settings(deadline=None)
@given(documents, st.sampled_from([0.3, 0.5, 0.6, 0.8, 1.0]))
def test_clusters_are_what_links_between_candidates_hold_together(drawn: list[Drawn], threshold: float) -> None:
    drawn.sort(key=lambda document: document[0])
    assert cluster(*arrays(drawn), threshold).tolist() == reference(drawn, threshold)


@settings(deadline=None)
@given(documents, st.sampled_from([0.3, 0.5, 0.6, 0.8, 1.0]))
def test_a_crowd_is_linked_like_a_few_as_long_as_the_limit_allows(drawn: list[Drawn], threshold: float) -> None:
    drawn = [(0, bands, own) for _, bands, own in drawn if own]
    _, bands, shingles = arrays(drawn)
    compared = Documents(shingles.hashes, shingles.first, levels(shingles))
    found = link_crowd(np.arange(len(drawn)), bands, compared, threshold, 1_000_000).tolist()
    expected = reference(drawn, threshold)
    assert groups(found, range(len(drawn))) == groups(expected, range(len(drawn)))


@settings(deadline=None)
@given(documents, st.randoms(), st.integers(0, 60))
def test_order_of_documents_changes_no_cluster_even_beyond_the_limit(
    drawn: list[Drawn], rng: random.Random, looked_at: int
) -> None:
    names = list(range(len(drawn)))
    found = []
    for _ in range(3):
        names.sort(key=lambda name: drawn[name][0])
        component, bands, shingles = arrays([drawn[name] for name in names])
        found.append(groups(cluster(component, bands, shingles, 0.5, looked_at=looked_at, passes=0).tolist(), names))
        rng.shuffle(names)
    assert found[0] == found[1] == found[2]


@settings(deadline=None)
@given(documents, st.integers(0, 200))
def test_every_cluster_keeps_its_first_document_whatever_the_limit(drawn: list[Drawn], looked_at: int) -> None:
    drawn.sort(key=lambda document: document[0])
    found = cluster(*arrays(drawn), 0.5, looked_at=looked_at, passes=0)
    assert (found[found] == found).all()
    assert (found <= np.arange(len(drawn))).all()
    together = {frozenset(some) for some in groups(reference(drawn, 0.5), range(len(drawn)))}
    assert all(any(some <= whole for whole in together) for some in groups(found.tolist(), range(len(drawn))))


@settings(deadline=None)
@given(st.lists(st.frozensets(st.integers(0, 30)), min_size=1, max_size=6))
def test_similarity_is_exact(drawn: list[frozenset[int]]) -> None:
    left, right = (side.ravel() for side in np.indices((len(drawn), len(drawn))))
    found = similarity(sets.shingles(drawn), left, right).tolist()
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    assert found == [sets.jaccard(drawn[one], drawn[other]) for one, other in pairs]


def test_similarity_at_the_threshold_is_enough() -> None:
    component, bands = np.zeros(3, np.int64), np.ones((3, 1), np.uint64)
    assert cluster(component, bands, sets.shingles([range(5), range(4), range(3)]), 0.8).tolist() == [0, 0, 2]


@pytest.mark.parametrize(("own", "similar"), [(300, True), (9_000, False)])
def test_long_documents_are_compared_by_samples(own: int, similar: bool) -> None:
    listed = family(2, 20_000, own, seed=own)
    shingles = thin(sets.shingles(listed))
    assert abs(similarity(shingles, np.array([0]), np.array([1]))[0] - sets.jaccard(*listed)) < 0.04
    assert (clustered(listed) == [0, 0]) == similar


def test_documents_on_both_sides_of_a_power_of_two_are_compared_by_the_smaller_sample() -> None:
    base = list(range(8_500))
    listed = [base[:8_000], base, base[:4_000]]
    shingles = thin(sets.shingles(listed))
    assert levels(shingles).tolist() == [1, 2, 0]
    found = similarity(shingles, np.array([0, 0, 1, 1]), np.array([1, 2, 0, 2]))
    assert np.abs(found - [8_000 / 8_500, 0.5, 8_000 / 8_500, 4_000 / 8_500]).max() < 0.04
    assert found[0] == found[2]
    assert clustered(listed) == [0, 0, 2]


def test_documents_of_one_word_merge_only_with_the_same_word() -> None:
    texts = ["mưa", "nắng", "Mưa!", "mưa mưa mưa mưa mưa", "mưa nắng", "gió"]
    shingles = shingle_all(read_batch(texts).words, 5)
    found = cluster(np.zeros(6, np.int64), sketch_all(shingles, 18, 7), shingles, 0.8)
    assert found.tolist() == [0, 1, 0, 3, 4, 5]


def test_documents_without_words_stay_by_themselves() -> None:
    shingles = sets.shingles([[], [1], [], [1]])
    assert cluster(np.zeros(4, np.int64), sketch_all(shingles, 4, 2), shingles, 0.8).tolist() == [0, 1, 2, 1]
    assert cluster(np.zeros(0, np.int64), np.zeros((0, 4), np.uint64), sets.shingles([]), 0.8).tolist() == []


def test_any_number_of_copies_costs_little_more_than_one_pass_over_them() -> None:
    listed = family(3_000, 150, 5, seed=1)
    # To compare each with the first takes two: both sets count.
    assert set(clustered(listed, passes=3)) == {0}


def test_the_same_document_many_times_takes_no_comparison() -> None:
    assert set(clustered([list(range(100))] * 500, passes=0)) == {0}


def test_beyond_the_limit_documents_stay_apart() -> None:
    listed = family(300, 150, 5, seed=2)
    found = clustered(listed, passes=1)
    assert 100 < len(set(found)) < 300


def test_in_a_crowd_of_alike_pages_copies_are_compared_first() -> None:
    pages = family(400, 150, 50, seed=3)
    copies = [[*page[:-1], number] for number, page in enumerate(pages)]
    found = clustered(pages + copies, passes=20)
    assert sum(found[number] == found[400 + number] for number in range(400)) >= 390
    assert len(set(found)) >= 400


def crowd(listed: Sequence[Sequence[int]], bands: Sequence[int], limit: int) -> list[int]:
    """Documents with one band each, reached in this order."""
    shingles = sets.shingles(listed)
    compared = Documents(shingles.hashes, shingles.first, levels(shingles))
    values = np.array(bands, np.uint64)[:, None]
    return [int(first) for first in link_crowd(np.arange(len(listed)), values, compared, 0.8, limit)]


def test_the_limit_also_counts_candidates_that_lengths_rule_out() -> None:
    listed = [range(size) for size in (1, 3, 9, 27, 81, 243, 2, 2)]
    assert crowd(listed, [5] * 8, limit=100) == [0, 1, 2, 3, 4, 5, 6, 6]
    assert crowd(listed, [5] * 8, limit=15) == list(range(8))


def test_copies_that_are_assigned_are_not_looked_at_again() -> None:
    copies, outsider, pair = [range(10)] * 300, range(1_000), [range(20, 30)] * 2
    # The first copy and the next one read 300 places, later ones no more than that of the outsider.
    found = crowd([*copies, outsider, *pair], [5] * 301 + [6] * 2, limit=300 * 20 + 3 * 300 + 50)
    assert found == [0] * 300 + [300, 301, 301]
