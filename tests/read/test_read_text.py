from __future__ import annotations

import gzip
import os
import unicodedata
from pathlib import Path

import pytest
import xxhash

from corpus.read import Rejected, find_files, plan_parts, read_part
from tests.read.read_helpers import digests, plan, read_all, read_one, records, rejected, source, write

FRENCH = "Les élèves français étudient à l'école près de la forêt. Où est le garçon ? Déjà très fatigué. " * 8
JAPANESE = "今日は天気がとても良いので、公園で散歩をしました。子供たちがたくさん遊んでいました。" * 8
VIETNAMESE = "Thủ tướng Chính phủ đã ký quyết định về việc thành lập ban chỉ đạo tại Hà Nội, Việt Nam. " * 8
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Vietnamese as Windows wrote it: letters composed, tones combining."""
    out = ""
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tones = "".join(p for p in parts if p in _TONES)
        out += unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES)) + tones
    return out.encode("cp1258")


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    assert read_one(tmp_path, "a.txt", VIETNAMESE.encode(encoding)) == [(1, VIETNAMESE)]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        ("Сегодня в Москве прошло заседание правительства. " * 8, "cp1251"),
        ("今天天气很好,我们去公园散步。孩子们在那里玩得很开心。" * 8, "gb18030"),
    ],
)
def test_legacy_encodings_are_told(tmp_path: Path, text: str, encoding: str) -> None:
    assert read_one(tmp_path, "a.txt", text.encode(encoding)) == [(1, text)]


def test_windows_1258_is_told(tmp_path: Path) -> None:
    ((_, text),) = read_one(tmp_path, "a.txt", windows_1258(VIETNAMESE))
    assert unicodedata.normalize("NFC", text) == VIETNAMESE


def test_an_encoding_is_told_by_what_follows_much_ascii(tmp_path: Path) -> None:
    text = "plain words\n" * 20_000 + FRENCH * 5
    assert read_one(tmp_path, "a.txt", text.encode("cp1252")) == [(1, text)]


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xed\xa0\x80"])
def test_damaged_utf8_is_not_made_into_something_else(tmp_path: Path, bad: bytes) -> None:
    content = VIETNAMESE.encode()
    item = only_rejection(tmp_path, "a.txt", content[:99] + b" " + bad + b" " + content[99:])
    assert item.reason == "undecodable"
    assert "offset 100" in item.detail


def test_too_little_to_tell_an_encoding_by_is_undecodable(tmp_path: Path) -> None:
    item = only_rejection(tmp_path, "a.txt", b"plain ascii text " * 50 + b"caf\xe9")
    assert (item.reason, item.position) == ("undecodable", None)
    assert "offset 853 (0xe9)" in item.detail


def test_tcvn3_is_not_guessed_at(tmp_path: Path) -> None:
    text = "Céng hoµ x· héi chñ nghÜa ViÖt Nam §éc lËp - Tù do - H¹nh phóc. Thñ tuíng ChÝnh phñ ®· ký. "
    assert only_rejection(tmp_path, "a.txt", text.encode("cp1252") * 5).reason == "undecodable"


@pytest.mark.parametrize(
    "content", [os.urandom(5000), b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "no mark".encode("utf-16-le")]
)
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
