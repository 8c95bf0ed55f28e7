"""Where each line stands in its document and what it has in common with the others, as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.clean.boilerplate.lines.batch import Batch, Hashes
from corpus.clean.boilerplate.lines.columns import FAR, ONE, Bools, Columns, Ints, log_scale, share
from corpus.clean.boilerplate.lines.shape import Shape
from corpus.clean.boilerplate.lines.structure import PARAGRAPH, Copies, document_sum, running

_TITLE_REACH = 12
"""Lines above the core among which the headline is looked for."""
_CORE = float(1 << 24)
"""What a word of the core counts where one of other prose counts 1; a document has fewer words."""


def place_columns(batch: Batch, shape: Shape, core: tuple[Ints, Ints], copies: Copies) -> Columns:
    """Features for the line model."""
    index = np.arange(len(batch.doc))
    opens, closes = batch.first[:-1][batch.doc], batch.first[1:][batch.doc]
    start, stop = core[0][batch.doc], core[1][batch.doc]
    above, size = index - opens, closes - opens
    below = size - 1 - above
    gap, gap_below, no_blanks = _blanks(batch, above, below)
    same_above = _shifted(batch.key) == batch.key
    same_above[(above == 0) | (copies.count == 1)] = False
    prose, phrase = running(shape.prose), running(shape.kind >= 0)
    prose_above, prose_total = prose[:-1] - prose[opens], prose[closes] - prose[opens]
    phrases_above, phrases_total = phrase[:-1] - phrase[opens], phrase[closes] - phrase[opens]
    outside = np.where(index < start, phrase[start] - phrase[opens], 0)
    outside += np.where(index >= stop, phrase[closes] - phrase[stop], 0)
    usual = document_sum(batch, np.where(shape.prose, np.minimum(shape.width, PARAGRAPH), 0))
    usual //= np.maximum(document_sum(batch, shape.prose), 1)
    below_phrase, since_phrase = _since(shape.kind >= 0, prose, index, opens)
    below_related, since_related = _since(shape.kind == 0, prose, index, opens)
    words = _words(batch, shape, (start, stop), index)
    return Columns(
        flags={
            "no_blanks": no_blanks,
            "first_copy": copies.first,
            "same_above": same_above,
            "same_below": _raised(same_above),
            "in_core": (index >= start) & (index < stop),
            "same_first_word": _same_first_word(batch, above),
            "first_line": above == 0,
            "title": words.title,
        },
        shares={
            "position": (above, size),
            "prose_above_share": (prose_above, prose_total),
            "prose_lines": (prose_total, size),
            "phrases_share": (phrases_total, size),
            "echo": (words.in_prose, words.count),
            "core_echo": (words.in_core, words.rare + 1),
            "common_words": (words.count - words.rare, words.count),
        },
        logs={
            "from_start": above,
            "from_end": below,
            "lines": size,
            "prose_above": prose_above,
            "prose_below": prose_total - prose_above - shape.prose,
            "prose_total": prose_total,
            "above_core": np.maximum(start - index, 0),
            "below_core": np.maximum(index - stop + 1, 0),
            "phrases_above": phrases_above,
            "phrases_below": phrases_total - phrases_above - (shape.kind >= 0),
            "phrases_outside": outside,
        },
        plain={
            "blank_above": np.minimum(gap, 4) * 16,
            "blank_below": np.minimum(gap_below, 4) * 16,
            "copies": np.minimum(copies.count - 1, 4) * 16,
            "copy_distance": np.where(copies.distance < 0, FAR, log_scale(np.maximum(copies.distance, 0))),
            "width_to_usual": np.minimum(shape.width * 32 // (usual[batch.doc] + 1), 128),
            "below_phrase": below_phrase,
            "prose_since_phrase": since_phrase,
            "below_related": below_related,
            "prose_since_related": since_related,
            "title_echo": words.of_title,
        },
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """How far the words of each line are those of the article: numbers of words."""

    count: Ints
    in_prose: Ints
    """Found in prose elsewhere."""
    in_core: Ints
    """Not common, and found in the prose of the core elsewhere."""
    rare: Ints
    """Not common."""
    title: Bools
    """Whether the line is the likely headline."""
    of_title: Ints
    """Share of the likely headline's words that the line has, in 64ths."""


def _words(batch: Batch, shape: Shape, core: tuple[Ints, Ints], index: Ints) -> _Words:
    """Count words in slots by some bits of their hash, four slots a word, so that nothing has to be sorted.

    Words that share a slot count as one.
    """
    words = np.diff(batch.first_word)
    in_document = document_sum(batch, words)
    # The bits of a number are the exponent of its floating point form.
    bits = np.frexp(np.maximum(in_document * 4, 256) - 1)[1].astype(np.int64)
    ends = np.cumsum(1 << bits)
    slot = (batch.word >> np.repeat((64 - bits).astype(np.uint64), in_document)).astype(np.int64)
    slot += np.repeat(ends - (1 << bits), in_document)

    often = np.bincount(slot).take(slot)
    rare = often < np.repeat(np.maximum(4, in_document // 100), in_document)
    # Counts words of prose and of the core at once; every line of the core that counts is prose.
    in_core = shape.prose & (index >= core[0]) & (index < core[1])
    own = np.repeat(shape.prose + in_core * _CORE, words)
    elsewhere = np.bincount(slot, weights=own).take(slot) - own
    rare_words, told, in_prose = batch.per_line(rare, (elsewhere >= _CORE) & rare, elsewhere > 0)
    title = _title(batch, shape, core[0], index, share(told, rare_words + 2))
    of_title = np.zeros(int(np.sum(1 << bits)), bool)
    of_title[slot[np.repeat(title, words) & rare]] = True
    (title_words,) = batch.per_line(of_title.take(slot))
    whole_title = document_sum(batch, np.where(title, rare_words, 0))[batch.doc]
    return _Words(
        count=words,
        in_prose=in_prose,
        in_core=told,
        rare=rare_words,
        title=title,
        of_title=np.where(title, ONE, share(title_words, whole_title + 1)),
    )


def _blanks(batch: Batch, above: Ints, below: Ints) -> tuple[Ints, Ints, Bools]:
    """Blank lines above and below each line, and whether the document has as good as none."""
    gap = batch.number - 1
    gap[1:] = np.where(above[1:] > 0, np.diff(batch.number) - 1, gap[1:])
    gap_below = _raised(gap)
    gap_below[below == 0] = 4
    size = np.diff(batch.first)
    none = (document_sum(batch, gap > 0) * 10 < size - 1) & (size > 3)
    return gap, gap_below, none[batch.doc]


def _since(marked: Bools, prose: Ints, index: Ints, opens: Ints) -> tuple[Ints, Ints]:
    """Lines, and lines of prose, since the last marked line above in the document, on the scale of `log_scale`."""
    last = np.maximum.accumulate(np.where(marked, index, -1))
    last = np.concatenate((np.full(min(1, len(last)), -1), last[:-1]))
    there = last >= opens
    lines = np.where(there, log_scale(index - last), FAR)
    return lines, np.where(there, log_scale(prose[:-1] - prose[np.maximum(last, 0)]), FAR)


def _title(batch: Batch, shape: Shape, core: Ints, index: Ints, told: Ints) -> Bools:
    """The line above the core that shares most words with it, weighed by its width; at most one, or equals."""
    near = (index >= core - _TITLE_REACH) & (index <= core)
    fit = near & (shape.width >= 25) & (shape.width <= 220) & ~shape.dated & (shape.kind < 0)
    score = np.where(fit, told * np.minimum(shape.width, 80), 0)
    best = np.zeros(batch.documents, np.int64)
    filled = np.flatnonzero(np.diff(batch.first) > 0)
    if len(filled):
        best[filled] = np.maximum.reduceat(score, batch.first[filled])
    chosen: Bools = (score == best[batch.doc]) & (score > 0)
    return chosen


def _shifted(values: Hashes) -> Hashes:
    """Each line has the value of the one above it; the first its own."""
    return np.concatenate((values[:1], values[:-1]))


def _raised(values: Any) -> Any:
    """Each line has the value of the one below it; the last none."""
    out = np.zeros_like(values)
    out[:-1] = values[1:]
    return out


def _same_first_word(batch: Batch, above: Ints) -> Bools:
    """Whether a line begins with the same word as the one above or below it."""
    if not len(batch.word):
        return np.zeros(len(above), bool)
    worded = batch.first_word[1:] > batch.first_word[:-1]
    first = batch.word.take(np.minimum(batch.first_word[:-1], len(batch.word) - 1))
    same = np.zeros(len(above) + 1, bool)
    same[1:-1] = (first[1:] == first[:-1]) & worded[1:] & worded[:-1] & (above[1:] > 0)
    return same[1:] | same[:-1]
