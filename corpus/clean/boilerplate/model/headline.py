"""The headline of an article, which on full pages stands alone among menus and buttons, and looks like any other link.

Where the model keeps no headline, the likeliest line above the text is looked for: by the model's second output, the
words that it shares with the text, and its copies and beginnings elsewhere, since sites repeat a headline in the page's
title and in their breadcrumbs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from corpus.clean.boilerplate.lines.page import Line, Page

REACH = 30
"""Lines above the text among which the headline is looked for."""
_LEAST = -1.0
"""A likelier candidate than this stays; even odds are 0."""
_MIN_WIDTH, _MAX_WIDTH = 12, 260
_HOLE = 0.34
"""What a line that goes takes from a stretch of text."""
_KEPT = 0.0
"""A line that stays and is likelier the headline than this is taken for it."""
_HEADLINE, _TEXT, _ECHO, _WIDTH, _COPIES, _PREFIX, _DISTANCE, _STOP, _CONSTANT = (
    1.1,
    -0.4,
    2.3,
    0.3,
    0.9,
    0.5,
    -0.15,
    -2.1,
    -1.5,
)
"""Weights of a logistic regression over the candidates of 172 labelled pages, rounded."""
_PATH = re.compile("[>›»→]")
"""What stands between the steps of a breadcrumb."""
_WORD = re.compile(r"[^\W_]+")
_LOOKED_AT = 400
_SHORT_WORD = 3
"""Words of at most so many letters tell little about what a text is about."""


def find_headline(page: Page, kept: Collection[int], text: Sequence[float], headline: Sequence[float]) -> int | None:
    """Index of a line above the text that is its headline, where there is one and it would go.

    Args:
        page: the document.
        kept: indices of the lines that stay.
        text: the model's first output for each line.
        headline: the model's second output for each line.
    """
    lines = page.lines
    start = _start(len(lines), kept)
    near = [at for at in range(max(0, start - REACH), start + 1) if _MIN_WIDTH <= lines[at].width <= _MAX_WIDTH]
    candidates = [at for at in near if at not in kept and lines[at].kind is None and not _PATH.search(lines[at].text)]
    begin = lines[start]
    if begin.headline and not begin.prose and begin.width >= 25 and start in kept:
        return None
    if not candidates or any(at in kept and headline[at] >= _KEPT for at in near):
        return None
    used = Counter(word for at in kept for word in set(_words(lines[at])))
    top = [" ".join(_words(line)) for line in lines[:REACH]]
    best, best_score = None, _LEAST
    for at in candidates:
        words = _words(lines[at])
        if not words:
            continue
        telling = [word for word in words if len(word) > _SHORT_WORD] or words
        opening = " ".join(words)
        longer = len(opening) > _MIN_WIDTH and any(other.startswith(opening + " ") for other in top)
        score = (
            _HEADLINE * headline[at]
            + _TEXT * text[at]
            + _ECHO * sum(word in used for word in telling) / len(telling)
            + _WIDTH * min(lines[at].width, 120) / 100
            + _COPIES * min(lines[at].copies - 1, 3)
            + _PREFIX * longer
            + _DISTANCE * (start - at).bit_length()
            + _STOP * (lines[at].stop)
            + _CONSTANT
        )
        if score >= best_score:
            best, best_score = at, score
    return best


def _start(count: int, kept: Collection[int]) -> int:
    """Where the densest stretch of lines that stay begins."""
    best = total = 0.0
    best_start = start = 0
    for at in range(count):
        if total <= 0:
            total, start = 0.0, at
        total += 1.0 if at in kept else -_HOLE
        if total > best:
            best, best_start = total, start
    return best_start


def _words(line: Line) -> list[str]:
    return _WORD.findall(line.text[:_LOOKED_AT].casefold())
