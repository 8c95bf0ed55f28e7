"""Strings made to be slow take time that grows with their length, and come out."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from corpus.clean.repair import repair

HOSTILE: dict[str, Callable[[int], str]] = {
    "no space": lambda n: "ấ" * n,
    "marks out of order": lambda n: "a" + "\u0300\u0323" * (n // 2),
    "nested ampersands": lambda n: "&" + "amp;" * (n // 4),
    "ampersands inside out": lambda n: "&" + "a&#109;p;" * (n // 9),
    "entities": lambda n: "&#233;" * (n // 6),
    "terminal escapes": lambda n: "\x1b" * (n // 2) + "[0m" * (n // 4),
    "lone surrogates": lambda n: "\ud800" * n,
    "direction marks": lambda n: "א\u202e" * (n // 2),
    "joined emoji": lambda n: "\U0001f468\u200d" * (n // 2),
    "mojibake": lambda n: "Ã©" * (n // 2),
    "mojibake between letters": lambda n: "Ã©ấ" * (n // 3),
    "controls": lambda n: "\x80\x9d" * (n // 2),
    "flags": lambda n: "\U0001f3f4\U000e0067" * (n // 2),
    "bullets behind spaces": lambda n: " " * n + "\uf0b7",
    "line ends": lambda n: "\r\r\n" * (n // 3),
}
SIZE = 40_000


def seconds(text: str) -> float:
    started = time.process_time()
    repair(text)
    return time.process_time() - started


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_the_length_takes_about_four_times_as_long(name: str) -> None:
    short, long = HOSTILE[name](SIZE), HOSTILE[name](4 * SIZE)
    repair(short)
    assert min(seconds(long) for _ in range(2)) < 8 * max(seconds(short) for _ in range(2)) + 0.1


def test_nested_ampersands_end_as_one() -> None:
    assert repair("&" + "amp;" * 100_000).text == "&"
