"""Unicode normalization form C in time that grows no faster than sorting."""

from __future__ import annotations

import re
import unicodedata

_SAFE_MARKS = 32
"""Python sorts the marks on one letter by exchanging neighbours, which is quadratic; so many are no trouble."""


def is_nfc(text: str) -> bool:
    """Whether a text is in NFC, in linear time: Python says no to marks out of order before it sorts any."""
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def nfc(text: str) -> str:
    """A text in NFC, as `unicodedata.normalize` gives it, also with a million marks on one letter."""
    if is_nfc(text):
        return text
    return unicodedata.normalize("NFC", _LONG_RUN.sub(_sort, text))


# Whatever may stand in a run of marks: no letter of Latin, no ideograph, no Hangul syllable.
_LONG_RUN = re.compile(rf"[^\x00-\u02ff\u3400-\u9fff\uac00-\ud7a3]{{{_SAFE_MARKS},}}")


def _sort(run: re.Match[str]) -> str:
    """Put the marks of each letter of a run in canonical order (Unicode Standard, D109: a stable sort by class)."""
    decomposed = [part for char in run[0] for part in _decomposed(char)]
    if not any(map(unicodedata.combining, decomposed)):
        return run[0]
    ordered: list[str] = []
    marks: list[str] = []
    for char in decomposed:
        if unicodedata.combining(char):
            marks.append(char)
            continue
        ordered += sorted(marks, key=unicodedata.combining)
        ordered.append(char)
        marks.clear()
    return "".join(ordered + sorted(marks, key=unicodedata.combining))


def _decomposed(char: str) -> str:
    return unicodedata.normalize("NFD", char)
