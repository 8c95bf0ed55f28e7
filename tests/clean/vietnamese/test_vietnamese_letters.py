"""Letters come together whatever the order of their marks; look-alikes of đ go, in Vietnamese text alone."""

from __future__ import annotations

import time
import unicodedata
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.vietnamese import read_tsv
from corpus.clean.vietnamese import compose, fix_lookalikes
from corpus.clean.vietnamese.letters import MARKED

MARKS = st.sampled_from("\u0300\u0301\u0302\u0303\u0306\u0309\u0323\u031b\u0340\u0341\u0308\u0335")
ANY_TEXT = st.text(
    alphabet=st.one_of(st.characters(codec=None, exclude_categories=()), MARKS, st.sampled_from("aeouydêớÐð"))
)


@pytest.mark.parametrize("letter", [letter for letter in MARKED if letter not in "đĐ"])
def test_a_letter_comes_together_from_marks_in_any_order(letter: str) -> None:
    base, *marks = list(unicodedata.normalize("NFD", letter))
    for ordered in permutations(marks):
        for count in range(len(ordered) + 1):
            begun = unicodedata.normalize("NFC", base + "".join(ordered[:count]))
            assert compose(begun + "".join(ordered[count:])) == letter


def test_nfc_alone_leaves_marks_in_the_wrong_order() -> None:
    assert unicodedata.normalize("NFC", "a\u0301\u0302") == "á\u0302"
    assert compose("a\u0301\u0302") == compose("á\u0302") == "ấ"


def test_a_mark_written_twice_counts_once() -> None:
    assert compose("ê\u0302\u0301") == "ế"
    assert compose("ế\u0301") == "ế"


@pytest.mark.parametrize(
    "text", ["a\u0308", "á\u0300", "u\u0302", "n\u0303", "ö\u0301", "e\u031b", "d\u0335", "a´", "\u0301a", "q\u0302"]
)
def test_what_spells_no_vietnamese_letter_stays(text: str) -> None:
    assert compose(text) == text


def test_text_around_stays_as_it_is() -> None:
    assert compose("Ω\u212a e\u0301 n\u0303 \ufb01") == "Ω\u212a é n\u0303 \ufb01"


@given(ANY_TEXT)
def test_composing_keeps_canonical_meaning_or_mends_order(text: str) -> None:
    composed = compose(text)
    assert compose(composed) == composed
    assert set(unicodedata.normalize("NFD", composed)) == set(unicodedata.normalize("NFD", text))


@given(ANY_TEXT)
def test_composed_vietnamese_is_nfc(text: str) -> None:
    whole = unicodedata.normalize("NFC", "".join(letter for letter in text if letter in MARKED or letter.isascii()))
    assert compose(unicodedata.normalize("NFD", whole)) == whole


@pytest.mark.parametrize("case", read_tsv("lookalikes"), ids=lambda case: case[0][:20])
def test_lookalikes(case: list[str]) -> None:
    seen, meant = case
    assert fix_lookalikes(seen) == meant


def test_a_tag_decides_where_letters_do_not() -> None:
    assert fix_lookalikes("Ði ðâu ðó") == "Ði ðâu ðó"
    assert fix_lookalikes("Ði ðâu ðó", vietnamese=True) == "Đi đâu đó"
    assert fix_lookalikes("Ðà Nẵng là thành phố ở miền Trung", vietnamese=False) == "Ðà Nẵng là thành phố ở miền Trung"


def test_a_few_vietnamese_letters_make_no_vietnamese_text() -> None:
    assert fix_lookalikes("Ði chơi") == "Ði chơi"
    english = "He wrote ðe for the, and once met Nguyễn Thị Hiền, who taught him how old books were bound and sold. "
    assert fix_lookalikes(english + "So it went on for years. " * 20) == english + "So it went on for years. " * 20


def test_far_from_vietnamese_letters_nothing_changes() -> None:
    icelandic = "Það er maður í húsinu, og ða er ðe. " * 60
    assert (
        fix_lookalikes(icelandic + "Người Việt ở Đà Nẵng, những ngày ấy.")
        == icelandic + "Người Việt ở Đà Nẵng, những ngày ấy."
    )


@given(ANY_TEXT)
def test_any_string_is_taken(text: str) -> None:
    fixed = fix_lookalikes(text, vietnamese=True)
    assert len(fixed) == len(text)
    assert fix_lookalikes(fixed, vietnamese=True) == fixed


@pytest.mark.parametrize("unit", ["\u0301\u0323", "a\u0301\u0302", "ð", "aaaa", "ðạ ", "\u202eð\u200f"])
def test_time_grows_with_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = "ạ" + unit * (length // len(unit)) + "ð"
        started = time.process_time()
        fix_lookalikes(compose(text), vietnamese=True)
        return time.process_time() - started

    assert seconds(100_000) < 0.2 + 8 * seconds(50_000)
