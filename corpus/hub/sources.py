"""Sources of a recipe that are dataset repos: their commit, their files, and what is known of them without reading.

What was found out stays in the cache of the build, so that a commit is listed once, and without the Hub again.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from huggingface_hub import HfApi, constants, errors

from corpus._files import written
from corpus.errors import ReleaseError, UsageError
from corpus.hub.choosing import choose
from corpus.hub.stretches import HubFiles, asked
from corpus.hub.tree import files_at
from corpus.read import GIT_BLOB, SHA256, InputFile, RemoteFiles, Slice
from corpus.recipe import Source

MEMORY_NAME = "hub"
"""Folder of the cache that holds what is known of repos."""
_COMMIT = re.compile(r"[0-9a-f]{40}")
_EXPECTED = (errors.OfflineModeIsEnabled, errors.RepositoryNotFoundError, errors.RevisionNotFoundError)
_LOG_IN = "if it is private, log in with a token that may read it (`hf auth login`, or HF_TOKEN)"


@dataclass(frozen=True, slots=True)
class HubSource:
    """The files of a source at one commit of its repo."""

    place: HubFiles
    files: list[InputFile]
    """Sorted by path."""


def find_hub_files(source: Source, cache: Path) -> HubSource:
    """Resolve the revision of a source to a commit, and find its files at it.

    Args:
        source: Names a repo.
        cache: Folder of the build's cache.

    Raises:
        UsageError: there is no such repo, revision or file, or it may not be read.
        ReleaseError: the Hub does not answer, and what was asked for is not in the cache.
    """
    assert source.repo is not None
    where = f"source '{source.name}': {source.hub}"
    memory = _Memory(cache / MEMORY_NAME / source.repo.replace("/", "--"))
    commit = _commit(source.repo, source.revision, where, memory)
    place = HubFiles(source.repo, commit)
    known = memory.files(commit)
    if known is None:
        known = asked(where, lambda: _listed(place))
        memory.keep_files(commit, known)

    listed = known
    chosen = choose(source, where, sorted(listed), lambda path: memory.content(place, path, *listed[path]))
    files = [
        InputFile(source.name, path, format_, listed[path][0], known=listed[path][1])
        for path, format_ in chosen.items()
    ]
    return HubSource(place, files)


def _listed(place: HubFiles) -> dict[str, tuple[int, str]]:
    """Size and digest of all files of a commit by path; of those in LFS or Xet the Hub knows the SHA-256."""
    return {
        path: (file.lfs.size, SHA256 + file.lfs.sha256) if file.lfs else (file.size, GIT_BLOB + file.blob_id)
        for path, file in files_at(place.repo, place.commit).items()
    }


def _commit(repo: str, revision: str | None, where: str, memory: _Memory) -> str:
    """The commit that a revision names now; offline, the one that it named when it was last asked for."""
    if revision and _COMMIT.fullmatch(revision) and memory.files(revision) is not None:
        return revision
    api, before = HfApi(), memory.commit(revision)
    try:
        commit = str(asked(where, lambda: api.repo_info(repo, repo_type="dataset", revision=revision), _EXPECTED).sha)
    except errors.OfflineModeIsEnabled:
        if before is None:
            raise ReleaseError(f"{where}: HF_HUB_OFFLINE is set, and it was not read before") from None
        return before
    except errors.RevisionNotFoundError:
        raise UsageError(f"{where}: no such revision in the repo{_nearest_revisions(where, repo, revision)}") from None
    except errors.RepositoryNotFoundError:
        is_model = asked(where, lambda: api.repo_exists(repo, repo_type="model"))
        why = "is a model, no dataset" if is_model else f"no such dataset at {constants.ENDPOINT}; {_LOG_IN}"
        raise UsageError(f"{where}: {why}") from None
    except ReleaseError as error:
        hint = f"; HF_HUB_OFFLINE=1 takes {before[:7]}, which it was when last asked for" if before else ""
        raise ReleaseError(f"{error}{hint}") from None
    memory.keep_commit(revision, commit)
    return commit


def _nearest_revisions(where: str, repo: str, revision: str | None) -> str:
    refs = asked(where, lambda: HfApi().list_repo_refs(repo, repo_type="dataset"))
    names = [ref.name for ref in (*refs.branches, *refs.tags)]
    close = difflib.get_close_matches(str(revision), names, n=1, cutoff=0.5)
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return f"; did you mean {close[0]}?" if close else f"; it has {', '.join(names[:10])}{more}"


class _Memory:
    """What is known of a repo, in files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._revisions = folder / "revisions.json"

    def commit(self, revision: str | None) -> str | None:
        """What a revision was when it was last asked for; None for one that was not."""
        return self._commits().get(revision or "")

    def keep_commit(self, revision: str | None, commit: str) -> None:
        commits = self._commits()
        if commits.get(revision or "") != commit:
            self._write(self._revisions, json.dumps(commits | {revision or "": commit}).encode())

    def files(self, commit: str) -> dict[str, tuple[int, str]] | None:
        """Size and digest of all files of a commit by path, if it was listed."""
        try:
            lines = self._listing(commit).read_text(encoding="utf-8").splitlines()
            return {path: (size, digest) for path, size, digest in map(json.loads, lines)}
        except (OSError, ValueError):
            return None

    def keep_files(self, commit: str, files: Mapping[str, tuple[int, str]]) -> None:
        lines = (json.dumps([path, size, digest]) + "\n" for path, (size, digest) in files.items())
        self._write(self._listing(commit), "".join(lines).encode())

    def content(self, place: HubFiles, path: str, size: int, digest: str) -> bytes:
        """The bytes of a small file that says something about the repo; they are read once."""
        kept = self._folder / f"{place.commit}-{quote(path, safe='')}"
        if not kept.exists():
            self._write(kept, b"".join(RemoteFiles(place).whole(Slice(path, 0, size, 1, digest))))
        return kept.read_bytes()

    def _commits(self) -> dict[str, str]:
        try:
            commits: dict[str, str] = json.loads(self._revisions.read_bytes())
            return commits
        except (OSError, ValueError):
            return {}

    def _listing(self, commit: str) -> Path:
        return self._folder / f"{commit}.jsonl"

    def _write(self, path: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with written(path) as temporary:
            temporary.write_bytes(content)
