"""Teaser lists that betray themselves: a picture's alternative text repeats the headline beside it.

`repeated_headline_v1`: headline, the same headline, teaser, several times in a row. This pattern needs no
heading above it and no knowledge of the language.
"""

from __future__ import annotations

from itertools import pairwise

from corpus.clean.boilerplate.lines.page import Page

RULE = "repeated_headline_v1"
MIN_IN_A_ROW = 3
"""One or two doubled lines may be a refrain or a scraper's slip."""
MIN_PROSE_LINES = 3
"""A song repeats its lines too, but holds no prose."""
_MAX_GAP = 2
"""Lines between two pairs: a teaser, and perhaps a date."""


def repeated_headlines(page: Page) -> dict[int, str]:
    """Lines of teaser lists, by index."""
    if sum(page.lines[i].prose for i in page.core) < MIN_PROSE_LINES:
        return {}
    pairs = [i for i in range(len(page.lines) - 1) if _is_pair(page, i)]
    taken: dict[int, str] = {}
    run: list[int] = []
    for pair in [*pairs, len(page.lines) + _MAX_GAP + 3]:
        if run and pair - run[-1] > _MAX_GAP + 2:
            if len(run) >= MIN_IN_A_ROW:
                # The line behind the last pair is a teaser only where each pair before it has one.
                teaser = all(later - earlier == 3 for earlier, later in pairwise(run))
                last = run[-1] + (2 if teaser and run[-1] + 2 < len(page.lines) else 1)
                taken.update(dict.fromkeys(range(run[0], last + 1), RULE))
            run = []
        run.append(pair)
    return taken


def _is_pair(page: Page, index: int) -> bool:
    line, following = page.lines[index], page.lines[index + 1]
    return (
        line.copies > 1
        and line.key == following.key
        and line.headline
        and not (index and page.lines[index - 1].key == line.key)
    )
