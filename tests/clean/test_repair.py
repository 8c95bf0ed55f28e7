"""Broken characters are mended, whole ones left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.repair import make_encodable, repair

ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=200)


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("cÃ¡c báº¡n nÃ³i Tiáº¿ng Viá»‡t", "các bạn nói Tiếng Việt"),
        ("caf\N{LATIN SMALL LETTER E}\u0301", "café"),
        ("fish &amp; chips", "fish & chips"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("page one\x0cpage two", "page one\npage two"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("\ufeffstart", "start"),
        ("no\u00a0break", "no break"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth\u2060", "zerowidth"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("pair \ud83d\ude00", "pair \U0001f600"),
        ("left\u200eto\u202eright", "lefttoright"),
        ("la\u200dtin\u200c", "latin"),
    ],
)
def test_what_is_broken_is_mended(broken: str, mended: str) -> None:
    assert repair(broken) == mended


@pytest.mark.parametrize(
    "whole",
    [
        "“Curly quotes” and ‘their’ dashes – stay",
        "全角の、句読点。！？",
        "Family: \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "Pride: \U0001f3f3\ufe0f\u200d\U0001f308",
        "می\u200cخواهم",
        "क्\u200dष",
        "ภาษา\u200bไทย",
        "Hebrew \u05d0\u200f and Latin",
        "a < b && c &amp; d",
        "thuỷ, quý, hoà, hòa",
    ],
)
def test_what_is_whole_stays(whole: str) -> None:
    assert repair(whole) == whole


@given(ANY_TEXT)
def test_any_string_becomes_nfc_and_encodes(text: str) -> None:
    for result in (repair(text), make_encodable(text)):
        assert unicodedata.is_normalized("NFC", result)
        result.encode("utf-8")
        assert "\r" not in result


@given(ANY_TEXT)
def test_no_control_character_is_left(text: str) -> None:
    assert not [char for char in repair(text) if unicodedata.category(char) == "Cc" and char not in "\n\t"]


@given(st.text(max_size=200))
def test_turned_off_it_changes_nothing_in_sound_text(text: str) -> None:
    sound = unicodedata.normalize("NFC", text).replace("\r", "")
    assert make_encodable(sound) == sound
