"""A user's own rules: their word is final."""

from __future__ import annotations

from typing import Any

from corpus.clean import Cleaned, clean
from corpus.recipe import Clean, Cleaning, LineRule

Article = tuple[str, ...]


def cleaned(text: str, *rules: dict[str, Any], url: str | None = None) -> Cleaned:
    return clean(text, url=url, options=Cleaning(clean=Clean(rules=[LineRule(**rule) for rule in rules])))


def taken(result: Cleaned) -> list[tuple[str, str]]:
    return [(line.text, line.rule) for line in result.removed if line.rule.startswith("own/")]


def with_line(article: Article, *lines: str) -> str:
    return "\n".join([*article[:3], *lines, *article[3:]])


def test_a_phrase_takes_whole_lines_whatever_their_case_and_bullets(vietnamese: Article) -> None:
    result = cleaned(with_line(vietnamese, "» MỜI ĐỌC SỐ TẾT:"), {"name": "tet", "phrases": ["Mời đọc số Tết"]})
    assert taken(result) == [("» MỜI ĐỌC SỐ TẾT:", "own/tet")]


def test_a_phrase_takes_nothing_from_prose(vietnamese: Article) -> None:
    result = cleaned(with_line(vietnamese), {"name": "bridge", "phrases": ["cây cầu tre"]})
    assert taken(result) == []


def test_a_pattern_is_searched_in_each_line(vietnamese: Article) -> None:
    line = "Tải ứng dụng Xóm Đồi để đọc tin sớm nhất, nhanh nhất, đầy đủ nhất mỗi ngày trên điện thoại của bạn."
    result = cleaned(with_line(vietnamese, line), {"name": "app", "patterns": ["^Tải ứng dụng .* Đồi"]})
    assert taken(result) == [(line, "own/app")]


def test_a_heading_takes_its_box_and_not_the_rest_of_the_article(vietnamese: Article) -> None:
    box = ["Chuyện làng mình", "Hội đua thuyền dời sang tháng sau", "Mùa măng đến sớm"]
    result = cleaned(with_line(vietnamese, *box), {"name": "village", "headings": ["Chuyện làng mình"]})
    assert [text for text, _ in taken(result)] == box
    assert all(paragraph in result.text for paragraph in vietnamese)


def test_lines_to_keep_stay_whatever_else_takes_them(vietnamese: Article) -> None:
    text = with_line(vietnamese, "Bình luận (0)")
    assert "Bình luận (0)" not in clean(text).text
    assert "Bình luận (0)" in cleaned(text, {"name": "poll", "patterns": ["^Bình luận"], "keep": True}).text


def test_what_is_kept_wins_over_what_is_taken(vietnamese: Article) -> None:
    rules: list[dict[str, Any]] = [
        {"name": "take", "patterns": ["cầu"]},
        {"name": "stay", "patterns": ["cầu tre"], "keep": True},
    ]
    result = cleaned(with_line(vietnamese, "Cây cầu tre của xóm"), *rules)
    assert "Cây cầu tre của xóm" in result.text


def test_a_rule_for_a_site_holds_for_that_host_and_below(vietnamese: Article) -> None:
    rule = {"name": "motto", "phrases": ["Tiếng nói của xóm"], "sites": ["xomdoi.example"]}
    text = with_line(vietnamese, "Tiếng nói của xóm")
    assert taken(cleaned(text, rule, url="https://xomdoi.example/1"))
    assert taken(cleaned(text, rule, url="https://tin.xomdoi.example/1"))
    assert not taken(cleaned(text, rule, url="https://khac-xomdoi.example/1"))
    assert not taken(cleaned(text, rule))


def test_a_rule_for_a_language_holds_for_texts_in_it(vietnamese: Article, english: Article) -> None:
    rule = {"name": "motto", "phrases": ["Since 1961"], "languages": ["en"]}
    assert taken(cleaned(with_line(english, "Since 1961"), rule))
    assert not taken(cleaned(with_line(vietnamese, "Since 1961"), rule))


def test_a_line_too_long_for_patterns_is_left_alone() -> None:
    result = cleaned("x" * 3000, {"name": "any", "patterns": ["x"]})
    assert taken(result) == []
