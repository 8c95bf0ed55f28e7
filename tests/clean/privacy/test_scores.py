"""Precision and recall on the written cases do not fall below what was reached."""

from __future__ import annotations

import pytest

from benchmarks.privacy import PAGE, Case, quality, read_cases, score
from corpus.clean.privacy import KINDS, PLACEHOLDERS, Kind

FLOORS: dict[Kind, tuple[float, float]] = {
    "secret": (1.0, 0.98),
    "email": (1.0, 0.98),
    "bank_card": (1.0, 1.0),
    "citizen_id": (1.0, 1.0),
    "tax_code": (1.0, 1.0),
    "bank_account": (1.0, 1.0),
    "phone": (1.0, 0.96),
    "ip_address": (1.0, 1.0),
}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return read_cases()


@pytest.mark.parametrize("kind", KINDS)
def test_precision_and_recall_of_a_kind(cases: list[Case], kind: Kind) -> None:
    scored = score(cases, kind)
    precision, recall = FLOORS[kind]
    assert scored.precision >= precision
    assert scored.recall >= recall


def test_there_are_many_cases_and_nearly_as_many_with_nothing_to_find(cases: list[Case]) -> None:
    empty = [case for case in cases if not case.expected]
    assert len(cases) >= 650
    assert len(empty) >= 300
    assert len({case.text for case in cases}) == len(cases)


def test_every_kind_has_cases_of_each_part(cases: list[Case]) -> None:
    for part in ("first", "second", "third"):
        found = {one.kind for case in cases if case.part == part for one in case.expected}
        assert found == set(KINDS), part


def test_the_page_shows_the_scores_of_today(cases: list[Case]) -> None:
    assert "\n".join(quality(cases)) in PAGE.read_text(encoding="utf-8"), "run `python -m benchmarks.privacy --write`"


def test_the_page_names_every_kind_and_placeholder() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{kind}` | `{PLACEHOLDERS[kind]}` |" in page for kind in KINDS)
