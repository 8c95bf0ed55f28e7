"""Buttons, counters and labels that fill a line and say nothing.

- `comment_counter_v1`: "Comments (0)" and other headings of comments, where no comments follow
- `share_bar_v1`: share, print, log in, subscribe and other buttons
- `ad_label_v1`: "Advertisement"
- `site_footer_v1`: imprint, privacy, mobile version, and lines of copyright
- `counter_v1`: a number alone between buttons

A word that is a button here may be a subheading or a line of a poem there: `weak` words and numbers go only
beside another button, or outside the article.
"""

from __future__ import annotations

import re

from corpus.clean.boilerplate.lines import Line, Page

COMMENT_COUNTER = "comment_counter_v1"
SHARE_BAR = "share_bar_v1"
AD_LABEL = "ad_label_v1"
SITE_FOOTER = "site_footer_v1"
COUNTER = "counter_v1"

_RULE_OF_KIND = {"comments": COMMENT_COUNTER, "control": SHARE_BAR, "ad": AD_LABEL, "footer": SITE_FOOTER}
_NUMBER = re.compile(r"[(\[#]?\d[\d.,]{0,12}\s?[kKmM]?\+?[)\]]?")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b|bản quyền (?:thuộc|©))", re.IGNORECASE)
_MAX_COPYRIGHT_WIDTH = 200


def widgets(page: Page) -> dict[int, str]:
    """Lines that are a widget of the page, by index."""
    lines = page.lines
    taken: dict[int, str] = {}
    for index, line in enumerate(lines):
        if line.kind in _RULE_OF_KIND:
            taken[index] = _RULE_OF_KIND[line.kind]
        elif is_copyright(line):
            taken[index] = SITE_FOOTER
    for index, line in enumerate(lines):
        if index not in taken and _is_faint(line) and (index - 1 in taken or index + 1 in taken):
            taken[index] = SHARE_BAR if line.kind else COUNTER
    return taken


def is_copyright(line: Line) -> bool:
    """Whether the line opens with a mark of copyright."""
    return line.width <= _MAX_COPYRIGHT_WIDTH and bool(_COPYRIGHT.match(line.text))


def _is_faint(line: Line) -> bool:
    return line.kind == "weak" or (len(line.text) <= 16 and bool(_NUMBER.fullmatch(line.text)))
