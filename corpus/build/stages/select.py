"""`select`: facts of one part of documents and all decisions -> `kept` rows with their split, and the `ledger`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from corpus._tables import RowWriter, row_groups
from corpus.build.schemas import KEPT, LEDGER
from corpus.build.task import Context, Json, Task
from corpus.recipe import Splits

_TOTALS_BY = ("source", "language")

Decision = tuple[str | None, str | None, int]
"""Reason to drop a document or None, id of what stays instead, copies merged."""


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Decide on one part; counts `kept`, `dropped` by reason, and `totals` by source and language."""
    facts = context.paths(task, "facts")[0]
    splits = Splits.model_validate(task.params["splits"])
    decisions = _decisions(facts, context.paths(task, "merged"))
    dropped: Counter[str] = Counter()
    totals: dict[str, dict[str, list[int]]] = {by: {} for by in _TOTALS_BY}
    with (
        RowWriter(out / "kept.parquet", KEPT) as kept,
        RowWriter(out / "ledger.parquet", LEDGER) as ledger,
    ):
        documents = (document for group in row_groups(facts) for document in group.to_pylist())
        for row, document in enumerate(documents):
            place = (document["source"], document["path"], document["position"])
            reason, detail, duplicates = decisions.get(place, (None, None, 1))
            if document["dropped"]:
                reason, detail = document["dropped"], document["detail"]
            entry = {"source": place[0], "path": place[1], "position": place[2], "id": document["id"]}
            if reason:
                dropped[reason] += 1
                ledger.add(entry | {"status": "dropped", "reason": reason, "detail": detail})
                continue
            split = split_of(document["content_hash"], splits)
            kept.add({"row": row, "split": split, "duplicates": duplicates, "bytes": document["bytes"]})
            ledger.add(entry | {"status": "kept"})
            for by in _TOTALS_BY:
                total = totals[by].setdefault(document[by], [0, 0, 0])
                total[0] += 1
                total[1] += document["n_chars"]
                total[2] += document["n_words"]
    return {"kept": kept.rows, "dropped": dict(sorted(dropped.items())), "totals": totals}


def split_of(content_hash: str, splits: Splits) -> str:
    """The split of a document: by its content alone, so that it stays when others come and go."""
    share = int(content_hash[:12], 16) / 16**12
    if share < splits.test:
        return "test"
    return "validation" if share < splits.test + splits.validation else "train"


def _decisions(facts: Path, merged: list[Path]) -> dict[tuple[str, str, int], Decision]:
    """What the reduces decided about the documents of one part, by place."""
    places = pq.read_table(facts, columns=["source", "path"])
    if not places.num_rows:
        return {}
    first, last = places.slice(0, 1).to_pylist()[0], places.slice(places.num_rows - 1).to_pylist()[0]
    with duckdb.connect(config={"threads": 1}) as connection:
        # A part is a run of the order that `merged` is sorted by: the bounds let DuckDB skip the rest unread.
        rows = connection.execute(
            """
            SELECT m.path, m.position, m.reason, m.kept_id, m.duplicates
            FROM read_parquet($merged, union_by_name = true) AS m
            SEMI JOIN read_parquet($facts) AS f USING (source, path, position)
            WHERE m.source = $source AND m.path BETWEEN $first AND $last
            """,
            {
                "merged": [str(path) for path in merged],
                "facts": str(facts),
                "source": first["source"],
                "first": first["path"],
                "last": last["path"],
            },
        ).fetchall()
    return {(first["source"], p, n): (reason, kept, copies or 1) for p, n, reason, kept, copies in rows}
