"""Articles written for the tests; no line of them stands on any site."""

from __future__ import annotations

from pathlib import Path

import pytest

TEXTS = Path(__file__).parent / "texts"


def paragraphs(name: str) -> tuple[str, ...]:
    return tuple((TEXTS / name).read_text(encoding="utf-8").splitlines())


@pytest.fixture
def vietnamese() -> tuple[str, ...]:
    """Six paragraphs about a bridge."""
    return paragraphs("bridge.txt")


@pytest.fixture
def english() -> tuple[str, ...]:
    """Six paragraphs about a museum."""
    return paragraphs("museum.txt")
