"""Where each line stands in its document and what it has in common with the others, as whole numbers."""

from __future__ import annotations

import numpy as np

from corpus.clean.boilerplate.lines.batch import Batch, Ints
from corpus.clean.boilerplate.lines.shape import ONE, Bools, Shape, log_scale, share
from corpus.clean.boilerplate.lines.structure import PARAGRAPH, Copies, best_stretch, running

FAR = 120
"""The distance to something that is not there, on the scale of `log_scale`."""
_TITLE_REACH = 12
"""Lines above the core among which the headline is looked for."""


def place_columns(batch: Batch, shape: Shape, core: tuple[Ints, Ints], copies: Copies) -> dict[str, Ints]:
    """Features by name, an entry a line."""
    count = len(batch.doc)
    index = np.arange(count)
    opens, closes = batch.first[:-1][batch.doc], batch.first[1:][batch.doc]
    above, size = index - opens, closes - opens
    below = size - 1 - above
    same_above = _shifted(batch.key, 1) == batch.key
    same_above[above == 0] = False
    same_below = np.append(same_above[1:], False)
    gap = np.where(above > 0, batch.number - _shifted(batch.number, 1) - 1, batch.number - 1)
    gap_below = np.where(below > 0, np.append(gap[1:], 0), 4)
    prose, phrase, related = running(shape.prose), running(shape.kind >= 0), shape.kind == 0
    prose_above, prose_total = prose[:-1] - prose[opens], prose[closes] - prose[opens]
    prose_below = prose_total - prose_above - shape.prose
    start, stop = core[0][batch.doc], core[1][batch.doc]
    usual = _document_sum(batch, np.where(shape.prose, np.minimum(shape.width, PARAGRAPH), 0)) // np.maximum(
        _document_sum(batch, shape.prose), 1
    )
    outside = np.where(index < start, phrase[start] - phrase[opens], 0) + np.where(
        index >= stop, phrase[closes] - phrase[stop], 0
    )
    wide_above = np.where(above > 0, _shifted(shape.width, 1), 0)
    wide_below = np.where(below > 0, np.append(shape.width[1:], 0), 0)
    run, run_place = _runs(~shape.prose, above)
    columns: dict[str, Ints | Bools] = {
        "blank_above": np.minimum(gap, 4) * 16,
        "blank_below": np.minimum(gap_below, 4) * 16,
        "no_blanks": (_document_sum(batch, gap > 0)[batch.doc] * 10 < size - 1) & (size > 3),
        "copies": np.minimum(copies.count - 1, 4) * 16,
        "first_copy": copies.first,
        "same_above": same_above,
        "same_below": same_below,
        "copy_distance": np.where(copies.distance < 0, FAR, log_scale(np.maximum(copies.distance, 0))),
        "copies_around": _around(copies.count > 1, 4, index, opens, closes),
        "position": share(above, size),
        "from_start": log_scale(above),
        "from_end": log_scale(below),
        "lines": log_scale(size),
        "prose_above": log_scale(prose_above),
        "prose_below": log_scale(prose_below),
        "prose_total": log_scale(prose_total),
        "prose_above_share": share(prose_above, prose_total),
        "prose_lines": share(prose_total, size),
        "in_core": (index >= start) & (index < stop),
        "above_core": log_scale(np.maximum(start - index, 0)),
        "below_core": log_scale(np.maximum(index - stop + 1, 0)),
        "width_to_usual": np.minimum(shape.width * 32 // (usual[batch.doc] + 1), 128),
        "plain_width": np.minimum(shape.width, 512) // 4,
        "width_above": np.minimum(wide_above, 512) // 4,
        "width_below": np.minimum(wide_below, 512) // 4,
        "run": log_scale(run),
        "run_place": run_place,
        "phrases_above": log_scale(phrase[:-1] - phrase[opens]),
        "phrases_below": log_scale(phrase[closes] - phrase[1:]),
        "phrases_share": share(phrase[closes] - phrase[opens], size),
        "phrases_outside": log_scale(outside),
        "same_first_word": _same_first_word(batch, above),
        "alike_above": _alike_above(shape, above),
        "first_line": above == 0,
    }
    for name, marked in (("phrase", shape.kind >= 0), ("related", related)):
        last = _last_before(marked)
        there = last >= opens
        columns[f"below_{name}"] = np.where(there, log_scale(index - last), FAR)
        columns[f"prose_since_{name}"] = np.where(there, log_scale(prose[:-1] - prose[np.maximum(last, 0)]), FAR)
    paragraph = np.minimum(shape.width, PARAGRAPH)
    for name, values in (("broad", np.where(shape.prose, paragraph, -35)), ("wide", paragraph - 90)):
        begin, finish = (edge[batch.doc] for edge in best_stretch(values, batch))
        columns[f"in_{name}_core"] = (index >= begin) & (index < finish)
        columns[f"above_{name}_core"] = log_scale(np.maximum(begin - index, 0))
        columns[f"below_{name}_core"] = log_scale(np.maximum(index - finish + 1, 0))
    columns |= _word_columns(batch, shape, (start, stop), index)
    return {name: values * ONE if values.dtype == bool else values for name, values in columns.items()}


def _word_columns(batch: Batch, shape: Shape, core: tuple[Ints, Ints], index: Ints) -> dict[str, Ints]:
    """How far the words of a line are those of the article.

    Words are counted in slots by some bits of their hash, four slots a word, so that nothing has to be sorted;
    words that share a slot count as one.
    """
    count = len(batch.doc)
    words = np.diff(batch.first_word)
    in_document = _document_sum(batch, words)
    bits = np.ceil(np.log2(np.maximum(in_document * 4, 256))).astype(np.int64)
    base = np.cumsum(1 << bits) - (1 << bits)
    slots = int(np.sum(1 << bits))
    shift = (64 - bits).astype(np.uint64)[batch.doc]
    slot = (batch.word >> np.repeat(shift, words)).astype(np.int64) + np.repeat(base[batch.doc], words)

    def per_line(chosen: Bools) -> Ints:
        return np.bincount(batch.word_line[chosen], minlength=count)

    def elsewhere(lines: Bools) -> Ints:
        own = np.repeat(lines, words)
        return np.bincount(slot[own], minlength=slots)[slot] - own

    in_core = shape.prose & (index >= core[0]) & (index < core[1])
    often = np.bincount(slot, minlength=slots)[slot]
    common = often >= np.repeat(np.maximum(4, in_document[batch.doc] // 100), words)
    rare_words = per_line(~common)
    told = per_line((elsewhere(in_core) > 0) & ~common)
    in_prose = elsewhere(shape.prose)
    title = _title(batch, shape, core[0], index, share(told, rare_words + 2))
    of_title = np.zeros(slots, bool)
    chosen = np.repeat(title, words) & ~common
    of_title[slot[chosen]] = True
    title_words = _document_sum(batch, np.where(title, rare_words, 0))[batch.doc]
    return {
        "echo": share(per_line(in_prose > 0), words),
        "echo_weight": np.bincount(batch.word_line, log_scale(in_prose), count).astype(np.int64) // np.maximum(words, 1),
        "core_echo": share(told, rare_words + 1),
        "common_words": share(words - rare_words, words),
        "single_words": share(per_line(often == 1), words),
        "title": title * ONE,
        "title_echo": np.where(title, ONE, share(per_line(of_title[slot]), title_words + 1)),
    }


def _title(batch: Batch, shape: Shape, core: Ints, index: Ints, told: Ints) -> Bools:
    """The line above the core that shares most words with it, weighed by its width; at most one, or equals."""
    near = (index >= core - _TITLE_REACH) & (index <= core)
    fit = near & (shape.width >= 25) & (shape.width <= 220) & ~shape.dated & (shape.kind < 0)
    score = np.where(fit, told * np.minimum(shape.width, 80), 0)
    best = np.zeros(batch.documents, np.int64)
    filled = np.flatnonzero(np.diff(batch.first) > 0)
    if len(filled):
        best[filled] = np.maximum.reduceat(score, batch.first[filled])
    return (score == best[batch.doc]) & (score > 0)


def _document_sum(batch: Batch, values: Ints | Bools) -> Ints:
    sums = running(values)
    return sums[batch.first[1:]] - sums[batch.first[:-1]]


def _shifted(values: Ints, by: int) -> Ints:
    """Each line has the value of the one above it; the first its own."""
    return np.concatenate((values[:by], values[:-by]))


def _around(marked: Bools, reach: int, index: Ints, opens: Ints, closes: Ints) -> Ints:
    sums = running(marked)
    low, high = np.maximum(index - reach, opens), np.minimum(index + reach + 1, closes)
    return share(sums[high] - sums[low], high - low)


def _runs(marked: Bools, above: Ints) -> tuple[Ints, Ints]:
    """For marked lines, the length of their unbroken run and their place in it; 0 for others."""
    edge = np.ones(len(marked), bool)
    edge[1:] = (marked[1:] != marked[:-1]) | (above[1:] == 0)
    starts = np.flatnonzero(edge)
    lengths = np.diff(np.append(starts, len(marked)))
    length = np.repeat(lengths, lengths)
    place = share(np.arange(len(marked)) - np.repeat(starts, lengths), length)
    return np.where(marked, length, 0), np.where(marked, place, 0)


def _last_before(marked: Bools) -> Ints:
    """For each line the index of the last marked one above it in the batch, -1 where there is none."""
    last = np.maximum.accumulate(np.where(marked, np.arange(len(marked)), -1))
    return np.concatenate((np.full(min(1, len(last)), -1), last[:-1]))


def _same_first_word(batch: Batch, above: Ints) -> Bools:
    """Whether a line begins with the same word as the one above or below it."""
    if not len(batch.word):
        return np.zeros(len(above), bool)
    worded = batch.first_word[1:] > batch.first_word[:-1]
    first = np.where(worded, batch.word[np.minimum(batch.first_word[:-1], len(batch.word) - 1)], np.uint64(0))
    same = np.zeros(len(above) + 1, bool)
    same[1:-1] = (first[1:] == first[:-1]) & worded[1:] & (above[1:] > 0)
    return same[1:] | same[:-1]


def _alike_above(shape: Shape, above: Ints) -> Bools:
    """Whether a line is about as wide as the one above it, and ends in the same way."""
    step = np.digitize(shape.width, (12, 25, 50, 90, 150, 300))
    alike = np.zeros(len(above), bool)
    alike[1:] = (np.abs(step[1:] - step[:-1]) <= 1) & (shape.ended[1:] == shape.ended[:-1]) & (above[1:] > 0)
    return alike
