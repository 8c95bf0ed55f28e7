"""NFC as Python gives it, without Python's quadratic time."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.repair.form import is_nfc, nfc

MARKS = [chr(code) for code in range(0x300, 0x370)]
LETTERS = [*"aeổ가ガ", "\u1100", "\u1161", "\u0958", "\u0627", "\u3099", "\u0bc6", "\u0bbe"]


@given(st.text(max_size=200))
def test_any_text_is_normalized_as_by_python(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)
    assert is_nfc(nfc(text))


@given(st.lists(st.sampled_from([*MARKS, *MARKS, *LETTERS]), max_size=150).map("".join))
def test_heaps_of_marks_are_normalized_as_by_python(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)


def test_every_character_is_normalized_as_by_python() -> None:
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    for start in range(0, len(characters), 500):
        text = "".join(characters[start : start + 500])
        assert nfc(text) == unicodedata.normalize("NFC", text), hex(ord(text[0]))
