"""Data files: the same rows make the same bytes, and a digest that outlives every library."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import tempfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import row_bytes
from corpus.release.shards import add_digests, rows_digest, write_shard
from tests.support import story

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("text", pa.string()),
        pa.field("day", pa.date32()),
        pa.field("n", pa.int64()),
    ]
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.text("abc", min_size=1),
            "text": st.none() | st.text(),
            "day": st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
            "n": st.none() | st.integers(-(2**60), 2**60),
        }
    ),
    min_size=1,
    max_size=30,
)


def table(content: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(content, schema=SCHEMA)


@settings(max_examples=60, deadline=None)
@given(rows, st.lists(st.integers(0, 30)))
def test_bytes_and_summary_do_not_show_how_the_rows_arrived(content: list[dict[str, Any]], cuts: list[int]) -> None:
    whole = table(content)
    bounds = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    pieces = [whole.slice(a, b - a) for a, b in itertools.pairwise(bounds)]
    groups = [min(3, len(content) - start) for start in range(0, len(content), 3)]
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / "one.parquet", Path(folder) / "two.parquet"
        summaries = [write_shard(one, SCHEMA, [whole], groups), write_shard(two, SCHEMA, pieces, groups)]
        assert one.read_bytes() == two.read_bytes()
        assert summaries[0] == summaries[1]
        assert pq.read_table(one).to_pylist() == content
        assert summaries[0].rows_digest == rows_digest([whole])


@settings(max_examples=60, deadline=None)
@given(rows, rows)
def test_digests_add_up(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> None:
    together = rows_digest([table(first + second)])
    assert add_digests([rows_digest([table(first)]), rows_digest([table(second)])]) == together


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.text() | st.text('ă"\\\n\t\x00\x7f\u2028'), st.booleans()), min_size=1, max_size=8),
    st.integers(0, 7),
    st.sets(st.sampled_from(["id", "url"])),
)
def test_digest_is_the_sum_over_rows_as_json(content: list[tuple[str, bool]], cut: int, others: set[str]) -> None:
    """Whatever stands in the texts, whichever columns stand around them, and however Arrow holds them."""
    rows: list[dict[str, str | None]] = [
        {"text": text, **dict.fromkeys(others, 'x"' if filled else None)} for text, filled in content
    ]
    schema = pa.schema([(name, pa.string()) for name in rows[0]])
    whole = pa.Table.from_pylist(rows, schema=schema)
    chunked = pa.concat_tables([whole.slice(0, cut), whole.slice(cut)])
    wanted = sum(
        int.from_bytes(hashlib.sha256(line.encode()).digest())
        for line in (json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for row in rows)
    )
    assert int(rows_digest([chunked]), 16) == wanted % 2**256


def test_digest_does_not_show_the_type_that_a_library_reads_text_as() -> None:
    small = pa.table({"text": pa.array(["một\nhai", "ba"], pa.string())})
    large = pa.table({"text": pa.array(["một\nhai", "ba"], pa.large_string())})
    assert rows_digest([large]) == rows_digest([small])


def test_digest_is_what_the_documentation_says() -> None:
    content = [{"id": "ă", "text": None, "day": date(2024, 9, 23), "n": 1}]
    line = '{"day":"2024-09-23","id":"ă","n":1,"text":null}'
    assert rows_digest([table(content)]) == hashlib.sha256(line.encode()).hexdigest()
    assert json.loads(line)


def test_file_is_made_for_the_hub(tmp_path: Path) -> None:
    content = [{"id": str(n), "text": "văn bản " * 50, "day": None, "n": n} for n in range(100)]
    write_shard(tmp_path / "a.parquet", SCHEMA, [table(content)], [60, 40])
    metadata = pq.read_metadata(tmp_path / "a.parquet")
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [60, 40]
    column = metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.has_offset_index
    assert column.has_column_index


def test_document_taken_out_leaves_most_of_the_bytes_of_a_row_group(tmp_path: Path) -> None:
    """Pages are cut by content, so those that are as before are the same bytes at another place."""
    content = [{"id": f"{n:032x}", "text": story(n, sentences=30), "day": None, "n": n} for n in range(1500)]
    write_shard(tmp_path / "a.parquet", SCHEMA, [table(content)], [len(content)])
    del content[700]
    write_shard(tmp_path / "b.parquet", SCHEMA, [table(content)], [len(content)])
    before, after = (_pages(tmp_path / name, "text") for name in ("a.parquet", "b.parquet"))
    assert len(before) >= 6
    assert len(set(after) - set(before)) <= 2


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=40), st.booleans())
def test_file_is_smaller_than_its_rows_were_counted(noise: list[bytes], signals: bool) -> None:
    """Even where nothing can be compressed, so that no file comes above what a recipe allows."""
    names = [f"q{n}" for n in range(60 if signals else 1)]
    rows = [
        {
            "id": f"{zlib.crc32(data):032x}",
            "text": base64.b85encode(data).decode(),
            "q": dict.fromkeys(names, len(data)),
        }
        for data in noise * 20
    ]
    struct = pa.struct([(name, pa.int64()) for name in names])
    schema = pa.schema([("id", pa.string()), ("text", pa.string()), ("q", struct)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        write_shard(path, schema, [pa.Table.from_pylist(rows, schema=schema)], [len(rows)])
        # What stands around the pages does not grow with them.
        assert path.stat().st_size <= sum(map(row_bytes, rows)) + 1000 * (len(names) + 2)


def test_wrong_number_of_rows_is_noticed(tmp_path: Path) -> None:
    content = table([{"id": "a", "text": None, "day": None, "n": 1}])
    with pytest.raises(ValueError, match="row groups of 2 rows for 1 rows"):
        write_shard(tmp_path / "a.parquet", SCHEMA, [content], [2])


def test_sizes_count_what_structs_and_lists_hold(tmp_path: Path) -> None:
    """Offsets have 4 bytes, numbers 8; strings their UTF-8."""
    share = pa.struct([("tag", pa.string()), ("share", pa.float64())])
    schema = pa.schema([("languages", pa.list_(share)), ("quality", pa.struct([("words", pa.int64())]))])
    mixed = [{"tag": "vi", "share": 0.5}, {"tag": "und", "share": 0.5}]
    table = pa.table({"languages": [mixed, []], "quality": [{"words": 3}, {"words": 4}]}, schema=schema)
    summary = write_shard(tmp_path / "a.parquet", schema, [table.slice(0, 1), table.slice(1)], [2])
    assert summary.num_bytes == 2 * 4 + 2 * 4 + len("viund") + 2 * 8 + 2 * 8
    assert pq.read_schema(tmp_path / "a.parquet").remove_metadata() == schema


def _pages(path: Path, column: str) -> list[bytes]:
    """The bytes of each data page of a column in the first row group."""
    chunk = next(
        found
        for at in range(pq.read_metadata(path).num_columns)
        if (found := pq.read_metadata(path).row_group(0).column(at)).path_in_schema == column
    )
    content = path.read_bytes()[chunk.data_page_offset : chunk.data_page_offset + chunk.total_compressed_size]
    # Each page is one frame of zstd, which begins with the same four bytes.
    return content.split(b"\x28\xb5\x2f\xfd")[1:]
