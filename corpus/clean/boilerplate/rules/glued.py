"""Headlines of other stories, glued into one line under the lead.

`glued_headlines_v1`: some scrapers join the links of a box between lead and body into one line without stops,
and such a line is as long as a paragraph. It is taken only where all of this holds:

- it stands right under the lead, the first paragraph of the article;
- nearly all paragraphs of the article end with a stop; this line ends with none and has no sentence inside;
- a new headline begins in the middle of it: behind a word in small letters and no punctuation come words
  that open a line elsewhere in the article, as the subject of a headline does.
"""

from __future__ import annotations

import re

from corpus.clean.boilerplate.lines.page import Line, Page

RULE = "glued_headlines_v1"
MIN_WIDTH = 120
MAX_WIDTH = 1200
MIN_PARAGRAPHS = 5
MIN_ENDED_SHARE = 0.9
_OPENING_WORDS = 3
_MIN_WORDS_A_SIDE = 5
_SENTENCE = re.compile(r"[^\s.!?…][^\s.!?…][.!?…][\"”’»)]?\s[\"“«(]?\w|[。！？।].")
"""A sentence that ends before the end of the line."""


def glued_headlines(page: Page) -> dict[int, str]:
    """The line of glued headlines, by index; at most one."""
    paragraphs = [i for i in page.core if page.lines[i].prose]
    if len(paragraphs) < MIN_PARAGRAPHS:
        return {}
    lead, index = paragraphs[0], paragraphs[0] + 1
    if index not in page.core or not page.lines[lead].ended:
        return {}
    line = page.lines[index]
    others = [page.lines[i] for i in paragraphs if i != index]
    ended = sum(other.ended for other in others) >= MIN_ENDED_SHARE * len(others)
    glued = ended and _runs_on(line) and _has_inner_headline(line.text.split(), _openings(page, index))
    return {index: RULE} if glued else {}


def _runs_on(line: Line) -> bool:
    """Whether the line is as long as a paragraph, without a single sentence."""
    long = MIN_WIDTH <= line.width <= MAX_WIDTH
    return long and not line.ended and line.text[-1] not in ":;," and not _SENTENCE.search(line.text)


def _has_inner_headline(words: list[str], openings: set[str]) -> bool:
    return any(
        words[at][0].isupper()
        and words[at - 1].isalpha()
        and words[at - 1].islower()
        and _opening(words[at:]) in openings
        for at in range(_MIN_WORDS_A_SIDE, len(words) - _MIN_WORDS_A_SIDE)
    )


def _openings(page: Page, but: int) -> set[str]:
    """The first words of every other line of the article."""
    return {_opening(page.lines[i].text[:200].split()) for i in page.core if i != but}


def _opening(words: list[str]) -> str:
    return re.sub(r"[^\w\s]", "", " ".join(words[:_OPENING_WORDS]).casefold())
