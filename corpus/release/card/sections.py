"""A section of the card, and how the user's paragraphs come into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.release.card.own import OwnCard


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with standing words, which the user may replace, and with facts, which stay."""

    heading: str
    facts: tuple[str, ...] = ()
    """Lines of Markdown that follow from the manifest."""
    words: tuple[str, ...] = ()
    """Lines of Markdown that hold for any dataset."""


def put_together(sections: Iterable[Section], own: OwnCard) -> Iterator[str]:
    """All sections as lines of Markdown, the user's words in place of the standing ones, his own sections behind."""
    known = []
    for section in sections:
        known.append(section.heading.casefold())
        mine = own.under(section.heading)
        lines = [*([f"{mine}\n"] if mine else section.words), *section.facts]
        if lines:
            yield f"## {section.heading}\n"
            yield from lines
    for heading in dict.fromkeys(name for name, _ in own.sections if name.casefold() not in known):
        yield f"## {heading}\n"
        yield f"{own.under(heading)}\n"
