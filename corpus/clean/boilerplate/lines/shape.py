"""What each line looks like by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean import characters as ch
from corpus.clean.boilerplate.lines.batch import Batch, counts
from corpus.clean.boilerplate.lines.columns import Bools, Columns, Ints
from corpus.clean.boilerplate.lines.lexicon import lexicon

PROSE_ENDED, PROSE_SENTENCE, PROSE_ANYHOW = 60, 80, 140
"""A line this wide is prose: if a stop ends it, if a sentence ends within it, in any case."""
_WIDE_EXTRA = (6, 5)
"""An ideograph says as much as 1 + 6/5 Latin letters."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Facts about the lines of a batch that rules and features share, an entry a line."""

    width: Ints
    """Length in Latin letters."""
    words: Ints
    ended: Bools
    """A stop ends the line, behind which quotes and brackets may close."""
    full_stop: Bools
    """It is no question or exclamation mark."""
    prose: Bools
    """Long enough and built like running text."""
    kind: Ints
    """Index of the kind of boilerplate phrase that the whole line is, see `lexicon.KINDS`; -1: none."""
    dated: Bools
    """Holds figures with a separator of dates between them."""
    columns: Columns
    """The same and more, for the line model."""


def read_shape(batch: Batch) -> Shape:
    """Look at each line by itself."""
    count = len(batch.doc)
    start, stop = batch.head_start[:-1], batch.head_start[1:]
    head = stop - start
    sums = np.add.reduceat(ch.packed_counts(batch.head), start) if count else np.zeros(0, np.uint64)
    alnum, upper, digits, wide, commas, space = (
        ((sums >> np.uint64(ch.FIELD_BITS * field)) & np.uint64((1 << ch.FIELD_BITS) - 1)).astype(np.int64)
        for field in range(len(ch.COUNTED))
    )
    length = batch.end - batch.start
    width = length + length * wide * _WIDE_EXTRA[0] // np.maximum(head * _WIDE_EXTRA[1], 1)
    words = np.diff(batch.first_word)
    first, last = batch.head_class[start], ch.classes(batch.codes[batch.end - 1])
    end = _end(batch, last)
    final = ch.classes(batch.codes[end])
    ended = (final & ch.STOP) != 0
    inside = _inside(batch)
    sentences = inside.sentences
    prose = (ended & (width >= PROSE_ENDED)) | (width >= PROSE_ANYHOW) | ((sentences > 0) & (width >= PROSE_SENTENCE))
    words_of = lexicon()
    kind = words_of.kinds(batch)
    initial = batch.head_class.take(batch.word_at)
    capital, figures = batch.per_line((initial & ch.UPPER) != 0, (initial & ch.DIGIT) != 0)
    credits, years = words_of.credits_and_years(batch, initial)
    columns = Columns(
        flags={
            "ended": ended,
            "stop_last": (last & ch.STOP) != 0,
            "closer_last": (last & ch.CLOSER) != 0,
            "alnum_last": (last & ch.ALNUM) != 0,
            "colon_last": (last & ch.COLON) != 0,
            "ellipsis": _ellipsis(batch, end),
            "long_ended": ended & (width >= 150),
            "prose": prose,
            "short": width < 25,
            "starts_lower": (first & ch.LOWER) != 0,
            "starts_digit": (first & ch.DIGIT) != 0,
            "bullet": (first & ch.MARK) != 0,
            "opens_quote": (first & ch.QUOTE) != 0,
            "only_figures": (digits > 0) & (alnum - digits <= 1) & (head <= 16),
            "times": inside.times > 0,
            "at_sign": inside.at_signs > 0,
            "copyright": inside.copyrights > 0,
            "credit_words": credits > 0,
            "phrase": kind >= 0,
            "related_phrase": kind == 0,
            "comments_phrase": kind == 1,
            "weak_phrase": kind == 2,
            "control_phrase": (kind == 3) | (kind == 4),
            "footer_phrase": kind == 5,
        },
        shares={
            "punctuation": (head - alnum - space, head),
            "digits": (digits, head),
            "upper": (upper, alnum + 1),
            "wide": (wide, head),
            "capital_words": (capital, words),
            "figure_words": (figures, words),
            "phrase_start": (words_of.starts(batch), words),
        },
        logs={"width": width, "words": words},
        plain={
            "commas": np.minimum(commas * 3200 // (50 + width), 128),
            "word_length": np.where(wide * 3 < head, np.minimum(alnum * 8 // np.maximum(words, 1), 128), 40),
            "sentences": np.minimum(sentences, 6) * 16,
            "dates": np.minimum(inside.dates, 2) * 32,
            "years": np.minimum(years, 2) * 32,
            "dotted": np.minimum(inside.dotted, 2) * 32,
            "slashes": np.minimum(inside.slashes, 4) * 16,
            "brackets": np.minimum(inside.openers, 3) * 21,
            "bars": np.minimum(inside.marks, 6) * 16,
            "questions": np.minimum(inside.questions, 2) * 32,
        },
    )
    return Shape(width, words, ended, (final & ch.FULL_STOP) != 0, prose, kind, inside.dates > 0, columns)


def _end(batch: Batch, last: npt.NDArray[np.uint16]) -> Ints:
    """Offset of the last character that does not close a quote or bracket, at most four back."""
    end, kind = batch.end - 1, last
    for _ in range(4):
        back = ((kind & (ch.CLOSER | ch.SPACE)) != 0) & (end > batch.start)
        if not back.any():
            break
        end = end - back
        kind = ch.classes(batch.codes[end])
    return end


def _ellipsis(batch: Batch, end: Ints) -> Bools:
    dots = (
        (batch.codes[end] == ord("."))
        & (batch.codes[np.maximum(end - 1, batch.start)] == ord("."))
        & (end > batch.start)
    )
    cut: Bools = (batch.codes[end] == ord("…")) | dots
    return cut


@dataclass(frozen=True, slots=True)
class _Inside:
    """How many marks of some kinds each line holds, by what stands beside them."""

    sentences: Ints
    """Stops behind a word, before a space and the next sentence; scripts without spaces need none."""
    dates: Ints
    """Separators of dates between digits."""
    times: Ints
    """Colons between digits."""
    dotted: Ints
    """Dots within words, as in file names and addresses."""
    at_signs: Ints
    copyrights: Ints
    slashes: Ints
    questions: Ints
    openers: Ints
    marks: Ints


def _inside(batch: Batch) -> _Inside:
    kinds = batch.head_class
    at = np.flatnonzero((kinds & (ch.ALNUM | ch.SPACE)) == 0)
    edges = np.searchsorted(at, batch.head_start)
    sizes = np.diff(edges)
    codes, kind = batch.head[at], kinds[at]
    opens, closes = np.repeat(batch.head_start[:-1], sizes), np.repeat(batch.head_start[1:], sizes)
    before = np.where(at > opens, kinds.take(at - 1, mode="clip"), 0)
    after = np.where(at + 1 < closes, kinds.take(at + 1, mode="clip"), 0)
    second = np.where(at + 2 < closes, kinds.take(at + 2, mode="clip"), 0)
    behind = ((kind & ch.STOP) != 0) & (before != 0) & ((before & (ch.STOP | ch.SPACE)) == 0)
    spaced = ((after & ch.SPACE) != 0) | (((after & ch.CLOSER) != 0) & ((second & ch.SPACE) != 0))
    wide = ((kind & ch.WIDE_STOP) != 0) & (after != 0) & ((after & ch.CLOSER) == 0)
    between = (before & after & ch.DIGIT) != 0
    dot, slash, colon = codes == ord("."), codes == ord("/"), codes == ord(":")
    chosen = (
        behind & (spaced | wide),
        between & (slash | dot | (codes == ord("-"))),
        between & colon,
        dot & ((before & ch.ALNUM) != 0) & ((after & ch.LOWER) != 0),
        codes == ord("@"),
        codes == ord("©"),
        slash,
        (codes == ord("?")) | (codes == ord("？")),
        (kind & ch.OPENER) != 0,
        (kind & ch.MARK) != 0,
    )
    return _Inside(*counts(edges, chosen))
