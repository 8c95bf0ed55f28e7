"""Which rows go into which file."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.build import shard_plan
from corpus.build.shard_plan import Piece, Rows, Shard, cut_rows, cuts, plan_shards

documents = st.tuples(st.integers(0, 50), st.integers(0, 2**64 - 2))
parts = st.lists(st.lists(documents, max_size=12), max_size=8)
Documents = list[tuple[int, int]]

MIB = 1 << 20


def as_parts(documents: list[Documents]) -> list[Rows]:
    return [
        (np.array([w for w, _ in part], np.uint32), np.array([k for _, k in part], np.uint64)) for part in documents
    ]


def rows_of(shard: Shard) -> list[tuple[int, int]]:
    return [(piece.part, row) for piece in shard.pieces for row in range(piece.start, piece.stop)]


def plan(documents: list[Documents], limit: int, min_shards: int = 1) -> list[list[int]]:
    """The documents of each file, numbered over all parts."""
    numbers = {
        place: number
        for number, place in enumerate((part, row) for part, rows in enumerate(documents) for row in range(len(rows)))
    }
    return [
        [numbers[place] for place in rows_of(shard)] for shard in plan_shards(as_parts(documents), limit, min_shards)
    ]


def many(count: int, seed: int) -> Documents:
    """Documents of all sizes, a few kilobytes most of them."""
    rng = np.random.default_rng(seed)
    weights = np.minimum(rng.lognormal(8, 1, count), 200_000).astype(int)
    return list(zip(weights.tolist(), rng.integers(0, 2**64, count, np.uint64).tolist(), strict=True))


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard_plan, "ROW_GROUP_BYTES", MIB // 4)


@given(parts, st.integers(1, 200), st.integers(1, 20))
def test_every_row_goes_into_one_file_in_order(given: list[Documents], limit: int, least: int) -> None:
    planned = plan_shards(as_parts(given), limit, least)
    places = [place for shard in planned for place in rows_of(shard)]
    assert places == [(part, row) for part, rows in enumerate(given) for row in range(len(rows))]
    for shard in planned:
        assert sum(shard.groups) == len(rows_of(shard))
        assert all(shard.groups)


@given(parts, st.integers(1, 200))
def test_file_is_larger_than_the_limit_only_for_a_single_document(given: list[Documents], limit: int) -> None:
    weights = [weight for part in given for weight, _ in part]
    for file in plan(given, limit):
        assert sum(weights[row] for row in file) <= limit or len(file) == 1


@given(parts, st.integers(1, 200))
def test_file_is_smaller_than_half_only_in_front_of_a_document_of_more_than_half(
    given: list[Documents], limit: int
) -> None:
    weights = [weight for part in given for weight, _ in part]
    for file in plan(given, limit)[:-1]:
        assert sum(weights[row] for row in file) >= limit / 2 or weights[file[-1] + 1] > limit / 2


@given(st.lists(documents, max_size=60), st.integers(1, 200))
def test_row_groups_keep_the_same_rules(given: Documents, limit: int) -> None:
    [(weights, keys)] = as_parts([given])
    found = cuts(weights, keys, limit)
    groups = [weights[start:stop] for start, stop in itertools.pairwise(found)]
    assert sum(map(len, groups)) == len(given)
    for group, following in itertools.pairwise(groups):
        assert group.sum() <= limit or len(group) == 1
        assert group.sum() >= limit / 2 or following[0] > limit / 2


@given(parts, st.lists(documents, max_size=12), st.integers(1, 200))
def test_documents_added_at_the_end_change_the_last_file_only(
    given: list[Documents], more: Documents, limit: int
) -> None:
    before = plan_shards(as_parts(given), limit)
    after = plan_shards(as_parts([*given, more]), limit)
    assert after[: max(len(before) - 1, 0)] == before[:-1]


@pytest.mark.parametrize(("already", "first"), [(5, 5), (8, 8), (10, 10), (4, 6)])
def test_file_that_is_half_full_ends_in_front_of_a_welcome_cut(already: int, first: int) -> None:
    """Ten documents fill a file; of the other keys that of the seventh is the smallest."""
    keys = [9] * 12
    keys[6] = 5
    keys[already] = 0
    assert plan([[(10, key) for key in keys]], 100)[0] == list(range(first))


@given(parts, st.lists(st.integers(0, 60)), st.integers(1, 200))
def test_plan_does_not_show_how_documents_are_cut_into_parts(
    given: list[Documents], bounds: list[int], limit: int
) -> None:
    together = [document for part in given for document in part]
    edges = sorted({0, len(together), *(bound for bound in bounds if bound < len(together))})
    again = [together[start:stop] for start, stop in itertools.pairwise(edges)]
    assert plan(again, limit) == plan([together], limit)
    sizes = [[shard.groups for shard in plan_shards(as_parts(cut), limit)] for cut in (again, [together])]
    assert sizes[0] == sizes[1]


@given(st.lists(documents, min_size=1, max_size=80), st.integers(0, 79), st.integers(2, 200))
def test_document_taken_out_changes_nothing_before_the_file_in_front_of_its_own(
    given: Documents, gone: int, limit: int
) -> None:
    gone %= len(given)
    before = plan([given], limit)
    after = plan([given[:gone] + given[gone + 1 :]], limit)
    own = next(number for number, file in enumerate(before) if gone in file)
    assert after[: max(own - 1, 0)] == before[: max(own - 1, 0)]


@given(st.lists(documents, max_size=40), st.lists(documents, max_size=40), st.integers(1, 200))
def test_what_follows_a_cut_does_not_depend_on_what_is_before_it(
    first: Documents, second: Documents, limit: int
) -> None:
    """So two sequences that share their end are cut alike from the first cut that they share."""
    [(weights, keys)] = as_parts([first + second])
    found = cuts(weights, keys, limit)
    for cut in found.tolist():
        assert (cuts(weights[cut:], keys[cut:], limit) + cut).tolist() == found[found >= cut].tolist()


@pytest.mark.usefixtures("small_groups")
def test_document_taken_out_mostly_changes_its_own_file_alone() -> None:
    given = many(8_000, seed=1)
    before = {tuple(given[row] for row in file) for file in plan([given], 4 * MIB)}
    assert len(before) > 10
    changed = []
    for gone in range(0, len(given), 80):
        rest = given[:gone] + given[gone + 1 :]
        changed.append(len({tuple(rest[row] for row in file) for file in plan([rest], 4 * MIB)} - before))
    assert sum(count <= 1 for count in changed) >= 95
    assert max(changed) <= 6


@pytest.mark.usefixtures("small_groups")
def test_files_are_as_before_a_little_after_documents_put_in_the_middle() -> None:
    given, more = many(8_000, seed=2), many(400, seed=3)
    before = {tuple(given[row] for row in file) for file in plan([given], MIB)}
    grown = given[:3_000] + more + given[3_000:]
    changed = {tuple(grown[row] for row in file) for file in plan([grown], MIB)} - before
    assert len(changed) <= 8


@given(parts, st.integers(1, 500), st.integers(1, 40))
@settings(max_examples=300)
def test_there_are_as_many_files_as_asked_for_or_as_documents(given: list[Documents], limit: int, least: int) -> None:
    filled = [[(weight + 1, key) for weight, key in part] for part in given]
    count = sum(map(len, filled))
    files = plan(filled, limit, least)
    assert len(files) >= min(least, count)
    assert plan(filled, limit, 1) == files or len(plan(filled, limit, 1)) < least


@pytest.mark.usefixtures("small_groups")
def test_documents_added_at_the_end_leave_the_files_that_were_asked_for() -> None:
    given = many(4_000, seed=4)
    before = plan([given], 64 * MIB, 64)
    after = plan([given, many(200, seed=5)], 64 * MIB, 64)
    assert 64 <= len(before) < 128
    assert after[: len(before) - 1] == before[:-1]


@given(st.lists(st.integers(0, 9), max_size=9), st.integers(1, 10))
def test_tables_are_cut_at_a_number_of_rows(rows: list[int], limit: int) -> None:
    files = list(cut_rows(rows, limit))
    sizes = [sum(piece.stop - piece.start for piece in pieces) for pieces in files]
    assert sum(sizes) == sum(rows)
    assert all(size == limit for size in sizes[:-1])
    assert all(0 < size <= limit for size in sizes)


def test_pieces_continue_where_the_file_before_ended() -> None:
    assert list(cut_rows([3, 0, 4], 5)) == [[Piece(0, 0, 3), Piece(2, 0, 2)], [Piece(2, 2, 4)]]
