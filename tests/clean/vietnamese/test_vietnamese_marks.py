"""Vietnamese without marks is told from Vietnamese with them, and tagged as what it is."""

from __future__ import annotations

import unicodedata

from corpus.clean import clean
from corpus.clean.vietnamese import WITHOUT_MARKS_TAG


def stripped(text: str) -> str:
    """As people type who have no keyboard for it."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def test_news_is_tagged_vietnamese(vietnamese: tuple[str, ...]) -> None:
    assert clean("\n".join(vietnamese)).language == "vi"


def test_news_without_marks_has_a_tag_of_its_own_and_stays(vietnamese: tuple[str, ...]) -> None:
    cleaned = clean(stripped("\n".join(vietnamese)))
    assert cleaned.language == WITHOUT_MARKS_TAG == "vi-t-d0-ascii"
    assert [share.tag for share in cleaned.languages] == [WITHOUT_MARKS_TAG]
    assert cleaned.quality["vietnamese_word_share"] == 0
    assert cleaned.dropped is None
    assert cleaned.text


def test_comments_without_marks_under_an_article_do_not_make_it_such_a_text(vietnamese: tuple[str, ...]) -> None:
    comments = stripped("\n".join(vietnamese[2:]) * 2)
    assert clean("\n".join([*vietnamese[:2], comments])).language == "vi"


def test_a_name_with_marks_does_not_save_it(vietnamese: tuple[str, ...]) -> None:
    assert clean(stripped("\n".join(vietnamese)) + " Nguyễn Văn").language == WITHOUT_MARKS_TAG


def test_a_headline_is_too_short_to_tell() -> None:
    assert clean("Thanh Long cho bay ra Nam Phi").language != WITHOUT_MARKS_TAG
