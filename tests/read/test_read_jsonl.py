from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
import xxhash

from corpus.read import Rejected, digest_file, find_files, read_part
from tests.read.read_helpers import jsonl, plan, read_all, read_one, records, rejected, source, write


def test_a_line_is_a_record_at_its_line_number(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.jsonl", jsonl({"text": "một"}, {"text": "hai"})) == [(1, "một"), (2, "hai")]


def test_the_hash_is_that_of_the_line_without_its_end(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", b'{"text": "a"}\r\n{"text": "a"}\n{"text": "a"}')
    hashes = {record.raw_hash for record in records(read_all(tmp_path, source("a.jsonl")))}
    assert hashes == {xxhash.xxh3_128_hexdigest(b'{"text": "a"}')}


@pytest.mark.parametrize(
    ("line", "reason", "words"),
    [
        (b"{text: 1}", "not_json", "column 2"),
        (b'{"text": "cut', "not_json", "column 10"),
        (b"[" * 100_000, "not_json", "nested"),
        (b"9" * 5000, "not_json", ""),
        (b'["a", "b"]', "not_an_object", '["a", "b"]'),
        (b'"text"', "not_an_object", ""),
        (b'{"title": "t", "id": 1}', "no_text", "title, id"),
        (b'{"text": null}', "no_text", "null"),
        (b'{"text": 17}', "bad_field", "17"),
        (b'{"text": {"a": 1}}', "bad_field", "object"),
        (b'{"text": "caf\xe9"}', "undecodable", "not UTF-8 at byte offset 32 (0xe9)"),
        (b'{"text": "' + b"x" * 3000 + b'"}', "too_large", "3012 bytes, more than the 2000"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_line_is_rejected_and_the_next_is_read(tmp_path: Path, line: bytes, reason: str, words: str) -> None:
    write(tmp_path, "a.jsonl", b'{"text": "before"}\n' + line + b'\n{"text": "after"}\n')
    items = read_all(tmp_path, source("a.jsonl"), max_bytes=200_000 if len(line) > 4000 else 2000)
    assert [(r.position, r.text) for r in records(items)] == [(1, "before"), (3, "after")]
    (item,) = rejected(items)
    assert (item.path, item.position, item.reason) == ("a.jsonl", 2, reason)
    assert words in item.detail


def test_a_detail_is_one_short_line(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", jsonl({"k\n" + "y" * 9000: 1}))
    (item,) = rejected(read_all(tmp_path, source("a.jsonl")))
    assert len(item.detail) <= 300
    assert item.detail.isprintable()


def test_lone_surrogates_become_replacement_characters(tmp_path: Path) -> None:
    row = b'{"text": "a\\ud800b \\ud83d\\ude00", "title": "\\udfff", "tag": ["\\ud800"]}\n'
    write(tmp_path, "a.jsonl", row)
    (record,) = records(read_all(tmp_path, source("a.jsonl", keep=["tag"])))
    assert record.text == "a\ufffdb 😀"
    assert record.fields == {"title": "\ufffd"}
    assert record.kept == {"tag": '["\ufffd"]'}


def test_a_surrogate_in_a_column_name_can_be_reported(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", b'{"\\ud800": 1}')
    (item,) = rejected(read_all(tmp_path, source("a.jsonl")))
    assert item.detail.encode()


def test_blank_lines_count_but_are_no_records(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.jsonl", b'\n  \r\n{"text": "a"}\n\n') == [(3, "a")]


def test_a_byte_order_mark_is_stepped_over(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.jsonl", b"\xef\xbb\xbf" + jsonl({"text": "a"})) == [(1, "a")]


def test_nan_is_read(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.jsonl", '{"text": "a", "score": NaN}') == [(1, "a")]


def test_an_empty_file_is_rejected(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.jsonl", b"") == [(None, "empty_file")]


def test_a_huge_line_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "before"}\n{"text": "')
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"text": "after"}\n')
    tracemalloc.start()
    items = read_all(tmp_path, source("a.jsonl"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(r.position, r.text) for r in records(items)] == [(1, "before"), (3, "after")]
    assert "100000012 bytes" in rejected(items)[0].detail
    assert peak < 12_000_000


def test_a_large_file_is_read_in_little_memory(tmp_path: Path) -> None:
    rows = [{"text": f"{n} " + "từ " * 300} for n in range(6000)]
    content = jsonl(*rows)
    assert len(content) > 5_000_000
    write(tmp_path, "a.jsonl", content)
    parts = plan(tmp_path, source("a.jsonl"), part_bytes=50_000)
    assert len(parts) > 80
    tracemalloc.start()
    count = sum(1 for part in parts for _ in read_part(part, tmp_path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 6000
    assert peak < 3_000_000
    read = [record for part in parts for record in records(list(read_part(part, tmp_path)))]
    assert [record.text for record in read] == [row["text"] for row in rows]
    assert [record.position for record in read] == list(range(1, 6001))


def test_a_file_that_shrank_is_truncated(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", jsonl({"text": "a"}, {"text": "b"}))
    (part,) = plan(tmp_path, source("a.jsonl"))
    path.write_bytes(jsonl({"text": "a"}))
    items = list(read_part(part, tmp_path))
    assert [record.text for record in records(items)] == ["a"]
    assert [(item.position, item.reason) for item in rejected(items)] == [(2, "truncated")]


def test_a_json_array_gives_its_elements(tmp_path: Path) -> None:
    rows = [{"text": f"số {n}"} for n in range(50)]
    expected = [(n + 1, f"số {n}") for n in range(50)]
    for name, indent in (("a.json", None), ("b.json", 2)):
        assert read_one(tmp_path, name, json.dumps(rows, ensure_ascii=False, indent=indent)) == expected


def test_a_json_object_over_many_lines_is_a_record(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.json", json.dumps({"text": "a", "n": [1, 2]}, indent=2)) == [(1, "a")]


def test_a_json_file_may_hold_lines(tmp_path: Path) -> None:
    content = jsonl({"text": "a"}) + b"oops\n" + jsonl({"text": "b"})
    assert read_one(tmp_path, "a.json", content) == [(1, "a"), (2, "not_json"), (3, "b")]


def test_bad_elements_of_an_array_are_rejected_alone(tmp_path: Path) -> None:
    content = json.dumps([{"text": "a"}, 3, {"title": "t"}, {"text": "x" * 3000}, {"text": "b"}])
    assert read_one(tmp_path, "a.json", content, max_bytes=2000) == [
        (1, "a"),
        (2, "not_an_object"),
        (3, "no_text"),
        (4, "too_large"),
        (5, "b"),
    ]


def test_a_large_array_is_streamed(tmp_path: Path) -> None:
    rows = [{"text": f"{n} " + "x" * 1000} for n in range(20_000)]
    write(tmp_path, "a.json", json.dumps(rows))
    (part,) = plan(tmp_path, source("a.json"))
    tracemalloc.start()
    count = sum(1 for _ in read_part(part, tmp_path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 12_000_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[{"text": "a"}, {"text": "b"', "not_json"),
        ('[{"text": "a"}', "not_json"),
        ('[{"text": "a"}] junk', "not_json"),
        ('[{"text": "a"}, {"text": "' + "x" * 3_000_000, "too_large"),
        (b'[{"text": "a"}, {"text": "\xff"}]', "undecodable"),
    ],
)
def test_an_array_that_breaks_off_gives_what_came_before(tmp_path: Path, content: str | bytes, reason: str) -> None:
    got = read_one(tmp_path, "a.json", content)
    if reason == "undecodable":  # decoded in chunks, so what precedes in the same chunk goes too
        assert got == [(1, "undecodable")]
    else:
        assert got == [(1, "a"), (2, reason)]


def test_an_unreadable_file_is_digested_as_such(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", jsonl({"text": "a"}))
    (file,) = find_files(source("a.jsonl"), tmp_path)
    path.unlink()
    digest = digest_file(file, tmp_path, 100)
    assert digest.sha256 == ""
    assert digest.ranges[0].digest == "unreadable: No such file or directory"


def test_rejections_are_values(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", b"oops")
    (item,) = read_all(tmp_path, source("a.jsonl"))
    assert item == Rejected("a.jsonl", 1, "not_json", "Expecting value, column 1")
