"""Vietnamese letters whose marks came apart put together, in whatever order the marks stand."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from corpus.clean.vietnamese.letters import MARKED, SHAPE_MARKS, TONE_MARKS, VOWELS

_MARKS = SHAPE_MARKS + "".join(TONE_MARKS) + "\u0340\u0341"
"""The last two are deprecated doubles of the grave and the acute."""
_BEARERS = "".join(letter for letter in MARKED if letter not in "đĐ") + "aeiouyAEIOUY"
_APART = re.compile(f"[{_BEARERS}][{_MARKS}]+")
_LONGEST = 3
"""Marks that a letter can have behind it and still be Vietnamese, one of them written twice."""


def compose(text: str) -> str:
    """Replace each vowel and its combining marks by the Vietnamese letter that they spell, if they spell one.

    NFC does the same where the marks are in canonical order. It does not where the tone stands before the circumflex
    or breve: a, acute, circumflex stays apart as á and a circumflex. Letters of other languages, and vowels with marks
    that Vietnamese does not write together, stay as they are. Linear in the length.
    """
    if text.isascii():
        return text
    # In UTF-8 the combining marks begin with one of two bytes that no other character in use here has.
    encoded = text.encode("utf-8", "surrogatepass")
    if b"\xcc" not in encoded and b"\xcd" not in encoded:
        return text
    return _APART.sub(_together, text)


def _together(found: re.Match[str]) -> str:
    apart = found[0]
    return _letter(apart) if len(apart) <= 1 + _LONGEST else apart


@cache
def _letter(apart: str) -> str:
    """There are not many of these: a vowel and up to three marks."""
    letter = unicodedata.normalize("NFD", apart)
    marks = sorted(set(letter[1:]), key=lambda mark: mark not in SHAPE_MARKS)
    return _letters().get(letter[0] + "".join(marks), apart)


@cache
def _letters() -> dict[str, str]:
    """Each letter by its vowel, the mark of its shape and the mark of its tone."""
    found: dict[str, str] = {}
    for letter in MARKED:
        apart = unicodedata.normalize("NFD", letter)
        if apart[0].lower() in VOWELS:
            found[apart[0] + "".join(sorted(apart[1:], key=lambda mark: mark not in SHAPE_MARKS))] = letter
    return found
