"""Which texts count as copies of one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.comparison import compare


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tin  MỚI\n\nhôm nay ", "tin mới hôm nay"),
        ("Hoà bình ở Thuỷ Nguyên", "Hòa bình ở Thủy Nguyên"),
        ("KHOẺ, quý", "khỏe, qúy"),
    ],
)
def test_case_white_space_and_the_place_of_tones_do_not_count(one: str, other: str) -> None:
    assert compare(one) == compare(other)


@pytest.mark.parametrize(("one", "other"), [("tin mới", "tin mời"), ("hòa", "hoa"), ("quý", "quí"), ("a b", "ab")])
def test_other_words_count(one: str, other: str) -> None:
    assert compare(one).content_hash != compare(other).content_hash


@given(st.text(max_size=200))
def test_words_are_runs_between_white_space(text: str) -> None:
    assert compare(text).n_words == len(text.split())
