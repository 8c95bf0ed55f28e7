"""Which of the lines that a site repeats leave a document: those that frame its text, and boxes in its midst.

`site_line_v1` takes frequent lines with which a page begins or ends, `site_block_v1` boxes that the site prints on many
pages. Sentences are spared more than other lines, since quotations, verses and formulas of law repeat as well.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from corpus.dedup.site_lines import BOX, MANY, SHARE
from corpus.recipe import SiteLines

EDGE_LINE = "site_line_v1"
BLOCK_LINE = "site_block_v1"

SENTENCE_WORDS, LEAD_WORDS, LONG_WORDS = 4, 8, 30
"""A line is a sentence from so many words on: where it ends in a mark as sentences and verses do; where it ends in a
colon; whatever it ends in. Letters count as words in scripts without spaces."""
BOX_LINES = 3
"""A box has at least so many lines."""
FORMULA_REACH = 6
"""So many lines on either side of a formula of law belong to it: who decides, what about, who is told."""
FORMULA_WORDS = 4
"""A formula of so many words is also known within a line, as where a table was flattened."""
_MAX_FORMULA_CHARS = 300

_CLOSERS = "\"'”’»›」』)]）】* "
_STOPS = frozenset(".!?;,…。！？；，、؟؛،।॥။៕")
_COLONS = frozenset(":：")
_LEADING_ON = _COLONS | frozenset(";；؛")
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
    """What `frequent` says of it, or, where it has no letters, of the line above."""


def template_lines(
    lines: Sequence[str], levels: Mapping[int, int], title: str | None = None, kept: Container[int] = frozenset()
) -> list[TemplateLine]:
    """The lines that leave a document, in order; all of them where it holds nothing but template.

    Args:
        lines: its lines that are not blank.
        levels: index to level of those that are frequent on its site, as `frequent` gives them.
        title: its headline, which stays.
        kept: indices of lines that stay by a user's own rules.
    """
    if not levels:
        return []
    page = _Page(lines, levels, _held(lines, levels, title, kept))
    rules = dict.fromkeys(page.boxes(), BLOCK_LINE) | dict.fromkeys([*page.head(), *page.tail()], EDGE_LINE)
    level = 0
    found: list[TemplateLine] = []
    for index in sorted(rules):
        level = levels.get(index, level)
        found.append(TemplateLine(index, rules[index], level))
    return found


def why(line: TemplateLine, rule: SiteLines) -> str:
    """What the audit says about a line."""
    if line.level < SHARE:
        return f"on {rule.pages} or more pages of this site"
    return f"on {2 * rule.pages} or more pages of this site, {100 * rule.share:g}% of them or more"


class _Page:
    """A document, and the frequent ones among its lines."""

    def __init__(self, lines: Sequence[str], levels: Mapping[int, int], held: Container[int]) -> None:
        self._lines = lines
        self._levels = {index: level for index, level in levels.items() if index not in held}
        self._worded = [index for index, line in enumerate(lines) if index in levels or _WORD.search(line)]

    def head(self) -> list[int]:
        """Lines with which the page begins, but for sentences and for what leads on to its text."""
        run: list[int] = []
        for index in self._worded:
            if self._spared(index) or self._is_sentence(index):
                break
            run.append(index)
        while run and len(run) < len(self._worded) and _end(self._lines[run[-1]]) in _LEADING_ON:
            run.pop()
        return _from_to(run)

    def tail(self) -> list[int]:
        """Lines with which the page ends; sentences only where the site has them on its share of pages."""
        run: list[int] = []
        for index in reversed(self._worded):
            if self._spared(index) or (self._levels[index] < SHARE and self._is_sentence(index)):
                break
            run.append(index)
        return _from_to(run[::-1])

    def boxes(self) -> list[int]:
        """Runs of lines that stand one behind the other on many pages."""
        gone: list[int] = []
        run: list[int] = []
        for index in self._worded:
            in_box = self._levels.get(index, 0) >= SHARE and not self._leads_on(index)
            if not in_box or (run and self._levels[run[-1]] < BOX):
                gone += _box(run)
                run = []
            if in_box:
                run.append(index)
        return gone + _box(run)

    def _spared(self, index: int) -> bool:
        """Whether a line stays at an edge whatever it looks like; the first one is likely a headline."""
        return self._levels.get(index, 0) < (SHARE if index == self._worded[0] else MANY)

    def _leads_on(self, index: int) -> bool:
        """Whether a sentence goes on in the next line, as one of a preamble does."""
        return _end(self._lines[index]) in _LEADING_ON and self._is_sentence(index)

    def _is_sentence(self, index: int) -> bool:
        line = self._lines[index]
        end = _end(line)
        least = SENTENCE_WORDS if end in _STOPS else LEAD_WORDS if end in _COLONS else LONG_WORDS
        return max(len(line.split()), len(_UNSPACED.findall(line))) >= least


def _box(run: Sequence[int]) -> list[int]:
    return _from_to(run) if len(run) >= BOX_LINES else []


def _from_to(run: Sequence[int]) -> list[int]:
    """A run of lines, with lines without letters between two of them."""
    return list(range(run[0], run[-1] + 1)) if run else []


def _end(line: str) -> str:
    """The last character of a line, but for quotes and brackets that close."""
    return line.rstrip(_CLOSERS)[-1:]


def _held(lines: Sequence[str], levels: Mapping[int, int], title: str | None, kept: Container[int]) -> set[int]:
    """Lines that stay: by a user's rule, the title, formulas of law and what belongs to them."""
    headline = _folded(title) if title else None
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
    if len(folded) > _MAX_FORMULA_CHARS:
        return False
    whole, within = _formulas()
    return folded in whole or any(f" {formula} " in f" {folded} " for formula in within)


@cache
def _formulas() -> tuple[frozenset[str], tuple[str, ...]]:
    """Formulas of law by `data/formulas.tsv`, and those long enough to be known within a line."""
    table = (resources.files(__package__) / "data" / "formulas.tsv").read_text(encoding="utf-8")
    formulas = [_folded(row.split("\t")[1]) for row in table.splitlines()[1:]]
    return frozenset(formulas), tuple(text for text in formulas if text.count(" ") + 1 >= FORMULA_WORDS)
