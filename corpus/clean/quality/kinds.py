"""What each character is to a signal, as tables that whole batches of text are looked up in at once.

As in `corpus.clean.characters`, a character is classified when a text first holds it, and "clip" clips nothing.
"""

from __future__ import annotations

import unicodedata

import numpy as np
import numpy.typing as npt

from corpus.clean import characters as ch

Codes = npt.NDArray[np.int64]
Kinds = npt.NDArray[np.uint16]

(
    SPACE,
    LETTER,
    DIGIT,
    UPPER,
    UNSPACED,
    WORD_HEAD,
    VIETNAMESE,
    TERMINAL,
    WIDE_TERMINAL,
    QUOTE,
    CLOSER,
    BULLET,
    KNOWN,
) = (1 << bit for bit in range(13))
"""Bits of a kind. `LETTER`: also combining marks, which are parts of words. `UNSPACED`: a letter or mark of a script
that writes no spaces between words; `WORD_HEAD`: such a letter, which is a word of its own. `TERMINAL`: ends a
sentence, `WIDE_TERMINAL` without a space behind it. `QUOTE`: a quotation mark that may close. `CLOSER`: a quotation
mark or bracket that may stand between the end of a sentence and the space behind it."""
ALNUM = LETTER | DIGIT

COUNT_BITS = 21
"""Width of a field of `packed`; so many characters may be summed up at once, less one."""
COUNTED = (LETTER, DIGIT, UPPER)
"""Kinds that are counted by document, in the order of their fields."""

ELLIPSIS = 0x2026

_SIZE = 0x110000
_TERMINALS = frozenset(".!?…؟۔।॥။៕።։‼⁇⁈⁉。！？｡．")
_WIDE_TERMINALS = frozenset("。！？｡．")
_QUOTES = frozenset("\"'”’»›」』")
_CLOSERS = _QUOTES | frozenset(")]）】》*")
_BULLETS = frozenset("•‣⁃∙◦·●○■□▪▫►▶▸*-")
_UNSPACED_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # Kana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
# Letters that Vietnamese writes and plain ASCII lacks: a vowel with its sign, a tone, or both, and the barred d.
_SIGNS = {
    "a": {"", "\u0302", "\u0306"},
    "e": {"", "\u0302"},
    "i": {""},
    "o": {"", "\u0302", "\u031b"},
    "u": {"", "\u031b"},
    "y": {""},
}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

_kind = np.zeros(_SIZE, np.uint16)
_packed = np.zeros(_SIZE, np.uint64)


def kinds(codes: Codes) -> Kinds:
    """The bits of each character."""
    return ch.look_up(_kind, codes, _learn)


def packed(codes: Codes) -> npt.NDArray[np.uint64]:
    """A one in the field of each kind of `COUNTED` that a character is; the characters have gone through `kinds`."""
    return _packed.take(codes, mode="clip")


def is_vietnamese(char: str) -> bool:
    """Whether Vietnamese writes this letter and plain ASCII does not; composed letters only."""
    if char in "đĐ":
        return True
    parts = list(unicodedata.normalize("NFD", char))
    base, marks = parts[0], parts[1:]
    if not marks or base.lower() not in _SIGNS:
        return False
    signs = "".join(mark for mark in marks if mark not in _TONES)
    return signs in _SIGNS[base.lower()]


def _learn(code: int) -> None:
    # Also fills the table of `ch.hashes`.
    basic = int(ch.classes(np.array([code], np.int64))[0])
    char = chr(code)
    bits = KNOWN
    for theirs, ours in ((ch.SPACE, SPACE), (ch.LETTER, LETTER), (ch.DIGIT, DIGIT), (ch.UPPER, UPPER)):
        bits |= ours * bool(basic & theirs)
    if bits & LETTER and any(first <= code <= last for first, last in _UNSPACED_RANGES):
        bits |= UNSPACED | WORD_HEAD * (not unicodedata.category(char).startswith("M"))
    bits |= VIETNAMESE * is_vietnamese(char)
    bits |= TERMINAL * (char in _TERMINALS) | WIDE_TERMINAL * (char in _WIDE_TERMINALS)
    bits |= QUOTE * (char in _QUOTES) | CLOSER * (char in _CLOSERS) | BULLET * (char in _BULLETS)
    _packed[code] = sum(1 << (COUNT_BITS * field) for field, counted in enumerate(COUNTED) if bits & counted)
    _kind[code] = bits
