"""What the versions after the first cost: `python -m benchmarks.versions [DOCUMENTS]`, 100,000 by default.

A crawl of `benchmarks.crawl` is built; then again with a file of 100 pages more, with 100 pages withdrawn, and with
nothing changed. Each build but the last writes a whole release and compares it with the one before. Memory is what
`benchmarks.memory` measures.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.crawl import write_crawl
from benchmarks.memory import measured

_RECIPE = """
dataset: bench
version: auto
sources:
  - {name: crawl, path: "*.jsonl"}
splits: {validation: 1000, test: 0.01}
"""
_CORPUS = [sys.executable, "-m", "corpus"]


def main() -> None:
    """Print the seconds and the peak of memory of each build."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        raw, dist = Path(folder) / "raw", Path(folder) / "dist"
        raw.mkdir()
        size = write_crawl(documents, raw)
        (raw / "corpus.yaml").write_text(_RECIPE, encoding="utf-8")
        print(f"{documents:,} documents, {size / 1e6:,.0f} MB")
        print(f"{'':<16}{'version':>9}{'seconds':>9}{'comparing':>11}{'peak MB':>9}  changes")
        release = _build("first", raw, dist)
        more = [{"url": f"https://new.example/{n}", "text": f"Trang mới số {n}. " * 40} for n in range(100)]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in more)
        (raw / "aaa-new.jsonl").write_text(text, encoding="utf-8")
        _build("100 pages more", raw, dist)
        ids = pq.read_table(next(release.glob("data/train-*")), columns=["id"])["id"].to_pylist()
        names = Path(folder) / "ids.txt"
        names.write_text("\n".join(ids[:: max(1, len(ids) // 100)][:100]), encoding="utf-8")
        command = [*_CORPUS, "withdraw", str(raw), "--file", str(names), "--reason", "asked", "--dist", str(dist)]
        seconds, peak, _, _ = measured(command)
        print(f"{'corpus withdraw':<16}{'':>9}{seconds:>9.1f}{'':>11}{peak:>9,.0f}")
        _build("100 withdrawn", raw, dist)
        _build("nothing", raw, dist)


def _build(label: str, raw: Path, dist: Path) -> Path:
    options = ["--dist", str(dist), "--memory", "2GB", "--workers", "2", "--json", "-q"]
    seconds, peak, _, out = measured([*_CORPUS, "build", str(raw), *options])
    answer = json.loads(out)
    changes = answer["changes"] or {}
    counts = {what: changes[what] for what in ("added", "removed", "changed") if changes.get(what)}
    rest = answer["seconds"] - sum(stage["seconds"] for stage in answer["stages"])
    print(f"{label:<16}{answer['version']:>9}{seconds:>9.1f}{rest:>11.1f}{peak:>9,.0f}  {counts or ''}", flush=True)
    return Path(answer["release"])


if __name__ == "__main__":
    main()
