"""Boxes of other stories and of comments, from their heading to where the article goes on.

- `related_section_v1`: "Related stories" and what is listed under it
- `comment_section_v1`: "Comments" and what readers wrote

Where a box ends is decided with care, since text lost is worse than a headline left over:
where the article goes on below (two paragraphs in a row), a box ends at the first line that is no headline;
where it does not, the box takes everything to the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from corpus.clean.boilerplate.lines.page import Line, Page

RELATED = "related_section_v1"
COMMENTS = "comment_section_v1"

MIN_PROSE_BEFORE = 2
"""A heading with less prose above it stands in the page's menu; only the line itself goes."""
MAX_PARAGRAPHS_BELOW = 2
"""A box holds at most so many paragraphs for each line of prose above its heading."""
_FEW_ABOVE = 3
_MAX_PARAGRAPH_WIDTH = 120.0
_TEASER_SHARE = 0.6
"""Prose narrower than this share of the page's usual may be a teaser."""
_MIN_TITLE_WIDTH = 25

_RULE_OF_KIND = {"related": RELATED, "comments": COMMENTS}


def sections(page: Page, headings: Mapping[int, str] = MappingProxyType({})) -> dict[int, str]:
    """Headings of boxes and the lines under them, by index.

    Args:
        page: the document.
        headings: further lines that open a box, with the rule that says so.
    """
    paragraphs = _paragraphs(page)
    resumptions = _next_resumptions(page, paragraphs)
    taken: dict[int, str] = {}
    prose_above, paragraphs_below = 0, sum(paragraphs)
    for index, line in enumerate(page.lines):
        paragraphs_below -= paragraphs[index]
        if index in taken:
            continue
        prose_above += line.prose
        rule = headings.get(index) or _RULE_OF_KIND.get(line.kind or "")
        if rule is None:
            continue
        end = index + 1
        if prose_above >= MIN_PROSE_BEFORE:
            resumption = resumptions[index]
            if resumption is not None:
                end = _box_end(page, index, resumption)
            elif paragraphs_below <= MAX_PARAGRAPHS_BELOW * max(prose_above, _FEW_ABOVE):
                end = _tail_end(page, index, paragraphs)
        # A heading of comments without comments is a counter, and another rule's business.
        if rule != COMMENTS or end > index + 1:
            taken.update(dict.fromkeys(range(index, end), rule))
    return taken


def _box_end(page: Page, heading: int, resumption: int) -> int:
    """Index behind the last line of a box in mid-article."""
    end = heading + 1
    while end < resumption and _is_box_item(page.lines[end]):
        end += 1
    return end


def _is_box_item(line: Line) -> bool:
    return line.kind is not None or (not line.prose and not line.ended) or (line.headline and not line.stop)


def _tail_end(page: Page, heading: int, paragraphs: Sequence[bool]) -> int:
    """Index behind the last line of a box below the article.

    Teasers stand under one headline each. A paragraph under two or more different headlines is the article's,
    and so is one that has no like below it.
    """
    headlines: set[int] = set()
    teasers: list[int] = []
    for index in range(heading + 1, len(page.lines)):
        line = page.lines[index]
        if paragraphs[index]:
            if len(headlines) > 1:
                return index
            teasers.append(index)
            headlines = set()
        elif line.kind is None and line.headline and line.width >= _MIN_TITLE_WIDTH:
            headlines.add(line.key)
        elif line.kind in _RULE_OF_KIND:
            headlines = set()
    return teasers[0] if len(teasers) == 1 else len(page.lines)


def _next_resumptions(page: Page, paragraphs: Sequence[bool]) -> list[int | None]:
    """For each index, the next place inside the core where two paragraphs follow one another."""
    following: list[int | None] = [None] * len(page.lines)
    resumption: int | None = None
    for index in range(len(page.lines) - 2, -1, -1):
        following[index] = resumption
        if index + 1 in page.core and paragraphs[index] and paragraphs[index + 1]:
            resumption = index
    return following


def _paragraphs(page: Page) -> list[bool]:
    """For each index, whether the line is prose about as wide as the article's, and no copy of another."""
    widths = sorted(page.lines[i].width for i in page.core if page.lines[i].prose)
    usual = widths[len(widths) // 2] if widths else 0.0
    enough = min(_MAX_PARAGRAPH_WIDTH, _TEASER_SHARE * usual)
    return [page.is_paragraph(line) and line.width >= enough and line.copies == 1 for line in page.lines]
