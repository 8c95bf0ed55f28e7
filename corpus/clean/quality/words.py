"""Documents as words, and words as arrays: what all signals are computed from, for many documents at once.

A word is a run of characters that are no white space: a syllable in Vietnamese, a word with the punctuation at it
elsewhere. Chinese, Japanese, Thai, Lao, Khmer and Burmese write no spaces between words; there every letter is a word,
with the marks and punctuation behind it. Rows of words (n-grams) are of words with a letter or digit only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean import characters as ch
from corpus.clean.quality import kinds as kind

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

_ODD = 0x9E3779B97F4A7C15
_INVERSE = pow(_ODD, -1, 1 << 64)
_PIECE_CHARS = 1 << 18


@dataclass(frozen=True, slots=True)
class Words:
    """The words with a letter or digit of some documents, one after another, for whoever needs them once more."""

    hashes: Hashes
    """64 bits from the letters and digits of a word; case, width and punctuation around it play no part."""
    first: Ints
    """Index of the first word of each document, and behind them the number of words."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some documents with nothing but a line break between them."""

    start: Ints
    """Offset of each document in the joined text."""
    length: Ints
    """Characters of each document."""
    codes: kind.Codes
    """The joined text."""
    kinds: kind.Kinds
    """What each character is."""
    token_start: Ints
    """Offset of each word, also of those without letters."""
    token_end: Ints
    token_kinds: kind.Kinds
    """Kinds of all characters of a word."""
    first_token: Ints
    """Index of the first word of each document, and behind them the number of words."""
    words: Words
    token: Ints
    """Index of the token that each of `words` is."""


def read_batch(texts: Sequence[str]) -> Batch:
    """Take documents apart into words; linear in their length. Lone surrogates are characters like others."""
    codes = _codes("\n".join(texts))
    kinds = kind.kinds(codes)
    length = np.fromiter(map(len, texts), np.int64, len(texts))
    start = np.cumsum(length + 1) - length - 1
    token_start, token_end = _tokens(kinds)
    # What stands between two words is white space, which has no other bits that are asked for.
    token_kinds = np.bitwise_or.reduceat(kinds, token_start) if len(token_start) else kinds[:0]
    edges = np.append(start, len(codes))
    token = np.flatnonzero((token_kinds & kind.ALNUM) != 0)
    words = Words(_hashes(codes, kinds, token_start[token]), np.searchsorted(token_start[token], edges))
    first_token = np.searchsorted(token_start, edges)
    return Batch(start, length, codes, kinds, token_start, token_end, token_kinds, first_token, words, token)


def _tokens(kinds: kind.Kinds) -> tuple[Ints, Ints]:
    """Start and end of every word."""
    space = np.ones(len(kinds) + 2, bool)
    np.not_equal(kinds & kind.SPACE, 0, out=space[1:-1])
    if not len(kinds) or not np.bitwise_or.reduce(kinds) & kind.UNSPACED:
        turns = np.flatnonzero(space[1:] != space[:-1])
        return turns[::2], turns[1::2]
    starts = np.zeros(len(kinds) + 1, bool)
    starts[:-1] = space[:-2] & ~space[1:-1]
    starts[:-1] |= (kinds & kind.WORD_HEAD) != 0
    # A Latin word or a number right behind such a script.
    unspaced = (kinds & kind.UNSPACED) != 0
    starts[1:-1] |= ((kinds[1:] & kind.ALNUM) != 0) & ~unspaced[1:] & unspaced[:-1]
    ends = ~space[1:-1] & (space[2:] | starts[1:])
    return np.flatnonzero(starts), np.flatnonzero(ends) + 1


def _hashes(codes: kind.Codes, kinds: kind.Kinds, starts: Ints) -> Hashes:
    """Hash of each word that starts there; all have a letter or digit."""
    if not len(starts):
        return np.zeros(0, np.uint64)
    # Each sum runs to the next word; what is no letter or digit adds nothing.
    running = ch.hashes(codes)
    running *= ch.powers(_ODD, len(codes))
    np.cumsum(running, out=running)
    before = running.take(starts - 1, mode="wrap")
    before[:1] *= np.uint64(starts[0] > 0)
    sums = np.diff(before, append=running[-1:])
    # A word begins with its first letter or digit, whatever punctuation is before it.
    heads = starts
    behind = np.flatnonzero((kinds[starts] & kind.ALNUM) == 0)
    if len(behind):
        heads = starts.copy()
        inner = np.flatnonzero((kinds & kind.ALNUM) != 0)
        heads[behind] = inner[np.searchsorted(inner, starts[behind])]
    sums *= ch.powers(_INVERSE, len(codes)).take(heads)
    return ch.mix(sums)


def word_hashes_of(text: str, piece_chars: int = _PIECE_CHARS) -> Hashes:
    """What `read_batch([text]).words.hashes` is, in memory for a piece of the text and twice the result.

    Args:
        text: A document of any length.
        piece_chars: Characters to look at together, at least 1; they change nothing.
    """
    found: list[Hashes] = []
    start = 0
    while start < len(text):
        end = _cut(text, start, piece_chars)
        if end > start:
            found.append(read_batch([text[start:end]]).words.hashes)
        else:
            end, hashes = _long_word(text, start, piece_chars)
            found.append(hashes)
        start = end
    return np.concatenate(found) if found else np.zeros(0, np.uint64)


def _cut(text: str, start: int, piece_chars: int) -> int:
    """The last place in a piece of the text where a word ends or none is; its start if one word is all of it."""
    end = start + piece_chars
    if end >= len(text):
        return len(text)
    behind = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) + 1
    if behind > start:
        return behind
    cuts = _cuts(text[start : end + 1])
    return start + (int(cuts[-1]) if len(cuts) else 0)


def _cuts(piece: str) -> Ints:
    """Offsets within a piece where cutting it leaves its words what they are."""
    kinds = kind.kinds(_codes(piece))
    space = (kinds & kind.SPACE) != 0
    unspaced = (kinds & kind.UNSPACED) != 0
    # The same that starts and ends a word in `_tokens`.
    cut = space[1:] | space[:-1] | ((kinds[1:] & kind.WORD_HEAD) != 0)
    cut |= ((kinds[1:] & kind.ALNUM) != 0) & ~unspaced[1:] & unspaced[:-1]
    return np.flatnonzero(cut) + 1


def _long_word(text: str, start: int, piece_chars: int) -> tuple[int, Hashes]:
    """End and hash of a word longer than a piece; no hash if it has no letter or digit."""
    total, head, at = 0, -1, start
    while True:
        # One character more on both sides, as a cut is between two.
        cuts = _cuts(text[at : at + piece_chars + 1])
        end = at + int(cuts[0]) if len(cuts) else min(at + piece_chars, len(text))
        codes = _codes(text[at:end])
        inner = np.flatnonzero((kind.kinds(codes) & kind.ALNUM) != 0)
        if head < 0 and len(inner):
            head = at - start + int(inner[0])
        piece = int((ch.hashes(codes) * ch.powers(_ODD, len(codes))).sum())
        total += piece * pow(_ODD, at - start, 1 << 64)
        at = end
        if len(cuts) or at == len(text):
            break
    if head < 0:
        return at, np.zeros(0, np.uint64)
    total *= pow(_INVERSE, head, 1 << 64)
    return at, ch.mix(np.array([total % (1 << 64)], np.uint64))


def _codes(text: str) -> kind.Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


class Prefix:
    """Running sum over a text, from which the hash of any piece of it follows."""

    def __init__(self, codes: kind.Codes) -> None:
        self._sums = np.zeros(len(codes) + 1, np.uint64)
        np.multiply(codes.view(np.uint64), ch.powers(_ODD, len(codes)), out=self._sums[1:])
        np.cumsum(self._sums, out=self._sums)

    def hashes(self, start: Ints, end: Ints) -> Hashes:
        """Hash of each piece, to the character."""
        sums = self._sums[end] - self._sums[start]
        sums *= ch.powers(_INVERSE, len(self._sums)).take(start)
        return ch.mix(sums + (end - start).astype(np.uint64))


def per(edges: Ints, flags: Flags) -> Ints:
    """How many flags are set from each edge to the next."""
    return np.diff(np.searchsorted(np.flatnonzero(flags), edges))


def sums(edges: Ints, values: Ints) -> Ints:
    """Sum of the values from each edge to the next."""
    running = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=running[1:])
    return np.diff(running[edges])
