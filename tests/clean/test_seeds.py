"""The two seed documents come out as a careful editor would leave them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.clean import Cleaned, clean

ROOT = Path(__file__).parents[2]
EXPECTED = Path(__file__).parent / "expected"


def cleaned_seed(number: str) -> Cleaned:
    (path,) = (ROOT / "seeds").glob(f"{number}_*.txt")
    return clean(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", ["000", "002"])
def test_text_is_exactly_the_expected_one(number: str) -> None:
    expected = (EXPECTED / f"{number}.txt").read_text(encoding="utf-8").removesuffix("\n")
    assert cleaned_seed(number).text == expected


def test_fields_of_the_page_with_a_headline_are_lifted() -> None:
    seed = cleaned_seed("000")
    assert seed.title == "Tiếp tục đưa quan hệ Việt Nam - Hoa Kỳ ngày càng phát triển ổn định, thực chất"
    assert seed.credit == "TTXVN/Vietnam+"
    assert seed.url == (
        "https://www.vietnamplus.vn/tiep-tuc-dua-quan-he-viet-nam-hoa-ky-ngay-cang-phat-trien-on-dinh-"
        "thuc-chat-post978639.vnp"
    )
    assert seed.author is None
    assert seed.published is None
    assert seed.language == "vi"


def test_the_page_without_a_headline_has_no_title() -> None:
    seed = cleaned_seed("002")
    assert (seed.title, seed.credit, seed.author, seed.url) == (None, None, None, None)
    assert seed.language == "vi"


def test_each_removed_line_names_the_rule_that_took_it() -> None:
    rules = {finding.line: finding.rule for finding in cleaned_seed("000").removed}
    assert rules[4] == "glued_headlines_v1"
    assert {rules[5], rules[6], rules[23]} == {"repeated_caption_v1"}
    assert {rules[22], rules[37]} == {"image_name_v1"}
    assert rules[38] == "photo_caption_v1"
    assert rules[56] == "credit_line_v1"
    assert rules[58] == "url_line_v1"
    assert {rule for line, rule in rules.items() if line >= 60} == {"related_section_v1"}


def test_only_the_counter_of_comments_leaves_the_other_page() -> None:
    (finding,) = cleaned_seed("002").removed
    assert (finding.line, finding.text, finding.rule) == (19, "Bình luận (0)", "comment_counter_v1")
