from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.read.read_helpers import outline, read_all, read_one, records, rejected, source, write

VIETNAMESE = "Việt Nam"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_the_header(tmp_path: Path, delimiter: str) -> None:
    content = f"id{delimiter}text\n1{delimiter}a\n2{delimiter}b\n"
    assert read_one(tmp_path, "a.csv", content) == [(1, "a"), (2, "b")]


def test_a_tsv_is_cut_at_tabs(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.tsv", "a,b;c\ttext\nx\thello, you\n") == [(1, "hello, you")]


def test_quoted_fields_may_hold_line_ends_quotes_and_delimiters(tmp_path: Path) -> None:
    content = 'text,n\r\n"one\nline, ""two""\n\nend",1\r\nb,2\r\n'
    assert read_one(tmp_path, "a.csv", content) == [(1, 'one\nline, "two"\n\nend'), (2, "b")]


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.csv", "text,n\n\na,1\n\nb,2") == [(1, "a"), (2, "b")]


def test_nul_bytes_stay(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.csv", "text,n\na\0b,1\n") == [(1, "a\0b")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(tmp_path: Path, encoding: str) -> None:
    content = f"text,n\n{VIETNAMESE},1\n".encode(encoding)
    assert read_one(tmp_path, "a.csv", content) == [(1, VIETNAMESE)]


def test_a_legacy_encoding_is_told(tmp_path: Path) -> None:
    rows = [f"L'élève {n} a été très fatigué à l'école, déjà" for n in range(30)]
    content = "text;n\n" + "".join(f"{row};1\n" for row in rows)
    assert read_one(tmp_path, "a.csv", content.encode("cp1252")) == [(n + 1, row) for n, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("row", "reason", "words"),
    [
        (b"only one", "bad_row", "line 3: 1 fields under 2 names"),
        (b"a,b,c", "bad_row", "3 fields"),
        (b'"a" b,c', "bad_row", "line 3"),
        (b"x" * 3000 + b",1", "too_large", "3003 bytes"),
    ],
)
def test_a_bad_row_is_rejected_and_later_rows_are_read(tmp_path: Path, row: bytes, reason: str, words: str) -> None:
    write(tmp_path, "a.csv", b"text,n\nbefore,1\n" + row + b"\nafter,3\n")
    items = read_all(tmp_path, source("a.csv"), max_bytes=2000)
    assert [r.text for r in records(items)] == ["before", "after"]
    first = rejected(items)[0]
    assert (first.position, first.reason) == (2, reason)
    assert words in first.detail


@pytest.mark.parametrize("before", [1, 6000])
def test_a_row_that_is_not_utf8_is_rejected_alone(tmp_path: Path, before: int) -> None:
    good = f"{VIETNAMESE},1\n".encode()
    write(tmp_path, "a.csv", b"text,n\n" + good * before + b"caf\xe9,2\n" + good)
    items = read_all(tmp_path, source("a.csv"))
    assert len(records(items)) == before + 1
    (item,) = rejected(items)
    assert (item.position, item.reason) == (before + 1, "undecodable")
    assert item.detail == f"line {before + 2}: not UTF-8 at byte offset {10 + before * len(good)} (0xe9)"


def test_a_row_of_many_lines_is_bounded_too(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", b'text,n\nbefore,1\n"' + b"y\n" * 1500)
    first, second = read_all(tmp_path, source("a.csv"), max_bytes=2000)[:2]
    assert outline([first, second]) == [(1, "before"), (2, "too_large")]


def test_a_quote_that_is_never_closed_is_a_bad_row(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", 'text,n\na,1\n"b,2\nc,3\n')
    items = read_all(tmp_path, source("a.csv"))
    assert outline(items) == [(1, "a"), (2, "bad_row")]
    assert rejected(items)[0].detail.startswith("lines 3 to 4: ")


def test_a_large_field_is_read(tmp_path: Path) -> None:
    text = "xin chào" * 50_000
    assert read_one(tmp_path, "a.csv", f"text,n\n{text},1\n") == [(1, text)]


def test_a_file_without_the_text_column_is_rejected_once(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "id,name\n1,a\n2,b\n")
    items = read_all(tmp_path, source("a.csv"))
    assert outline(items) == [(None, "no_text")]
    assert "the fields are: id, name" in rejected(items)[0].detail


@pytest.mark.parametrize(("content", "reason"), [(b"", "empty_file"), (bytes(range(256)) * 9, "binary")])
def test_what_is_no_table_is_rejected(tmp_path: Path, content: bytes, reason: str) -> None:
    assert read_one(tmp_path, "a.csv", content) == [(None, reason)]


def test_rows_before_a_cut_are_delivered(tmp_path: Path) -> None:
    content = "text,n\n" + "".join(f"row {n},{n * 7919 % 1000}\n" for n in range(50_000))
    packed = gzip.compress(content.encode())
    write(tmp_path, "a.csv.gz", packed[: len(packed) // 2])
    items = read_all(tmp_path, source("a.csv.gz"))
    good = records(items)
    assert len(good) > 10_000
    assert [(r.position, r.reason) for r in rejected(items)] == [(len(good) + 1, "truncated")]


def test_the_hash_does_not_depend_on_layout(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "text,url,unused\na,b,c\n")
    write(tmp_path, "b.csv", 'url;text\n"b";"a"\n')
    assert len({record.raw_hash for record in records(read_all(tmp_path, source("*.csv")))}) == 1
