"""What one core does: judging lines, reading JSON Lines. `python -m benchmarks.kernels [GOLD...]`.

Lines are those of the labelled pages named, by default of those in `training_pages`.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path

from benchmarks.texts import pages
from benchmarks.timing import cpu_seconds
from corpus.clean import Raw, clean_all
from corpus.clean.boilerplate.lines.page import read_arrays
from corpus.clean.boilerplate.model.features import features
from corpus.clean.boilerplate.model.network import Look, Network, shipped
from corpus.clean.cleaner import GROUP_CHARS
from corpus.labelled.pages import read_pages
from corpus.read import DEFAULT_PART_BYTES, digest_file, find_files, plan_parts, read_part
from corpus.recipe import Clean, Cleaning, Source

TRAINING_PAGES = Path(__file__).parent / "training_pages"
READ_BYTES = 100_000_000
CPU_RUNS = 100


def main(gold: Sequence[str]) -> None:
    """Print microseconds a document, then megabytes a second."""
    _lines([Path(folder) for folder in gold] or [TRAINING_PAGES])
    print("reading JSON Lines, hashing apart")
    for characters in (6000, 2000, 300):
        read, digest, size = _reading(characters)
        print(f"  {size / read / 1e6:6.0f} MB/s read {size / digest / 1e6:6.0f} MB/s hashed  {characters} characters")


def _lines(gold: Sequence[Path]) -> None:
    """Microseconds of CPU time a document of 110 lines: as many pages as `clean_all` looks at together."""
    texts: list[str] = []
    size = 0
    for page in cycle(read_pages(gold)):
        size += len(page.text)
        if texts and size > GROUP_CHARS:
            break
        texts.append(page.text)
    lines = sum(1 for text in texts for line in text.split("\n") if line.strip())
    network = shipped()
    plain = Cleaning(clean=Clean(repair=False, metadata=False))
    without = Cleaning(clean=Clean(repair=False, metadata=False, boilerplate=False))
    looked_up, judged, whole, rest = cpu_seconds(
        lambda: features(read_arrays(texts)),
        lambda: _judge(texts, network),
        lambda: list(clean_all(map(Raw, texts), plain)),
        lambda: list(clean_all(map(Raw, texts), without)),
        runs=CPU_RUNS,
    )
    print(f"{lines:,} lines of {sum(map(len, texts)) / lines:.0f} characters, a document of 110")
    for label, seconds in (
        ("features", looked_up),
        ("features and model", judged),
        ("all of boilerplate, with rules, decision and reasons", whole - rest),
    ):
        print(f"  {seconds / lines * 110 * 1e6:6.0f} µs  {label}")


def _judge(texts: Sequence[str], network: Network) -> Look:
    arrays = read_arrays(texts)
    return network.look(features(arrays), arrays.batch.first)


def _reading(characters: int) -> tuple[float, float, int]:
    """Seconds to read and to hash a file of documents of that length, and its bytes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        text = " ".join(page["text"] for page in islice(pages(1), 10))[:characters]
        line = json.dumps({"url": "https://a.example/1", "text": text}, ensure_ascii=False) + "\n"
        (root / "pages.jsonl").write_text(line * (READ_BYTES // len(line.encode())), encoding="utf-8")
        source = Source(name="press", path="pages.jsonl")
        files = find_files(source, root)
        digests = {"pages.jsonl": digest_file(files[0], root, DEFAULT_PART_BYTES)}
        parts = plan_parts(source, files, digests, part_bytes=DEFAULT_PART_BYTES, max_document_bytes=32_000_000)
        read = _seconds(lambda: [sum(1 for _ in read_part(part, root)) for part in parts])
        return read, _seconds(lambda: digest_file(files[0], root, DEFAULT_PART_BYTES)), files[0].size


def _seconds(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(5):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main(sys.argv[1:])
