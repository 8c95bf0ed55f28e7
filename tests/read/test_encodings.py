"""Bytes to text: what a mark, the recipe, or the bytes themselves say, and what is rejected where."""

from __future__ import annotations

import codecs
import gzip
import json
import random
import time
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.encodings import PAIRS, encode, ours, sentences_of
from benchmarks.encodings import score as score_reader
from benchmarks.vietnamese_encoders import tcvn3, viscii, vni, windows_1258
from corpus.read import Part, Record, Rejected, digest_file, find_files
from corpus.read._open import READ_BYTES
from corpus.read.encoding import Utf8Stream, canonical, decode
from corpus.read.encoding.names import LOSSLESS, decode_strictly
from corpus.read.encoding.stream import MAX_BAD_PLACES
from corpus.read.records import RejectedError
from tests.read.read_helpers import outline, plan, read_all, read_one, records, rejected, source, write

FRENCH = "Les élèves français étudient à l'école près de la forêt. Où est le garçon ? Déjà très fatigué. " * 8
JAPANESE = "今日は天気がとても良いので、公園で散歩をしました。子供たちがたくさん遊んでいました。"
POLISH = "Źródło bije pod lasem, a gęś żółta pije wodę; chłopiec śpi, bo księżyc już świeci. "
VIETNAMESE = "Thủ tướng Chính phủ đã ký quyết định về việc thành lập ban chỉ đạo tại Hà Nội, Việt Nam. "
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def read(root: Path, name: str, content: bytes, **options: Any) -> Record | Rejected:
    """The one thing that a file gives."""
    write(root, name, content)
    (item,) = read_all(root, source(name, **options))
    return item


def text_of(item: Record | Rejected, encoding: str) -> str:
    assert isinstance(item, Record), item
    assert item.encoding == encoding
    return unicodedata.normalize("NFC", item.text)


def refused(item: Record | Rejected, offset: int) -> str:
    """The detail of a rejection that names an offset."""
    assert isinstance(item, Rejected), item
    assert item.reason == "undecodable"
    assert f"at byte offset {offset} (0x" in item.detail
    return item.detail


# Byte order marks


@pytest.mark.parametrize("encoding", MARKS)
def test_a_byte_order_mark_decides(tmp_path: Path, encoding: str) -> None:
    item = read(tmp_path, "a.txt", MARKS[encoding] + VIETNAMESE.encode(encoding))
    assert text_of(item, encoding) == VIETNAMESE


@pytest.mark.parametrize("encoding", MARKS)
def test_a_mark_wins_over_the_recipe(tmp_path: Path, encoding: str) -> None:
    item = read(tmp_path, "a.txt", MARKS[encoding] + VIETNAMESE.encode(encoding), encoding="koi8-r")
    assert text_of(item, encoding) == VIETNAMESE


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"\xff\xfe" + b"plain words in one byte each\n" * 50])
def test_a_mark_of_utf16_before_single_bytes_is_no_text(tmp_path: Path, content: bytes) -> None:
    assert "the byte order mark is one of utf-16-le" in refused(read(tmp_path, "a.txt", content), 2)


@pytest.mark.parametrize("text", [JAPANESE, "中文" * 3 + "。", "あいう", "abc\n", "Нет, нет", "ไทยไทย", "한국어"])
def test_a_short_text_behind_a_mark_is_taken(tmp_path: Path, text: str) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert text_of(read(tmp_path, "a.txt", MARKS[encoding] + text.encode(encoding)), encoding) == text


# UTF-16 without a mark


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["no mark", VIETNAMESE, JAPANESE, POLISH, "Сегодня, завтра и всегда.", "좋아요, 정말로 좋아요."]
)
def test_utf16_is_told_without_a_mark(tmp_path: Path, encoding: str, text: str) -> None:
    assert text_of(read(tmp_path, "a.txt", text.encode(encoding)), encoding) == text


@pytest.mark.parametrize("content", [b"a\0b", b"Bush hid the facts", b"a\0\0\0b c d e f g", b"this app can break"])
def test_ascii_and_a_few_nul_bytes_are_no_utf16(tmp_path: Path, content: bytes) -> None:
    assert text_of(read(tmp_path, "a.txt", content), "utf-8") == content.decode()


def test_pairs_of_bytes_that_are_no_characters_in_use_are_no_utf16() -> None:
    pairs = random.Random(4).choices([*range(0xE000, 0xF900), *[0x20] * 6400], k=2000)
    with pytest.raises(RejectedError):
        decode("".join(map(chr, pairs)).encode("utf-16-le"))


def test_what_is_utf16_in_both_byte_orders_is_not_told() -> None:
    with pytest.raises(RejectedError):
        decode("一\u3000".encode("utf-16-le") * 20)


# Declared


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=50), st.data())
@settings(max_examples=200, deadline=None)
def test_declared_is_decoded_as_it_was_encoded(text: str, data: st.DataObject) -> None:
    names = [
        "windows-1252",
        "windows-1258",
        "iso-8859-2",
        "koi8-r",
        "shift_jis",
        "gb18030",
        "big5",
        "cp949",
        "utf-16-le",
        "utf-32-be",
    ]
    encoding = data.draw(st.sampled_from(names))
    content = text.encode(encoding, "ignore")
    expected = content.decode(encoding)
    if not content.startswith(tuple(MARKS.values())):
        assert decode(content, canonical(encoding)).text == expected.removeprefix("\ufeff")


def test_what_is_declared_is_taken_at_its_word(tmp_path: Path) -> None:
    item = read(tmp_path, "a.txt", POLISH.encode("cp1250"), encoding="koi8-r")
    assert text_of(item, "koi8-r") == unicodedata.normalize("NFC", POLISH.encode("cp1250").decode("koi8-r"))


def test_utf8_is_not_tried_when_another_is_declared(tmp_path: Path) -> None:
    assert text_of(read(tmp_path, "a.txt", "é".encode(), encoding="cp1252"), "windows-1252") == "Ã©"


def test_too_little_to_tell_by_is_read_when_declared(tmp_path: Path) -> None:
    assert text_of(read(tmp_path, "a.txt", b"caf\xe9", encoding="latin1"), "iso-8859-1") == "café"


def test_a_byte_that_the_declared_encoding_lacks_is_refused(tmp_path: Path) -> None:
    detail = refused(read(tmp_path, "a.txt", b"caf\xe9 \x81", encoding="windows-1252"), 5)
    assert detail == "not windows-1252 at byte offset 5 (0x81)"


@pytest.mark.parametrize("order", ["le", "be"])
def test_declared_utf16_has_its_own_byte_order(tmp_path: Path, order: str) -> None:
    text = VIETNAMESE.encode(f"utf-16-{order}")
    assert text_of(read(tmp_path, "a.txt", text, encoding="utf-16"), f"utf-16-{order}") == VIETNAMESE


def test_the_mark_of_gb18030_is_no_text(tmp_path: Path) -> None:
    text = "\ufeff今天天气很好"
    assert text_of(read(tmp_path, "a.txt", text.encode("gb18030"), encoding="gb18030"), "gb18030") == text[1:]
    content = f'\ufeff{{"text": "{text[1:]}"}}'.encode("gb18030")
    assert read_one(tmp_path, "a.jsonl", content, encoding="gb18030") == [(1, text[1:])]


def test_names_of_one_encoding_make_the_same_part(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "x")
    (one,) = plan(tmp_path, source("a.txt", encoding="cp1258"))
    (same,) = plan(tmp_path, source("a.txt", encoding="Windows-1258"))
    (none,) = plan(tmp_path, source("a.txt"))
    assert one == same
    assert (one.encoding, none.encoding) == ("windows-1258", None)
    assert Part.from_dict(json.loads(json.dumps(asdict(one)))) == one


# Detected


@pytest.mark.parametrize(("encoding", "language"), PAIRS)
def test_a_kilobyte_is_told_and_200_bytes_are_never_mistaken(encoding: str, language: str) -> None:
    kilobyte = score_reader(ours, encoding, language, 1000)
    assert (kilobyte.wrong, kilobyte.rejected) == (0, 0)
    short = score_reader(ours, encoding, language, 200)
    assert short.wrong == 0
    assert short.rejected <= (language == "en")


def test_of_samples_of_60_bytes_next_to_none_is_mistaken() -> None:
    scores = [score_reader(ours, encoding, language, 60) for encoding, language in PAIRS]
    assert sum(found.wrong for found in scores) <= 2
    assert sum(found.right for found in scores) >= 0.8 * sum(found.right + found.rejected for found in scores)


@pytest.mark.parametrize(
    ("encoding", "language", "name"),
    [
        ("cp1258", "vi", "windows-1258"),
        ("cp1252", "fr", "windows-1252"),
        ("iso8859-15", "fi", "windows-1252"),
        ("cp1250", "pl", "windows-1250"),
        ("iso8859-2", "pl", "iso-8859-2"),
        ("iso8859-2", "hu", "windows-1250"),
        ("cp932", "ja", "cp932"),
        ("iso2022_jp", "ja", "iso2022_jp"),
        ("tcvn3", "vi", LOSSLESS),
        ("utf-8", "vi", "utf-8"),
    ],
)
def test_the_name_is_that_of_the_wider_encoding(encoding: str, language: str, name: str) -> None:
    assert decode(encode("\n".join(sentences_of(language)).translate(_ASCII_QUOTES), encoding)).encoding == name


_ASCII_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))


def test_windows_1258_composes(tmp_path: Path) -> None:
    assert text_of(read(tmp_path, "a.txt", windows_1258(VIETNAMESE)), "windows-1258") == VIETNAMESE


@pytest.mark.parametrize("encoder", [tcvn3, vni, viscii])
def test_vietnamese_in_the_encoding_of_a_font_keeps_every_byte(tmp_path: Path, encoder: Callable[[str], bytes]) -> None:
    content = encoder(VIETNAMESE)
    text = text_of(read(tmp_path, "a.txt", content), LOSSLESS)
    assert bytes(_byte(char) for char in text) == content


def test_a_few_words_in_the_encoding_of_a_font_are_not_windows_1258() -> None:
    for words in ("Việt Nam đổi mới", "Những quyết định ấy", "giá cá lóc tăng nhẹ"):
        for encoder in (tcvn3, vni, viscii):
            try:
                assert decode(encoder(words)).encoding == LOSSLESS
            except RejectedError as error:
                assert error.reason == "undecodable"  # noqa: PT017


def _byte(char: str) -> int:
    return ord(char) if ord(char) < 0x100 else char.encode("cp1252")[0]


def test_the_lossless_reading_has_a_character_for_every_byte() -> None:
    every = bytes(range(256))
    text = decode_strictly(every, LOSSLESS)
    assert len(set(text)) == 256
    assert bytes(_byte(char) for char in text) == every
    assert text.startswith(every[:0x80].decode())


def test_an_encoding_is_told_by_what_follows_much_ascii(tmp_path: Path) -> None:
    text = "plain words\n" * 20_000 + FRENCH * 5
    assert text_of(read(tmp_path, "a.txt", text.encode("cp1252")), "windows-1252") == text


def test_an_encoding_is_told_where_no_space_follows(tmp_path: Path) -> None:
    text = "plain words\n" * 5000 + JAPANESE * 1000
    assert text_of(read(tmp_path, "a.txt", text.encode("cp932")), "cp932") == text


def test_letters_of_two_scripts_in_a_word_count_against_an_encoding() -> None:
    # By the pairs of bytes alone this would be Cyrillic of the Macintosh.
    text = "Così la comunità ritrova un luogo che per anni è rimasto chiuso, là dove c'è ancora il glicine."
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize("text", ["© 2019 The Mill Press", "“Never”, he said", "wait… what", "it’s late – go"])
def test_signs_that_all_of_windows_shares_need_no_more(tmp_path: Path, text: str) -> None:
    assert text_of(read(tmp_path, "a.txt", text.encode("cp1252")), "windows-1252") == text


@pytest.mark.parametrize("word", ["h\x93tel", "caf\x82", "t\x88te", "x\x93"])
def test_letters_of_dos_are_not_taken_for_these_signs(tmp_path: Path, word: str) -> None:
    refused(read(tmp_path, "a.txt", word.encode("latin-1")), next(i for i, c in enumerate(word) if ord(c) > 127))


# Rejected


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xed\xa0\x80"])
def test_damaged_utf8_is_not_made_into_something_else(tmp_path: Path, bad: bytes) -> None:
    content = (VIETNAMESE * 8).encode()
    detail = refused(read(tmp_path, "a.txt", content[:99] + b" " + bad + b" " + content[99:]), 100)
    assert detail.endswith("mostly UTF-8, so it is taken for nothing else")


def test_too_little_to_tell_an_encoding_by_is_undecodable(tmp_path: Path) -> None:
    detail = refused(read(tmp_path, "a.txt", b"plain ascii text " * 50 + b"caf\xe9"), 853)
    assert "too few bytes beyond ASCII" in detail


def test_the_rejection_names_what_was_tried(tmp_path: Path) -> None:
    content = bytes(random.Random(1).choices([*range(0x20, 0x7F), *range(0xA0, 0x100)], k=3000))
    item = read(tmp_path, "a.txt", content)
    assert isinstance(item, Rejected)
    assert "of the other encodings none is sure enough" in item.detail


@pytest.mark.parametrize("size", [20, 300, 5000, 100_000])
def test_random_bytes_are_no_text(size: int) -> None:
    for seed in range(20):
        with pytest.raises(RejectedError):
            decode(random.Random(seed).randbytes(size))


@given(st.binary(max_size=400), st.sampled_from([None, "windows-1258", "utf-16", "shift_jis", "iso2022_jp", "utf-8"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_text_or_rejected_with_an_offset_within(content: bytes, declared: str | None) -> None:
    refusal = None
    try:
        decode(content, declared and canonical(declared)).text.encode()
    except RejectedError as error:
        refusal = error
    if refusal is not None and refusal.reason != "binary":
        assert refusal.reason == "undecodable"
        offset = offset_in(refusal.detail)
        assert offset < len(content)
        assert f"(0x{content[offset]:02x})" in refusal.detail


def offset_in(detail: str) -> int:
    return int(detail.split("byte offset ")[1].split(" ")[0])


@pytest.mark.parametrize("encoding", MARKS)
def test_text_cut_off_at_any_byte_is_rejected_at_the_cut(encoding: str) -> None:
    text = "Việt 😀 Nam"
    mark = MARKS[encoding]
    whole = mark + text.encode(encoding)
    ends = {len(mark + text[:count].encode(encoding)): count for count in range(len(text) + 1)}
    for size in range(len(mark) + 1, len(whole) + 1):
        if size in ends:
            assert decode(whole[:size]).text == text[: ends[size]]
        else:
            with pytest.raises(RejectedError) as raised:
                decode(whole[:size])
            assert offset_in(raised.value.detail) == max(end for end in ends if end < size)


# Files of many records


def lines(count: int, text: str = VIETNAMESE) -> list[dict[str, Any]]:
    return [{"text": f"{number} {text}"} for number in range(count)]


def as_jsonl(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


WIDE = [("utf-16-le", True), ("utf-16-be", True), ("utf-16-le", False), ("utf-16-be", False), ("utf-32-le", True)]


@pytest.mark.parametrize(("encoding", "marked"), WIDE)
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_json_lines_in_utf16_are_read(tmp_path: Path, encoding: str, marked: bool, ending: str) -> None:
    rows = lines(3000)
    content = (MARKS[encoding] if marked else b"") + as_jsonl(rows).encode(encoding)
    write(tmp_path, f"a.jsonl{ending}", gzip.compress(content) if ending else content)
    items = read_all(tmp_path, source(f"a.jsonl{ending}"), part_bytes=10_000)
    assert outline(items) == [(number + 1, row["text"]) for number, row in enumerate(rows)]
    assert {record.encoding for record in records(items)} == {encoding}


@pytest.mark.parametrize(("encoding", "marked"), WIDE)
def test_csv_in_utf16_is_read(tmp_path: Path, encoding: str, marked: bool) -> None:
    content = (MARKS[encoding] if marked else b"") + f"text,n\r\n{VIETNAMESE.strip()[:20]},1\r\nhai,2\r\n".encode(
        encoding
    )
    assert read_one(tmp_path, "a.csv", content) == [(1, VIETNAMESE[:20]), (2, "hai")]


def test_a_json_array_in_utf16_is_read(tmp_path: Path) -> None:
    content = json.dumps(lines(2), ensure_ascii=False, indent=1).encode("utf-16")
    assert read_one(tmp_path, "a.json", content) == [(n + 1, row["text"]) for n, row in enumerate(lines(2))]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
@pytest.mark.parametrize(("text", "encoding"), [(POLISH, "cp1250"), (JAPANESE, "cp932"), (VIETNAMESE, "cp1258")])
def test_records_in_a_legacy_encoding_are_read(tmp_path: Path, name: str, text: str, encoding: str) -> None:
    rows = lines(40, text.strip().replace(",", " "))
    whole = as_jsonl(rows) if name == "a.jsonl" else "text\n" + "".join(f"{row['text']}\n" for row in rows)
    write(tmp_path, name, encode(whole, encoding))
    items = records(read_all(tmp_path, source(name)))
    assert [unicodedata.normalize("NFC", item.text) for item in items] == [row["text"] for row in rows]


def test_utf16_and_legacy_files_are_not_cut(tmp_path: Path) -> None:
    for name, encoding, cut in (("a", "utf-8", True), ("b", "utf-16", False), ("c", "cp1258", False)):
        write(tmp_path, f"{name}.jsonl", encode(as_jsonl(lines(1000)), encoding))
        (file,) = find_files(source(f"{name}.jsonl"), tmp_path)
        assert (len(digest_file(file, tmp_path, 10_000).ranges) > 1) == cut


def test_later_parts_of_a_declared_encoding_are_read_in_it(tmp_path: Path) -> None:
    # The first 64 KB are ASCII, so the file is cut, and only the recipe tells what follows.
    rows = lines(4000, "plain") + lines(2000)
    write(tmp_path, "a.jsonl", encode(as_jsonl(rows), "cp1258"))
    src = source("a.jsonl", encoding="windows-1258")
    assert len(plan(tmp_path, src, part_bytes=10_000)) > 5
    items = records(read_all(tmp_path, src, part_bytes=10_000))
    assert [unicodedata.normalize("NFC", item.text) for item in items] == [row["text"] for row in rows]


@pytest.mark.parametrize("compressed", [False, True])
def test_a_bad_line_of_utf8_is_rejected_at_its_offset_in_the_file(tmp_path: Path, compressed: bool) -> None:
    good = as_jsonl(lines(2000)).encode()
    content = codecs.BOM_UTF8 + good + b'{"text": "caf\xe9"}\n' + good
    name = "a.jsonl.gz" if compressed else "a.jsonl"
    write(tmp_path, name, gzip.compress(content) if compressed else content)
    items = read_all(tmp_path, source(name), part_bytes=10_000)
    assert len(records(items)) == 4000
    (item,) = rejected(items)
    assert item.position == 2001
    refused(item, content.index(b'\xe9"}'))


BAD = {"utf-16-le": b"\x00\xd8", "utf-16-be": b"\xd8\x00", "cp1258": b"\x8a", "cp932": b"\xfc\xfc", "gb18030": b"\xff"}


@pytest.mark.parametrize("encoding", BAD)
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_bad_line_of_another_encoding_is_rejected_alone_at_its_offset(
    tmp_path: Path, encoding: str, name: str
) -> None:
    text = {"cp932": JAPANESE, "gb18030": "今天天气很好"}.get(encoding, "sáng nay")
    rows = (as_jsonl(lines(1, text)) if name == "a.jsonl" else f"{text}\n") * 20_000
    before, after = ("", "") if name == "a.csv" else ('{"text": "', '"}')
    good = encode(rows, encoding)
    bad = encode(f"{before}x", encoding) + BAD[encoding] + encode(f"y{after}\n", encoding)
    head = b"" if name == "a.jsonl" else encode("text\n", encoding)
    write(tmp_path, name, head + good + bad + good + bad + good)
    items = read_all(tmp_path, source(name, encoding=encoding))
    assert len(records(items)) == 60_000
    first, second = rejected(items)
    inner = bad.index(BAD[encoding])
    refused(first, len(head + good) + inner)
    refused(second, len(head + good + bad + good) + inner)
    assert (first.position, second.position) == (20_001, 40_002)


def test_utf16_with_half_a_character_at_its_end_loses_that_line_only(tmp_path: Path) -> None:
    content = as_jsonl(lines(3)).encode("utf-16") + b"x"
    write(tmp_path, "a.jsonl", content)
    items = read_all(tmp_path, source("a.jsonl"))
    assert [record.position for record in records(items)] == [1, 2, 3]
    refused(rejected(items)[0], len(content) - 1)


def test_half_a_character_at_the_end_of_a_text_file_is_refused(tmp_path: Path) -> None:
    content = VIETNAMESE.encode("utf-16") + b"x"
    refused(read(tmp_path, "a.txt", content), len(content) - 1)


def test_a_file_with_too_many_bad_places_ends(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", (b'{"text": "\x81"}\n') * 5000)
    items = read_all(tmp_path, source("a.jsonl", encoding="windows-1252"))
    assert not records(items)
    assert "the rest is left out" in rejected(items)[-1].detail
    assert len(items) <= MAX_BAD_PLACES + 1


def test_binary_json_lines_are_rejected_once(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", random.Random(2).randbytes(300_000))
    assert outline(read_all(tmp_path, source("a.jsonl"), part_bytes=10_000)) == [(None, "binary")]


def test_a_line_too_long_counts_for_the_offset(tmp_path: Path) -> None:
    content = as_jsonl([{"text": "x" * 5000}]).encode() + b'{"text": "caf\xe9"}\n'
    write(tmp_path, "a.jsonl", content)
    long, bad = rejected(read_all(tmp_path, source("a.jsonl"), max_bytes=2000))
    assert long.reason == "too_large"
    refused(bad, content.index(b"\xe9"))


def test_an_array_names_a_bad_byte_at_the_end_of_a_chunk(tmp_path: Path) -> None:
    start = b'[{"text": "'
    content = start + b"x" * (READ_BYTES - 1 - len(start)) + b'\xe1"}]'
    write(tmp_path, "a.json", content)
    refused(read_all(tmp_path, source("a.json"), max_bytes=2 * READ_BYTES)[-1], READ_BYTES - 1)


def test_an_array_names_the_offset_of_a_bad_byte(tmp_path: Path) -> None:
    content = json.dumps([{"text": "x" * 70_000}] * 40).encode()[:-1] + b', {"text": "\xff"}]'
    write(tmp_path, "a.json", content)
    items = read_all(tmp_path, source("a.json"))
    refused(items[-1], content.index(b"\xff"))


def test_cells_of_bytes_are_documents_of_their_own(tmp_path: Path) -> None:
    cells = [VIETNAMESE.encode(), FRENCH.encode("cp1252"), VIETNAMESE.encode("utf-16"), b"caf\xe9 au lait", b"b"]
    pq.write_table(pa.table({"text": pa.array(cells, pa.binary())}), tmp_path / "a.parquet")
    items = read_all(tmp_path, source("a.parquet"))
    assert outline(items) == [(1, VIETNAMESE), (2, FRENCH), (3, VIETNAMESE), (4, "undecodable"), (5, "b")]
    assert "'text': not UTF-8 at byte offset 3" in rejected(items)[0].detail
    assert outline(read_all(tmp_path, source("a.parquet", encoding="latin-1")))[3] == (4, "café au lait")


@given(
    st.lists(st.text(alphabet="aăđ今0\U0001f600 ", max_size=12), max_size=30),
    st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le", "gb18030", "utf-8"]),
    st.integers(1, 7),
)
@settings(max_examples=150, deadline=None)
def test_chunks_may_fall_anywhere(texts: list[str], encoding: str, size: int) -> None:
    content = "\n".join(texts).encode(encoding)
    chunks = (content[at : at + size] for at in range(0, len(content), size))
    if not content.startswith(tuple(MARKS.values())):
        assert b"".join(Utf8Stream(chunks, declared=encoding)) == "\n".join(texts).encode()


def decoding_error(content: bytes, encoding: str) -> UnicodeDecodeError | None:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        return error
    return None


@given(
    st.binary(max_size=60), st.sampled_from(["utf-16-le", "cp932", "gb18030", "euc_jp", "big5", "cp949", "iso2022_jp"])
)
@settings(max_examples=200, deadline=None)
def test_bad_bytes_are_marked_whatever_they_are(content: bytes, encoding: str) -> None:
    content = b"ab" + content
    stream = Utf8Stream(iter([content[:7], content[7:]] if content[7:] else [content]), declared=canonical(encoding))
    out = b"".join(stream)
    wanted, found = decoding_error(content, encoding), decoding_error(out, "utf-8")
    if wanted is None or found is None:
        assert out.decode() == content.decode(encoding)
    else:
        assert offset_in(stream.undecodable(0, out, found).detail) == wanted.start


def test_time_grows_with_the_size(tmp_path: Path) -> None:
    texts = [
        b"\xe9" * 1_000_000,
        b"a\xe9" * 500_000,
        POLISH.encode("cp1250") * 12_000,
        VIETNAMESE.encode("utf-16-le") * 5_000,
        tcvn3(VIETNAMESE) * 10_000,
        b"\xff\xfe" + b"ab" * 500_000,
    ]
    for content in texts:
        short, long = (min(_seconds(content[:size]) for _ in range(5)) for size in (len(content) // 4, len(content)))
        assert long < 12 * short + 0.05


def _seconds(content: bytes) -> float:
    start = time.process_time()
    ours(content)
    return time.process_time() - start
