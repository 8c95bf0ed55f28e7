"""The digest of a file, and of the ranges it is read in."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

import xxhash

from corpus.errors import InputChangedError
from corpus.read._open import READ_BYTES
from corpus.read.encoding import SAMPLE_BYTES, begins_as_utf8
from corpus.read.formats import compression
from corpus.read.json_values import is_line_delimited
from corpus.read.records import SHA256, UNREADABLE, FileDigest, InputFile, Part, Range
from corpus.read.remote import RemoteFiles, Root


def digest_file(file: InputFile, root: Path, part_bytes: int) -> FileDigest:
    """Read a file once, in constant memory, and tell its content.

    Uncompressed JSON Lines that begin as UTF-8 are cut into ranges of about `part_bytes` at line starts; where
    a cut falls depends only on the bytes before it, so a file that grows keeps its ranges but for the last.
    Other files are one range.

    A file that cannot be opened has one empty range whose digest says why; `read_part` makes it a rejection. One of
    which something is known already is not opened, and is one range too.
    """
    if file.known:
        sha256 = file.known.removeprefix(SHA256) if file.known.startswith(SHA256) else ""
        return FileDigest(sha256, (Range(0, file.size, 1, file.known),))
    whole = hashlib.sha256()
    try:
        with (root / file.path).open("rb", buffering=0) as stream:
            chunk = stream.read(max(READ_BYTES, SAMPLE_BYTES))
            cutter = _Cutter(part_bytes if _can_be_cut(file, chunk) else None)
            while chunk:
                whole.update(chunk)
                cutter.take(chunk)
                chunk = stream.read(READ_BYTES)
    except OSError as error:
        return FileDigest("", (Range(0, 0, 1, f"{UNREADABLE}{error.strerror}"),))
    return FileDigest(whole.hexdigest(), cutter.finish())


def check_unchanged(part: Part, root: Root, rejected: Collection[str] = ()) -> None:
    """See that the files of a part still hold what was hashed before they were read.

    Files that are somewhere else were compared while they were read to their end. One that was not, because something
    is wrong with it, is read once more, to tell a damaged file from one that came damaged; and one of which its place
    knows no SHA-256, to find that out.

    Args:
        part: What was read.
        root: Where its files are.
        rejected: Reasons for which records or files of the part were rejected.

    Raises:
        InputChangedError: a file does not hold it, so what was read may be neither the old nor the new content.
        BuildError: one that is somewhere else came with other bytes than it has.
    """
    if isinstance(root, RemoteFiles):
        # Pages of Parquet that came damaged are found out by their own sums; records that are too large end nothing.
        doubtful = set(rejected) & {"corrupt"} if part.format == "parquet" else set(rejected) - {"too_large"}
        for slice_ in part.slices:
            if doubtful or not slice_.digest.startswith(SHA256):
                root.prove(slice_)
        return
    for slice_ in part.slices:
        if slice_.digest.startswith(UNREADABLE):
            continue
        changed = InputChangedError(f"{slice_.path}: changed while it was being read; build again when it is still")
        digest = xxhash.xxh3_128()
        try:
            with (root / slice_.path).open("rb", buffering=0) as stream:
                stream.seek(slice_.start)
                left = slice_.end - slice_.start
                while left and (chunk := stream.read(min(left, READ_BYTES))):
                    digest.update(chunk)
                    left -= len(chunk)
        except OSError as error:
            raise changed from error
        if digest.hexdigest() != slice_.digest:
            raise changed


def _can_be_cut(file: InputFile, start_of_file: bytes) -> bool:
    start = start_of_file[:SAMPLE_BYTES]
    return (
        file.format == "jsonl"
        and compression(file.path) is None
        and begins_as_utf8(start, whole=len(start_of_file) == len(start))
        and is_line_delimited(file.path, start)
    )


class _Cutter:
    """Cuts a stream of chunks into ranges behind the first line end at or after `part_bytes`."""

    def __init__(self, part_bytes: int | None) -> None:
        self._part_bytes = part_bytes
        self._ranges: list[Range] = []
        self._offset = 0
        self._start = 0
        self._first_line = 1
        self._lines = 0
        self._hash = xxhash.xxh3_128()

    def take(self, chunk: bytes) -> None:
        base = self._offset
        while (end := self._cut(chunk, base)) is not None:
            self._add(chunk[self._offset - base : end - base])
            self._close()
        self._add(chunk[self._offset - base :])

    def _cut(self, chunk: bytes, base: int) -> int | None:
        """Offset in the file at which the open range ends, None when not within the chunk."""
        if self._part_bytes is None:
            return None
        earliest = max(self._start + self._part_bytes - 1, self._offset)
        newline = chunk.find(b"\n", earliest - base)
        return None if newline < 0 else base + newline + 1

    def _add(self, piece: bytes) -> None:
        self._hash.update(piece)
        self._lines += piece.count(b"\n")
        self._offset += len(piece)

    def _close(self) -> None:
        self._ranges.append(Range(self._start, self._offset, self._first_line, self._hash.hexdigest()))
        self._start = self._offset
        self._first_line += self._lines
        self._lines = 0
        self._hash.reset()

    def finish(self) -> tuple[Range, ...]:
        if self._offset > self._start or not self._ranges:
            self._close()
        return tuple(self._ranges)
