"""Releases written row by row, for comparisons that builds cannot easily bring about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.build.schemas import LEDGER
from corpus.document import KEPT_TYPES, document_schema
from corpus.recipe import Recipe
from corpus.release.manifest import (
    Accounting,
    Column,
    FileEntry,
    InputEntry,
    Manifest,
    SplitEntry,
    Total,
    columns_of,
)
from corpus.release.shards import rows_digest, sha256_of

Row = dict[str, Any]

RECIPE: Row = {"dataset": "bridges", "version": "1.0.0", "sources": [{"name": "press", "path": "*.jsonl"}]}


def document(number: int, **fields: Any) -> Row:
    """A row of a release; the same number gives the same."""
    text = fields.get("text", f"Bài số {number} về một cây cầu.")
    digest = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()
    quality = {field.name: 1 + number % 3 for field in document_schema({}).field("quality").type}
    return {
        "id": digest,
        "text": text,
        "title": None,
        "url": f"https://a.example/{number}",
        "site": "a.example",
        "source": "press",
        "author": None,
        "credit": None,
        "published": date(2026, 1, 1 + number % 28),
        "language": "vi",
        "language_score": 0.999,
        "languages": [{"tag": "vi", "share": 0.8}, {"tag": "en", "share": 0.2}],
        "n_chars": len(text),
        "n_words": len(text.split()),
        "quality": quality,
        "duplicates": 1,
        "first_version": "1.0.0",
        "content_hash": digest,
        "raw_hash": digest,
    } | fields


def fate(row: Row, status: str = "dropped", reason: str | None = None, **fields: Any) -> Row:
    """An entry of the ledger about a document."""
    return {
        "source": "press",
        "path": "pages.jsonl",
        "position": int(row["url"].rpartition("/")[2]),
        "id": row["id"],
        "status": status,
        "reason": reason,
    } | fields


def write_release(
    folder: Path,
    files: Mapping[str, Sequence[Row]],
    *,
    ledger: Sequence[Row] = (),
    kept: Mapping[str, str] | None = None,
    schema: pa.Schema | None = None,
    columns: Sequence[Column] | None = None,
    recipe: Row | None = None,
    **fields: Any,
) -> Path:
    """Write a release.

    Args:
        folder: Folder of the release.
        files: Rows by the path of their file below `data/`, whose name begins with the split: `train-0`.
        ledger: Entries besides those of the documents that are kept.
        kept: Columns that are carried along, with their types.
        schema: Schema of the data files, where it is not that of the program.
        columns: What the manifest says of them.
        recipe: The recipe as the manifest has it.
        fields: Other fields of the manifest.
    """
    (folder / "data").mkdir(parents=True)
    (folder / "ledger").mkdir()
    kept = kept or {}
    schema = schema or document_schema({name: KEPT_TYPES[type_] for name, type_ in kept.items()})
    entries = []
    for name, rows in files.items():
        path = folder / "data" / f"{name}.parquet"
        table = pa.Table.from_pylist(list(rows), schema=schema)
        pq.write_table(table, path)
        entries.append(_entry(folder, path, len(rows), rows_digest([table]), name.partition("-")[0]))
    documents = [row for rows in files.values() for row in rows]
    fates = [*(fate(row, "kept") for row in documents), *ledger]
    path = folder / "ledger/documents-00000-of-00001.parquet"
    pq.write_table(pa.Table.from_pylist(fates, schema=LEDGER), path)
    entries.append(_entry(folder, path, len(fates), None, None))
    manifest = Manifest.model_validate(
        {
            "dataset": "bridges",
            "version": "1.0.0",
            "license": "other",
            "title": "Bridges",
            "description": "Pages about bridges",
            "program": "corpus-press 0",
            "libraries": {},
            "recipe": Recipe.model_validate(RECIPE).model_dump(mode="json") if recipe is None else recipe,
            "recipe_digest": "0" * 64,
            "inputs": [InputEntry(source="press", files=1, bytes=1, sha256="0" * 64)],
            "columns": list(columns or columns_of(dict(kept))),
            "splits": dict(_splits(files)),
            "rows_digest": "0" * 64,
            "accounting": _accounting(documents, ledger),
            "sources": _totals(documents, "source"),
            "languages": _totals(documents, "language"),
            "files": sorted(entries, key=lambda entry: entry.path),
        }
        | fields
    ).signed()
    (folder / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    return folder


def _entry(folder: Path, path: Path, rows: int, digest: str | None, split: str | None) -> FileEntry:
    name = path.relative_to(folder).as_posix()
    size = path.stat().st_size
    return FileEntry(path=name, sha256=sha256_of(path), bytes=size, rows=rows, rows_digest=digest, split=split)


def _splits(files: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, SplitEntry]]:
    for split in dict.fromkeys(name.partition("-")[0] for name in files):
        rows = sum(len(rows) for name, rows in files.items() if name.partition("-")[0] == split)
        yield split, SplitEntry(rows=rows, num_bytes=0, rows_digest="0" * 64)


def _totals(documents: Sequence[Row], by: str) -> dict[str, Total]:
    return {
        name: Total(
            documents=sum(row[by] == name for row in documents),
            chars=sum(row["n_chars"] for row in documents if row[by] == name),
            words=sum(row["n_words"] for row in documents if row[by] == name),
        )
        for name in sorted({row[by] for row in documents})
    }


def _accounting(documents: Sequence[Row], ledger: Sequence[Row]) -> Accounting:
    def count(status: str) -> dict[str, int]:
        reasons = [row["reason"] for row in ledger if row["status"] == status]
        return {reason: reasons.count(reason) for reason in sorted(set(reasons))}

    return Accounting(
        read=len(documents) + len(ledger),
        kept=len(documents),
        dropped=count("dropped"),
        quarantined=count("quarantined"),
        encodings={},
        limits={},
        repaired={},
        masked={},
        removed_lines={},
        removed_chars=0,
    )
