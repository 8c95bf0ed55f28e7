"""Broken characters are mended, whole ones left alone."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.repair import CHANGES, make_encodable, repair
from corpus.clean.repair.mojibake import mend

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
        ("25\u202f000\u2009km", "25 000 km"),
        ("\uf0b7 first\n  \uf0a7\tsecond", "• first\n  •\tsecond"),
        ("call \uf095us", "call us"),
        ("hidden\U000e0068\U000e0069", "hidden"),
        ("v\ufe0f\ufe0e\ufe01s", "v\ufe0fs"),
        ("nothing\ufdd0here\U0001fffe", "nothinghere"),
        ("&nbsp;&shy;x", " x"),
    ],
)
def test_what_is_broken_is_mended(broken: str, mended: str) -> None:
    assert repair(broken).text == mended


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
        "Wales: \U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
        "東京\u3000大阪",
        "Hong Kong writes \ue04d",
        "a < b && c &amp; d",
        "thuỷ, quý, hoà, hòa",
    ],
)
def test_what_is_whole_stays(whole: str) -> None:
    assert repair(whole).text == whole
    assert repair(whole).changes == ()


@given(ANY_TEXT)
def test_any_string_becomes_nfc_and_encodes(text: str) -> None:
    for result in (repair(text).text, make_encodable(text).text):
        assert unicodedata.is_normalized("NFC", result)
        result.encode("utf-8")
        assert "\r" not in result


@given(ANY_TEXT)
def test_no_control_character_is_left(text: str) -> None:
    left = [char for char in repair(text).text if unicodedata.category(char) == "Cc" and char not in "\n\t"]
    assert not left


@given(ANY_TEXT)
def test_without_a_change_the_text_is_the_same(text: str) -> None:
    repaired = repair(text)
    assert set(repaired.changes) <= set(CHANGES)
    if not repaired.changes:
        assert repaired.text == text.replace("\x0b", "\n").replace("\x0c", "\n")


@given(st.text(alphabet="aé ổ\n\u200b\u00ad\u0301", max_size=60))
def test_what_nobody_sees_goes_after_the_mending(text: str) -> None:
    mended = mend(text).text
    assert repair(text).text == unicodedata.normalize("NFC", re.sub("[\u200b\u00ad]", "", mended))


@given(st.text(max_size=200))
def test_turned_off_it_changes_nothing_in_sound_text(text: str) -> None:
    sound = unicodedata.normalize("NFC", text).replace("\r", "")
    assert make_encodable(sound).text == sound
