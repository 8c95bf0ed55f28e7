"""Texts of short lines that are nothing but content come through untouched."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.clean import clean

TEXTS = Path(__file__).parent / "texts" / "survivors"


def survivor(kind: str) -> str:
    return (TEXTS / f"{kind}.txt").read_text(encoding="utf-8").removesuffix("\n")


KINDS = ["poem", "song", "recipe", "law", "interview", "forum", "list", "exercise", "diary", "manual", "code"]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_taken(kind: str) -> None:
    cleaned = clean(survivor(kind))
    assert cleaned.text == survivor(kind)
    assert cleaned.removed == ()


@pytest.mark.parametrize("kind", ["poem", "song", "law", "interview", "forum", "list", "exercise", "diary", "code"])
def test_a_first_line_without_prose_below_it_is_no_title(kind: str) -> None:
    assert clean(survivor(kind)).title is None
