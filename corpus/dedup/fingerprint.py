"""Fingerprints: what is kept of a document so that its near-copies are known when its text has gone.

A fingerprint is a sketch (see `corpus.dedup.sketch`) of the document's shingles, 126 values of 32 bits. The share of
equal values estimates the Jaccard similarity of two documents with a standard deviation of 0.036 at 0.8. No text can
be read from it. Fingerprints stand in lists that outlive the program, so nothing about them may ever change: not the
constants here, not how words are told apart and hashed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from corpus.dedup.buckets import Hashes, Ints
from corpus.dedup.reading import groups_of, read_words
from corpus.dedup.sketch import band_hashes, runs, shingle_all, sketch_values

WORDS = 5
"""Words of a shingle."""
BANDS, ROWS = 18, 7
"""Documents are compared that share a band: 98.5 % of pairs with a similarity of 0.8, 40 % at 0.6, 1 % at 0.35."""
VALUES = BANDS * ROWS
FINGERPRINT_BYTES = 4 * VALUES
MIN_WORDS = 20
"""Shorter documents have no fingerprint: one changed word makes them another one."""
THRESHOLD = 0.75
"""From this estimated similarity on, a document is a near-copy; see benchmarks/fingerprints.py."""
UNKNOWN = np.iinfo(np.int64).max
"""Number of what is no near-copy of anything."""

Values = npt.NDArray[np.uint32]
"""Fingerprints, shape (documents, `VALUES`)."""

_PAIRS_AT_ONCE = 20_000
_BEHIND = np.uint64(44)
"""Bits of a band behind those that the table of `NearCopies` knows."""


def fingerprint_all(texts: Sequence[str]) -> tuple[Ints, Values]:
    """Which texts have `MIN_WORDS` words at least, and the fingerprints of these; the same alone and among others."""
    places, values = [np.zeros(0, np.int64)], [np.zeros((0, VALUES), np.uint32)]
    first = 0
    for group in groups_of(texts):
        words = read_words(group)
        enough = np.diff(words.first) >= MIN_WORDS
        sketches = sketch_values(shingle_all(words, WORDS), VALUES)
        places.append(first + np.flatnonzero(enough))
        # The upper bits of a value tell little: in which round it was found, or at which place it stands.
        values.append(sketches[enough].astype(np.uint32))
        first += len(group)
    return np.concatenate(places), np.concatenate(values)


def to_bytes(values: Values) -> list[bytes]:
    """Each fingerprint as `FINGERPRINT_BYTES` bytes, its values in order, the lowest byte of each first."""
    return [row.tobytes() for row in values.astype("<u4")]


def from_bytes(prints: Sequence[bytes]) -> Values:
    """Fingerprints that `to_bytes` wrote."""
    return np.frombuffer(b"".join(prints), "<u4").astype(np.uint32).reshape(len(prints), VALUES)


def similarities(some: Values, others: Values) -> npt.NDArray[np.float64]:
    """Estimated Jaccard similarity of each document to the one at the same place among the others, 0 to 1."""
    return np.asarray((some == others).mean(1), np.float64)


class NearCopies:
    """Looks among some documents for near-copies of others."""

    def __init__(self, values: Values) -> None:
        bands = band_hashes(values.astype(np.uint64), BANDS).ravel()
        order = np.argsort(bands)
        self._values = values
        self._bands: Hashes = bands[order]
        self._doc: Ints = order // BANDS
        # Most bands of what is looked for are nowhere, which a table of their first bits tells at once.
        self._there = np.zeros(1 << (64 - int(_BEHIND)), bool)
        self._there[bands >> _BEHIND] = True

    def earliest(self, listed: Values, number: Ints, known: Ints) -> Ints:
        """For each document the smallest number of what it is a near-copy of.

        Args:
            listed: What it may be a near-copy of.
            number: Number of each of these.
            known: For each document the smallest number that is known already, or `UNKNOWN`.
        """
        out = known.copy()
        bands = band_hashes(listed.astype(np.uint64), BANDS).ravel()
        start, count = np.zeros((2, len(bands)), np.int64)
        maybe = np.flatnonzero(self._there[bands >> _BEHIND])
        start[maybe] = np.searchsorted(self._bands, bands[maybe], "left")
        count[maybe] = np.searchsorted(self._bands, bands[maybe], "right") - start[maybe]
        for first, stop in _blocks(count.reshape(-1, BANDS).sum(1)):
            here = slice(first * BANDS, stop * BANDS)
            doc = self._doc[runs(start[here], count[here])]
            of = np.repeat(np.arange(first * BANDS, stop * BANDS) // BANDS, count[here])
            new = number[of] < out[doc]
            pairs = np.unique(doc[new] * len(listed) + of[new])
            doc, of = pairs // len(listed), pairs % len(listed)
            alike = similarities(self._values[doc], listed[of]) >= THRESHOLD
            np.minimum.at(out, doc[alike], number[of[alike]])
        return out


def _blocks(pairs: Ints) -> Iterator[tuple[int, int]]:
    """Ranges of what is looked for that have about `_PAIRS_AT_ONCE` candidates together; what has none is left out."""
    some = np.flatnonzero(pairs)
    total = np.cumsum(pairs[some])
    at = 0
    while at < len(some):
        before = total[at] - pairs[some[at]]
        stop = max(at + 1, int(np.searchsorted(total, before + _PAIRS_AT_ONCE, "right")))
        yield int(some[at]), int(some[stop - 1]) + 1
        at = stop
