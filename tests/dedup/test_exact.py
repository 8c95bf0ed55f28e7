"""Which documents are copies of one another, and which of them stays, decided on keys alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.dedup.buckets import Hashes
from corpus.dedup.exact import NO_DATE, Copies, Criterion, Merged, merge_ids, merge_texts

KEEP: list[Criterion] = ["longest", "earliest", "source"]


class Page(NamedTuple):
    """A document as its keys tell it."""

    doc: int
    id: int = 0
    text: int = 0
    n_chars: int = 10
    published: int = NO_DATE
    source: int = 0
    released: bool = False


def copies(pages: Sequence[Page]) -> Copies:
    ids = np.array([page.id for page in pages], np.uint64)
    return Copies(
        np.array([page.doc for page in pages], np.int64),
        (ids, ids),
        np.array([page.n_chars for page in pages], np.int64),
        np.array([page.published for page in pages], np.int32),
        np.array([page.source for page in pages], np.int64),
        np.array([page.released for page in pages], bool),
    )


def texts(pages: Sequence[Page]) -> tuple[Hashes, Hashes]:
    halves = np.array([page.text for page in pages], np.uint64)
    return halves, halves


def said(merged: Merged) -> dict[int, tuple[str, int, int]]:
    """Reason, what stays and its id, by the document that goes."""
    rows = zip(merged.doc, merged.reason, merged.kept, merged.kept_id[1], strict=True)
    return {int(doc): (str(reason), int(kept), int(id_)) for doc, reason, kept, id_ in rows}


def of_one_text(*pages: Page, keep: Sequence[Criterion] = KEEP) -> dict[int, tuple[str, int, int]]:
    return said(merge_texts(copies(pages), texts(pages), keep))


def of_one_id(*pages: Page) -> dict[int, tuple[str, int, int]]:
    return said(merge_ids(copies(pages), texts(pages), KEEP))


def test_longest_stays() -> None:
    assert of_one_text(Page(1, 1, n_chars=5), Page(2, 2, n_chars=8), Page(3, 3, n_chars=7)) == {
        1: ("exact_duplicate", 2, 2),
        3: ("exact_duplicate", 2, 2),
    }


def test_earliest_stays_of_those_of_one_length_and_none_is_later_than_any_day() -> None:
    assert set(of_one_text(Page(1, 1), Page(2, 2, published=20), Page(3, 3, published=-9))) == {1, 2}


def test_preferred_source_stays_of_those_of_one_length_and_day() -> None:
    assert set(of_one_text(Page(1, 1, source=1), Page(2, 2, source=0))) == {1}


def test_smallest_id_stays_where_nothing_else_tells_them_apart() -> None:
    assert set(of_one_text(Page(1, 9), Page(2, 3), Page(3, 5))) == {1, 3}


def test_order_of_the_criteria_is_the_users() -> None:
    long, early = Page(1, 1, n_chars=20, published=50), Page(2, 2, n_chars=10, published=40)
    assert set(of_one_text(long, early)) == {2}
    assert set(of_one_text(long, early, keep=["earliest", "longest"])) == {1}


def test_one_that_was_released_stays_whatever_the_criteria_say() -> None:
    assert set(of_one_text(Page(1, 1, n_chars=90), Page(2, 2, released=True))) == {1}


def test_other_texts_are_nobodys_copies() -> None:
    assert of_one_text(Page(1, 1, text=1), Page(2, 2, text=2)) == {}


def test_versions_of_a_page_are_told_from_copies_of_it() -> None:
    pages = Page(1, 7, text=1, n_chars=5), Page(2, 7, text=2, n_chars=8), Page(3, 7, text=2, n_chars=7)
    assert of_one_id(*pages) == {1: ("same_url", 2, 7), 3: ("exact_duplicate", 2, 7)}


pages = st.builds(
    Page,
    doc=st.just(0),
    id=st.integers(0, 30),
    text=st.integers(0, 4),
    n_chars=st.integers(1, 3),
    published=st.sampled_from([1, 2, NO_DATE]),
    source=st.integers(0, 1),
    released=st.booleans(),
)


@given(st.lists(pages, max_size=40), st.randoms())
def test_one_of_each_text_stays_whatever_the_order(drawn: list[Page], rng: random.Random) -> None:
    numbered = [page._replace(doc=number, id=number * 64 + page.id) for number, page in enumerate(drawn)]
    gone = of_one_text(*numbered)
    stays = [page.text for page in numbered if page.doc not in gone]
    assert sorted(stays) == sorted({page.text for page in numbered})
    rng.shuffle(numbered)
    assert of_one_text(*numbered) == gone
