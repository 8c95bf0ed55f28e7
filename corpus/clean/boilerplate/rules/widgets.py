"""Buttons, counters and labels that fill a line and say nothing.

- `comment_counter_v1`: "Comments (0)" and other headings of comments, where no comments follow
- `share_bar_v1`: share, print, log in, subscribe and other buttons
- `ad_label_v1`: "Advertisement"
- `site_footer_v1`: imprint, privacy, mobile version, and lines of copyright
- `counter_v1`: a number right beside one of these

A word that is a button here may be a subheading or a line of an exercise there: `weak` words go only in a row
with a sure one, and a word for comments stays where it stands like a subheading between two paragraphs.
"""

from __future__ import annotations

import re

from corpus.clean.boilerplate.lines.page import Line, Page

COMMENT_COUNTER = "comment_counter_v1"
SHARE_BAR = "share_bar_v1"
AD_LABEL = "ad_label_v1"
SITE_FOOTER = "site_footer_v1"
COUNTER = "counter_v1"

_RULE_OF_KIND = {"comments": COMMENT_COUNTER, "control": SHARE_BAR, "ad": AD_LABEL, "footer": SITE_FOOTER}
_NUMBER = re.compile(r"[(\[#]?\d[\d.,]{0,12}\s?[kKmM]?\+?[)\]]?")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b|bản quyền (?:thuộc|©))", re.IGNORECASE)
_MAX_COPYRIGHT_WIDTH = 200
_MAX_NUMBER_CHARS = 16


def widgets(page: Page) -> dict[int, str]:
    """Lines that are a widget of the page, by index."""
    lines = page.lines
    taken: dict[int, str] = {}
    for index, line in enumerate(lines):
        if line.kind == "comments" and _is_subheading(page, index):
            continue
        if line.kind in _RULE_OF_KIND:
            taken[index] = _RULE_OF_KIND[line.kind]
        elif is_copyright(line):
            taken[index] = SITE_FOOTER
    # Words go in whole rows, in either direction from a line that is sure; numbers only right beside a word,
    # so that a table above a row of buttons keeps its figures.
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        for index in order:
            beside = index - order.step
            if index in taken or beside not in taken:
                continue
            if lines[index].kind == "weak":
                taken[index] = SHARE_BAR
            elif lines[beside].kind and _is_number(lines[index]):
                taken[index] = COUNTER
    return taken


def is_copyright(line: Line) -> bool:
    """Whether the line opens with a mark of copyright."""
    return line.width <= _MAX_COPYRIGHT_WIDTH and bool(_COPYRIGHT.match(line.text))


def _is_number(line: Line) -> bool:
    return len(line.text) <= _MAX_NUMBER_CHARS and bool(_NUMBER.fullmatch(line.text))


def _is_subheading(page: Page, index: int) -> bool:
    """Whether a word such as "Comments" without a counter stands between two paragraphs of the article."""
    inside = index - 1 in page.core and index + 1 in page.core
    wordy = not any(char.isdigit() for char in page.lines[index].text)
    return inside and wordy and page.lines[index - 1].prose and page.lines[index + 1].prose
