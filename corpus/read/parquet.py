"""Parquet: a record to a row, read in batches of a few megabytes from the columns that are used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.read._fields import Reading, hash_row
from corpus.read._lines import too_large
from corpus.read._open import open_chunks, unreadable
from corpus.read.encoding import decode, undecodable
from corpus.read.formats import compression
from corpus.read.records import Record, Rejected, RejectedError, Slice, short
from corpus.read.remote import RemoteFiles, Root

_BATCH_BYTES = 8 * 1024 * 1024
_MAX_BATCH_ROWS = 1024
_BUFFER_BYTES = 1024 * 1024


def read_parquet(
    slice_: Slice, root: Root, columns: Reading, max_bytes: int, encoding: str | None
) -> Iterator[Record | Rejected]:
    """The records of a file, each with its 1-based row as position.

    A damaged row group is rejected as one, and the next is read. Rows that are too large are rejected too,
    but a batch of them has been in memory by then.
    """
    path = slice_.path
    if slice_.end == 0:
        yield RejectedError("empty_file", "the file has no content").at(path, None)
        return
    try:
        with _open(slice_, root) as file:
            used = columns.used(file.schema_arrow.names)
            first_row = 1
            for group in range(file.num_row_groups):
                yield from _read_group(file, group, first_row, used, path, columns, max_bytes, encoding)
                first_row += file.metadata.row_group(group).num_rows
    except RejectedError as error:
        yield error.at(path, None)


def _open(slice_: Slice, root: Root) -> pq.ParquetFile:
    """The file; one that is compressed as a whole is unpacked to a temporary one.

    Raises:
        RejectedError: unreadable, truncated or corrupt.
    """
    try:
        if compression(slice_.path) is not None:
            source = TemporaryFile()  # noqa: SIM115 - the Parquet file closes it
            for chunk in open_chunks(slice_, root):
                source.write(chunk)
        elif isinstance(root, RemoteFiles):
            source = pa.PythonFile(root.pieces(slice_), "r")
        else:
            source = pa.OSFile(str(root / slice_.path), "rb")
    except OSError as error:
        raise unreadable(error) from None
    try:
        return pq.ParquetFile(source, buffer_size=_BUFFER_BYTES, pre_buffer=False, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise RejectedError("corrupt", f"not a Parquet file: {error}") from None


def _read_group(
    file: pq.ParquetFile,
    group: int,
    first_row: int,
    used: list[str],
    path: str,
    columns: Reading,
    max_bytes: int,
    encoding: str | None,
) -> Iterator[Record | Rejected]:
    position = first_row
    try:
        batches = file.iter_batches(
            batch_size=_batch_rows(file, group), row_groups=[group], columns=used, use_threads=False
        )
        for batch in batches:
            for row in _rows(batch, encoding):
                yield _read_row(row, path, position, columns, max_bytes)
                position += 1
    except (pa.ArrowException, OSError) as error:
        lost = first_row + file.metadata.row_group(group).num_rows - position
        yield RejectedError("corrupt", f"{lost} rows of row group {group + 1} are damaged: {error}").at(path, position)


def _batch_rows(file: pq.ParquetFile, group: int) -> int:
    """Rows that make up a batch of about `_BATCH_BYTES`, by the sizes that the file states."""
    metadata = file.metadata.row_group(group)
    rows_per_batch = int(_BATCH_BYTES * metadata.num_rows // max(1, metadata.total_byte_size))
    return max(1, min(_MAX_BATCH_ROWS, rows_per_batch))


def _read_row(row: dict[str, Any], path: str, position: int, columns: Reading, max_bytes: int) -> Record | Rejected:
    try:
        size = sum(len(value.encode()) for value in row.values() if isinstance(value, str))
        if size > max_bytes:
            raise too_large(size, max_bytes)
        for column, value in row.items():
            if isinstance(value, _BadCell):
                raise RejectedError(value.reason, f"'{short(column)}': {value.detail}")
        return columns.record(row, path, position, hash_row(row))
    except RejectedError as error:
        return error.at(path, position)


@dataclass(frozen=True, slots=True)
class _BadCell:
    """What stands for a cell that cannot be decoded; the offset in the detail is one in the value."""

    reason: str
    detail: str


def _rows(batch: pa.RecordBatch, encoding: str | None) -> Iterator[dict[str, Any]]:
    names = batch.schema.names
    for values in zip(*(_values(column, encoding) for column in batch.columns), strict=True):
        yield dict(zip(names, values, strict=True))


def _values(column: pa.Array, encoding: str | None) -> list[Any]:
    """The cells of a column; those of a binary one are decoded one by one, and a `_BadCell` is none."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        # Python's datetime has no nanoseconds.
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    try:
        values: list[Any] = column.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException):
        values = [_value(cell) for cell in column]
    return [_decoded(value, encoding) if isinstance(value, bytes) else value for value in values]


def _value(cell: pa.Scalar) -> Any:
    try:
        return cell.as_py()
    except UnicodeDecodeError as error:
        problem = undecodable("utf-8", error.start, error.object[error.start])
        return _BadCell(problem.reason, problem.detail)
    except (ValueError, OverflowError, pa.ArrowException):
        return None  # a date that Python's calendar does not have


def _decoded(value: bytes, encoding: str | None) -> str | _BadCell:
    try:
        return decode(value, encoding).text
    except RejectedError as error:
        return _BadCell(error.reason, error.detail)
