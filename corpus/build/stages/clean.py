"""`clean`: raw records of one part -> `documents`, `facts` about them, `removed` lines, and keys to compare by."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpus._line_models import load_line_model
from corpus._tables import RowWriter, row_groups
from corpus.build.schemas import FACTS, REMOVED, documents_schema
from corpus.build.task import Context, Json, Task
from corpus.clean import Cleaned, Raw, clean_all
from corpus.clean.boilerplate.model.network import Network
from corpus.clean.url import canonical_url, site_of
from corpus.dedup import exact
from corpus.document import MAPPABLE_FIELDS, PLACE
from corpus.errors import BuildError
from corpus.recipe import Clean


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Clean one part; counts `documents`, `removed_lines` by rule and `removed_chars`."""
    options = Clean.model_validate(task.params["clean"])
    network = _network(options, task.params["model_digest"], context)
    kept: dict[str, str] = task.params["kept"]
    rules: Counter[str] = Counter()
    removed_chars = 0
    keys: list[dict[str, Any]] = []
    with (
        RowWriter(out / "documents.parquet", documents_schema(kept)) as documents,
        RowWriter(out / "facts.parquet", FACTS) as facts,
        RowWriter(out / "removed.parquet", REMOVED) as audit,
    ):
        for group in row_groups(context.paths(task, "raw")[0]):
            rows = group.to_pylist()
            raws = [Raw(**{name: row[name] for name in MAPPABLE_FIELDS}) for row in rows]
            for raw, cleaned in zip(rows, clean_all(raws, options, network), strict=True):
                place = {field.name: raw[field.name] for field in PLACE}
                row = _document(raw, cleaned)
                size = len(cleaned.text.encode())
                documents.add(row | {name: raw[name] for name in kept}, size)
                facts.add(row | place | {"bytes": size, "dropped": None if size else "empty"})
                if size:
                    keys.append({name: (row | place)[name] for name in exact.KEYS_SCHEMA.names})
                for line in cleaned.removed:
                    rules[line.rule] += 1
                    removed_chars += len(line.text)
                    found = {"line": line.line, "rule": line.rule, "score": line.score, "why": line.why}
                    audit.add(place | found | {"id": row["id"], "text": line.text}, len(line.text))
    _write_keys(keys, out)
    return {
        "documents": documents.rows,
        "removed_lines": dict(sorted(rules.items())),
        "removed_chars": removed_chars,
    }


def _network(options: Clean, digest: str | None, context: Context) -> Network | None:
    """The line model that the recipe names, as it was when the build began."""
    if options.model is None:
        return None
    network, now = load_line_model(context.root / options.model)
    if now != digest:
        raise BuildError(f"{options.model}: changed while the build was reading it; build again")
    return network


def _document(raw: Mapping[str, Any], cleaned: Cleaned) -> dict[str, Any]:
    """A document's own columns out of its raw record and what cleaning found."""
    url, text = cleaned.url, cleaned.text
    origin = canonical_url(url) if url else f"raw:{raw['raw_hash']}"
    return {
        "id": hashlib.sha256(f"{raw['source']}\0{origin}".encode()).hexdigest()[:32],
        "text": text,
        "title": cleaned.title,
        "url": url,
        "site": site_of(url) if url else None,
        "author": cleaned.author,
        "credit": cleaned.credit,
        "published": cleaned.published,
        "language": cleaned.language,
        "language_score": cleaned.language_score,
        "n_chars": len(text),
        "n_words": len(text.split()),
        "content_hash": exact.content_hash(text),
        "raw_hash": raw["raw_hash"],
        "source": raw["source"],
    }


def _write_keys(keys: list[dict[str, Any]], out: Path) -> None:
    table = pa.Table.from_pylist(keys, schema=exact.KEYS_SCHEMA)
    for name, column in (("by_id", "id"), ("by_content", "content_hash")):
        order = [(column, "ascending"), *((field.name, "ascending") for field in PLACE)]
        pq.write_table(
            table.sort_by(order),
            out / f"{name}.parquet",
            compression="zstd",
            row_group_size=exact.KEY_GROUP_ROWS,
        )
