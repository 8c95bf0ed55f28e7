"""Which frequent lines leave a document, and which stay because they are text."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.boilerplate.rules.own import OwnRules
from corpus.dedup.site_lines import BOX, MANY, SHARE
from corpus.dedup.template import BLOCK_LINE, EDGE_LINE, TemplateLine, template_lines, why
from corpus.recipe import LineRule, SiteLines
from tests.dedup.site_helpers import Doc, own, rest

SENTENCE = "Mời bạn đọc gửi ý kiến về hộp thư của chúng tôi."
TEXT = "Đoạn văn này chỉ có ở đây."


def gone(lines: list[tuple[str, int]], title: str | None = None, kept: frozenset[int] = frozenset()) -> list[int]:
    """Indices of the lines that go, of lines with their levels."""
    levels = {index: level for index, (_, level) in enumerate(lines) if level}
    return [line.index for line in template_lines([text for text, _ in lines], levels, title, kept)]


def site(*frames: tuple[str, ...], pages: int = 8) -> list[Doc]:
    """Pages of a site that have these lines, in this order, between lines of their own."""
    docs = []
    for number in range(pages):
        lines = own(number, "mở đầu")
        for at, frame in enumerate(frames):
            lines += (*frame, *own(number, f"đoạn {at}"))
        docs.append(Doc(lines))
    return docs


# What goes


def test_frequent_lines_at_the_edges_of_a_page_go() -> None:
    page = [("Trang nhà", SHARE), ("Tin ảnh", MANY), (TEXT, 0), ("Tin ảnh", MANY), ("Liên hệ", MANY)]
    assert gone(page) == [0, 1, 3, 4]


def test_only_what_nothing_but_frequent_lines_stand_outside_of_is_at_an_edge() -> None:
    page = [(TEXT, 0), ("Tin ảnh", SHARE), (TEXT, 0), ("Tin ảnh", SHARE), (TEXT, 0)]
    assert gone(page) == []


def test_lines_without_letters_go_with_the_lines_around_them() -> None:
    page = [("Trang nhà", SHARE), ("|", 0), ("Tin ảnh", SHARE), ("----", 0), (TEXT, 0), ("***", 0), ("Hết", SHARE)]
    assert gone(page) == [0, 1, 2, 6]


def test_sentences_go_at_the_end_where_the_site_has_them_on_its_share_of_pages() -> None:
    assert gone([(TEXT, 0), (SENTENCE, SHARE)]) == [1]
    assert gone([(TEXT, 0), (SENTENCE, MANY)]) == []


def test_sentences_at_the_head_stay_and_so_does_what_is_below_them() -> None:
    assert gone([("Trang nhà", SHARE), (SENTENCE, SHARE), ("Tin ảnh", SHARE), (TEXT, 0)]) == [0]


def test_a_box_goes_also_amid_the_text_with_its_sentences() -> None:
    box = [("Thư hằng tuần", BOX), (SENTENCE, BOX), ("Địa chỉ của bạn", SHARE)]
    found = template_lines([TEXT, *[text for text, _ in box], TEXT], {1: BOX, 2: BOX, 3: SHARE})
    assert found == [
        TemplateLine(1, BLOCK_LINE, BOX),
        TemplateLine(2, BLOCK_LINE, BOX),
        TemplateLine(3, BLOCK_LINE, SHARE),
    ]


def test_lines_that_only_happen_to_follow_one_another_are_no_box() -> None:
    page = [(TEXT, 0), ("Muối", SHARE), ("Đường", SHARE), ("Tiêu", SHARE), ("Nước mắm", SHARE), (TEXT, 0)]
    assert gone(page) == []


def test_two_lines_are_no_box() -> None:
    assert gone([(TEXT, 0), ("Trả lời", BOX), ("Chào bạn", SHARE), (TEXT, 0)]) == []


def test_a_page_of_nothing_but_template_becomes_empty() -> None:
    assert gone([("Trang nhà", SHARE), ("Tin ảnh", MANY), (SENTENCE, SHARE)]) == [0, 1, 2]


def test_edges_and_boxes_have_rules_of_their_own() -> None:
    found = template_lines(["Trang nhà", TEXT, "Liên hệ"], {0: SHARE, 2: MANY})
    assert [(line.index, line.rule) for line in found] == [(0, EDGE_LINE), (2, EDGE_LINE)]


def test_the_audit_says_on_how_many_pages() -> None:
    rule = SiteLines(pages=10, share=0.2)
    assert why(TemplateLine(0, EDGE_LINE, MANY), rule) == "on 10 or more pages of this site"
    assert why(TemplateLine(0, BLOCK_LINE, BOX), rule) == "on 20 or more pages of this site, 20% of them or more"


# What stays


def test_nothing_goes_where_nothing_is_frequent() -> None:
    assert gone([("Một", 0), ("Hai", 0)]) == []


def test_the_title_stays_whatever_its_case_and_punctuation() -> None:
    page = [("Bản tin sáng", SHARE), (TEXT, 0), ("Liên hệ", SHARE)]
    assert gone(page) == [0, 2]
    assert gone(page, title="BẢN TIN SÁNG!") == [2]


def test_the_title_ends_the_head_of_a_page() -> None:
    page = [("Trang nhà", SHARE), ("Bún riêu", 0), ("Nguyên liệu", SHARE), (TEXT, 0)]
    assert gone(page, title="Bún riêu") == [0]


def test_the_first_line_stays_unless_the_site_has_it_on_its_share_of_pages() -> None:
    assert gone([("Tin ảnh", MANY), ("Liên hệ", SHARE), (TEXT, 0)]) == []
    assert gone([("Tin ảnh", SHARE), ("Liên hệ", SHARE), (TEXT, 0)]) == [0, 1]
    assert gone([("Tin ảnh", MANY), ("Liên hệ", SHARE)]) == [1]


def test_what_leads_on_to_the_text_stays_with_it() -> None:
    assert gone([("Trang nhà", SHARE), ("Hỏi:", SHARE), (TEXT, 0)]) == [0]


def test_lines_that_a_rule_of_ones_own_keeps_stay() -> None:
    rules = OwnRules([LineRule(name="motto", phrases=["tiếng nói của xóm"], sites=["xom.example"], keep=True)])
    page = [("Trang nhà", SHARE), (TEXT, 0), ("» Tiếng nói của xóm", SHARE), ("Liên hệ", SHARE)]
    lines = [text for text, _ in page]
    assert gone(page, kept=rules.kept(lines, "tin.xom.example", "vi")) == [0, 3]
    assert gone(page, kept=rules.kept(lines, "khac.example", "vi")) == [0, 2, 3]


def test_a_rule_that_takes_lines_keeps_none() -> None:
    rules = OwnRules([LineRule(name="motto", phrases=["Tiếng nói"], patterns=["xóm"])])
    assert rules.kept(["Tiếng nói", "xóm"], None, "vi") == frozenset()


@pytest.mark.parametrize(
    "line",
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập – Tự do – Hạnh phúc",
        "UBND XÃ VĨNH HÒA CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Nơi nhận:",
        "Im Namen des Volkes",
        "中华人民共和国",
    ],
)
def test_formulas_of_law_stay(line: str) -> None:
    assert gone([(line, SHARE), (TEXT, 0), (line, SHARE)]) == []


def test_what_stands_near_a_formula_of_law_belongs_to_it() -> None:
    head = [("Văn bản mới", SHARE), *[("ỦY BAN NHÂN DÂN", SHARE)] * 6]
    page = [*head, ("Độc lập - Tự do - Hạnh phúc", SHARE), (TEXT, 0), ("Nơi nhận:", SHARE), ("- Như trên;", SHARE)]
    assert gone(page) == [0]


def test_a_short_formula_must_be_the_whole_line() -> None:
    assert gone([(TEXT, 0), ("Nơi nhận hàng", SHARE)]) == [1]


# Sites, from their lines to what stays


def stays_whole(docs: list[Doc]) -> bool:
    return rest(docs) == [doc.lines for doc in docs]


def test_menu_and_footer_of_a_site_go() -> None:
    docs = [Doc(("Trang nhà", "Tin ảnh", *own(at, "một", "hai"), "Liên hệ", SENTENCE)) for at in range(8)]
    assert rest(docs) == [own(at, "một", "hai") for at in range(8)]


def test_a_box_printed_into_each_page_goes() -> None:
    docs = site(("Thư hằng tuần", SENTENCE, "Địa chỉ của bạn", "Gửi đi"))
    assert all(len(lines) == 2 for lines in rest(docs))


def test_subheadings_of_recipes_stay() -> None:
    assert stays_whole(site(("Nguyên liệu",), ("Cách làm",), ("Thưởng thức",)))


def test_ingredients_that_follow_a_subheading_stay() -> None:
    docs = [
        Doc((*own(at, "món"), "Nguyên liệu", *spices, "Cách làm", *own(at, "bước một")))
        for at, spices in enumerate(permutations(["Muối", "Tiêu", "Đường", "Hành"]))
    ]
    assert stays_whole(docs)


def test_who_speaks_in_a_dialogue_stays() -> None:
    assert stays_whole(site(("Hỏi:",), ("Đáp:",), ("Hỏi:",), ("Đáp:",)))


def test_a_quotation_stays() -> None:
    assert stays_whole(site(("Một cây làm chẳng nên non, ba cây chụm lại nên hòn núi cao.",)))


def test_a_poem_that_many_pages_quote_amid_their_text_stays() -> None:
    verses = ("Con đò nằm nghỉ bên sông", "Chờ ai qua bến mà mong nước ròng", "Bờ lau trắng một triền bông")
    assert stays_whole([*site(verses, pages=5), *[Doc(own(100 + at)) for at in range(5)]])


def test_the_refrain_of_a_song_stays() -> None:
    song = (*own(1, "khổ một"), "Hò ơi, hò lơ", *own(1, "khổ hai"), "Hò ơi, hò lơ")
    assert stays_whole([Doc(song), *[Doc(own(10 + at)) for at in range(9)]])


def test_the_preamble_of_a_law_stays() -> None:
    preamble = (
        "Căn cứ Luật Cầu đường nông thôn ngày 5 tháng 6;",
        "Căn cứ Nghị định về bến đò ngày 7 tháng 8;",
        "Theo đề nghị của Trưởng phòng Giao thông huyện,",
    )
    docs = [Doc((*preamble, *own(at, "điều một"))) for at in range(8)]
    assert stays_whole(docs)
    assert stays_whole(site(preamble[:2] * 2))


def test_an_article_under_thirty_addresses_stays() -> None:
    article = ("Chợ nổi họp sớm", *own(1, "bến", "chợ"), "Xem bài sau")
    assert stays_whole([Doc(article, page=7) for _ in range(30)])


def test_the_pages_of_a_small_site_stay() -> None:
    assert stays_whole([Doc(("Trang nhà", *own(at), "Liên hệ")) for at in range(2)])


LINES = st.sampled_from(["Trang nhà", "Hỏi:", "—", SENTENCE, TEXT, "Nơi nhận", "Muối"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(LINES, st.sampled_from([0, MANY, SHARE, BOX])), max_size=12))
def test_only_frequent_lines_go_and_what_has_no_letters_between_them(page: list[tuple[str, int]]) -> None:
    for index in gone(page):
        assert page[index][1] or page[index][0] == "—"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(LINES, st.sampled_from([0, MANY, SHARE, BOX])), max_size=12))
def test_a_line_that_a_user_keeps_always_stays(page: list[tuple[str, int]]) -> None:
    kept = frozenset(index for index, (text, _) in enumerate(page) if text == "Muối")
    assert not kept & set(gone(page, kept=kept))
