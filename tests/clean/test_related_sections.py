"""Boxes of other stories: what of a page goes with them, and what must not."""

from __future__ import annotations

import pytest

from corpus.clean import Cleaned, clean

Article = tuple[str, ...]

HEADLINES = (
    "Chợ phiên vùng cao tấp nập ngày giáp Tết",
    "Mùa lê trắng nở muộn trên cao nguyên đá",
    "Lớp học chữ của cô giáo về hưu bên sông",
)
TEASERS = (
    "Từ tờ mờ sáng, người các bản đã gùi hàng xuống chợ, cười nói rộn ràng suốt dọc con đường đất.",
    "Năm nay trời rét kéo dài nên hoa lê nở chậm hơn mọi năm ba tuần, khách ngắm hoa phải chờ đợi.",
    "Lớp học chỉ có một tấm bảng và sáu chiếc ghế, nhưng tối nào cũng sáng đèn đến tận khuya.",
)


def lines_of(*parts: str) -> str:
    return "\n\n".join(parts)


def rules_of(cleaned: Cleaned) -> set[str]:
    return {finding.rule for finding in cleaned.removed}


@pytest.mark.parametrize(
    "heading",
    [
        "Tin liên quan",
        "Xem thêm:",
        ">> Đọc thêm",
        "CÓ THỂ BẠN QUAN TÂM",
        "Related stories",
        "Lesen Sie auch",
        "À lire aussi",
        "Noticias relacionadas",
        "Leggi anche",
        "Читайте также",
        "関連記事",
        "관련기사",
        "相关阅读",
    ],
)
def test_a_box_below_the_article_goes_to_the_end(vietnamese: Article, heading: str) -> None:
    cleaned = clean(lines_of(*vietnamese, heading, *HEADLINES))
    assert cleaned.text == lines_of(*vietnamese)
    assert rules_of(cleaned) == {"related_section_v1"}


def test_a_box_below_the_article_takes_its_teasers(vietnamese: Article) -> None:
    box = [line for pair in zip(HEADLINES, TEASERS, strict=True) for line in pair]
    assert clean(lines_of(*vietnamese, "Tin khác", *box)).text == lines_of(*vietnamese)


def test_a_box_in_mid_article_takes_only_its_headlines(vietnamese: Article) -> None:
    cleaned = clean(lines_of(*vietnamese[:3], "Tin liên quan", *HEADLINES, *vietnamese[3:]))
    assert cleaned.text == lines_of(*vietnamese)


def test_the_last_paragraph_below_a_box_stays(vietnamese: Article) -> None:
    cleaned = clean(lines_of(*vietnamese[:5], "Tin liên quan", *HEADLINES, vietnamese[5]))
    assert cleaned.text == lines_of(*vietnamese)


def test_a_single_link_between_paragraphs_takes_no_paragraph(english: Article) -> None:
    cleaned = clean(lines_of(*english[:5], "Read more", "Ten small museums worth a detour", english[5]))
    assert cleaned.text == lines_of(*english)


def test_a_list_of_headline_same_headline_teaser_needs_no_heading(vietnamese: Article) -> None:
    triples = [line for h, t in zip(HEADLINES, TEASERS, strict=True) for line in (h, h, t)]
    cleaned = clean(lines_of(*vietnamese, *triples))
    assert cleaned.text == lines_of(*vietnamese)
    assert rules_of(cleaned) == {"repeated_headline_v1"}


def test_of_a_doubled_headline_one_stays(vietnamese: Article) -> None:
    text = lines_of(vietnamese[0].rstrip("."), vietnamese[0].rstrip("."), *vietnamese)
    assert all(paragraph in clean(text).text for paragraph in vietnamese)


@pytest.mark.parametrize(
    "sentence",
    [
        "Xem thêm hai nhịp cầu nữa mới thấy hết công sức mà bà con đã bỏ ra suốt cả mùa mưa vừa rồi.",
        "Chia sẻ với chúng tôi, ông Pín nói rằng ông chỉ mong cây cầu này đứng vững được ba mươi năm.",
        "Bình luận về việc ấy, anh Pha cho rằng không ai có thể tự mình dựng nổi dù chỉ một nhịp cầu.",
        "Related stories were told all evening, and nobody wanted to go home before the last of them.",
    ],
)
def test_the_words_of_a_heading_inside_prose_remove_nothing(vietnamese: Article, sentence: str) -> None:
    text = lines_of(*vietnamese[:2], sentence, *vietnamese[2:])
    assert clean(text).removed == ()


def test_subheadings_of_the_article_stay(vietnamese: Article) -> None:
    text = lines_of(*vietnamese[:2], "Góp tre, góp công", *vietnamese[2:4], "Nhịp cầu cuối cùng", *vietnamese[4:])
    assert clean(text).text == text


def test_comments_of_readers_below_the_article_go(english: Article) -> None:
    comments = ("railfan_61", "Lovely place, went there twice", "Anna", "The whistle is very loud")
    cleaned = clean(lines_of(*english, "Comments (2)", *comments))
    assert cleaned.text == lines_of(*english)
    assert rules_of(cleaned) == {"comment_section_v1"}


def test_a_heading_that_would_swallow_the_article_takes_only_itself(english: Article) -> None:
    body = [line for n, p in enumerate(english * 2) for line in (f"{n}. {p}", f"Part number {n} of the tour")]
    cleaned = clean(lines_of(*english[:2], "Comments", *body))
    assert all(line in cleaned.text for line in body)


def test_headlines_glued_into_one_line_under_the_lead_go(vietnamese: Article) -> None:
    more = (
        "Ông Lò Văn Pín nói thêm rằng những cây tre già nhất được chặt từ khu rừng do chính ông trồng.",
        "Anh Pha cho biết sang năm cả xóm sẽ cùng nhau đắp lại đoạn đường dốc xuống bến đò cũ.",
    )
    glued = (
        "Cầu tre mới nối đôi bờ suối sau mùa lũ dữ Ông Lò Văn Pín và sáu mươi năm giữ nghề đan lát của "
        "người xóm Đồi Trẻ em vùng cao thêm gần con chữ"
    )
    cleaned = clean(lines_of("Cây cầu tre của xóm Đồi", vietnamese[0], glued, *vietnamese[1:], *more))
    assert [(finding.text, finding.rule) for finding in cleaned.removed] == [(glued, "glued_headlines_v1")]


def test_a_paragraph_that_only_lacks_its_stop_is_not_glued_headlines(vietnamese: Article) -> None:
    unstopped = vietnamese[1].rstrip(".")
    text = lines_of("Cây cầu tre của xóm Đồi", vietnamese[0], unstopped, *vietnamese[2:])
    assert clean(text).text == text
