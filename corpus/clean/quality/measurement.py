"""Measure documents: all signals of many documents at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean.quality import kinds as kind
from corpus.clean.quality.lines import (
    DOC_BITS,
    Lines,
    ends_in_ellipsis,
    ends_terminally,
    per_line,
    read_lines,
    read_paragraphs,
    repeated,
    sentence_ends,
)
from corpus.clean.quality.repetition import repetition
from corpus.clean.quality.stopwords import count_stop_words, word_hashes
from corpus.clean.quality.words import Batch, Flags, Hashes, Ints, Prefix, Words, per, read_batch, sums
from corpus.signals import (
    C4_LINE_WORDS,
    C4_WORD_CHARS,
    DECIMALS,
    SHORT_LINE_CHARS,
    SIGNALS,
)

Column = npt.NDArray[np.int64] | npt.NDArray[np.float64]

GROUP_CHARS = 200_000
"""Documents are looked at together up to so many characters: fewer calls, and arrays that stay near the processor."""
MAX_CHARS = 2_000_000
"""A longer document is measured by so many characters of its beginning, for which memory of half a gigabyte is enough;
only `characters` counts all."""
_SCALE = 10**DECIMALS
_GROUP_DOCS = 1 << DOC_BITS


@dataclass(frozen=True, slots=True)
class Measured:
    """The signals of some documents."""

    columns: dict[str, Column]
    """An array for each of `SIGNALS`, in their order, with an entry a document: `int64` or `float64`."""
    words: Words
    """The words of all documents, hashed."""

    def __len__(self) -> int:
        return len(self.words.first) - 1

    def rows(self) -> list[dict[str, int | float]]:
        """The signals of each document by name, as Python numbers."""
        names = list(self.columns)
        columns = [column.tolist() for column in self.columns.values()]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def measure(texts: Sequence[str], languages: Sequence[str], *, group_chars: int = GROUP_CHARS) -> Measured:
    """Measure documents; the result for each is the same alone and among others.

    Args:
        texts: Cleaned texts: Unicode NFC, `\\n` line ends. Any string is taken, in time linear in its length but for
            sorting.
        languages: BCP-47 tag of each, for its stop words; `und` where unknown.
        group_chars: Characters of documents that are looked at together; only time and memory depend on it.
    """
    groups = [_measure(texts[rows], languages[rows]) for rows in _groups(texts, group_chars)] or [_measure((), ())]
    if len(groups) == 1:
        return groups[0]
    columns = {
        signal.name: np.concatenate([group.columns[signal.name] for group in groups]).astype(signal.type, copy=False)
        for signal in SIGNALS
    }
    sizes = np.concatenate([np.diff(group.words.first) for group in groups])
    hashes = np.concatenate([group.words.hashes for group in groups])
    return Measured(columns, Words(hashes, np.concatenate(([0], np.cumsum(sizes)))))


def _groups(texts: Sequence[str], group_chars: int) -> Iterator[slice]:
    first = size = 0
    for row, text in enumerate(texts):
        if row > first and (size + len(text) > group_chars or row - first == _GROUP_DOCS):
            yield slice(first, row)
            first, size = row, 0
        size += len(text)
    if first < len(texts):
        yield slice(first, len(texts))


def _measure(documents: Sequence[str], languages: Sequence[str]) -> Measured:
    texts = [document[:MAX_CHARS] for document in documents]
    batch = read_batch(texts)
    lines = read_lines(batch)
    columns = _of_words(batch, languages) | _of_characters(batch, texts)
    columns |= _of_lines(batch, lines) | _of_repetition(batch, lines)
    columns["characters"] = np.array([len(document) for document in documents], np.int64)
    return Measured({signal.name: columns[signal.name] for signal in SIGNALS}, batch.words)


def _of_words(batch: Batch, languages: Sequence[str]) -> dict[str, Column]:
    words = np.diff(batch.first_token)
    length = batch.token_end - batch.token_start
    letters = (batch.token_kinds & kind.LETTER) != 0
    alpha = per(batch.first_token, letters)
    vietnamese = per(batch.first_token, (batch.token_kinds & kind.VIETNAMESE) != 0)
    longest = np.zeros(len(words), np.int64)
    filled = np.flatnonzero(words)
    if len(filled):
        longest[filled] = np.maximum.reduceat(length, batch.first_token[filled])
    stop_words, distinct = count_stop_words(batch.words, languages)
    return {
        "words": words,
        "mean_word_length": _share(sums(batch.first_token, length), words),
        "longest_word": longest,
        "alpha_word_share": _share(alpha, words),
        "stop_words": stop_words,
        "distinct_stop_words": distinct,
        "stop_word_share": _share(stop_words, words),
        "vietnamese_word_share": _share(vietnamese, alpha),
    }


def _of_characters(batch: Batch, texts: Sequence[str]) -> dict[str, Column]:
    words = np.diff(batch.first_token)
    characters = sums(batch.first_token, batch.token_end - batch.token_start)
    letters, digits, upper = _counted(batch)
    marks = np.array(
        [(t.count("#"), t.count("…") + t.count("..."), t.count("{") + t.count("}")) for t in texts], np.int64
    ).reshape(-1, 3)
    return {
        "letter_share": _share(letters, characters),
        "digit_share": _share(digits, characters),
        "upper_share": _share(upper, letters),
        "hash_word_ratio": _share(marks[:, 0], words),
        "ellipsis_word_ratio": _share(marks[:, 1], words),
        "curly_brackets": marks[:, 2].copy(),
    }


def _counted(batch: Batch) -> list[Ints]:
    """Characters of each of `kind.COUNTED` by document."""
    # No field runs over, as a document has at most `MAX_CHARS`. An empty one has the line break behind it, or nothing.
    filled = batch.start < len(batch.codes)
    sums_by_doc = np.zeros(len(filled), np.uint64)
    if filled.any():
        sums_by_doc[filled] = np.add.reduceat(kind.packed(batch.codes), batch.start[filled])
    mask = np.uint64((1 << kind.COUNT_BITS) - 1)
    fields = ((sums_by_doc >> np.uint64(kind.COUNT_BITS * field)) & mask for field in range(len(kind.COUNTED)))
    return [field.astype(np.int64) for field in fields]


def _of_lines(batch: Batch, lines: Lines) -> dict[str, Column]:
    count = np.diff(lines.first)
    characters = sums(lines.first, lines.length)
    ellipsis = ends_in_ellipsis(batch, lines)
    terminal = ends_terminally(batch, lines)
    ends = sentence_ends(batch)
    javascript, lorem = _boilerplate_words(batch)
    with_javascript = per_line(javascript, lines) > 0
    kept = terminal & ~ellipsis & (np.diff(lines.first_token) >= C4_LINE_WORDS) & ~with_javascript
    long = batch.token_start[np.flatnonzero(batch.token_end - batch.token_start > C4_WORD_CHARS)]
    kept &= per_line(long, lines) == 0
    breaks = np.maximum(count - 1, 0)
    return {
        "lines": count,
        "sentences": np.diff(np.searchsorted(ends, np.append(batch.start, len(batch.codes) + 1))),
        "c4_sentences": sums(lines.first, per_line(ends, lines) * kept),
        "bullet_line_share": _share(per(lines.first, (batch.kinds[lines.start] & kind.BULLET) != 0), count),
        "ellipsis_line_share": _share(per(lines.first, ellipsis), count),
        "terminal_line_share": _share(per(lines.first, terminal), count),
        "terminal_char_share": _share(sums(lines.first, lines.length * terminal), characters),
        "short_line_share": _share(per(lines.first, lines.length <= SHORT_LINE_CHARS), count),
        "line_break_word_ratio": _share(breaks, np.diff(batch.first_token)),
        "lorem_ipsum": np.diff(np.searchsorted(lorem, np.append(batch.start, len(batch.codes) + 1))),
        "javascript_line_share": _share(per(lines.first, with_javascript), count),
    }


def _boilerplate_words(batch: Batch) -> tuple[Ints, Ints]:
    """Offsets of the word JavaScript, and of lorem ipsum, in any case."""
    javascript, lorem, ipsum = _named()
    hashes = batch.words.hashes
    start = batch.token_start[batch.token]
    closers = np.flatnonzero(hashes == ipsum)
    # The first word of a document has none before it.
    closers = closers[~np.isin(closers, batch.words.first)]
    return start[hashes == javascript], start[closers[hashes[closers - 1] == lorem]]


@cache
def _named() -> Hashes:
    return word_hashes(("javascript", "lorem", "ipsum"))


def _of_repetition(batch: Batch, lines: Lines) -> dict[str, Column]:
    prefix = Prefix(batch.codes)
    paragraphs = read_paragraphs(lines)
    found: dict[str, Column] = {"paragraphs": np.diff(paragraphs.first)}
    for name, pieces in (("line", lines), ("paragraph", paragraphs)):
        again: Flags = repeated(pieces, prefix)
        found[f"duplicate_{name}_share"] = _share(per(pieces.first, again), np.diff(pieces.first))
        characters = sums(pieces.first, pieces.length)
        found[f"duplicate_{name}_char_share"] = _share(sums(pieces.first, pieces.length * again), characters)
    length = batch.token_end - batch.token_start
    characters = sums(batch.first_token, length)
    for size, repeats in repetition(batch.words, length[batch.token]).items():
        name = f"top_{size}_gram_char_share" if size < 5 else f"duplicate_{size}_gram_char_share"
        # Overlapping rows such as "ha ha ha" are counted again by Gopher's rule; no more than all of the text.
        found[name] = _share(np.minimum(repeats, characters), characters)
    return found


def _share(part: Ints, whole: Ints) -> npt.NDArray[np.float64]:
    """The quotient, rounded half up to `DECIMALS` in whole numbers: the same everywhere; 0 where there is nothing."""
    whole = np.maximum(whole, 1)
    shares: npt.NDArray[np.float64] = (2 * _SCALE * part + whole) // (2 * whole) / _SCALE
    return shares
