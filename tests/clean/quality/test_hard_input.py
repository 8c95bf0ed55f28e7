"""Whatever a text holds, it is measured, in time that follows its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.quality import measure
from corpus.clean.quality.kinds import COUNT_BITS
from corpus.clean.quality.measurement import MAX_CHARS
from corpus.signals import DUPLICATE

Row = dict[str, int | float]


def one(text: str) -> Row:
    return measure([text], ["vi"]).rows()[0]


def test_a_text_without_a_space_is_one_word() -> None:
    row = one("x" * 1_500_000)
    assert row["words"] == row["lines"] == 1
    assert row["longest_word"] == row["mean_word_length"] == 1_500_000
    assert row["letter_share"] == 1
    assert not any(row[name] for name in row if "gram" in name)


def test_a_book_of_books_is_measured_by_its_beginning() -> None:
    page = "Sách dày như thế này thì không ai đọc hết\n"
    text = page * (MAX_CHARS // len(page)) + "." * len(page)
    row = one(text)
    assert row == one(text[:MAX_CHARS]) | {"characters": len(text)}


def test_combining_marks_are_letters_of_one_word() -> None:
    row = one("\u0301" * 1_000_000)
    assert row["words"] == row["alpha_word_share"] == row["letter_share"] == 1


def test_equal_lines_are_all_repetition() -> None:
    row = one("Đọc thêm tin khác ở đây\n" * 50_000)
    assert row["lines"] == 50_000
    assert row["duplicate_line_share"] == row["duplicate_line_char_share"] == 1
    assert all(row[f"duplicate_{size}_gram_char_share"] > 0.999 for size in DUPLICATE)
    assert row["distinct_stop_words"] == 1


def test_emoji_are_words_without_letters() -> None:
    row = one("😀 😀 🎉 👩‍👩‍👧")
    assert row["words"] == 4
    assert row["alpha_word_share"] == row["letter_share"] == row["top_2_gram_char_share"] == 0


def test_more_documents_than_a_group_may_hold() -> None:
    measured = measure(["a b"] * 70_000, ["vi"] * 70_000)
    assert set(measured.columns["words"].tolist()) == {2}
    assert not measured.columns["duplicate_line_share"].any()


def test_no_count_of_characters_runs_over() -> None:
    assert MAX_CHARS < 1 << COUNT_BITS
    row = one("A" * MAX_CHARS)
    assert row["letter_share"] == row["upper_share"] == 1
    assert row["digit_share"] == 0


@given(
    st.lists(st.sampled_from(["\ud800", "\udfff", "\u202e", "\x00", "\r", "\x85", "a", " ", "\n", "."]), max_size=30)
)
@settings(deadline=None)
def test_surrogates_controls_and_nul_are_characters_like_others(pieces: list[str]) -> None:
    text = "".join(pieces)
    row = one(text)
    assert row["characters"] == len(text)
    assert row["words"] == len(text.split())
    assert row["lines"] == sum(bool(line.strip()) for line in text.split("\n"))


@pytest.mark.parametrize(
    "piece",
    [
        "x",
        "\u0301",
        "東",
        "ha ",
        "a\n",
        "Đọc thêm tin khác\n\n",
        "...",
        "- ",
        "{",
        "lorem ipsum ",
        "“",
        "a b c d e f a b c g ",
    ],
)
def test_twice_the_text_takes_about_twice_the_time(piece: str) -> None:
    size = 120_000 // len(piece)
    single, double = (_seconds(piece * (size * times)) for times in (1, 2))
    assert double < 5 * single + 0.05


def _seconds(text: str) -> float:
    spent = []
    for _ in range(2):
        start = time.process_time()
        one(text)
        spent.append(time.process_time() - start)
    return min(spent)
