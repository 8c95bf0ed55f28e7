"""How well near-duplicates are found, beside a comparison of all pairs: `python -m benchmarks.near_duplicates`.

Families of edited copies, pages that share boilerplate, entries of lists or a template, and texts that share nothing.
Then microseconds of CPU time a document.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

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


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up document."""

    text: str
    family: int
    """Documents of different families were not made from one another."""


def main() -> None:
    """Print what is found, then times."""
    made = list(documents(random.Random(11)))
    words = list(_words([document.text for document in made]))
    count = np.concatenate([np.diff(batch.first) for batch in words])
    shingles = join([shingle_all(batch, NEAR.words) for batch in words])
    takes_part = count >= NEAR.min_words
    truth = all_pairs(shingles, takes_part)
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


def documents(rng: random.Random) -> Iterator[Made]:
    """About 3,600 documents, in no order."""
    made = list(_documents(rng))
    rng.shuffle(made)
    yield from made


def _documents(rng: random.Random) -> Iterator[Made]:
    originals = (_numbered(page["text"], rng) for page in pages(100, seed=23) if page["url"])
    family = 0
    for kind in EDITS:
        for _ in range(40):
            original = next(originals)
            yield Made(original, family)
            last = original
            for copy in range(rng.randint(2, 6)):
                # Some are copies of copies.
                last = kind(last if copy % 3 == 2 else original, rng.choice(STRENGTHS), rng)
                yield Made(last, family)
            family += 1
    for _ in range(60):
        original = text = next(originals)
        for _ in range(6):
            yield Made(text, family)
            text = rng.choice(EDITS)(rng.choice((text, original)), rng.choice(STRENGTHS[:3]), rng)
        family += 1
    for text in islice(originals, 600):
        yield Made(text, family)
        family += 1
    for _ in range(8):
        entries = [_sentence(next(originals), 14, rng) for _ in range(60)]
        for _ in range(25):
            yield Made("\n".join(rng.sample(entries, rng.choice((15, 30, 45)))), family)
            family += 1
    for _ in range(6):
        template = next(originals).split()[:300]
        for _ in range(30):
            own = _sentence(next(originals), 55, rng)
            yield Made(" ".join([*template[:150], own, *template[150:]]), family)
            family += 1
    for _ in range(200):
        text = _sentence(next(originals), rng.randint(2, 60), rng)
        yield Made(text, family)
        yield Made(_change_words(text, 0.01, rng), family)
        family += 1
    for word in ("Trang", "Menu", "404", "Tin", "Ảnh"):
        for _ in range(10):
            yield Made(word, family)
            family += 1


STRENGTHS = (0.003, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3)
_AROUND = "Trang chủ Thời sự Kinh tế Thể thao Giải trí Đăng nhập Đăng ký Liên hệ quảng cáo Điều khoản sử dụng".split()


def _change_words(text: str, strength: float, rng: random.Random) -> str:
    return _map_words(text, lambda word: word[::-1] + "x" if rng.random() < strength else word)


def _change_numbers(text: str, strength: float, rng: random.Random) -> str:
    share = min(1.0, strength * 10)
    return _map_words(text, lambda word: str(rng.randint(1, 9999)) if word.isdigit() and rng.random() < share else word)


def _map_words(text: str, change: Callable[[str], str]) -> str:
    return "\n\n".join(" ".join(map(change, paragraph.split())) for paragraph in text.split("\n\n"))


def _move_paragraphs(text: str, strength: float, rng: random.Random) -> str:
    paragraphs = text.split("\n\n")
    for _ in range(max(1, round(strength * 20))):
        paragraphs.insert(rng.randrange(len(paragraphs)), paragraphs.pop(rng.randrange(len(paragraphs))))
    return "\n\n".join(paragraphs)


def _add_lead(text: str, strength: float, rng: random.Random) -> str:
    lead = text.split()[: max(3, round(len(text.split()) * strength))]
    rng.shuffle(lead)
    return " ".join(lead) + "\n\n" + text


def _cut(text: str, strength: float, rng: random.Random) -> str:
    share = min(0.5, strength * 2)
    gone = round(len(text) * share)
    return text[gone:] if rng.random() < 0.5 else text[: len(text) - gone]


def _surround(text: str, strength: float, rng: random.Random) -> str:
    size = max(4, round(len(text.split()) * strength / 2))
    return "\n\n".join([" ".join(rng.choices(_AROUND, k=size)), text, " ".join(rng.choices(_AROUND, k=size))])


def _drop_sentences(text: str, strength: float, rng: random.Random) -> str:
    return ". ".join(sentence for sentence in text.split(". ") if rng.random() >= strength)


EDITS = (_change_words, _change_numbers, _move_paragraphs, _add_lead, _cut, _surround, _drop_sentences)


def _numbered(text: str, rng: random.Random) -> str:
    """Let a few words be numbers."""
    return _map_words(text, lambda word: str(rng.randint(1, 9999)) if rng.random() < 0.02 else word)


def _sentence(text: str, words: int, rng: random.Random) -> str:
    """So many words of a text."""
    split = text.split()
    start = rng.randrange(max(1, len(split) - words))
    return " ".join(split[start : start + words])


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


def all_pairs(shingles: Shingles, takes_part: npt.NDArray[np.bool_]) -> Pairs:
    """All pairs that share a shingle, by an index of all shingles; nothing of what is measured is used."""
    count = np.diff(shingles.first)
    docs = len(count)
    doc = np.repeat(np.arange(docs), count)
    kept = takes_part[doc]
    hashes, doc = shingles.hashes[kept], doc[kept]
    shared = np.zeros(docs * docs, np.int32)
    for one, other in _same(hashes, doc):
        # No pair comes twice at one distance.
        shared += np.bincount(one * docs + other, minlength=0 or docs * docs).astype(np.int32)
    pair = np.flatnonzero(shared)
    one, other = np.divmod(pair, docs)
    return Pairs(one, other, shared[pair] / (count[one] + count[other] - shared[pair]))


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
    for label, spent, documents in (
        ("shingles", seconds[0], len(texts)),
        ("sketch", seconds[1], len(texts)),
        ("shingles of 20 words", seconds[2], len(short.first) - 1),
        ("sketch of 20 words", seconds[3], len(short.first) - 1),
        (f"verifying {len(found.docs):,} candidates of the above", seconds[4], len(found.docs)),
        ("similarity of a copy to the one that stays", seconds[5], len(goes)),
    ):
        print(f"  {spent / documents * 1e6:6.1f}  {label}")


if __name__ == "__main__":
    main()
