"""What tests against the Hub on loopback share: putting releases there, and clients in processes of their own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.hub.accounts import Account
from tests.hub.repos import Change, Repo
from tests.hub.server import HubServer
from tests.support import tree


class Hub:
    """A server, and a machine whose caches know nothing but what they had from it."""

    def __init__(self, server: HubServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        folder.mkdir(parents=True)

    def publish(self, repo_id: str, release: Path, tag: str | None = None) -> str:
        """Make the head of a repo hold just the files of a folder; answer the commit."""
        repo = self.server.repos.get(repo_id) or self.server.repos.create(repo_id)
        files = tree(release)
        there = {entry.path for entry in repo.entries("main", recursive=True) if entry.type == "file"}
        return self.commit(repo_id, files, tag, deleted=there - files.keys() - {".gitattributes"})

    def commit(
        self, repo_id: str, files: dict[str, bytes], tag: str | None = None, *, deleted: set[str] | None = None
    ) -> str:
        """Change files of a repo; Parquet goes into LFS."""
        repo = self.repo(repo_id)
        large = {path: repo.lfs.put(content).to_bytes() for path, content in files.items() if ".parquet" in path}
        commit = repo.commit(f"release {tag}", files | large, deleted or ())
        if tag:
            repo.tag(tag, commit)
        return commit

    def repo(self, repo_id: str) -> Repo:
        """A dataset that is there."""
        repo = self.server.repos.get(repo_id)
        assert repo is not None, f"no {repo_id}"
        return repo

    def login(self, name: str, *organisations: str, may_write: bool = True) -> str:
        """A token of an account, for HF_TOKEN."""
        token = f"hf_{hashlib.sha256(name.encode()).hexdigest()[:34]}"
        self.server.tokens[token] = Account(name, organisations, may_write)
        return token

    def files(self, repo_id: str, revision: str = "main") -> dict[str, bytes]:
        """Content of all files of a revision by path, large ones from their store."""
        repo = self.repo(repo_id)
        commit = repo.resolve(revision)
        assert commit is not None, f"no {revision}"
        return {
            entry.path: repo.lfs.path(entry.lfs.oid).read_bytes() if entry.lfs else repo.blob(entry.oid)
            for entry in repo.entries(commit, recursive=True)
            if entry.type == "file"
        }

    def commits(self, repo_id: str, revision: str = "main") -> list[Change]:
        """The history of a revision, newest first."""
        return self.repo(repo_id).history(revision)

    def tags(self, repo_id: str) -> dict[str, str]:
        """Commits by name of tag."""
        return self.repo(repo_id).refs("tags")

    def environment(self, **changes: str) -> dict[str, str]:
        """What a client on that machine needs to find the Hub: the libraries read it when they are imported."""
        own = {
            "HF_ENDPOINT": self.server.endpoint,
            "HF_HOME": str(self.folder / "hf"),
            "HF_DATASETS_CACHE": str(self.folder / "hf" / "datasets"),
            "HF_HUB_OFFLINE": "0",
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "NO_PROXY": "127.0.0.1,localhost",
        }
        cleared = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING_FACE_"))}
        return cleared | own | changes

    def forget(self) -> None:
        """Empty all caches, as on a machine that was never used."""
        shutil.rmtree(self.folder / "hf", ignore_errors=True)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python on that machine."""
        return subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=self.environment(**environment),
        )

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command on that machine, leading a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "corpus", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self.environment(**environment),
            start_new_session=True,
        )

    def corpus(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command on that machine."""
        return self.run("-m", "corpus", *arguments, **environment)

    def python(self, code: str, **environment: str) -> Any:
        """Run lines of Python there that must succeed; answer what they leave in `out`, as JSON would."""
        done = self.run("-c", f"{code}\nimport json\nprint(json.dumps(out, default=str))", **environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def refusal(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run a command there that must fail in one line; answer the exit code and the line."""
        done = self.corpus(*arguments, **environment)
        lines = done.stderr.splitlines()
        assert (done.returncode != 0, done.stdout, len(lines)) == (True, "", 1), done.stdout + done.stderr
        return done.returncode, lines[0]


@contextmanager
def running_hub(folder: Path) -> Iterator[Hub]:
    with HubServer(folder / "server") as server:
        yield Hub(server, folder / "machine")
        if server.crashes:
            raise server.crashes[0]
