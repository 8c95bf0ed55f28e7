"""`keys`: documents of one part -> keys to compare them by: `by_id`, `by_text`, `bands`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus._tables import write_sorted
from corpus.build.schemas import BANDS, KEYS_BY_ID, KEYS_BY_TEXT
from corpus.build.stages._parts import days, documents_of, halves
from corpus.build.task import Context, Json, Task
from corpus.dedup.buckets import Hashes, Ints
from corpus.dedup.reading import read_words
from corpus.dedup.sketch import shingle_all, sketch_all
from corpus.recipe import Near


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write the keys of one part; counts the documents that are `compared`, and those `sketched`."""
    facts = pq.read_table(
        context.paths(task, "facts")[0],
        columns=["id", "content_hash", "n_chars", "published", "dropped"],
        use_threads=False,
    )
    rows = np.flatnonzero(facts["dropped"].is_null().to_numpy())
    facts = facts.take(rows)
    keys = halves(facts["id"], "id") | halves(facts["content_hash"], "text")
    keys |= {"n_chars": facts["n_chars"], "published": days(facts["published"]), "row": pa.array(rows, pa.int32())}
    for name, schema in (("by_id", KEYS_BY_ID), ("by_text", KEYS_BY_TEXT)):
        write_sorted(out / f"{name}.parquet", pa.table({key: keys[key] for key in schema.names}, schema=schema))
    near = task.params["near"]
    sketched = 0
    if near:
        hashes, of = _bands(task, context, Near.model_validate(near), rows)
        sketched = len(np.unique(of))
        write_sorted(out / "bands.parquet", pa.table({"hash": hashes, "row": of}, schema=BANDS))
    return {"compared": len(rows), "sketched": sketched}


def _bands(task: Task, context: Context, near: Near, alive: Ints) -> tuple[Hashes, Ints]:
    """Band hashes of the documents of a part that are not dropped and not too short, and the rows that they are of."""
    hashes, of = [np.zeros(0, np.uint64)], [np.zeros(0, np.int32)]
    for start, group in documents_of(task, context, ["text"]):
        rows = np.arange(start, start + len(group))
        rows = rows[np.isin(rows, alive)]
        words = read_words(group["text"].take(rows - start).to_pylist())
        enough = np.diff(words.first) >= near.min_words
        sketches = sketch_all(shingle_all(words, near.words), near.bands, near.rows)[enough]
        hashes.append(sketches.ravel())
        of.append(np.repeat(rows[enough].astype(np.int32), near.bands))
    return np.concatenate(hashes), np.concatenate(of)
