"""How well near-duplicates are found, beside a comparison of all pairs: `python -m benchmarks.near_duplicates`.

Families of edited copies, pages that share boilerplate, entries of lists or a template, and texts that share nothing.
Then microseconds of CPU time a document.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.near_families import documents
from benchmarks.texts import pages
from benchmarks.timing import cpu_seconds
from corpus.clean.quality.words import Words, read_batch
from corpus.dedup.components import Components, stars
from corpus.dedup.sketch import Shingles, found_share, shingle_all, sketch_all, thin
from corpus.dedup.verify import cluster, similarity
from corpus.recipe import Near

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bands = npt.NDArray[np.uint64]

NEAR = Near()
SETTINGS = ((NEAR.bands, NEAR.rows), (16, 8), (20, 6))
BATCH_CHARS = 200_000
RUNS = 40
SIMILARITIES = (0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)


def main() -> None:
    """Print what is found, then times."""
    made = list(documents(random.Random(11)))
    words = list(_words([document.text for document in made]))
    count = np.concatenate([np.diff(batch.first) for batch in words])
    shingles = join([shingle_all(batch, NEAR.words) for batch in words])
    takes_part = count >= NEAR.min_words
    truth = all_pairs(words, takes_part)
    families = np.array([document.family for document in made])
    true = truth.similarity >= NEAR.threshold
    graph = _connected(truth.one[true], truth.other[true], len(made))
    print(
        f"{len(made):,} documents, {takes_part.sum():,} of {NEAR.min_words} words or more; {true.sum():,} pairs of "
        f"similarity {NEAR.threshold} or more in {len(np.unique(graph[_together(graph)])):,} clusters"
    )
    for bands, rows in SETTINGS:
        _quality(shingles, takes_part, truth, graph, families, bands, rows)
    _times(shingles, takes_part)


def _words(texts: Sequence[str]) -> Iterator[Words]:
    """Words in batches such as cleaning makes."""
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if sum(map(len, batch)) >= BATCH_CHARS:
            yield read_batch(batch).words
            batch = []
    yield read_batch(batch).words


def join(batches: Sequence[Shingles]) -> Shingles:
    """One after another."""
    count = np.concatenate([np.diff(batch.first) for batch in batches])
    return Shingles(np.concatenate([batch.hashes for batch in batches]), np.append(0, np.cumsum(count)))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of documents, the one before the other."""

    one: Ints
    other: Ints
    similarity: Floats


def all_pairs(batches: Sequence[Words], takes_part: npt.NDArray[np.bool_]) -> Pairs:
    """All pairs that share a row of words, by an index of all rows; uses words, but nothing of what is measured."""
    numbers: dict[tuple[int, ...], int] = {}
    listed: list[list[int]] = []
    for batch in batches:
        for start, end in zip(batch.first[:-1].tolist(), batch.first[1:].tolist(), strict=True):
            hashes = batch.hashes[start:end].tolist() if takes_part[len(listed)] else []
            rows = set(zip(*(hashes[step:] for step in range(NEAR.words)), strict=False))
            listed.append([numbers.setdefault(row, len(numbers)) for row in rows])
    docs = len(listed)
    count = np.array([len(rows) for rows in listed])
    shared = np.zeros(docs * docs, np.int32)
    for one, other in _same(np.concatenate([np.array(rows, np.uint64) for rows in listed]), _repeat(count)):
        shared += np.bincount(one * docs + other, minlength=docs * docs).astype(np.int32)
    pair = np.flatnonzero(shared)
    one, other = np.divmod(pair, docs)
    return Pairs(one, other, shared[pair] / (count[one] + count[other] - shared[pair]))


def _repeat(count: Ints) -> Ints:
    """The number of each document, so many times."""
    return np.repeat(np.arange(len(count)), count)


def _same(values: Bands, doc: Ints) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of documents with the same value, the one before the other, in a few large pieces."""
    order = np.lexsort((doc, values))
    values, doc = values[order], doc[order]
    ones, others, held = [], [], 0
    at = np.arange(len(values))
    distance = 0
    while len(at):
        distance += 1
        at = at[at + distance < len(values)]
        at = at[values[at] == values[at + distance]]
        ones.append(doc[at])
        others.append(doc[at + distance])
        held += len(at)
        if held > 5_000_000 or not len(at):
            yield np.concatenate(ones), np.concatenate(others)
            ones, others, held = [], [], 0


def _connected(one: Ints, other: Ints, docs: int) -> Ints:
    """The first document that each hangs together with."""
    found = np.arange(docs)
    while True:
        least = np.minimum(found[one], found[other])
        before = found.copy()
        np.minimum.at(found, one, least)
        np.minimum.at(found, other, least)
        if np.array_equal(before, found):
            return found


def _together(found: Ints) -> npt.NDArray[np.bool_]:
    """Which documents are in a cluster with others."""
    return np.bincount(found, minlength=len(found))[found] > 1


def _codes(found: Ints) -> Ints:
    """All pairs of documents in the same cluster, as one number each."""
    together = np.flatnonzero(_together(found))
    pairs = [one * len(found) + other for one, other in _same(found[together].astype(np.uint64), together)]
    return np.concatenate(pairs) if pairs else together


@dataclass(frozen=True, slots=True)
class Candidates:
    """Documents that share a band with another one."""

    docs: Ints
    component: Ints
    bands: Bands


def candidates(bands: Bands, docs: Ints, count: int) -> Candidates:
    """By component, which ascend.

    Args:
        bands: Of the documents that take part.
        docs: Their numbers.
        count: Number of all documents.
    """
    components = Components(count)
    for band in range(bands.shape[1]):
        for one, other, hashes in stars([(bands[:, band], docs)]):
            components.add(one, other, hashes)
    members, names = components.members()
    order = np.lexsort((members, names))
    _, component = np.unique(names[order], return_inverse=True)
    return Candidates(members[order], component, bands[np.searchsorted(docs, members[order])])


def clusters(found: Candidates, shingles: Shingles, count: int) -> Ints:
    """The first document of the cluster of each of so many."""
    of = cluster(found.component, found.bands, pick(shingles, found.docs), NEAR.threshold)
    result = np.arange(count)
    result[found.docs] = found.docs[of]
    return result


def pick(shingles: Shingles, docs: Ints) -> Shingles:
    """Shingles of some documents, to compare them by."""
    hashes = [shingles.of(doc) for doc in docs.tolist()]
    first = np.cumsum([0, *map(len, hashes)]).astype(np.int64)
    return thin(Shingles(np.concatenate([shingles.hashes[:0], *hashes]), first))


def _quality(
    shingles: Shingles,
    takes_part: npt.NDArray[np.bool_],
    truth: Pairs,
    graph: Ints,
    families: Ints,
    bands: int,
    rows: int,
) -> None:
    docs = np.flatnonzero(takes_part)
    sketches = sketch_all(shingles, bands, rows)[docs]
    count = len(families)
    shared = [one * count + other for band in sketches.T for one, other in _same(band, docs)]
    near = np.unique(np.concatenate(shared))
    codes = truth.one * count + truth.other
    is_found = np.isin(codes, near)
    true = truth.similarity >= NEAR.threshold
    one, other = np.divmod(near, count)
    edges = near[similarity(thin(shingles), one, other) >= NEAR.threshold]
    print(f"\n{bands} bands of {rows} rows: {len(near):,} candidates, {len(near) / true.sum():.2f} for each true pair")
    print(f"  pairs          {_scores(edges, codes[true])}")
    print("  similarity     " + "".join(f"{low:>7.2f}" for low in SIMILARITIES))
    parts: list[tuple[str, str, str]] = []
    for low, high in zip(SIMILARITIES, [*SIMILARITIES[1:], 2.0], strict=True):
        within = (truth.similarity >= low) & (truth.similarity < high)
        theory = np.array([found_share(value, bands, rows) for value in truth.similarity[within].tolist()])
        shares = (is_found[within].mean(), theory.mean()) if within.any() else (np.nan, np.nan)
        parts.append((f"{within.sum():>7,}", f"{shares[0]:>7.3f}", f"{shares[1]:>7.3f}"))
    for label, cells in zip(("pairs", "found", "theory"), zip(*parts, strict=True), strict=True):
        print(f"    {label:<13}" + "".join(cells))
    result = clusters(candidates(sketches, docs, count), shingles, count)
    merged = _codes(result)
    kept = np.unique(graph[result == np.arange(count)])
    one, other = np.divmod(merged, count)
    unrelated = np.count_nonzero((families[one] != families[other]) & (graph[one] != graph[other]))
    print(f"  merged pairs   {_scores(merged, _codes(graph))}")
    print(f"  clusters lost whole {len(np.unique(graph)) - len(kept)}, unrelated documents merged {unrelated}")


def _scores(found: Ints, true: Ints) -> str:
    right = len(np.intersect1d(found, true))
    return f"precision {right / len(found):.4f} recall {right / len(true):.4f}"


def _times(shingles: Shingles, takes_part: npt.NDArray[np.bool_]) -> None:
    texts: list[str] = []
    for page in pages(10):
        texts.append(page["text"])
        if sum(map(len, texts)) >= BATCH_CHARS:
            break
    words = read_batch(texts).words
    own = shingle_all(words, NEAR.words)
    short = Words(words.hashes, np.append(np.arange(0, len(words.hashes), NEAR.min_words), len(words.hashes)))
    own_short = shingle_all(short, NEAR.words)
    docs = np.flatnonzero(takes_part)
    found = candidates(sketch_all(shingles, NEAR.bands, NEAR.rows)[docs], docs, len(takes_part))
    compared = pick(shingles, found.docs)
    first = cluster(found.component, found.bands, compared, NEAR.threshold)
    goes = np.flatnonzero(first != np.arange(len(first)))
    seconds = cpu_seconds(
        lambda: shingle_all(words, NEAR.words),
        lambda: sketch_all(own, NEAR.bands, NEAR.rows),
        lambda: shingle_all(short, NEAR.words),
        lambda: sketch_all(own_short, NEAR.bands, NEAR.rows),
        lambda: cluster(found.component, found.bands, compared, NEAR.threshold),
        lambda: similarity(compared, first[goes], goes),
        runs=RUNS,
    )
    size = sum(len(text.encode()) for text in texts) / len(texts)
    print(
        f"\nµs of CPU time a document: {size:,.0f} bytes and {len(words.hashes) / len(texts):,.0f} words, or 20 words"
    )
    for label, spent, of in (
        ("shingles", seconds[0], len(texts)),
        ("sketch", seconds[1], len(texts)),
        ("shingles of 20 words", seconds[2], len(short.first) - 1),
        ("sketch of 20 words", seconds[3], len(short.first) - 1),
        (f"verifying {len(found.docs):,} candidates of the above", seconds[4], len(found.docs)),
        ("similarity of a copy to the one that stays", seconds[5], len(goes)),
    ):
        print(f"  {spent / of * 1e6:6.1f}  {label}")


if __name__ == "__main__":
    main()
