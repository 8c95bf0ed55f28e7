"""The tables of phrases that rules and users rely on."""

from __future__ import annotations

from importlib import resources

import pytest

from corpus.clean.boilerplate.lines.page import read_page
from corpus.clean.boilerplate.lines.phrases import MAX_PHRASE_CHARS

FOLDER = resources.files("corpus.clean.boilerplate.lines") / "data"
KINDS = {"related", "comments", "control", "ad", "footer", "weak", "photo", "credit", "byline", "per", "by"}
TABLES = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".tsv"))


def rows(table: str) -> list[list[str]]:
    return [line.split("\t") for line in (FOLDER / table).read_text(encoding="utf-8").splitlines()]


def test_vietnamese_and_at_least_ten_other_languages_are_known() -> None:
    assert "vi.tsv" in TABLES
    assert len(TABLES) >= 11


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_well_formed(table: str) -> None:
    header, *body = rows(table)
    assert header == ["language", "kind", "phrase"]
    assert all(len(row) == 3 for row in body)
    assert {language for language, _, _ in body} == {table.removesuffix(".tsv")}
    assert {kind for _, kind, _ in body} <= KINDS
    assert all(phrase == phrase.strip() and 0 < len(phrase) <= MAX_PHRASE_CHARS for *_, phrase in body)
    assert len({(kind, phrase) for _, kind, phrase in body}) == len(body)


def kind_of(line: str) -> str | None:
    return next((line.kind for line in read_page(line).lines), None)


@pytest.mark.parametrize(
    "line",
    [
        "Tin liên quan",
        "TIN LIÊN QUAN:",
        ">> Tin liên quan",
        "Tin liên quan (12)",
        "  Tin   liên quan »",
        "• Tin liên quan",
    ],
)
def test_case_spacing_arrows_and_counters_do_not_matter(line: str) -> None:
    assert kind_of(line) == "related"


@pytest.mark.parametrize("line", ["Tin liên quan đến cây cầu", "Không có tin liên quan", "Tin", "", "(0)", "»"])
def test_only_whole_lines_match(line: str) -> None:
    assert kind_of(line) is None
