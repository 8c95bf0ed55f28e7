"""What readers wrote, below a heading that names the article.

`replies_v1`: "34 responses to “The headline”" and everything below it, as blogs have it in all languages: a figure, a
few words, and in quotes a line that stands further up. Nothing of the article comes after that, however well the
comments are written.
"""

from __future__ import annotations

import re

from corpus.clean.boilerplate.lines.page import Page

RULE = "replies_v1"
MIN_PROSE_ABOVE = 2
"""With less prose above it, the article may be further down."""
_MAX_WORDS = 5
_CLOSING = '”“"»›」』’'
_HEADING = re.compile(rf"\d[\d.,]*(?:\s+[^\W\d_]+){{1,{_MAX_WORDS}}}\s*[“”\"„«‹「『‘](.+)[{_CLOSING}]")


def replies(page: Page) -> dict[int, str]:
    """The heading and all lines below it, by index."""
    first_at: dict[str, int] = {}
    prose = 0
    for index, line in enumerate(page.lines):
        if prose >= MIN_PROSE_ABOVE and line.text[-1] in _CLOSING and (heading := _HEADING.fullmatch(line.text)):
            if not first_at:
                first_at = {_folded(other.text): at for at, other in reversed(list(enumerate(page.lines)))}
            if first_at.get(_folded(heading[1]), index) < index:
                return dict.fromkeys(range(index, len(page.lines)), RULE)
        prose += line.prose
    return {}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
