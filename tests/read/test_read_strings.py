"""All the text of a record, whatever its columns are called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.read import read_strings
from tests.read.read_helpers import jsonl, outline, plan, source, write


def strings(root: Path, name: str, content: str | bytes, **options: Any) -> list[tuple[int | None, str]]:
    write(root, name, content)
    parts = plan(root, source(name, **options))
    return outline([record for part in parts for record in read_strings(part, root)])


def test_strings_are_joined_in_the_order_of_columns_and_lists(tmp_path: Path) -> None:
    row = {"z": "1", "a": ["2", {"y": "3", "b": ["4"]}, 5, None, True], "m": "6"}
    assert strings(tmp_path, "a.jsonl", jsonl(row)) == [(1, "1\n2\n3\n4\n6")]


def test_values_may_be_nested_deeply(tmp_path: Path) -> None:
    deep = '{"a":' + "[" * 900 + '"x"' + "]" * 900 + "}"
    assert strings(tmp_path, "a.jsonl", deep) == [(1, "x")]


def test_rows_of_csv_come_behind_the_header_whatever_that_is(tmp_path: Path) -> None:
    assert strings(tmp_path, "a.csv", "q,A,A\none,two,three\n") == [(0, "q\nA\nA"), (1, "one\ntwo\nthree")]


def test_paragraphs_of_text_are_parted_by_blank_lines(tmp_path: Path) -> None:
    assert strings(tmp_path, "a.txt", "\n\none\ntwo\n \t\n\n three\n") == [(1, "one\ntwo"), (2, " three")]


def test_a_declared_encoding_holds(tmp_path: Path) -> None:
    content = "q\nchợ\n".encode("cp1258", "ignore")
    assert strings(tmp_path, "a.csv", content, encoding="windows-1258")[1] == (1, content[2:-1].decode("cp1258"))


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.jsonl", b'{"q": "x"}\n[1]\n', [(1, "x"), (2, "not_an_object")]),
        ("a.csv", "q,r\none\ntwo,three\n", [(0, "q\nr"), (1, "bad_row"), (2, "two\nthree")]),
        ("a.csv", "", [(None, "empty_file")]),
        ("a.txt", "", [(None, "empty_file")]),
    ],
)
def test_what_is_no_record_is_rejected(tmp_path: Path, name: str, content: str | bytes, found: list[Any]) -> None:
    assert strings(tmp_path, name, content) == found


def test_a_file_that_is_gone_is_rejected(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "one")
    parts = plan(tmp_path, source("a.txt"))
    path.unlink()
    assert outline([record for part in parts for record in read_strings(part, tmp_path)]) == [(None, "unreadable")]


def test_columns_of_one_name_in_parquet_are_rejected(tmp_path: Path) -> None:
    pq.write_table(pa.table([["one"], ["two"]], names=["q", "q"]), tmp_path / "a.parquet")
    parts = plan(tmp_path, source("a.parquet"))
    assert outline([record for part in parts for record in read_strings(part, tmp_path)]) == [(None, "bad_field")]
