"""How well a cleaner does on labelled pages: line precision, recall and F1, and how many documents it harmed."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corpus.clean import Cleaned
from corpus.labelled.pages import LabelledPage

HARMED_BELOW = 0.9
"""A document that keeps less of the characters that it should is harmed."""

Cleaner = Callable[[Sequence[LabelledPage]], Sequence[Cleaned]]


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page: lines and characters that should stay or go, and those that stayed."""

    page: LabelledPage
    keep_lines: int
    kept_lines: float
    keep_chars: int
    kept_chars: int
    drop_lines: int
    left_lines: int
    """Lines that should have gone and stayed."""
    lost: tuple[str, ...]
    """Lines that should have stayed and went."""
    left: tuple[str, ...]
    rules: dict[str, tuple[int, int]]
    """By rule: removed lines that should have gone, and that should have stayed."""

    @property
    def precision(self) -> float:
        """Share of the lines that stayed which should."""
        stayed = self.kept_lines + self.left_lines
        return self.kept_lines / stayed if stayed else float(not self.keep_lines)

    @property
    def recall(self) -> float:
        """Share of the lines that should stay which did."""
        return self.kept_lines / self.keep_lines if self.keep_lines else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def harmed(self) -> bool:
        """Whether more than a tenth of the characters that should stay were lost."""
        return self.kept_chars < HARMED_BELOW * self.keep_chars


@dataclass(frozen=True, slots=True)
class Score:
    """A group of pages. Precision, recall and F1 are means over the pages that have text."""

    pages: int
    with_text: int
    precision: float
    recall: float
    f1: float
    harmed: int
    boilerplate_removed: float
    """Share of the boilerplate lines of all pages, also of those without text."""


def score_page(page: LabelledPage, cleaned: Cleaned) -> PageScore:
    """Compare a cleaned page with its labels.

    A line counts as kept when an equal line is in the text. Where the same line occurs several times, those that stayed
    count as the ones that should.
    """
    stayed = Counter(_folded(line) for line in cleaned.text.split("\n") if line)
    order = sorted(page.lines, key=lambda line: {True: 0, None: 1, False: 2}[line.keep])
    keep_lines = keep_chars = kept_lines = kept_chars = drop_lines = 0
    lost, left = [], []
    for line in order:
        key = _folded(line.text)
        there = stayed[key] > 0
        stayed[key] -= there
        if line.keep:
            keep_lines += 1
            keep_chars += len(key)
            kept_lines += there
            kept_chars += len(key) * there
            if not there:
                lost.append(line.text)
        elif line.keep is False:
            drop_lines += 1
            if there:
                left.append(line.text)
    return PageScore(
        page,
        keep_lines,
        kept_lines,
        keep_chars,
        kept_chars,
        drop_lines,
        len(left),
        tuple(lost),
        tuple(left),
        _by_rule(page, cleaned),
    )


def _by_rule(page: LabelledPage, cleaned: Cleaned) -> dict[str, tuple[int, int]]:
    should: dict[str, list[bool | None]] = defaultdict(list)
    for line in page.lines:
        should[line.text].append(line.keep)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for removed in cleaned.removed:
        said = set(should.get(removed.text, [None]))
        if said == {False}:
            counts[removed.rule][0] += 1
        elif said == {True}:
            counts[removed.rule][1] += 1
    return {rule: (right, wrong) for rule, (right, wrong) in sorted(counts.items())}


def score(pages: Iterable[PageScore]) -> Score:
    """The score of a group of pages."""
    pages = list(pages)
    texts = [page for page in pages if page.keep_lines]
    drop = sum(page.drop_lines for page in pages)
    return Score(
        pages=len(pages),
        with_text=len(texts),
        precision=_mean(page.precision for page in texts),
        recall=_mean(page.recall for page in texts),
        f1=_mean(page.f1 for page in texts),
        harmed=sum(page.harmed for page in texts),
        boilerplate_removed=1 - sum(page.left_lines for page in pages) / drop if drop else 1.0,
    )


def score_by(pages: Sequence[PageScore], field: str) -> dict[str, Score]:
    """The score of each group of pages with the same `site`, `language` or `set`, largest group first."""
    groups: dict[str, list[PageScore]] = defaultdict(list)
    for page in pages:
        groups[getattr(page.page, field)].append(page)
    return {name: score(group) for name, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))}


def rules_of(pages: Iterable[PageScore]) -> dict[str, tuple[int, int]]:
    """By rule: how many removed lines should have gone, and how many should have stayed."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for page in pages:
        for rule, (gone, harmed) in page.rules.items():
            right[rule] += gone
            wrong[rule] += harmed
    return {rule: (right[rule], wrong[rule]) for rule in sorted(right | wrong, key=lambda rule: -right[rule])}


def to_dict(pages: Sequence[PageScore]) -> dict[str, Any]:
    """All that `corpus score` says, as plain values."""
    fields = ("set", "language", "site")
    return {
        "all": asdict(score(pages)),
        "by": {field: {name: asdict(group) for name, group in score_by(pages, field).items()} for field in fields},
        "rules": {rule: {"right": right, "wrong": wrong} for rule, (right, wrong) in rules_of(pages).items()},
        "pages": [
            {"id": page.page.id, "f1": page.f1, "harmed": page.harmed, "lost": page.lost, "left": page.left}
            for page in pages
        ],
    }


def _mean(values: Iterable[float]) -> float:
    known = list(values)
    return sum(known) / len(known) if known else 0.0


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
