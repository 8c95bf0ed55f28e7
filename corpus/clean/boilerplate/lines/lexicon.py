"""The phrase tables as hashes, looked up for all lines of a batch at once."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean import characters as ch
from corpus.clean.boilerplate.lines.batch import Batch, Hashes, Ints, read_batch
from corpus.clean.boilerplate.lines.phrases import KINDS, MAX_PHRASE_CHARS, whole_lines, words_before

_CREDIT, _YEAR = 0, 1
_START_WORDS = 4
"""A longer line is looked at for phrases of so many words at its start."""


class _Table:
    """Values by 64-bit hash. Most look-ups end at a table of the last 16 bits."""

    def __init__(self, keys: Hashes, values: Ints) -> None:
        self._keys, at = np.unique(keys, return_index=True)
        self._values = values[at]
        self._near = np.zeros(1 << 16, bool)
        self._near[self._keys.astype(np.uint16)] = True

    def find(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """Indices of the hashes that are in the table, and the value of each."""
        near = np.flatnonzero(self._near.take(hashes.astype(np.uint16)))
        wanted = hashes.take(near)
        at = np.searchsorted(self._keys, wanted)
        found = self._keys.take(at, mode="clip") == wanted
        return near[found], self._values[at[found]]


class Lexicon:
    """What lines and words are known. One for all documents; see `lexicon`."""

    def __init__(self) -> None:
        phrases = whole_lines()
        read = read_batch(list(phrases))
        kinds = np.array([KINDS.index(kind) for kind in phrases.values()], np.int64)[read.doc]
        worded = np.diff(read.first_word) > 0
        self._phrases = _Table(read.key[worded], kinds[worded])
        self._openings = _Table(read.word[read.first_word[:-1][worded]], kinds[worded])
        names = [word for kind in ("photo", "credit", "byline") for word in words_before(kind) if " " not in word]
        years = [str(year) for year in range(1950, 2050)]
        hashes = [read_batch(words).word for words in (names, years)]
        self._words = _Table(np.concatenate(hashes), np.repeat([_CREDIT, _YEAR], list(map(len, hashes))))

    def kinds(self, batch: Batch) -> Ints:
        """Index in `KINDS` of the phrase that a whole line is, with or without a counter behind it; -1: none."""
        words = np.diff(batch.first_word)
        kinds = np.full(len(batch.doc), -1, np.int64)
        # A heading in Markdown is the author's.
        own = batch.head[batch.head_start[:-1]] == ord("#")
        short = np.flatnonzero((batch.end - batch.start <= MAX_PHRASE_CHARS) & (words > 0) & ~own)
        known, kind = self._phrases.find(batch.key[short])
        kinds[short[known]] = kind
        open_ = short[(kinds[short] < 0) & (words[short] > 1)]
        counted = open_[(batch.head_class[batch.word_at[batch.first_word[open_ + 1] - 1]] & ch.DIGIT) != 0]
        known, kind = self._phrases.find(batch.phrase(counted, words[counted] - 1))
        kinds[counted[known]] = kind
        # "12 comments"; before other phrases a figure is a figure.
        counted = open_[(batch.head_class[batch.word_at[batch.first_word[open_]]] & ch.DIGIT) != 0]
        known, kind = self._phrases.find(batch.phrase(counted, words[counted] - 1, skip=1))
        kinds[counted[known[kind == KINDS.index("comments")]]] = KINDS.index("comments")
        return kinds

    def starts(self, batch: Batch) -> Ints:
        """Number of words of the longest phrase that a line begins with and goes on behind."""
        words = np.diff(batch.first_word)
        longest = np.zeros(len(words), np.int64)
        longer = np.flatnonzero(words > 1)
        longer = longer[self._openings.find(batch.word[batch.first_word[longer]])[0]]
        for count in range(1, _START_WORDS + 1):
            longer = longer[words[longer] > count]
            longest[longer[self._phrases.find(batch.phrase(longer, count))[0]]] = count
        return longest

    def credits_and_years(self, batch: Batch, initial: npt.NDArray[np.uint16]) -> tuple[Ints, Ints]:
        """Number of words such as "Photo" and "Source", and of years, in each line; words in lower case don't count.

        Args:
            batch: The lines.
            initial: Class of the first character of each word.
        """
        words = np.flatnonzero((initial & ch.LOWER) == 0)
        known, kinds = self._words.find(batch.word.take(words))
        lines = np.searchsorted(batch.first_word, words[known], side="right") - 1
        count = len(batch.doc)
        return (
            np.bincount(lines[kinds == _CREDIT], minlength=count),
            np.bincount(lines[kinds == _YEAR], minlength=count),
        )


@cache
def lexicon() -> Lexicon:
    """The tables, read once."""
    return Lexicon()
