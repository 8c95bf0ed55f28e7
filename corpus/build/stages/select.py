"""`select`: facts of one part of documents, and what became of its copies -> `selected` (what stays), `ledger`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from corpus._tables import RowWriter, table_rows
from corpus.build.schemas import LEDGER, SELECTED
from corpus.build.stages._parts import days, halves
from corpus.build.task import Context, Json, Task
from corpus.document import PLACE
from corpus.release.reasons import WITHDRAWN

_TOTALS_BY = ("source", "language")

Row = dict[str, Any]
_KEYS = ("id", "content_hash", "published", "bytes", "site", "source")
_FACTS = [*(field.name for field in PLACE), *("id", "language", "n_chars", "n_words", "dropped", "detail")]


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Decide on one part.

    Counts `kept`, `dropped` by reason, `withdrawn` by what the request says, and `totals` by source and language.
    """
    facts = context.paths(task, "facts")[0]
    fates = {fate["row"]: fate for path in context.paths(task, "fates") for fate in table_rows(path)}
    withdrawn = {row["row"]: row["reason"] for path in context.paths(task, "withdrawn") for row in table_rows(path)}
    dropped: Counter[str] = Counter()
    totals: dict[str, dict[str, list[int]]] = {by: {} for by in _TOTALS_BY}
    kept: list[int] = []
    copies: list[int] = []
    with RowWriter(out / "ledger.parquet", LEDGER) as ledger:
        for row, document in enumerate(table_rows(facts, _FACTS)):
            entry = {field.name: document[field.name] for field in PLACE} | {"id": document["id"]}
            fate = fates.get(row)
            if fate:
                entry |= {"cluster": fate["kept_id"], "cluster_size": fate["copies"], "similarity": fate["similarity"]}
            reason, detail = _reason(document, fate, withdrawn.get(row))
            if reason:
                dropped[reason] += 1
                ledger.add(entry | {"status": "dropped", "reason": reason, "detail": detail})
                continue
            kept.append(row)
            copies.append(fate["copies"] if fate else 1)
            ledger.add(entry | {"status": "kept"})
            for by in _TOTALS_BY:
                total = totals[by].setdefault(document[by], [0, 0, 0])
                total[0] += 1
                total[1] += document["n_chars"]
                total[2] += document["n_words"]
    pq.write_table(_selected(facts, kept, copies), out / "selected.parquet", compression="zstd", compression_level=1)
    asked = Counter(withdrawn.values())
    return {
        "kept": len(kept),
        "dropped": dict(sorted(dropped.items())),
        "withdrawn": dict(sorted(asked.items())),
        "totals": totals,
    }


def _selected(facts: Path, rows: list[int], copies: list[int]) -> pa.Table:
    """What decides where the rows go that stay."""
    table = pq.read_table(facts, columns=list(_KEYS), use_threads=False).take(pa.array(rows, pa.int32()))
    keys = halves(table["id"], "id") | halves(table["content_hash"], "text")
    sites = (
        f"site\0{s}" if s else f"source\0{o}"
        for s, o in zip(*(table[c].to_pylist() for c in ("site", "source")), strict=True)
    )
    content = {
        "row": rows,
        **{name: keys[name] for name in ("id_high", "text_high", "text_low")},
        "site": pa.array([xxhash.xxh3_64_intdigest(site.encode()) for site in sites], pa.uint64()),
        "published": days(table["published"]),
        "duplicates": copies,
        "bytes": table["bytes"],
    }
    return pa.table(content, schema=SELECTED)


def _reason(document: Row, fate: Row | None, withdrawn: str | None) -> tuple[str | None, str | None]:
    """Why a document goes, and what the ledger says about it; None and None where it stays."""
    if withdrawn is not None:
        return WITHDRAWN, withdrawn
    if document["dropped"]:
        return document["dropped"], document["detail"]
    if fate and fate["reason"]:
        return fate["reason"], fate["kept_id"]
    return None, None
