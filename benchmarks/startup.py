"""Wall time of short commands, imports included: `python -m benchmarks.startup`. Median and range of seven runs."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"


def main() -> None:
    """Print a row for each command."""
    with tempfile.TemporaryDirectory() as folder:
        seeds, dist = Path(folder) / "seeds", Path(folder) / "dist"
        shutil.copytree(SEEDS, seeds, ignore=shutil.ignore_patterns(".corpus"))
        build = ["build", str(seeds), "--dist", str(dist)]
        for label, arguments, cold in (
            ("corpus --help", ["--help"], False),
            ("corpus build seeds, nothing cached", build, True),
            ("corpus build seeds, all cached", build, False),
            ("corpus clean seeds/*.txt", ["clean", str(seeds), "-o", f"{folder}/out"], False),
            ("corpus verify", ["verify", str(dist / "vi-news-seeds" / "vi-news-seeds-0.1.0")], False),
        ):
            times = []
            for _ in range(7):
                if cold:
                    shutil.rmtree(seeds / ".corpus", ignore_errors=True)
                    shutil.rmtree(dist, ignore_errors=True)
                started = time.monotonic()
                subprocess.run(
                    [sys.executable, "-m", "corpus", *arguments],
                    check=True,
                    capture_output=True,
                    env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
                )
                times.append(time.monotonic() - started)
            print(f"{label:<38} {statistics.median(times):5.2f} s   {min(times):.2f} - {max(times):.2f}")


if __name__ == "__main__":
    main()
