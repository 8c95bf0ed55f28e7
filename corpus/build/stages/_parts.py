"""What stages share that read the documents of a part, whether lines have gone from them or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from corpus._tables import row_groups
from corpus.build.task import Context, Task
from corpus.dedup.buckets import Hashes
from corpus.dedup.exact import NO_DATE


def documents_of(task: Task, context: Context, columns: list[str] | None = None) -> Iterator[tuple[int, pa.Table]]:
    """Documents of a part, a row group at a time, each with the number of its first row.

    Those in the file that plays `revised`, if any, stand in the place of those in `documents`.
    """
    revised = context.paths(task, "revised")
    return revised_groups(context.paths(task, "documents")[0], revised[0] if revised else None, columns)


def revised_groups(
    documents: Path, revised: Path | None, columns: list[str] | None = None
) -> Iterator[tuple[int, pa.Table]]:
    """Documents of a part with some of them revised; see `documents_of`."""
    changes = row_groups(revised, [*columns, "row"] if columns else None) if revised else iter(())
    waiting: pa.Table | None = None
    start = 0
    for group in row_groups(documents, columns):
        stop = start + len(group)
        while (waiting is None or waiting["row"][-1].as_py() < stop) and (more := next(changes, None)) is not None:
            waiting = more if waiting is None else pa.concat_tables([waiting, more])
        if waiting is not None:
            here = int(np.searchsorted(waiting["row"].to_numpy(), stop))
            group = _replaced(group, start, waiting.slice(0, here))
            waiting = waiting.slice(here) if here < len(waiting) else None
        yield start, group
        start = stop


def _replaced(group: pa.Table, start: int, changes: pa.Table) -> pa.Table:
    rows = np.arange(len(group))
    rows[changes["row"].to_numpy() - start] = len(group) + np.arange(len(changes))
    return pa.concat_tables([group, changes.select(group.column_names)]).take(rows)


def days(published: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dates as days since 1970, and `NO_DATE` where there is none."""
    return published.cast(pa.int32()).fill_null(NO_DATE)


def halves(digits: pa.ChunkedArray, name: str) -> dict[str, Hashes]:
    """Upper and lower half of numbers of 32 hex digits, as the columns NAME_high and NAME_low."""
    together = np.frombuffer(bytes.fromhex("".join(digits.to_pylist())), ">u8").astype(np.uint64)
    return {f"{name}_high": together[::2], f"{name}_low": together[1::2]}
