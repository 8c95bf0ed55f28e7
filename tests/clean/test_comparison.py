"""Which texts count as copies of one another."""

from __future__ import annotations

import unicodedata

import pytest
import xxhash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.clean.comparison import Compared, compare_all
from corpus.clean.vietnamese import tone_key


def compare(text: str) -> Compared:
    return compare_all([text])[0]


def in_words(text: str) -> Compared:
    """The definition, written out."""
    folded = (next(form for form in (c.casefold(), c.lower(), c) if len(form) == 1) for c in text)
    key = tone_key(" ".join("".join(" " if is_punctuation(char) else char for char in folded).split()))
    if not key:
        key = " ".join(text.split())
    return Compared(xxhash.xxh3_128_hexdigest(key.encode("utf-32-le")), len(text.split()))


def is_punctuation(char: str) -> bool:
    return unicodedata.category(char) in {"Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sk", "Cc"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tin  MỚI\n\nhôm nay ", "tin mới hôm nay"),
        ("Hoà bình ở Thuỷ Nguyên", "Hòa bình ở Thủy Nguyên"),
        ("KHOẺ, quý", "khỏe, qúy"),
        ("“Tin mới” – hôm nay…", '"Tin mới" - hôm nay!'),
        ("Tin mới: hôm nay", "Tin mới hôm nay."),
    ],
)
def test_case_white_space_punctuation_and_the_place_of_tones_do_not_count(one: str, other: str) -> None:
    assert compare(one) == compare(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tin mới", "tin mời"),
        ("hòa", "hoa"),
        ("quý", "quí"),
        ("a b", "ab"),
        ("don't", "dont"),
        ("...", "???"),
        ("...", ""),
        ("5 $", "5"),
    ],
)
def test_other_words_count(one: str, other: str) -> None:
    assert compare(one).content_hash != compare(other).content_hash


@given(st.lists(st.text("aàáoòhHTÀ  \n\t\u3000b.ßİ!-“`") | st.text(), max_size=5))
def test_each_text_has_the_hash_of_its_key_in_any_company(texts: list[str]) -> None:
    assert compare_all(texts) == [in_words(text) for text in texts]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("aàHTÀ  \n\u3000b.ß!-“`") | st.text(), st.integers(1, 9))
def test_long_texts_are_compared_as_short_ones(monkeypatch: pytest.MonkeyPatch, text: str, size: int) -> None:
    expected = compare(text)
    with monkeypatch.context() as patch:
        patch.setattr("corpus.clean.comparison.PIECE_CHARS", size)
        assert compare(text) == expected
