"""Readers' replies below a heading that quotes the headline."""

from __future__ import annotations

import pytest

from corpus.clean import clean

TITLE = "Làng ven sông dựng lại cây cầu sau lũ"
ARTICLE = [
    "Sáng nay, hơn một trăm người dân đã cùng nhau dựng lại cây cầu bị nước cuốn trôi hồi tháng tám.",
    "Theo trưởng thôn, cây cầu mới cao hơn cầu cũ nửa mét và có thể chịu được những trận lũ lớn hơn.",
    "Con đường đến trường của lũ trẻ trong làng vì thế ngắn lại gần hai cây số so với đường vòng qua núi.",
]
REPLIES = [
    "Người xóm trên viết:",
    "Tôi đã đi qua cây cầu này hồi còn nhỏ, và tôi nhớ rằng mỗi mùa nước lên cả làng lại phải kéo nhau ra giữ cầu.",
    "Mong sao năm nay nước không lên cao như năm ngoái, để bà con còn kịp gặt xong vụ lúa muộn ở bên kia sông.",
]


def removed(heading: str, *, above: list[str] = ARTICLE) -> list[str]:
    cleaned = clean("\n\n".join([TITLE, *above, heading, *REPLIES]))
    return [line.text for line in cleaned.removed if line.rule == "replies_v1"]


@pytest.mark.parametrize(
    "heading",
    [
        f"34 responses to “{TITLE}”",
        f"2 bình luận về “{TITLE}”",
        f'5 suy nghĩ về "{TITLE.upper()}"',
        f"3 Antworten auf „{TITLE}“",
        f"1.204 réflexions au sujet de « {TITLE} »",
        f"7 комментариев к записи «{TITLE}»",
    ],
)
def test_everything_below_a_heading_that_quotes_the_headline_goes(heading: str) -> None:
    assert removed(heading) == [heading, *REPLIES]


def test_a_quote_of_something_else_is_no_heading() -> None:
    assert removed("34 responses to “Một bài khác”") == []


def test_a_heading_without_a_figure_is_none() -> None:
    assert removed(f"Theo bài “{TITLE}”") == []


def test_with_no_article_above_the_heading_nothing_goes() -> None:
    assert removed(f"34 responses to “{TITLE}”", above=ARTICLE[:1]) == []


def test_headings_that_quote_nothing_cost_linear_time() -> None:
    """Each of these would be compared with all lines above it; as it is, they are looked up."""
    lines = [*ARTICLE, *(f"3 dòng “số {number}”" for number in range(60_000))]
    assert not [line for line in clean("\n".join(lines)).removed if line.rule == "replies_v1"]
