"""Which of the lines that a site repeats leave a document: those that frame its text, and boxes in its midst.

`site_line_v1` takes frequent lines at the edges of a page, `site_block_v1` boxes amid its text. Sentences are spared
more than other lines, since quotations, refrains and formulas of law repeat as well.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from corpus.dedup.site_lines import BOX, SHARE
from corpus.recipe import SiteLines

EDGE_LINE = "site_line_v1"
BLOCK_LINE = "site_block_v1"

SENTENCE_WORDS, LEAD_WORDS = 4, 8
"""A line of so many words is a sentence if it ends in a mark as sentences and verses do; if it ends in a colon."""
LONG_WORDS = 30
"""A line of so many words is a sentence whatever stands behind it."""
BOX_LINES = 3
"""A box amid the text has at least so many lines."""
FORMULA_REACH = 6
"""Lines on either side of a formula of law that belong to it: who decides, about what, and who is told."""
_MAX_FORMULA_CHARS = 300
_FORMULA_WORDS = 4
"""Formulas of so many words are known within a line too, where a table was flattened."""

_STOPPED = re.compile(r"[.!?;:,…‥。！？；：，、؟؛،।॥။။៕។][\"'”’»›」』)\]）*]*$")
_LEADS_ON = re.compile(r"[;:,；：，、؛،][\"'”’»›」』)\]）*]*$")
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A line of a document that belongs to its site."""

    index: int
    """Among the non-blank lines of the document."""
    rule: str
    """`EDGE_LINE` or `BLOCK_LINE`."""
    level: int
    """What `frequent` says of it; of a line without letters, what it says of a line beside it."""


def template_lines(
    lines: Sequence[str], levels: Mapping[int, int], title: str | None = None, kept: Container[int] = frozenset()
) -> list[TemplateLine]:
    """The lines that leave a document, in order; all of them, where it holds nothing but template.

    Args:
        lines: its lines that are not blank.
        levels: index to level of those that are frequent on its site.
        title: its headline, which stays.
        kept: indices of lines that stay by a user's own rules.
    """
    page = _Page(lines, levels, _held(lines, levels, title, kept))
    taken = dict.fromkeys(page.boxes(), BLOCK_LINE)
    taken |= dict.fromkeys([*page.head(), *page.tail()], EDGE_LINE)
    found: list[TemplateLine] = []
    for index in sorted(taken):
        level = levels.get(index) or found[-1].level
        found.append(TemplateLine(index, taken[index], level))
    return found


def why(line: TemplateLine, rule: SiteLines) -> str:
    """What the audit says about a line, for a person."""
    said = f"on {rule.pages} or more pages of this site"
    if line.level < SHARE:
        return said
    return f"on {2 * rule.pages} or more pages of this site, and {rule.share:.0%} of them"


class _Page:
    """A document of which some lines may go."""

    def __init__(self, lines: Sequence[str], levels: Mapping[int, int], held: Container[int]) -> None:
        self._lines = lines
        self._levels = {index: level for index, level in levels.items() if index not in held}
        self._worded = [index for index, line in enumerate(lines) if index in levels or _WORD.search(line)]

    def head(self) -> list[int]:
        """Lines with which the page begins, but for sentences and for what leads on to the text."""
        run: list[int] = []
        for index in self._worded:
            if not self._goes(index) or self._is_sentence(index):
                break
            run.append(index)
        while run and len(run) < len(self._worded) and _LEADS_ON.search(self._lines[run[-1]]):
            run.pop()
        return self._with_between(run)

    def tail(self) -> list[int]:
        """Lines with which the page ends."""
        run: list[int] = []
        for index in reversed(self._worded):
            if not self._goes(index) or (self._is_sentence(index) and self._levels[index] < SHARE):
                break
            run.append(index)
        return self._with_between(run[::-1])

    def boxes(self) -> list[int]:
        """Lines that stand together amid the text of many pages, not all of them sentences."""
        gone: list[int] = []
        run: list[int] = []
        for index in [*self._worded, None]:
            if index is not None and self._in_box(index) and (not run or self._levels[run[-1]] == BOX):
                run.append(index)
                continue
            if len(run) >= BOX_LINES and not all(map(self._is_sentence, run)):
                gone += self._with_between(run)
            run = [index] if index is not None and self._in_box(index) else []
        return gone

    def _goes(self, index: int) -> bool:
        """Whether a line may go from an edge; the first one is likely the headline."""
        return self._levels.get(index, 0) >= (SHARE if index == self._worded[0] else 1)

    def _in_box(self, index: int) -> bool:
        leads_on = self._is_sentence(index) and _LEADS_ON.search(self._lines[index])
        return self._levels.get(index, 0) >= SHARE and not leads_on

    def _is_sentence(self, index: int) -> bool:
        line = self._lines[index]
        words = max(len(line.split()), len(_UNSPACED.findall(line)))
        if words >= LONG_WORDS:
            return True
        least = LEAD_WORDS if _COLON.search(line) else SENTENCE_WORDS if _STOPPED.search(line) else LONG_WORDS
        return words >= least

    @staticmethod
    def _with_between(run: Sequence[int]) -> list[int]:
        """A run of lines with what has no letters between two of them."""
        return list(range(run[0], run[-1] + 1)) if run else []


def _held(lines: Sequence[str], levels: Mapping[int, int], title: str | None, kept: Container[int]) -> set[int]:
    """Frequent lines that stay: by a user's rule, the title, formulas of law and what belongs to them."""
    headline = _folded(title) if title else ""
    held: set[int] = set()
    for index in levels:
        folded = _folded(lines[index])
        if index in kept or folded == headline:
            held.add(index)
        if _is_formula(folded):
            held.update(range(index - FORMULA_REACH, index + FORMULA_REACH + 1))
    return held


def _folded(text: str) -> str:
    """The words of a line without case and punctuation."""
    return " ".join(_WORD.findall(text.casefold()))


def _is_formula(folded: str) -> bool:
    """Whether a line holds a formula of law; a short one must be the whole line."""
    whole, within = _formulas()
    return folded in whole or (
        len(folded) <= _MAX_FORMULA_CHARS and any(f" {formula} " in f" {folded} " for formula in within)
    )


@cache
def _formulas() -> tuple[frozenset[str], tuple[str, ...]]:
    """Formulas of law by `data/formulas.tsv`, and those long enough to be known within a line."""
    table = (resources.files(__package__) / "data" / "formulas.tsv").read_text(encoding="utf-8")
    formulas = [_folded(row.split("\t")[1]) for row in table.splitlines()[1:]]
    return frozenset(formulas), tuple(text for text in formulas if text.count(" ") + 1 >= _FORMULA_WORDS)
