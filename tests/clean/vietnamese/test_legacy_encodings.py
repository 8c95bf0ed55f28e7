"""Vietnamese from before Unicode is converted; whatever else looks odd is not."""

from __future__ import annotations

import json
import subprocess
import time
import unicodedata
from shutil import which

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.vietnamese import CASES, read_tsv
from corpus.clean.vietnamese import convert_all, convert_legacy
from corpus.clean.vietnamese.encodings import ENCODINGS, Encoding, as_windows_1252, table
from corpus.clean.vietnamese.letters import MARKED
from corpus.clean.vietnamese.syllables import syllables

LEGACY = [json.loads(line) for line in (CASES / "legacy.jsonl").read_text(encoding="utf-8").splitlines()]
FOREIGN = read_tsv("foreign")
ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=200)
ODD_TEXT = st.text(
    alphabet=st.sampled_from("®Öµ¸«»·ßåäöüñøùûõï©\xad\x8e\x93\xa0“”’^'`~?.+*(dDaAeoOuUyi nghtc\n\x02\x1c\ud800"),
    max_size=300,
)


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_letter_comes_back(name: Encoding) -> None:
    assert [table(name).decode(table(name).encode(letter)) for letter in MARKED] == list(MARKED)
    assert len({table(name).encode(letter) for letter in MARKED}) == 134


@pytest.mark.parametrize("name", ["TCVN3", "VISCII", "VPS"])
def test_every_letter_comes_back_from_windows_1252(name: Encoding) -> None:
    for letter in MARKED:
        byte = ord(table(name).encode(letter))
        assert table(name).decode(as_windows_1252().get(byte, chr(byte))) == letter


@pytest.mark.parametrize(("name", "charset"), [("TCVN3", "TCVN5712-1"), ("VISCII", "VISCII")])
def test_bytes_are_those_of_iconv(name: Encoding, charset: str) -> None:
    if which("iconv") is None or charset not in subprocess.run(["iconv", "-l"], capture_output=True, text=True).stdout:
        pytest.skip(f"iconv knows no {charset}")
    command = ["iconv", "-f", "UTF-8", "-t", charset]
    written = subprocess.run(command, input="".join(MARKED).encode(), capture_output=True, check=True).stdout
    assert table(name).encode("".join(MARKED)) == written.decode("latin-1")


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("TCVN3", "ViÖt Nam, ®Êt n\xadíc"),
        ("VNI", "Vieät Nam, ñaát nöôùc"),
        ("VISCII", "Vi®t Nam, ð¤t nß¾c"),
        ("VPS", "Vi\x8ct Nam, Çãt nÜ§c".replace("ã", "Ã")),
        ("VPS", "ViŒt Nam, ÇÃt nÜ§c"),
        ("VIQR", "Vie^.t Nam, dda^'t nu+o+'c"),
        ("VIQR", "Vie^.t Nam, dda^'t nu*o*'c"),
    ],
)
def test_known_samples(name: Encoding, seen: str) -> None:
    assert table(name).decode(seen) == "Việt Nam, đất nước"


@pytest.mark.parametrize("case", LEGACY, ids=lambda case: case["encoding"])
def test_legacy_text_is_found_and_comes_back_whole(case: dict[str, str]) -> None:
    found = convert_legacy(case["seen"])
    assert found is not None
    assert (found.encoding, found.text) == (case["encoding"], case["meant"])


def test_only_lines_in_the_encoding_are_counted() -> None:
    mixed = next(case["seen"] for case in LEGACY if "êtes-vous" in case["seen"])
    found = convert_legacy(mixed)
    assert found is not None
    assert found.lines == 2


def test_capitals_typed_in_a_font_without_capital_vowels() -> None:
    found = convert_legacy("ViÖt Nam VI\xd6T NAM \xae\xcat n\xadíc vµ con ng\xadêi cña chóng t«i")
    assert found is not None
    assert found.text == "Việt Nam VIỆT NAM đất nước và con người của chúng tôi"


def test_small_letters_stay_small_whose_font_had_capital_shapes() -> None:
    found = convert_legacy("céng hßa x· héi chñ nghÜa viÖt nam")
    assert found is not None
    assert found.text == "cộng hòa xã hội chủ nghĩa việt nam"


TCVN3_TEXT = "§Êt n\xadíc vµ con ng\xadêi cña chóng t«i víi nh÷ng n¨m th¸ng Êy còng ®· ®\xadîc gi÷ g×n: "


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("« t« hay «t«", "ô tô hay ôtô"),
        ("«ViÖt Nam»", "«Việt Nam»"),
        ("“ViÖt Nam” – ‘®Êt n\xadíc’…", "“Việt Nam” – ‘đất nước’…"),
        ("· ë ®©y ¹", "· ở đây ạ"),
        ("5 µm, 3 ½, ©", "5 µm, 3 ½, ©"),
        ("café Müller, Zürich", "café Müller, Zürich"),
        ("§¾k L¾k, §akr«ng", "Đắk Lắk, Đakrông"),
        ("http://a.example/b?c=d#e print(x[0])", "http://a.example/b?c=d#e print(x[0])"),
    ],
)
def test_words_in_a_legacy_text(seen: str, meant: str) -> None:
    found = convert_legacy(f"{TCVN3_TEXT}{TCVN3_TEXT}{TCVN3_TEXT}{seen}")
    assert found is not None
    assert found.text.endswith(f" {meant}")


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("xin cha`o ba. Ho.c mo^.t gio+`", "xin chào ba. Học một giờ"),
        ("xin cha`o ba. ho.c mo^.t gio+`", "xin chào bạ học một giờ"),
        ("to+? bo^'. Ha. Long", "tở bố. Hạ Long"),
        ("ca' kho^\\. co' ma\\?", "cá khô. có ma?"),
        ("tru+o+`ng/lo+'p, ftp/no.i/ba`", "trường/lớp, ftp/no.i/ba`"),
        ("ngu+o+`i, nguo+`i", "người, người"),
        ("can't won't add odd ba.n@a.example", "can't won't add odd ba.n@a.example"),
        ("a^b x^2 e^{ix} ^_^", "a^b x^2 e^{ix} ^_^"),
    ],
)
def test_words_in_viqr(seen: str, meant: str) -> None:
    before = "dda^'t nu+o+'c va` con ngu+o+`i cu?a chu'ng to^i vo+'i nhu+~ng na(m tha'ng a^'y cu~ng dda~ ddu+o+.c giu+~"
    found = convert_legacy(f"{before}, {before}, {seen}")
    assert found is not None
    assert found.text.endswith(f", {meant}")


@pytest.mark.parametrize(
    "text",
    [
        "The word ®\xadîc means can, cña means of, vµ means and, and nh÷ng makes a plural of what follows it.",
        "®\xadîc ®\xadîc ®\xadîc ®\xadîc ®\xadîc ®\xadîc",
        "B¹ch ®µn cña vµ h«n",
    ],
)
def test_words_that_prove_little_stay(text: str) -> None:
    assert convert_legacy(text) is None


@pytest.mark.parametrize("text", ["ViÖt Nam", "Vieät Nam", "Vie^.t Nam", "", "®"])
def test_too_little_to_tell_stays(text: str) -> None:
    assert convert_legacy(text) is None


@pytest.mark.parametrize("case", FOREIGN, ids=lambda case: case[0])
def test_other_text_is_never_converted(case: list[str]) -> None:
    text = case[1]
    for shaped in (text, text.replace(" ", "\n"), f"{text} " * 5, text.upper(), text.lower()):
        assert convert_legacy(shaped) is None


CODECS = "cp1250 cp1251 cp1252 cp1253 cp1254 cp1257 iso8859-2 iso8859-3 iso8859-14 mac_roman cp437 cp850 koi8-r utf-8"


@pytest.mark.parametrize("codec", CODECS.split())
def test_mojibake_of_other_text_is_never_converted(codec: str) -> None:
    for _, text in FOREIGN:
        damaged = text.encode(codec, "ignore")
        for seen in (damaged.decode("latin-1"), damaged.decode("cp1252", "replace")):
            assert convert_legacy(seen) is None


def test_a_text_finds_the_same_in_any_company() -> None:
    texts = [case["seen"] for case in LEGACY] + [text for _, text in FOREIGN]
    alone = [convert_legacy(text) for text in texts]
    assert convert_all(texts) == alone
    assert convert_all(texts[::-1]) == alone[::-1]
    assert convert_all([]) == []


def test_halves_of_two_texts_make_no_third() -> None:
    words = ["®Êt", "n\xadíc", "vµ", "con", "ng\xadêi", "cña", "chóng", "t«i"]
    assert convert_all(words) == [None] * len(words)


@given(st.one_of(ANY_TEXT, ODD_TEXT))
@settings(max_examples=200)
def test_any_string_is_taken(text: str) -> None:
    found = convert_legacy(text)
    assert found is None or found.text.count("\n") == text.count("\n")


@given(
    st.sampled_from(ENCODINGS),
    st.lists(st.sampled_from(sorted(word for word in syllables() if len(word) > 1)), min_size=1, max_size=30),
)
@settings(max_examples=200)
def test_what_is_converted_reads_as_it_was_meant(name: Encoding, words: list[str]) -> None:
    """Any syllables behind a sentence that gives the encoding away. The end is marked: VIQR's marks are punctuation."""
    meant = (
        "đất nước và con người của chúng tôi với những năm tháng ấy cũng đã được giữ gìn, " + " ".join(words) + " ạ,"
    )
    found = convert_legacy(table(name).encode(meant))
    assert found is not None
    assert found.encoding == name
    assert found.text == meant
    assert unicodedata.is_normalized("NFC", found.text)


@pytest.mark.parametrize(
    "unit",
    [
        "a“",
        "®Ö",
        "V®Öt ",
        "a^",
        "a^ ",
        "dd^+.'",
        "\\",
        "a\\.^",
        "\xad",
        "é\u0301",
        "\x02®\x1c ",
        "«t« ® ",
        "\ud800®",
        "Öµ¸\n",
    ],
)
def test_time_grows_with_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = "ViÖt Nam ®Êt n\xadíc vµ con ng\xadêi ^^^++ " + unit * (length // len(unit))
        started = time.process_time()
        convert_legacy(text)
        return time.process_time() - started

    assert seconds(100_000) < 0.2 + 8 * seconds(50_000)
