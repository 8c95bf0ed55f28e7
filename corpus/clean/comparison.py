"""The key that texts are compared by: what two copies of an article share, whoever printed them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import xxhash

from corpus.clean import characters as ch
from corpus.clean.vietnamese import tones_to_front

PIECE_CHARS = 1_000_000
"""A longer text is looked at in pieces."""
_SPACE, _PUNCTUATION = 32, 33
_WHITE_SPACE = re.compile(r"\s")
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

    A key is the text with case folded letter by letter (Unicode's simple case folding), each run of white space and
    punctuation (Unicode's P, Sk and Cc) as one space, none at the ends, and Vietnamese tone marks where
    `tones_to_front` puts them. The punctuation of a text that consists of nothing else is its key.

    Args:
        texts: Unicode NFC without lone surrogates.
    """
    if any(len(text) > PIECE_CHARS for text in texts):
        return [_compare(text, list(_pieces(text))) for text in texts]
    return [Compared(_hash(key, text), n_words) for text, (key, n_words) in zip(texts, _keys(texts), strict=True)]


def _compare(text: str, pieces: Iterable[str]) -> Compared:
    """The same piece by piece, as a text takes some thirty times its size in memory."""
    digest = xxhash.xxh3_128()
    total = 0
    empty = True
    for piece in pieces:
        [(key, n_words)] = _keys([piece])
        total += n_words
        if key.nbytes:
            digest.update(b"" if empty else _SPACE.to_bytes(4, "little"))
            digest.update(key)
            empty = False
    return Compared(_hash(memoryview(b""), text) if empty else digest.hexdigest(), total)


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces with white space between them."""
    start = 0
    while len(text) - start > PIECE_CHARS and (space := _WHITE_SPACE.search(text, start + PIECE_CHARS)):
        yield text[start : space.start()]
        start = space.end()
    yield text[start:]


def _keys(texts: Sequence[str]) -> Iterator[tuple[memoryview, int]]:
    """The key of each text in UTF-32-LE, and the number of its words."""
    codes = np.frombuffer("\n".join(["", *texts, ""]).encode("utf-32-le"), "<u4")
    folded = _fold(codes)
    edges = np.cumsum([0, *(len(text) + 1 for text in texts)])
    space = folded == _SPACE
    words = np.diff(np.searchsorted(np.flatnonzero(space[:-1] & ~space[1:]), edges))
    gap = folded <= _PUNCTUATION
    # The first of each run of gaps stays, and is the space in front of a text or behind it too.
    stays = np.ones(len(codes), bool)
    np.logical_not(gap[1:] & gap[:-1], out=stays[1:])
    np.copyto(folded, _SPACE, where=gap)
    key = tones_to_front(folded[stays])
    # Offsets in the key of the space in front of each text, or of the run that this is part of.
    places = np.cumsum(stays).take(edges) - 1
    content = key.view(np.uint8).data
    for (start, end), count in zip(pairwise(places.tolist()), words.tolist(), strict=True):
        yield content[4 * (start + 1) : 4 * end], count


def _hash(key: memoryview, text: str) -> str:
    if not key.nbytes and text:
        return xxhash.xxh3_128_hexdigest(" ".join(text.split()).encode("utf-32-le"))
    return xxhash.xxh3_128_hexdigest(key)


_fold_of = np.zeros(0x110000, np.uint32)


def _fold(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Each character with its case folded, white space as one code, punctuation as another. The table fills itself."""
    found = ch.look_up(_fold_of, codes, _learn)
    folded: npt.NDArray[np.uint32] = found & np.uint32(_LEARNT - 1)
    return folded


def _learn(code: int) -> None:
    char = chr(code)
    _fold_of[code] = _LEARNT | (_SPACE if char.isspace() else _PUNCTUATION if _is_punctuation(char) else _folded(char))


def _is_punctuation(char: str) -> bool:
    # No letter folds to the codes of the two classes, which are punctuation, or control characters below them.
    category = unicodedata.category(char)
    return category[0] == "P" or category in {"Sk", "Cc"}


def _folded(char: str) -> int:
    return next(ord(form) for form in (char.casefold(), char.lower(), char) if len(form) == 1)
