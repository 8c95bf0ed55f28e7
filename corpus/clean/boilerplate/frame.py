"""The frame of a whole page: menus above the article and lists and links below it.

`page_frame_v1` takes lines outside the core, the densest stretch of prose, and only on the side where the
page shows the marks of a site: known buttons and links. A poem, a recipe or a list has none, and stays whole.
"""

from __future__ import annotations

import re

from corpus.clean.boilerplate.lines import Line, Page

RULE = "page_frame_v1"
MIN_MARKS = 3
"""Known phrases that a side must hold to be taken for a frame."""
MIN_PROSE_LINES = 3
"""With less prose the core says nothing about where the article is."""
MAX_PARAGRAPH_SHARE = 2.0
"""A side with more paragraphs than that, by width against the core's, is no frame."""
_REACH = 6
"""A paragraph that is not further from the core, in lines, stays."""
_TITLE_REACH = 12
"""Lines above the core among which the headline is looked for."""
_MAX_BREAK = 2
"""So many lines of another kind, such as headings, may stand between the items of a list."""
_ITEM = re.compile(r"[-–•*+\d]|\w{1,12}[:.)] ")
"""How an item of a list or a turn of an interview begins."""


def page_frame(page: Page) -> dict[int, str]:
    """Lines of the frame, by index."""
    lines, core = page.lines, page.core
    if sum(lines[i].prose for i in core) < MIN_PROSE_LINES:
        return {}
    taken: set[int] = set()
    above, below = range(core.start), range(core.stop, len(lines))
    if _is_frame(page, above):
        title = _title(page)
        taken.update(i for i in above if i < title and not _near(page, i))
        taken.update(i for i in above if i > title and not lines[i].headline and not _near(page, i))
    if _is_frame(page, below):
        start = _article_end(page)
        taken.update(i for i in below if i >= start and not _near(page, i))
    return dict.fromkeys(sorted(taken), RULE)


def _is_frame(page: Page, side: range) -> bool:
    """Whether the lines beside the core are a site's and not a second half of the article."""
    marks = sum(page.lines[i].kind is not None for i in side)
    return marks >= MIN_MARKS and _paragraph_width(page, side) <= MAX_PARAGRAPH_SHARE * _paragraph_width(
        page, page.core
    )


def _paragraph_width(page: Page, span: range) -> float:
    return sum(min(line.width, 400) for line in page.lines[span.start : span.stop] if line.prose and line.ended)


def _article_end(page: Page) -> int:
    """Index behind the last line that goes on with the core, before the first that is the site's."""
    lines, end = page.lines, page.core.stop
    for index in range(page.core.stop, len(lines)):
        site = lines[index].kind is not None or page.copies[lines[index].key] > 1
        if site or index - end >= _MAX_BREAK:
            break
        if _continues(lines[index]):
            end = index + 1
    return end


def _continues(line: Line) -> bool:
    """Whether a line below the core goes on with it: a sentence, or an item of a list."""
    return line.ended or bool(_ITEM.match(line.text))


def _near(page: Page, index: int) -> bool:
    """Whether a line is a paragraph so near to the core that it may belong to the article."""
    line, core = page.lines[index], page.core
    distance = core.start - index if index < core.start else index - core.stop + 1
    return line.prose and line.ended and distance <= _REACH


def _title(page: Page) -> int:
    """Index of the line above the core that shares most words with it; the core's first where none does."""
    lines, core = page.lines, page.core
    words = {word for i in core if lines[i].prose for word in lines[i].key[:2000].split()}
    best, best_score = core.start, 0.0
    for index in range(max(0, core.start - _TITLE_REACH), core.start):
        line = lines[index]
        if line.headline and line.width >= 20 and line.kind is None:
            own = line.key.split()
            score = sum(word in words for word in own) / (len(own) + 2) * min(line.width, 80)
            if score > best_score:
                best, best_score = index, score
    return best
