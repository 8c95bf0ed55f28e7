"""Documents through all of cleaning, as many at a time as make its arrays worth while."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from corpus.clean.boilerplate.decide import strip
from corpus.clean.boilerplate.lines.page import Page, read_pages
from corpus.clean.boilerplate.model.network import Network, shipped
from corpus.clean.boilerplate.rules.own import OwnRules
from corpus.clean.cleaned import EMPTY, QUALITY, Cleaned, Dropped, Judged, Raw
from corpus.clean.finding import Removed
from corpus.clean.language import Language, detector, identify, identify_all
from corpus.clean.metadata import Lifted, find_title, lift
from corpus.clean.personal import without_personal_data
from corpus.clean.quality import Limit, find_presets, judge, measure
from corpus.clean.repair import Repaired, make_encodable, repair
from corpus.clean.url import site_of
from corpus.clean.vietnamese import (
    WITHOUT_MARKS_TAG,
    compose,
    convert_all,
    fix_lookalikes,
    lacks_marks,
    place_tones,
)
from corpus.recipe import Clean, Cleaning

GROUP_CHARS = 400_000
"""Documents are looked at together up to so many characters, which spreads the cost of each array operation."""

PIECE_CHARS = 1_000_000
"""A longer document is no page; it is stripped in pieces of so many characters, each as a page of its own."""

# The arrays of a group go when it is done. glibc then gives their memory back, and pages it in anew for the next group,
# a fifth of the time that judging lines takes. How much it keeps follows the largest block that was ever freed, see
# M_TRIM_THRESHOLD in mallopt(3); this one is never touched.
np.empty(16 << 20, np.uint8)


def clean(
    text: str,
    *,
    url: str | None = None,
    title: str | None = None,
    author: str | None = None,
    credit: str | None = None,
    published: datetime.date | None = None,
    options: Cleaning = Cleaning(),  # noqa: B008 - frozen
) -> Cleaned:
    """Clean one document. Takes any string; time grows linearly with its length.

    Args:
        text: the raw text, one line a paragraph or part of the page.
        url: known address; known fields win over what the text says.
        title: known headline.
        author: known byline.
        credit: known origin.
        published: known day of publication.
        options: what to do; a line model of one's own goes with `clean_all`.

    Raises:
        DetectorMissingError: the options name a language detector whose package is not installed.
    """
    raw = Raw(text, url, title, author, credit, published)
    return next(clean_all([raw], options))


def clean_all(documents: Iterable[Raw], options: Cleaning, network: Network | None = None) -> Iterator[Cleaned]:
    """Clean documents one after another, which is faster than each by itself and finds the same.

    Args:
        documents: what to clean.
        options: what to do.
        network: the line model; the shipped one where left out.

    Raises:
        DetectorMissingError: the options name a language detector whose package is not installed.
    """
    cleaner = _Cleaner(options, network)
    for group in _groups(documents):
        yield from cleaner.clean(group)


def judge_all(texts: Sequence[str], options: Cleaning) -> Iterator[Judged]:
    """What cleaning finds out about texts, for such as lost lines after they were cleaned.

    Args:
        texts: cleaned texts.
        options: what they were cleaned by.
    """
    return _Cleaner(options, None).judge(texts)


def mend_all(texts: Sequence[str], options: Clean) -> list[Repaired]:
    """The texts whose lines cleaning counts and judges: mended, or as they came but for what no text may hold."""
    mend = repair if options.repair else make_encodable
    if not options.vietnamese:
        return [mend(text) for text in texts]
    mended: list[Repaired] = []
    # Before mojibake is looked for, which legacy Vietnamese is taken for.
    for text, legacy in zip(texts, convert_all(texts), strict=True):
        whole = mend(legacy.text if legacy else text)
        changes = [*whole.changes, *([legacy.encoding] if legacy else [])]
        composed = compose(whole.text)
        if composed != whole.text and "form" not in changes:
            changes.append("form")
        mended.append(Repaired(composed, tuple(changes)))
    return mended


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


@dataclass(frozen=True, slots=True)
class _Stripped:
    """A document without the lines that go."""

    text: str
    title: str | None
    lifted: Lifted
    removed: tuple[Removed, ...]
    lines: tuple[int, ...]
    changes: tuple[str, ...]

    def behind(self, lines: int) -> _Stripped:
        """The same behind so many other lines."""
        removed = tuple(replace(line, line=line.line + lines) for line in self.removed)
        return replace(self, removed=removed, lines=tuple(number + lines for number in self.lines))


class _Cleaner:
    """The options of a cleaning, made ready once for all documents."""

    def __init__(self, options: Cleaning, network: Network | None) -> None:
        self._options = options.clean
        self._privacy = options.privacy
        self._network = network or shipped()
        self._own = OwnRules(options.clean.rules)
        self._detector = detector(options.clean.detector)
        self._presets = find_presets(options.quality.presets)
        self._limits = tuple(
            Limit(name, b.min, b.max, tuple(b.languages)) for name, b in options.quality.limits.items()
        )

    def clean(self, group: Sequence[Raw]) -> Iterator[Cleaned]:
        if len(group[0].text) > PIECE_CHARS:
            stripped = [self._in_pieces(group[0])]
        else:
            mended = mend_all([raw.text for raw in group], self._options)
            stripped = self._strip(group, mended, metadata=self._options.metadata)
        languages = identify_all([page.text for page in stripped], self._detector)
        texts = [self._spell(page.text, language) for page, language in zip(stripped, languages, strict=True)]
        signals = measure(texts, [language.tag for language in languages]).rows()
        documents = [self._document(*parts) for parts in zip(group, stripped, languages, texts, signals, strict=True)]
        yield from documents if self._privacy.mode == "off" else without_personal_data(documents, self._privacy)

    def _in_pieces(self, raw: Raw) -> _Stripped:
        """A document so long that its arrays would be large; what is lifted stands in the first of its pieces."""
        text: list[str] = []
        found: list[_Stripped] = []
        before = 0
        blank = False
        for piece in cut(raw.text, PIECE_CHARS):
            mended = mend_all([piece], self._options)
            [page] = self._strip([raw], mended, metadata=self._options.metadata and not found)
            blank = blank or not mended[0].text.partition("\n")[0].strip()
            if page.text:
                text += ["", page.text] if text and blank else [page.text]
                blank = False
            blank = blank or not mended[0].text.rpartition("\n")[2].strip()
            found.append(page.behind(before))
            before += mended[0].text.count("\n") + 1
        return _Stripped(
            "\n".join(text),
            found[0].title,
            found[0].lifted,
            tuple(line for page in found for line in page.removed),
            tuple(number for page in found for number in page.lines),
            tuple(dict.fromkeys(change for page in found for change in page.changes)),
        )

    def _strip(self, group: Sequence[Raw], mended: Sequence[Repaired], *, metadata: bool) -> list[_Stripped]:
        """Lift fields and take lines out."""
        pages = read_pages([whole.text for whole in mended])
        spoken = [partial(self._spoken, whole.text) for whole in mended]
        lifted = [
            lift(page, language) if metadata else Lifted() for page, language in zip(pages.pages, spoken, strict=True)
        ]
        found: Sequence[Sequence[Removed]] = [()] * len(group)
        if self._options.boilerplate:
            verdicts = [
                self._own.match(page, partial(_site, raw.url or known.url), language)
                for page, raw, known, language in zip(pages.pages, group, lifted, spoken, strict=True)
            ]
            found = strip(pages, [known.lines for known in lifted], verdicts, self._network)
        return [
            _without_lines(raw, whole, page, known, removed, titled=metadata)
            for raw, whole, page, known, removed in zip(group, mended, pages.pages, lifted, found, strict=True)
        ]

    def _document(
        self,
        raw: Raw,
        page: _Stripped,
        language: Language,
        text: str,
        signals: Mapping[str, int | float],
    ) -> Cleaned:
        repaired = (*page.changes, *(["spelling"] if text != page.text else []))
        judged = self._judge(text, language, signals)
        return Cleaned(
            text=text,
            title=self._field(raw.title) or (self._spell(page.title, language) if page.title else None),
            url=raw.url or page.lifted.url,
            author=self._field(raw.author) or page.lifted.author,
            credit=self._field(raw.credit) or page.lifted.credit,
            published=raw.published or page.lifted.published,
            language=judged.language,
            language_score=judged.language_score,
            languages=judged.languages,
            quality=judged.quality,
            repaired=repaired,
            dropped=judged.dropped,
            removed=page.removed,
            lines=page.lines,
        )

    def judge(self, texts: Sequence[str]) -> Iterator[Judged]:
        languages = identify_all(texts, self._detector)
        signals = measure(texts, [language.tag for language in languages]).rows()
        yield from map(self._judge, texts, languages, signals)

    def _judge(self, text: str, language: Language, signals: Mapping[str, int | float]) -> Judged:
        tag, shares = language.tag, language.shares
        if tag == "vi" and lacks_marks(int(signals["words"]), signals["vietnamese_word_share"]):
            tag = WITHOUT_MARKS_TAG
            shares = tuple(replace(share, tag=tag) if share.tag == "vi" else share for share in shares)
        dropped = None if text else Dropped(EMPTY)
        verdict = judge(signals, tag, self._presets, self._limits)
        if verdict and not dropped:
            dropped = Dropped(QUALITY, str(verdict))
        return Judged(tag, language.score, shares, signals, dropped)

    def _spell(self, text: str, language: Language) -> str:
        """Vietnamese text with the letters that were meant, and its tones where the options want them."""
        if not self._options.vietnamese and self._options.tone == "keep":
            return text
        if not any(share.tag == "vi" for share in language.shares):
            return text
        if self._options.vietnamese:
            text = fix_lookalikes(text)
        return place_tones(text, self._options.tone) if self._options.tone != "keep" and language.tag == "vi" else text

    def _spoken(self, text: str) -> str:
        return identify(text, self._detector).tag

    def _field(self, value: str | None) -> str | None:
        """A field that came with the document, mended and on one line."""
        if not value:
            return None
        (mended,) = mend_all([value], self._options)
        return " ".join(mended.text.split()) or None


def _without_lines(
    raw: Raw, mended: Repaired, page: Page, lifted: Lifted, stripped: Sequence[Removed], *, titled: bool
) -> _Stripped:
    removed = [Removed(page.lines[index].number, page.lines[index].text, rule) for index, rule in lifted.lines.items()]
    removed = sorted([*removed, *stripped], key=lambda finding: finding.line)
    gone = {finding.line for finding in removed}
    title = None
    if raw.title is None and titled:
        title = find_title([line for line in page.lines if line.number not in gone], raw.url or lifted.url)
    stays, numbers = _join(mended.text.split("\n"), gone)
    return _Stripped(stays, title, lifted, tuple(removed), numbers, mended.changes)


def cut(text: str, size: int) -> Iterator[str]:
    """A text in pieces of about `size` characters, cut at line ends; a longer line makes a longer piece."""
    start = 0
    while len(text) - start > size:
        end = text.rfind("\n", start, start + size)
        end = text.find("\n", start + size) if end < 0 else end
        if end < 0:
            break
        yield text[start:end].removesuffix("\r")
        start = end + 1
    yield text[start:]


def _site(url: str | None) -> str | None:
    return site_of(url) if url else None


def _join(lines: Sequence[str], gone: Container[int]) -> tuple[str, tuple[int, ...]]:
    """The lines that stay, with one blank line wherever the source had any between two of them; their numbers."""
    kept: list[str] = []
    numbers: list[int] = []
    blank = False
    for number, line in enumerate(lines, 1):
        stripped = line.rstrip()
        if not stripped:
            blank = bool(kept)
        elif number not in gone:
            if blank:
                kept.append("")
            kept.append(stripped)
            numbers.append(number)
            blank = False
    return "\n".join(kept), tuple(numbers)
