"""Text without Vietnamese marks is told from text with them, whole or in part."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.vietnamese import Marks, count_marks, lacks_diacritics, marked_share
from corpus.clean.vietnamese.letters import MARKED

ANY_TEXT = st.text(alphabet=st.one_of(st.characters(codec=None, exclude_categories=()), st.sampled_from("aạ đ.\u0301")))


def stripped(text: str) -> str:
    """As people type who have no keyboard for it."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def test_news_bears_marks_on_most_words(vietnamese: tuple[str, ...]) -> None:
    (share,) = marked_share(["\n".join(vietnamese)])
    assert 0.65 < share < 0.95


def test_stripped_news_lacks_them(vietnamese: tuple[str, ...]) -> None:
    whole = "\n".join(vietnamese)
    with_marks, without = count_marks([whole, stripped(whole)])
    assert not lacks_diacritics(with_marks)
    assert lacks_diacritics(without)
    assert without.share == 0.0
    assert without.words == with_marks.words


def test_stripped_comments_under_an_article_do_not_count_as_such_a_text(vietnamese: tuple[str, ...]) -> None:
    article = "\n".join(vietnamese[:2])
    comments = stripped("\n".join(vietnamese[2:]) * 2)
    assert not lacks_diacritics(count_marks([f"{article}\n{comments}"])[0])


def test_a_few_names_with_marks_do_not_save_it(vietnamese: tuple[str, ...]) -> None:
    assert lacks_diacritics(count_marks([stripped("\n".join(vietnamese)) + " Nguyễn Văn"])[0])


def test_a_headline_is_too_short_to_tell() -> None:
    assert not lacks_diacritics(count_marks(["Thanh Long cho bay ra Nam Phi"])[0])


def test_words_are_runs_of_letters() -> None:
    assert count_marks(["Hôm nay, 20/11: ai đi? a1b"]) == [Marks(words=6, marked=2)]


def test_a_mark_apart_parts_no_word() -> None:
    assert count_marks(["man\u0308ana sen\u0303or"]) == [Marks(words=2, marked=1)]


def test_letters_of_other_languages_are_no_marks() -> None:
    assert count_marks(["Größe naïve façade Ελλάδα слово 漢字"])[0].marked == 0


@given(st.lists(st.sampled_from((*MARKED, "a", " ", "b")), max_size=40).map("".join))
def test_marks_apart_from_their_letters_count_the_same(text: str) -> None:
    # đ has no mark that comes apart, and stays.
    assert count_marks([unicodedata.normalize("NFD", text)]) == count_marks([text])


@given(st.lists(ANY_TEXT, max_size=5))
def test_a_text_counts_the_same_in_any_company(texts: list[str]) -> None:
    assert count_marks(texts) == [count_marks([text])[0] for text in texts]


@pytest.mark.parametrize("text", ["", "\n", "12 34", "\ud800"])
def test_text_without_words(text: str) -> None:
    assert marked_share([text]) == [0.0]
    assert not lacks_diacritics(count_marks([text])[0])
