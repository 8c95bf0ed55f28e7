"""The stage `clean` on one core beside a naive chain: `python -m benchmarks.map_stage [RAW.jsonl]`.

Raw records of a part in, documents, facts, audit and keys out, as Parquet. The text is made-up clean Vietnamese news,
or that of a file of JSON Lines with `text` and perhaps `url`. Both sides take turns; CPU time, best of rounds.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import ftfy
import langdetect
import xxhash

from benchmarks.texts import pages
from benchmarks.timing import cpu_seconds
from corpus._tables import RowWriter
from corpus.build.schemas import raw_schema
from corpus.build.stages import STAGES
from corpus.build.task import Context, Data, Task
from corpus.clean import Raw, clean_all
from corpus.clean.boilerplate.decide import strip
from corpus.clean.boilerplate.lines.page import read_pages
from corpus.clean.boilerplate.model.network import shipped
from corpus.clean.boilerplate.rules.own import OwnRules
from corpus.clean.cleaner import GROUP_CHARS, mend_all
from corpus.clean.comparison import compare_all
from corpus.clean.language import identify_all
from corpus.clean.metadata import find_title, lift
from corpus.clean.privacy import find_all
from corpus.clean.quality import measure
from corpus.clean.repair.mojibake import ftfy_options
from corpus.recipe import Clean, Cleaning, Recipe, Source

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
        ours, naive = cpu_seconds(run, lambda: [_naive(text) for text in few], runs=ROUNDS)
    print(f"{len(records):,} documents of {size / len(records) / 1000:.1f} KB")
    print(f"stage `clean`  {size / ours / 1e6:6.2f} MB/s  {ours / len(records) * 1e6:8,.0f} µs a document")
    print(f"naive chain    {few_size / naive / 1e6:6.2f} MB/s  {naive / len(few) * 1e6:8,.0f} µs a document")
    print(f"ratio          {size / ours / (few_size / naive):6.1f}")
    print("\n| part | µs a document | share |\n| --- | --- | --- |")
    parts = _parts([record["text"] for record in records])
    parts["rows, Parquet, identifiers and the rest"] = ours - sum(parts.values())
    for label, seconds in parts.items():
        print(f"| {label} | {seconds / len(records) * 1e6:,.0f} | {seconds / ours:.0%} |")
    found = cpu_seconds(lambda: find_all([record["text"] for record in records]), runs=ROUNDS)[0]
    print(f"\npersonal data, where the recipe asks for it: {found / len(records) * 1e6:,.0f} µs a document")


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


def _parts(texts: list[str]) -> dict[str, float]:
    """Seconds for each part of cleaning, on groups as cleaning makes them."""
    per_group = max(1, GROUP_CHARS * len(texts) // sum(map(len, texts)))
    groups = [texts[at : at + per_group] for at in range(0, len(texts), per_group)]
    options = Clean()
    pages_of = [read_pages(group) for group in groups]
    lifted = [[lift(page, lambda: "vi") for page in pages.pages] for pages in pages_of]
    fields = [[known.lines for known in group] for group in lifted]
    own = OwnRules([])
    verdicts = [[own.match(page, lambda: None, lambda: "vi") for page in pages.pages] for pages in pages_of]
    kept = [[cleaned.text for cleaned in clean_all(map(Raw, group), Cleaning())] for group in groups]
    tags = [["vi"] * len(group) for group in groups]
    labels = {
        "legacy Vietnamese, repair": lambda: [mend_all(group, options) for group in groups],
        "lines as arrays": lambda: [read_pages(group) for group in groups],
        "metadata": lambda: [
            (lift(page, lambda: "vi"), find_title(page.lines, None)) for pages in pages_of for page in pages.pages
        ],
        "boilerplate: model, rules, decision, reasons": lambda: [
            strip(*parts, shipped()) for parts in zip(pages_of, fields, verdicts, strict=True)
        ],
        "language": lambda: [identify_all(group) for group in kept],
        "quality": lambda: [measure(*parts).rows() for parts in zip(kept, tags, strict=True)],
        "key and hash": lambda: [compare_all(group) for group in kept],
    }
    return dict(zip(labels, cpu_seconds(*labels.values(), runs=ROUNDS), strict=True))


def _naive(text: str) -> tuple[str, str, str]:
    """What a short script does: mend, drop lines with known phrases, detect the language, hash."""
    mended = ftfy.fix_text(text, ftfy_options())
    kept = "\n".join(line for line in mended.split("\n") if not any(p.search(line) for p in _PATTERNS))
    return kept, langdetect.detect(kept), xxhash.xxh3_128_hexdigest(" ".join(kept.casefold().split()).encode())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
