"""What a second worker brings: `python -m benchmarks.workers [DOCUMENTS [ROUNDS]]`, 160,000 (500 MB) and 3 by default.

Builds of the same crawl from nothing with one worker and with two, in turns. The ratio is that of the best of each.
Other work on the machine shows in it: with two processors, both have to be free.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.scale import build, print_stages


def main() -> None:
    """Print a row for each build, then the ratio and the stages of the best builds."""
    documents, rounds = (*map(int, sys.argv[1:]), *(160_000, 3)[len(sys.argv) - 1 :])
    print(f"{'workers':>8} {'seconds':>8} {'CPU':>8} {'MB/s':>6} {'peak MB':>8}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        runs = []
        for workers in (1, 2) * rounds:
            run = build(documents, Path(folder), "--workers", str(workers))
            print(
                f"{workers:8} {run.seconds:8.1f} {run.cpu:8.1f} {run.megabytes / run.seconds:6.2f} {run.peak_mb:8.0f}",
                flush=True,
            )
            runs.append(run)
    best = [min(runs[first::2], key=lambda run: run.seconds) for first in (0, 1)]
    print(f"ratio {best[0].seconds / best[1].seconds:.2f}")
    print_stages(best)


if __name__ == "__main__":
    main()
