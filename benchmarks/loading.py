"""How fast rows come out of a release: `python -m benchmarks.loading [DOCUMENTS] [ROUNDS]`, 30,000 and 5 by default.

A release of made-up news is built, then read in each way in turn, every round in another order, so that what else the
machine does falls on all alike; medians of the rounds are shown, in seconds that pass and in CPU time of all processes.
Rows become Python objects, as for a tokenizer, but for "batches", which stay in Arrow. "To plain" is the speed beside
plain `datasets` streaming of all columns, or of the text. Verification is not in the seconds but in a line of its own.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.texts import pages

_RECIPE = """\
dataset: bench
version: 0.1.0
sources:
  - {name: press, path: "*.jsonl"}
release: {min_shards: 16}
"""
_TEXT = ["text"]
_NEEDED = ["id", "text", "duplicates"]
_BASES = ("datasets", "datasets, text")
"""Plain streaming, which the others are compared with: that of all columns, and that of the text alone."""


def main() -> None:
    """Print rows and megabytes of text a second of each way, beside plain `datasets` with as many columns."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HF_HOME": f"{folder}/hf", "HF_HUB_OFFLINE": "1"}
        release = _build(Path(folder), documents)
        measure(release, rounds)


def measure(release: Path, rounds: int) -> None:
    """Read a release in every way, some times."""
    files = sorted(str(path) for path in release.glob("data/train-*"))
    lengths = pc.binary_length(pq.read_table(files, columns=_TEXT)["text"])
    rows, megabytes = len(lengths), pc.sum(lengths).as_py() / 1e6
    size = sum(path.stat().st_size for path in release.rglob("*") if path.is_file()) / 1e6
    print(f"{rows:,} rows, {megabytes:.0f} MB of text, {len(files)} files; the release has {size:.0f} MB")
    verifying, opening = _start_up(release)
    print(f"start-up: {verifying:.2f} s to verify all bytes, {opening:.2f} s for load_dataset(streaming=True)")

    ways = _ways(release, files)
    wall: dict[str, list[float]] = {name: [] for name in ways}
    cpu: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways)
    for number in range(rounds + 1):
        random.Random(number).shuffle(order)
        for name in order:
            source = ways[name]()
            started, before = time.perf_counter(), os.times()
            found = sum(source)
            taken, after = time.perf_counter() - started, os.times()
            if found != rows:
                sys.exit(f"{name}: {found} rows instead of {rows}")
            if number:  # The first round warms up.
                wall[name].append(taken)
                cpu[name].append(sum(after[:4]) - sum(before[:4]))
    seconds, used = ({name: statistics.median(all_) for name, all_ in some.items()} for some in (wall, cpu))
    print(f"\n{'':<42}{'rows/s':>9}{'MB/s':>8}{'to plain':>10}{'CPU us/row':>12}{'to plain':>10}")
    for name in ways:
        base = _BASES["text" in name or "needs" in name or "same" in name]
        passed, worked = seconds[name], used[name]
        print(
            f"{name:<42}{rows / passed:9,.0f}{megabytes / passed:8.1f}{seconds[base] / passed:10.2f}"
            f"{1e6 * worked / rows:12.0f}{used[base] / worked:10.2f}"
        )


def _ways(release: Path, files: list[str]) -> dict[str, Callable[[], Iterator[int]]]:
    """Ways to read a release by name; each answers the number of rows in what it reads, piece by piece."""
    import datasets

    import corpus

    def plain(columns: list[str] | None = None) -> Any:
        return datasets.load_dataset(str(release), split="train", streaming=True, columns=columns)

    def ours(columns: list[str] | None = None, **how: Any) -> Any:
        return corpus.load(release, split="train", streaming=True, columns=columns, **how)

    def shuffled(stream: Any, shards: int) -> Any:
        return stream.shuffle(seed=1, buffer_size=1000, max_buffer_input_shards=shards)

    good = pc.field("quality", "words") >= 1
    whole = corpus.load(release, split="train")
    return {
        "pyarrow, batches, all columns": lambda: map(len, _batches(files)),
        "pyarrow": lambda: _ones(row for batch in _batches(files) for row in batch.to_pylist()),
        "datasets": lambda: _ones(plain()),
        "corpus": lambda: _ones(ours()),
        "datasets, 2 workers": lambda: _ones(_workers(plain())),
        "corpus, 2 workers": lambda: _ones(_workers(ours())),
        "corpus, map-style": lambda: _ones(whole),
        "pyarrow, batches, text": lambda: map(len, _batches(files, _TEXT)),
        "pyarrow, text": lambda: _ones(row for batch in _batches(files, _TEXT) for row in batch.to_pylist()),
        "polars, text": lambda: _polars(files),
        "datasets, text": lambda: _ones(plain(_TEXT)),
        "corpus, text": lambda: _ones(ours(_TEXT)),
        "datasets, text, 2 workers": lambda: _ones(_workers(plain(_TEXT))),
        "corpus, text, 2 workers": lambda: _ones(_workers(ours(_TEXT))),
        "corpus, text, filtered by quality": lambda: _ones(ours(_TEXT, filters=good)),
        "corpus, text, quality in Python": lambda: _ones(
            ours(["text", "quality"]).filter(lambda row: row["quality"]["words"] >= 1)
        ),
        "datasets, text, shuffled": lambda: _ones(shuffled(plain(_TEXT), 1)),
        "corpus, text, shuffled": lambda: _ones(shuffled(ours(_TEXT), 1)),
        "corpus, text, shuffled, 10 files at once": lambda: _ones(shuffled(ours(_TEXT), 10)),
        "corpus, what examples/train.py needs": lambda: _ones(ours(_NEEDED)),
        "the same, mixed as it does": lambda: _ones(_mixed(ours(_NEEDED))),
    }


def _ones(rows: Iterable[Any]) -> Iterator[int]:
    return (1 for _ in rows)


def _batches(files: list[str], columns: list[str] | None = None) -> Iterator[Any]:
    for path in files:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(1000, columns=columns)


def _polars(files: list[str]) -> Iterator[int]:
    import polars

    for path in files:
        yield from _ones(polars.read_parquet(path, columns=_TEXT).iter_rows())


def _workers(stream: Any) -> Iterator[Any]:
    """Rows by two workers, a hundred at once: one by one, passing them on would take longer than reading them."""
    from torch.utils.data import DataLoader

    loader: DataLoader[Any] = DataLoader(stream, batch_size=100, num_workers=2, collate_fn=_as_they_are)
    return (row for batch in loader for row in batch)


def _as_they_are(rows: list[Any]) -> list[Any]:
    return rows


def _mixed(stream: Any) -> Any:
    return stream.shuffle(seed=1, buffer_size=1, max_buffer_input_shards=1).map(
        _shuffled_block, batched=True, batch_size=1000, remove_columns=stream.column_names
    )


def _shuffled_block(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    order = list(range(len(rows["id"])))
    random.Random(rows["id"][0]).shuffle(order)
    return {"text": [rows["text"][row] for row in order]}


def _start_up(release: Path) -> tuple[float, float]:
    """Seconds that verification takes, and those of `load_dataset` after it."""
    import datasets

    from corpus.release.verify import check_bytes

    datasets.load_dataset(str(release), split="train", streaming=True)  # imports what it needs
    started = time.perf_counter()
    check_bytes(release)
    verified = time.perf_counter()
    datasets.load_dataset(str(release), split="train", streaming=True)
    return verified - started, time.perf_counter() - verified


def _build(folder: Path, documents: int) -> Path:
    raw = folder / "raw"
    raw.mkdir()
    with (raw / "pages.jsonl").open("w", encoding="utf-8") as file:
        # One in ten repeats another and goes.
        for page in islice(pages(10**9), round(documents / 0.9)):
            file.write(json.dumps(page, ensure_ascii=False) + "\n")
    (raw / "corpus.yaml").write_text(_RECIPE, encoding="utf-8")
    command = [sys.executable, "-m", "corpus", "build", str(raw), "--dist", str(folder / "dist"), "--json", "-q"]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Path(json.loads(answer.stdout)["release"])


if __name__ == "__main__":
    main()
