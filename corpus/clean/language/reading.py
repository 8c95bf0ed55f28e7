"""Samples as arrays: what every character is, and which script each sample and each window of it is written in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.language import letters as kind
from corpus.clean.language.letters import Ints, Letters
from corpus.clean.language.sample import WINDOWS

Bools = npt.NDArray[np.bool_]

_WIDE_WEIGHT = 3
"""Letters of an alphabet that an ideograph or syllable stands for, where scripts are weighed against each other."""
_MIN_SHOUTED = 20
"""Fewer capitals in a window of a text in small letters are abbreviations."""
_LATIN = (*kind.ASCII, kind.LATIN_UPPER, kind.LATIN_LOWER)


def _flags(kinds: Sequence[int]) -> Bools:
    flags = np.zeros(kind.KINDS, np.bool_)
    flags[list(kinds)] = True
    return flags


_IS_CAPITAL = _flags(kind.CAPITALS)
_IS_LATIN = _flags(_LATIN)


@dataclass(frozen=True, slots=True)
class Scripts:
    """What the characters of some texts are, one entry a text."""

    counts: Ints
    """How many of each kind, in the last axis."""
    hidden: Bools
    """Latin letters are only names or code within another script, and say nothing."""
    letters: Ints
    """How many there are, without hidden ones, an ideograph or syllable counting as two."""
    foreign: Bools
    """Most letters are of a script that no profile knows."""

    def number_of(self, kinds: Sequence[int]) -> Ints:
        """How many characters are of these kinds."""
        return _number_of(self.counts, kinds)


@dataclass(frozen=True, slots=True)
class Reading:
    """Samples one after another, each with one space behind it, and two spaces in front of all."""

    numbers: Ints
    """The profiles' number of each character; what says nothing is a space."""
    silent: Bools
    """Characters that end no n-gram, in `numbers` without the two spaces: capitals behind capitals."""
    sizes: Ints
    """Characters of each window of each sample."""
    samples: Scripts
    windows: Scripts
    """Sample by window."""


def read(samples: Sequence[str], letters: Letters) -> Reading:
    """Look at every character of some samples, of which there is at least one."""
    text = "  " + " ".join(samples) + " "
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    lengths = np.fromiter(map(len, samples), np.int64, len(samples)) + 1
    starts = np.cumsum(lengths) - lengths
    edges = (starts[:, None] + lengths[:, None] * np.arange(WINDOWS) // WINDOWS).ravel()
    sizes = np.diff(edges, append=lengths.sum())
    kinds, short_numbers = letters.look(codes)
    windows = _count(kinds[2:], sizes)
    capitals, small = windows.number_of(kind.CAPITALS), windows.number_of(kind.SMALL)
    shouted = (capitals > small) & (capitals >= _MIN_SHOUTED)
    shouted |= (capitals.sum(1) > small.sum(1))[:, None]
    if shouted.any():
        # Runs of capitals are passed over like langdetect does, as abbreviations; here they are the text.
        loud = np.flatnonzero(np.repeat(shouted.ravel(), sizes)) + 2
        codes[loud] = letters.small(codes[loud])
        kinds, short_numbers = letters.look(codes)
        windows = _count(kinds[2:], sizes)
    scripts = _scripts(windows.counts.sum(1))
    numbers = short_numbers.astype(np.int64)
    if scripts.hidden.any():
        numbers[2:][np.repeat(scripts.hidden, lengths) & _IS_LATIN[kinds[2:]]] = kind.SPACE_ID
    capital = _IS_CAPITAL[kinds]
    return Reading(numbers, capital[2:] & capital[1:-1], sizes, scripts, windows)


def _count(kinds: npt.NDArray[np.uint8], sizes: Ints) -> Scripts:
    """The scripts of windows of these sizes, sample by window."""
    fields = np.repeat(np.arange(len(sizes)) * kind.KINDS, sizes) + kinds
    counts = np.bincount(fields, minlength=len(sizes) * kind.KINDS)
    return _scripts(counts.reshape(-1, WINDOWS, kind.KINDS))


def _scripts(counts: Ints) -> Scripts:
    wide = _number_of(counts, kind.WIDE)
    others = _number_of(counts, kind.OTHER_SCRIPTS)
    hidden = _number_of(counts, kind.ASCII) * 2 < others + wide * _WIDE_WEIGHT
    letters = others + wide * 2 + np.where(hidden, 0, _number_of(counts, _LATIN))
    return Scripts(counts, hidden, letters, counts[..., kind.FOREIGN] * 2 > letters)


def _number_of(counts: Ints, kinds: Sequence[int]) -> Ints:
    total: Ints = counts[..., list(kinds)].sum(-1)
    return total
