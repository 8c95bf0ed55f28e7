"""Which lines repeat an earlier one of the corpus."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dedup.paragraphs import FirstLines, Repeats, repeated

Line = tuple[int, int, int, int]
"""Hash, document, index, words."""


def columns(lines: list[Line]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    hashes, doc, index, words = zip(*lines, strict=True) if lines else ((), (), (), ())
    return (
        np.array(hashes, np.uint64),
        np.array(doc, np.int64),
        np.array(index, np.int32),
        np.array(words, np.int32),
    )


def places(found: Repeats) -> list[tuple[int, int]]:
    return list(zip(found.doc.tolist(), found.index.tolist(), strict=True))


def test_all_but_the_first_go_in_the_order_of_documents() -> None:
    lines = [(5, 9, 0, 30), (5, 2, 4, 30), (7, 1, 0, 30), (5, 3, 0, 30)]
    assert places(repeated(*columns(lines), 20)) == [(3, 0), (9, 0)]


def test_repetition_within_a_document_counts() -> None:
    assert places(repeated(*columns([(5, 1, 3, 30), (5, 1, 0, 30), (5, 1, 2, 30)]), 20)) == [(1, 2), (1, 3)]


def test_shorter_lines_may_repeat() -> None:
    lines = [(5, 1, 0, 19), (5, 2, 0, 19), (6, 1, 1, 20), (6, 2, 1, 20)]
    assert places(repeated(*columns(lines), 20)) == [(2, 1)]


def test_numbers_of_documents_in_late_parts_are_in_order() -> None:
    late = 70_000 << 32
    assert places(repeated(*columns([(5, late + 1, 0, 30), (5, late, 7, 30)]), 20)) == [(late + 1, 0)]


def test_a_line_on_every_page_is_remembered_once() -> None:
    first = FirstLines(20)
    for chunk in range(50):
        found = first.take(*columns([(5, 100 * chunk + page, 0, 30) for page in range(100)]))
        assert len(found.doc) == 100 - (chunk == 0)
    assert first.n_seen == 1


@pytest.mark.parametrize("late", [(6, 2, 0, 30), (6, 1, 9, 30)])
def test_a_chunk_out_of_order_is_refused(late: Line) -> None:
    first = FirstLines(20)
    first.take(*columns([(5, 2, 0, 30)]))
    with pytest.raises(ValueError, match="comes behind the chunk"):
        first.take(*columns([late]))


def test_documents_may_go_on_in_the_next_chunk() -> None:
    first = FirstLines(20)
    first.take(*columns([(5, 2, 0, 30)]))
    assert places(first.take(*columns([(5, 2, 1, 30)]))) == [(2, 1)]


some_lines = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 20), st.integers(0, 5), st.integers(18, 22)),
    unique_by=lambda line: line[1:3],
)


def plain(lines: list[Line]) -> list[tuple[int, int]]:
    seen: set[int] = set()
    out = []
    for hash_, doc, index, words in sorted(lines, key=lambda line: line[1:3]):
        if words >= 20:
            if hash_ in seen:
                out.append((doc, index))
            seen.add(hash_)
    return out


@given(some_lines)
def test_what_goes_is_what_a_plain_reading_finds(lines: list[Line]) -> None:
    assert places(repeated(*columns(lines), 20)) == plain(lines)


@given(some_lines, st.integers(1, 5), st.randoms())
def test_chunks_change_nothing(lines: list[Line], size: int, rng: random.Random) -> None:
    in_order = sorted(lines, key=lambda line: line[1:3])
    first = FirstLines(20)
    found: list[tuple[int, int]] = []
    for start in range(0, len(in_order), size):
        chunk = in_order[start : start + size]
        rng.shuffle(chunk)
        found += places(first.take(*columns(chunk)))
    assert found == plain(lines)
