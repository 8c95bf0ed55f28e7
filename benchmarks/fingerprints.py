"""What fingerprints of withdrawn documents find, and what they cost: `python -m benchmarks.fingerprints`.

Of the made-up families of `benchmarks.near_families` every fifth document is withdrawn, and the others are looked
through. Found is held against the exact Jaccard similarity to the nearest withdrawn document.
"""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from benchmarks.near_families import documents
from benchmarks.timing import cpu_seconds
from corpus.dedup import fingerprint
from corpus.dedup.buckets import Floats, Ints
from corpus.dedup.fingerprint import UNKNOWN, NearCopies, fingerprint_all
from corpus.dedup.reading import read_words
from corpus.dedup.sketch import shingle_all
from corpus.dedup.verify import similarity

THRESHOLDS = (0.65, 0.7, 0.75, 0.8, 0.85)
STEPS = (0.0, 0.4, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 1.01)


def main() -> None:
    """Print shares found by similarity, for several thresholds, then the cost."""
    texts = [made.text for made in documents(random.Random(5))]
    places, values = fingerprint_all(texts)
    texts = [texts[place] for place in places]
    listed = np.arange(0, len(texts), 5)
    others = np.setdiff1d(np.arange(len(texts)), listed)
    exact = _nearest(texts, others, listed)
    print(f"{len(others):,} documents, {len(listed):,} withdrawn")
    print("similarity       documents" + "".join(f"{threshold:>8}" for threshold in THRESHOLDS))
    found = {threshold: _found(values[others], values[listed], threshold) for threshold in THRESHOLDS}
    for low, high in pairwise(STEPS):
        here = (exact >= low) & (exact < high)
        shares = "".join(f"{found[threshold][here].mean():>8.1%}" for threshold in THRESHOLDS)
        print(f"{low:.2f} to {min(high, 1):.2f} {here.sum():>13,}{shares}")
    print(f"of what 0.75 finds, as similar as 0.7 or more: {(exact[found[0.75]] >= 0.7).mean():.1%}")
    many = np.random.default_rng(1).integers(0, 2**32, (100_000, values.shape[1]), np.uint32)
    number = np.arange(len(listed))
    known = np.full(len(many), UNKNOWN)
    making, seeking = cpu_seconds(
        lambda: fingerprint_all(texts),
        lambda: NearCopies(many).earliest(values[listed], number, known),
        runs=3,
    )
    size = sum(len(text.encode()) for text in texts)
    print(f"made at {size / 1e6 / making:.1f} MB/s; {len(listed):,} looked for in 100,000 in {seeking:.2f} s")


def _found(values: fingerprint.Values, listed: fingerprint.Values, threshold: float) -> npt.NDArray[np.bool_]:
    fingerprint.THRESHOLD = threshold
    known = np.full(len(values), UNKNOWN)
    found: npt.NDArray[np.bool_] = NearCopies(values).earliest(listed, np.arange(len(listed)), known) != UNKNOWN
    return found


def _nearest(texts: list[str], others: Ints, listed: Ints) -> Floats:
    """Exact similarity of each to the nearest one that is listed."""
    shingles = shingle_all(read_words(texts), fingerprint.WORDS)
    best = np.zeros(len(others))
    for one in listed.tolist():
        best = np.maximum(best, similarity(shingles, others, np.full(len(others), one)))
    return best


if __name__ == "__main__":
    main()
