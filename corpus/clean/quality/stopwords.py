"""Function words by language: prose is full of them, lists and spam are not.

The tables stand in `data/stopwords.tsv`, a line a language: its BCP-47 tag, then words parted by spaces. They were
written for this package. Chinese and Japanese have single characters, as those are their words here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from corpus.clean.quality.words import Hashes, Ints, Words, per, read_batch

_SLOT_BITS = 12
_SHIFT = np.uint64(64 - _SLOT_BITS)


@dataclass(frozen=True, slots=True)
class _Table:
    """A hash table without collisions: a word is in it if its slot holds it."""

    salt: np.uint64
    slots: Hashes
    number: npt.NDArray[np.uint8]
    """Number of the word in each slot."""


@cache
def stop_words() -> dict[str, tuple[str, ...]]:
    """The words by language."""
    text = (resources.files(__package__) / "data" / "stopwords.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {tag: tuple(words.split()) for tag, words in rows}


def primary(language: str) -> str:
    """The language of a BCP-47 tag without script and region: `zh` of `zh-Hans`."""
    return language.partition("-")[0].lower()


def count_stop_words(words: Words, languages: Sequence[str]) -> tuple[Ints, Ints]:
    """Stop words by document, and different ones among them; none for a language without a table."""
    total, distinct = np.zeros(len(languages), np.int64), np.zeros(len(languages), np.int64)
    tags = [primary(language) for language in languages]
    for tag in set(tags) & stop_words().keys():
        docs = np.array([row for row, other in enumerate(tags) if other == tag])
        hashes, first = _of(words, docs)
        table = _table(tag)
        slot = ((hashes * table.salt) >> _SHIFT).astype(np.int64)
        hits = table.slots.take(slot) == hashes
        total[docs] = per(first, hits)
        at = np.flatnonzero(hits)
        seen = np.zeros((len(docs), len(stop_words()[tag])), bool)
        seen[np.searchsorted(first, at, side="right") - 1, table.number.take(slot[at])] = True
        distinct[docs] = seen.sum(axis=1)
    return total, distinct


def _of(words: Words, docs: Ints) -> tuple[Hashes, Ints]:
    """The words of some documents, and where each begins."""
    if len(docs) == len(words.first) - 1:
        return words.hashes, words.first
    sizes = np.diff(words.first)[docs]
    first = np.concatenate(([0], np.cumsum(sizes)))
    at = np.arange(first[-1]) + np.repeat(words.first[docs] - first[:-1], sizes)
    return words.hashes[at], first


@cache
def _table(tag: str) -> _Table:
    """Try salts until no two words share a slot."""
    hashes = word_hashes(stop_words()[tag])
    for salt in np.arange(1, 1 << 20, 2, dtype=np.uint64):
        slot = ((hashes * salt) >> _SHIFT).astype(np.int64)
        if len(np.unique(slot)) == len(slot):
            break
    slots = np.zeros(1 << _SLOT_BITS, np.uint64)
    number = np.zeros(1 << _SLOT_BITS, np.uint8)
    slots[slot] = hashes
    number[slot] = np.arange(len(slot))
    return _Table(salt, slots, number)


def word_hashes(words: Sequence[str]) -> Hashes:
    """Hash of each word, in order."""
    return read_batch([" ".join(words)]).words.hashes
