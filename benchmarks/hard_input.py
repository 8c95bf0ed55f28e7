"""What hard input costs a build: `python -m benchmarks.hard_input [CASE ...]`, all cases by default.

Each case is built from nothing with `--memory 2GB --workers 2`, ordinary pages for comparison; memory is what
`benchmarks.memory` measures.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.memory import measured
from benchmarks.texts import pages

_RECIPE = 'dataset: bench\nversion: 0.1.0\nsources:\n  - {name: press, path: "*.jsonl"}\n'
MANY = 100_000
FAMILY = 20_000

Texts = Iterator[str]


def ordinary() -> Texts:
    """Pages like any others, for comparison."""
    for page in islice(pages(1e9), FAMILY):
        yield page["text"]


def one_of_200_mb() -> Texts:
    """A document of 200 MB among a thousand others."""
    sentences = [page["text"] for page in islice(pages(1e9), 1000)]
    yield from sentences
    rng = random.Random(5)
    long: list[str] = []
    size = 0
    while size < 200_000_000:
        text = rng.choice(sentences)
        long.append(text)
        size += len(text.encode())
    yield "\n".join(long)


def identical() -> Texts:
    """A hundred thousand identical documents."""
    text = next(pages(1.0))["text"]
    yield from (text for _ in range(MANY))


def empty() -> Texts:
    """A hundred thousand documents of which nothing is left, and one that stays."""
    yield next(pages(1.0))["text"]
    yield from ("Bình luận (0)" for _ in range(MANY))


def near_copies() -> Texts:
    """A third of the corpus are near copies of one another, so that some buckets hold a third of it."""
    yield from islice(ordinary(), 2 * FAMILY // 2)
    rng = random.Random(6)
    words = next(pages(1.0))["text"].split(" ")
    for number in range(FAMILY // 2):
        words_of = list(words)
        for _ in range(3):
            words_of[rng.randrange(len(words_of))] = f"chữ{number}"
        yield " ".join(words_of)


def template() -> Texts:
    """A third of the corpus has most of its text in common, too little to be copies."""
    yield from islice(ordinary(), 2 * FAMILY // 2)
    shared = " ".join(page["text"].replace("\n", " ") for page in islice(pages(1.0), 1))
    own = (page["text"].replace("\n", " ")[: len(shared) // 2] for page in pages(1e9, seed=8))
    for _ in range(FAMILY // 2):
        yield shared + " " + next(own)


CASES: dict[str, tuple[Callable[[], Texts], str]] = {
    "ordinary": (ordinary, ""),
    "200 MB": (one_of_200_mb, "limits: {max_document_mb: 250}\n"),
    "identical": (identical, ""),
    "empty": (empty, ""),
    "near copies": (near_copies, ""),
    "template": (template, ""),
}


def main() -> None:
    """Print a row for each case."""
    print(f"{'case':<12} {'documents':>10} {'MB':>7} {'seconds':>8} {'peak MB':>8} {'kept':>8}  dropped", flush=True)
    for name in sys.argv[1:] or CASES:
        texts, recipe = CASES[name]
        with tempfile.TemporaryDirectory() as folder:
            raw = Path(folder) / "raw"
            raw.mkdir()
            (raw / "corpus.yaml").write_text(_RECIPE + recipe, encoding="utf-8")
            with (raw / "pages.jsonl").open("w", encoding="utf-8") as file:
                for number, text in enumerate(texts()):
                    row = {"url": f"https://bao{number % 40}.example/{number}", "text": text}
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
            size = (raw / "pages.jsonl").stat().st_size / 1e6
            command = [sys.executable, "-m", "corpus", "build", str(raw), "--dist", f"{folder}/dist", "--json", "-q"]
            seconds, peak, _, out = measured([*command, "--memory", "2GB", "--workers", "2"])
        counts = json.loads(out)["accounting"]
        print(
            f"{name:<12} {counts['read']:10,} {size:7,.0f} {seconds:8.1f} {peak:8.0f} {counts['kept']:8,}  "
            f"{counts['dropped']}",
            flush=True,
        )


if __name__ == "__main__":
    main()
