"""A document as lines, with the facts about their shape that the rules ask for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.clean.boilerplate.phrases import phrase_kind

_LOOKED_AT = 400
"""Characters of a line that its shape is read from, so that one line of 5 MB costs no more than others."""
_CLOSERS = "\"”’»)]）」』'›* "
_STOPS = ".。।۔…"
_ENDS = _STOPS + "!?！？؟"
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uff60]")
_WIDE_EXTRA = 1.2
_NOT_PROSE = -0.65
"""What a line that is not prose takes from a stretch; a paragraph of 400 characters or more gives 4."""
_REPEATED = -0.3
"""The same for lines that occur three times or more, which sites put between the paragraphs of an article."""
_INNER_SENTENCE = re.compile(r"[^\s.!?…][^\s.!?…][.!?…][\"”’»)]?\s[\"“«(]?\w|[。！？।].")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank."""

    number: int
    """1-based in the text."""
    text: str
    """Without white space at its ends."""
    key: str
    """Equal for lines that differ only in case and spacing."""
    width: float
    """Length in Latin characters; an ideograph says as much as 2.2 of them."""
    stop: bool
    """Ends with a full stop, behind which quotes and brackets may close."""
    ended: bool
    """Ends with any mark that ends a sentence."""
    prose: bool
    """Long enough and built like running text."""
    kind: str | None
    """The kind of boilerplate phrase that the whole line is."""

    @property
    def headline(self) -> bool:
        """Whether it could be a headline or a link: of some length, not running text, no full stop."""
        return 15 <= self.width <= 220 and not self.stop and not self.text.endswith((":", ";", ","))


@dataclass(frozen=True, slots=True)
class Page:
    """All lines of a document that are not blank, and where its article is."""

    lines: tuple[Line, ...]
    copies: Counter[str]
    """How often each key occurs."""
    core: range
    """Indices of the densest stretch of prose, first line to last; empty where there is no prose."""


def read_page(lines: Sequence[str]) -> Page:
    """Take the shape of a document's lines; blank ones are left out."""
    read = tuple(_read_line(number, text) for number, text in enumerate(lines, 1) if text and not text.isspace())
    copies = Counter(line.key for line in read)
    return Page(read, copies, _densest_prose(read, copies))


def holds_sentence(text: str) -> bool:
    """Whether a sentence ends before the end of the text."""
    return bool(_INNER_SENTENCE.search(text))


def _read_line(number: int, raw: str) -> Line:
    text = raw.strip()
    head = text[:_LOOKED_AT]
    width = float(len(text))
    if not head.isascii() and _WIDE.search(head):
        width *= 1 + _WIDE_EXTRA * len(_WIDE.findall(head)) / len(head)
    last = text[-8:].rstrip(_CLOSERS)[-1:]
    ended = bool(last) and last in _ENDS
    prose = (ended and width >= 60) or width >= 140 or (width >= 80 and holds_sentence(head))
    key = " ".join(text.casefold().split()) if len(text) <= _LOOKED_AT else text
    return Line(number, text, key, width, ended and last in _STOPS, ended, prose, phrase_kind(text))


def _densest_prose(lines: Sequence[Line], copies: Counter[str]) -> range:
    """The stretch with the largest sum, where prose counts by its width and every other line counts against.

    Kadane's algorithm, https://en.wikipedia.org/wiki/Maximum_subarray_problem
    """
    best, best_span = 0.0, range(0)
    total, start = 0.0, 0
    for index, line in enumerate(lines):
        if total <= 0:
            total, start = 0.0, index
        total += min(line.width, 400) / 100 if line.prose else (_REPEATED if copies[line.key] > 2 else _NOT_PROSE)
        if total > best:
            best, best_span = total, range(start, index + 1)
    return best_span
