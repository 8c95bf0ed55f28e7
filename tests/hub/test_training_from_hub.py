"""The training example on a release that is in a repo on the Hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub.hub_helpers import Hub
from tests.training.training_helpers import SCRIPT, SMALL, run_here, seen


def test_version_on_the_hub_is_streamed_as_the_same_batches_as_from_its_folder(
    published: Hub, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = [*SMALL, "--batch-size", "2", "--workers", "2"]
    done = published.run(str(SCRIPT), "org/bridges@1.0.0", "--out", "run", *how, OMP_NUM_THREADS="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert run_here(monkeypatch, first, "--out", tmp_path / "run", *how) is None
    assert len(seen(tmp_path / "run")) > 5
    assert seen(published.folder / "run") == seen(tmp_path / "run")
    blobs = (published.folder / "hf" / "hub").glob("datasets--org--bridges/snapshots/*/data/*")
    assert list(blobs) == []


def test_version_that_the_repo_does_not_have_is_said_in_a_line(published: Hub) -> None:
    done = published.run(str(SCRIPT), "org/bridges@9.9.9", "--out", "run")
    said = "train.py: org/bridges: no version 9.9.9 in the repo; it has 1.0.0, 1.1.0\n"
    assert (done.returncode, done.stderr) == (1, said)
