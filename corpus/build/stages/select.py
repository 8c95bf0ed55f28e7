"""`select`: facts of one part of documents, and what became of its copies -> `kept` rows with their split, `ledger`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus._tables import RowWriter, table_rows
from corpus.build.schemas import KEPT, LEDGER
from corpus.build.task import Context, Json, Task
from corpus.document import PLACE
from corpus.recipe import Splits
from corpus.release.reasons import WITHDRAWN

_TOTALS_BY = ("source", "language")

Row = dict[str, Any]
_FACTS = [
    *(field.name for field in PLACE),
    *("id", "content_hash", "language", "n_chars", "n_words", "bytes", "dropped", "detail"),
]


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Decide on one part.

    Counts `kept`, `dropped` by reason, `withdrawn` by what the request says, and `totals` by source and language.
    """
    splits = Splits.model_validate(task.params["splits"])
    fates = {fate["row"]: fate for path in context.paths(task, "fates") for fate in table_rows(path)}
    withdrawn = {row["row"]: row["reason"] for path in context.paths(task, "withdrawn") for row in table_rows(path)}
    dropped: Counter[str] = Counter()
    totals: dict[str, dict[str, list[int]]] = {by: {} for by in _TOTALS_BY}
    with (
        RowWriter(out / "kept.parquet", KEPT) as kept,
        RowWriter(out / "ledger.parquet", LEDGER) as ledger,
    ):
        for row, document in enumerate(table_rows(context.paths(task, "facts")[0], _FACTS)):
            entry = {field.name: document[field.name] for field in PLACE} | {"id": document["id"]}
            fate = fates.get(row)
            if fate:
                entry |= {"cluster": fate["kept_id"], "cluster_size": fate["copies"], "similarity": fate["similarity"]}
            reason, detail = _reason(document, fate, withdrawn.get(row))
            if reason:
                dropped[reason] += 1
                ledger.add(entry | {"status": "dropped", "reason": reason, "detail": detail})
                continue
            duplicates = fate["copies"] if fate else 1
            split = split_of(document["content_hash"], splits)
            kept.add(
                {
                    "row": row,
                    "split": split,
                    "duplicates": duplicates,
                    "first_version": task.params["version"],
                    "bytes": document["bytes"],
                }
            )
            ledger.add(entry | {"status": "kept"})
            for by in _TOTALS_BY:
                total = totals[by].setdefault(document[by], [0, 0, 0])
                total[0] += 1
                total[1] += document["n_chars"]
                total[2] += document["n_words"]
    asked = Counter(withdrawn.values())
    return {
        "kept": kept.rows,
        "dropped": dict(sorted(dropped.items())),
        "withdrawn": dict(sorted(asked.items())),
        "totals": totals,
    }


def split_of(content_hash: str, splits: Splits) -> str:
    """The split of a document: by its content alone, so that it stays when others come and go."""
    share = int(content_hash[:12], 16) / 16**12
    if share < splits.test:
        return "test"
    return "validation" if share < splits.test + splits.validation else "train"


def _reason(document: Row, fate: Row | None, withdrawn: str | None) -> tuple[str | None, str | None]:
    """Why a document goes, and what the ledger says about it; None and None where it stays."""
    if withdrawn is not None:
        return WITHDRAWN, withdrawn
    if document["dropped"]:
        return document["dropped"], document["detail"]
    if fate and fate["reason"]:
        return fate["reason"], fate["kept_id"]
    return None, None
