"""`same_id` and `same_text`: keys of one bucket -> `merged`, who goes and what stays instead."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpus.build.task import Context, Json, Task
from corpus.dedup import exact


def run_same_id(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Merge documents of one id; counts nothing, as the ledger does."""
    exact.merge_ids(
        context.paths(task, "keys"),
        (task.params["bucket"], task.params["buckets"]),
        out / "merged.parquet",
        context.cache / "tmp",
        context.memory_limit_mb,
    )
    return {}


def run_same_text(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Merge documents of one text, or only count the versions of each where `exact` is off."""
    exact.merge_contents(
        context.paths(task, "keys"),
        context.paths(task, "same_id"),
        (task.params["bucket"], task.params["buckets"]),
        out / "merged.parquet",
        context.cache / "tmp",
        context.memory_limit_mb,
        by="content_hash" if task.params["exact"] else "id",
    )
    return {}
