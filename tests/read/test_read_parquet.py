from __future__ import annotations

import datetime
import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.read import read_part
from tests.read.read_helpers import outline, plan, read_all, records, rejected, source, write


def table(root: Path, columns: dict[str, Any], name: str = "a.parquet", **options: Any) -> Path:
    path = root / name
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_a_row_is_a_record(tmp_path: Path) -> None:
    table(tmp_path, {"unused": [1, 2], "text": ["a", "b"]})
    assert outline(read_all(tmp_path, source("a.parquet"))) == [(1, "a"), (2, "b")]


def test_positions_go_on_over_row_groups(tmp_path: Path) -> None:
    table(tmp_path, {"text": [f"{n}" for n in range(5000)]}, row_group_size=700)
    assert outline(read_all(tmp_path, source("a.parquet"))) == [(n + 1, f"{n}") for n in range(5000)]


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())])
def test_text_may_have_any_type_of_text(tmp_path: Path, type_: pa.DataType) -> None:
    table(tmp_path, {"text": pa.array(["một", "hai"]).cast(type_)})
    assert outline(read_all(tmp_path, source("a.parquet"))) == [(1, "một"), (2, "hai")]


def test_bad_rows_are_rejected_alone(tmp_path: Path) -> None:
    texts = pa.array([b"a", None, b"b\xff", b"x" * 3000, b"b"], pa.binary())
    table(tmp_path, {"text": texts})
    assert outline(read_all(tmp_path, source("a.parquet"), max_bytes=2000)) == [
        (1, "a"),
        (2, "no_text"),
        (3, "undecodable"),
        (4, "too_large"),
        (5, "b"),
    ]


def test_a_string_column_with_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    buffers = pa.array([b"a", b"\xff\xfe", b"b"], pa.binary()).buffers()
    table(tmp_path, {"text": pa.Array.from_buffers(pa.string(), 3, buffers)})
    assert outline(read_all(tmp_path, source("a.parquet"))) == [(1, "a"), (2, "undecodable"), (3, "b")]


def test_text_that_is_a_number_is_rejected(tmp_path: Path) -> None:
    table(tmp_path, {"text": [1, 2]})
    assert outline(read_all(tmp_path, source("a.parquet"))) == [(1, "bad_field"), (2, "bad_field")]


def test_a_file_without_the_text_column_is_rejected_once(tmp_path: Path) -> None:
    table(tmp_path, {"id": [1, 2]})
    assert outline(read_all(tmp_path, source("a.parquet"))) == [(None, "no_text")]


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty_file"), (b"not parquet" * 20, "corrupt"), (b"PAR1", "corrupt")]
)
def test_what_is_no_parquet_file_is_rejected(tmp_path: Path, content: bytes, reason: str) -> None:
    write(tmp_path, "a.parquet", content)
    assert outline(read_all(tmp_path, source("a.parquet"))) == [(None, reason)]


def test_a_damaged_row_group_is_rejected_and_the_next_is_read(tmp_path: Path) -> None:
    texts = [f"{n * 7919 % 10007} text" for n in range(3000)]
    path = table(tmp_path, {"text": texts}, row_group_size=1000, write_page_checksum=True, use_dictionary=False)
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    content = bytearray(path.read_bytes())
    middle = column.data_page_offset + column.total_compressed_size // 2
    content[middle : middle + 50] = b"\xaa" * 50
    path.write_bytes(content)
    items = read_all(tmp_path, source("a.parquet"))
    assert [r.position for r in records(items)] == [*range(1, 1001), *range(2001, 3001)]
    assert [(r.position, r.reason) for r in rejected(items)] == [(1001, "corrupt")]
    assert "1000 rows of row group 2" in rejected(items)[0].detail


def test_days_come_from_dates_and_timestamps(tmp_path: Path) -> None:
    noon = datetime.datetime(2024, 5, 17, 12)
    for number, type_ in enumerate([pa.date32(), pa.timestamp("ns"), pa.timestamp("s"), pa.timestamp("us", "UTC")]):
        days = pa.array([noon.date() if type_ == pa.date32() else noon], type_)
        table(tmp_path, {"text": ["a"], "published": days}, f"{number}.parquet")
    found = [record.fields["published"] for record in records(read_all(tmp_path, source("*.parquet")))]
    assert found == [datetime.date(2024, 5, 17)] * 4


def test_a_day_beyond_the_calendar_is_null(tmp_path: Path) -> None:
    table(tmp_path, {"text": ["a", "b"], "published": pa.array([2**31 - 1, 0], pa.int32()).cast(pa.date32())})
    found = [record.fields["published"] for record in records(read_all(tmp_path, source("a.parquet")))]
    assert found == [None, datetime.date(1970, 1, 1)]


def test_columns_are_kept_whatever_their_type(tmp_path: Path) -> None:
    table(tmp_path, {"text": ["a"], "tags": [["x", "y"]], "meta": [{"k": 1}], "n": [5]})
    (record,) = records(
        read_all(tmp_path, source("a.parquet", keep={"tags": "string", "meta": "string", "n": "int64"}))
    )
    assert record.kept == {"tags": '["x", "y"]', "meta": '{"k": 1}', "n": 5}


def test_a_file_compressed_as_a_whole_is_read(tmp_path: Path) -> None:
    path = table(tmp_path, {"text": ["a", "b"]})
    write(tmp_path, "b.parquet.gz", gzip.compress(path.read_bytes()))
    assert outline(read_all(tmp_path, source("b.parquet.gz"))) == [(1, "a"), (2, "b")]
    write(tmp_path, "c.parquet.gz", gzip.compress(path.read_bytes())[:-9])
    assert outline(read_all(tmp_path, source("c.parquet.gz"))) == [(None, "truncated")]


def test_a_file_that_vanished_is_unreadable(tmp_path: Path) -> None:
    path = table(tmp_path, {"text": ["a"]})
    (part,) = plan(tmp_path, source("a.parquet"))
    path.unlink()
    assert outline(list(read_part(part, tmp_path))) == [(None, "unreadable")]
