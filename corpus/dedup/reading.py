"""Texts of any length as hashed words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from corpus.clean.quality.words import Words, read_batch, word_hashes_of

GROUP_CHARS = 200_000
"""Texts are taken apart together up to so many characters; a longer one goes alone, in pieces."""


def read_words(texts: Sequence[str]) -> Words:
    """The words of texts, as `read_batch` gives them, in memory that a long text does not raise much."""
    groups = [
        Words(hashes := word_hashes_of(group[0]), np.array([0, len(hashes)]))
        if len(group[0]) > GROUP_CHARS
        else read_batch(group).words
        for group in _groups(texts)
    ]
    sizes = [np.diff(words.first) for words in groups]
    hashes = [words.hashes for words in groups]
    return Words(
        np.concatenate([np.zeros(0, np.uint64), *hashes]),
        np.concatenate(([0], np.cumsum(np.concatenate([[], *sizes])))).astype(np.int64),
    )


def _groups(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    first = size = 0
    for row, text in enumerate(texts):
        if row > first and size + len(text) > GROUP_CHARS:
            yield texts[first:row]
            first, size = row, 0
        size += len(text)
    if first < len(texts):
        yield texts[first:]
