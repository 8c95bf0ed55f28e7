"""The letters of Vietnamese: twelve vowels in six tones, and đ."""

from __future__ import annotations

import unicodedata

VOWELS = "aăâeêioôơuưy"
TONE_MARKS = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
"""Combining mark of each tone: level, falling (grave), rising (acute), dipping (hook), creaky (tilde), heavy (dot)."""
SHAPE_MARKS = "\u0302\u0306\u031b"
"""Circumflex, breve and horn, which make a vowel another one."""


def with_tone(vowel: str, tone: int) -> str:
    """A vowel of `VOWELS`, of either case, in one of the six tones."""
    return unicodedata.normalize("NFC", vowel + TONE_MARKS[tone])


TONED = {with_tone(vowel, tone): (vowel, tone) for vowel in VOWELS + VOWELS.upper() for tone in range(1, 6)}
"""Each letter with a tone mark, and the vowel and tone that it is made of."""
MARKED = tuple(
    letter
    for cased in (VOWELS + "đ", VOWELS.upper() + "Đ")
    for vowel in cased
    for letter in ([vowel] if vowel in "đĐ" else [with_tone(vowel, tone) for tone in range(6)])
    if not letter.isascii()
)
"""The 134 letters that ASCII lacks, 67 of each case."""
ONLY_VIETNAMESE = frozenset(letter for letter in MARKED if ord(letter) > 0xFF and letter not in "ĩĨũŨ")
"""Those that hardly any other language writes: not in Latin-1, nor in its neighbours' alphabets."""
