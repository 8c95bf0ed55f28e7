"""`place`: documents of one part that are released -> `kept`, with the split of each and the version that had it first.

`groups`: copies of all documents -> `groups`, which one split has to hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus._tables import row_groups, write_keys
from corpus.build.schemas import GROUPS, KEPT, RELEASED_HERE
from corpus.build.task import Context, Json, Task
from corpus.clean import characters as ch
from corpus.dedup.buckets import Hashes, Ints, Numbering, hashes, ints
from corpus.dedup.components import Components
from corpus.release.splits import SPLITS, Rule, Units


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Place the documents of one part.

    Counts those that are `added` and `changed` against the version before, and those that it `had`.
    """
    selected = pq.read_table(context.paths(task, "selected")[0], use_threads=False)
    released = read_released(context.paths(task, "released"))
    units = read_units(selected, released, context.paths(task, "groups"), task.params["by"])
    split = Rule(**task.params["rule"]).place(units)
    here, there = _where(ints(selected, "row"), ints(released, "row"))
    first = np.full(len(selected), task.params["version"], object)
    first[here] = released["first_version"].to_numpy()[there]
    changed = np.zeros(len(here), bool)
    for half in ("text_high", "text_low"):
        changed |= hashes(selected, half)[here] != hashes(released, half)[there]
    content = {
        "row": selected["row"],
        "split": np.array(SPLITS, object)[split - 1],
        "first_version": first,
        "duplicates": selected["duplicates"],
        "key": selected["id_high"],
        "bytes": selected["bytes"],
    }
    pq.write_table(pa.table(content, schema=KEPT), out / "kept.parquet", compression="zstd", compression_level=1)
    return {"added": len(selected) - len(here), "changed": int(changed.sum()), "had": len(here)}


def read_units(selected: pa.Table, released: pa.Table, groups: list[Path], by: str) -> Units:
    """What the splits are made of, in the order of the documents that are released.

    Args:
        selected: Documents of a part.
        released: What the version before knows of some of its documents.
        groups: The file with their groups, or none.
        by: `splits.by` of the recipe.
    """
    rows = ints(selected, "row")
    unit: Hashes = hashes(selected, "site" if by == "site" else "id_high").copy()
    before = np.zeros(len(rows), np.int64)
    here, there = _where(rows, ints(released, "row"))
    before[here] = released["split"].to_numpy()[there]
    for path in groups:
        table = pq.read_table(path, use_threads=False)
        here, there = _where(rows, ints(table, "row"))
        before[here] = np.maximum(before[here], table["split"].to_numpy()[there])
        if by == "document":
            group = hashes(table, "group")[there]
            unit[here] = np.where(group, group, unit[here])
    # Of equal copies the one with the smallest id stays, so ids alone would not be spread evenly.
    return Units(ch.mix(unit), before, selected["published"].to_numpy())


def read_released(files: list[Path]) -> pa.Table:
    """What the version before knows of some documents of a part, by their row; of none where no file says it."""
    if files:
        return pq.read_table(files[0], use_threads=False)
    return pa.schema(
        [pa.field("row", pa.int32()), *(RELEASED_HERE.field(n) for n in RELEASED_HERE.names[1:])]
    ).empty_table()


def run_groups(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Find out which documents belong together; counts the `documents`."""
    numbering = Numbering.of(task.params["rows"])
    components = Components(len(numbering))
    for path in context.paths(task, "merged"):
        for table in row_groups(path):
            components.add(ints(table, "doc"), ints(table, "kept"), hashes(table, "kept_high"))
    docs, group = components.members()
    before = np.zeros(len(numbering), np.int8)
    for path in context.paths(task, "released"):
        for table in row_groups(path, ["doc", "split"]):
            np.maximum.at(before, ints(table, "doc"), table["split"].to_numpy())
    _, place = np.unique(group, return_inverse=True)
    last = np.zeros(len(docs), np.int8)
    np.maximum.at(last, place, before[docs])
    single = np.setdiff1d(np.flatnonzero(before), docs, assume_unique=True)
    docs = np.concatenate((docs, single))
    order = np.argsort(docs)
    content = {
        "doc": docs[order],
        "group": np.concatenate((group, np.zeros(len(single), np.uint64)))[order],
        "split": np.concatenate((last[place], before[single]))[order],
    }
    write_keys(out / "groups.parquet", pa.table(content, schema=GROUPS))
    return {"documents": len(docs)}


def _where(rows: Ints, known: Ints) -> tuple[Ints, Ints]:
    """Places of the numbers in `rows` that `known` has too, and their places there; both ascend."""
    _, here, there = np.intersect1d(rows, known, assume_unique=True, return_indices=True)
    return here, there
