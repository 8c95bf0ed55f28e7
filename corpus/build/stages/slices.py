"""What reduces said about all documents -> what they said about those of one part.

A part whose share is the same as in an earlier build has nothing to do again, whatever else has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from corpus._tables import key_range, write_keys
from corpus.build.task import Context, Json, Task
from corpus.dedup.buckets import ints


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write the rows of tables that are about the documents `first` to before `stop`; counts the `rows`.

    They are known by their `row` in the part instead of their number, in order.
    """
    first, stop = task.params["first"], task.params["stop"]
    table = pa.concat_tables([key_range(path, "doc", first, stop - 1) for path in context.paths(task, "tables")])
    rows = pa.array(ints(table, "doc") - first, pa.int32())
    table = table.set_column(0, pa.field("row", pa.int32(), nullable=False), rows)
    by = ["row", "index"] if "index" in table.column_names else ["row"]
    table = table.take(np.lexsort([table[name].to_numpy() for name in reversed(by)]))
    write_keys(out / "slice.parquet", table)
    return {"rows": len(table)}
