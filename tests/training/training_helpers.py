"""What tests of the training example share: its options, what its batches say, and runs of the script."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import datasets
import pytest
from tokenizers import Tokenizer

from examples import train

SCRIPT = Path(train.__file__)
SMALL = "--layers 1 --width 32 --heads 2 --length 32 --batch-size 4 --vocabulary 400 --buffer 16".split()
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(SCRIPT.parents[1]), "CUDA_VISIBLE_DEVICES": ""}


def run_here(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path | int) -> str | None:
    """Run the script in this process; answer the line with which it ends, if it does not end well."""
    verbosity = datasets.logging.get_verbosity()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", ["train.py", *SMALL, *map(str, arguments)])
        patch.setenv("TOKENIZERS_PARALLELISM", "false")
        try:
            train.main()
        except SystemExit as end:
            return str(end.code)
        finally:
            datasets.logging.set_verbosity(verbosity)
    return None


def options_of(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path | int) -> argparse.Namespace:
    """What the script makes of a command line; the folder for its files is there afterwards."""
    found: list[argparse.Namespace] = []
    with monkeypatch.context() as patch:
        patch.setattr(train, "train", found.append)
        run_here(monkeypatch, *arguments)
    return found[0]


def batches(options: argparse.Namespace, place: train.Place | None = None, epoch: int = 0) -> Iterator[train.Batch]:
    """The batches of an epoch for this rank, from a place on."""
    rows = train.documents(options, options.split)
    file = options.out / "tokenizer.json"
    if not file.exists():
        train.make_tokenizer(file, options, rows)
    stream = train.sequences(options, rows, train.open_tokenizer(file), epoch)
    return train.batches_of(stream, options, place or beginning(options, epoch))


def beginning(options: argparse.Namespace, epoch: int = 0) -> train.Place:
    return train.Place(0, epoch, 0, [None] * max(options.workers, 1))


def tokens_of(found: Iterable[train.Batch]) -> list[list[list[int]]]:
    return [batch.tokens.tolist() for batch in found]


def texts_of(options: argparse.Namespace, found: Iterable[train.Batch]) -> list[str]:
    """The documents that readers saw, in their order: what is to be predicted are all their tokens, each once."""
    tokenizer = Tokenizer.from_file(str(options.out / "tokenizer.json"))
    by_reader: dict[int, list[int]] = defaultdict(list)
    for batch in found:
        by_reader[batch.reader] += [token for row in batch.tokens.tolist() for token in row[1:] if token != train.PAD]
    texts: list[str] = []
    for tokens in by_reader.values():
        assert tokens[-1] == train.END
        document: list[int] = []
        for token in tokens:
            if token == train.END:
                texts.append(tokenizer.decode(document, skip_special_tokens=False))
                document = []
            else:
                document.append(token)
    return texts


def start(*arguments: str | Path | int, module: Sequence[str] = (), **environment: str) -> subprocess.Popen[str]:
    """Start the script with a small model as a process of its own, leading its own process group."""
    return subprocess.Popen(
        [sys.executable, *module, str(SCRIPT), *SMALL, *map(str, arguments)],
        env=os.environ | ENVIRONMENT | environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(*arguments: str | Path | int) -> None:
    """Run the script to its end, which must be a good one."""
    process = start(*arguments)
    assert (process.communicate()[1], process.returncode) == ("", 0)


def log(folder: Path, rank: int = 0) -> list[dict[str, Any]]:
    """The lines of a log that are whole."""
    file = folder / f"log-{rank}.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True) if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def seen(folder: Path, rank: int = 0) -> list[tuple[int, str]]:
    """Steps with the digests of their batches, in the order in which they were run."""
    return [(line["step"], line["batch"]) for line in log(folder, rank) if "batch" in line]
