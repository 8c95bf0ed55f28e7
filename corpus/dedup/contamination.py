"""Evaluation data within documents: runs of words that both have, as in GPT-3, https://arxiv.org/abs/2005.14165,
appendix C.

Case, width and punctuation play no part, nor does it where the tone marks of Vietnamese stand. A run may go over line
breaks, but not from one document or item into the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus._words import counted
from corpus.clean import characters as ch
from corpus.clean.quality.lines import Lines, read_lines
from corpus.clean.quality.words import Batch, Flags, Hashes, Ints, Words, read_batch
from corpus.clean.vietnamese import tone_key
from corpus.dedup.reading import groups_of

RULE = "contaminated_v1"
"""Stands in audits for lines that hold evaluation data."""
COMMON_LINES = 10
"""An n-gram in more different lines of a benchmark is a phrase of its field or of its template."""
COMMON_SHARE = 0.25
"""One in a larger share of the items of a benchmark is its instruction."""
COMMON_SHARE_ITEMS = 20
"""In a benchmark of fewer items a share says nothing."""

GRAMS_SCHEMA = pa.schema(
    [
        pa.field("hash", pa.uint64(), nullable=False),
        pa.field("benchmark", pa.int32(), nullable=False),
        pa.field("item", pa.int32(), nullable=False),
    ]
)
"""Every n-gram with each benchmark and item that it stands in, both counted from 0; sorted by all three."""

_STEP = np.uint64(0xD6E8FEB86659FD93)
_MIN_SLOT_BITS, _MAX_SLOT_BITS = 10, 27
_SPARSITY_BITS = 4

_One = TypeVar("_One", bound=np.generic)
_Other = TypeVar("_Other", bound=np.generic)


def read_words(texts: Sequence[str]) -> Batch:
    """Documents or items as words to compare; offsets are those of the texts themselves."""
    joined = tone_key("\n".join(texts))
    ends = np.cumsum([len(text) + 1 for text in texts]).tolist()
    return read_batch([joined[end - len(text) - 1 : end - 1] for text, end in zip(texts, ends, strict=True)])


@dataclass(frozen=True, slots=True)
class Ngrams:
    """All runs of so many words, in the order of the text."""

    hashes: Hashes
    at: Ints
    """Index of the first word of each."""


def ngrams(words: Words, size: int) -> Ngrams:
    """Every run of `size` words that stands within one document, each occurrence for itself."""
    count = max(len(words.hashes) - size + 1, 0)
    hashes = words.hashes[:count].copy()
    for step in range(1, size):
        hashes *= _STEP
        hashes += words.hashes[step : step + count]
    doc = np.repeat(np.arange(len(words.first) - 1), np.diff(words.first))
    at = np.flatnonzero(doc[:count] == doc[size - 1 :][:count])
    return Ngrams(hashes[at], at)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One benchmark, and how much of it can be found in documents."""

    items: int
    too_short: int
    """Items of fewer words than an n-gram has: too little to tell them by."""
    common: int
    """Longer items whose n-grams are all common, see `read_items`."""
    hashes: Hashes
    """The n-grams that count, an entry for each item that has one, sorted by hash and item."""
    item: Ints
    """Number of that item from 0."""


def read_items(texts: Iterable[str], size: int) -> Evaluation:
    """The n-grams of one benchmark.

    What a benchmark says again and again would make documents of all kinds contaminated. An n-gram is common and does
    not count when it begins in more than `COMMON_LINES` different lines, as the words before a question do that all
    questions share, or when it stands in more than `COMMON_SHARE` of the items of a benchmark with
    `COMMON_SHARE_ITEMS` or more, as an instruction does. A passage that many questions are about is one line, however
    often it is printed.

    Args:
        texts: The items, in the form in which documents are.
        size: Words of an n-gram.
    """
    hashes, items, lines = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    count = too_short = 0
    for group in groups_of(texts):
        batch = read_words(group)
        found = ngrams(batch.words, size)
        hashes.append(found.hashes)
        items.append(count + np.searchsorted(batch.words.first, found.at, side="right") - 1)
        lines.append(_line_keys(batch)[found.at])
        too_short += int(np.count_nonzero(np.diff(batch.words.first) < size))
        count += len(group)
    every, of_item = _distinct(np.concatenate(hashes), np.concatenate(items))
    in_line, _ = _distinct(np.concatenate(hashes), np.concatenate(lines))
    n_items = np.unique(every, return_counts=True)[1]
    n_lines = np.unique(in_line, return_counts=True)[1]
    common = n_lines > COMMON_LINES
    if count >= COMMON_SHARE_ITEMS:
        common |= n_items > COMMON_SHARE * count
    counts = ~np.repeat(common, n_items)
    left = len(np.unique(of_item[counts]))
    return Evaluation(count, too_short, count - too_short - left, every[counts], of_item[counts])


def _line_keys(batch: Batch) -> Hashes:
    """For each word, a number that lines share which have the same words."""
    line = _lines_of(read_lines(batch), batch.token)
    edges = np.flatnonzero(np.diff(line, prepend=-1))
    keys = np.add.reduceat(ch.mix(batch.words.hashes), edges) if len(edges) else batch.words.hashes
    return np.repeat(keys, np.diff(edges, append=len(line)))


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """The n-grams of all benchmarks, made to be looked up."""

    size: int
    """Words of each."""
    benchmarks: tuple[str, ...]
    hashes: Hashes
    """Sorted, without repetition."""
    first: Ints
    """Index of the first entry of each n-gram in `benchmark` and `item`, and behind them the number of entries."""
    benchmark: Ints
    item: Ints
    slots: Flags
    """By the leading bits of a hash: whether an n-gram has these. Tells nearly all others apart without a search."""

    @classmethod
    def of(cls, table: pa.Table, size: int, benchmarks: Sequence[str]) -> Self:
        """Make ready a table with the columns of `GRAMS_SCHEMA`, sorted by hash."""
        hashes, first = np.unique(table["hash"].to_numpy(), return_index=True)
        bits = min(max(len(hashes).bit_length() + _SPARSITY_BITS, _MIN_SLOT_BITS), _MAX_SLOT_BITS)
        slots = np.zeros(1 << bits, bool)
        slots[_slots(hashes, len(slots))] = True
        return cls(
            size,
            tuple(benchmarks),
            hashes,
            np.append(first, len(table)),
            table["benchmark"].to_numpy().astype(np.int64),
            table["item"].to_numpy().astype(np.int64),
            slots,
        )


def grams_table(evaluations: Sequence[Evaluation]) -> pa.Table:
    """The n-grams of some benchmarks as a table with `GRAMS_SCHEMA`; benchmarks are numbered in their order."""
    hashes = np.concatenate([np.zeros(0, np.uint64), *(each.hashes for each in evaluations)])
    item = np.concatenate([np.zeros(0, np.int64), *(each.item for each in evaluations)])
    benchmark = np.repeat(np.arange(len(evaluations)), [len(each.hashes) for each in evaluations])
    # What is equal stays in its order, which is that of benchmarks and items.
    order = np.argsort(hashes, kind="stable")
    columns = [hashes[order], benchmark[order].astype(np.int32), item[order].astype(np.int32)]
    return pa.table(columns, schema=GRAMS_SCHEMA)


@dataclass(frozen=True, slots=True)
class Hits:
    """Every place of some documents where an n-gram of a benchmark stands, in the order of the text."""

    doc: Ints
    at: Ints
    """Index of the first word."""
    gram: Ints
    """Index of the n-gram in `Grams.hashes`."""


def find_hits(words: Words, grams: Grams) -> Hits:
    """Look all n-grams of some documents up; what is found in one does not depend on the others."""
    runs = ngrams(words, grams.size)
    maybe = np.flatnonzero(grams.slots.take(_slots(runs.hashes, len(grams.slots))))
    hashes = runs.hashes[maybe]
    gram = np.searchsorted(grams.hashes, hashes)
    found = np.flatnonzero(grams.hashes.take(gram, mode="clip") == hashes) if len(grams.hashes) else maybe[:0]
    at = runs.at[maybe[found]]
    return Hits(np.searchsorted(words.first, at, side="right") - 1, at, gram[found])


def _slots(hashes: Hashes, count: int) -> Ints:
    slots: Ints = (hashes >> np.uint64(65 - count.bit_length())).astype(np.int64)
    return slots


@dataclass(frozen=True, slots=True)
class Found:
    """What a document has of one benchmark."""

    doc: int
    benchmark: str
    ngrams: int
    """Different n-grams."""
    items: list[int]
    """Numbers of the items that have one of them, sorted."""

    def __str__(self) -> str:
        return f"{self.benchmark}: {counted(self.ngrams, 'n-gram')}, {counted(len(self.items), 'item')}"


def summarize(hits: Hits, grams: Grams) -> list[Found]:
    """What each document has of each benchmark, in the order of documents and benchmarks."""
    which, entry = _entries(hits.gram, grams)
    doc, gram, benchmark, item = hits.doc[which], hits.gram[which], grams.benchmark[entry], grams.item[entry]
    count = max(len(grams.benchmarks), 1)
    pairs, pair = np.unique(doc * count + benchmark, return_inverse=True)
    n_grams = np.bincount(_distinct(pair, gram)[0], minlength=len(pairs)).tolist()
    of_pair, item = _distinct(pair, item)
    ends = np.searchsorted(of_pair, np.arange(len(pairs)), side="right").tolist()
    return [
        Found(key // count, grams.benchmarks[key % count], n_grams[number], item[start:end].tolist())
        for number, (key, start, end) in enumerate(zip(pairs.tolist(), [0, *ends], ends, strict=False))
    ]


@dataclass(frozen=True, slots=True)
class HitLine:
    """A line with a word of an n-gram that was found."""

    doc: int
    index: int
    """Among the lines of the document that are not blank, from 0."""
    benchmarks: tuple[str, ...]


def hit_lines(batch: Batch, hits: Hits, grams: Grams) -> list[HitLine]:
    """The lines of documents that hold benchmarks, in their order."""
    which, entry = _entries(hits.gram, grams)
    start, benchmark = _distinct(hits.at[which], grams.benchmark[entry])
    word = start[:, None] + np.arange(grams.size)
    lines = read_lines(batch)
    line, benchmark = _distinct(_lines_of(lines, batch.token[word.ravel()]), np.repeat(benchmark, grams.size))
    found: dict[int, list[str]] = {}
    for number, name in zip(line.tolist(), benchmark.tolist(), strict=True):
        found.setdefault(number, []).append(grams.benchmarks[name])
    docs = (np.searchsorted(lines.first, list(found), side="right") - 1).tolist()
    return [
        HitLine(doc, number - int(lines.first[doc]), tuple(names))
        for doc, (number, names) in zip(docs, found.items(), strict=True)
    ]


def _lines_of(lines: Lines, token: Ints) -> Ints:
    """Number of the line that each token stands in."""
    return np.searchsorted(lines.first_token, token, side="right") - 1


def _entries(gram: Ints, grams: Grams) -> tuple[Ints, Ints]:
    """All entries of some n-grams: which of these, and index of the entry."""
    count = np.diff(grams.first)[gram]
    which = np.repeat(np.arange(len(gram)), count)
    before = np.repeat(np.cumsum(count) - count, count)
    return which, grams.first[gram][which] + np.arange(len(which)) - before


def _distinct(one: npt.NDArray[_One], other: npt.NDArray[_Other]) -> tuple[npt.NDArray[_One], npt.NDArray[_Other]]:
    """Pairs of two arrays without repetition, sorted."""
    order = np.lexsort((other, one))
    one, other = one[order], other[order]
    new = np.ones(len(one), bool)
    new[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    return one[new], other[new]
