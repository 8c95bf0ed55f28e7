"""Documents as lines, and lines as arrays: what all features are computed from, for many documents at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean import characters as ch

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

HEAD = 128
"""Characters of a line that its shape is read from, so that one line of 5 MB costs no more than others."""
_ODD = 0x9E3779B97F4A7C15
_ODD_INVERSE = pow(_ODD, -1, 1 << 64)
_BIGRAM = np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True, slots=True)
class Batch:
    """The lines that are not blank of some documents, one after another; all arrays have an entry a line or a word."""

    documents: int
    doc: Ints
    """Index of the document of each line."""
    first: Ints
    """Index of the first line of each document, and behind them the number of lines."""
    number: Ints
    """1-based line in the document, blank ones counted."""
    start: Ints
    """Offset of the first character that is no space, in the joined text."""
    end: Ints
    """Offset behind the last character that is no space."""
    codes: ch.Codes
    """The joined text."""
    head: ch.Codes
    """The first `HEAD` characters of every line, without anything between them."""
    head_class: npt.NDArray[np.uint16]
    head_start: Ints
    """Offset of each line in `head`, and behind them its length."""
    word: Hashes
    """Hash of each word of the heads; of two neighbours where a script writes no spaces."""
    word_at: Ints
    """Offset of the first character of each word in `head`."""
    first_word: Ints
    """Index of the first word of each line, and behind them the number of words."""
    prefix: Hashes
    """Running sum over words, from which `phrase` takes the hash of any row of words."""
    key: Hashes
    """Equal for lines with the same words in the same order."""

    def phrase(self, lines: Ints, count: Ints | int, skip: int = 0) -> Hashes:
        """Hash of `count` words of some lines behind the first `skip`; they have that many."""
        first = self.first_word[lines] + skip
        sums = self.prefix[first + count] - self.prefix[first]
        hashes: Hashes = sums * ch.powers(_ODD_INVERSE, len(self.prefix))[first]
        return hashes

    def per_line(self, *chosen: npt.NDArray[np.bool_]) -> list[Ints]:
        """How many words of each line are chosen, for several choices of words."""
        return counts(self.first_word, chosen)


def counts(edges: Ints, chosen: Sequence[npt.NDArray[np.bool_]]) -> list[Ints]:
    """How many entries are chosen from each edge to the next, at most 255, for each of several choices.

    A byte for each choice makes one sum count eight of them.
    """
    found: list[Ints] = []
    for start in range(0, len(chosen), 8):
        group = chosen[start : start + 8]
        flags = np.zeros((len(group[0]) + 1, 8), np.uint8)
        for column, choice in enumerate(group):
            flags[1:, column] = choice
        sums = np.cumsum(flags.view(np.uint64)[:, 0])
        by_edge = np.diff(sums.take(edges)).view(np.uint8).reshape(-1, 8)
        found += [by_edge[:, column].astype(np.int64) for column in range(len(group))]
    return found


def read_batch(texts: Sequence[str]) -> Batch:
    """Take documents apart into lines, lines into words; linear in their length."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le"), np.uint32)
    breaks = np.flatnonzero(codes == 10)
    starts, ends = np.concatenate(([0], breaks + 1)), np.concatenate((breaks, [len(codes)]))
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    doc_starts = np.cumsum(sizes + 1) - sizes - 1
    starts, ends = _strip(codes, starts, ends)

    line_of_doc = np.searchsorted(np.concatenate(([0], breaks + 1)), doc_starts)
    filled = np.flatnonzero(starts < ends)
    first = np.searchsorted(filled, np.concatenate((line_of_doc, [len(starts)])))
    doc = np.repeat(np.arange(len(texts)), np.diff(first))
    number = filled - line_of_doc[doc] + 1
    starts, ends = starts[filled], ends[filled]

    width = np.minimum(ends - starts, HEAD)
    head_start = np.concatenate(([0], np.cumsum(width)))
    inside = np.arange(head_start[-1])
    inside += np.repeat(starts - head_start[:-1], width)
    head = codes.take(inside).astype(np.int64)
    head_class = ch.classes(head)
    word, word_at = _words(head, head_class, head_start)
    first_word = np.searchsorted(word_at, head_start)
    prefix = np.concatenate((np.zeros(1, np.uint64), np.cumsum(word * ch.powers(_ODD, len(word)))))
    key = (prefix[first_word[1:]] - prefix[first_word[:-1]]) * ch.powers(_ODD_INVERSE, len(prefix))[first_word[:-1]]
    bare = np.flatnonzero(first_word[1:] == first_word[:-1])
    key[bare] = ch.mix(head[head_start[bare]].astype(np.uint64))
    long = np.flatnonzero(ends - starts > HEAD)
    key[long] += (ends - starts)[long].astype(np.uint64)
    return Batch(
        documents=len(texts),
        doc=doc,
        first=first,
        number=number,
        start=starts,
        end=ends,
        codes=codes,
        head=head,
        head_class=head_class,
        head_start=head_start,
        word=word,
        word_at=word_at,
        first_word=first_word,
        prefix=prefix,
        key=key,
    )


def _strip(codes: ch.Codes, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Move the ends of lines over white space; an empty line may end before it starts."""
    if not len(codes):
        return starts, ends
    edges = ch.classes(codes[np.minimum(starts, len(codes) - 1)]) | ch.classes(codes[ends - 1])
    padded = np.flatnonzero((starts < ends) & ((edges & ch.SPACE) != 0))
    if len(padded):
        space = (ch.classes(codes) & ch.SPACE) != 0
        starts, ends = starts.copy(), ends.copy()
        opens = np.flatnonzero(~space & np.concatenate(([True], space[:-1])))
        closes = np.flatnonzero(~space & np.concatenate((space[1:], [True]))) + 1
        opens, closes = np.append(opens, len(space)), np.concatenate(([0], closes))
        starts[padded] = opens[np.searchsorted(opens, starts[padded])]
        ends[padded] = closes[np.searchsorted(closes, ends[padded], side="right") - 1]
    return starts, ends


def _words(head: ch.Codes, kinds: npt.NDArray[np.uint16], head_start: Ints) -> tuple[Hashes, Ints]:
    """Hash and offset of each word: a run of letters and digits, or each character of a script without spaces."""
    inner = (kinds & ch.ALNUM) != 0
    wide = (kinds & ch.WIDE) != 0
    before = np.empty_like(inner)
    before[:1] = False
    np.logical_and(inner[:-1], ~wide[:-1], out=before[1:])
    before[head_start[:-1]] = False
    at = np.flatnonzero(inner & (~before | wide))
    values = ch.hashes(head)
    if not len(at):
        return np.zeros(0, np.uint64), at
    # Each sum runs to the next word; what stands between adds nothing.
    running = values * ch.powers(_ODD, len(values))
    np.cumsum(running, out=running)
    before_word = running.take(at - 1)
    before_word[0] = 0
    sums = np.diff(before_word, append=running[-1]) * ch.powers(_ODD_INVERSE, len(values)).take(at)
    if wide.any():
        opens = np.zeros(len(head) + 1, bool)
        opens[head_start] = True
        pairs = np.flatnonzero(wide[at])
        following = at[pairs] + 1
        joined = ~opens[following]
        following = np.minimum(following, len(head) - 1)
        sums[pairs] += np.where(joined & wide[following], values[following], np.uint64(0)) * _BIGRAM
    return ch.mix(sums), at
