"""Which rows go into which file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.build.shard_plan import Piece, cut_rows, plan_shards

parts = st.lists(st.lists(st.integers(0, 50), max_size=8), max_size=8)


@given(parts, st.integers(1, 100))
def test_every_row_goes_into_one_shard_in_order(weights: list[list[int]], limit: int) -> None:
    planned = [
        (piece.part, row)
        for shard in plan_shards(weights, limit)
        for piece in shard.pieces
        for row in range(piece.start, piece.stop)
    ]
    assert planned == [(part, row) for part, rows in enumerate(weights) for row in range(len(rows))]


@given(parts, st.integers(1, 100))
def test_shard_is_larger_than_the_limit_only_for_a_single_row(weights: list[list[int]], limit: int) -> None:
    for shard in plan_shards(weights, limit):
        sizes = [weights[p.part][row] for p in shard.pieces for row in range(p.start, p.stop)]
        assert sum(sizes) <= limit or len([size for size in sizes if size]) == 1
        assert sum(shard.groups) == len(sizes)


@given(parts, st.lists(st.integers(0, 50), max_size=5), st.integers(1, 100))
def test_rows_added_at_the_end_change_the_last_shard_only(
    weights: list[list[int]], more: list[int], limit: int
) -> None:
    before = list(plan_shards(weights, limit))
    after = list(plan_shards([*weights, more], limit))
    assert after[: max(len(before) - 1, 0)] == before[:-1]


@given(st.lists(st.integers(0, 9), max_size=9), st.integers(1, 10))
def test_tables_are_cut_at_a_number_of_rows(rows: list[int], limit: int) -> None:
    files = list(cut_rows(rows, limit))
    sizes = [sum(piece.stop - piece.start for piece in pieces) for pieces in files]
    assert sum(sizes) == sum(rows)
    assert all(size == limit for size in sizes[:-1])
    assert all(0 < size <= limit for size in sizes)


def test_pieces_continue_where_the_file_before_ended() -> None:
    assert list(cut_rows([3, 0, 4], 5)) == [[Piece(0, 0, 3), Piece(2, 0, 2)], [Piece(2, 2, 4)]]
