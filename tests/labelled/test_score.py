"""What a score counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.clean import Cleaned, Removed
from corpus.labelled.pages import LabelledPage, read_pages
from corpus.labelled.score import rules_of, score, score_by, score_page
from tests.labelled.labelled_helpers import Row, write_page

ROWS: tuple[Row, ...] = (("-", "Menu"), ("+", "Tựa đề"), ("+", "Một câu."), ("?", "Tác giả"), ("-", "Tin khác"))


def page_of(folder: Path, rows: Sequence[Row] = ROWS, **about: str) -> LabelledPage:
    write_page(folder, "a", rows, **about)
    (page,) = read_pages([folder])
    return page


def cleaned(*lines: str, removed: Sequence[Removed] = ()) -> Cleaned:
    return Cleaned("\n".join(lines), language="vi", language_score=1.0, removed=tuple(removed))


def test_a_perfect_page(tmp_path: Path) -> None:
    scored = score_page(page_of(tmp_path), cleaned("Tựa đề", "Một câu."))
    assert (scored.precision, scored.recall, scored.f1, scored.harmed) == (1, 1, 1, False)


def test_a_line_of_boilerplate_left_costs_precision(tmp_path: Path) -> None:
    scored = score_page(page_of(tmp_path), cleaned("Tựa đề", "Một câu.", "Tin khác"))
    assert scored.precision == pytest.approx(2 / 3)
    assert scored.recall == 1
    assert scored.left == ("Tin khác",)


def test_a_line_of_text_lost_costs_recall_and_may_harm(tmp_path: Path) -> None:
    scored = score_page(page_of(tmp_path), cleaned("Tựa đề"))
    assert (scored.precision, scored.recall, scored.harmed) == (1, 0.5, True)
    assert scored.lost == ("Một câu.",)


def test_a_tenth_of_the_characters_may_go_before_a_page_is_harmed(tmp_path: Path) -> None:
    page = page_of(tmp_path, [("+", "x" * 95), ("+", "y" * 5)])
    assert not score_page(page, cleaned("x" * 95)).harmed
    assert score_page(page, cleaned("y" * 5)).harmed


def test_an_unscored_line_counts_for_nothing(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    with_it, without = (score_page(page, cleaned("Tựa đề", "Một câu.", *more)) for more in (["Tác giả"], []))
    assert (with_it.f1, without.f1) == (1, 1)


def test_of_equal_lines_those_that_stayed_count_as_the_ones_that_should(tmp_path: Path) -> None:
    page = page_of(tmp_path, [("-", "Tựa đề"), ("+", "Tựa đề"), ("+", "Một câu.")])
    assert score_page(page, cleaned("Tựa đề", "Một câu.")).f1 == 1


def test_a_page_without_text_counts_for_removal_only(tmp_path: Path) -> None:
    page = page_of(tmp_path, [("-", "Một"), ("-", "Hai")])
    total = score([score_page(page, cleaned("Một"))])
    assert (total.pages, total.with_text, total.harmed, total.boilerplate_removed) == (1, 0, 0, 0.5)


def test_groups_by_site(tmp_path: Path) -> None:
    page = page_of(tmp_path, site="bao.example")
    assert list(score_by([score_page(page, cleaned("Tựa đề"))], "site")) == ["bao.example"]


def test_removed_lines_are_right_or_wrong_by_rule(tmp_path: Path) -> None:
    removed = [Removed(1, "Menu", "menu_v1"), Removed(3, "Một câu.", "menu_v1"), Removed(4, "Tác giả", "byline_v1")]
    scored = score_page(page_of(tmp_path), cleaned("Tựa đề", "Tin khác", removed=removed))
    assert rules_of([scored]) == {"menu_v1": (1, 1)}
