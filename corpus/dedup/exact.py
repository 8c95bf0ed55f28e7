"""Exact duplicates: one document for each id, then one for each comparison key.

Both reduces see keys only, one bucket of hash values at a time, in DuckDB under a memory limit.
The document that comes first in the order of (source, path, position) stays, but of several versions of
one page the longest does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from corpus.document import PLACE

ROWS_PER_BUCKET = 1_000_000
"""One reduce looks at about so many keys."""

KEYS_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("n_chars", pa.int64(), nullable=False),
        *PLACE,
    ]
)
KEY_GROUP_ROWS = 2048
"""Row groups of key files are small: sorted by hash, all but a bucket's own are skipped unread."""


def bucket_count(rows: int) -> int:
    """Number of buckets for so many keys."""
    return max(1, -(-rows // ROWS_PER_BUCKET))


def merge_ids(keys: Sequence[Path], bucket: tuple[int, int], out: Path, spill: Path, memory_mb: int) -> None:
    """Find documents that have the same id as another one, within one bucket of ids.

    Args:
        keys: Key files, sorted by id.
        bucket: Its number and the number of all buckets.
        out: Parquet file to write: the place of each document that goes, why, and what stays instead.
        spill: Folder for what does not fit into memory.
        memory_mb: Memory limit of DuckDB in megabytes.
    """
    _copy(
        f"""
        WITH ranked AS (
            SELECT *, first_value(content_hash) OVER best AS kept_content,
                   row_number() OVER best AS rank
            FROM read_parquet($keys) WHERE {_within("id", bucket)}
            WINDOW best AS (PARTITION BY id ORDER BY n_chars DESC, source, path, position
                            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
        )
        SELECT source, path, position, content_hash,
               CASE WHEN content_hash = kept_content THEN 'exact_duplicate' ELSE 'same_url' END AS reason,
               id AS kept_id, kept_content
        FROM ranked WHERE rank > 1 ORDER BY source, path, position
        """,
        {"keys": keys},
        out,
        spill,
        memory_mb,
    )


def merge_contents(
    keys: Sequence[Path],
    same_id: Sequence[Path],
    bucket: tuple[int, int],
    out: Path,
    spill: Path,
    memory_mb: int,
    by: Literal["content_hash", "id"] = "content_hash",
) -> None:
    """Find documents with the same comparison key as another one, within one bucket of content hashes.

    Args:
        keys: Key files, sorted by content hash.
        same_id: What `merge_ids` wrote for all buckets; those documents are gone already.
        bucket: Its number and the number of all buckets.
        out: Parquet file to write: the place of each document that goes (reason and `kept_id`), and of each
            that stays in place of others (`reason` null); `duplicates` counts it and all that it stands for.
        spill: Folder for what does not fit into memory.
        memory_mb: Memory limit of DuckDB in megabytes.
        by: What makes documents the same; with `id`, only the versions of each document are counted.
    """
    _copy(
        f"""
        WITH gone AS (SELECT * FROM read_parquet($same_id)),
        versions AS (
            SELECT kept_id AS id, count(*) AS n FROM gone
            WHERE {_within("kept_content", bucket)} GROUP BY kept_id
        ),
        alive AS (
            SELECT * FROM read_parquet($keys) AS k WHERE {_within("content_hash", bucket)} AND NOT EXISTS (
                SELECT 1 FROM gone WHERE {_within("gone.content_hash", bucket)} AND gone.source = k.source
                    AND gone.path = k.path AND gone.position = k.position)
        ),
        ranked AS (
            SELECT alive.*, first_value(id) OVER same AS kept_id, row_number() OVER same AS rank,
                   (sum(1 + coalesce(versions.n, 0)) OVER same)::BIGINT AS duplicates
            FROM alive LEFT JOIN versions USING (id)
            WINDOW same AS (PARTITION BY {by} ORDER BY source, path, position
                            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
        )
        SELECT source, path, position, CASE WHEN rank > 1 THEN 'exact_duplicate' END AS reason,
               CASE WHEN rank > 1 THEN kept_id END AS kept_id, duplicates
        FROM ranked WHERE rank > 1 OR duplicates > 1 ORDER BY source, path, position
        """,
        {"keys": keys, "same_id": same_id},
        out,
        spill,
        memory_mb,
    )


def _within(column: str, bucket: tuple[int, int]) -> str:
    """SQL: the leading 32 bits of a column of hex digits fall into the bucket."""
    number, count = bucket
    low = f"{column} >= '{number * 2**32 // count:08x}'"
    return low if number + 1 == count else f"{low} AND {column} < '{(number + 1) * 2**32 // count:08x}'"


def _copy(query: str, files: dict[str, Sequence[Path]], out: Path, spill: Path, memory_mb: int) -> None:
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": f"{memory_mb}MB",
        "temp_directory": str(spill),
    }
    target = str(out).replace("'", "''")
    with duckdb.connect(config=config) as connection:
        connection.execute(
            f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)",
            {name: [str(path) for path in paths] for name, paths in files.items()},
        )
