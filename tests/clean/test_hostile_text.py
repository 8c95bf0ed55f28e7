"""Text made to be slow or to crash something: cleaning takes time that grows with its length, and says what is left."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import pytest

from corpus.clean import Cleaned, clean
from corpus.recipe import Clean, Cleaning, Privacy, Quality

EVERYTHING = Cleaning(
    clean=Clean(tone="new"),
    quality=Quality(presets=["gopher", "c4", "fineweb", "vi-news"]),
    privacy=Privacy(mode="mask"),
)
HOSTILE: dict[str, Callable[[int], str]] = {
    "no space": lambda n: "ấ" * n,
    "no space, ASCII": lambda n: "a" * n,
    "combining marks": lambda n: "a" + "\u0300\u0323" * (n // 2),
    "lone surrogates": lambda n: "\ud800" * n,
    "direction marks": lambda n: "א\u202e\u2067b\u2069" * (n // 5),
    "joined emoji": lambda n: "\U0001f468\u200d\U0001f469\u200d\U0001f467 " * (n // 6),
    "mojibake": lambda n: "Tiáº¿ng Viá»‡t " * (n // 15),
    "TCVN3": lambda n: "ViÖt Nam ®Êt n\u00adíc " * (n // 19),
    "VIQR": lambda n: "Vie^.t Nam dda^'t nu+o+'c " * (n // 26),
    "tones": lambda n: "hoà thuý qúy " * (n // 13),
    "digits": lambda n: "0912345678" * (n // 10),
    "dots and digits": lambda n: "1." * (n // 2),
    "at signs": lambda n: "a@b" * (n // 3),
    "addresses": lambda n: "http://a.b/" * (n // 11),
    "short lines": lambda n: "a\n" * (n // 2),
    "the same line": lambda n: "Tin liên quan hôm nay\n" * (n // 22),
    "captions": lambda n: "(Ảnh: " * (n // 6),
    "brackets": lambda n: "(" * n,
    "controls": lambda n: "\x00\x1b[\x85" * (n // 4),
    "hashes": lambda n: "# " * (n // 2),
    "two scripts": lambda n: "a漢" * (n // 2),
}
SIZE = 40_000


def seconds(text: str) -> tuple[Cleaned, float]:
    started = time.process_time()
    return clean(text, options=EVERYTHING), time.process_time() - started


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_the_length_takes_about_four_times_as_long(name: str) -> None:
    short, long = HOSTILE[name](SIZE), HOSTILE[name](4 * SIZE)
    clean(short, options=EVERYTHING)
    slow = min(seconds(long)[1] for _ in range(2))
    assert slow < 8 * max(seconds(short)[1] for _ in range(2)) + 0.2


@pytest.mark.parametrize("name", HOSTILE)
def test_what_comes_out_is_sound(name: str) -> None:
    cleaned = clean(HOSTILE[name](3000), options=EVERYTHING)
    assert unicodedata.is_normalized("NFC", cleaned.text)
    cleaned.text.encode()
    assert cleaned.quality["characters"] == len(clean(HOSTILE[name](3000)).text)
    assert 0 <= cleaned.language_score <= 1


def test_a_million_combining_marks_stay_on_their_letter() -> None:
    assert len(clean("a" + "\u0300\u0323" * 500_000).text) == 1_000_000


def test_ten_megabytes_without_a_space_are_one_word() -> None:
    cleaned = clean("ấ" * 3_500_000, options=EVERYTHING)
    assert cleaned.quality["words"] == 1
    assert cleaned.dropped is not None


def test_two_hundred_thousand_entities_in_one_another_are_one_sign() -> None:
    assert clean("&" + "amp;" * 200_000).text == "&"
