"""Tone marks are placed in Vietnamese syllables, and nowhere else."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.vietnamese import read_tsv
from corpus.clean.vietnamese import Style, place_tones, tone_key
from corpus.clean.vietnamese.letters import TONED
from corpus.clean.vietnamese.syllables import all_syllables, toned

CASES = read_tsv("tones")
SPELLINGS = st.builds(
    lambda syllable, tone, vowel: syllable.write_at(
        syllable.tones()[tone % len(syllable.tones())], vowel % syllable.vowels()
    ),
    st.sampled_from(list(all_syllables())),
    st.integers(0, 4),
    st.integers(0, 3),
)
CASED = st.builds(
    lambda word, form: form(word), SPELLINGS, st.sampled_from([str.lower, str.upper, str.capitalize, str.swapcase])
)
OTHERS = st.sampled_from(
    [
        "Noé",
        "Raí",
        "hoà_bình",
        "x=hoà",
        "https://a.example/hoà",
        "a1",
        "\ud800",
        "é\u0301",
        "w",
        "-",
        "“",
        "”",
        ".",
        "\n",
    ]
)
TEXT = st.lists(st.one_of(CASED, OTHERS, st.text(max_size=5)), max_size=20).flatmap(
    lambda parts: st.sampled_from([" ", "", "  ", "\n"]).map(lambda between: between.join(parts))
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_hard_cases(case: list[str]) -> None:
    text, old, new = case
    assert (place_tones(text, "old"), place_tones(text, "new")) == (old, new)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_hard_cases_inside_a_text(case: list[str]) -> None:
    text, old, _ = case
    assert place_tones(f"Xin chào {text} ạ", "old") == f"Xin chào {old} ạ"


def test_styles_differ_in_three_rimes_only() -> None:
    differing = {syllable.rime for word, syllable in toned("old").items() if word not in toned("new")}
    assert differing == {"oa", "oe", "uy"}
    assert not any(word.startswith("qu") for word in toned("old").keys() - toned("new").keys())


@given(TEXT)
def test_placing_again_changes_nothing(text: str) -> None:
    for style in ("old", "new"):
        placed = place_tones(text, style)
        assert place_tones(placed, style) == placed


@given(TEXT)
def test_the_other_style_and_back(text: str) -> None:
    assert place_tones(place_tones(text, "new"), "old") == place_tones(text, "old")
    assert place_tones(place_tones(text, "old"), "new") == place_tones(text, "new")


@given(TEXT)
def test_only_tones_move(text: str) -> None:
    def bare(text: str) -> str:
        return "".join(TONED[letter][0] if letter in TONED else letter for letter in text)

    for style in ("old", "new"):
        assert bare(place_tones(text, style)) == bare(text)


@given(TEXT)
def test_key_is_the_same_for_both_styles(text: str) -> None:
    assert tone_key(place_tones(text, "old")) == tone_key(place_tones(text, "new")) == tone_key(text)


def test_key_of_a_syllable_is_the_same_wherever_its_tone_stands() -> None:
    for syllable in all_syllables():
        keys = {tone_key(syllable.write_at(tone, at)) for tone in (2,) for at in range(syllable.vowels())}
        assert len(keys) == 1, syllable


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_text_without_toned_letters_is_its_own_key(text: str) -> None:
    without = "".join(letter for letter in text if letter not in TONED)
    assert tone_key(without) == without
    assert place_tones(without, "old") == without


@pytest.mark.parametrize(
    ("one", "other"), [("hòa", "hoá"), ("hòa", "hoa"), ("quý", "quí"), ("mùa", "mua"), ("má", "mà")]
)
def test_key_tells_words_apart(one: str, other: str) -> None:
    assert tone_key(one) != tone_key(other)


def test_key_keeps_case() -> None:
    assert tone_key("HOÀ hoà") == tone_key("HÒA hòa")
    assert tone_key("HOÀ") != tone_key("hoà")


@given(st.lists(st.sampled_from(sorted(toned("old"))), min_size=1, max_size=30))
def test_text_in_a_style_stays(words: list[str]) -> None:
    text = " ".join(words)
    assert place_tones(text, "old") == text


def test_text_apart_is_left() -> None:
    apart = unicodedata.normalize("NFD", "hoà bình thuỷ")
    assert place_tones(apart, "old") == apart


@pytest.mark.parametrize("unit", ["oà", "hoà ", "à", "\ud83d\ude00oà ", "a@hoà", "hoà_"])
@pytest.mark.parametrize("style", ["old", "new"])
def test_time_grows_with_length(unit: str, style: Style) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.process_time()
        tone_key(place_tones(text, style))
        return time.process_time() - started

    assert seconds(100_000) < 0.2 + 8 * seconds(50_000)
