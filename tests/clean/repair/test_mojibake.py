"""Mending gives what ftfy gives, whatever the string, and names what it changed."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator

import ftfy
import pytest
from ftfy import badness, chardata
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.repair.mojibake import ftfy_options, mend

ENCODINGS = [
    *("latin-1", "sloppy-windows-1252", "sloppy-windows-1251", "sloppy-windows-1250", "sloppy-windows-1253"),
    *("sloppy-windows-1257", "macroman", "cp437", "iso-8859-2"),
]
SENTENCES = [
    "Sáng nay, “bà con” phường Đông Ngạc kéo nhau ra bến – đông lắm…",
    "Le café à la crème coûte 3 € chez Noël, l'œuvre d'art 12 °",
    "Über die Straße: »gut« ©",
    "Всё хорошо, пишите нам №5",
    "今日は雨です。「はい」",
    "วันนี้ฝนตก",
    "오늘은 비가 온다",
    "اليوم ممطر",
    "Καλημέρα Κόσμε",
    "Őszi Űrhajó, Čeština, ďábel",
    "x < 5 && y &amp; z",
    "A² + B³ ≤ 10 ± 2",
]
PIECES = [
    *("&amp;", "&#233;", "&eacute;", "&EACUTE;", "&", "&lt;", "<", "&#xD83D;", "&amp;amp;", "&#38;#38;lt;", "&#768;"),
    *("&#x26;amp;#233;", "&am&#112;;", "\x1b[31m", "\r\n", "\r\r\n", "\r", "\n", "\n\n", "Ã ", "Â ", "œ\n", "œ"),
    *("á”a", "á”\n", "’", "“", "\ufffd", "à²", "ŉ", "ﬁ", "Ĳ", "\u0344", "\u0958", "e\u0301", "a\u0323\u0302"),
    *("\u1100\u1161", "\ud83d\udca9", "\ud83d", "\u0327\u0301"),
]
MOJIBAKE = [
    char
    for char in map(chr, range(0x10000))
    if re.match("[" + "".join(badness.MOJIBAKE_CATEGORIES.values()) + "]", char)
]
REPLACED = [
    *map(chr, chardata.LIGATURES),
    *map(chr, chardata.CONTROL_CHARS),
    *"\r\u2028\u2029",
    *map(chr, range(128, 160)),
]


def by_ftfy(text: str) -> str:
    return ftfy.fix_text(text, ftfy_options())


def test_every_character_comes_out_as_from_ftfy() -> None:
    """In lines of their own, since ftfy looks at one line at a time."""
    for first in range(0, 0x110000, 0x400):
        block = "".join(f"à{chr(code)} b\n" for code in range(first, first + 0x400))
        assert mend(block).text == by_ftfy(block), hex(first)


@pytest.mark.parametrize("part", range(8))
def test_every_pair_of_mojibake_characters_comes_out_as_from_ftfy(part: int) -> None:
    for first in MOJIBAKE[part::8]:
        block = "".join(f"a{first}{second}b\n" for second in MOJIBAKE)
        assert mend(block).text == by_ftfy(block), repr(first)


def strings(seed: int, count: int) -> Iterator[str]:
    """Sentences with damage of all kinds, and noise made of what damage consists of."""
    chance = random.Random(seed)
    for _ in range(count):
        kind = chance.random()
        if kind < 0.2:
            yield "".join(chance.choice(chance.choice([MOJIBAKE, list("abc XYZ\n.")])) for _ in range(12))
            continue
        text = chance.choice(SENTENCES)
        if kind < 0.5:
            for _ in range(chance.choice([1, 1, 2])):
                text = text.encode("utf-8", "replace").decode(chance.choice(ENCODINGS), "replace")
            if chance.random() < 0.5:
                text = f"{chance.choice(SENTENCES)}\n{text}"
            if chance.random() < 0.3:
                text = text.replace("\u00a0", " ")
        elif kind < 0.6:
            text = unicodedata.normalize("NFD", text)
        letters = list(text)
        for _ in range(chance.randrange(5)):
            piece = chance.choice(chance.choice([REPLACED, PIECES, MOJIBAKE]))
            letters.insert(chance.randrange(len(letters) + 1), piece)
        yield "".join(letters)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_text_comes_out_as_from_ftfy(seed: int) -> None:
    changed = 0
    for text in strings(seed, 4000):
        expected = by_ftfy(text)
        assert mend(text).text == expected, ascii(text)
        changed += text != expected
    assert changed > 1000, "next to nothing was damaged"


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=300))
def test_any_string_comes_out_as_from_ftfy(text: str) -> None:
    assert mend(text).text == by_ftfy(text)


@given(st.lists(st.sampled_from([*MOJIBAKE, *PIECES, *"aZ. \n"]), max_size=30).map("".join))
def test_any_row_of_suspicious_pieces_comes_out_as_from_ftfy(text: str) -> None:
    assert mend(text).text == by_ftfy(text)


def test_a_line_beyond_ftfys_limit_comes_out_as_from_ftfy() -> None:
    text = "à" * 999_999 + "Ã©\r\ncafÃ©\r\n"
    assert mend(text).text == by_ftfy(text)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Không có gì phải sửa – “thật”", set()),
        ("Tiáº¿ng Viá»‡t", {"mojibake"}),
        ("fish &amp; chips", {"entities"}),
        ("nul\x00", {"characters"}),
        ("one\r\ntwo", {"characters"}),
        ("e\u0301", {"form"}),
        ("e\u0301 &amp; \x07", {"form", "entities", "characters"}),
    ],
)
def test_it_says_what_it_mended(text: str, changes: set[str]) -> None:
    assert mend(text).changes == changes


def test_entities_in_code_are_left() -> None:
    assert mend("a &amp; b\n<p>c &amp; d</p>\ne &amp; f").text == "a & b\n<p>c &amp; d</p>\ne &amp; f"
