"""The key that texts are compared by: what two copies of an article share, whoever printed them."""

from __future__ import annotations

from dataclasses import dataclass

import xxhash

from corpus.clean.vietnamese import tone_key


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing needs to know of a text."""

    content_hash: str
    """XXH3-128 of the comparison key, 32 hex digits."""
    n_words: int
    """Runs of characters that are no white space."""


def compare(text: str) -> Compared:
    """Hash a text by its comparison key and count its words, which takes one pass."""
    words = text.casefold().split()
    return Compared(xxhash.xxh3_128_hexdigest(_key(words).encode()), len(words))


def comparison_key(text: str) -> str:
    """The text as duplicates are compared: case, white space and the place of Vietnamese tone marks folded."""
    return _key(text.casefold().split())


def _key(words: list[str]) -> str:
    return tone_key(" ".join(words))
