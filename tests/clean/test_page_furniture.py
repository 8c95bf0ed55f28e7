"""Buttons, counters, labels, menus and footers."""

from __future__ import annotations

import pytest

from corpus.clean import clean

Article = tuple[str, ...]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Bình luận (0)", "comment_counter_v1"),
        ("12 comments", "comment_counter_v1"),
        ("Kommentare (3)", "comment_counter_v1"),
        ("Chia sẻ", "share_bar_v1"),
        ("Copy link", "share_bar_v1"),
        ("Sign in", "share_bar_v1"),
        ("Quảng cáo", "ad_label_v1"),
        ("Advertisement", "ad_label_v1"),
        ("Phiên bản di động", "site_footer_v1"),
        ("© 2024 Báo Xóm Đồi", "site_footer_v1"),
    ],
)
def test_a_widget_between_article_and_end_goes(vietnamese: Article, line: str, rule: str) -> None:
    cleaned = clean("\n".join([*vietnamese, line]))
    assert cleaned.text == "\n".join(vietnamese)
    assert [finding.rule for finding in cleaned.removed] == [rule]


def test_a_word_that_is_a_menu_entry_elsewhere_stays_as_a_subheading(english: Article) -> None:
    text = "\n\n".join([*english[:3], "Technology", *english[3:]])
    assert clean(text).text == text


def test_a_row_of_generic_words_goes_with_the_sure_one_among_them(english: Article) -> None:
    row = ("Home", "Help", "Jobs", "Privacy policy", "Contact")
    assert clean("\n".join([*english, *row])).text == "\n".join(english)
    glossary = "Home\nHelp\nJobs\nContact"
    assert clean(glossary).text == glossary


def test_a_number_goes_beside_a_button_and_stays_in_a_list(english: Article) -> None:
    assert clean("\n".join([*english, "Share", "128"])).text == "\n".join(english)
    countdown = "3\n2\n1\nLift-off"
    assert clean(countdown).text == countdown


def test_menus_above_and_footers_below_a_whole_page_go(english: Article) -> None:
    title = "The railway museum at the edge of town opens again"
    menu = ("Valley Herald", "Home", "News", "Sport", "Markets this week", "Subscribe", "Sign in")
    footer = ("About us", "Contact us", "Valley Herald Publishing House", "Privacy policy", "Terms of use")
    assert clean("\n".join([*menu, title, *english, *footer])).text == "\n".join([title, *english])


def test_a_word_for_comments_is_a_subheading_between_paragraphs_unless_it_counts(english: Article) -> None:
    text = "\n\n".join([*english[:3], "Comments", *english[3:]])
    assert "comment_counter_v1" not in {finding.rule for finding in clean(text).removed}
    counted = "\n\n".join([*english[:3], "Comments (4)", *english[3:]])
    assert clean(counted).text == "\n\n".join(english)
