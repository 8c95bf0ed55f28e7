"""Other shapes in which the same page might have come, so that a model learns from few pages what lines mean in many.

Which text is on a page matters less than how it was cut into lines: scrapers drop blank lines, wrap at a column, put
every sentence on a line, cut pages short; verse and forums are all short lines that must stay; tails of teasers are
made of sentences that must go. Only the labels say which is which.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.labelled.pages import TITLE, LabelledLine, LabelledPage

Lines = list[LabelledLine]

WEIGHTS = {
    "page": 1.0,
    "no_blanks": 0.5,
    "kept_only": 0.25,
    "cropped": 0.5,
    "verse": 0.08,
    "verse_alone": 0.25,
    "wrapped": 0.15,
    "sentences": 0.2,
    "forum": 0.25,
    "teasers": 0.3,
}
"""How much a variant counts against the page itself."""
NO_HEADLINE = frozenset({"kept_only", "verse", "verse_alone", "sentences", "forum"})
"""Variants that say nothing about where a page's headline is."""

_MIN_LINES = 4
_LONG = 60
_UNSCORED_TEXT = frozenset({"caption", "credit", "meta"})
_ARTICLE_LABELS = frozenset({"related", "comment", "share", "meta", "caption", "credit", "ad"})
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*(?=\S)")
_IDEOGRAPHS = re.compile("[\u3040-\u9fff]")
_BUTTONS = ("#{n}", "Reply", "Like", "Trả lời", "Thích", "Report", "Zitieren", "Quote", "Répondre")
_MONTHS = ("May", "tháng 9", "März", "2013/05", "octobre", "Jan")
_HEADINGS = {
    "vi": (
        "Tin liên quan",
        "Tin khác",
        "Có thể bạn quan tâm",
        "Đọc thêm",
        "Cùng chuyên mục",
        "Tin mới nhất",
        "Xem thêm",
    ),
    "de": ("Mehr zum Thema", "Lesen Sie auch", "Das könnte Sie auch interessieren", "Meistgelesen"),
    "": ("Related stories", "Read more", "You may also like", "More from this section", "Most read", "See also"),
}


@dataclass(frozen=True, slots=True)
class Donor:
    """What the teaser of an article in another page's tail is made of."""

    page: str
    language: str
    titles: tuple[str, ...]
    paragraphs: tuple[str, ...]
    related: tuple[str, ...]


def donors(pages: Sequence[LabelledPage]) -> list[Donor]:
    """All pages that can lend a teaser."""
    found: dict[str, Donor] = {}
    for page in pages:
        width = 40 if page.language in {"ja", "ko", "zh"} else 90
        donor = Donor(
            page.id,
            page.language,
            tuple(line.text for line in page.lines if line.label == TITLE and line.keep),
            tuple(line.text for line in page.lines if line.keep and line.label != TITLE and len(line.text) > width),
            tuple(line.text for line in page.lines if line.label == "related" and 25 < len(line.text) < 150),
        )
        if donor.paragraphs and (donor.titles or donor.related):
            found.setdefault(page.id, donor)
    return list(found.values())


def variants(page: LabelledPage, lenders: Sequence[Donor], *, article: bool) -> Iterator[tuple[str, Lines]]:
    """The page and other shapes of it, each with its name.

    Args:
        page: A page.
        lenders: Pages that teasers are made of; the page itself is left out.
        article: Also make the shapes that begin with the article and rewrite it.
    """
    lines = list(page.lines)
    yield "page", lines
    yield "no_blanks", _spaced(lines, 0)
    rng = random.Random(f"{page.id} {len(lines)}")  # noqa: S311 - the same shapes in every run
    kept = [line for line in lines if line.keep or (line.keep is None and line.label in _UNSCORED_TEXT)]
    if _MIN_LINES <= len(kept) < len(lines):
        yield "kept_only", _spaced(kept, rng.choice((0, 1)))
    if not article or not any(line.keep for line in lines):
        return
    body = article_of(lines)
    if len(body) > 3 * _MIN_LINES:
        yield "cropped", _cropped(body, rng)
    yield "verse", _verse(body, rng)
    yield "wrapped", _wrapped(body, rng)
    yield "sentences", _sentences(body)
    yield "forum", _forum(body, rng)
    yield "verse_alone", _verse([line for line in body if line.keep], rng)
    near = [lender for lender in lenders if lender.page != page.id and lender.language == page.language]
    others = near if len(near) > 1 else [lender for lender in lenders if lender.page != page.id]
    if len(others) > 1:
        for number in range(4 if page.language == "vi" else 2):
            yield "teasers", _teasers(body, page.language, others, rng, keep_more=number % 2 == 0)


def article_of(lines: Sequence[LabelledLine]) -> Lines:
    """From the first line of the article to the last of it or of what the site hung on it."""
    first = next(index for index, line in enumerate(lines) if line.keep)
    last = max(
        index for index, line in enumerate(lines) if line.keep or (index > first and line.label in _ARTICLE_LABELS)
    )
    return list(lines[first : last + 1])


def _spaced(lines: Sequence[LabelledLine], blanks: int | None) -> Lines:
    return list(lines) if blanks is None else [replace(line, blanks=blanks) for line in lines]


def _cropped(lines: Sequence[LabelledLine], rng: random.Random) -> Lines:
    start = rng.randint(0, min(6, len(lines) // 5))
    stop = rng.randint(max(start + 6, len(lines) // 2), len(lines))
    return _spaced(lines[start:stop], rng.choice((None, 1, 0)))


def _verse(lines: Sequence[LabelledLine], rng: random.Random) -> Lines:
    """Paragraphs broken into verses."""
    shortest, longest = rng.choice(((3, 6), (5, 9), (6, 8), (2, 12)))
    bare, small, stanzas = rng.random() < 0.7, rng.random() < 0.4, rng.choice((0, 1))
    limit, made = rng.choice((12, 30, 60, 999)), 0
    out: Lines = []
    for line in lines:
        if not line.keep or len(line.text) <= _LONG:
            out.append(replace(line, blanks=line.blanks if stanzas else 0))
            continue
        for text in _pieces(line.text, rng, shortest, longest):
            if made == limit:
                break
            verse = text.rstrip('.,;:!?"”') if bare else text
            if not verse:
                continue
            if not small:
                verse = verse[:1].upper() + verse[1:]
            elif rng.random() < 0.7:
                verse = verse[:1].lower() + verse[1:]
            out.append(LabelledLine(verse, True, line.label, int(stanzas and made % 4 == 0)))
            made += 1
    return out


def _pieces(text: str, rng: random.Random, shortest: int, longest: int) -> list[str]:
    if _IDEOGRAPHS.search(text):
        size = rng.randint(8, 18)
        return [text[at : at + size] for at in range(0, len(text), size)]
    words, pieces = text.split(), []
    while words:
        size = rng.randint(shortest, longest)
        pieces.append(" ".join(words[:size]))
        words = words[size:]
    return pieces


def _wrapped(lines: Sequence[LabelledLine], rng: random.Random) -> Lines:
    """Paragraphs wrapped at a column."""
    column = rng.choice((64, 72, 80))
    out: Lines = []
    for line in lines:
        row, rows = "", []
        for word in line.text.split(" "):
            if row and len(row) + 1 + len(word) > column:
                rows.append(row)
                row = word
            else:
                row = f"{row} {word}".strip()
        rows.append(row)
        out += [replace(line, text=text, blanks=0 if at else line.blanks) for at, text in enumerate(rows) if text]
    return out


def _sentences(lines: Sequence[LabelledLine]) -> Lines:
    """A sentence a line."""
    out: Lines = []
    for line in lines:
        texts = _SENTENCE_END.split(line.text) if line.keep and len(line.text) > _LONG else [line.text]
        out += [
            replace(line, text=text, blanks=0 if at else line.blanks) for at, text in enumerate(texts) if text.strip()
        ]
    return out


def _forum(lines: Sequence[LabelledLine], rng: random.Random) -> Lines:
    """The article as posts, with names, dates and buttons between them."""
    kept = [at for at, line in enumerate(lines) if line.keep]
    cuts = set(rng.sample(kept[1:], min(len(kept) - 1, rng.randint(2, 6)))) if len(kept) > 3 else set()
    out: Lines = []
    for at, line in enumerate(lines):
        text = line.text
        if at in cuts:
            names = [word for word in re.findall(r"\w{3,}", text) if word[:1].isupper()] or ["user"]
            name = rng.choice(names).lower() + rng.choice(("", "_", "99", ".vn"))
            day = f"{rng.randint(1, 28)} {rng.choice(_MONTHS)} 20{rng.randint(10, 25)}"
            out.append(LabelledLine(f"{name}, {day}", None, "meta", 1))
            out.append(LabelledLine(rng.choice(_BUTTONS).format(n=at), False, "share", 0))
            out.append(LabelledLine(name + rng.choice((" Guest", " Member", "")), None, "meta", 1))
        if line.keep and len(text) > _LONG and rng.random() < 0.5:
            text = text.rstrip(".")
            if rng.random() < 0.6:
                text = " ".join(text.split()[: rng.randint(4, 14)])
        out.append(replace(line, text=text))
    return out


def _teasers(
    lines: Sequence[LabelledLine], language: str, lenders: Sequence[Donor], rng: random.Random, *, keep_more: bool
) -> Lines:
    """The article with another tail: headlines and teasers of other pages, and perhaps a box in its middle."""
    also = frozenset({"caption", "meta", "share", "credit"}) if keep_more else frozenset()
    chosen = [line for line in lines if line.keep or line.label in also]
    blanks = rng.choice((0, 1, 1))
    kept = sum(bool(line.keep) for line in chosen)
    box = rng.randint(3, max(4, kept - 2)) if rng.random() < 0.35 and kept > 6 else -1
    out: Lines = []
    passed = 0
    for line in chosen:
        out.append(replace(line, blanks=line.blanks if blanks else 0))
        passed += bool(line.keep)
        if line.keep and passed == box:
            mark = rng.choice(("", "", "> ", ">> ", "• "))
            for lender in rng.sample(lenders, min(len(lenders), rng.randint(1, 4))):
                out.append(_dropped(mark + rng.choice(lender.titles + lender.related), blanks))
    shape = rng.choice(("TTB", "TTB", "TTB", "TB", "TB", "T", "TBd", "BT", "TT", "Td"))
    headings = _HEADINGS.get(language, _HEADINGS[""])
    for number in range(rng.randint(3, 14)):
        lender = rng.choice(lenders)
        parts = {
            "T": rng.choice(lender.titles + lender.related[:3]),
            "B": _clipped(rng.choice(lender.paragraphs), rng),
            "d": _day(rng),
        }
        if (number == 0 and rng.random() < 0.7) or (number and rng.random() < 0.08):
            out += [_dropped(rng.choice(headings), blanks) for _ in range(rng.choice((1, 1, 2)))]
        for at, part in enumerate(shape):
            glued = at == 0 and shape == "TTB" and number and keep_more
            out.append(_dropped(parts[part], 0 if glued else blanks))
    return out


def _dropped(text: str, blanks: int) -> LabelledLine:
    return LabelledLine(text, False, "related", blanks)


def _day(rng: random.Random) -> str:
    day, month = rng.randint(1, 28), rng.randint(1, 12)
    hour, minute = rng.randint(0, 23), rng.randint(0, 59)
    return rng.choice((f"{day}/{month}/2024", f"{hour}:{minute:02d}", f"{day}.{month}.2023 {hour}:00"))


def _clipped(text: str, rng: random.Random) -> str:
    """The beginning of a paragraph, as teasers are cut."""
    size = rng.choice((110, 140, 170, 220, 300, 400))
    if len(text) <= size:
        return text
    if rng.random() < 0.5:
        stop = text.rfind(". ", 0, size)
        if stop > 60:
            return text[: stop + 1]
    space = text.rfind(" ", 0, size)
    return text[: space if space > 30 else size] + rng.choice(("...", "…", "", " [...]", ".", "."))
