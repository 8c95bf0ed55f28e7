"""Peak memory and throughput of a build: `python -m benchmarks.memory [MEGABYTES ...]`, 100 and 1000 by default.

Memory is the proportional set size of the command and all its workers together, so that libraries which they share
count once; sampled five times a second (Linux).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.texts import pages

_RECIPE = 'dataset: bench\nversion: 0.1.0\nsources:\n  - {name: press, path: "*.jsonl"}\n'


def main() -> None:
    """Print a row for each size."""
    print(f"{'input MB':>9} {'documents':>10} {'seconds':>8} {'MB/s':>6} {'peak MB':>8} {'largest process MB':>19}")
    for megabytes in map(float, sys.argv[1:] or ("100", "1000")):
        with tempfile.TemporaryDirectory() as folder:
            raw = Path(folder) / "raw"
            raw.mkdir()
            with (raw / "pages.jsonl").open("w", encoding="utf-8") as file:
                for page in pages(megabytes):
                    file.write(json.dumps(page, ensure_ascii=False) + "\n")
            (raw / "corpus.yaml").write_text(_RECIPE, encoding="utf-8")
            size = (raw / "pages.jsonl").stat().st_size / 1e6
            command = [sys.executable, "-m", "corpus", "build", str(raw), "--dist", f"{folder}/dist", "--json", "-q"]
            seconds, peak, largest, out = measured(command)
            documents = json.loads(out)["accounting"]["read"]
            print(f"{size:9.0f} {documents:10,} {seconds:8.1f} {size / seconds:6.2f} {peak:8.0f} {largest:19.0f}")


def measured(command: list[str]) -> tuple[float, float, float, bytes]:
    """Run a command; answer wall seconds, peak of the sum, largest single process (both MB), and its output."""
    peak = largest = 0.0
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:

        def watch() -> None:
            nonlocal peak, largest
            while process.poll() is None:
                sizes = [_megabytes(pid) for pid in _family(process.pid)]
                peak, largest = max(peak, sum(sizes)), max(largest, *sizes, 0.0)
                time.sleep(0.2)

        watcher = threading.Thread(target=watch)
        watcher.start()
        assert process.stdout is not None
        out = process.stdout.read()
        process.wait()
        watcher.join()
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return time.monotonic() - started, peak, largest, out


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:
                continue
    return found


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


if __name__ == "__main__":
    main()
