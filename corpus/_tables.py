"""Parquet between stages: written and read a few megabytes at a time, so that no task holds a part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

GROUP_BYTES = 2_000_000
"""A row group between stages holds about so many bytes of text; one larger document makes a larger group."""


def row_groups(path: Path, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """The row groups of a Parquet file, one at a time."""
    with pq.ParquetFile(path) as file:
        for index in range(file.num_row_groups):
            yield file.read_row_group(index, columns=columns, use_threads=False)


def table_rows(path: Path, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file as Python values, held one row group at a time."""
    for group in row_groups(path, columns):
        rows: list[dict[str, Any]] = group.to_pylist()
        yield from rows


def key_range(path: Path, key: str, low: int, high: int) -> pa.Table:
    """Rows of a file with low <= key <= high; see `key_span`."""
    return row_range(path, *key_span(path, key, low, high))


def key_span(path: Path, key: str, low: int, high: int) -> tuple[int, int]:
    """The first row with low <= key <= high, and the one behind the last; row groups that have none are not read.

    Args:
        path: A file sorted by `key`, which is its first column and holds whole numbers without nulls.
        key: Name of the column.
        low: The smallest key that is wanted.
        high: The largest.
    """
    with pq.ParquetFile(path) as file:
        first = 0
        groups: list[int] = []
        for index in range(file.num_row_groups):
            group = file.metadata.row_group(index)
            statistics = group.column(0).statistics
            if not group.num_rows:
                continue
            if statistics.max < low:
                first += group.num_rows
            elif statistics.min <= high:
                groups.append(index)
        if not groups:
            return first, first
        keys = file.read_row_groups(groups, columns=[key], use_threads=False)[key].to_numpy()
    bounds = np.array([low, high], keys.dtype)
    stop = first + int(np.searchsorted(keys, bounds[1:], "right")[0])
    return first + int(np.searchsorted(keys, bounds[:1])[0]), stop


def row_range(path: Path, first: int, stop: int, columns: Sequence[str] | None = None) -> pa.Table:
    """Rows `first` to before `stop` of a file; row groups that have none of them are not read."""
    with pq.ParquetFile(path) as file:
        groups: list[int] = []
        skipped = seen = 0
        for index in range(file.num_row_groups):
            rows = file.metadata.row_group(index).num_rows
            if seen + rows <= first:
                skipped += rows
            elif seen < stop:
                groups.append(index)
            seen += rows
        table = file.read_row_groups(groups if first < stop else [], columns=columns, use_threads=False)
    return table.slice(first - skipped, stop - first) if first < stop else table


KEY_GROUP_ROWS = 4096
"""Row groups of sorted files are small, so that whoever wants a range reads little else."""


def write_sorted(path: Path, table: pa.Table) -> None:
    """Write a table of numbers sorted by its columns, the first one first, for `key_range` to read from."""
    order = np.lexsort([table[name].to_numpy() for name in reversed(table.column_names)])
    write_keys(path, table.take(order))


def write_keys(path: Path, table: pa.Table, group_rows: int = KEY_GROUP_ROWS) -> None:
    """Write a table that is sorted already, for `key_range` to read from."""
    # Hashes neither compress nor repeat.
    pq.write_table(table, path, compression="none", use_dictionary=False, row_group_size=group_rows)


class RowWriter:
    """Writes rows as they come and starts a row group whenever `GROUP_BYTES` are together."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self.rows = 0
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)
        self._waiting: list[dict[str, Any]] = []
        self._weight = 0

    def add(self, row: dict[str, Any], weight: int = 0) -> None:
        """Add one row; `weight` is about its size in bytes."""
        self._waiting.append(row)
        self.rows += 1
        self._weight += weight + 200
        if self._weight >= GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
            self._waiting.clear()
            self._weight = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
        self._writer.close()
