"""What near-duplicates are compared by: the set of word n-grams (shingles) of a document, and a sketch of that set.

Two sets share a value of their sketches with a probability that is their Jaccard similarity. Sketches are made by
"Fast Similarity Sketching" (Dahlgaard, Knudsen and Thorup, FOCS 2017, https://arxiv.org/abs/1704.04370): each round
throws all shingles into the bins of the sketch, and a bin keeps the smallest of the first round that reaches it. One
round is enough for a long document; a short one gets as many as it takes, so that its estimates are as theory says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean import characters as ch
from corpus.clean.quality.words import Hashes, Ints, Words

MAX_COMPARED = 4096
"""So many shingles of a document are compared at most."""

_STEP = np.uint64(0xD1342543DE82EF95)
_ROUND = np.uint64(0x9E3779B97F4A7C15)
_BAND = np.uint64(0xDA942042E4DD58B5)
_BLOCK = 1 << 15
# A value is its round, then a fraction: 64 bands of 64 rows take 8,192 rounds.
_FRACTION_BITS = np.uint64(51)
_FRACTION = np.uint64((1 << 51) - 1)
_EMPTY = np.uint64((1 << 64) - 1)


@dataclass(frozen=True, slots=True)
class Shingles:
    """The distinct word n-grams of some documents, one after another."""

    hashes: Hashes
    """64 bits of each, evenly spread; within a document they ascend."""
    first: Ints
    """Index of the first shingle of each document, and behind them the number of shingles."""

    def of(self, document: int) -> Hashes:
        """Those of one document."""
        return self.hashes[self.first[document] : self.first[document + 1]]


def shingle_all(words: Words, size: int) -> Shingles:
    """Hash every run of words, in their order, within each document.

    Args:
        words: The words of some documents.
        size: Words of a run. A shorter document has one shingle, all its words; one without words has none.
    """
    count = np.diff(words.first)
    hashes = np.zeros(len(words.hashes), np.uint64)
    behind = len(hashes) - size + 1
    if behind > 0:
        hashes[:behind] = words.hashes[:behind]
        for step in range(1, size):
            hashes[:behind] *= _STEP
            hashes[:behind] += words.hashes[step : behind + step]
    kept = np.ones(len(hashes), bool)
    for step in range(1, size):
        kept[words.first[1:][count >= step] - step] = False
    for length in range(1, size):
        start = words.first[:-1][count == length]
        total = words.hashes[start]
        for step in range(1, length):
            total = total * _STEP + words.hashes[start + step]
        hashes[start] = total
        kept[start] = True
    hashes = hashes[kept]
    for at in range(0, len(hashes), _BLOCK):
        hashes[at : at + _BLOCK] = ch.mix(hashes[at : at + _BLOCK])
    first = _edges(np.where(count < size, np.minimum(count, 1), count - size + 1))
    for start, end in zip(first[:-1].tolist(), first[1:].tolist(), strict=True):
        hashes[start:end].sort()
    return _distinct(hashes, first)


def _distinct(hashes: Hashes, first: Ints) -> Shingles:
    """Leave one of each hash of a document."""
    new = np.ones(len(hashes), bool)
    np.not_equal(hashes[1:], hashes[:-1], out=new[1:])
    new[first[:-1][first[:-1] < first[1:]]] = True
    if new.all():
        return Shingles(hashes, first)
    running = np.zeros(len(hashes) + 1, np.int64)
    np.cumsum(new, out=running[1:])
    return Shingles(hashes[new], running[first])


def thin(shingles: Shingles) -> Shingles:
    """A sample of the shingles of long documents, to compare them by; shorter ones keep theirs.

    Of a document with more than `MAX_COMPARED` stay the hashes below 2^64/2^j, with the smallest j that leaves no more
    than that ("FracMinHash", Irber and others 2022, https://doi.org/10.1101/2022.01.11.475838). About half of
    `MAX_COMPARED` or more are left, so the similarity of two long documents errs by 0.01 (standard deviation) at most.
    Sketches are made of all shingles, before.
    """
    count = np.diff(shingles.first)
    for document in np.flatnonzero(count > MAX_COMPARED).tolist():
        hashes = shingles.of(document)
        # The hash that must go tells the level: leading zeros it may not have.
        level = 65 - int(hashes[MAX_COMPARED]).bit_length()
        count[document] = hashes.searchsorted(np.uint64(1 << (64 - level)))
    if count.sum() == len(shingles.hashes):
        return shingles
    return Shingles(shingles.hashes[runs(shingles.first[:-1], count)], _edges(count))


def levels(shingles: Shingles) -> Ints:
    """The j of each document that went through `thin`.

    A thinned document has far more than a quarter of `MAX_COMPARED` hashes left, and among so many the largest has no
    leading zero but those that thinning forces on it.
    """
    level = np.zeros(len(shingles.first) - 1, np.int64)
    for document in np.flatnonzero(np.diff(shingles.first) > MAX_COMPARED // 4).tolist():
        level[document] = 64 - int(shingles.of(document)[-1]).bit_length()
    return level


def first_values(shingles: Shingles) -> Hashes:
    """One MinHash value of each document, its smallest shingle: copies share it as often as they are similar.

    Documents without shingles have 0, which means nothing; leave them out where `np.diff(shingles.first) == 0`.
    """
    values = np.zeros(len(shingles.first) - 1, np.uint64)
    some = np.diff(shingles.first) > 0
    values[some] = shingles.hashes[shingles.first[:-1][some]]
    return values


def sketch_all(shingles: Shingles, bands: int, rows: int) -> npt.NDArray[np.uint64]:
    """One hash for each band of each document, shape (documents, bands); the same alone and in any batch.

    Two documents are candidates if a hash of theirs in the same band is the same, `found_share` says how often.
    Documents without shingles have zeros, which mean nothing; leave them out where `np.diff(shingles.first) == 0`.

    Args:
        shingles: All shingles, not thinned.
        bands: Number of bands.
        rows: Values of the sketch in each band; `bands * rows` is 4,096 at most.
    """
    hashes = band_hashes(sketch_values(shingles, bands * rows), bands)
    hashes[np.diff(shingles.first) == 0] = 0
    return hashes


def band_hashes(values: npt.NDArray[np.uint64], bands: int) -> npt.NDArray[np.uint64]:
    """One hash for each band of sketches, shape (documents, bands); none is that of another band."""
    parts = values.reshape(len(values), bands, values.shape[1] // bands)
    hashes = np.tile(np.arange(1, bands + 1, dtype=np.uint64) * _BAND, (len(values), 1))
    for row in range(parts.shape[2]):
        hashes *= _STEP
        hashes += parts[:, :, row]
    return ch.mix(hashes)


def found_share(similarity: float, bands: int, rows: int) -> float:
    """Probability that two documents of that similarity share a band or more."""
    return 1 - (1 - similarity**rows) ** bands


def sketch_values(shingles: Shingles, size: int) -> npt.NDArray[np.uint64]:
    """The sketches themselves, shape (documents, size): equal values in the same place, out of all places, estimate the
    similarity of two documents without bias."""
    values = _first_round(shingles, size)
    count = np.diff(shingles.first)
    todo = np.flatnonzero((values == _EMPTY).any(1) & (count > 0))
    done = 1
    while len(todo) and done < size:
        flat = shingles.hashes[runs(shingles.first[:-1][todo], count[todo])]
        slots = np.repeat(np.arange(len(todo)) * size, count[todo])
        more = min(done, max(1, _BLOCK // len(flat)), size - done)
        bins = values[todo]
        _throw(bins.reshape(-1), flat, slots, np.arange(done, done + more, dtype=np.uint64), size)
        values[todo] = bins
        todo = todo[(bins == _EMPTY).any(1)]
        done += more
    _last_rounds(values, todo, shingles)
    return values


def _first_round(shingles: Shingles, size: int) -> npt.NDArray[np.uint64]:
    """A bin takes in a part of the number range; so each is a run of shingles, and the first of them the smallest."""
    edges = np.array([-(-(place << 64) // size) for place in range(size)], np.uint64)
    docs = len(shingles.first) - 1
    start = np.empty((docs, size), np.int64)
    for document in range(docs):
        start[document] = shingles.of(document).searchsorted(edges)
    start += shingles.first[:-1, None]
    end = np.hstack([start[:, 1:], shingles.first[1:, None]])
    values = np.full((docs, size), _EMPTY)
    filled = start < end
    values[filled] = shingles.hashes[start[filled]] >> (np.uint64(64) - _FRACTION_BITS)
    return values


def _throw(
    values: npt.NDArray[np.uint64], hashes: Hashes, slots: Ints, rounds: npt.NDArray[np.uint64], size: int
) -> None:
    """Let bins keep the smallest of what falls into them in some rounds.

    Args:
        values: The bins of some documents, one after another.
        hashes: Their shingles.
        slots: Where the bins of its document begin, for each shingle.
        rounds: Numbers of the rounds.
        size: Bins of a document.
    """
    mixed = ch.mix(hashes + rounds[:, None] * _ROUND)
    bins = ((mixed >> np.uint64(32)) * np.uint64(size) >> np.uint64(32)).view(np.int64)
    bins += slots
    mixed &= _FRACTION
    mixed |= rounds[:, None] << _FRACTION_BITS
    at, value = bins.ravel(), mixed.ravel()
    while len(at):
        # Of several in one bin any one stays; those that are smaller still try again.
        smaller = value < values.take(at)
        at, value = at[smaller], value[smaller]
        values[at] = value


def _last_rounds(values: npt.NDArray[np.uint64], todo: Ints, shingles: Shingles) -> None:
    """Fill what is empty after as many rounds as there are bins: each bin has a round of its own, for all shingles."""
    size = values.shape[1]
    row, place = np.nonzero(values[todo] == _EMPTY)
    if not len(row):
        return
    document = todo[row]
    count = np.diff(shingles.first)[document]
    rounds: Hashes = np.repeat((place + size).astype(np.uint64), count)
    mixed = ch.mix(shingles.hashes[runs(shingles.first[document], count)] + rounds * _ROUND)
    mixed &= _FRACTION
    mixed |= rounds << _FRACTION_BITS
    values[document, place] = np.minimum.reduceat(mixed, _edges(count)[:-1])


def runs(start: Ints, count: Ints) -> Ints:
    """The numbers of some runs of successive numbers, one run after another."""
    return np.arange(count.sum()) + np.repeat(start - _edges(count)[:-1], count)


def _edges(count: Ints) -> Ints:
    """Where each of so many begins, and behind them all where they end."""
    edges = np.zeros(len(count) + 1, np.int64)
    np.cumsum(count, out=edges[1:])
    return edges
