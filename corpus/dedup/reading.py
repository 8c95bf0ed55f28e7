"""Texts of any length as hashed words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from corpus.clean.quality.words import Words, read_batch, word_hashes_of

GROUP_CHARS = 200_000
"""Texts are taken apart together up to so many characters; a longer one goes alone, in pieces."""


def read_words(texts: Sequence[str]) -> Words:
    """The words of texts, as `read_batch` gives them, in memory that a long text does not raise much."""
    hashes, sizes = [np.zeros(0, np.uint64)], [np.zeros(1, np.int64)]
    for group in groups_of(texts):
        if len(group[0]) > GROUP_CHARS:
            hashes.append(word_hashes_of(group[0]))
            sizes.append(np.array([len(hashes[-1])]))
        else:
            words = read_batch(group).words
            hashes.append(words.hashes)
            sizes.append(np.diff(words.first))
    return Words(np.concatenate(hashes), np.cumsum(np.concatenate(sizes)))


def groups_of(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Texts in their order, as many together as have about `GROUP_CHARS` characters."""
    first = size = 0
    for row, text in enumerate(texts):
        if row > first and size + len(text) > GROUP_CHARS:
            yield texts[first:row]
            first, size = row, 0
        size += len(text)
    if first < len(texts):
        yield texts[first:]
