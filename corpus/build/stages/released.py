"""`released`: a data file of the version before -> `released`, `texts`: what the next version needs to know of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus._tables import write_keys, write_sorted
from corpus.build.schemas import RELEASED, RELEASED_TEXTS
from corpus.build.stages._parts import halves
from corpus.build.task import Context, Json, Task
from corpus.errors import ReleaseError
from corpus.release.shards import sha256_of
from corpus.release.splits import SPLITS


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write ids, texts, split and first versions of one file; counts nothing.

    Raises:
        ReleaseError: the file is not what the manifest of its release says.
    """
    if context.parent is None:
        raise ReleaseError("the release that comes before this one is gone")
    path = context.parent / task.params["path"]
    if not path.is_file():
        raise ReleaseError(f"{path}: missing, so the next version cannot follow on it; `corpus verify` says more")
    if sha256_of(path) != task.params["sha256"]:
        raise ReleaseError(f"{path}: its bytes were altered, so the next version cannot follow on it")
    names = [name for name in ("id", "content_hash", "first_version") if name in pq.read_schema(path).names]
    table = pq.read_table(path, columns=names, use_threads=False)
    keys = halves(table["id"], "id") | halves(table["content_hash"], "text")
    order = np.lexsort((keys["id_low"], keys["id_high"]))
    content = {name: values[order] for name, values in keys.items()}
    content["split"] = np.full(len(table), SPLITS.index(task.params["split"]) + 1, np.int8)
    # Releases of programs that did not have the column yet begin anew.
    known = "first_version" in names
    first = table["first_version"].take(order) if known else pa.repeat(task.params["version"], len(table))
    write_keys(out / "released.parquet", pa.table({**content, "first_version": first}, schema=RELEASED))
    texts = {name: content[name] for name in ("text_high", "text_low", "split")}
    write_sorted(out / "texts.parquet", pa.table(texts, schema=RELEASED_TEXTS))
    return {}
