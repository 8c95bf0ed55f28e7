"""Boxes of other stories and of comments, from their heading to where the article goes on.

- `related_section_v1`: "Related stories" and what is listed under it
- `comment_section_v1`: "Comments" and what readers wrote

Where a box ends is decided with care, since text lost is worse than a headline left over:
where the article goes on below (two paragraphs in a row), a box ends at the first line that is no headline;
where it does not, the box takes everything to the end.
"""

from __future__ import annotations

from corpus.clean.boilerplate.lines import Line, Page

RELATED = "related_section_v1"
COMMENTS = "comment_section_v1"

MIN_PROSE_BEFORE = 2
"""A heading with less prose above it stands in the page's menu; only the line itself goes."""
MIN_PARAGRAPH_WIDTH = 120
"""Narrower prose may be a teaser."""

_RULE_OF_KIND = {"related": RELATED, "comments": COMMENTS}


def sections(page: Page) -> dict[int, str]:
    """Headings of boxes and the lines under them, by index."""
    lines = page.lines
    resumes = _next_resumption(page)
    taken: dict[int, str] = {}
    prose_before = 0
    refused_until = 0
    for index, line in enumerate(lines):
        if line.prose and index not in taken:
            prose_before += 1
        rule = _RULE_OF_KIND.get(line.kind or "")
        if rule is None or index in taken:
            continue
        if prose_before < MIN_PROSE_BEFORE:
            if rule == RELATED:
                taken[index] = rule
            continue
        resumption = resumes[index]
        if resumption is not None:
            end = _box_end(lines, index, resumption)
        else:
            end, read_until = (
                _tail_end(page, index, max(prose_before, 3)) if index >= refused_until else (0, 0)
            )
            if end == 0:
                # What was too much for one heading is too much for those inside it; this also bounds the time.
                end, refused_until = index + 1, max(read_until, refused_until)
        if rule == COMMENTS and end == index + 1:
            continue
        taken.update(dict.fromkeys(range(index, end), rule))
    return taken


def _box_end(lines: tuple[Line, ...], heading: int, resumption: int) -> int:
    """Index behind the last line of a box in mid-article."""
    end = heading + 1
    while end < resumption and _is_box_item(lines[end]):
        end += 1
    return end


def _tail_end(page: Page, heading: int, prose_before: int) -> tuple[int, int]:
    """Index behind the last line of a box below the article, and how far the page was read for it.

    Teasers stand under one headline each. A paragraph under two or more different headlines is the article's,
    and so is one that has no like below it. The end is 0, no box, where the box would hold more than twice the
    paragraphs that stand above it.
    """
    lines = page.lines
    headlines: set[str] = set()
    paragraphs: list[int] = []
    for index in range(heading + 1, len(lines)):
        line = lines[index]
        if _is_paragraph(page, index):
            paragraphs.append(index)
            if len(headlines) > 1:
                return index, index
            if len(paragraphs) > 2 * prose_before:
                return 0, index
            headlines = set()
        elif line.kind is None and line.headline and line.width >= 25:
            headlines.add(line.key)
        elif line.kind in _RULE_OF_KIND:
            headlines = set()
    single = len(paragraphs) == 1 and paragraphs[0] in page.core
    return paragraphs[0] if single else len(lines), len(lines)


def _is_box_item(line: Line) -> bool:
    return line.kind is not None or (not line.prose and not line.ended) or (line.headline and not line.stop)


def _next_resumption(page: Page) -> list[int | None]:
    """For each index, the next place inside the core where two paragraphs follow one another."""
    lines = page.lines
    following: list[int | None] = [None] * len(lines)
    resumption: int | None = None
    for index in range(len(lines) - 2, -1, -1):
        following[index] = resumption
        if index + 1 in page.core and _is_paragraph(page, index) and _is_paragraph(page, index + 1):
            resumption = index
    return following


def _is_paragraph(page: Page, index: int) -> bool:
    line = page.lines[index]
    return line.prose and line.ended and line.width >= MIN_PARAGRAPH_WIDTH and page.copies[line.key] == 1
