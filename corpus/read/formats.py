"""Formats and compressions, told by the endings of a file's name."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from corpus.recipe import Format

Compression = Literal["gz", "zst", "xz", "bz2"]

FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}
COMPRESSIONS: dict[str, Compression] = {".gz": "gz", ".zst": "zst", ".xz": "xz", ".bz2": "bz2"}

KNOWN_ENDINGS = f"{' '.join(FORMATS)}, each also with {' '.join(COMPRESSIONS)} behind"
"""For messages."""


def compression(path: str) -> Compression | None:
    """How a file is compressed, None for not at all."""
    return COMPRESSIONS.get(PurePosixPath(path).suffix.lower())


def ending(path: str) -> str:
    """The ending that tells the format, lower case, without the compression: `.json` of `a.JSON.gz`."""
    name = PurePosixPath(path)
    return (PurePosixPath(name.stem) if compression(path) else name).suffix.lower()


def guess_format(path: str) -> Format | None:
    """The format that the name of a file tells, None for an unknown ending."""
    return FORMATS.get(ending(path))
