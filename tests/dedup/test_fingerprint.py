"""Fingerprints: what they find of a document whose text has gone."""

from __future__ import annotations

import hashlib
import random

import numpy as np
import pytest

from corpus.dedup.fingerprint import (
    FINGERPRINT_BYTES,
    MIN_WORDS,
    UNKNOWN,
    NearCopies,
    Values,
    fingerprint_all,
    from_bytes,
    similarities,
    to_bytes,
)
from corpus.dedup.reading import read_words
from corpus.dedup.sketch import shingle_all
from tests.support import edited, story


def prints(texts: list[str]) -> Values:
    places, values = fingerprint_all(texts)
    assert places.tolist() == list(range(len(texts)))
    return values


def look(documents: list[str], withdrawn: list[str]) -> list[int | None]:
    """For each document the first withdrawn one that it is a near-copy of."""
    known = np.full(len(documents), UNKNOWN)
    found = NearCopies(prints(documents)).earliest(prints(withdrawn), np.arange(len(withdrawn)), known)
    return [None if number == UNKNOWN else number for number in found.tolist()]


def jaccard(one: str, other: str) -> float:
    shingles = shingle_all(read_words([one, other]), 5)
    return len(np.intersect1d(shingles.of(0), shingles.of(1))) / len(np.union1d(shingles.of(0), shingles.of(1)))


def test_a_fingerprint_is_the_same_for_ever() -> None:
    """Lists outlive the program: whoever changes this value has to say how older lists are still honoured."""
    text = "Một hai ba bốn năm sáu bảy tám chín mười. " * 2 + "The quick brown fox jumps over a lazy dog."
    [found] = to_bytes(prints([text]))
    assert len(found) == FINGERPRINT_BYTES == 504
    assert hashlib.sha256(found).hexdigest() == "0d5c1898183177d2e860f2935bde098a268dd505a9d52a5eb65fcf2bc64e3730"


def test_a_document_has_the_same_fingerprint_alone_and_in_any_batch() -> None:
    texts = [story(n, sentences) for n, sentences in enumerate((3, 40, 2, 900, 5))]
    together = prints(texts)
    for text, values in zip(texts, together, strict=True):
        assert (prints([text])[0] == values).all()


def test_fingerprints_survive_being_written() -> None:
    values = prints([story(1), story(2)])
    assert (from_bytes(to_bytes(values)) == values).all()
    assert from_bytes([]).shape == (0, 126)


def test_short_documents_have_none() -> None:
    words = story(1).split()
    texts = [" ".join(words[: MIN_WORDS - 1]), " ".join(words[:MIN_WORDS]), ""]
    places, values = fingerprint_all(texts)
    assert places.tolist() == [1]
    assert len(values) == 1


def test_they_estimate_the_similarity() -> None:
    rng = random.Random(1)
    pairs = [(story(n), edited(story(n), rng.randint(1, 12))) for n in range(300)]
    exact = np.array([jaccard(*pair) for pair in pairs])
    error = similarities(prints([one for one, _ in pairs]), prints([other for _, other in pairs])) - exact
    assert abs(error.mean()) < 0.005
    assert error.std() < 0.036


def test_edited_copies_are_found_and_nothing_else() -> None:
    """Of copies that deduplication would merge, at 0.8 or more, nearly all; of what is less alike than 0.65, none."""
    rng = random.Random(2)
    originals = [story(n, rng.randint(4, 20)) for n in range(400)]
    copies = [edited(text, rng.randint(0, len(text.split()) // 15)) for text in originals]
    found = look(copies, originals)
    exact = [jaccard(*pair) for pair in zip(originals, copies, strict=True)]
    assert all(number in {None, place} for place, number in enumerate(found))
    near = [number for number, similarity in zip(found, exact, strict=True) if similarity >= 0.8]
    far = [number for number, similarity in zip(found, exact, strict=True) if similarity < 0.65]
    assert len(near) > 100
    assert len(far) > 50
    assert sum(number is not None for number in near) >= 0.98 * len(near)
    assert all(number is None for number in far)


def test_case_punctuation_and_lines_make_no_difference() -> None:
    text = story(1)
    assert look([text.upper().replace("\n\n", "\n").replace(".", " !")], [text]) == [0]


def test_of_several_the_smallest_number_counts() -> None:
    text = story(1, 20)
    listed = [story(2), edited(text, 2), text, edited(text, 1)]
    assert look([text, story(3), story(2)], listed) == [1, None, 0]


def test_what_is_known_stays_unless_a_smaller_number_is_found() -> None:
    text = story(1)
    numbers = NearCopies(prints([text, text, story(2)])).earliest(
        prints([text]), np.array([5]), np.array([3, 7, UNKNOWN])
    )
    assert numbers.tolist() == [3, 5, UNKNOWN]


@pytest.mark.parametrize("documents", [[], [story(1)]])
def test_nothing_is_found_where_nothing_is_looked_for(documents: list[str]) -> None:
    assert look(documents, []) == [None] * len(documents)


def test_many_copies_of_many_are_found_in_bounded_memory() -> None:
    """A template's documents all share bands with one another: far more pairs than are looked at together."""
    text = story(1, 40)
    copies = [edited(text, 1 + n % 3) + f" bản{n}" for n in range(600)]
    assert look(copies, copies[:100]) == [0] * 600
