"""`clean`: raw records of one part -> `documents`, `facts` about them, `removed` lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus._line_models import load_line_model
from corpus._tables import RowWriter, row_groups
from corpus.build.schemas import FACTS, REMOVED, documents_schema
from corpus.build.task import Context, Json, Task
from corpus.clean import Cleaned, Raw, clean_all
from corpus.clean.boilerplate.model.network import Network
from corpus.clean.cleaned import QUALITY
from corpus.clean.comparison import Compared, compare_all
from corpus.clean.url import canonical_url, site_of
from corpus.document import MAPPABLE_FIELDS, PLACE, document_id, row_bytes
from corpus.errors import BuildError
from corpus.recipe import Clean, Cleaning


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Clean one part.

    Counts `documents`, `removed_lines` by rule and `removed_chars`, documents `repaired` by what was mended, `dropped`
    by reason and, where that is quality, by the `limits` that they break, and personal data `masked` by kind.
    """
    options = Cleaning.model_validate(task.params["cleaning"])
    network = _network(options.clean, task.params["model_digest"], context)
    kept: dict[str, str] = task.params["kept"]
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("removed_lines", "repaired", "masked", "dropped", "limits")
    }
    removed_chars = 0
    with (
        RowWriter(out / "documents.parquet", documents_schema(kept)) as documents,
        RowWriter(out / "facts.parquet", FACTS) as facts,
        RowWriter(out / "removed.parquet", REMOVED) as audit,
    ):
        for group in row_groups(context.paths(task, "raw")[0]):
            rows = group.to_pylist()
            raws = [Raw(**{name: row[name] for name in MAPPABLE_FIELDS}) for row in rows]
            documents_of = list(clean_all(raws, options, network))
            keys_of = compare_all([cleaned.text for cleaned in documents_of])
            for raw, cleaned, compared in zip(rows, documents_of, keys_of, strict=True):
                place = {field.name: raw[field.name] for field in PLACE}
                row = _document(raw, cleaned, compared) | {name: raw[name] for name in kept}
                size = row_bytes(row)
                documents.add(row, size)
                dropped, detail = (cleaned.dropped.reason, cleaned.dropped.detail) if cleaned.dropped else (None, None)
                known = {"bytes": size, "dropped": dropped, "detail": detail, "lines": cleaned.lines}
                facts.add(row | place | known, 4 * len(cleaned.lines))
                counts["repaired"].update(cleaned.repaired)
                counts["masked"].update(cleaned.masked)
                if dropped:
                    counts["dropped"][dropped] += 1
                    if dropped == QUALITY and detail:
                        counts["limits"][detail.partition(" ")[0]] += 1
                for line in cleaned.removed:
                    counts["removed_lines"][line.rule] += 1
                    removed_chars += len(line.text)
                    found = {"line": line.line, "rule": line.rule, "score": line.score, "why": line.why}
                    audit.add(place | found | {"id": row["id"], "text": line.text}, len(line.text))
    return {
        "documents": documents.rows,
        "removed_chars": removed_chars,
        **{name: dict(sorted(count.items())) for name, count in counts.items()},
    }


def _network(options: Clean, digest: str | None, context: Context) -> Network | None:
    """The line model that the recipe names, as it was when the build began."""
    if options.model is None:
        return None
    network, now = load_line_model(context.root / options.model)
    if now != digest:
        raise BuildError(f"{options.model}: changed while the build was reading it; build again")
    return network


def _document(raw: Mapping[str, Any], cleaned: Cleaned, compared: Compared) -> dict[str, Any]:
    """A document's own columns out of its raw record and what cleaning found."""
    url, text = cleaned.url, cleaned.text
    origin = canonical_url(url) if url else f"raw:{raw['raw_hash']}"
    return {
        "id": document_id(raw["source"], origin),
        "text": text,
        "title": cleaned.title,
        "url": url,
        "site": site_of(url) if url else None,
        "author": cleaned.author,
        "credit": cleaned.credit,
        "published": cleaned.published,
        "language": cleaned.language,
        "language_score": cleaned.language_score,
        "languages": [{"tag": share.tag, "share": share.share} for share in cleaned.languages],
        "n_chars": len(text),
        "n_words": compared.n_words,
        "quality": cleaned.quality,
        "content_hash": compared.content_hash,
        "raw_hash": raw["raw_hash"],
        "source": raw["source"],
    }
