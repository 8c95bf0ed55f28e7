"""A reduce in NumPy beside the same in DuckDB: `python -m benchmarks.reduces [BANDS]`, 34 million by default.

From the hashes of bands of a hundred parts to the edges between documents that share one, which is what the stage
`candidates` does for two million documents. Each in a process of its own, with one thread; CPU time and largest
resident size.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from corpus._tables import write_keys
from corpus.build.schemas import BANDS
from corpus.build.stages.merge import CHUNK_ROWS
from corpus.dedup.buckets import Bucket, Hashes, Ints, Numbering, bucket_count, hashes, ints, read_bucket
from corpus.dedup.components import stars

PARTS = 100
_SQL = """
    WITH bands AS (SELECT hash, filename[-11:-9]::BIGINT * {rows} + row AS doc
                   FROM read_parquet('{folder}/*.parquet', filename = true)),
         first AS (SELECT hash, min(doc) AS one FROM bands GROUP BY hash HAVING count(*) > 1)
    SELECT count(*), sum(doc - one) FROM bands JOIN first USING (hash) WHERE doc <> one
"""


def main() -> None:
    """Print a row for each."""
    if sys.argv[1:2] in (["numpy"], ["duckdb"]):
        files, rows = Path(sys.argv[2]), int(sys.argv[3])
        started = time.process_time()
        edges = with_numpy(files, rows) if sys.argv[1] == "numpy" else with_duckdb(files, rows)
        seconds, peak = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"{sys.argv[1]:<8} {seconds:8.1f} {peak:8.0f}  {edges}")
        return
    rows = (int(sys.argv[1]) if len(sys.argv) > 1 else 34_000_000) // PARTS
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        # One hash in five has been drawn before.
        drawn = rng.integers(0, 2**64, PARTS * rows * 4 // 5, dtype=np.uint64)
        for part in range(PARTS):
            own = np.sort(drawn[np.arange(part * rows, (part + 1) * rows) % len(drawn)])
            table = pa.table({"hash": own, "row": np.arange(rows, dtype=np.int32)}, schema=BANDS)
            write_keys(Path(folder) / f"{part:03d}.parquet", table)
        print(f"{'':<8} {'seconds':>8} {'peak MB':>8}  edges, and the sum of their lengths", flush=True)
        for engine in ("numpy", "duckdb"):
            subprocess.run([sys.executable, "-m", "benchmarks.reduces", engine, folder, str(rows)], check=True)


def with_numpy(folder: Path, rows: int) -> tuple[int, int]:
    """Number of edges, and the sum of the differences of their ends."""
    files = sorted(folder.glob("*.parquet"))
    numbering = Numbering.of([rows] * PARTS)
    count = bucket_count(12 * rows * PARTS)
    edges = length = 0
    for number in range(count):
        for one, other, _ in stars(_chunks(files, numbering, Bucket(number, count))):
            edges, length = edges + len(one), length + int((other - one).sum())
    return edges, length


def _chunks(files: list[Path], numbering: Numbering, bucket: Bucket) -> Iterator[tuple[Hashes, Ints]]:
    found: list[Hashes] = []
    docs: list[Ints] = []
    for part, table in read_bucket(files, "hash", bucket.bounds):
        found.append(hashes(table, "hash"))
        docs.append(numbering.numbers(part, ints(table, "row")))
        if sum(map(len, docs)) >= CHUNK_ROWS or part == PARTS - 1:
            yield np.concatenate(found), np.concatenate(docs)
            found, docs = [], []


def with_duckdb(folder: Path, rows: int) -> tuple[int, int]:
    """The same by a join over all bands, which spills beyond half a gigabyte."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": "512MB",
        "temp_directory": f"{folder}/spill",
        "preserve_insertion_order": False,
    }
    with duckdb.connect(config=config) as connection:
        found = connection.execute(_SQL.format(rows=rows, folder=folder)).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


if __name__ == "__main__":
    main()
