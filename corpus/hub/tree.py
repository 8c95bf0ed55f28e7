"""What a repo holds at a commit, against the files that a release consists of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi, RepoFile

from corpus.release.manifest import MANIFEST_NAME, FileEntry, Manifest
from corpus.release.shards import sha256_of

OF_THE_HUB = frozenset({".gitattributes"})
"""Files that the Hub puts into every repo."""


def files_at(repo: str, commit: str) -> dict[str, RepoFile]:
    """All files of a dataset repo at a commit, with what the Hub knows of them; the errors are the client's."""
    tree = HfApi().list_repo_tree(repo, repo_type="dataset", revision=commit, recursive=True)
    return {file.path: file for file in tree if isinstance(file, RepoFile)}


def entries_of(path: Path, manifest: Manifest) -> list[FileEntry]:
    """All files of a release, the manifest too, which does not name itself."""
    own = path / MANIFEST_NAME
    return [*manifest.files, FileEntry(path=MANIFEST_NAME, bytes=own.stat().st_size, sha256=sha256_of(own))]


@dataclass(frozen=True, slots=True)
class Difference:
    """Between the files of a release and those of a repo."""

    same: tuple[FileEntry, ...]
    other: tuple[FileEntry, ...]
    """The repo has a file of this path with other content."""
    missing: tuple[FileEntry, ...]
    extra: tuple[str, ...]
    """Paths that are no files of the release."""

    def __bool__(self) -> bool:
        return bool(self.other or self.missing or self.extra)

    def __str__(self) -> str:
        paths = [
            *(f"{entry.path} is another file" for entry in self.other),
            *(f"{entry.path} is missing" for entry in self.missing),
            *(f"{path} is too much" for path in self.extra),
        ]
        more = f" and {len(paths) - 3:,} more" if len(paths) > 3 else ""
        return ", ".join(paths[:3]) + more


def compare(folder: Path, entries: Iterable[FileEntry], found: Mapping[str, RepoFile]) -> Difference:
    """Compare a release with what a repo holds.

    Args:
        folder: Where the files of the release are.
        entries: Its files.
        found: Those of the repo, by path.
    """
    by_path = {entry.path: entry for entry in entries}
    same: list[FileEntry] = []
    other: list[FileEntry] = []
    missing: list[FileEntry] = []
    for path, entry in by_path.items():
        kind = missing if path not in found else same if _is_same(folder, entry, found[path]) else other
        kind.append(entry)
    extra = sorted(found.keys() - by_path.keys() - OF_THE_HUB)
    return Difference(tuple(same), tuple(other), tuple(missing), tuple(extra))


def _is_same(folder: Path, entry: FileEntry, file: RepoFile) -> bool:
    if file.lfs is not None:
        return (file.lfs.size, file.lfs.sha256) == (entry.bytes, entry.sha256)
    if file.size != entry.bytes:
        return False
    # Of files that stand in git itself the Hub knows git's own digest only; they are small.
    content = (folder / entry.path).read_bytes()
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
    return blob.hexdigest() == file.blob_id and hashlib.sha256(content).hexdigest() == entry.sha256
