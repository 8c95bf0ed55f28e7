"""Lines as keys: what makes two lines the same, and where each stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.quality.words import read_batch
from corpus.dedup.lines import line_keys, page_values

PIECES = (
    "Chợ phiên họp sớm",
    "chợ phiên, họp sớm!",
    "—",
    "",
    "  ",
    "12",
    "市場は朝から賑わう",
    "a\u0301b c",
    "\u2028x",
    "\x85",
)
LINE = st.sampled_from(PIECES) | st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=30)
TEXT = st.lists(LINE, max_size=12).map("\n".join)


def keys(*texts: str) -> list[tuple[int, int, int, int, int]]:
    found = line_keys(read_batch(texts))
    columns = (found.document, found.index, found.words, found.hash, found.next)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def same(one: str, other: str) -> bool:
    (first, second) = keys(one, other)
    return first[3] == second[3]


def test_case_white_space_bullets_and_punctuation_play_no_part() -> None:
    assert same("Đọc thêm:", "  • ĐỌC   THÊM …")


def test_words_their_order_and_their_borders_do() -> None:
    assert not same("đọc thêm", "đọc nữa")
    assert not same("đọc thêm", "thêm đọc")
    assert not same("đọc thêm", "đọcthêm")
    assert not same("ha", "ha ha")


def test_marks_are_parts_of_words() -> None:
    assert not same("má", "mã")


def test_lines_without_letters_count_but_have_no_entry_and_blank_ones_do_not_count() -> None:
    found = keys("Một\n\n---\n \nHai ba")
    assert [(index, words) for _, index, words, _, _ in found] == [(0, 1), (2, 2)]


def test_each_line_knows_the_next_of_its_document() -> None:
    first, second, other = keys("Một\n***\nHai", "Ba")
    assert first[4] == second[3]
    assert second[4] == other[4] == 0


def test_only_a_line_feed_ends_a_line() -> None:
    assert len(keys("một\x0bhai\x85ba\u2028bốn\rnăm")) == 1


def test_documents_of_nothing_have_no_lines() -> None:
    assert keys() == keys("", "\n\n", "--\n--") == []
    assert [document for document, *_ in keys("", "một", "")] == [1]


def values(*texts: str) -> list[tuple[int, int]]:
    """The two values of each page, whose smallest shingles are numbered."""
    smallest = np.arange(len(texts), dtype=np.uint64) + np.uint64(5 << 40)
    found = page_values(line_keys(read_batch(texts)), smallest).tolist()
    return [(value >> 32, value & 0xFFFFFFFF) for value in found]


def test_a_page_has_the_value_of_its_longest_line_and_that_of_its_smallest_shingle() -> None:
    found = values("một hai ba\nbốn", "năm\nMột, hai: ba.", "một hai", "", "ba bốn\nsáu tám", "sáu tám\nba bốn")
    assert [smallest for _, smallest in found] == [0, 1, 2, 3, 4, 5]
    longest = [longest for longest, _ in found]
    assert longest[0] == longest[1] != longest[2]
    assert longest[3] == 0
    assert longest[4] == longest[5]


def naive(texts: Sequence[str]) -> list[tuple[int, int, tuple[int, ...]]]:
    """Document, index and hashed words of each line, a line at a time."""
    found: list[tuple[int, int, tuple[int, ...]]] = []
    for document, text in enumerate(texts):
        for index, line in enumerate(line for line in text.split("\n") if line.strip()):
            words = tuple(read_batch([line]).words.hashes.tolist())
            if words:
                found.append((document, index, words))
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT, max_size=5))
def test_the_same_as_a_line_at_a_time(texts: list[str]) -> None:
    found, expected = keys(*texts), naive(texts)
    assert [(document, index, words) for document, index, words, _, _ in found] == [
        (document, index, len(words)) for document, index, words in expected
    ]
    by_words = {words: hash_ for (_, _, words), (_, _, _, hash_, _) in zip(expected, found, strict=True)}
    assert [by_words[words] for _, _, words in expected] == [hash_ for _, _, _, hash_, _ in found]
    assert len(set(by_words.values())) == len(by_words)


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXT, max_size=5))
def test_a_document_has_the_same_keys_in_every_batch(texts: list[str]) -> None:
    together = [key[1:] for key in keys(*texts)]
    assert together == [key[1:] for text in texts for key in keys(text)]
