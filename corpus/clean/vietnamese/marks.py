"""How much of a text bears Vietnamese marks, and texts written without: Viet Nam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean.vietnamese.letters import MARKED, SHAPE_MARKS, TONE_MARKS

WITHOUT_MARKS_TAG = "vi-t-d0-ascii"
"""BCP-47 for Vietnamese turned into ASCII: extension T (RFC 6497) with the destination that CLDR registers."""
MAX_SHARE = 0.04
MIN_WORDS = 20
"""Shorter texts, such as headlines and names, can do without marks by chance."""
_LETTER, _MARKED = 1, 2
_SIZE = 0x10000


@dataclass(frozen=True, slots=True)
class Marks:
    """The words of a text."""

    words: int
    """Runs of letters."""
    marked: int
    """Those that hold a letter of Vietnamese which ASCII lacks."""

    @property
    def share(self) -> float:
        """Marked words among all, 0 to 1, rounded to 3 digits; 0 without words."""
        return round(self.marked / self.words, 3) if self.words else 0.0


def count_marks(texts: Sequence[str]) -> list[Marks]:
    """Count the marked words of some documents at once; each counts the same by itself."""
    codes = np.frombuffer("\n".join(["", *texts]).encode("utf-32-le", "surrogatepass"), np.uint32)
    if not len(codes):
        return []
    kinds = _kinds().take(codes, mode="clip")
    letters = kinds != 0
    begins = np.flatnonzero(letters[1:] > letters[:-1]) + 1
    marks = np.flatnonzero(kinds & _MARKED)
    word = np.searchsorted(begins, marks, side="right")
    first = marks[np.flatnonzero(np.diff(word, prepend=0))]
    edges = np.concatenate(([0], np.cumsum([len(text) + 1 for text in texts])))
    words = np.diff(np.searchsorted(begins, edges)).tolist()
    marked = np.diff(np.searchsorted(first, edges)).tolist()
    return [Marks(total, some) for total, some in zip(words, marked, strict=True)]


def marked_share(texts: Sequence[str]) -> list[float]:
    """Share of the words of each text that bear a Vietnamese mark: .7 to .9 in news, below .04 in text without."""
    return [marks.share for marks in count_marks(texts)]


def lacks_diacritics(marks: Marks) -> bool:
    """Whether a text, if it is Vietnamese, is written without marks as a whole.

    A text that is so in part, such as an article with comments below, is not.
    """
    return marks.words >= MIN_WORDS and marks.share <= MAX_SHARE


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """By code point, with nothing in the last place, where all beyond the table are looked up."""
    kinds = np.fromiter((chr(code).isalpha() for code in range(_SIZE)), np.uint8, _SIZE)
    kinds[_SIZE - 1] = 0
    for letter in MARKED:
        kinds[ord(letter)] = _LETTER | _MARKED
    # Apart from their letters, in text that is not yet NFC.
    kinds[0x300:0x370] = _LETTER
    for mark in SHAPE_MARKS + "".join(TONE_MARKS):
        kinds[ord(mark)] = _LETTER | _MARKED
    return kinds
