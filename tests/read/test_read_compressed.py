from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.read import Record, Rejected
from tests.read.read_helpers import jsonl, outline, read_all, read_one, records, rejected, source, write


def zstd(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": zstd,
    "xz": lzma.compress,
    "bz2": bz2.compress,
}
KINDS = sorted(COMPRESS)

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
rows = st.fixed_dictionaries({"text": st.text(max_size=200)}, optional={"title": st.text(max_size=9), "x": values})


@given(st.lists(rows, min_size=1, max_size=30), st.integers(1, 2000))
@settings(max_examples=60, deadline=None)
def test_the_size_of_parts_and_compression_change_no_record(
    tmp_path_factory: pytest.TempPathFactory, objects: list[dict[str, object]], part_bytes: int
) -> None:
    root = tmp_path_factory.mktemp("raw")
    content = jsonl(*objects)
    write(root, "a.jsonl", content)
    whole = records(read_all(root, source("a.jsonl", keep=["x"])))
    assert [(r.position, r.text) for r in whole] == [(n + 1, row["text"]) for n, row in enumerate(objects)]
    assert records(read_all(root, source("a.jsonl", keep=["x"]), part_bytes)) == whole
    for kind in KINDS:
        name = f"a.jsonl.{kind}"
        write(root, name, COMPRESS[kind](content))
        packed = records(read_all(root, source(name, keep=["x"]), part_bytes))
        assert [(r.position, r.text, r.raw_hash, r.fields, r.kept) for r in packed] == [
            (r.position, r.text, r.raw_hash, r.fields, r.kept) for r in whole
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_csv_may_be_compressed_too(tmp_path: Path, kind: str) -> None:
    assert read_one(tmp_path, f"a.txt.{kind}", COMPRESS[kind](b"hello")) == [(1, "hello")]
    assert read_one(tmp_path, f"a.csv.{kind}", COMPRESS[kind](b"text,n\nhello,1\n")) == [(1, "hello")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_may_hold_several_streams(tmp_path: Path, kind: str) -> None:
    content = b"".join(COMPRESS[kind](jsonl({"text": f"{n}"})) for n in range(5))
    assert read_one(tmp_path, f"a.jsonl.{kind}", content) == [(n + 1, f"{n}") for n in range(5)]


@pytest.mark.parametrize("kind", ["gz", "xz"])
def test_zeros_behind_a_stream_are_padding(tmp_path: Path, kind: str) -> None:
    content = COMPRESS[kind](jsonl({"text": "a"})) + b"\0" * 8
    assert read_one(tmp_path, f"a.jsonl.{kind}", content) == [(1, "a")]


def sample() -> bytes:
    # Text that hardly compresses, so that a cut falls amid the records for every kind.
    return jsonl(
        *({"text": f"{n} " + "".join(chr(0x4E00 + (n * k * 7919) % 20000) for k in range(300))} for n in range(3000))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_records_before_a_cut_are_delivered_and_the_cut_is_noticed(tmp_path: Path, kind: str) -> None:
    packed = COMPRESS[kind](sample())
    write(tmp_path, f"a.jsonl.{kind}", packed[: len(packed) * 2 // 3])
    items = read_all(tmp_path, source(f"a.jsonl.{kind}"))
    good = records(items)
    assert len(good) > 1000
    assert [r.position for r in good] == list(range(1, len(good) + 1))
    assert [(r.position, r.reason) for r in rejected(items)] == [(len(good) + 1, "truncated")]
    assert items[-1] == rejected(items)[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("missing", [1, 4, 7])
def test_a_cut_in_the_last_bytes_is_noticed(tmp_path: Path, kind: str, missing: int) -> None:
    packed = COMPRESS[kind](jsonl({"text": "a"}, {"text": "b"}))
    last = rejected(read_all_of(tmp_path, f"a.jsonl.{kind}", packed[:-missing]))[-1]
    assert last.reason == "truncated"


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_stream_that_is_cut_is_noticed(tmp_path: Path, kind: str) -> None:
    one, two = COMPRESS[kind](jsonl({"text": "a"})), COMPRESS[kind](jsonl({"text": "b"}))
    assert outline(read_all_of(tmp_path, f"a.jsonl.{kind}", one + two[:7])) == [(1, "a"), (2, "truncated")]


def read_all_of(root: Path, name: str, content: bytes) -> list[Record | Rejected]:
    write(root, name, content)
    return read_all(root, source(name))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_compressed_file_is_corrupt(tmp_path: Path, kind: str) -> None:
    assert read_one(tmp_path, f"a.jsonl.{kind}", b"this is plain text\n" * 10) == [(1, "corrupt")]


@pytest.mark.parametrize("kind", KINDS)
def test_damage_within_a_stream_is_noticed(tmp_path: Path, kind: str) -> None:
    packed = bytearray(COMPRESS[kind](sample()))
    middle = len(packed) // 2
    packed[middle : middle + 2000] = b"\xff" * 2000
    reasons = {item.reason for item in rejected(read_all_of(tmp_path, f"a.jsonl.{kind}", bytes(packed)))}
    # A zst file without checksums may decompress to wrong bytes; then they show as lines that cannot be read.
    assert reasons & ({"corrupt", "truncated", "undecodable"} if kind == "zst" else {"corrupt"})


@pytest.mark.parametrize("kind", KINDS)
def test_text_that_is_cut_off_is_no_document(tmp_path: Path, kind: str) -> None:
    packed = COMPRESS[kind](b"half a document")
    assert read_one(tmp_path, f"a.txt.{kind}", packed[:-3]) == [(None, "truncated")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_huge_line_is_stepped_over_in_a_stream(tmp_path: Path, kind: str) -> None:
    content = jsonl({"text": "a"}, {"text": "x" * 5_000_000}, {"text": "b"})
    assert read_one(tmp_path, f"a.jsonl.{kind}", COMPRESS[kind](content)) == [
        (1, "a"),
        (2, "too_large"),
        (3, "b"),
    ]
