from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.read import Record
from tests.read.read_helpers import jsonl, outline, read_all, records, rejected, source, write


def read(root: Path, *rows: dict[str, Any], **options: Any) -> list[Any]:
    write(root, "a.jsonl", jsonl(*rows))
    return list(read_all(root, source("a.jsonl", **options)))


def read_row(root: Path, row: dict[str, Any], **options: Any) -> Record:
    (record,) = records(read(root, {"text": "t", **row}, **options))
    return record


def test_columns_with_our_names_are_taken_unasked(tmp_path: Path) -> None:
    record = read_row(tmp_path, {"title": "T", "url": "U", "author": "A", "credit": "C", "published": "2024-05-17"})
    day = datetime.date(2024, 5, 17)
    assert record.fields == {"title": "T", "url": "U", "author": "A", "credit": "C", "published": day}


def test_content_and_body_stand_in_for_text(tmp_path: Path) -> None:
    rows = {"content": "c"}, {"body": "b"}, {"body": "b", "content": "c", "text": "t"}
    assert outline(read(tmp_path, *rows)) == [(1, "c"), (2, "b"), (3, "t")]


def test_the_recipe_names_the_columns(tmp_path: Path) -> None:
    fields = {"text": "article", "url": "link"}
    (record,) = records(read(tmp_path, {"article": "a", "text": "no", "link": "L", "url": "no"}, fields=fields))
    assert (record.text, record.fields) == ("a", {"url": "L"})


def test_a_named_text_column_is_not_replaced_by_another(tmp_path: Path) -> None:
    assert outline(read(tmp_path, {"content": "c"}, fields={"text": "article"})) == [(1, "no_text")]


@pytest.mark.parametrize(("value", "expected"), [("", None), (None, None), (7, "7"), (["A", "B"], "A, B"), ([], None)])
def test_fields_are_text_or_null(tmp_path: Path, value: Any, expected: str | None) -> None:
    assert read_row(tmp_path, {"author": value}).fields == {"author": expected}


def test_a_field_that_is_an_object_rejects_the_record(tmp_path: Path) -> None:
    (item,) = rejected(read(tmp_path, {"text": "t", "title": {"vi": "x"}}))
    assert (item.reason, item.detail) == ("bad_field", "'title' is not text but an object")


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-17",
        "2024-05-17T23:59:00+07:00",
        "2024-05-17 08:00",
        "2024/5/17",
        "20240517",
        20240517,
        "17/05/2024",
        "17-5-2024 08:00",
        "17.5.2024",
        "Fri, 17 May 2024 08:00:00 +0700",
        1715904000,
        "1715904000",
        1715904000123,
        1715904000.5,
    ],
)
def test_days_are_understood_as_sources_write_them(tmp_path: Path, value: Any) -> None:
    assert read_row(tmp_path, {"published": value}).fields == {"published": datetime.date(2024, 5, 17)}


@pytest.mark.parametrize(
    "value", ["yesterday", "2024-13-45", "31/02/2024", 2024, "", None, True, [1], 1e300, "9" * 400]
)
def test_a_day_that_is_not_understood_is_null_and_the_record_stays(tmp_path: Path, value: Any) -> None:
    assert read_row(tmp_path, {"published": value}).fields == {"published": None}


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("string", "x", "x"),
        ("string", {"a": ["é", 1]}, '{"a": ["é", 1]}'),
        ("string", 1.5, "1.5"),
        ("string", None, None),
        ("int64", 5, 5),
        ("int64", " -5 ", -5),
        ("int64", 5.0, 5),
        ("int64", "", None),
        ("float64", 5, 5.0),
        ("float64", "-1.5e3", -1500.0),
        ("bool", True, True),
        ("bool", "False", False),
        ("bool", 1, True),
    ],
)
def test_kept_values_have_the_type_of_the_recipe(tmp_path: Path, type_: str, value: Any, expected: Any) -> None:
    kept = read_row(tmp_path, {"x": value}, keep={"x": type_}).kept
    assert kept == {"x": expected}
    assert type(kept["x"]) is type(expected)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("int64", "5.5"),
        ("int64", 2**63),
        ("int64", True),
        ("int64", [5]),
        ("float64", "1_0"),
        ("float64", 10**400),
        ("bool", "maybe"),
        ("bool", 2),
    ],
)
def test_a_kept_value_of_another_type_rejects_the_record(tmp_path: Path, type_: str, value: Any) -> None:
    (item,) = rejected(read(tmp_path, {"text": "t", "x": value}, keep={"x": type_}))
    assert item.reason == "bad_field"
    assert f"'x' is kept as {type_}" in item.detail


def test_a_kept_column_that_is_missing_is_null(tmp_path: Path) -> None:
    assert read_row(tmp_path, {}, keep=["x"]).kept == {"x": None}


def test_a_kept_column_with_a_name_of_ours_is_kept_as_raw(tmp_path: Path) -> None:
    assert read_row(tmp_path, {"language": "vi"}, keep=["language"]).kept == {"raw_language": "vi"}
