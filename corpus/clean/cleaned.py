"""One document through all of cleaning."""

from __future__ import annotations

import datetime
from collections.abc import Container, Sequence
from dataclasses import dataclass

from corpus.clean.boilerplate.decide import strip
from corpus.clean.boilerplate.lines import read_page
from corpus.clean.finding import Removed
from corpus.clean.language import identify
from corpus.clean.metadata import Lifted, find_title, lift
from corpus.clean.repair import make_encodable, repair
from corpus.recipe import Clean


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned document: its text, what was found out about it, and every line that left it."""

    text: str
    """Unicode NFC, `\\n` line ends, at most one blank line in a row, none at the ends."""
    title: str | None
    """Headline; it also stays in the text."""
    url: str | None
    """Address of the page."""
    author: str | None
    """Byline."""
    credit: str | None
    """Agency or paper that the text names as its origin."""
    published: datetime.date | None
    """Day of publication."""
    language: str
    """BCP-47 tag; `und` where undetermined."""
    language_score: float
    """Probability of the language, 0 to 1, rounded to 3 digits."""
    removed: tuple[Removed, ...]
    """Lines that left the text, in order."""


def clean(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    author: str | None = None,
    credit: str | None = None,
    published: datetime.date | None = None,
    options: Clean = Clean(),  # noqa: B008 - frozen
) -> Cleaned:
    """Clean one document. Takes any string; time grows linearly with its length.

    Args:
        text: the raw text, one line a paragraph or part of the page.
        url: known address; known fields win over what the text says.
        title: known headline.
        author: known byline.
        credit: known origin.
        published: known day of publication.
        options: which parts of cleaning to do.
    """
    mend = repair if options.repair else make_encodable
    mended = mend(text)
    title, author, credit = (_one_line(mend(field)) if field else None for field in (title, author, credit))
    raw_lines = mended.split("\n")
    page = read_page(raw_lines)

    lifted = lift(page, lambda: identify(mended).tag) if options.metadata else Lifted()
    removed = [Removed(page.lines[index].number, page.lines[index].text, rule) for index, rule in lifted.lines.items()]
    if options.boilerplate:
        removed += strip(page, lifted.lines)
    removed.sort(key=lambda finding: finding.line)

    gone = {finding.line for finding in removed}
    kept = _join(raw_lines, gone)
    address = url or lifted.url
    if title is None and options.metadata:
        title = find_title([line for line in page.lines if line.number not in gone], address)
    language = identify(kept)
    return Cleaned(
        text=kept,
        title=title,
        url=address,
        author=author or lifted.author,
        credit=credit or lifted.credit,
        published=published or lifted.published,
        language=language.tag,
        language_score=language.score,
        removed=tuple(removed),
    )


def _one_line(field: str) -> str | None:
    return " ".join(field.split()) or None


def _join(lines: Sequence[str], gone: Container[int]) -> str:
    """The lines that stay, with one blank line wherever the source had any between two of them."""
    kept: list[str] = []
    blank = False
    for number, line in enumerate(lines, 1):
        stripped = line.rstrip()
        if not stripped:
            blank = bool(kept)
        elif number not in gone:
            if blank:
                kept.append("")
            kept.append(stripped)
            blank = False
    return "\n".join(kept)
