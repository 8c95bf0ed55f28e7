"""Dataset repos as real bare git repositories, through the `git` command."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.hub.lfs import MAX_POINTER_BYTES, Pointer

ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"
"""What the Hub puts into a new repo as .gitattributes."""

_NONE = "0" * 40
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "press",
    "GIT_AUTHOR_EMAIL": "press@hub.example",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "press",
    "GIT_COMMITTER_EMAIL": "press@hub.example",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder of a commit."""

    type: str
    """`file` or `directory`."""
    oid: str
    """Of the git object."""
    size: int
    """Bytes of the git object; 0 for a folder."""
    path: str
    lfs: Pointer | None


@dataclass
class Repo:
    """One bare repository, and who may read it."""

    id: str
    """`org/name`."""
    folder: Path
    private: bool = False
    gated: bool = False
    _pointers: dict[str, Pointer | None] = field(default_factory=dict)

    def resolve(self, revision: str) -> str | None:
        """The commit that a branch, tag or commit names."""
        for ref in (f"refs/heads/{revision}", f"refs/tags/{revision}", revision):
            found = self._try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
            if found is not None:
                return found.decode().strip()
        return None

    def refs(self, kind: str) -> dict[str, str]:
        """Commits by name of the branches (`heads`) or `tags`."""
        listed = self.git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", f"refs/{kind}").decode()
        return dict(line.split(" ", 1) for line in listed.splitlines())

    def entries(self, commit: str, below: str = "", *, recursive: bool = False) -> Iterator[Entry]:
        """Files and folders of a commit, below a folder of it."""
        tree = f"{commit}:{below}"
        options = ["-r", "-t"] if recursive else []
        for line in self.git("ls-tree", "-l", "-z", *options, tree).split(b"\0")[:-1]:
            head, name = line.decode().split("\t")
            _, kind, oid, size = head.split()
            path = f"{below}/{name}" if below else name
            if kind == "tree":
                yield Entry("directory", oid, 0, path, None)
            else:
                yield Entry("file", oid, int(size), path, self._pointer(oid, int(size)))

    def entry(self, commit: str, path: str) -> Entry | None:
        """One file or folder of a commit."""
        below, _, _ = path.rpartition("/")
        if below and self._try("cat-file", "-e", f"{commit}:{below}") is None:
            return None
        return next((entry for entry in self.entries(commit, below) if entry.path == path), None)

    def blob(self, oid: str) -> bytes:
        return self.git("cat-file", "blob", oid)

    def committed_at(self, commit: str) -> int:
        """Seconds since 1970."""
        return int(self.git("show", "-s", "--format=%ct", commit))

    def commit(self, message: str, files: Mapping[str, bytes], deleted: Iterable[str] = ()) -> str:
        """Put a commit on main; answer it."""
        parent = self.resolve("main")
        blobs = {path: self.git("hash-object", "-w", "--stdin", given=content) for path, content in files.items()}
        lines = [f"100644 {oid.decode().strip()}\t{path}" for path, oid in blobs.items()]
        lines += [f"0 {_NONE}\t{path}" for path in deleted]
        given = "".join(f"{line}\n" for line in lines).encode()
        index = {"GIT_INDEX_FILE": str(self.folder / "index.press")}
        self.git("read-tree", parent or "--empty", environment=index)
        self.git("update-index", "--index-info", given=given, environment=index)
        tree = self.git("write-tree", environment=index).decode().strip()
        parents = ["-p", parent] if parent else []
        commit = self.git("commit-tree", tree, *parents, "-m", message).decode().strip()
        # Moves the branch only if nobody else has meanwhile.
        self.git("update-ref", "refs/heads/main", commit, parent or _NONE)
        return commit

    def tag(self, name: str, commit: str) -> None:
        """Set a tag, also one that is there."""
        self.git("update-ref", f"refs/tags/{name}", commit)

    def git(self, *arguments: str, given: bytes = b"", environment: dict[str, str] | None = None) -> bytes:
        return subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            input=given,
            env=os.environ | _ENVIRONMENT | (environment or {}),
            capture_output=True,
            check=True,
        ).stdout

    def _try(self, *arguments: str) -> bytes | None:
        try:
            return self.git(*arguments)
        except subprocess.CalledProcessError:
            return None

    def _pointer(self, oid: str, size: int) -> Pointer | None:
        if oid not in self._pointers:
            self._pointers[oid] = Pointer.read(self.blob(oid)) if size <= MAX_POINTER_BYTES else None
        return self._pointers[oid]


class Repos:
    """All repos of a Hub, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._repos: dict[str, Repo] = {}

    def create(self, repo_id: str, *, private: bool = False, gated: bool = False) -> Repo:
        folder = self._folder / f"{repo_id}.git"
        folder.mkdir(parents=True)
        repo = Repo(repo_id, folder, private, gated)
        repo.git("init", "--quiet", "--bare", "--initial-branch=main")
        repo.commit("initial commit", {".gitattributes": ATTRIBUTES})
        self._repos[repo_id] = repo
        return repo

    def get(self, repo_id: str) -> Repo | None:
        return self._repos.get(repo_id)
