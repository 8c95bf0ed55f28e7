"""Any string has an answer, in time that grows no faster than it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.language import identify, identify_all

HARD = {
    "no space": "đườngvàolàngbịngập" * 60_000,
    "marks": "e" + "\u0301" * 1_000_000,
    "marked letters": "e\u0301\u0323" * 300_000,
    "emoji": "😀👍🏽" * 300_000,
    "controls": "\0\x07\x1b\x90" * 300_000,
    "surrogates": "\ud83d chào \udc4d" * 100_000,
    "short lines": "Tin\n" * 300_000,
    "empty lines": "\n" * 1_000_000,
    "angles": "<a " * 300_000,
    "at signs": "a@" * 500_000,
    "ampersands": "&amp" * 300_000,
    "addresses": "http://a.example/" + "a" * 1_000_000,
    "capitals": "ĐƯỜNG VÀO LÀNG BỊ NGẬP " * 40_000,
    "two languages": "Đường vào làng bị ngập sau đêm mưa rất to\n" * 9_000
    + "The road to the village is closed\n" * 12_000,
    "one line in two": "Đường vào làng bị ngập " * 15_000 + "The road to the village is closed " * 15_000,
}


@pytest.mark.parametrize("name", HARD)
def test_a_million_characters_of_anything_have_an_answer(name: str) -> None:
    found = identify(HARD[name])
    assert 0 <= found.score <= 1
    assert found.tag == "und" or found.shares


@pytest.mark.parametrize("name", HARD)
def test_time_grows_no_faster_than_the_text(name: str) -> None:
    def seconds(text: str) -> float:
        times = []
        for _ in range(3):
            started = time.process_time()
            identify(text)
            times.append(time.process_time() - started)
        return min(times)

    text = HARD[name]
    assert seconds(text) < 6 * seconds(text[: len(text) // 2]) + 0.02


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("no space", "vi"),
        ("capitals", "vi"),
        ("emoji", "und"),
        ("controls", "und"),
        ("at signs", "und"),
        ("addresses", "und"),
    ],
)
def test_what_hard_input_is_called(name: str, tag: str) -> None:
    assert identify(HARD[name]).tag == tag


def test_lone_surrogates_do_not_count() -> None:
    assert identify("\ud800Đường vào làng bị ngập.\udfff").tag == "vi"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.characters(codec=None)), max_size=5))
def test_any_strings_have_an_answer(texts: list[str]) -> None:
    for found in identify_all(texts):
        assert 0 <= found.score <= 1
        assert (found.tag == "und") or found.shares
