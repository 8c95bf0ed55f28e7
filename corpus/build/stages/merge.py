"""Reduces over the keys of all parts: which documents are copies, and what becomes of each.

`same_id`, `same_text`: keys of one bucket -> `merged`. `candidates`: bands of one bucket -> `edges`. `components`: all
edges -> `members`. `fates`: all that was merged -> `fates`. Documents are numbered over all parts, in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus._tables import row_groups, write_keys
from corpus.build.schemas import (
    EDGES,
    FATES,
    MEMBERS,
    MERGED,
    RELEASED,
    RELEASED_HERE,
    RELEASED_TEXTS,
    SPLIT_BEFORE,
)
from corpus.build.task import Context, Json, Task
from corpus.dedup.buckets import Bucket, Flags, Hashes, Ints, Numbering, hashes, ints, read_bucket
from corpus.dedup.components import Components, stars
from corpus.dedup.exact import Copies, Merged, merge_ids, merge_texts
from corpus.dedup.fates import Links, settle

CHUNK_ROWS = 2_000_000
"""Bands or edges that are looked at together."""
_NONE = np.zeros(0, np.int64)


def run_same_id(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Merge documents of one id; `released` marks those whose id an earlier version has. Counts nothing."""
    bucket = Bucket.of(task.params)
    copies, text = _read_copies(task, context, "id_high", bucket, None)
    write_merged(out / "merged.parquet", merge_ids(copies, text, task.params["keep"]))
    before = read_bucket(context.paths(task, "released"), "id_high", bucket.bounds)
    known = pa.concat_tables([RELEASED.empty_table(), *(table for _, table in before)])
    here, there = _same(copies.id, (hashes(known, "id_high"), hashes(known, "id_low")))
    order = np.argsort(copies.doc[here])
    released = known.select(RELEASED_HERE.names[1:]).take(there[order])
    released = released.add_column(0, RELEASED_HERE.field("doc"), pa.array(copies.doc[here[order]]))
    write_keys(out / "released.parquet", released.cast(RELEASED_HERE))
    return {}


def run_same_text(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Merge documents of one text that no document of their own id has replaced.

    `released` says in which split the version before has that text, under whatever id. Counts nothing.
    """
    numbering = Numbering.of(task.params["rows"])
    bucket = Bucket.of(task.params)
    copies, text = _read_copies(task, context, "text_high", bucket, numbering.marks(context.paths(task, "released")))
    before = read_bucket(context.paths(task, "texts"), "text_high", bucket.bounds)
    known = pa.concat_tables([RELEASED_TEXTS.empty_table(), *(table for _, table in before)])
    here, there = _same(text, (hashes(known, "text_high"), hashes(known, "text_low")))
    order = np.argsort(copies.doc[here])
    found = {"doc": copies.doc[here[order]], "split": known["split"].take(there[order])}
    write_keys(out / "released.parquet", pa.table(found, schema=SPLIT_BEFORE))
    alive = np.flatnonzero(~numbering.marks(context.paths(task, "gone"))[copies.doc])
    merged = merge_texts(copies.take(alive), (text[0][alive], text[1][alive]), task.params["keep"])
    write_merged(out / "merged.parquet", merged)
    return {}


def run_candidates(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Find documents that share a band; counts `edges`."""
    numbering = Numbering.of(task.params["rows"])
    gone = numbering.marks(context.paths(task, "gone"))
    edges = 0
    with pq.ParquetWriter(out / "edges.parquet", EDGES, compression="none", use_dictionary=False) as writer:
        for one, other, shared in stars(_bands(context.paths(task, "bands"), Bucket.of(task.params), numbering, gone)):
            writer.write_table(pa.table({"hash": shared, "one": one, "other": other}, schema=EDGES))
            edges += len(one)
    return {"edges": edges}


def run_components(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Join what shares a band with one another; counts `members`."""
    components = Components(len(Numbering.of(task.params["rows"])))
    for path in context.paths(task, "edges"):
        for group in row_groups(path):
            components.add(ints(group, "one"), ints(group, "other"), hashes(group, "hash"))
    docs, names = components.members()
    write_keys(out / "members.parquet", pa.table({"doc": docs, "component": names}, schema=MEMBERS))
    return {"members": len(docs)}


def run_fates(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Find out for every document that has copies which one stays in the end. Counts nothing."""
    tables = [pq.read_table(path, schema=MERGED, use_threads=False) for path in context.paths(task, "merged")]
    table = pa.concat_tables(tables)
    fates = settle(
        Links(
            ints(table, "doc"),
            ints(table, "kept"),
            (hashes(table, "kept_high"), hashes(table, "kept_low")),
            table["reason"].to_numpy().astype(str),
            table["similarity"].to_numpy().astype(float),
        )
    )
    kept_id = [f"{high:016x}{low:016x}" for high, low in zip(*(half.tolist() for half in fates.kept_id), strict=True)]
    reason = pa.array(fates.reason, pa.string(), mask=fates.reason == "")
    similarity = pa.array(fates.similarity, mask=np.isnan(fates.similarity))
    content = {"doc": fates.doc, "kept_id": kept_id, "copies": fates.copies, "reason": reason, "similarity": similarity}
    write_keys(out / "fates.parquet", pa.table(content, schema=FATES))
    return {}


def write_merged(path: Path, merged: Merged, similarity: pa.Array | None = None) -> None:
    """Write which documents go, ascending by number."""
    upper, lower = merged.kept_id
    content = {
        "doc": merged.doc,
        "kept": merged.kept,
        "kept_high": upper,
        "kept_low": lower,
        "reason": merged.reason,
        "similarity": pa.nulls(len(merged.doc), pa.float64()) if similarity is None else similarity,
    }
    write_keys(path, pa.table(content, schema=MERGED))


def _read_copies(
    task: Task, context: Context, key: str, bucket: Bucket, released: Flags | None
) -> tuple[Copies, tuple[Hashes, Hashes]]:
    """The documents of a bucket, and the halves of their content hashes."""
    numbering = Numbering.of(task.params["rows"])
    source_of = np.asarray(task.params["sources"], np.int64)
    found = list(read_bucket(context.paths(task, "keys"), key, bucket.bounds))
    tables = [table for _, table in found]
    doc = np.concatenate([_NONE, *(numbering.numbers(part, ints(table, "row")) for part, table in found)])
    copies = Copies(
        doc,
        (_joined_hashes(tables, "id_high"), _joined_hashes(tables, "id_low")),
        np.concatenate([_NONE, *(ints(table, "n_chars") for table in tables)]),
        np.concatenate([_NONE, *(ints(table, "published") for table in tables)]),
        source_of[numbering.part_of(doc)],
        np.zeros(len(doc), bool) if released is None else released[doc],
    )
    return copies, (_joined_hashes(tables, "text_high"), _joined_hashes(tables, "text_low"))


def _bands(files: Sequence[Path], bucket: Bucket, numbering: Numbering, gone: Flags) -> Iterator[tuple[Hashes, Ints]]:
    """Bands of documents that are still there, many parts' together."""
    found: list[Hashes] = []
    docs: list[Ints] = []
    for part, table in read_bucket(files, "hash", bucket.bounds):
        numbers = numbering.numbers(part, ints(table, "row"))
        there = ~gone[numbers]
        found.append(hashes(table, "hash")[there])
        docs.append(numbers[there])
        if sum(map(len, docs)) >= CHUNK_ROWS:
            yield np.concatenate(found), np.concatenate(docs)
            found, docs = [], []
    if docs:
        yield np.concatenate(found), np.concatenate(docs)


def _same(ids: tuple[Hashes, Hashes], known: tuple[Hashes, Hashes]) -> tuple[Ints, Ints]:
    """Places of the numbers of two halves that are among the known ones, and their places there."""
    if not len(known[0]):
        return _NONE, _NONE
    order = np.argsort(known[0])
    # No two ids share half of their 128 bits.
    place = order[np.minimum(np.searchsorted(known[0][order], ids[0]), len(order) - 1)]
    here = np.flatnonzero((known[0][place] == ids[0]) & (known[1][place] == ids[1]))
    return here, place[here]


def _joined_hashes(tables: Sequence[pa.Table], name: str) -> Hashes:
    return np.concatenate([np.zeros(0, np.uint64), *(hashes(table, name) for table in tables)])
