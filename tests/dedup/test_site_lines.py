"""Which lines stand on many pages of their site."""

from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup.site_lines import BOX, MANY, SHARE, Lines, SitePages, frequent, site_pages
from corpus.recipe import SiteLines
from tests.dedup.site_helpers import RULE, Doc, arrays, levels_of, own, taken

MENU = "Trang nhà"


def pages(with_line: int, without: int = 0, line: str = MENU, site: int = 1) -> list[Doc]:
    """Pages of a site, some of which begin with a line."""
    return [
        Doc((*([line] if at < with_line else []), *own(at + 100 * site)), site) for at in range(with_line + without)
    ]


def level(docs: list[Doc]) -> int:
    """The level of the first line of the first document."""
    return levels_of(docs).get(0, {}).get(0, 0)


def test_a_line_on_so_many_pages_is_frequent() -> None:
    assert level(pages(2, 1)) == 0
    assert level(pages(3, 1)) == MANY


def test_the_share_takes_half_of_the_pages_and_twice_as_many() -> None:
    assert level(pages(5)) == MANY
    assert level(pages(6, 6)) == SHARE
    assert level(pages(6, 7)) == MANY


def test_a_share_that_no_binary_number_is_holds_to_the_page() -> None:
    rule = SiteLines(pages=2, share=0.3)
    docs = pages(6, 14)
    assert levels_of(docs, rule)[0][0] == SHARE


def test_no_line_of_a_small_site_is_frequent() -> None:
    assert levels_of(pages(2)) == {}


def test_a_page_counts_once_however_often_it_has_the_line() -> None:
    assert levels_of([Doc((MENU, MENU, MENU), 1), *pages(1, 5)]) == {}


def test_an_article_under_thirty_addresses_is_one_page() -> None:
    article = own(1, "mùa lúa", "bến đò", "chợ nổi")
    assert levels_of([Doc(article, page=7) for _ in range(30)]) == {}


def test_copies_add_nothing_to_the_pages_of_a_site() -> None:
    copies = [Doc(own(99), page=7) for _ in range(50)]
    assert level([*pages(6, 5), *copies]) == SHARE


def test_sites_are_counted_apart() -> None:
    assert levels_of([*pages(2, site=1), *pages(2, site=2)]) == {}
    found = levels_of([*pages(3, site=1), *pages(2, site=2)])
    assert sorted(found) == [0, 1, 2]


def test_a_line_that_three_other_sites_repeat_too_is_a_common_formula() -> None:
    three = [doc for site in (1, 2, 3) for doc in pages(3, site=site)]
    assert level(three) == MANY
    assert level([*three, *pages(3, site=4)]) == 0


def test_a_common_formula_is_spared_only_where_the_site_has_it_on_less_than_its_share() -> None:
    others = [doc for site in (2, 3, 4) for doc in pages(3, site=site)]
    found = levels_of([*pages(6), *others])
    assert {found[doc][0] for doc in range(6)} == {SHARE}
    assert set(found) == set(range(6))


def test_a_line_with_the_same_line_behind_it_on_the_share_of_pages_is_of_a_box() -> None:
    docs = [Doc((*own(at), "Thư hằng tuần", "Địa chỉ của bạn", *own(at + 100))) for at in range(6)]
    assert {tuple(found.items()) for found in levels_of(docs).values()} == {((1, BOX), (2, SHARE))}


def test_frequent_lines_in_changing_order_make_no_box() -> None:
    spices = ("Muối", "Tiêu", "Đường", "Nước mắm")
    docs = [Doc((*own(at), *(spices[(at * step) % 4] for step in (1, 2, 3)))) for at in range(12)]
    docs += [Doc((*own(50 + at), *spices[at % 4 :], *spices[: at % 4], *own(90 + at))) for at in range(4)]
    assert BOX not in {
        found for of_doc in levels_of(docs, SiteLines(pages=3, share=0.6)).values() for found in of_doc.values()
    }


def test_the_last_line_of_a_page_is_in_front_of_none() -> None:
    docs = [Doc((*own(at), "Hết")) for at in range(8)]
    assert {of_doc[1] for of_doc in levels_of(docs).values()} == {SHARE}


def test_results_come_by_document_and_index() -> None:
    found = frequent(*arrays(pages(8, 2)), RULE)
    order = list(zip(found.doc.tolist(), found.index.tolist(), strict=True))
    assert order == sorted(order)


def test_numbers_of_documents_are_kept_whole() -> None:
    lines, sites = arrays(pages(3))
    far = Lines(lines.hash, lines.next, lines.site, lines.page, lines.doc + (5 << 32), lines.index)
    assert sorted(taken(frequent(far, sites, RULE))) == [(5 << 32) + at for at in range(3)]


def test_nothing_comes_of_nothing() -> None:
    assert len(frequent(*arrays([]), RULE).doc) == 0
    assert len(site_pages(np.zeros(0, np.uint64), np.zeros(0, np.uint64)).site) == 0


def test_a_site_of_unknown_size_is_an_error() -> None:
    lines, _ = arrays(pages(8))
    with pytest.raises(ValueError, match="not counted"):
        frequent(lines, SitePages(np.array([2], np.uint64), np.array([9]), np.array([True])), RULE)


def pairs(*values: tuple[int, int]) -> npt.NDArray[np.uint64]:
    """Values of pages, by longest line and by smallest shingle."""
    return np.array([longest << 32 | smallest for longest, smallest in values], np.uint64)


def test_pages_of_sites() -> None:
    site = np.array([9, 2, 9, 9], np.uint64)
    counted = site_pages(site, pairs((1, 1), (1, 1), (5, 1), (1, 1)))
    assert counted.site.tolist() == [2, 9]
    assert counted.pages.tolist() == [1, 2]


def test_the_value_counts_that_tells_more_pages_of_a_site_apart() -> None:
    site = np.array([1, 1, 1, 2, 2, 2], np.uint64)
    counted = site_pages(site, pairs((1, 1), (2, 1), (3, 2), (7, 1), (7, 2), (7, 3)))
    assert counted.pages.tolist() == [3, 3]
    assert counted.longest.tolist() == [True, False]


@pytest.mark.parametrize("shared", ["longest", "smallest"])
def test_a_template_with_one_value_of_all_pages_hides_nothing(shared: str) -> None:
    lines, _ = arrays(pages(8))
    page = lines.doc.astype(np.uint64) + np.uint64(1)
    page = page << np.uint64(32) if shared == "smallest" else page
    alike = Lines(lines.hash, lines.next, lines.site, page, lines.doc, lines.index)
    found = frequent(alike, site_pages(lines.site, page), RULE)
    assert found.level.tolist() == [SHARE] * 8


WORDS = st.sampled_from(["Trang nhà", "Liên hệ", "Muối", "Hỏi", "—"])
DOCS = st.builds(
    Doc,
    st.lists(WORDS, min_size=1, max_size=5).map(tuple),
    st.integers(1, 3),
    st.none() | st.integers(1, 6),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(DOCS, max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_lines_plays_no_part(docs: list[Doc], random: Random) -> None:
    lines, sites = arrays(docs)
    rule = SiteLines(pages=2, share=0.5)
    order = list(range(len(lines.hash)))
    random.shuffle(order)
    mixed = Lines(*(getattr(lines, name)[order] for name in ("hash", "next", "site", "page", "doc", "index")))
    assert taken(frequent(mixed, sites, rule)) == taken(frequent(lines, sites, rule))


@settings(max_examples=100, deadline=None)
@given(st.lists(DOCS, max_size=25))
def test_the_same_as_counting_by_hand(docs: list[Doc]) -> None:
    lines, sites = arrays(docs)
    rule = SiteLines(pages=2, share=0.4)
    rows = list(
        zip(*(getattr(lines, n).tolist() for n in ("hash", "site", "page", "next", "doc", "index")), strict=True)
    )
    size = dict(zip(sites.site.tolist(), sites.pages.tolist(), strict=True))
    expected: dict[tuple[int, int], int] = {}
    for hash_, site, _, following, doc, index in rows:
        on = {s: len({p for h, t, p, *_ in rows if (h, t) == (hash_, s)}) for s in size}
        pairs = len({p for h, t, p, n, *_ in rows if (h, t, n) == (hash_, site, following)})

        def shares(count: int, of: int = size[site]) -> bool:
            return count >= 2 * rule.pages and count / of >= rule.share

        if shares(on[site]):
            expected[doc, index] = BOX if following and shares(pairs) else SHARE
        elif on[site] >= rule.pages and sum(n >= rule.pages for s, n in on.items() if s != site) < 3:
            expected[doc, index] = MANY
    found = taken(frequent(lines, sites, rule))
    assert {(doc, index): lvl for doc, of_doc in found.items() for index, lvl in of_doc.items()} == expected
