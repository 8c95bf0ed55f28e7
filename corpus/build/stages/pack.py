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
from corpus.build.stages._parts import revised_groups
from corpus.build.task import Context, Json, Task
from corpus.release.shards import sha256_of, write_shard
from corpus.release.withdrawals import WITHDRAWALS

TABLES = {
    "ledger/documents": LEDGER,
    "ledger/quarantined": LEDGER,
    "ledger/withdrawn": WITHDRAWALS,
    "audit/removed": REMOVED,
}
"""Tables that travel with the data, by their path in the release."""
TABLE_GROUP_ROWS = 100_000
"""Rows of a row group of these tables."""


def run_pack(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write one shard of a split; counts as in `ShardSummary`."""
    changed = context.paths(task, "revised")
    slices = zip(
        context.paths(task, "documents"),
        (None if place is None else changed[place] for place in task.params["revised"]),
        context.paths(task, "kept"),
        task.params["versions"],
        task.params["slices"],
        strict=True,
    )

    def tables() -> Iterator[pa.Table]:
        for documents, revised, kept, version, (start, stop) in slices:
            wanted = (pc.field("split") == task.params["split"]) & (pc.field("first_version") == version)
            chosen = pq.read_table(kept, filters=wanted, use_threads=False)
            yield from _rows(documents, revised, chosen.slice(start, stop - start))

    schema = release_schema(task.params["kept"])
    return asdict(write_shard(out / "shard.parquet", schema, tables(), task.params["groups"]))


def _rows(documents: Path, revised: Path | None, chosen: pa.Table) -> Iterator[pa.Table]:
    """The chosen rows of a part, with the columns that only the selection knows."""
    for start, group in revised_groups(documents, revised):
        end = start + group.num_rows
        here = chosen.filter(pc.and_(pc.greater_equal(chosen["row"], start), pc.less(chosen["row"], end)))
        if here.num_rows:
            rows = group.take(pc.subtract(here["row"], start))
            for name in ("duplicates", "first_version"):
                rows = rows.append_column(name, here[name])
            yield rows


def run_concat(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Join slices of tables into row groups that don't show where the slices were cut; counts `sha256`."""
    path = out / "shard.parquet"
    slices = zip(context.paths(task, "tables"), task.params["slices"], strict=True)
    waiting: list[pa.Table] = []
    n_waiting = 0
    with pq.ParquetWriter(path, TABLES[task.params["table"]], compression="zstd", write_page_index=True) as writer:
        for table, (start, stop) in slices:
            for group in _sliced(table, start, stop):
                waiting.append(group)
                n_waiting += len(group)
                while n_waiting >= TABLE_GROUP_ROWS:
                    together = pa.concat_tables(waiting)
                    writer.write_table(together.slice(0, TABLE_GROUP_ROWS).combine_chunks())
                    waiting, n_waiting = [together.slice(TABLE_GROUP_ROWS)], n_waiting - TABLE_GROUP_ROWS
        if n_waiting:
            writer.write_table(pa.concat_tables(waiting).combine_chunks())
    return {"sha256": sha256_of(path)}


def _sliced(table: Path, start: int, stop: int) -> Iterator[pa.Table]:
    """Rows `start` to `stop` of a table, row group by row group."""
    first = 0
    for group in row_groups(table):
        here = group.slice(max(start - first, 0), max(min(stop, first + len(group)) - max(start, first), 0))
        if len(here):
            yield here
        first += len(group)
