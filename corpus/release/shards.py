"""Parquet files of a release: fixed row groups, so that the same rows make the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROW_GROUP_BYTES = 32_000_000
"""A row group holds at most so many bytes before compression, but for a single larger document."""

_DIGEST_MODULUS = 2**256
_UNIQUE_COLUMNS = frozenset({"id", "text", "title", "url", "content_hash", "raw_hash"})
"""Columns whose values hardly repeat: a dictionary would only cost."""


@dataclass(frozen=True, slots=True)
class ShardSummary:
    """What the manifest and the card say of one shard."""

    rows: int
    num_bytes: int
    """Size in memory as Arrow buffers without validity bitmaps, what `datasets` calls num_bytes."""
    rows_digest: str
    """See `rows_digest`."""
    sha256: str
    """Of the file."""


def parquet_options(schema: pa.Schema) -> dict[str, Any]:
    """How data files are written.

    Small chunks, so that little is sent to the Hub again after a change, cost as much size as level 6 wins back over
    level 3; see "Uploads" in `docs/benchmarks.md`.
    """
    return {
        "compression": "zstd",
        "compression_level": 6,
        "use_dictionary": [name for name in schema.names if name not in _UNIQUE_COLUMNS],
        "use_content_defined_chunking": {"min_chunk_size": 64 << 10, "max_chunk_size": 256 << 10},
        "write_page_index": True,
        "data_page_size": 1 << 20,
    }


def write_shard(path: Path, schema: pa.Schema, tables: Iterable[pa.Table], groups: Sequence[int]) -> ShardSummary:
    """Write rows as one Parquet file.

    Args:
        path: File to write.
        schema: Schema of the file; the tables are cast to it.
        tables: The rows, in any cut.
        groups: Rows of each row group; their sum is the number of rows.
    """
    rows = num_bytes = digest = 0
    waiting: list[pa.Table] = []
    n_waiting = 0
    remaining = list(groups)
    with pq.ParquetWriter(path, schema, **parquet_options(schema)) as writer:
        for table in tables:
            table = table.select(schema.names).cast(schema)
            rows += table.num_rows
            num_bytes += _num_bytes(table)
            digest += _rows_sum(table)
            waiting.append(table)
            n_waiting += table.num_rows
            while remaining and n_waiting >= remaining[0]:
                size = remaining.pop(0)
                together = pa.concat_tables(waiting)
                # One chunk a column: the chunk layout of the input would show in the bytes.
                writer.write_table(together.slice(0, size).combine_chunks(), row_group_size=size)
                waiting, n_waiting = [together.slice(size)], n_waiting - size
    if remaining or n_waiting:
        raise ValueError(f"{path.name}: row groups of {sum(groups)} rows for {rows} rows")
    return ShardSummary(rows, num_bytes, f"{digest % _DIGEST_MODULUS:064x}", sha256_of(path))


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def rows_digest(tables: Iterable[pa.Table]) -> str:
    """Digest of rows that any version of any Parquet library agrees on, 64 hex digits.

    The sum modulo 2^256 of the SHA-256 of each row, written as JSON with sorted keys, no spaces, UTF-8,
    dates as ISO 8601. A sum, so that digests of shards add up to the digest of a split however it is cut.
    """
    return f"{sum(map(_rows_sum, tables)) % _DIGEST_MODULUS:064x}"


def add_digests(digests: Iterable[str]) -> str:
    """The rows digest of several sets of rows together."""
    return f"{sum(int(digest, 16) for digest in digests) % _DIGEST_MODULUS:064x}"


def _num_bytes(table: pa.Table) -> int:
    """`Table.nbytes` as far as it doesn't depend on how the rows are cut into chunks."""
    return -(-sum(_bits(column) for column in table.columns) // 8)


def _bits(column: pa.ChunkedArray) -> int:
    if pa.types.is_string(column.type):
        return 32 * len(column) + 8 * (pc.sum(pc.binary_length(column)).as_py() or 0)
    if pa.types.is_list(column.type):
        return 32 * len(column) + _bits(pc.list_flatten(column))
    if pa.types.is_struct(column.type):
        return sum(_bits(pc.struct_field(column, place)) for place in range(column.type.num_fields))
    return int(column.type.bit_width) * len(column)


def _rows_sum(table: pa.Table) -> int:
    """The sum of the SHA-256 of each row. Most of a row is its text, which goes from Arrow to the hash as bytes."""
    names = sorted(table.column_names)
    if "text" not in names or table["text"].type != pa.string() or table["text"].null_count:
        return sum(int.from_bytes(hashlib.sha256(_canonical(row)).digest()) for row in table.to_pylist())
    before, after = names[: names.index("text")], names[names.index("text") + 1 :]
    opened = b',"text":"' if before else b'"text":"'
    closed = b'",' if after else b'"'
    total = 0
    heads, tails = table.select(before).to_pylist(), table.select(after).to_pylist()
    # Without columns a table has no rows to answer.
    heads, tails = heads if before else [{}] * len(table), tails if after else [{}] * len(table)
    for head, text, tail in zip(heads, _escaped(table["text"]), tails, strict=True):
        row = b"".join((_canonical(head)[:-1], opened, text, closed, _canonical(tail)[1:]))
        total += int.from_bytes(hashlib.sha256(row).digest())
    return total


def _escaped(column: pa.ChunkedArray) -> Iterator[bytes]:
    """Strings in UTF-8 as they stand between the quotes of JSON."""
    for chunk in column.chunks:
        if not len(chunk):
            continue
        _, offsets, data = chunk.buffers()
        ends = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1].tolist()
        content = memoryview(data) if data else memoryview(b"")
        codes = np.frombuffer(content, np.uint8)[ends[0] : ends[-1]]
        # Control characters but the end of a line are so rare that the one who knows all escapes may do them.
        plain = not ((codes < 0x20) & (codes != 0x0A)).any()
        for start, end in pairwise(ends):
            text = bytes(content[start:end])
            if plain:
                yield text.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
            else:
                yield _JSON.encode(text.decode()).encode()[1:-1]


def _canonical(row: dict[str, Any]) -> bytes:
    return _JSON.encode(row).encode()


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a row")


_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_iso)
