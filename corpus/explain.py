"""One document line by line: what stays, what goes, and the rule that took it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.clean import Cleaned, Removed, clean
from corpus.clean.repair import repair
from corpus.errors import BadInputError, UsageError
from corpus.read import digest_file, find_files, plan_parts, read_part
from corpus.read.records import Record
from corpus.recipe import Limits, Source

_WHOLE_FILE = 1 << 62
_FIELDS = ("title", "url", "author", "credit", "published", "language", "language_score")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cleaned document and the lines that it had before."""

    place: str
    lines: tuple[str, ...]
    """All lines of the repaired text; the first is line 1 of `cleaned.removed`."""
    cleaned: Cleaned

    @property
    def fields(self) -> dict[str, Any]:
        """Fields of the document by name."""
        return {name: getattr(self.cleaned, name) for name in _FIELDS}

    @property
    def removed(self) -> dict[int, Removed]:
        """Removed lines by their number."""
        return {line.line: line for line in self.cleaned.removed}

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain values."""
        return {"place": self.place, **asdict(self.cleaned)}


def explain_file(file: Path, record: int = 1) -> Explanation:
    """Clean one document of a file.

    Args:
        file: A file that `corpus clean` takes.
        record: Which of its documents, counted from 1.

    Raises:
        UsageError: there is no such file, or it holds fewer documents.
        BadInputError: the document cannot be read.
    """
    root = Path.cwd()
    source = Source(name="input", path=str(file))
    if file.is_dir():
        raise UsageError(f"{file}: a folder; name one file")
    files = find_files(source, root)
    limit = round(Limits().max_document_mb * 1_000_000)
    found = 0
    for raw in files:
        digests = {raw.path: digest_file(raw, root, _WHOLE_FILE)}
        for part in plan_parts(source, [raw], digests, part_bytes=_WHOLE_FILE, max_document_bytes=limit):
            for item in read_part(part, root):
                found += 1
                if found < record:
                    continue
                place = item.path if item.position is None else f"{item.path}:{item.position}"
                if not isinstance(item, Record):
                    raise BadInputError(f"{place}: {item.reason}: {item.detail}")
                cleaned = clean(item.text, **item.fields)
                return Explanation(place, tuple(repair(item.text).split("\n")), cleaned)
    raise UsageError(f"{file}: it holds {found} document{'s' * (found != 1)}, not {record}")
