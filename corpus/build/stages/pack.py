"""`pack`: rows of one shard -> `shard.parquet`; `concat`: small tables of many parts -> `shard.parquet`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus._tables import row_groups
from corpus.build.schemas import LEDGER, REMOVED, release_schema
from corpus.build.task import Context, Json, Task
from corpus.release.shards import sha256_of, write_shard

TABLES = {"ledger": LEDGER, "audit": REMOVED}
"""Tables that travel with the data, by the folder that holds them."""


def run_pack(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write one shard of a split; counts as in `ShardSummary`."""
    slices = zip(
        context.paths(task, "documents"),
        context.paths(task, "kept"),
        task.params["slices"],
        strict=True,
    )

    def tables() -> Iterator[pa.Table]:
        for documents, selection, (start, stop) in slices:
            chosen = pq.read_table(selection, filters=pc.field("split") == task.params["split"])
            yield from _rows(documents, chosen.slice(start, stop - start))

    schema = release_schema(task.params["kept"])
    return asdict(write_shard(out / "shard.parquet", schema, tables(), task.params["groups"]))


def _rows(documents: Path, chosen: pa.Table) -> Iterator[pa.Table]:
    """The chosen rows of a part, with the column that only the selection knows."""
    start = 0
    for group in row_groups(documents):
        end = start + group.num_rows
        here = chosen.filter(pc.and_(pc.greater_equal(chosen["row"], start), pc.less(chosen["row"], end)))
        if here.num_rows:
            rows = group.take(pc.subtract(here["row"], start))
            yield rows.append_column("duplicates", here["duplicates"])
        start = end


def run_concat(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Join tables; columns that one of them lacks get the constants of `fill`, or null; counts `sha256`."""
    schema = TABLES[task.params["table"]]
    fill: Mapping[str, str] = task.params["fill"]
    with pq.ParquetWriter(out / "shard.parquet", schema, compression="zstd", write_page_index=True) as writer:
        for path in context.paths(task, "tables"):
            for group in row_groups(path):
                for field in schema:
                    if field.name not in group.column_names:
                        value = pa.scalar(fill.get(field.name), field.type)
                        group = group.append_column(field, pa.repeat(value, len(group)))
                writer.write_table(group.select(schema.names).cast(schema).combine_chunks())
    return {"sha256": sha256_of(out / "shard.parquet")}
