"""A folder of labelled pages.

- `<id>.txt`: the page, one line of it a line; read as UTF-8
- `<id>.labels.jsonl`: `{"line": 3, "keep": true, "label": "body"}` for each line that is not blank, numbered from 1;
  `label` may be left out, and a line with `"ambiguous": true`, or without an entry, is not scored
- `index.jsonl`, if there is one: `{"id": ..., "site": ..., "language": ..., "set": ...}` for each page. Pages of one
  site are never learnt from and scored at once; a page without a site is a site of its own
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.clean.repair import repair
from corpus.errors import BadInputError, UsageError

INDEX = "index.jsonl"
_LABELS = ".labels.jsonl"
TITLE = "title"


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """What a person said about a line."""

    text: str
    keep: bool | None
    """Whether it belongs to the text; None where that is not scored."""
    label: str
    blanks: int
    """Blank lines right above it."""


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page and its labels."""

    id: str
    site: str
    language: str
    set: str
    """`hand`: real and read by a person; `auto`: labelled by a program and less sure; `written`: made up."""
    text: str
    """As cleaning gets it."""
    lines: tuple[LabelledLine, ...]
    """The lines that are not blank, repaired as cleaning does."""
    digest: str
    """SHA-256 of page and labels, 64 hex digits."""


def read_pages(folders: Iterable[Path]) -> list[LabelledPage]:
    """Read all labelled pages of some folders, in the order of their names.

    Raises:
        UsageError: a folder holds none.
        BadInputError: a page or its labels cannot be read; the message names file and line.
    """
    pages: list[LabelledPage] = []
    for folder in folders:
        labels = sorted(folder.glob(f"*{_LABELS}"))
        if not labels:
            raise UsageError(f"{folder}: no labelled pages here; a page is <id>.txt with <id>{_LABELS}")
        index = {row["id"]: row for row in _rows(folder / INDEX, ("id",))} if (folder / INDEX).exists() else {}
        for path in labels:
            name = path.name.removesuffix(_LABELS)
            pages.append(_read_page(folder, name, index.get(name, {})))
    return pages


def _read_page(folder: Path, name: str, about: dict[str, Any]) -> LabelledPage:
    page, labels = folder / f"{name}.txt", folder / f"{name}{_LABELS}"
    try:
        raw = page.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise BadInputError(f"{page}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInputError(f"{page}: not UTF-8 at byte {error.start}") from None
    raw_lines = text.split("\n")
    said: dict[int, dict[str, Any]] = {}
    for place, row in enumerate(_rows(labels, ("line", "keep")), 1):
        number = row["line"]
        if not isinstance(number, int) or not 1 <= number <= len(raw_lines):
            raise BadInputError(f"{labels}:{place}: line {number} is not in the page of {len(raw_lines)} lines")
        said[number] = row
    lines: list[LabelledLine] = []
    blanks = 0
    for number, raw_line in enumerate(raw_lines, 1):
        mended = repair(raw_line).text.replace("\n", " ").strip()
        if not mended:
            blanks += 1
            continue
        row = said.get(number, {"ambiguous": True, "keep": False})
        keep = None if row.get("ambiguous") else bool(row["keep"])
        lines.append(LabelledLine(mended, keep, str(row.get("label", "")), blanks))
        blanks = 0
    return LabelledPage(
        id=name,
        site=str(about.get("site") or name),
        language=str(about.get("language") or "und"),
        set=str(about.get("set") or "hand"),
        text=text,
        lines=tuple(lines),
        digest=hashlib.sha256(raw + b"\0" + labels.read_bytes()).hexdigest(),
    )


def _rows(path: Path, fields: Sequence[str]) -> list[dict[str, Any]]:
    rows = []
    try:
        content = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path}: not UTF-8 at byte {error.start}") from None
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadInputError(f"{path}:{number}: not JSON: {error.msg}") from None
        missing = [field for field in fields if not isinstance(row, dict) or field not in row]
        if missing:
            raise BadInputError(f"{path}:{number}: no field '{missing[0]}'")
        rows.append(row)
    return rows
