"""Documents as arrays of lines: the same lines as Python sees, whatever stands beside them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.clean.boilerplate.lines.batch import counts, read_batch
from corpus.clean.boilerplate.lines.page import read_arrays, read_page
from corpus.clean.boilerplate.model.features import feature_names, features
from corpus.clean.boilerplate.model.network import MAX_FEATURE
from corpus.clean.boilerplate.model.reasons import WORDS
from corpus.clean.repair import make_encodable

LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            ["Tin khác", "Tin khác (3)", "日本語の文です。次の文。", "a.b/c 12:30 3/4/2024", "  x  ", "…", "ภาษาไทย"]
        ),
    ),
    max_size=12,
)
TEXTS = LINES.map(lambda lines: make_encodable("\n".join(lines)).text)


@given(TEXTS)
def test_lines_are_those_that_python_sees(text: str) -> None:
    expected = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    assert [(line.number, line.text) for line in read_page(text).lines] == expected


@given(st.lists(TEXTS, min_size=1, max_size=5))
@example(["", "", "\x03", "\x02"])
def test_a_document_has_the_same_features_alone_and_among_others(texts: list[str]) -> None:
    together = features(read_arrays(texts))
    alone = np.concatenate([features(read_arrays([text])) for text in texts], axis=1)
    assert np.array_equal(together, alone)


@given(TEXTS)
def test_features_are_whole_numbers_within_bounds(text: str) -> None:
    matrix = features(read_arrays([text]))
    assert np.array_equal(matrix, np.floor(matrix))
    assert matrix.size == 0 or (matrix.min() >= 0 and matrix.max() <= MAX_FEATURE)


def test_lines_with_the_same_words_have_the_same_key() -> None:
    keys = read_batch(["Tin khác\n» TIN KHÁC:\nTin, khác\nKhác tin\nTin khác nhau"]).key
    assert keys[0] == keys[1] == keys[2]
    assert len(set(keys.tolist())) == 3


def test_words_of_scripts_without_spaces_are_pairs_of_neighbours() -> None:
    batch = read_batch(["東京都\n京都\n東京"])
    first, second, third = (words.tolist() for words in np.split(batch.word, batch.first_word[1:-1]))
    assert first[1] == second[0]
    assert first[0] == third[0]


def test_every_feature_says_something_in_words() -> None:
    assert set(WORDS) == set(feature_names())


def test_bullets_of_other_documents_are_no_copies() -> None:
    """The document of number 42 has the character of number 45 for a line, and the other way round."""
    texts = ["một dòng"] * 50
    texts[ord("*")], texts[ord("-")] = "-", "*"
    assert set(read_arrays(texts).copies.count.tolist()) == {1}


def test_copies_are_counted_within_a_document() -> None:
    lines = ["Một dòng", "Hai", "MỘT DÒNG.", "Ba", "Một dòng", "Hai"]
    copies = read_arrays(["\n".join(lines), "Một dòng\nBa"]).copies
    assert copies.count.tolist() == [3, 2, 3, 1, 3, 2, 1, 1]
    assert copies.first.tolist() == [True, True, False, True, False, False, True, True]
    assert copies.distance.tolist() == [2, 4, 2, -1, 2, 4, -1, -1]


@given(st.lists(st.lists(st.booleans(), max_size=12), max_size=12))
def test_chosen_entries_are_counted_from_edge_to_edge(rows: list[list[bool]]) -> None:
    flat = np.array([value for row in rows for value in row], bool)
    edges = np.cumsum([0, *map(len, rows)])
    choices = [flat, ~flat] * 5
    expected = [[sum(row) for row in rows], [len(row) - sum(row) for row in rows]] * 5
    assert [found.tolist() for found in counts(edges, choices)] == expected


STOPPED = "Hôm qua cả làng ra đồng từ sáng sớm để gặt cho xong vụ lúa mùa trước khi cơn bão đầu tiên vào tới bờ."
THAI = "เมื่อวานนี้ชาวบ้านทั้งหมู่บ้านออกไปเกี่ยวข้าวตั้งแต่เช้าตรู่เพื่อให้เสร็จก่อนที่พายุลูกแรกของปีจะเข้าฝั่งในคืนวันศุกร์นี้ตามประกาศของกรมอุตุนิยมวิทยา"


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("\n".join([THAI] * 9), [True] * 9),
        ("\n".join([STOPPED] * 4 + [STOPPED * 2 + " Và"]), [True] * 4 + [False]),
        ("\n".join([THAI] * 7 + [STOPPED]), [False] * 7 + [True]),
    ],
    ids=["a script without stops", "prose cut off among paragraphs", "one stop in eight lines"],
)
def test_a_paragraph_ends_as_prose_does_on_its_page(text: str, paragraphs: list[bool]) -> None:
    page = read_page(text)
    assert all(line.prose for line in page.lines)
    assert [page.is_paragraph(line) for line in page.lines] == paragraphs
