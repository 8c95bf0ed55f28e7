"""What kind of letter each character is, and how langdetect's profiles spell it, as arrays for whole batches.

The tables fill themselves: a character is looked at when a text first holds it. They have an entry for every code
point; so "clip" clips nothing, but spares NumPy its own check.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

(
    NO_LETTER,
    ASCII_UPPER,
    ASCII_LOWER,
    LATIN_UPPER,
    LATIN_LOWER,
    UPPER,
    LOWER,
    CASELESS,
    SIMPLIFIED,
    TRADITIONAL,
    HAN,
    KANA,
    HANGUL,
    FOREIGN,
    ODD,
) = range(15)
"""Kinds of characters; each has one. `LATIN_`: Latin letters beyond ASCII; `UPPER`, `LOWER`: of other alphabets.
`SIMPLIFIED` and `TRADITIONAL`: ideographs that only one way of writing Chinese has, `HAN`: all others. `FOREIGN`: a
letter of a script that no profile knows. `ODD`: a letter that no profile has, of a script that some know."""
KINDS = 16
CAPITALS = (ASCII_UPPER, LATIN_UPPER, UPPER)
SMALL = (ASCII_LOWER, LATIN_LOWER, LOWER)
ASCII = (ASCII_UPPER, ASCII_LOWER)
IDEOGRAPHS = (SIMPLIFIED, TRADITIONAL, HAN)
WIDE = (*IDEOGRAPHS, KANA, HANGUL)
OTHER_SCRIPTS = (UPPER, LOWER, CASELESS, FOREIGN, ODD)

SPACE_ID = 1
"""Stands for everything that is no part of a word. 0: letters that are in no profile."""
_EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}
_MIN_OF_SCRIPT = 10
"""Profiles have stray letters of scripts that they do not know."""
_UNSEEN = 255
_SIZE = 0x110000


class Letters:
    """Kind and number of every character, numbers being those of the characters of some profiles."""

    def __init__(self, known: Collection[str]) -> None:
        self.numbers = {char: number for number, char in enumerate(sorted(known), SPACE_ID + 1)}
        self._kind = np.full(_SIZE, _UNSEEN, np.uint8)
        self._number = np.zeros(_SIZE, np.uint16)
        self._small = np.zeros(_SIZE, np.uint32)
        scripts = Counter(map(_script, known))
        self._scripts = {script for script, count in scripts.items() if count >= _MIN_OF_SCRIPT}

    def look(self, codes: Ints) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint16]]:
        """Kind and number of each character."""
        kinds = self._kind.take(codes, mode="clip")
        unseen = kinds == _UNSEEN
        if unseen.any():
            for code in np.unique(codes[unseen]).tolist():
                self._learn(code)
            kinds = self._kind.take(codes, mode="clip")
        return kinds, self._number.take(codes, mode="clip")

    def small(self, codes: Ints) -> npt.NDArray[np.uint32]:
        """Each character, which has been looked at, as a small letter."""
        return self._small.take(codes, mode="clip")

    def _learn(self, code: int) -> None:
        from langdetect.utils.ngram import NGram

        char = chr(code)
        spelled = NGram.normalize(char)
        is_letter = char.isalpha() or unicodedata.category(char) in {"Mn", "Mc"}
        number = self.numbers.get(spelled, 0 if is_letter else SPACE_ID)
        self._number[code] = number
        self._small[code] = ord(char.lower()[0])
        self._kind[code] = self._kind_of(char, number) if is_letter else NO_LETTER

    def _kind_of(self, char: str, number: int) -> int:
        script = _script(char)
        if number == 0 and script in self._scripts and script not in _EAST_ASIAN:
            return ODD
        if script == "LATIN":
            pair = ASCII if char.isascii() else (LATIN_UPPER, LATIN_LOWER)
            return pair[0] if char.isupper() else pair[1]
        if script == "CJK":
            return _way_of_writing(char)
        if script in {"HIRAGANA", "KATAKANA"}:
            return KANA
        if script == "HANGUL":
            return HANGUL
        if script == "COMBINING":
            return NO_LETTER
        if script not in self._scripts:
            return FOREIGN
        return UPPER if char.isupper() else LOWER if char.islower() else CASELESS


def _script(char: str) -> str:
    """First word of the character's name, which is its script for letters that make up running text."""
    return unicodedata.name(char, "").split(" ")[0].split("-")[0]


def _way_of_writing(char: str) -> int:
    """Each way of writing Chinese has a character set of its own from before Unicode, of what it uses."""
    simplified, traditional = _encodes(char, "gb2312"), _encodes(char, "big5")
    if simplified == traditional:
        return HAN
    return SIMPLIFIED if simplified else TRADITIONAL


def _encodes(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
