"""`released`: a data file of the version before -> `released`, the ids in it, sorted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpus._tables import write_sorted
from corpus.build.stages._parts import halves
from corpus.build.task import Context, Json, Task
from corpus.errors import ReleaseError
from corpus.release.shards import sha256_of


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write the ids of one file; counts nothing.

    Raises:
        ReleaseError: the file is not what the manifest of its release says.
    """
    if context.parent is None:
        raise ReleaseError("the release that comes before this one is gone")
    path = context.parent / task.params["path"]
    if sha256_of(path) != task.params["sha256"]:
        raise ReleaseError(f"{path}: its bytes were altered, so the next version cannot rest on it")
    ids = pq.read_table(path, columns=["id"], use_threads=False)["id"]
    write_sorted(out / "released.parquet", pa.table(halves(ids, "id")))
    return {}
