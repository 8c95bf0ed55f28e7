"""What of a document decides its language: some of its prose, without addresses and markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

SAMPLE_CHARS = 1000
"""So many characters of prose decide as well as the whole document."""
WINDOWS = 5
"""A long document is looked at in so many places, evenly spread from end to end."""
_WINDOW_CHARS = SAMPLE_CHARS // WINDOWS
_PROSE_CHARS = 40
"""Shorter lines are rather menus and headings than prose."""
_WIDE_PROSE_CHARS = 16
_FIRST_WIDE = "\u2e80"
"""East Asian scripts say as much in fewer characters."""
_LONGEST_CUT = 24
"""Half words at the ends of a window are cut off where a space is that near."""

_NOISE = {
    "http": re.compile(r"https?://[^\s<>\"']{1,2000}"),
    "www.": re.compile(r"www\.[^\s<>\"']{1,2000}"),
    "@": re.compile(r"[-_.+0-9A-Za-z]{1,64}@[-_0-9A-Za-z]{1,64}(?:\.[-_0-9A-Za-z]{1,64}){1,4}"),
    "<": re.compile(r"</?[A-Za-z!][^<>]{0,500}>"),
    "&": re.compile(r"&#?[A-Za-z0-9]{2,8};"),
}
"""What is no language, by what it cannot be without."""


def sample(text: str) -> str:
    """At most `SAMPLE_CHARS` characters of the long lines, or of all lines where long ones hold less than half."""
    prose = "\n".join([line for line in text.split("\n") if _is_prose(line)])
    if len(prose) < len(text) // 2:
        prose = text
    if len(prose) <= SAMPLE_CHARS:
        return prose
    room = len(prose) - _WINDOW_CHARS
    return " ".join([_window(prose, room * number // (WINDOWS - 1)) for number in range(WINDOWS)])


def _is_prose(line: str) -> bool:
    size = len(line)
    return size >= _PROSE_CHARS or (size >= _WIDE_PROSE_CHARS and line[size // 2] >= _FIRST_WIDE)


def _window(prose: str, start: int) -> str:
    end = start + _WINDOW_CHARS
    if start:
        start = prose.find(" ", start, start + _LONGEST_CUT) + 1 or start
    if end < len(prose):
        cut = prose.rfind(" ", end - _LONGEST_CUT, end)
        end = cut if cut > 0 else end
    return prose[start:end]


def without_noise(samples: Sequence[str], most_chars: int) -> list[str]:
    """Cut samples to a length, put them in NFC, and take addresses, markup and entities out."""
    cleaned = [_composed(text[:most_chars]) for text in samples]
    joined = "\n".join(cleaned)
    for mark, pattern in _NOISE.items():
        if mark in joined:
            cleaned = [pattern.sub(" ", text) if mark in text else text for text in cleaned]
    return cleaned


def letters_of(text: str) -> int:
    """Letters, an ideograph or Hangul syllable counting as two."""
    return sum(2 if unicodedata.east_asian_width(char) == "W" else 1 for char in text if char.isalpha())


def _composed(text: str) -> str:
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", text)
