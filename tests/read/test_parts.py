from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import pickle
from pathlib import Path

import pytest
import xxhash

from corpus.errors import InputChangedError
from corpus.read import Part, Range, check_unchanged, digest_file, find_files, plan_parts
from tests.read.read_helpers import digests, jsonl, plan, source, write


def ranges(root: Path, name: str, part_bytes: int) -> tuple[Range, ...]:
    (file,) = find_files(source(name), root)
    return digest_file(file, root, part_bytes).ranges


def test_ranges_cover_a_file_and_start_at_lines(tmp_path: Path) -> None:
    content = jsonl(*({"text": "x" * (n * 7 % 90)} for n in range(500)))
    write(tmp_path, "a.jsonl", content)
    found = ranges(tmp_path, "a.jsonl", 1000)
    assert [r.start for r in found] == [0, *(r.end for r in found[:-1])]
    assert found[-1].end == len(content)
    for r in found:
        assert r.start == 0 or content[r.start - 1 : r.start] == b"\n"
        assert r.first_line == content[: r.start].count(b"\n") + 1
        assert r.digest == xxhash.xxh3_128_hexdigest(content[r.start : r.end])
        assert r.end - r.start < 1000 + 120


def test_the_sha256_is_that_of_the_file(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    write(tmp_path, "a.parquet", content)
    (file,) = find_files(source("a.parquet"), tmp_path)
    digest = digest_file(file, tmp_path, 1000)
    assert digest.sha256 == hashlib.sha256(content).hexdigest()
    assert digest.ranges == (Range(0, len(content), 1, xxhash.xxh3_128_hexdigest(content)),)


def test_a_line_longer_than_a_part_makes_a_longer_range(tmp_path: Path) -> None:
    content = jsonl({"text": "a"}, {"text": "b" * 3_000_000}, {"text": "c"}, {"text": "d"})
    write(tmp_path, "a.jsonl", content)
    sizes = [r.end - r.start for r in ranges(tmp_path, "a.jsonl", 10)]
    assert sizes == [len(line) + 1 for line in content.splitlines()]


def test_an_appended_file_keeps_its_earlier_ranges(tmp_path: Path) -> None:
    content = jsonl(*({"text": f"document {n}"} for n in range(300)))
    path = write(tmp_path, "a.jsonl", content)
    before = ranges(tmp_path, "a.jsonl", 1000)
    path.write_bytes(content + jsonl({"text": "new"}))
    after = ranges(tmp_path, "a.jsonl", 1000)
    assert len(before) > 5
    assert after[: len(before) - 1] == before[:-1]


def test_an_empty_file_has_one_range(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", b"")
    assert [(r.start, r.end) for r in ranges(tmp_path, "a.jsonl", 10)] == [(0, 0)]


def test_a_json_array_is_not_cut(tmp_path: Path) -> None:
    write(tmp_path, "a.json", json.dumps([{"text": "a"}, {"text": "b"}], indent=1))
    assert len(ranges(tmp_path, "a.json", 2)) == 1


def write_many(root: Path, count: int) -> None:
    for n in range(count):
        write(root, f"raw/{n:05}.txt", f"document {n}")


def test_small_files_share_parts_in_path_order(tmp_path: Path) -> None:
    write_many(tmp_path, 2000)
    parts = plan(tmp_path, source("raw"))
    assert 1 < len(parts) < 40
    assert [s.path for p in parts for s in p.slices] == [f"raw/{n:05}.txt" for n in range(2000)]


def test_a_new_small_file_changes_one_part(tmp_path: Path) -> None:
    write_many(tmp_path, 2000)
    before = plan(tmp_path, source("raw"))
    write(tmp_path, "raw/00700b.txt", "new")
    after = plan(tmp_path, source("raw"))
    assert len(set(before) - set(after)) == 1
    assert 1 <= len(set(after) - set(before)) <= 2


def test_a_group_of_files_ends_at_the_size_of_a_part(tmp_path: Path) -> None:
    for n in range(10):
        write(tmp_path, f"{n}.txt", "x" * 400)
    assert max(len(part.slices) for part in plan(tmp_path, source("*.txt"), part_bytes=1000)) <= 3


def test_large_files_are_parts_of_their_own_between_groups(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", jsonl({"text": "a"}))
    write(tmp_path, "b.jsonl", jsonl(*({"text": "b" * 50} for _ in range(100))))
    write(tmp_path, "c.jsonl", jsonl({"text": "c"}))
    parts = plan(tmp_path, source("*.jsonl"), part_bytes=1000)
    places = [(s.path, s.start) for part in parts for s in part.slices]
    assert places == sorted(places)
    assert len(parts) > 5
    assert {part.slices[0].path for part in parts if len(part.slices) == 1} >= {"b.jsonl"}


def test_formats_do_not_mix_in_a_part(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "x")
    write(tmp_path, "b.jsonl", jsonl({"text": "a"}))
    assert [part.format for part in plan(tmp_path, source("."))] == ["text", "jsonl"]


def test_times_do_not_change_a_part_and_content_does(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", "one")
    before = plan(tmp_path, source("a.txt"))
    os.utime(path, (1, 1))
    assert plan(tmp_path, source("a.txt")) == before
    path.write_text("two")
    assert plan(tmp_path, source("a.txt")) != before


def test_the_order_of_files_and_of_fields_does_not_matter(tmp_path: Path) -> None:
    write_many(tmp_path, 50)
    src = source("raw", fields={"text": "a", "url": "b"}, keep=["x", "y"])
    same = source("raw", fields={"url": "b", "text": "a"}, keep=["y", "x"])
    files = find_files(src, tmp_path)
    known = digests(files, tmp_path, 100)
    parts = plan_parts(src, files, known, part_bytes=100, max_document_bytes=10)
    assert parts == plan_parts(same, files[::-1], known, part_bytes=100, max_document_bytes=10)


def test_parts_can_be_pickled_and_written_as_json(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", jsonl({"text": "a"}))
    (part,) = plan(tmp_path, source("a.jsonl", fields={"url": "link"}, keep={"n": "int64"}))
    assert pickle.loads(pickle.dumps(part)) == part
    assert json.loads(json.dumps(dataclasses.asdict(part)))["keep"] == [["n", "int64"]]


def test_a_part_is_frozen() -> None:
    part = Part("s", "text", (), (), (), 1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        part.__setattr__("source", "other")


@pytest.mark.parametrize("content", [b'{"text": "b"}\n', b'{"te', None])
def test_input_that_changes_while_it_is_read_is_noticed(tmp_path: Path, content: bytes | None) -> None:
    path = write(tmp_path, "a.jsonl", jsonl({"text": "a"}))
    (part,) = plan(tmp_path, source("a.jsonl"))
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputChangedError, match=r"^a\.jsonl: changed while it was being read; build again"):
        check_unchanged(part, tmp_path)


def test_input_that_only_grows_has_not_changed(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", jsonl({"text": "a"}))
    (part,) = plan(tmp_path, source("a.jsonl"))
    path.write_bytes(jsonl({"text": "a"}, {"text": "b"}))
    check_unchanged(part, tmp_path)
