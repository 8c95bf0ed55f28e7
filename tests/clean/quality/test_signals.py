"""The signals: equal to the papers' definitions, and the same for a document whatever stands beside it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.clean.quality import SIGNALS, measure
from corpus.signals import SOURCES
from tests.clean.quality.reference import reference

Row = dict[str, int | float]

# Few different words, so that rows of up to ten come back, with all that signals look for among them.
WORDS = """
a b A b, (a của và 12 a1 - • … x... # { lorem Ipsum JavaScript Đi. đi!” sao?) “ ﬁ İ
東京 京。「 京。！ ภาษา မြန်မာ ok東 3年
"""
SPECIAL = ["\u0301", "x" * 31, "y" * 1001, "\n", "\n", "\n\n", "\n \n", "\u3000", "\t", "\u2028"]
PIECES = st.sampled_from([*WORDS.split(), *SPECIAL])
SEPARATORS = st.sampled_from([" ", " ", " ", "", "  "])
TEXTS = st.lists(st.tuples(PIECES, SEPARATORS), max_size=60).map(
    lambda pairs: "".join(piece + separator for piece, separator in pairs)
)
ROWS = st.lists(st.sampled_from("aab"), max_size=80).map(" ".join)
ANY = st.text(st.characters(), max_size=60)


def one(text: str, language: str = "und") -> Row:
    return measure([text], [language]).rows()[0]


@given(TEXTS | ROWS | ANY)
@example("")
@example("a b a b\n\na b a b")
@example("a b a b a b many characters many characters")
@example("a b a b longer letters longer letters")
@settings(max_examples=400, deadline=None)
def test_signals_are_what_the_papers_define(text: str) -> None:
    assert one(text, "vi") == reference(text, "vi")


@given(st.lists(st.tuples(TEXTS | ROWS | ANY, st.sampled_from(["vi", "en", "zh-Hans", "und"])), max_size=6))
@settings(deadline=None)
def test_a_document_has_the_same_signals_alone_and_among_others(documents: list[tuple[str, str]]) -> None:
    together = measure([text for text, _ in documents], [language for _, language in documents]).rows()
    assert together == [one(text, language) for text, language in documents]


@given(st.lists(TEXTS, max_size=6))
@example(["a lorem", "Ipsum a"])
@settings(deadline=None, max_examples=50)
def test_documents_may_be_looked_at_in_any_groups(texts: list[str]) -> None:
    languages = ["vi"] * len(texts)
    whole = measure(texts, languages)
    parted = measure(texts, languages, group_chars=20)
    assert parted.rows() == whole.rows()
    assert np.array_equal(parted.words.hashes, whole.words.hashes)
    assert np.array_equal(parted.words.first, whole.words.first)


@given(st.lists(TEXTS, min_size=1, max_size=4))
@settings(deadline=None, max_examples=50)
def test_columns_are_those_of_the_table_and_shares_lie_between_0_and_1(texts: list[str]) -> None:
    measured = measure(texts, ["vi"] * len(texts))
    assert len(measured) == len(texts)
    assert list(measured.columns) == [signal.name for signal in SIGNALS]
    for signal in SIGNALS:
        column = measured.columns[signal.name]
        assert column.dtype == (np.int64 if signal.type is int else np.float64)
        assert len(column) == len(texts)
        if signal.name.endswith("_share"):
            assert (column >= 0).all()
            assert (column <= 1).all()


def test_each_signal_is_described_once_and_cites_a_known_source() -> None:
    assert len({signal.name for signal in SIGNALS}) == len(SIGNALS)
    for signal in SIGNALS:
        assert signal.source in SOURCES
        assert len(signal.description) > 4
        assert "|" not in signal.description


def test_nothing_has_no_words_and_all_shares_are_0() -> None:
    for text in ["", " \n\n\t\u3000 "]:
        row = one(text)
        assert row.pop("characters") == len(text)
        assert set(row.values()) == {0}
    assert len(measure([], [])) == 0
    assert measure([], []).rows() == []


def test_shares_are_rounded_half_up_from_whole_numbers() -> None:
    """13 of 160 are 0.08125, which no float is exactly."""
    assert one("1" * 13 + "x" * 147)["digit_share"] == 0.0813
    assert one("1" * 27 + "x" * 133)["digit_share"] == 0.1688
    assert one("1" + "x" * 2)["digit_share"] == 0.3333


def test_vietnamese_words_are_syllables() -> None:
    row = one("Cầu tre mới, cao hơn cầu cũ.", "vi")
    assert row["words"] == 7
    assert row["vietnamese_word_share"] == round(5 / 7, 4)
    assert row["alpha_word_share"] == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [("东京都。", 3), ("「东京」", 3), ("東京 2024年 iPhone版", 6), ("ที่นี่", 2), ("မြန်မာ", 3), ("한국어 문장", 2)],
)
def test_letters_are_words_in_scripts_without_spaces(text: str, words: int) -> None:
    assert one(text)["words"] == words


def test_a_row_of_words_repeats_whatever_its_case_and_punctuation() -> None:
    row = one("Giá gạo hôm nay. “Giá gạo” tăng, GIÁ GẠO: giảm.")
    spans = len("Giágạo") + len("“Giágạo”") + len("GIÁGẠO:")
    assert row["top_2_gram_char_share"] == round(spans / len("Giágạohômnay.“Giágạo”tăng,GIÁGẠO:giảm."), 4)


def test_a_row_that_stands_once_is_no_repetition() -> None:
    row = one("Mỗi từ ở đây chỉ đứng một lần")
    assert not any(value for name, value in row.items() if "gram" in name)


def test_rows_do_not_reach_from_one_document_into_the_next() -> None:
    rows = measure(["một hai ba bốn năm sáu", "một hai ba bốn năm sáu", "sáu một hai"], ["vi"] * 3).rows()
    assert not any(row[name] for row in rows for name in row if "gram" in name)


def test_lines_repeat_to_the_character_blank_ones_and_indents_aside() -> None:
    row = one("Đọc thêm\n\n  Đọc thêm\n\nđọc thêm\n")
    assert row["lines"] == 3
    assert row["duplicate_line_share"] == row["duplicate_paragraph_share"] == round(1 / 3, 4)


def test_stop_words_are_those_of_the_language() -> None:
    text = "The bridge of the village and the river"
    english, german, none = (one(text, tag) for tag in ("en-GB", "de", "und"))
    assert (english["stop_words"], english["distinct_stop_words"]) == (5, 3)
    assert english["stop_word_share"] == round(5 / 8, 4)
    assert german["stop_words"] == none["stop_words"] == 0


def test_c4_keeps_sentences_of_full_lines_only() -> None:
    kept = "Cây cầu tre mới vừa thông xe. Dân làng rất vui!"
    lines = [
        "Cây cầu tre mới vừa thông xe",
        "Xem thêm ở đây.",
        "Please turn on JavaScript in your browser.",
        "Và rồi mọi người cùng đợi...",
        f"Một từ dài đến {'x' * 1001} thì thôi.",
    ]
    assert one("\n".join([kept, *lines]))["c4_sentences"] == 2
    for line in lines:
        assert one(line)["c4_sentences"] == 0


def test_words_are_hashed_for_whoever_compares_documents() -> None:
    words = measure(["Giá gạo - hôm nay", "", "“giá, GẠO"], ["vi"] * 3).words
    first, second, third = (hashes.tolist() for hashes in np.split(words.hashes, words.first[1:-1]))
    assert len(first) == 4
    assert second == []
    assert third == first[:2]


def test_signals_become_arrow_columns() -> None:
    measured = measure(["Một câu.", "Hai câu. Ba câu."], ["vi", "vi"])
    names, columns = list(measured.columns), list(measured.columns.values())
    assert pa.StructArray.from_arrays([pa.array(column) for column in columns], names).to_pylist() == measured.rows()
