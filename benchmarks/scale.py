"""How a build grows with its input: `python -m benchmarks.scale [DOCUMENTS ...]`, 100,000 to 2 million by default.

Each size is a crawl of `benchmarks.crawl`, built from nothing. An exponent of 1 means that twice the documents take
twice the time; that of CPU time says more beside other work. Memory is what `benchmarks.memory` measures. Two million
documents take some 15 GB of disk in the meantime.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.crawl import write_crawl
from benchmarks.memory import measured

SIZES = (100_000, 300_000, 1_000_000, 2_000_000)
_RECIPE = 'dataset: bench\nversion: 0.1.0\nsources:\n  - {name: crawl, path: "*.jsonl"}\n'


@dataclass(frozen=True, slots=True)
class Run:
    """One build."""

    documents: int
    megabytes: float
    """Raw input."""
    seconds: float
    cpu: float
    """Seconds of all processes together."""
    peak_mb: float
    cache_mb: float
    answer: dict[str, Any]
    """What `corpus build --json` printed."""


def main() -> None:
    """Print a row for each size, then the exponents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="*", type=int, default=SIZES)
    parser.add_argument("--keep", type=Path, help="folder in which the crawls stay, and are found again")
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--workers", default="2")
    parser.add_argument("--stages", action="store_true", help="also print the seconds of each stage")
    options = parser.parse_args()
    print(
        f"{'documents':>10} {'MB':>7} {'seconds':>8} {'MB/s':>6} {'peak MB':>8} {'cache MB':>9} {'exponent':>9}",
        flush=True,
    )
    runs: list[Run] = []
    for documents in options.documents:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (options.keep or Path(temporary)) / str(documents)
            run = build(documents, folder, "--memory", options.memory, "--workers", options.workers)
        grown = "{:9.3f} {:7.3f}".format(*exponents(runs[-1], run)) if runs else ""
        print(
            f"{documents:10,} {run.megabytes:7,.0f} {run.seconds:8.1f} {run.cpu:8.1f} "
            f"{run.megabytes / run.seconds:6.2f} {run.peak_mb:8.0f} {run.cache_mb:9,.0f} {grown}",
            flush=True,
        )
        runs.append(run)
    if len(runs) > 2:
        print("exponents over the whole range: {:.3f}, of CPU time {:.3f}".format(*exponents(runs[0], runs[-1])))
    if options.stages:
        print_stages(runs)


def build(documents: int, folder: Path, *options: str) -> Run:
    """Write a crawl where it is not there yet, build it from nothing, and leave the crawl alone."""
    if not (folder / "corpus.yaml").exists():
        write_crawl(documents, folder)
        (folder / "corpus.yaml").write_text(_RECIPE, encoding="utf-8")
    size = sum(file.stat().st_size for file in folder.glob("*.jsonl")) / 1e6
    dist = folder / "dist"
    command = [sys.executable, "-m", "corpus", "build", str(folder), "--dist", str(dist), "--json", "-q", *options]
    before = _cpu()
    try:
        _clear(folder)
        seconds, peak, _, out = measured(command)
    finally:
        _clear(folder)
    answer = json.loads(out)
    if answer["accounting"]["read"] != documents:
        sys.exit(f"{answer['accounting']['read']} documents were read instead of {documents}")
    return Run(documents, size, seconds, _cpu() - before, peak, answer["cache"]["bytes"] / 1e6, answer)


def _clear(folder: Path) -> None:
    """Delete what a build made, also one that was interrupted."""
    for made in (folder / ".corpus", folder / "dist"):
        shutil.rmtree(made, ignore_errors=True)


def exponents(small: Run, large: Run) -> tuple[float, float]:
    """The powers of the number of documents with which wall time and CPU time grow."""
    times = math.log(large.documents / small.documents)
    return math.log(large.seconds / small.seconds) / times, math.log(large.cpu / small.cpu) / times


def print_stages(runs: list[Run]) -> None:
    """Seconds of each stage, a column for each run; `other` is what happens outside of stages."""
    print(f"\n{'seconds':<14}" + "".join(f"{run.documents:>12,}" for run in runs))
    rows = {stage["stage"]: [""] * len(runs) for run in runs for stage in run.answer["stages"]} | {
        "other": [""] * len(runs)
    }
    for column, run in enumerate(runs):
        other = run.seconds
        for stage in run.answer["stages"]:
            rows[stage["stage"]][column] = f"{stage['seconds']:.1f}"
            other -= stage["seconds"]
        rows["other"][column] = f"{other:.1f}"
    for name, row in rows.items():
        print(f"{name:<14}" + "".join(f"{value:>12}" for value in row))


def _cpu() -> float:
    """Seconds of CPU time of all processes that have ended below this one."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
