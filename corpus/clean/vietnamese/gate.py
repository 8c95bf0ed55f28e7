"""Which texts are worth a closer look for a legacy encoding: nearly none of those that need none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean.vietnamese.letters import MARKED

WINDOW_CHARS = 40
WINDOW_ODD = 3
"""So many characters that Vietnamese in Unicode does not write must stand inside or at words, within a window.
Vietnamese in a legacy encoding has one in every eight characters or so, French one in 250, German one in 45."""
_WINDOWS = 6
VIQR_MARKS = 4
"""Carets and pluses of the shortest VIQR worth looking at; it has one in 15 characters."""


def odd_places(texts: Sequence[str]) -> list[list[int]]:
    """Where each text may hold an encoding of bytes seen as Latin-1 or Windows-1252.

    Returns:
        Offsets of some windows with enough odd characters, from all over the text; none for most texts.
    """
    found: list[list[int]] = [[] for _ in texts]
    if all(map(str.isascii, texts)):
        return found
    # So far apart that no window reaches over two texts.
    apart = "\n" * WINDOW_CHARS
    codes = np.frombuffer(apart.join(["", *texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    latin = np.flatnonzero(codes - np.uint32(0x80) < 0x80)
    odd = latin[_odd().take(codes[latin] - 0x80)]
    beside = _letters()
    odd = odd[beside.take(codes[odd - 1], mode="clip") | beside.take(codes[odd + 1], mode="clip")]
    first = odd[: 1 - WINDOW_ODD][odd[WINDOW_ODD - 1 :] - odd[: 1 - WINDOW_ODD] < WINDOW_CHARS]
    if len(first):
        starts = np.cumsum([WINDOW_CHARS, *(len(text) + WINDOW_CHARS for text in texts)])
        edges = np.searchsorted(first, starts)
        for index in np.flatnonzero(np.diff(edges)).tolist():
            places = first[edges[index] : edges[index + 1]] - starts[index]
            found[index] = places[:: max(1, len(places) // _WINDOWS)].tolist()
    return found


def looks_like_viqr(text: str) -> bool:
    """Whether a text has enough carets and pluses to hold VIQR, and one caret at least."""
    carets = text.count("^")
    return carets > 0 and carets + text.count("+") >= VIQR_MARKS


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
