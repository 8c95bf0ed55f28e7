"""What tests against the Hub on loopback share: putting releases there, and clients in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
        repo = self.server.repos.get(repo_id)
        assert repo is not None
        large = {path: self.server.lfs.put(content).to_bytes() for path, content in files.items() if ".parquet" in path}
        commit = repo.commit(f"release {tag}", files | large, deleted or ())
        if tag:
            repo.tag(tag, commit)
        return commit

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python on that machine: the libraries read where the Hub is when they are imported."""
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
        cleared = {name: value for name, value in os.environ.items() if name != "HF_TOKEN"}
        return subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=cleared | own | environment,
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
