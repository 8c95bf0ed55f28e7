"""What each character is, as arrays that whole batches of text are looked up in at once.

The tables fill themselves: a character is classified when a text first holds it, by Python's Unicode database. They
have an entry for every code point; so "clip" clips nothing, but spares NumPy its own check.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

_Number = TypeVar("_Number", bound=np.generic)
Codes = npt.NDArray[np.uint32] | npt.NDArray[np.int64]
"""Code points of a text. Tables are looked up in faster with 64 bits for each."""

(
    SPACE,
    LETTER,
    DIGIT,
    UPPER,
    LOWER,
    WIDE,
    STOP,
    FULL_STOP,
    WIDE_STOP,
    CLOSER,
    QUOTE,
    OPENER,
    COMMA,
    COLON,
    MARK,
    KNOWN,
) = (1 << bit for bit in range(16))
ALNUM = LETTER | DIGIT
"""Bits of a class. `WIDE`: scripts that write words without spaces between them. `STOP`: ends a sentence, `FULL_STOP`
one that states something, `WIDE_STOP` without a space behind it. `CLOSER`: may close behind a stop. `QUOTE`: opens a
quote. `OPENER`: opens brackets. `MARK`: a bullet, arrow or bar of a menu."""

COUNTED = (ALNUM, UPPER, DIGIT, WIDE, COMMA, SPACE)
"""Classes that are counted by line, in the order of their fields in `packed`."""
FIELD_BITS = 9

_SIZE = 0x110000
_STOPS = frozenset(".!?…。！？।۔؟")
_FULL_STOPS = frozenset(".。।۔…")
_WIDE_STOPS = frozenset("。！？।")
_QUOTES = frozenset("\"'“‘«„「『")
_OPENERS = frozenset("([（【")
_CLOSERS = frozenset("\"”’»)]）」』'›*")
_COMMAS = frozenset(",;，、،；؛")
_COLONS = frozenset(":：")
_MARKS = frozenset("•●▪■*·›»>→‣–—-|►▶▼◆○")
_WIDE_RANGES = (
    (0x0E00, 0x0EFF),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
# Hangul has spaces between words, though a syllable is as wide as an ideograph.

_class = np.zeros(_SIZE, np.uint16)
_packed = np.zeros(_SIZE, np.uint64)
_hash = np.zeros(_SIZE, np.uint64)


def classes(codes: Codes) -> npt.NDArray[np.uint16]:
    """The class bits of each character."""
    return look_up(_class, codes, _learn)


def look_up(table: npt.NDArray[_Number], codes: Codes, learn: Callable[[int], None]) -> npt.NDArray[_Number]:
    """Entries of a table that fills itself.

    Args:
        table: an entry for every code point, 0 where it has not been learnt.
        codes: what to look up.
        learn: fills in the entry of a code point, with anything but 0.
    """
    found = table.take(codes, mode="clip")
    if not found.all():
        for code in np.unique(codes[found == 0]).tolist():
            learn(code)
        found = table.take(codes, mode="clip")
    return found


def packed_counts(codes: Codes) -> npt.NDArray[np.uint64]:
    """A one in the field of each class of `COUNTED` that a character has, so that one sum counts them all.

    The characters have gone through `classes`.
    """
    return _packed.take(codes, mode="clip")


def hashes(codes: Codes) -> npt.NDArray[np.uint64]:
    """64 bits for each letter and digit, the same for both cases and all widths; 0 for everything else.

    The characters have gone through `classes`.
    """
    return _hash.take(codes, mode="clip")


def mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread 64-bit numbers over their range: the finalizer of SplitMix64, https://doi.org/10.1145/2660193.2660195."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _learn(code: int) -> None:
    char = chr(code)
    bits = KNOWN
    if char.isspace():
        bits |= SPACE
    elif char.isdigit():
        bits |= DIGIT
    # Marks are parts of words in the scripts of India.
    elif char.isalpha() or unicodedata.category(char) in {"Mn", "Mc"}:
        bits |= LETTER
        bits |= UPPER * char.isupper() | LOWER * char.islower()
    bits |= STOP * (char in _STOPS) | CLOSER * (char in _CLOSERS) | COMMA * (char in _COMMAS)
    bits |= FULL_STOP * (char in _FULL_STOPS) | WIDE_STOP * (char in _WIDE_STOPS) | QUOTE * (char in _QUOTES)
    bits |= OPENER * (char in _OPENERS) | COLON * (char in _COLONS) | MARK * (char in _MARKS)
    bits |= WIDE * any(first <= code <= last for first, last in _WIDE_RANGES)
    _packed[code] = sum(1 << (FIELD_BITS * field) for field, counted in enumerate(COUNTED) if bits & counted)
    if bits & ALNUM:
        folded = unicodedata.normalize("NFKC", char).casefold()
        _hash[code] = mix(np.array([ord(folded[0]) if folded else code], np.uint64))[0] | np.uint64(1)
    _class[code] = bits


_powers: dict[int, npt.NDArray[np.uint64]] = {}
_KEPT_POWERS = 1 << 20


def powers(base: int, count: int) -> npt.NDArray[np.uint64]:
    """Powers of an odd number modulo 2^64, from the zeroth. A long table goes when its text is done."""
    table = _powers.get(base)
    if table is None or len(table) < count:
        size = max(_KEPT_POWERS, count)
        steps = np.full(size, base, np.uint64)
        steps[0] = 1
        table = np.multiply.accumulate(steps)
        if size == _KEPT_POWERS:
            _powers[base] = table
    return table[:count]
