"""The signals: equal to the papers' definitions, and the same for a document whatever stands beside it."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.clean.quality import measure
from tests.clean.quality.reference import reference

Row = dict[str, int | float]

# Few different words, so that rows of up to ten come back, with all that signals look for among them.
WORDS = """
a b A b, (a của và 12 a1 - • … x... # { lorem Ipsum JavaScript Đi. đi!” sao?) “ ﬁ İ
東京 京。「 ภาษา မြန်မာ ok東 3年
"""
SPECIAL = ["\u0301", "x" * 31, "y" * 1001, "\n", "\n", "\n\n", "\n \n", "\u3000", "\t", "\u2028"]
PIECES = st.sampled_from([*WORDS.split(), *SPECIAL])
SEPARATORS = st.sampled_from([" ", " ", " ", "", "  "])
TEXTS = st.lists(st.tuples(PIECES, SEPARATORS), max_size=60).map(
    lambda pairs: "".join(piece + separator for piece, separator in pairs)
)
ROWS = st.lists(st.sampled_from("aab"), max_size=80).map(" ".join)
ANY = st.text(st.characters(), max_size=60)


def one(text: str, language: str = "und") -> Row:
    return measure([text], [language]).rows()[0]


@given(TEXTS | ROWS | ANY)
@example("")
@example("a b a b\n\na b a b")
@settings(max_examples=400, deadline=None)
def test_signals_are_what_the_papers_define(text: str) -> None:
    assert one(text, "vi") == reference(text, "vi")


@given(st.lists(st.tuples(TEXTS | ROWS | ANY, st.sampled_from(["vi", "en", "zh-Hans", "und"])), max_size=6))
@settings(deadline=None)
def test_a_document_has_the_same_signals_alone_and_among_others(documents: list[tuple[str, str]]) -> None:
    together = measure([text for text, _ in documents], [language for _, language in documents]).rows()
    assert together == [one(text, language) for text, language in documents]


@given(st.lists(TEXTS, max_size=6))
@example(["a lorem", "Ipsum a"])
@settings(deadline=None, max_examples=50)
def test_documents_may_be_looked_at_in_any_groups(texts: list[str]) -> None:
    languages = ["vi"] * len(texts)
    whole = measure(texts, languages)
    parted = measure(texts, languages, group_chars=20)
    assert parted.rows() == whole.rows()
    assert np.array_equal(parted.words.hashes, whole.words.hashes)
    assert np.array_equal(parted.words.first, whole.words.first)
