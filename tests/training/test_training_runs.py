"""The training example as a user runs it: it learns, survives being killed, and says in a line what is wrong."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.training_helpers import log, run, run_here, seen, start


def weights(folder: Path) -> dict[str, torch.Tensor]:
    saved: dict[str, Any] = torch.load(folder / "checkpoint.pt", weights_only=True)
    return dict(saved["model"])


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_loss_on_documents_that_are_held_out_falls(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = "--steps 120 --batch-size 8 --width 64 --evaluate-every 40 --learning-rate 0.005 --epochs 9 --workers 0"
    assert run_here(monkeypatch, release, "--out", tmp_path, *how.split()) is None
    losses = [line["held_out_loss"] for line in log(tmp_path) if "held_out_loss" in line]
    assert len(losses) == 3
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < log(tmp_path)[0]["loss"] - 1.5


def test_run_that_was_killed_goes_on_with_the_next_batch_to_the_same_weights(release: Path, tmp_path: Path) -> None:
    """In the second epoch; steps that were run again are in the log twice, both times with the same batch."""
    how = "--batch-size 32 --steps 50 --epochs 9 --checkpoint-every 7 --workers 2".split()
    run(release, "--out", tmp_path / "whole", *how)
    whole = seen(tmp_path / "whole")
    assert log(tmp_path / "whole")[-1]["epoch"] > 0
    killed = tmp_path / "killed"
    with start(release, "--out", killed, *how) as process:
        while process.poll() is None and not any(step > 40 for step, _ in seen(killed)):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not same(weights(killed), weights(tmp_path / "whole"))
    run(release, "--out", killed, *how)
    assert len(seen(killed)) > len(whole)
    assert sorted(set(seen(killed))) == whole
    assert same(weights(killed), weights(tmp_path / "whole"))


def test_two_ranks_share_the_batches_and_go_on_where_they_were(release: Path, tmp_path: Path) -> None:
    """Processes that average their gradients with gloo, through the end of an epoch; by torchrun and without."""
    how = "--epochs 2 --workers 1 --batch-size 32".split()
    torchrun = "-m torch.distributed.run --standalone --nproc-per-node 2".split()
    with start(release, "--out", tmp_path / "whole", *how, module=torchrun) as process:
        assert process.wait() == 0
    for steps in (5, 999):
        where = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
        out = tmp_path / "parts"
        ranks = [start(release, "--out", out, *how, "--steps", steps, **where, RANK=str(rank)) for rank in (0, 1)]
        assert [(rank.communicate()[1], rank.returncode) for rank in ranks] == [("", 0)] * 2
    of_ranks = [seen(tmp_path / "whole", rank) for rank in (0, 1)]
    assert [seen(tmp_path / "parts", rank) for rank in (0, 1)] == of_ranks
    assert len(of_ranks[0]) == len(of_ranks[1]) > 10
    digests = [digest for found in of_ranks for _, digest in found if digest]
    assert len(set(digests)) == len(digests)
    assert same(weights(tmp_path / "parts"), weights(tmp_path / "whole"))


def test_checkpoint_of_another_run_is_refused_in_a_line(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = (release, "--out", tmp_path, "--steps", 1)
    assert run_here(monkeypatch, *arguments, "--workers", 0) is None
    said = run_here(monkeypatch, *arguments, "--workers", 1)
    assert said == f"train.py: {tmp_path / 'checkpoint.pt'} is of a run with workers 0, not 1"


@pytest.mark.parametrize(
    ("version", "arguments", "said"),
    [
        ("@9.9.9", "", "holds version 1.2.0 and not 9.9.9"),
        ("", "--min-quality wit=1", "the filter does not fit its columns: No match for FieldRef.Nested"),
        ("", "--min-quality words=9999", "no rows to train on; see --min-quality"),
        ("", "--held-out test", "no split 'test'; it has train, validation"),
    ],
)
def test_what_the_release_does_not_have_is_said_in_a_line(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, arguments: str, said: str
) -> None:
    line = run_here(monkeypatch, f"{release}{version}", "--out", tmp_path, "--workers", 0, *arguments.split())
    assert line is not None
    assert line.startswith("train.py: ")
    assert said in line
    assert "\n" not in line
