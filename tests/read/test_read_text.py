from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
import xxhash

from corpus.read import Rejected, find_files, plan_parts, read_part
from tests.read.read_helpers import digests, plan, read_all, read_one, records, rejected, source, write


def only_rejection(root: Path, name: str, content: bytes, max_bytes: int | None = None) -> Rejected:
    write(root, name, content)
    items = read_all(root, source(name), max_bytes=max_bytes)
    assert len(items) == len(rejected(items)) == 1
    return rejected(items)[0]


def test_a_file_is_one_record_and_hashed_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "\ufeffTiêu đề\r\n\r\nĐoạn")
    (record,) = records(read_all(tmp_path, source("a.txt")))
    assert (record.position, record.text) == (1, "Tiêu đề\r\n\r\nĐoạn")
    assert record.raw_hash == xxhash.xxh3_128_hexdigest("\ufeffTiêu đề\r\n\r\nĐoạn".encode())
    assert record.fields == {}


@pytest.mark.parametrize("content", [os.urandom(5000), b"\x89PNG\r\n\x1a\n" + b"\0" * 60])
def test_binary_is_not_text(tmp_path: Path, content: bytes) -> None:
    assert only_rejection(tmp_path, "a.txt", content).reason == "binary"


def test_a_few_nul_bytes_stay(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.txt", "a\0b") == [(1, "a\0b")]


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.txt.zst", "a.txt.xz", "a.txt.bz2"])
def test_an_empty_file_is_rejected(tmp_path: Path, name: str) -> None:
    assert read_one(tmp_path, name, b"") == [(None, "empty_file")]


def test_compressed_emptiness_is_an_empty_file(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.txt.gz", gzip.compress(b"")) == [(None, "empty_file")]


def test_a_file_larger_than_a_document_is_rejected_with_its_size(tmp_path: Path) -> None:
    item = only_rejection(tmp_path, "a.txt", b"x" * 2001, max_bytes=2000)
    assert item.reason == "too_large"
    assert "2001 bytes" in item.detail


def test_a_compressed_file_is_measured_by_its_content(tmp_path: Path) -> None:
    item = only_rejection(tmp_path, "a.txt.gz", gzip.compress(b"x" * 5_000_000), max_bytes=2000)
    assert item.reason == "too_large"
    assert "5000000 bytes" in item.detail


def test_a_file_that_vanished_is_unreadable(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "x")
    (part,) = plan(tmp_path, source("a.txt"))
    path.unlink()
    (item,) = read_part(part, tmp_path)
    assert isinstance(item, Rejected)
    assert (item.reason, item.detail) == ("unreadable", "No such file or directory")


def test_a_file_that_could_not_be_digested_is_unreadable_and_others_go_on(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "x")
    write(tmp_path, "b.txt", "fine")
    files = find_files(source("*.txt"), tmp_path)
    path.unlink()
    parts = plan_parts(source("*.txt"), files, digests(files, tmp_path, 100), part_bytes=100, max_document_bytes=100)
    items = [item for part in parts for item in read_part(part, tmp_path)]
    assert [item.reason for item in rejected(items)] == ["unreadable"]
    assert [record.text for record in records(items)] == ["fine"]


def test_a_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "x").chmod(0)
    user = os.geteuid()
    if user == 0:  # root may read everything, so be nobody for a moment, who can come as far as the folder
        for folder in (tmp_path, *tmp_path.parents):
            if not folder.stat().st_mode & 0o001:
                folder.chmod(folder.stat().st_mode | 0o011)
    try:
        os.seteuid(65534 if user == 0 else user)
        items = rejected(read_all(tmp_path, source("a.txt")))
    finally:
        os.seteuid(user)
    assert [(item.reason, item.detail) for item in items] == [("unreadable", "Permission denied")]
