"""Shingles and sketches: what two documents share is what theory says, however short they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.quality.words import Words, read_batch
from corpus.dedup.sketch import (
    MAX_COMPARED,
    Shingles,
    first_values,
    found_share,
    levels,
    shingle_all,
    sketch_all,
    sketch_values,
    thin,
)
from tests.dedup import sets

word_lists = st.lists(st.lists(st.integers(0, 3), max_size=25), min_size=1, max_size=6)


def grams(document: list[int], size: int) -> set[tuple[int, ...]]:
    """Plainly."""
    if 0 < len(document) < size:
        return {tuple(document)}
    return {tuple(document[at : at + size]) for at in range(len(document) - size + 1)}


def pairs_of(both: int, alone: int, count: int, seed: int) -> Shingles:
    """Pairs of documents, one after another, that share so many shingles and have so many for themselves."""
    rng = np.random.default_rng(seed)
    documents = []
    for _ in range(count):
        drawn = rng.integers(0, 2**63, both + 2 * alone)
        documents += [drawn[: both + alone].tolist(), np.delete(drawn, np.s_[both : both + alone]).tolist()]
    return sets.shingles(documents)


@settings(deadline=None)
@given(word_lists, st.integers(1, 6))
def test_shingles_are_the_distinct_runs_of_words_of_each_document(documents: list[list[int]], size: int) -> None:
    found = shingle_all(sets.words(documents), size)
    assert len(found.first) == len(documents) + 1
    for number, document in enumerate(documents):
        hashes = found.of(number)
        assert (hashes[1:] > hashes[:-1]).all()
        assert len(hashes) == len(grams(document, size))
        for other in range(number):
            shared = len(grams(document, size) & grams(documents[other], size))
            assert len(np.intersect1d(hashes, found.of(other))) == shared


@settings(deadline=None)
@given(word_lists, st.integers(1, 6))
def test_a_document_has_the_same_shingles_and_sketch_alone_and_in_any_batch(
    documents: list[list[int]], size: int
) -> None:
    together = shingle_all(sets.words(documents), size)
    sketches = sketch_all(together, 4, 3)
    for number, document in enumerate(documents):
        alone = shingle_all(sets.words([document]), size)
        assert np.array_equal(alone.hashes, together.of(number))
        assert np.array_equal(sketch_all(alone, 4, 3)[0], sketches[number])


def test_a_sketch_is_the_same_beside_documents_that_take_more_rounds() -> None:
    rng = np.random.default_rng(1)
    documents = [rng.integers(0, 2**63, size).tolist() for size in (1, 2, 3, 10, 50, 300, 40_000, 90_000)]
    together = sketch_all(sets.shingles(documents), 18, 7)
    for number, document in enumerate(documents):
        assert np.array_equal(sketch_all(sets.shingles([document]), 18, 7)[0], together[number])


def test_case_and_punctuation_make_no_other_shingles_but_order_does() -> None:
    texts = ["Mưa to ở miền Trung.", "mưa TO, ở miền - trung", "to mưa ở miền Trung"]
    found = shingle_all(read_batch(texts).words, 5)
    assert np.array_equal(found.of(0), found.of(1))
    assert not np.intersect1d(found.of(0), found.of(2)).size


def test_a_short_document_is_no_part_of_a_longer_one() -> None:
    found = shingle_all(read_batch(["mưa", "mưa to", "mưa mưa mưa mưa mưa", "mưa mưa"]).words, 5)
    assert len(np.unique(found.hashes)) == len(found.hashes) == 4


def test_documents_without_words_have_no_shingles_and_zeros_for_a_sketch() -> None:
    found = shingle_all(read_batch(["", "một hai", " -- "]).words, 5)
    assert np.diff(found.first).tolist() == [0, 1, 0]
    sketches = sketch_all(found, 3, 2)
    assert not sketches[[0, 2]].any()
    assert sketches[1].all()
    assert first_values(found).tolist() == [0, int(found.hashes[0]), 0]


def test_no_documents_at_all() -> None:
    found = shingle_all(Words(np.zeros(0, np.uint64), np.zeros(1, np.int64)), 5)
    assert sketch_all(thin(found), 18, 7).shape == (0, 18)
    assert not len(first_values(found)) and not len(levels(found))


# Sizes of what is shared and of what each has for itself.
SIZES = [(1, 1), (2, 1), (3, 0), (0, 3), (9, 1), (20, 20), (90, 10), (150, 150), (900, 100), (4000, 500)]


@pytest.mark.parametrize(("both", "alone"), SIZES)
def test_equal_values_estimate_similarity_without_bias(both: int, alone: int) -> None:
    count, size = 400, 126
    similarity = both / (both + 2 * alone)
    values = sketch_values(pairs_of(both, alone, count, seed=both), size)
    equal = (values[::2] == values[1::2]).mean(axis=1)
    variance = similarity * (1 - similarity) / size
    assert abs(equal.mean() - similarity) <= 4 * (variance / count) ** 0.5
    # That of independent values, but for chance.
    assert equal.var() <= variance * (1 + 4 * (2 / count) ** 0.5)


@pytest.mark.parametrize(("both", "alone"), [(4, 1), (8, 1), (30, 10), (800, 100), (750, 250)])
@pytest.mark.parametrize(("bands", "rows"), [(18, 7), (5, 2)])
def test_pairs_share_a_band_as_often_as_theory_says(both: int, alone: int, bands: int, rows: int) -> None:
    count = 1000
    sketches = sketch_all(pairs_of(both, alone, count, seed=alone), bands, rows)
    share = (sketches[::2] == sketches[1::2]).any(axis=1).mean()
    theory = found_share(both / (both + 2 * alone), bands, rows)
    # The bins of a short document share few shingles out among them, which makes the curve a little steeper.
    assert abs(share - theory) <= 4 * (theory * (1 - theory) / count) ** 0.5 + 0.04 * (both < 100)


def test_first_values_agree_as_often_as_documents_are_similar() -> None:
    values = first_values(pairs_of(80, 10, 1000, seed=3))
    assert abs((values[::2] == values[1::2]).mean() - 0.8) <= 4 * (0.8 * 0.2 / 1000) ** 0.5


@pytest.mark.parametrize(("bands", "rows"), [(1, 1), (64, 64), (1, 64), (64, 1)])
@pytest.mark.parametrize("count", [1, 2, 5000])
def test_every_setting_of_a_recipe_fills_all_bands_with_values_of_their_own(bands: int, rows: int, count: int) -> None:
    sketch = sketch_all(sets.shingles([range(count)]), bands, rows)
    assert sketch.shape == (1, bands)
    assert len(np.unique(sketch)) == bands


def test_share_found() -> None:
    assert found_share(0, 18, 7) == 0
    assert found_share(1, 18, 7) == 1
    assert found_share(0.5, 1, 1) == 0.5
    assert found_share(0.5, 2, 1) == 0.75
    assert found_share(0.5, 1, 2) == 0.25
    assert round(found_share(0.8, 18, 7), 3) == 0.986


def test_only_long_documents_are_thinned() -> None:
    found = sets.shingles([range(MAX_COMPARED), [], range(10)])
    assert thin(found) is found
    assert levels(found).tolist() == [0, 0, 0]


def test_a_thinned_document_keeps_its_smallest_hashes_down_to_a_power_of_two() -> None:
    found = sets.shingles([range(10), range(100_000), range(MAX_COMPARED + 1), []])
    thinned = thin(found)
    level = levels(thinned)
    assert level.tolist() == [0, 5, 1, 0]
    for document in range(4):
        whole, kept = found.of(document), thinned.of(document)
        assert np.array_equal(kept, whole[: len(kept)])
        assert len(kept) <= MAX_COMPARED
        assert len(kept) == np.count_nonzero(whole <= np.uint64(2 ** (64 - int(level[document])) - 1))
        if level[document]:
            assert np.count_nonzero(whole < np.uint64(2 ** (65 - int(level[document])) - 1)) > MAX_COMPARED
