"""Texts of any length as hashed words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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


def groups_of(texts: Iterable[str], group_chars: int = GROUP_CHARS) -> Iterator[list[str]]:
    """Texts in their order, as many together as have about so many characters; only time and memory depend on it."""
    group: list[str] = []
    size = 0
    for text in texts:
        if group and size + len(text) > group_chars:
            yield group
            group, size = [], 0
        group.append(text)
        size += len(text)
    if group:
        yield group
