"""One document through all of cleaning."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from corpus.clean.boilerplate.decide import strip
from corpus.clean.boilerplate.lines.page import Page, read_pages
from corpus.clean.boilerplate.model.network import Network, shipped
from corpus.clean.boilerplate.rules.own import OwnRules
from corpus.clean.finding import Removed
from corpus.clean.language import identify
from corpus.clean.metadata import Lifted, find_title, lift
from corpus.clean.repair import make_encodable, repair
from corpus.clean.url import site_of
from corpus.recipe import Clean

GROUP_CHARS = 400_000
"""Documents are looked at together up to so many characters, which spreads the cost of each array operation."""

# The arrays of a group go when it is done. glibc then gives their memory back, and pages it in anew for the next group,
# a fifth of the time that judging lines takes. How much it keeps follows the largest block that was ever freed, see
# M_TRIM_THRESHOLD in mallopt(3); this one is never touched.
np.empty(16 << 20, np.uint8)


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


@dataclass(frozen=True, slots=True)
class Raw:
    """A document as it came, with the fields that are already known; those win over what the text says."""

    text: str
    url: str | None = None
    title: str | None = None
    author: str | None = None
    credit: str | None = None
    published: datetime.date | None = None


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
        options: which parts of cleaning to do; a line model of one's own goes with `clean_all`.
    """
    raw = Raw(text, url, title, author, credit, published)
    return next(clean_all([raw], options))


def clean_all(documents: Iterable[Raw], options: Clean, network: Network | None = None) -> Iterator[Cleaned]:
    """Clean documents one after another, which is faster than each by itself and finds the same.

    Args:
        documents: what to clean.
        options: which parts of cleaning to do.
        network: the line model; the shipped one where left out.
    """
    own = OwnRules(options.rules)
    mend = repair if options.repair else make_encodable
    for group in _groups(documents):
        mended = [mend(raw.text) for raw in group]
        texts = [whole.text for whole in mended]
        pages = read_pages(texts)
        lifted = [
            lift(page, partial(_spoken, text)) if options.metadata else Lifted()
            for page, text in zip(pages.pages, texts, strict=True)
        ]
        found: Sequence[Sequence[Removed]] = [()] * len(group)
        if options.boilerplate:
            verdicts = [
                own.match(page, partial(_site, raw.url or known.url), partial(_spoken, text))
                for page, raw, known, text in zip(pages.pages, group, lifted, texts, strict=True)
            ]
            found = strip(pages, [known.lines for known in lifted], verdicts, network or shipped())
        for raw, text, page, known, removed in zip(group, texts, pages.pages, lifted, found, strict=True):
            yield _cleaned(raw, text, page, known, removed, options)


def _groups(documents: Iterable[Raw]) -> Iterator[list[Raw]]:
    """Documents that are looked at together; how many changes nothing in what is found."""
    group: list[Raw] = []
    size = 0
    for raw in documents:
        if group and size + len(raw.text) > GROUP_CHARS:
            yield group
            group, size = [], 0
        group.append(raw)
        size += len(raw.text)
    if group:
        yield group


def _spoken(text: str) -> str:
    return identify(text).tag


def _site(url: str | None) -> str | None:
    return site_of(url) if url else None


def _cleaned(raw: Raw, text: str, page: Page, lifted: Lifted, stripped: Sequence[Removed], options: Clean) -> Cleaned:
    mend = repair if options.repair else make_encodable
    given = (_one_line(mend(field).text) if field else None for field in (raw.title, raw.author, raw.credit))
    title, author, credit = given
    removed = [Removed(page.lines[index].number, page.lines[index].text, rule) for index, rule in lifted.lines.items()]
    removed = sorted([*removed, *stripped], key=lambda finding: finding.line)
    gone = {finding.line for finding in removed}
    kept = _join(text.split("\n"), gone)
    address = raw.url or lifted.url
    if title is None and options.metadata:
        title = find_title([line for line in page.lines if line.number not in gone], address)
    language = identify(kept)
    return Cleaned(
        text=kept,
        title=title,
        url=address,
        author=author or lifted.author,
        credit=credit or lifted.credit,
        published=raw.published or lifted.published,
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
