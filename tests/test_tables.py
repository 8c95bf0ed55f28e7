"""Sorted tables of numbers, of which a range is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus._tables import key_range, key_span, row_range, write_keys, write_sorted

LARGEST = 2**64 - 1
hashes = st.integers(0, 20) | st.integers(LARGEST - 20, LARGEST)


def write(path: Path, keys: list[int], group_rows: int = 3) -> Path:
    keys = sorted(keys)
    columns = {"hash": np.array(keys, np.uint64), "row": np.arange(len(keys), dtype=np.int32)}
    write_keys(path, pa.table(columns), group_rows)
    return path


@settings(deadline=None)
@given(st.lists(hashes, max_size=30), hashes, hashes)
def test_a_range_has_the_rows_between_its_bounds(
    tmp_path_factory: pytest.TempPathFactory, keys: list[int], one: int, other: int
) -> None:
    low, high = min(one, other), max(one, other)
    path = write(tmp_path_factory.mktemp("keys") / "keys.parquet", keys)
    found = key_range(path, "hash", low, high)
    assert found["hash"].to_pylist() == [key for key in sorted(keys) if low <= key <= high]
    first, stop = key_span(path, "hash", low, high)
    assert found["row"].to_pylist() == list(range(first, stop))


def test_rows_are_read_by_their_numbers_and_only_the_columns_that_are_wanted(tmp_path: Path) -> None:
    path = write(tmp_path / "keys.parquet", list(range(10)))
    assert row_range(path, 2, 7, ["row"]).to_pydict() == {"row": [2, 3, 4, 5, 6]}
    assert row_range(path, 4, 4).num_rows == 0


def test_tables_are_sorted_by_their_columns_in_turn(tmp_path: Path) -> None:
    table = pa.table({"hash": np.array([5, 1, 5], np.uint64), "row": np.array([2, 9, 1], np.int32)})
    write_sorted(tmp_path / "keys.parquet", table)
    assert key_range(tmp_path / "keys.parquet", "hash", 0, LARGEST)["row"].to_pylist() == [9, 1, 2]
