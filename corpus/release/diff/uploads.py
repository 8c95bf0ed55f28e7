"""Bytes of a release that a storage of content-defined chunks would take again, if it has the release before."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.errors import ReleaseError
from corpus.release.chunks import chunks_of
from corpus.release.diff.sides import Side


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """One file of the new release."""

    path: str
    bytes: int
    new_bytes: int
    """Bytes of its chunks that neither the old release nor a file before it has."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """What the upload of the new release costs."""

    bytes: int
    """Of all its files but the manifest."""
    new_bytes: int
    share: float
    """Of the bytes, 0 to 1, rounded to 4 digits."""
    files: tuple[UploadedFile, ...]
    """Those with new bytes, by path."""


def uploads(old: Side, new: Side) -> Uploads:
    """Measure the upload; see `corpus.release.chunks`. Files that both sides have are not read.

    Raises:
        ReleaseError: a file cannot be read.
    """
    had = {entry.sha256 for entry in old.manifest.files}
    have = {entry.sha256 for entry in new.manifest.files}
    try:
        known = {
            digest
            for entry in old.manifest.files
            if entry.path in old.files and entry.sha256 not in have
            for digest, _ in chunks_of(old.files[entry.path])
        }
        total, files = 0, []
        for entry in new.manifest.files:
            if entry.path not in new.files:
                continue
            total += entry.bytes
            fresh = 0
            if entry.sha256 not in had:
                had.add(entry.sha256)
                for digest, size in chunks_of(new.files[entry.path]):
                    if digest not in known:
                        known.add(digest)
                        fresh += size
            if fresh:
                files.append(UploadedFile(entry.path, entry.bytes, fresh))
    except OSError as error:
        raise ReleaseError(f"{error.filename}: cannot be read: {error.strerror}") from None
    new_bytes = sum(file.new_bytes for file in files)
    return Uploads(total, new_bytes, round(new_bytes / total, 4) if total else 0.0, tuple(files))
