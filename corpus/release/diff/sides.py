"""The two sides of a comparison: a manifest, and where the files that it names are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from corpus.errors import ReleaseError
from corpus.release.diff.wording import schema_changes
from corpus.release.loading import Release
from corpus.release.manifest import FileEntry, Manifest
from corpus.release.shards import sha256_of

FATES, WITHDRAWN_IDS = "ledger/[dq]*", "ledger/withdrawn*"
"""Files that say what became of each raw record, and what must not be in the release."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two releases that are compared; it need not be put together yet."""

    manifest: Manifest
    files: Mapping[str, Path]
    """Path in the release: where the file is now. Only data and ledger have to be there."""

    @classmethod
    def of(cls, release: Release, *, whole: bool = True) -> Side:
        """A release as it lies in its folder, or is fetched into it.

        Args:
            release: The release.
            whole: With all files, for the measurement of uploads; otherwise only those that say something of documents.

        Raises:
            ReleaseError: a file that has to be fetched cannot be had.
        """
        entries = [entry for entry in release.manifest.files if whole or _is_compared(entry)]
        release.fetch(entries)
        return cls(release.manifest, {entry.path: release.path / entry.path for entry in entries})

    @property
    def data(self) -> list[FileEntry]:
        """The files of all splits."""
        return [entry for entry in self.manifest.files if entry.split]

    def paths(self, pattern: str) -> list[str]:
        """Where the files of the release that match a pattern are."""
        return [str(self.files[entry.path]) for entry in self.manifest.files if fnmatch(entry.path, pattern)]

    def check(self) -> None:
        """See that the files with documents and fates are those of the manifest.

        Raises:
            ReleaseError: one is missing, damaged or altered.
        """
        for entry in filter(_is_compared, self.manifest.files):
            path = self.files[entry.path]
            try:
                sound = path.stat().st_size == entry.bytes and sha256_of(path) == entry.sha256
            except OSError as error:
                raise ReleaseError(f"{path}: cannot be read: {error.strerror}") from None
            if not sound:
                raise ReleaseError(f"{path}: damaged or altered: it is not the file of the manifest")


def _is_compared(entry: FileEntry) -> bool:
    return bool(entry.split) or any(fnmatch(entry.path, pattern) for pattern in (FATES, WITHDRAWN_IDS))


def different_data(old: Side, new: Side) -> tuple[list[FileEntry], list[FileEntry]]:
    """The data files of either side whose rows the other has in no file of its own.

    Files with the same bytes or the same digest of rows, in the same split, hold the same documents; ids are unique,
    so none of these is in any other file. Where columns differ, digests say nothing, and all files count.
    """
    if schema_changes(old.manifest.columns, new.manifest.columns):
        return old.data, new.data
    common = Counter(map(_rows, old.data)) & Counter(map(_rows, new.data))
    return _without(old.data, common.copy()), _without(new.data, common)


def _rows(entry: FileEntry) -> tuple[str | None, str | None]:
    return entry.split, entry.rows_digest


def _without(entries: list[FileEntry], common: Counter[tuple[str | None, str | None]]) -> list[FileEntry]:
    out = []
    for entry in entries:
        if common[_rows(entry)]:
            common[_rows(entry)] -= 1
        else:
            out.append(entry)
    return out
