"""All rules over one page: which lines go, and which rule takes each."""

from __future__ import annotations

from collections.abc import Callable, Collection

from corpus.clean.boilerplate.captions import captions
from corpus.clean.boilerplate.frame import page_frame
from corpus.clean.boilerplate.glued import glued_headlines
from corpus.clean.boilerplate.lines import Page
from corpus.clean.boilerplate.sections import sections
from corpus.clean.boilerplate.teasers import repeated_headlines
from corpus.clean.boilerplate.widgets import widgets
from corpus.clean.finding import Removed

Rule = Callable[[Page], dict[int, str]]

RULES: tuple[Rule, ...] = (sections, repeated_headlines, captions, widgets, glued_headlines, page_frame)
"""In the order in which they claim lines."""


def strip(page: Page, spared: Collection[int] = ()) -> list[Removed]:
    """The lines of a page that are boilerplate, in order.

    Args:
        page: the document.
        spared: indices of lines that already have another use.
    """
    taken: dict[int, str] = dict.fromkeys(spared, "")
    for rule in RULES:
        for index, name in rule(page).items():
            taken.setdefault(index, name)
    return [
        Removed(page.lines[index].number, page.lines[index].text, name) for index, name in sorted(taken.items()) if name
    ]
