"""A walk over the real Hub: `HF_TOKEN=... python -m tests.hub.smoke ORG`.

Makes a private dataset repo of a name of its own in ORG, publishes two versions of a made-up corpus with the command as
users run it, loads them again, and deletes the repo, whatever happened. The tests walk the same way over the server on
loopback, so that what the two do differently shows. Takes a minute or two and a few megabytes.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from huggingface_hub import HfApi

from tests.support import article, write_jsonl, write_recipe


class Walk:
    """The steps, each of which has to succeed; says what it does on stdout."""

    def __init__(self, repo: str, folder: Path) -> None:
        self._repo, self._folder, self._api = repo, folder, HfApi()

    def run(self) -> None:
        first, second, third = (self._build(version, pages) for version, pages in VERSIONS.items())
        self._step("a dry run", "publish", first, "--repo", self._repo, "--private", "--dry-run")
        self._killed(first)
        self._step("publishing after it was killed", "publish", first, "--repo", self._repo, "--private")
        self._expect(self._commits() == 2, "one commit beside the first")
        self._step("publishing once more", "publish", first, "--repo", self._repo)
        self._expect(self._commits() == 2, "no commit more")
        self._step("the next version", "publish", second, "--repo", self._repo)
        self._step("loading, whole", "load", self._repo, "--version", "1.0.0")
        self._step("verifying", "verify", f"{self._repo}@1.1.0")
        self._step("comparing", "diff", f"{self._repo}@1.0.0", f"{self._repo}@1.1.0")
        self._stream()
        self._build_from_hub()
        self._step("a pull request", "publish", third, "--repo", self._repo, "--create-pr")
        self._step("a pull request again", "publish", third, "--repo", self._repo, "--create-pr")
        self._expect(self._requests() == 1, "one pull request")
        self._step("a third version", "publish", third, "--repo", self._repo)
        retire = ["publish", "--repo", self._repo, "--retire", "1.0.0", "--yes"]
        self._step("retiring the first", *retire)
        self._expect("v1.0.0" not in self._tags(), "its tag is gone")
        self._step("erasing its history", *retire, "--erase-history", "--confirm", self._repo)
        self._step("the second is still what it was", "verify", f"{self._repo}@1.1.0")

    def _build(self, version: str, pages: int) -> str:
        raw = self._folder / "raw"
        rows = [{"url": f"https://a.example/{n}", "text": article(n)} for n in range(pages)]
        write_jsonl(raw / "pages.jsonl", rows)
        write_recipe(raw, [{"name": "press", "path": "*.jsonl"}], version=version, splits={"validation": 0.2})
        self._step(f"building {version}", "build", str(raw), "--dist", str(self._folder / "dist"))
        return str(self._folder / "dist" / "bridges" / f"bridges-{version}")

    def _step(self, what: str, *arguments: str) -> None:
        start = time.monotonic()
        done = _corpus(arguments, self._folder)
        if done.returncode:
            raise SystemExit(f"FAILED  {what}: corpus {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        print(f"ok  {what} ({time.monotonic() - start:.1f} s)", flush=True)

    def _expect(self, holds: bool, what: str) -> None:
        if not holds:
            raise SystemExit(f"FAILED  {what}")
        print(f"ok  {what}", flush=True)

    def _killed(self, release: str) -> None:
        """Start, and kill it as soon as the repo is there."""
        command = [sys.executable, "-m", "corpus", "publish", release, "--repo", self._repo, "--private"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as running:
            while running.poll() is None and not self._api.repo_exists(self._repo, repo_type="dataset"):
                time.sleep(0.05)
            running.send_signal(signal.SIGKILL)
        print("ok  killed", flush=True)

    def _stream(self) -> None:
        code = (
            "import sys, corpus; rows = corpus.load(sys.argv[1], version='1.1.0', split='train', streaming=True); "
            "print(sum(1 for _ in rows))"
        )
        done = subprocess.run([sys.executable, "-c", code, self._repo], capture_output=True, text=True, check=False)
        self._expect(done.returncode == 0 and int(done.stdout) > 0, f"streaming {done.stderr[-500:]}")

    def _build_from_hub(self) -> None:
        again = self._folder / "again"
        write_recipe(again, [{"name": "hub", "hub": f"{self._repo}@v1.1.0", "fields": {"text": "text"}}])
        self._step("building from it", "build", str(again), "--dist", str(self._folder / "again-dist"))

    def _commits(self) -> int:
        return len(list(self._api.list_repo_commits(self._repo, repo_type="dataset")))

    def _tags(self) -> list[str]:
        return [tag.name for tag in self._api.list_repo_refs(self._repo, repo_type="dataset").tags]

    def _requests(self) -> int:
        found = self._api.get_repo_discussions(self._repo, repo_type="dataset", discussion_status="open")
        return len(list(found))


VERSIONS = {"1.0.0": 400, "1.1.0": 420, "1.2.0": 440}
"""Pages of each version."""


def _corpus(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "corpus", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def main() -> None:
    """Walk, and delete the repo."""
    parser = argparse.ArgumentParser(prog="python -m tests.hub.smoke", description=__doc__)
    parser.add_argument("org", help="user or organisation to make the repo in")
    repo = f"{parser.parse_args().org}/corpus-press-smoke-{secrets.token_hex(4)}"
    print(f"{os.environ.get('HF_ENDPOINT', 'https://huggingface.co')}/datasets/{repo}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            Walk(repo, Path(folder)).run()
        finally:
            HfApi().delete_repo(repo, repo_type="dataset", missing_ok=True)
    print("ok  all, and the repo is deleted")


if __name__ == "__main__":
    main()
