"""The key that texts are compared by: what two copies of an article share, whoever printed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import xxhash

from corpus.clean import characters as ch
from corpus.clean.vietnamese import tones_to_front

_SPACE = 32
_LEARNT = 1 << 31


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing needs to know of a text."""

    content_hash: str
    """XXH3-128 of the comparison key in UTF-32-LE, 32 hex digits."""
    n_words: int
    """Runs of characters that are no white space."""


def compare_all(texts: Sequence[str]) -> list[Compared]:
    """Hash texts by their comparison keys and count their words; each has the same alone and among others.

    A key is the text with case folded letter by letter (Unicode's simple case folding), each run of white space as one
    space, and Vietnamese tone marks where `tones_to_front` puts them.

    Args:
        texts: Unicode NFC without lone surrogates.
    """
    codes = np.frombuffer("\n".join(["", *texts, ""]).encode("utf-32-le"), "<u4")
    folded = _fold(codes)
    space = folded == _SPACE
    # The first of each run of white space stays, and begins a word unless it is the last.
    stays = np.ones(len(codes), bool)
    np.logical_not(space[1:] & space[:-1], out=stays[1:])
    key = tones_to_front(folded[stays])
    edges = np.cumsum([0, *(len(text) + 1 for text in texts)])
    # Offsets in the key of the space in front of each text, or of the run that this is part of.
    places = np.cumsum(stays).take(edges) - 1
    spaces = np.concatenate(([0], np.cumsum(key == _SPACE)))
    words = np.diff(spaces.take(places)).tolist()
    content = key.view(np.uint8).data
    return [
        Compared(xxhash.xxh3_128_hexdigest(content[4 * (start + 1) : 4 * end]), count)
        for (start, end), count in zip(pairwise(places.tolist()), words, strict=True)
    ]


_fold_of = np.zeros(0x110000, np.uint32)


def _fold(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Each character with its case folded, white space as a space. The table fills itself."""
    found = ch.look_up(_fold_of, codes, _learn)
    folded: npt.NDArray[np.uint32] = found & np.uint32(_LEARNT - 1)
    return folded


def _learn(code: int) -> None:
    char = chr(code)
    _fold_of[code] = _LEARNT | (_SPACE if char.isspace() else _folded(char))


def _folded(char: str) -> int:
    return next(ord(form) for form in (char.casefold(), char.lower(), char) if len(form) == 1)
