"""The page on signals and presets follows from the tables."""

from __future__ import annotations

from pathlib import Path

from benchmarks.quality import page


def test_the_page_is_what_the_tables_say() -> None:
    shown = (Path(__file__).parents[3] / "docs" / "quality.md").read_text(encoding="utf-8")
    assert shown == page(), "run `python -m benchmarks.quality --write docs/quality.md`"
