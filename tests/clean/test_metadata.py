"""Fields that a text names itself."""

from __future__ import annotations

import datetime

import pytest

from corpus.clean import clean
from corpus.recipe import Clean, Cleaning

Article = tuple[str, ...]
TITLE = "Xóm Đồi dựng lại cây cầu tre sau mùa lũ"
URL = "https://baoxomdoi.example/xom-doi-dung-lai-cay-cau-tre-sau-mua-lu-1207.html"


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("Theo TTXVN/Vietnam+", "TTXVN/Vietnam+"),
        ("(Theo Báo Xóm Đồi)", "Báo Xóm Đồi"),
        ("Nguồn: baoxomdoi.example", "baoxomdoi.example"),
        ("Source: Valley Herald", "Valley Herald"),
        ("Quelle: Talbote", "Talbote"),
        ("来源：河谷日报", "河谷日报"),
    ],
)
def test_a_credit_below_the_article_is_lifted(vietnamese: Article, line: str, credit: str) -> None:
    cleaned = clean("\n".join([*vietnamese, line]))
    assert cleaned.credit == credit
    assert cleaned.text == "\n".join(vietnamese)
    assert [finding.rule for finding in cleaned.removed] == ["credit_line_v1"]


@pytest.mark.parametrize("line", ["Theo sau là lũ trẻ", "Theo ông Pín, cầu sẽ đứng vững.", "Nguồn nước sạch"])
def test_a_line_that_only_begins_like_a_credit_is_none(vietnamese: Article, line: str) -> None:
    cleaned = clean("\n".join([*vietnamese, line]))
    assert cleaned.credit is None
    assert "credit_line_v1" not in {finding.rule for finding in cleaned.removed}


def test_the_address_of_the_page_is_lifted_and_proves_the_title(vietnamese: Article) -> None:
    cleaned = clean("\n".join([TITLE, *vietnamese, URL]))
    assert (cleaned.title, cleaned.url) == (TITLE, URL)
    assert cleaned.text == "\n".join([TITLE, *vietnamese])


def test_addresses_of_other_pages_stay(vietnamese: Article) -> None:
    links = ("https://a.example/one", "https://b.example/two", "https://c.example/three")
    cleaned = clean("\n".join([*vietnamese, *links]), options=Cleaning(clean=Clean(boilerplate=False)))
    assert cleaned.url is None
    assert cleaned.text.endswith("\n".join(links))


def test_a_headline_above_prose_is_the_title_and_stays_in_the_text(vietnamese: Article) -> None:
    cleaned = clean("\n\n".join([TITLE, *vietnamese]))
    assert cleaned.title == TITLE
    assert cleaned.text.startswith(TITLE)


@pytest.mark.parametrize(
    "first",
    [
        "Điều 7. Quyền của người trồng rừng",
        "Cây cầu mới. (Ảnh: Vàng A Sử)",
        "1. Chuẩn bị tre và dây buộc",
        "Sáng nay.",
    ],
)
def test_a_first_line_that_is_something_else_is_no_title(vietnamese: Article, first: str) -> None:
    assert clean("\n".join([first, *vietnamese])).title is None


def test_a_headline_of_another_story_is_no_title(english: Article) -> None:
    assert clean("\n".join(["Farmers welcome heavy rain across southern counties", *english])).title is None


def test_a_first_paragraph_is_no_title(vietnamese: Article) -> None:
    assert clean("\n".join(vietnamese)).title is None


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Ann Miller", "Ann Miller"),
        ("Von Anna Müller", "Anna Müller"),
        ("Tác giả: Vàng A Sử", "Vàng A Sử"),
    ],
)
def test_a_byline_under_the_title_is_lifted(english: Article, line: str, author: str) -> None:
    cleaned = clean("\n".join(["The railway museum opens again", line, *english]))
    assert cleaned.author == author
    assert line not in cleaned.text


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2024-09-23", datetime.date(2024, 9, 23)),
        ("Thứ hai, 23/9/2024, 08:15 (GMT+7)", datetime.date(2024, 9, 23)),
        ("Ngày 23 tháng 9 năm 2024", datetime.date(2024, 9, 23)),
        ("23. September 2024, 8:15 Uhr", datetime.date(2024, 9, 23)),
        ("Published September 3, 2024 at 8:15 am", datetime.date(2024, 9, 3)),
        ("lundi 23 septembre 2024", datetime.date(2024, 9, 23)),
        ("2024年9月23日", datetime.date(2024, 9, 23)),
    ],
)
def test_a_date_under_the_title_is_lifted(english: Article, line: str, day: datetime.date) -> None:
    cleaned = clean("\n".join(["The railway museum opens again", line, *english]))
    assert cleaned.published == day
    assert line not in cleaned.text


def test_figures_are_read_by_the_custom_of_the_language(english: Article, vietnamese: Article) -> None:
    assert clean("\n".join(["The museum opens its doors", "03/04/2024", *english])).published == datetime.date(
        2024, 3, 4
    )
    assert clean("\n".join([TITLE, "03/04/2024", *vietnamese])).published == datetime.date(2024, 4, 3)


@pytest.mark.parametrize("line", ["31/02/2024", "Sinh ngày 12/5/1990 tại bản Lác", "Mùa lũ năm 2024"])
def test_a_line_that_is_not_just_a_day_is_no_date(vietnamese: Article, line: str) -> None:
    cleaned = clean("\n".join([TITLE, line, *vietnamese]))
    assert cleaned.published is None
    assert "date_line_v1" not in {finding.rule for finding in cleaned.removed}


def test_given_fields_win_over_lifted_ones(vietnamese: Article) -> None:
    given = clean(
        "\n".join([TITLE, *vietnamese, "Theo Báo Xóm Đồi", URL]),
        url="https://other.example/",
        title="Cầu tre",
        author="Vàng A Sử",
        credit="Hãng tin",
        published=datetime.date(2020, 1, 2),
    )
    assert (given.url, given.title, given.author) == ("https://other.example/", "Cầu tre", "Vàng A Sử")
    assert (given.credit, given.published) == ("Hãng tin", datetime.date(2020, 1, 2))
    assert given.text == "\n".join([TITLE, *vietnamese])


def test_each_part_can_be_turned_off(vietnamese: Article) -> None:
    text = "\n".join([TITLE, *vietnamese, "Theo Báo Xóm Đồi", "Bình luận (0)"])
    no_fields = clean(text, options=Cleaning(clean=Clean(metadata=False)))
    assert (no_fields.title, no_fields.credit) == (None, None)
    no_rules = clean(text, options=Cleaning(clean=Clean(boilerplate=False)))
    assert no_rules.credit == "Báo Xóm Đồi"
    assert "Bình luận (0)" in no_rules.text


def test_a_breadcrumb_is_no_title(vietnamese: Article) -> None:
    assert clean("\n".join(["Tin tức > Đời sống > Xóm Đồi dựng cầu tre", TITLE, *vietnamese])).title == TITLE
