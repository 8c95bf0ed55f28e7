"""A user's own paragraphs and metadata: `card.md` beside the recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.release.card import read_card_data
from tests.support import build, run, run_json, small_corpus


def card_of(folder: Path, own: str | bytes, **fields: Any) -> str:
    raw = small_corpus(folder / "raw", **fields)
    (raw / "card.md").write_bytes(own if isinstance(own, bytes) else own.encode())
    release = build(raw, folder / "dist")
    assert run_json("verify", release)["sound"] is True
    return (release / "README.md").read_text(encoding="utf-8")


def section(card: str, heading: str) -> str:
    return card.split(f"\n## {heading}\n\n")[1].split("\n## ")[0]


def test_text_before_the_first_heading_stands_below_the_summary(tmp_path: Path) -> None:
    card = card_of(tmp_path, "Gathered <b>by hand</b>\n  from | *bridges*.\n")
    assert "licence `other`.\n\nGathered <b>by hand</b>\n  from | *bridges*.\n\n## Load it\n" in card


def test_own_words_take_the_place_of_standing_ones(tmp_path: Path) -> None:
    card = card_of(tmp_path, "## Uses\n\nFor poems only.\n\n## citation\nAsk us.\n")
    assert section(card, "Uses") == "For poems only.\n"
    assert section(card, "Citation").rstrip("\n") == "Ask us."
    assert "bibtex" not in card


def test_what_follows_from_the_data_stays_below_own_words(tmp_path: Path) -> None:
    card = card_of(tmp_path, "## Known limits\n\n- Bridges only.\n\n## Splits  ##\n\nOne is enough.\n")
    assert section(card, "Known limits").startswith("- Bridges only.\n\n- No licence of the Hub's list")
    assert "- Personal data may be inside" in section(card, "Known limits")
    assert section(card, "Splits").startswith("One is enough.\n\n| split | documents |")


def test_other_headings_come_behind_in_their_order(tmp_path: Path) -> None:
    own = "## Thanks\n\nTo all.\n\n## Motivation\n\n### Why\n\nWe cross rivers.\n\n## Thanks\n\nAnd to you.\n"
    card = card_of(tmp_path, own)
    assert card.endswith("\n## Thanks\n\nTo all.\n\nAnd to you.\n\n## Motivation\n\n### Why\n\nWe cross rivers.\n\n")


def test_hashes_within_code_are_no_headings(tmp_path: Path) -> None:
    code = "````sh\n## not a heading\n```\n## nor this\n````"
    card = card_of(tmp_path, f"## Thanks\n\n{code}\n")
    assert card.endswith(f"\n## Thanks\n\n{code}\n\n")


def test_file_of_another_system_is_read_as_well(tmp_path: Path) -> None:
    card = card_of(tmp_path, b"\xef\xbb\xbf---\r\ntags: [news]\r\n---\r\n\r\nHello.\r\n\r\n## Uses\r\n\r\nNone.\r\n")
    assert read_card_data(card)["tags"] == ["corpus-press", "news"]
    assert section(card, "Uses") == "None.\n"


def test_metadata_fills_fields_of_the_yaml_block(tmp_path: Path) -> None:
    own = """---
pretty_name: "Bridges: a corpus"
tags: [news, corpus-press]
language: khm
task_categories: [fill-mask]
task_ids: [masked-language-modeling]
annotations_creators: [no-annotation]
language_creators: found
source_datasets: [original]
license_name: own-1.0
license_link: https://a.example/licence
---
"""
    card = card_of(tmp_path, own)
    data = read_card_data(card)
    assert data["pretty_name"] == "Bridges: a corpus"
    assert data["tags"] == ["corpus-press", "news"]
    assert data["language"] == ["vi", "khm"]
    assert (data["license"], data["license_name"]) == ("other", "own-1.0")
    assert data["task_categories"] == ["fill-mask"]
    assert "licence [own-1.0](https://a.example/licence)" in card


def test_creators_date_and_homepage_go_into_the_citation(tmp_path: Path) -> None:
    own = "---\ncreators: [Lan Nguyễn, Minh & Co]\ndate: 2026-05-31\nhomepage: https://a.example/\n---\n"
    text = section(card_of(tmp_path, own), "Citation")
    assert "author  = {{Lan Nguyễn} and {Minh \\& Co}}," in text
    assert "year    = {2026}," in text
    assert "url     = {https://a.example/}," in text


@pytest.mark.parametrize(
    ("own", "line", "said"),
    [
        ("---\ntags: [a\n---\n", 2, "not YAML"),
        ("---\ntags: [a]\ntags: [b]\n---\n", 3, "'tags' is given twice"),
        ("---\n- a\n---\n", 2, "is a mapping of fields"),
        ("---\ntags: [a]\n", 1, "not closed"),
        ("---\ntags: [a]\n\nconfigs: []\n---\n", 4, "configs: follows from the recipe and the data"),
        ("---\nlicense: mit\n---\n", 2, "license: follows from the recipe"),
        ("---\ntag: [a]\n---\n", 2, "tag: unknown field; did you mean 'tags'?"),
        ("---\ntrue: [a]\n---\n", 2, "True: unknown field"),
        ("---\npretty_name: 2024\n---\n", 2, "pretty_name: 2024 is no text; put it in quotes"),
        ("---\ntask_categories: [poetry]\n---\n", 2, "task_categories: 'poetry' is not one of"),
        ("---\nlanguage: Vietnamese\n---\n", 2, "language: 'Vietnamese' is no code of ISO 639"),
        ("---\nlicense_name: My licence\n---\n", 2, "license_name: 'My licence' is not made of"),
        ("---\ndate: yesterday\n---\n", 2, "date: 'yesterday' is no year, month or day"),
        ("---\nhomepage: a.example\n---\n", 2, "homepage: 'a.example' is no address"),
        ("---\ncreators: [1]\n---\n", 2, "creators: is a name, or a list of names"),
    ],
)
def test_wrong_metadata_is_told_with_file_and_line_before_anything_is_built(
    tmp_path: Path, own: str, line: int, said: str
) -> None:
    raw = small_corpus(tmp_path / "raw")
    (raw / "card.md").write_text(own, encoding="utf-8")
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert (result.exit_code, f"{raw / 'card.md'}:{line}: " in result.stderr, said in result.stderr) == (2, True, True)
    assert not (raw / ".corpus").exists()


def test_metadata_that_contains_itself(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    (raw / "card.md").write_text("---\ntags: &all [*all]\n---\n", encoding="utf-8")
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert (result.exit_code, "card.md: not YAML: something in it contains itself" in result.stderr) == (2, True)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    (raw / "card.md").write_text("---\ntag: [a]\ndate: soon\n---\n", encoding="utf-8")
    stderr = run("build", raw, "--dist", tmp_path / "dist").stderr
    assert "card.md:2: tag:" in stderr
    assert "card.md:3: date:" in stderr


def test_name_of_a_licence_that_the_recipe_names_already(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw", license="mit")
    (raw / "card.md").write_text("---\nlicense_name: own\n---\n", encoding="utf-8")
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert (result.exit_code, "license_name: goes with 'license: other' only" in result.stderr) == (2, True)


def test_card_that_is_no_text(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    (raw / "card.md").write_bytes(b"\xff\xfe\x00")
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert (result.exit_code, "card.md: cannot be read" in result.stderr) == (2, True)
