"""What goes through this room: files, their digests, parts of work, records and rejections.

All are plain frozen values that can be pickled, and turned to JSON with `dataclasses.asdict`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from corpus.recipe import Format

DEFAULT_PART_BYTES = 8 << 20
"""Size of one part of work: large enough to make a task worth its start, small enough to spread."""

KeptValue = str | int | float | bool | None
FieldValue = str | datetime.date | None


class Fields(TypedDict, total=False):
    """Fields of ours that a record has a column for; `corpus.clean` takes them under the same names."""

    title: str | None
    url: str | None
    author: str | None
    credit: str | None
    published: datetime.date | None


@dataclass(frozen=True, slots=True)
class InputFile:
    """One raw file of a source."""

    source: str
    path: str
    """Relative to the root, with forward slashes; may start with `../`."""
    format: Format
    size: int
    """Bytes before anything is unpacked."""
    mtime_ns: int = 0
    """Time of the last change; good for noticing one, never part of a result."""
    known: str = ""
    """Digest that is known before a byte is read, as in `Range`; empty for files on this machine."""


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of a file that can be read alone."""

    start: int
    """Offset of the first byte."""
    end: int
    """Offset behind the last byte."""
    first_line: int
    """1-based number of the line that starts at `start`."""
    digest: str
    """XXH3-128 of the bytes, 32 hex digits; `SHA256` or `GIT_BLOB` and hex digits where the file was not read for it;
    or `UNREADABLE` and the reason."""


@dataclass(frozen=True, slots=True)
class FileDigest:
    """The content of a file, in numbers."""

    sha256: str
    """Hex digits; empty for a file that cannot be read, or was not yet."""
    ranges: tuple[Range, ...]
    """The whole file without gaps; at least one range, also for an empty file."""


SHA256 = "sha256:"
"""Start of the digest of a whole file."""
GIT_BLOB = "git:"
"""Start of the digest of a whole file by which git names it: SHA-1 of its size and bytes."""
UNREADABLE = "unreadable: "
"""Start of the digest of a file that could not be opened; the system's reason follows."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A range of a named file."""

    path: str
    start: int
    end: int
    first_line: int
    digest: str


@dataclass(frozen=True, slots=True)
class Part:
    """A unit of work; equal parts give equal records, so its content can go into a task key."""

    source: str
    format: Format
    slices: tuple[Slice, ...]
    fields: tuple[tuple[str, str], ...]
    """Pairs of our field and the source's column, sorted."""
    keep: tuple[tuple[str, str], ...]
    """Pairs of a column to carry along and its type, sorted."""
    max_document_bytes: int
    """Larger records are rejected unread."""
    encoding: str | None = None
    """Canonical name of the encoding that the recipe declares; null to find out."""

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Part:
        """The part that `dataclasses.asdict` was made of, also after a way through JSON."""
        return cls(
            source=raw["source"],
            format=raw["format"],
            slices=tuple(Slice(**slice_) for slice_ in raw["slices"]),
            fields=tuple((ours, theirs) for ours, theirs in raw["fields"]),
            keep=tuple((column, type_) for column, type_ in raw["keep"]),
            max_document_bytes=raw["max_document_bytes"],
            encoding=raw["encoding"],
        )


@dataclass(frozen=True, slots=True)
class Record:
    """One raw document."""

    path: str
    position: int
    """1-based line (jsonl), data row (csv, parquet) or value (a JSON array); 1 for a text file."""
    text: str
    raw_hash: str
    """XXH3-128 of the raw record, 32 hex digits; of a line or row, of its UTF-8."""
    fields: Fields
    kept: dict[str, KeptValue]
    """Every carried-along column by its name in the release; null where the record has none."""
    encoding: str = "utf-8"
    """Canonical name of the encoding that the file was read in."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record, or the rest of a file, that cannot be used."""

    path: str
    position: int | None
    """As in `Record`; null where the file as a whole is meant."""
    reason: str
    """Stable code: empty_file, undecodable, binary, too_large, truncated, corrupt, not_json,
    not_an_object, no_text, bad_field, bad_row or unreadable."""
    detail: str
    """One short line for a person."""


class RejectedError(Exception):
    """A record cannot be used. Carries the reason and the detail of the `Rejected` to come."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def at(self, path: str, position: int | None) -> Rejected:
        """The finding, with its place."""
        return Rejected(path, position, self.reason, short(self.detail, 300))


def short(words: str, max_chars: int = 40) -> str:
    """Foreign words made fit for a message: one line, printable, at most `max_chars` characters."""
    start = words[: max_chars + 1]
    line = "".join(c if c.isprintable() else " " for c in start)
    return line if len(line) <= max_chars else line[: max_chars - 1] + "…"
