"""Splits: which document goes where, on arrays of made-up documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.recipe import Splits
from corpus.release.splits import SPLITS, TEST, TRAIN, VALIDATION, Rule, Units, rule_of

NEVER = np.iinfo(np.int32).max


def units(
    count: int, seed: int = 0, before: int | Sequence[int] = 0, unit: Sequence[int] | None = None, day: int = NEVER
) -> Units:
    hashes = np.random.default_rng(seed).integers(0, 2**64, count, np.uint64)
    if unit is not None:
        hashes = hashes[np.asarray(unit)]
    return Units(hashes, np.broadcast_to(np.asarray(before, np.int64), count), np.full(count, day, np.int32))


def counts(split: np.ndarray) -> dict[str, int]:
    return {name: int((split == place).sum()) for place, name in enumerate(SPLITS, 1)}


def test_shares_are_about_what_was_asked_for() -> None:
    found = counts(rule_of(Splits(validation=0.1, test=0.2), []).place(units(20_000)))
    assert abs(found["validation"] - 2_000) < 200
    assert abs(found["test"] - 4_000) < 200


def test_without_splits_everything_is_train() -> None:
    assert counts(rule_of(Splits(), []).place(units(100))) == {"train": 100, "validation": 0, "test": 0}


def test_a_document_stays_in_its_split_when_others_come() -> None:
    rule = rule_of(Splits(validation=0.1, test=0.1), [])
    many = units(1000)
    few = Units(many.unit[::7], many.before[::7], many.published[::7])
    assert (rule.place(many)[::7] == rule.place(few)).all()


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 400))
def test_numbers_of_documents_are_exact(validation: int, test: int, documents: int) -> None:
    splits = Splits(validation=validation or 0.0, test=test or 0.0)
    parts = [units(documents, seed) for seed in range(3)]
    found = counts(np.concatenate([rule_of(splits, parts).place(part) for part in parts]))
    assert found["test"] == min(test, 3 * documents)
    assert found["validation"] == min(validation, 3 * documents - found["test"])


def test_a_number_beside_a_share() -> None:
    parts = [units(10_000)]
    found = counts(rule_of(Splits(validation=500, test=0.1), parts).place(parts[0]))
    assert found["validation"] == 500
    assert abs(found["test"] - 1_000) < 120


def test_what_was_in_validation_or_test_stays_there_whatever_the_recipe_says() -> None:
    before = [TRAIN, VALIDATION, TEST] * 100
    part = units(300, before=before)
    placed = rule_of(Splits(validation=0.3, test=0.3), [part]).place(part)
    held = np.array(before) != TRAIN
    assert (placed[held] == np.array(before)[held]).all()
    assert set(placed[~held].tolist()) == {TRAIN, VALIDATION, TEST}


def test_an_amount_that_changes_does_not_move_the_other_split() -> None:
    part = units(3000)
    for old, new, same in (
        (Splits(validation=20, test=0.1), Splits(validation=60, test=0.1), TEST),
        (Splits(validation=0.1, test=0.1), Splits(validation=0.1, test=0.3), VALIDATION),
        (Splits(validation=0.1, test=50), Splits(validation=0.1, test=70), VALIDATION),
    ):
        first = rule_of(old, [part]).place(part)
        released = Units(part.unit, first, part.published)
        second = rule_of(new, [released]).place(released)
        assert ((first == same) == (second == same)).all()
        assert (first != second).any()


def test_nothing_leaves_train_while_the_splits_of_the_recipe_are_the_same() -> None:
    splits = Splits(validation=0.3, test=0.3)
    part = units(300, before=TRAIN)
    assert set(rule_of(splits, [part], unchanged=True).place(part).tolist()) == {TRAIN}


def test_a_number_is_made_up_from_new_documents_first() -> None:
    splits = Splits(test=50)
    before = [TEST] * 30 + [TRAIN] * 500 + [0] * 10
    part = units(540, before=before)
    placed = rule_of(splits, [part], unchanged=True).place(part)
    assert (placed == TEST).sum() == 50
    assert set(placed[530:].tolist()) == {TEST}
    assert (placed[30:530] == TEST).sum() == 10


def test_copies_and_pages_of_a_site_go_into_one_split_as_a_whole() -> None:
    groups = [number // 7 for number in range(700)]
    parts = [units(700, unit=groups), units(700, unit=groups[::-1])]
    splits = Splits(validation=100, test=0.2)
    rule = rule_of(splits, parts)
    for part in parts:
        placed = rule.place(part)
        for unit in np.unique(part.unit):
            assert len(set(placed[part.unit == unit].tolist())) == 1
    both = np.concatenate([rule.place(part) for part in parts])
    assert 100 <= counts(both)["validation"] < 114


def test_by_time_the_last_days_are_test_and_pages_without_a_day_are_train() -> None:
    rule = rule_of(Splits(by="time", validation=date(2024, 1, 1), test=date(2024, 2, 1)), [])
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 1), date(2025, 1, 1)]
    published = np.array([(day - date(1970, 1, 1)).days for day in days] + [NEVER], np.int32)
    placed = rule.place(Units(np.zeros(6, np.uint64), np.zeros(6, np.int64), published))
    assert placed.tolist() == [TRAIN, VALIDATION, VALIDATION, TEST, TEST, TRAIN]


def test_a_rule_survives_as_the_parameters_of_a_task() -> None:
    part = units(500)
    rule = rule_of(Splits(validation=20, test=0.2), [part])
    again = Rule(**json.loads(json.dumps(asdict(rule))))
    assert (again.place(part) == rule.place(part)).all()
