"""Which lines go, and what takes each: the user's own rules, exact rules, the line model, in that order.

Harm is worse than leftovers. A user's rule is obeyed. An exact rule is overruled where the model is sure of text.
Where no rule says anything the model decides, and the likeliest headline of a document stays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence

from corpus.clean.boilerplate.lines.page import Page, Pages
from corpus.clean.boilerplate.model.headline import find_headline
from corpus.clean.boilerplate.model.judge import Judgement, judge
from corpus.clean.boilerplate.model.network import Network
from corpus.clean.boilerplate.rules.captions import IMAGE_NAME, PHOTO_CAPTION, REPEATED_CAPTION, captions
from corpus.clean.boilerplate.rules.glued import RULE as GLUED
from corpus.clean.boilerplate.rules.glued import glued_headlines
from corpus.clean.boilerplate.rules.own import PREFIX, OwnVerdict
from corpus.clean.boilerplate.rules.replies import RULE as REPLIES
from corpus.clean.boilerplate.rules.replies import replies
from corpus.clean.boilerplate.rules.sections import sections
from corpus.clean.boilerplate.rules.teasers import repeated_headlines
from corpus.clean.boilerplate.rules.widgets import widgets
from corpus.clean.finding import Removed

RULES: tuple[Callable[[Page], Mapping[int, str]], ...] = (repeated_headlines, captions, widgets, glued_headlines)
"""The exact rules in the order in which they claim lines, behind `sections` and `replies`."""
NEVER_TEXT = frozenset({GLUED, IMAGE_NAME, PHOTO_CAPTION, REPEATED_CAPTION, REPLIES})
"""Rules that the model does not overrule: what they look for is no text wherever it stands."""
OUTSIDE, INSIDE, SUBHEADING, PARAGRAPH, LAST_PARAGRAPH = 0.15, 0.0, -1.0, -3.0, -5.0
"""The model drops a line that is less likely text than this, 0 being even odds: a line outside the densest stretch of
prose, a line inside it, one between two paragraphs there, a paragraph there, a paragraph with which the page ends.
Measured on labelled pages of sites that the model had not seen."""
MIN_PROSE_LINES = 3
"""With less prose and no line that an exact rule knows, a document is a poem or a list; the model takes nothing."""
ALL_PROSE = 0.6
"""With a larger share of prose and no line that an exact rule knows, it has no boilerplate to speak of."""
SURE_TEXT = 0.5
"""No exact rule takes a line that the model finds likelier text than this."""
MIN_TEXT_LINES = 2
"""A document of fewer lines of text has no headline."""
_NEAR = 3
"""Lines above and below that are its neighbours."""
_PHRASE_REACH = 100
"""Lines above among which a phrase is looked for that a reason quotes."""


def strip(
    pages: Pages, spared: Sequence[Collection[int]], own: Sequence[OwnVerdict], network: Network
) -> list[list[Removed]]:
    """The lines of each document that are boilerplate, in order.

    Args:
        pages: the documents.
        spared: for each, indices of lines that already have another use.
        own: for each, what the user's rules say.
        network: the line model.
    """
    judgement = judge(pages, network)
    first = pages.first
    gone: list[dict[int, str]] = []
    for page, start, used, verdict in zip(pages.pages, first[:-1], spared, own, strict=True):
        text = judgement.text[start : start + len(page.lines)]
        headline = judgement.headline[start : start + len(page.lines)]
        chosen = _claimed(page, verdict, text)
        low: list[int] = []
        if chosen or MIN_PROSE_LINES <= sum(line.prose for line in page.lines) < ALL_PROSE * len(page.lines):
            low = [index for index, logit in enumerate(text) if logit < _least(page, index) and index not in chosen]
        chosen |= dict.fromkeys(low, network.name)
        kept = frozenset(range(len(page.lines))) - chosen.keys()
        if low and len(kept) >= MIN_TEXT_LINES:
            best = find_headline(page, kept, text, headline)
            if best is not None and chosen[best] == network.name:
                del chosen[best]
        chosen |= verdict.taken
        gone.append(
            {index: chosen[index] for index in sorted(chosen) if index not in verdict.kept and index not in used}
        )
    told = _told(pages, gone, judgement, network)
    return [
        [
            Removed(page.lines[index].number, page.lines[index].text, rule, *told.get(start + index, (None, None)))
            for index, rule in lines.items()
        ]
        for page, start, lines in zip(pages.pages, first[:-1], gone, strict=True)
    ]


def _least(page: Page, index: int) -> float:
    """How likely text a line must be to stay."""
    lines = page.lines
    paragraph = page.is_paragraph(lines[index])
    if paragraph and index == len(lines) - 1:
        return LAST_PARAGRAPH
    if index not in page.core:
        return OUTSIDE
    if paragraph:
        return PARAGRAPH
    between = 0 < index < len(lines) - 1 and lines[index - 1].prose and lines[index + 1].prose
    return SUBHEADING if between else INSIDE


def _claimed(page: Page, verdict: OwnVerdict, text: Sequence[float]) -> dict[int, str]:
    """Lines that an exact rule takes, by index, but for those that the model is sure of."""
    claims = sections(page, verdict.headings) | replies(page)
    for rule in RULES:
        for index, name in rule(page).items():
            claims.setdefault(index, name)
    return {
        index: name
        for index, name in claims.items()
        if text[index] < SURE_TEXT or name in NEVER_TEXT or name.startswith(PREFIX)
    }


def _told(
    pages: Pages, gone: Sequence[Mapping[int, str]], judgement: Judgement, network: Network
) -> dict[int, tuple[float, str]]:
    """Score and reasons of each line that the model took, by its index among all lines."""
    places = [(at, index) for at, rules in enumerate(gone) for index, rule in rules.items() if rule == network.name]
    first = pages.first
    lines = [first[at] + index for at, index in places]
    told: dict[int, tuple[float, str]] = {}
    for (at, index), line, said in zip(places, lines, judgement.reasons(lines), strict=True):
        page, rules = pages.pages[at], gone[at]
        why = [words.format(**_above(page, index)) if "{" in words else words for words in said]
        around = [
            near for near in range(index - _NEAR, index + _NEAR + 1) if near != index and 0 <= near < len(page.lines)
        ]
        alike = sum(near in rules for near in around)
        if alike > len(around) / 2:
            why.append(f"{alike} of {len(around)} neighbours go too")
        told[line] = (_score(judgement.text[line]), "; ".join(why))
    return told


def _above(page: Page, index: int) -> dict[str, str]:
    """The nearest known phrases above a line, quoted."""
    quoted: dict[str, str] = {}
    for line in reversed(page.lines[max(0, index - _PHRASE_REACH) : index]):
        if line.kind:
            quoted.setdefault("phrase", f"'{line.text}'")
            if line.kind == "related":
                quoted.setdefault("related", f"'{line.text}'")
                break
    return {"phrase": "a known phrase", "related": "a heading of related stories"} | quoted


def _score(logit: float) -> float:
    """How sure the model is that a line is none of the text, in hundredths."""
    return round(1 / (1 + math.exp(min(round(logit * 16) / 16, 50))), 2)
