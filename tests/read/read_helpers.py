"""What the tests of this folder share: a folder of raw files, planned and read as a build would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus.read import (
    DEFAULT_PART_BYTES,
    FileDigest,
    InputFile,
    Part,
    Record,
    Rejected,
    digest_file,
    find_files,
    plan_parts,
    read_part,
)
from corpus.recipe import Source

MAX_DOCUMENT_BYTES = 1_000_000


def source(path: str | list[str] = ".", **options: Any) -> Source:
    return Source.model_validate({"name": "press", "path": path, **options})


def write(root: Path, name: str, content: str | bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def jsonl(*rows: Any) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def digests(files: list[InputFile], root: Path, part_bytes: int) -> dict[str, FileDigest]:
    return {file.path: digest_file(file, root, part_bytes) for file in files}


def plan(root: Path, src: Source, part_bytes: int = DEFAULT_PART_BYTES, max_bytes: int | None = None) -> list[Part]:
    files = find_files(src, root)
    return plan_parts(
        src,
        files,
        digests(files, root, part_bytes),
        part_bytes=part_bytes,
        max_document_bytes=max_bytes or MAX_DOCUMENT_BYTES,
    )


def read_all(
    root: Path, src: Source, part_bytes: int = DEFAULT_PART_BYTES, max_bytes: int | None = None
) -> list[Record | Rejected]:
    return [item for part in plan(root, src, part_bytes, max_bytes) for item in read_part(part, root)]


def read_one(root: Path, name: str, content: str | bytes, max_bytes: int | None = None, **options: Any) -> list[Any]:
    """All that one file gives: records as (position, text), rejections as (position, reason)."""
    write(root, name, content)
    return outline(read_all(root, source(name, **options), max_bytes=max_bytes))


def outline(items: list[Record | Rejected]) -> list[tuple[int | None, str]]:
    return [(i.position, i.text if isinstance(i, Record) else i.reason) for i in items]


def records(items: list[Record | Rejected]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def rejected(items: list[Record | Rejected]) -> list[Rejected]:
    return [item for item in items if isinstance(item, Rejected)]
