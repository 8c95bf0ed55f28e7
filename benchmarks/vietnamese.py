"""What Vietnamese text costs and how hard cases fare: `python -m benchmarks.vietnamese [FOLDER]`.

Microseconds of CPU time a document of `benchmarks.texts`, and the share of hard cases that come out right. With a
folder of pages and their `index.jsonl` (id, language), also how much of its Vietnamese comes back from each encoding.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.texts import pages
from benchmarks.timing import cpu_seconds
from corpus.clean.vietnamese import (
    Style,
    compose,
    convert_all,
    convert_legacy,
    fix_lookalikes,
    place_tones,
    tone_key,
)
from corpus.clean.vietnamese.encodings import ENCODINGS, Encoding, table

CASES = Path(__file__).parent.parent / "tests" / "clean" / "vietnamese" / "cases"
DOCUMENTS = 70
RUNS = 40


def main(folders: list[str]) -> None:
    """Print times, then hard cases."""
    texts = [unicodedata.normalize("NFC", page["text"]) for page in islice(pages(1), DOCUMENTS)]
    size = sum(len(text.encode()) for text in texts) / DOCUMENTS / 1000
    german = [row[1] * 22 for row in read_tsv("foreign") if row[0] == "de"]
    print(f"µs a document of {size:.1f} KB, {DOCUMENTS} together")
    for label, cost in (
        ("legacy encodings, clean text", _cpu(lambda: convert_all(texts)) / DOCUMENTS),
        ("legacy encodings, German of that size", _cpu(lambda: convert_all(german)) / len(german)),
        *(_conversion(name, texts) for name in ENCODINGS),
        ("compose", _each(compose, texts)),
        ("compose, decomposed text", _each(compose, [unicodedata.normalize("NFD", text) for text in texts])),
        ("look-alikes of đ", _each(fix_lookalikes, texts)),
        ("tones placed, text in the old style", _each(lambda text: place_tones(text, "old"), texts)),
        ("tones placed, old to new", _each(lambda text: place_tones(text, "new"), texts)),
        ("tone key", _each(tone_key, texts)),
    ):
        print(f"  {cost * 1e6:7.1f}  {label}")
    print("hard cases")
    for label, outcomes in (
        ("text of other languages, code and signs stays", list(_foreign())),
        ("legacy text is found and comes back whole", list(_legacy())),
        ("tones are placed, or left", list(_tones())),
        (
            "look-alikes of đ are put right, or left",
            [fix_lookalikes(seen) == meant for seen, meant in read_tsv("lookalikes")],
        ),
    ):
        print(f"  {sum(outcomes):4} right, {outcomes.count(False)} wrong: {label}")
    for folder in folders:
        _folder(Path(folder))


def read_tsv(name: str) -> list[list[str]]:
    """The rows of a file of hard cases."""
    text = (CASES / f"{name}.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.split("\n") if line]


def _conversion(name: Encoding, texts: list[str]) -> tuple[str, float]:
    written = [table(name).encode(text) for text in texts]
    return f"converted from {name}", _cpu(lambda: convert_all(written), runs=3) / DOCUMENTS


def _foreign() -> Iterator[bool]:
    for _, text in read_tsv("foreign"):
        yield convert_legacy(text) is None


def _legacy() -> Iterator[bool]:
    for line in (CASES / "legacy.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        found = convert_legacy(case["seen"])
        yield found is not None and (found.encoding, found.text) == (case["encoding"], case["meant"])


def _tones() -> Iterator[bool]:
    styles: tuple[Style, Style] = ("old", "new")
    for text, *placed in read_tsv("tones"):
        for style, meant in zip(styles, placed, strict=True):
            yield place_tones(text, style) == meant


def _folder(folder: Path) -> None:
    """Pages as they are, which are all Unicode, and the Vietnamese ones written in each encoding."""
    index = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines() if line]
    texts = {page["id"]: (folder / f"{page['id']}.txt").read_text(encoding="utf-8") for page in index}
    converted = sum(found is not None for found in convert_all(list(texts.values())))
    print(f"{folder.name}: {converted} of {len(texts)} Unicode pages converted, which is wrong")
    chosen = [unicodedata.normalize("NFC", texts[page["id"]]) for page in index if page["language"] == "vi"]
    for name in ENCODINGS:
        found = [convert_legacy(table(name).encode(text)) for text in chosen]
        words = wrong = 0
        for text, legacy in zip(chosen, found, strict=True):
            pairs = zip(text.split(), (legacy.text if legacy else "").split(), strict=False)
            words += len(text.split())
            wrong += sum(meant != written for meant, written in pairs) if legacy else len(text.split())
        named = sum(legacy is not None and legacy.encoding == name for legacy in found)
        print(f"  {name:<7}{named} of {len(chosen)} Vietnamese pages found, {wrong} of {words} words wrong")


def _each(call: Callable[[str], object], texts: list[str]) -> float:
    return _cpu(lambda: [call(text) for text in texts]) / len(texts)


def _cpu(call: Callable[[], object], runs: int = RUNS) -> float:
    return cpu_seconds(call, runs=runs)[0]


if __name__ == "__main__":
    main(sys.argv[1:])
