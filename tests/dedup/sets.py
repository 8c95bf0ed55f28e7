"""Documents made of numbers, each of which stands for a word or a shingle."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from corpus.clean.characters import mix
from corpus.clean.quality.words import Words
from corpus.dedup.sketch import Shingles


def shingles(sets: Sequence[Collection[int]]) -> Shingles:
    """Documents that have these shingles."""
    hashed = [np.sort(mix(np.array(sorted(set(numbers)), np.uint64))) for numbers in sets]
    return Shingles(np.concatenate([np.zeros(0, np.uint64), *hashed]), edges(hashed))


def words(documents: Sequence[Sequence[int]]) -> Words:
    """Documents that consist of these words."""
    hashed = [mix(np.array(numbers, np.uint64) + np.uint64(1)) for numbers in documents]
    return Words(np.concatenate([np.zeros(0, np.uint64), *hashed]), edges(hashed))


def edges(documents: Sequence[Collection[object]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Where each begins, and behind them where they end."""
    return np.cumsum([0, *map(len, documents)]).astype(np.int64)


def jaccard(one: Collection[int], other: Collection[int]) -> float:
    """Share of what is in both among what is in either."""
    both, either = set(one) & set(other), set(one) | set(other)
    return len(both) / len(either) if either else 0.0
