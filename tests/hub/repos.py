"""Repos as real bare git repositories, through the `git` command."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.hub.lfs import MAX_POINTER_BYTES, LfsStore, Pointer

ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"
"""What the Hub puts into a new repo as .gitattributes."""

NONE = "0" * 40
"""What git calls the commit of a ref that is not there."""
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


class StaleError(Exception):
    """A ref is not where it was said to be."""


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


@dataclass(frozen=True, slots=True)
class Change:
    """A commit as history tells it."""

    oid: str
    title: str
    message: str
    """What follows the title."""
    author: str
    at: int
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """How a large file came into the repo."""

    filename: str
    ref: str
    size: int


@dataclass(frozen=True, slots=True)
class PullRequest:
    """Changes that somebody proposes; they are in `refs/pr/{number}`."""

    number: int
    title: str
    author: str


@dataclass
class Repo:
    """One bare repository, its large files, and who may read it."""

    id: str
    """`org/name`."""
    folder: Path
    private: bool = False
    gated: bool = False
    lfs: LfsStore = field(init=False)
    pushed: dict[str, Pushed] = field(default_factory=dict)
    """Every large file that a commit ever held, by its SHA-256, until it is deleted for good."""
    pull_requests: list[PullRequest] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    """Held by whoever changes several things of the repo that belong together."""
    _pointers: dict[str, Pointer | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.git("init", "--quiet", "--bare", "--initial-branch=main")
        self.lfs = LfsStore(self.folder / "lfs")

    @property
    def namespace(self) -> str:
        return self.id.split("/")[0]

    def resolve(self, revision: str) -> str | None:
        """The commit that a branch, tag or commit names."""
        is_commit = re.fullmatch(r"[0-9a-f]{40}", revision)
        for ref in (revision,) if is_commit else (f"refs/heads/{revision}", f"refs/tags/{revision}", revision):
            found = self._try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
            if found is not None:
                return found.decode().strip()
        return None

    def refs(self, kind: str) -> dict[str, str]:
        """Commits by name of the branches (`heads`), `tags` or pull requests (`pr`)."""
        listed = self.git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", f"refs/{kind}").decode()
        return dict(line.split(" ", 1) for line in listed.splitlines())

    def entries(self, commit: str, below: str = "", *, recursive: bool = False) -> Iterator[Entry]:
        """Files and folders of a commit, below a folder of it."""
        options = ["-r", "-t"] if recursive else []
        listed = self.git("ls-tree", "-l", "-z", *options, f"{commit}:{below}").decode().split("\0")[:-1]
        rows = [(*head.split(), name) for head, name in (line.split("\t", 1) for line in listed)]
        self._read_pointers(oid for _, kind, oid, size, _ in rows if kind == "blob" and int(size) <= MAX_POINTER_BYTES)
        for _, kind, oid, size, name in rows:
            path = f"{below}/{name}" if below else name
            if kind == "tree":
                yield Entry("directory", oid, 0, path, None)
            else:
                yield Entry("file", oid, int(size), path, self._pointers.get(oid))

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

    def history(self, commit: str) -> list[Change]:
        """A commit and all before it, newest first."""
        listed = self.git("log", "-z", "--topo-order", "--format=%H%x1f%s%x1f%b%x1f%an%x1f%ct", commit).decode()
        rows = (record.split("\x1f") for record in listed.split("\0") if record)
        return [Change(oid, title, message.strip(), author, int(at)) for oid, title, message, author, at in rows]

    def commit(
        self, message: str, files: Mapping[str, bytes], deleted: Iterable[str] = (), author: str = "press"
    ) -> str:
        """Put a commit on main; answer it."""
        with self.lock:
            head = self.resolve("main")
            commit = self.write(message, files, deleted, parent=head, author=author)
            self.move("refs/heads/main", commit, head or NONE)
            return commit

    def write(
        self,
        message: str,
        files: Mapping[str, bytes],
        deleted: Iterable[str] = (),
        *,
        parent: str | None,
        author: str = "press",
    ) -> str:
        """Write a commit that no ref points to yet."""
        with tempfile.TemporaryDirectory() as folder:
            contents = [Path(folder) / str(number) for number in range(len(files))]
            for path, content in zip(contents, files.values(), strict=True):
                path.write_bytes(content)
            given = "".join(f"{path}\n" for path in contents).encode()
            oids = self.git("hash-object", "-w", "--no-filters", "--stdin-paths", given=given).decode().split()
            lines = [f"0 {NONE}\t{path}" for path in deleted]
            lines += [f"100644 {oid}\t{path}" for path, oid in zip(files, oids, strict=True)]
            tree = self._tree(parent, lines, Path(folder) / "index")
        return self.write_tree(message, tree, [parent] if parent else [], author)

    def write_tree(self, message: str, tree: str, parents: Iterable[str], author: str) -> str:
        """Write a commit of a tree that is there."""
        options = [part for parent in parents for part in ("-p", parent)]
        named = {"GIT_AUTHOR_NAME": author}
        given = message.encode()
        return self.git("commit-tree", tree, *options, given=given, environment=named).decode().strip()

    def move(self, ref: str, commit: str | None, old: str) -> None:
        """Point a ref to a commit, or take it away, if it is still where it was; else StaleError.

        git looks and moves in one step, so of two at once one is refused.
        """
        change = ["-d", ref] if commit is None else [ref, commit]
        if self._try("update-ref", *change, old) is None:
            raise StaleError(ref)
        if commit is not None:
            self._take_note(ref, commit)

    def tag(self, name: str, commit: str) -> None:
        """Set a tag, also one that is there."""
        self.git("update-ref", f"refs/tags/{name}", commit)

    def forget(self, oids: Collection[str], *, rewrite: bool) -> None:
        """Delete large files for good; with `rewrite` no commit of a ref points to them afterwards."""
        with self.lock:
            if rewrite:
                self._rewrite(oids)
            self.lfs.delete(oids)
            for oid in oids:
                self.pushed.pop(oid, None)

    def attributes(self, commit: str, paths: Collection[str], ignore: bytes | None = None) -> tuple[set[str], set[str]]:
        """Which of some paths .gitattributes puts into LFS, and which .gitignore (or rules given) leaves out."""
        with tempfile.TemporaryDirectory() as folder:
            for name, given in ((".gitattributes", None), (".gitignore", ignore)):
                entry = self.entry(commit, name)
                rules = given if given is not None else self.blob(entry.oid) if entry else b""
                (Path(folder) / name).write_bytes(rules)
            options = [f"--git-dir={self.folder}", f"--work-tree={folder}", "-c", "core.bare=false"]
            given = "".join(f"{path}\0" for path in paths).encode()
            answers = self.git(*options, "check-attr", "-z", "--stdin", "filter", given=given, within=folder)
            fields = answers.decode().split("\0")
            large = {path for path, value in zip(fields[::3], fields[2::3], strict=False) if value == "lfs"}
            try:
                found = self.git(*options, "check-ignore", "--no-index", "-z", "--stdin", given=given, within=folder)
            except subprocess.CalledProcessError as error:
                if error.returncode != 1:  # 1 is: none of them.
                    raise
                found = b""
            return large, set(found.decode().split("\0")[:-1])

    def git(
        self,
        *arguments: str,
        given: bytes = b"",
        environment: Mapping[str, str] | None = None,
        within: str | Path | None = None,
    ) -> bytes:
        return subprocess.run(
            ["git", *arguments],
            cwd=within or self.folder,
            input=given,
            env=os.environ | _ENVIRONMENT | dict(environment or {}),
            capture_output=True,
            check=True,
        ).stdout

    def _try(self, *arguments: str) -> bytes | None:
        try:
            return self.git(*arguments)
        except subprocess.CalledProcessError:
            return None

    def _tree(self, base: str | None, lines: Iterable[str], index: Path) -> str:
        """Write the tree of a commit with entries of it changed."""
        environment = {"GIT_INDEX_FILE": str(index)}
        self.git("read-tree", base or "--empty", environment=environment)
        given = "".join(f"{line}\0" for line in lines).encode()
        self.git("update-index", "-z", "--index-info", given=given, environment=environment)
        return self.git("write-tree", environment=environment).decode().strip()

    def _rewrite(self, oids: Collection[str]) -> None:
        """Write all commits anew without pointers to some large files, oldest first, and move the refs."""
        new: dict[str, str] = {}
        listed = self.git("rev-list", "--topo-order", "--reverse", "--parents", "--all").decode().splitlines()
        for commit, *parents in (line.split() for line in listed):
            gone = [e.path for e in self.entries(commit, recursive=True) if e.lfs is not None and e.lfs.oid in oids]
            moved = [new[parent] for parent in parents]
            new[commit] = commit
            if gone or moved != parents:
                message, author = self.git("show", "-s", "--format=%B%x1f%an", commit).decode().strip().split("\x1f")
                with tempfile.TemporaryDirectory() as folder:
                    tree = self._tree(commit, [f"0 {NONE}\t{path}" for path in gone], Path(folder) / "index")
                new[commit] = self.write_tree(message.strip(), tree, moved, author)
        for line in self.git("for-each-ref", "--format=%(refname) %(objectname)").decode().splitlines():
            ref, commit = line.split(" ")
            self.move(ref, new[commit], commit)

    def _take_note(self, ref: str, commit: str) -> None:
        for entry in self.entries(commit, recursive=True):
            if entry.lfs is not None:
                self.pushed.setdefault(entry.lfs.oid, Pushed(entry.path, ref, entry.lfs.size))

    def _read_pointers(self, oids: Iterable[str]) -> None:
        """Find out which of some blobs are pointers, all those that are not known by one call of git."""
        unknown = [oid for oid in oids if oid not in self._pointers]
        if not unknown:
            return
        answer = io.BytesIO(self.git("cat-file", "--batch", given="".join(f"{oid}\n" for oid in unknown).encode()))
        for oid in unknown:
            size = int(answer.readline().split()[2])
            self._pointers[oid] = Pointer.read(answer.read(size))
            answer.read(1)


class Repos:
    """All repos of a Hub, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._repos: dict[str, Repo] = {}
        self._lock = threading.Lock()

    def create(self, repo_id: str, *, private: bool = False, gated: bool = False, kind: str = "datasets") -> Repo:
        """A new repo; FileExistsError if it is there."""
        with self._lock:
            folder = self._folder / kind / f"{repo_id}.git"
            folder.mkdir(parents=True)
            repo = Repo(repo_id, folder, private, gated)
            repo.commit("initial commit", {".gitattributes": ATTRIBUTES})
            self._repos[f"{kind}/{repo_id}"] = repo
            return repo

    def get(self, repo_id: str) -> Repo | None:
        """A dataset."""
        return self.at(f"datasets/{repo_id}")

    def at(self, key: str) -> Repo | None:
        """What is at `datasets/org/name` or `models/org/name`."""
        return self._repos.get(key)

    def __iter__(self) -> Iterator[Repo]:
        return iter(list(self._repos.values()))

    def delete(self, key: str) -> None:
        with self._lock:
            repo = self._repos.pop(key)
            shutil.rmtree(repo.folder)

    def clear(self) -> None:
        for key in list(self._repos):
            self.delete(key)
