"""Repair beside ftfy, which it equals: `python -m benchmarks.repair`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

import ftfy

from benchmarks.texts import pages
from benchmarks.timing import cpu_seconds
from corpus.clean.repair import repair
from corpus.clean.repair.mojibake import ftfy_options

DOCUMENTS = 40
ROUNDS = 7
ENGLISH = (
    "The ferry was late again this morning, and nobody at the pier could say why. A man with two crates of mangoes "
    "sat down on the steps and began to sell them to the people who waited. By noon there was nothing left to sell."
)


def main() -> None:
    """Print microseconds of CPU a document, the best of several rounds that take turns."""
    news = [page["text"] for page in islice(pages(10), DOCUMENTS)]
    size = sum(len(text.encode()) for text in news) / DOCUMENTS / 1000
    print(f"{size:.1f} KB a document; µs a document")
    print("| text | ftfy | repair | ratio |\n| --- | --- | --- | --- |")
    for label, texts in (
        ("Vietnamese", news),
        ("English", ["\n".join([ENGLISH] * 25)] * DOCUMENTS),
        ("Vietnamese with no-break spaces", [text.replace(" ", "\u00a0", 5) for text in news]),
        ("Vietnamese with line ends of Windows", [text.replace("\n", "\r\n") for text in news]),
        ("Vietnamese, decomposed", [unicodedata.normalize("NFD", text) for text in news]),
        ("Vietnamese, one paragraph of mojibake", [_one_broken(text) for text in news]),
        ("Vietnamese, all mojibake", [_broken(text) for text in news]),
    ):
        by_ftfy, ours = _best(texts, lambda text: ftfy.fix_text(text, ftfy_options()), repair)
        print(f"| {label} | {by_ftfy:,.0f} | {ours:,.0f} | {by_ftfy / ours:.1f} |", flush=True)


def _broken(text: str) -> str:
    return text.encode().decode("sloppy-windows-1252")


def _one_broken(text: str) -> str:
    lines = text.split("\n")
    lines[4] = _broken(lines[4])
    return "\n".join(lines)


def _best(texts: Sequence[str], *calls: Callable[[str], object]) -> list[float]:
    """Microseconds a document of each function."""
    seconds = cpu_seconds(*(partial(_each, call, texts) for call in calls), runs=ROUNDS)
    return [each / len(texts) * 1e6 for each in seconds]


def _each(call: Callable[[str], object], texts: Sequence[str]) -> None:
    for text in texts:
        call(text)


if __name__ == "__main__":
    main()
