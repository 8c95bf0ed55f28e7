"""What a text says about itself: title, address, author, source and day, lifted into fields.

Lines that say nothing else leave the text, each under a rule of its own; the title stays where it is.

- `credit_line_v1`: "Source: ..." behind the article
- `url_line_v1`: the address of the page alone on a line
- `byline_v1`: "By ..." between title and article
- `date_line_v1`: the day of publication between title and article
"""

from __future__ import annotations

import datetime
import re
import sys
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote, urlsplit

from corpus.clean.boilerplate.lines.page import Line, Page
from corpus.clean.boilerplate.lines.phrases import words_before
from corpus.clean.boilerplate.rules.captions import has_photo_credit, is_image_name
from corpus.clean.dates import DateLine, read_date_line

CREDIT_LINE = "credit_line_v1"
URL_LINE = "url_line_v1"
BYLINE = "byline_v1"
DATE_LINE = "date_line_v1"

HEAD_LINES = 8
"""So many lines above the first paragraph may hold byline and date."""
_MAX_URL_CHARS = 2000
_MIN_SLUG_WORDS = 3
_MIN_SLUG_AGREEMENT = 0.6
"""Share of the words of a title that must stand in the last part of the address."""

_MIN_TITLE_WIDTH = 20
_TITLE_REACH = 5
"""Lines under a title, such as byline, date and caption, within which prose begins."""
_TITLE_PROSE_LINES = 60
_MIN_RECURRING = 0.4
"""Share of the words of a title that the prose must use too."""

_BREADCRUMB = re.compile(r"\S\s+[>›»→]\s+\S")
_URL = re.compile(r"https?://[^\s<>\"]+")
_SECTION_TITLE = re.compile(r"(?:[-•*–]|\(?[\divx]{1,4}[.)]|[^\W\d]{1,12} [\divx]{1,5}[.:])\s", re.IGNORECASE)
_NAME = r"(?P<name>[^\s:：.,;!?()][^:：;!?()]{1,60}?)"


@dataclass(frozen=True, slots=True)
class Lifted:
    """Fields found in a text, and the lines that they were found on."""

    url: str | None = None
    author: str | None = None
    credit: str | None = None
    published: datetime.date | None = None
    lines: Mapping[int, str] = field(default_factory=dict)
    """Index of a line in the page to the rule that lifts it."""


def lift(page: Page, language: Callable[[], str]) -> Lifted:
    """Find the fields that have a line of their own.

    Args:
        page: the document.
        language: its language tag, asked for only where 03/04/2024 has to be read.
    """
    credits = _credits(page)
    urls = _own_urls(page, credits)
    authors, dates = _authors(page), _dates(page)
    day = None
    if dates:
        first = next(iter(dates.values()))
        day = first.swapped if first.swapped and language() == "en" else first.day
    return Lifted(
        url=_first(urls),
        author=_first(authors),
        credit=_first(credits),
        published=day,
        lines={
            **dict.fromkeys(credits, CREDIT_LINE),
            **dict.fromkeys(urls, URL_LINE),
            **dict.fromkeys(dates, DATE_LINE),
            **dict.fromkeys(authors, BYLINE),
        },
    )


def find_title(lines: Sequence[Line], url: str | None) -> str | None:
    """The headline of an article, if its first line is one.

    Agreement with the address is enough; otherwise it must look like a headline and have prose below it that
    speaks of the same things.
    """
    while lines and _BREADCRUMB.search(lines[0].text):
        lines = lines[1:]
    if not lines:
        return None
    first = lines[0]
    if has_photo_credit(first.text) or is_image_name(first.text) or first.width > 250:
        return None
    if url and _agrees(first.text, url):
        return first.text
    looks_so = first.headline and first.width >= _MIN_TITLE_WIDTH and not _SECTION_TITLE.match(first.text)
    near_prose = not first.prose and any(line.prose for line in lines[1 : 1 + _TITLE_REACH])
    return first.text if looks_so and near_prose and _recurs(first, lines[1:_TITLE_PROSE_LINES]) else None


def _recurs(title: Line, below: Sequence[Line]) -> bool:
    """Whether enough words of a title occur in the prose; one of a script without spaces passes."""
    if len(title.text.split()) == 1:
        return True
    prose = [line.text for line in below if line.prose]
    # Nearly always the very words recur, and folding their marks is what takes time.
    return any(_some_recur(words(title.text), map(words, prose)) for words in (_words, _plain_words))


def _some_recur(words: Sequence[str], prose: Iterable[Sequence[str]]) -> bool:
    unseen = words
    most = (1 - _MIN_RECURRING) * len(words)
    for paragraph in prose:
        if len(unseen) <= most:
            break
        seen = set(paragraph)
        unseen = [word for word in unseen if word not in seen]
    return len(unseen) <= most


def _first(found: Mapping[int, str]) -> str | None:
    return next(iter(found.values()), None)


def _credits(page: Page) -> dict[int, str]:
    """Lines between the end of the article and whatever follows it that name a source."""
    lines = page.lines
    found: dict[int, str] = {}
    for index in range(1, len(lines)):
        before, after = lines[index - 1], lines[index + 1 : index + 2]
        if (before.prose or before.ended) and not any(line.prose for line in after):
            name = _named(lines[index].text, "credit", "per")
            if name:
                found[index] = name
    return found


def _own_urls(page: Page, credits: Container[int]) -> dict[int, str]:
    """Lines with the page's own address; addresses of other pages are content."""
    lines = page.lines
    found = {index: line.text for index, line in enumerate(lines) if _is_url(line.text)}
    titles = [line.text for line in lines[max(0, page.core.start - HEAD_LINES) : page.core.start + 1]]
    for index, url in found.items():
        under_credit = index - 1 in credits
        alone = len(found) == 1 and not _between_prose(page, index)
        if under_credit or alone or any(_agrees(title, url) for title in titles):
            return {i: other for i, other in found.items() if other == url}
    return {}


def _authors(page: Page) -> dict[int, str]:
    """The first byline between title and article."""
    for index in _head(page):
        name = _named(page.lines[index].text, "byline", "by")
        if name:
            return {index: name}
    return {}


def _dates(page: Page) -> dict[int, DateLine]:
    """Lines between title and article that say a day and nothing else."""
    read = {index: read_date_line(page.lines[index].text) for index in _head(page)}
    return {index: date for index, date in read.items() if date}


def _head(page: Page) -> range:
    """The lines above the first paragraph that are not the first of the page."""
    return range(max(1, page.core.start - HEAD_LINES), page.core.start)


def _is_url(text: str) -> bool:
    return len(text) <= _MAX_URL_CHARS and bool(_URL.fullmatch(text))


def _between_prose(page: Page, index: int) -> bool:
    neighbours = page.lines[max(0, index - 1) : index + 2 : 2]
    return len(neighbours) == 2 and all(line.prose for line in neighbours)


def _named(text: str, with_colon: str, without: str) -> str | None:
    """The proper name behind a word such as "Source:" or "By", where the line holds nothing else."""
    if len(text) > 80:
        return None
    bare = text.strip("()[]（）*–- ").removesuffix("./.").rstrip(". ")
    match = _name_pattern(with_colon, without).fullmatch(bare)
    if not match:
        return None
    name = match["name"].strip()
    words = name.split()
    colon = match["colon"] is not None
    host = len(words) == 1 and "." in name
    proper = all(not word[0].islower() for word in words) or (colon and (host or not name[0].islower()))
    return name if proper and len(words) <= 6 and (colon or len(name) <= 40) else None


@cache
def _name_pattern(with_colon: str, without: str) -> re.Pattern[str]:
    colon_words = "|".join(re.escape(word) for word in (*words_before(with_colon), *words_before(without)))
    bare_words = "|".join(re.escape(word) for word in words_before(without))
    return re.compile(rf"(?:(?:{colon_words})\s?(?P<colon>[:：])\s*|(?:{bare_words})\s){_NAME}", re.IGNORECASE)


def _agrees(title: str, url: str) -> bool:
    """Whether the readable part of an address is made of the words of the title."""
    words = set(_plain_words(title))
    slug = set(_plain_words(unquote(_path(url).rstrip("/").rpartition("/")[2])))
    return len(words) >= _MIN_SLUG_WORDS and len(words & slug) >= _MIN_SLUG_AGREEMENT * len(words)


def _path(url: str) -> str:
    """Path of an address; empty where the address cannot be taken apart."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _plain_words(text: str) -> list[str]:
    """Words without case and marks, as addresses spell them."""
    folded = text[:500].casefold().replace("đ", "d")
    if not folded.isascii():
        folded = unicodedata.normalize("NFD", folded).translate(_marks())
    return _WORD.findall(folded)


def _words(text: str) -> list[str]:
    """Words without case."""
    return _WORD.findall(text[:500].casefold())


_WORD = re.compile(r"[^\W_]+")


@cache
def _marks() -> dict[int, None]:
    """A table that takes all marks out of a text."""
    return dict.fromkeys(code for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code)))
