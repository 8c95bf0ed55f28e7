"""The stage `clean` on one core beside a naive chain: `python -m benchmarks.map_stage [RAW.jsonl]`.

Raw records of a part in, documents, facts, audit and keys out, as Parquet. The text is made-up clean Vietnamese news,
or that of a file of JSON Lines with `text` and perhaps `url`. Both sides take turns; CPU time, best of rounds.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import ftfy
import langdetect
import xxhash

from benchmarks.texts import pages
from corpus._tables import RowWriter
from corpus.build.schemas import raw_schema
from corpus.build.stages import STAGES
from corpus.build.task import Context, Data, Task
from corpus.clean.repair.mojibake import ftfy_options
from corpus.recipe import Recipe, Source

DOCUMENTS = 2000
NAIVE_DOCUMENTS = 60
ROUNDS = 5
_PHRASES = (
    "tin liên quan|tin khác|có thể bạn quan tâm|xem thêm|đọc thêm|bình luận|chia sẻ|quảng cáo|theo dõi|đăng nhập|"
    "đăng ký|mới nhất|đọc nhiều|cùng chuyên mục|từ khóa|tags|in bài|gửi bài|về đầu trang|liên hệ"
)
_PATTERNS = [re.compile(rf"\b{phrase}\b", re.IGNORECASE) for phrase in _PHRASES.split("|")]


def main(file: str | None) -> None:
    """Print megabytes of UTF-8 a second of CPU time, and the ratio."""
    records = list(islice(_read(file) if file else pages(50), DOCUMENTS))
    size = sum(len(record["text"].encode()) for record in records)
    few = [record["text"] for record in records[:NAIVE_DOCUMENTS]]
    few_size = sum(len(text.encode()) for text in few)
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        run = _stage(top, records)
        ours, naive = _best(run, lambda: [_naive(text) for text in few])
    print(f"{len(records):,} documents of {size / len(records) / 1000:.1f} KB")
    print(f"stage `clean`  {size / ours / 1e6:6.2f} MB/s  {ours / len(records) * 1e6:8,.0f} µs a document")
    print(f"naive chain    {few_size / naive / 1e6:6.2f} MB/s  {naive / len(few) * 1e6:8,.0f} µs a document")
    print(f"ratio          {size / ours / (few_size / naive):6.1f}")


def _read(file: str) -> Iterator[dict[str, Any]]:
    with Path(file).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _stage(top: Path, records: Iterable[dict[str, Any]]) -> Callable[[], object]:
    """A call that runs the stage on the records, by a recipe with all defaults."""
    with RowWriter(top / "raw.parquet", raw_schema({})) as writer:
        for position, record in enumerate(records, 1):
            place = {"source": "news", "path": "news.jsonl", "position": position}
            digest = xxhash.xxh3_128_hexdigest(record["text"].encode())
            row = {"raw_hash": digest, "text": record["text"], "url": record.get("url")}
            writer.add(place | row, len(record["text"]))
    raw = Data("raw.parquet", xxhash.xxh3_128_hexdigest((top / "raw.parquet").read_bytes()), 0, 0, 0)
    recipe = Recipe(dataset="news", version="0.0.0", sources=[Source(name="news", path="*")])
    params = {"cleaning": recipe.cleaning.model_dump(mode="json"), "model_digest": None, "kept": {}}
    task = Task("clean", "", params, {"raw": (raw,)})
    context = Context(top, top)

    def run() -> None:
        out = Path(tempfile.mkdtemp(dir=top))
        STAGES["clean"].run(task, context, out)

    return run


def _naive(text: str) -> tuple[str, str, str]:
    """What a short script does: mend, drop lines with known phrases, detect the language, hash."""
    mended = ftfy.fix_text(text, ftfy_options())
    kept = "\n".join(line for line in mended.split("\n") if not any(p.search(line) for p in _PATTERNS))
    return kept, langdetect.detect(kept), xxhash.xxh3_128_hexdigest(" ".join(kept.casefold().split()).encode())


def _best(*calls: Callable[[], object]) -> list[float]:
    best = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for place, call in enumerate(calls):
            started = time.process_time()
            call()
            best[place] = min(best[place], time.process_time() - started)
    return best


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
