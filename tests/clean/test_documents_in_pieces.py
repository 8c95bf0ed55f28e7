"""Documents so long that they are cleaned in pieces."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.clean import Cleaned, clean
from corpus.clean.cleaner import cut
from corpus.recipe import Clean, Cleaning
from tests.support import story

ONLY_MENDED = Cleaning(clean=Clean(boilerplate=False, metadata=False, vietnamese=False))
texts = st.lists(st.sampled_from(["a", "một dòng", "", " ", "\t", "Ã¡ và", "x" * 30]), max_size=30)


def in_pieces(
    monkeypatch: pytest.MonkeyPatch, text: str, size: int, options: Cleaning = ONLY_MENDED, url: str | None = None
) -> Cleaned:
    with monkeypatch.context() as patch:
        patch.setattr("corpus.clean.cleaner.PIECE_CHARS", size)
        return clean(text, options=options, url=url)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts, st.sampled_from(["\n", "\r\n"]), st.integers(1, 40))
def test_text_and_line_numbers_are_those_of_the_whole(
    monkeypatch: pytest.MonkeyPatch, lines: list[str], end: str, size: int
) -> None:
    text = end.join(lines)
    whole, pieces = clean(text, options=ONLY_MENDED), in_pieces(monkeypatch, text, size)
    assert (pieces.text, pieces.lines) == (whole.text, whole.lines)
    # The end of a line between two pieces needs no mending.
    assert set(pieces.repaired) | {"characters"} == set(whole.repaired) | {"characters"}


@given(st.text("ab\n", max_size=60), st.integers(1, 20))
def test_pieces_are_cut_at_line_ends_and_hold_everything(text: str, size: int) -> None:
    pieces = list(cut(text, size))
    assert "\n".join(pieces) == text
    assert all(len(piece) <= size or "\n" not in piece[:-1] or piece is pieces[-1] for piece in pieces)


def test_lines_go_from_every_piece_under_their_own_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join([story(1), "Bình luận (0)", story(2), "Bình luận (3)"])
    cleaned = in_pieces(monkeypatch, text, 2000, Cleaning())
    assert {(line.line, line.text) for line in cleaned.removed} >= {(24, "Bình luận (0)"), (48, "Bình luận (3)")}
    assert story(1) in cleaned.text
    lines = text.split("\n")
    assert [lines[number - 1] for number in cleaned.lines] == [line for line in cleaned.text.split("\n") if line]


def test_title_is_that_of_the_first_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    first = "Cầu mới ở Vĩnh Hòa thông xe\n\n" + story(1)
    text = first + "\n\nChợ huyện mở cửa trở lại\n\n" + story(2)
    for url, title in (
        ("https://a.example/cau-moi-o-vinh-hoa-thong-xe.html", "Cầu mới ở Vĩnh Hòa thông xe"),
        ("https://a.example/cho-huyen-mo-cua-tro-lai.html", None),
    ):
        assert in_pieces(monkeypatch, text, len(first) + 2, Cleaning(), url).title == title
