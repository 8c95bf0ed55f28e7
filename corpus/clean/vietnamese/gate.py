"""Which texts are worth a closer look for a legacy encoding: nearly none of those that need none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean.vietnamese.letters import MARKED

WINDOW_CHARS = 60
WINDOW_ODD = 4
"""So many characters that Vietnamese in Unicode does not write must stand inside or at words, within a window.
Vietnamese in a legacy encoding has one in every eight characters or so, French one in 250, German one in 45."""
MIN_CARETS = 3
"""VIQR has one in 20 characters, and a quote in another text may have all carets of that text."""


def look_odd(texts: Sequence[str]) -> list[bool]:
    """Whether each text may hold an encoding of bytes seen as Latin-1 or Windows-1252."""
    if all(map(str.isascii, texts)):
        return [False] * len(texts)
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    latin = np.flatnonzero(codes - np.uint32(0x80) < 0x80)
    odd = latin[_odd().take(codes[latin] - 0x80)]
    beside = _letters()
    before = beside.take(codes.take(odd - 1, mode="wrap"), mode="clip")
    after = beside.take(codes.take(odd + 1, mode="wrap"), mode="clip")
    odd = odd[before | after]
    ends = np.cumsum([len(text) + 1 for text in texts])
    first, last = odd[: 1 - WINDOW_ODD], odd[WINDOW_ODD - 1 :]
    close = np.flatnonzero(last - first < WINDOW_CHARS)
    start, end = np.searchsorted(ends, first[close], "right"), np.searchsorted(ends, last[close], "right")
    found = np.zeros(len(texts), bool)
    found[start[start == end]] = True
    result: list[bool] = found.tolist()
    return result


def looks_like_viqr(text: str) -> bool:
    """Whether a text has enough carets to hold VIQR."""
    return text.count("^") >= MIN_CARETS


@cache
def _odd() -> npt.NDArray[np.bool_]:
    """From U+0080: what is no letter of Vietnamese."""
    odd = np.ones(0x80, bool)
    odd[0x20] = False
    for letter in MARKED:
        if ord(letter) < 0x100:
            odd[ord(letter) - 0x80] = False
    return odd


@cache
def _letters() -> npt.NDArray[np.bool_]:
    """Letters of ASCII, and all that may stand for one; the last place is for all beyond the table."""
    letters = np.zeros(0x100, bool)
    letters[
        [*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1), *range(0x80, 0xA0), *range(0xA1, 0xFF)]
    ] = 1
    return letters
