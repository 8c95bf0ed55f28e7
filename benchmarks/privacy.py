"""Precision and recall of the privacy detectors on written cases, and their speed: `python -m benchmarks.privacy`.

`--write` puts the tables into docs/privacy.md. `--misses` prints the cases that are wrong.

The cases are `privacy_cases.tsv`: `part` (`first`: written along with the detectors; `second` and `third`: each written
when they were thought finished, scored, and then learnt from), `topic`, and a text with its values marked
`{{kind:value}}`. `\\n` and `\\t` are a line break and a tab; `{+}` is nothing, and parts the secrets, so that scanners
of code do not take them for real ones.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.texts import pages
from benchmarks.timing import cpu_seconds
from corpus.clean.privacy import KINDS, Finding, Kind, find_all, mask
from corpus.document import document_id
from corpus.release.manifest import MANIFEST_NAME, FileEntry, Manifest
from corpus.release.secrets import find_secrets

CASES = Path(__file__).parent / "privacy_cases.tsv"
PAGE = Path(__file__).parent.parent / "docs" / "privacy.md"
_MARKED = re.compile(rf"\{{\{{({'|'.join(KINDS)}):(.*?)\}}\}}", re.DOTALL)
_RUNS = 30
_SCANS = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A text and what is to be found in it."""

    part: str
    topic: str
    text: str
    expected: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A finding is right if its kind and both its offsets are."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of findings that are right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of values that are found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def read_cases(path: Path = CASES) -> list[Case]:
    """All cases of the file."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return [_case(part, topic, text) for part, topic, text in rows]


def score(cases: Sequence[Case], kind: Kind | None = None) -> Score:
    """Run the detectors over some cases, each a document, and count for one kind or for all."""
    right = wrong = missed = 0
    for case, found in zip(cases, find_all([case.text for case in cases]), strict=True):
        expected = {one for one in case.expected if kind in (None, one.kind)}
        given = {one for one in found if kind in (None, one.kind)}
        right += len(expected & given)
        wrong += len(given - expected)
        missed += len(expected - given)
    return Score(right, wrong, missed)


def _case(part: str, topic: str, marked: str) -> Case:
    marked = marked.replace("{+}", "").replace("\\n", "\n").replace("\\t", "\t")
    text, expected, at = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        kind = next(kind for kind in KINDS if kind == match[1])
        expected.append(Finding(len(text), len(text) + len(match[2]), kind))
        text += match[2]
        at = match.end()
    return Case(part, topic, text + marked[at:], tuple(expected))


def main() -> None:
    """Score, time, print or write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="put the tables into docs/privacy.md")
    options.add_argument("--misses", action="store_true", help="print the cases that are wrong")
    given = options.parse_args()
    cases = read_cases()
    if given.misses:
        print("\n".join(_misses(cases)))
    scores, speed, scan = "\n".join(quality(cases)), "\n".join(_speed()), "\n".join(_scan_speed())
    print(f"{scores}\n\n{speed}\n\n{scan}")
    if given.write:
        page = _replace(PAGE.read_text(encoding="utf-8"), "quality", scores)
        PAGE.write_text(_replace(_replace(page, "speed", speed), "scan", scan), encoding="utf-8")


def _misses(cases: Sequence[Case]) -> Iterator[str]:
    for case, found in zip(cases, find_all([case.text for case in cases]), strict=True):
        if found != case.expected:
            yield f"{case.part} {case.topic}: {mask(case.text, case.expected)!r}\n    {mask(case.text, found)!r}"


def quality(cases: Sequence[Case]) -> Iterator[str]:
    """Lines of the table of precision and recall by kind."""
    parts = [[case for case in cases if case.part in names] for names in (("first",), ("second", "third"))]
    numbers = [f"{len(part)} cases, {sum(not case.expected for case in part)} with nothing to find" for part in parts]
    yield f"Written along: {numbers[0]}. Written afterwards: {numbers[1]}.\n"
    yield "| kind | values, written along | precision | recall | values, afterwards | precision | recall |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for kind in (*KINDS, None):
        cells: list[str] = []
        for part in parts:
            scored = score(part, kind)
            cells += [str(scored.right + scored.missed), f"{scored.precision:.3f}", f"{scored.recall:.3f}"]
        yield f"| {f'`{kind}`' if kind else 'all'} | {' | '.join(cells)} |"


def _speed() -> Iterator[str]:
    rng = random.Random(1)
    clean = [page["text"] for page in islice(pages(1), 76)]
    figures = (
        " Ngày 12/03/2024, giá vàng tăng lên 1.500.000 đồng, vốn 123.456.789.000 đồng so với giai đoạn 2016-2020; theo "
        "Nghị định 123/2020/NĐ-CP, điện thoại di động bán ra 12.345 chiếc, tăng 12,5%."
    )
    table = "\n".join(" ".join(str(rng.randrange(10 ** rng.randint(1, 9))) for _ in range(12)) for _ in range(70))
    contact = " Liên hệ 0912 345 678, toasoan@example.vn."
    yield "| text, in batches of 76 documents | µs a document | MB/s |"
    yield "| --- | --- | --- |"
    for label, texts in (
        ("Vietnamese news without numbers", clean),
        ("with prices, dates and decrees", [text[:-400] + figures * 2 for text in clean]),
        ("with a telephone number and an address at the end", [text + contact for text in clean]),
        ("tables of numbers", [table] * 76),
    ):
        (seconds,) = cpu_seconds(partial(find_all, texts), runs=_RUNS)
        size = sum(len(text.encode()) for text in texts)
        each = seconds / len(texts) * 1e6
        yield f"| {label}, {size / len(texts) / 1000:.1f} KB | {each:.0f} | {size / seconds / 1e6:.0f} |"


def _scan_speed() -> Iterator[str]:
    """Lines of the table of a search through tables of a release."""
    texts = [page["text"] for page in pages(4)] * 100
    ids = [document_id("press", str(number)) for number in range(1_000_000)]
    names = [f"part-{number // 10_000}.jsonl" for number in range(len(ids))]
    data = {"id": ids[: len(texts)], "text": texts, "url": [f"https://a.example/{id}" for id in ids[: len(texts)]]}
    tables = {"documents": pa.table(data), "ledger": pa.table({"id": ids, "path": names, "detail": ids[::-1]})}
    yield "| table | rows | strings, MB | MB/s |"
    yield "| --- | --- | --- | --- |"
    for name, table in tables.items():
        size = sum(column.nbytes for column in table.columns)
        with TemporaryDirectory() as folder:
            pq.write_table(
                table,
                Path(folder) / "x.parquet",
                compression="zstd",
                row_group_size=max(1, len(table) * 32_000_000 // size),
            )
            (Path(folder) / MANIFEST_NAME).write_text("{}", encoding="utf-8")
            entry = FileEntry(path="x.parquet", sha256="0" * 64, bytes=0)
            manifest = Manifest.model_construct(files=[entry])
            scan = partial(find_secrets, Path(folder), manifest)
            (on_core,) = cpu_seconds(partial(scan, workers=1), runs=_SCANS)
        yield f"| {name} | {len(table):,} | {size / 1e6:.0f} | {size / on_core / 1e6:.0f} |"


def _replace(page: str, name: str, table: str) -> str:
    """Put a table between the two marks that name it."""
    head, rest = page.split(f"<!-- {name} -->\n")
    return f"{head}<!-- {name} -->\n\n{table}\n\n<!-- /{name} -->{rest.split(f'<!-- /{name} -->')[1]}"


if __name__ == "__main__":
    main()
