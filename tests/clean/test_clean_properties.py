"""What holds for the cleaning of any text at all."""

from __future__ import annotations

import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean import Cleaned, Dropped, clean
from corpus.clean.cleaner import mend_all
from corpus.recipe import Clean, Cleaning

PIECES = (
    "Tin liên quan",
    "Bình luận (0)",
    "Chia sẻ",
    "cau_tre.jpg",
    "Cây cầu mới. (Ảnh: Vàng A Sử)",
    "Theo Báo Xóm Đồi",
    "https://baoxomdoi.example/cay-cau-tre",
    "23/9/2024",
    "By Ann Miller",
    "Mùa lê trắng nở muộn trên cao nguyên đá",
    "Mỗi nhà góp mười cây tre già, hai cuộn dây và một ngày công, bữa trưa thì các bà cùng nấu.",
    "Đến đầu giờ chiều, nhịp cầu cuối cùng đã được buộc xong trong tiếng reo hò của lũ trẻ đứng chờ.",
    "",
    "  ",
)
ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=120)
PAGES = st.lists(st.sampled_from(PIECES) | ANY_TEXT, max_size=40).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(PAGES)
def test_every_line_is_kept_or_accounted_for(page: str) -> None:
    # Without the spelling of Vietnamese letters, which changes lines that stay.
    options = Cleaning(clean=Clean(vietnamese=False))
    cleaned = clean(page, options=options)
    lines = mend_all([page], options.clean)[0].text.split("\n")
    gone = {finding.line for finding in cleaned.removed}
    assert all(lines[finding.line - 1].strip() == finding.text for finding in cleaned.removed)
    kept = [line.rstrip() for number, line in enumerate(lines, 1) if line.strip() and number not in gone]
    assert [line for line in cleaned.text.split("\n") if line] == kept
    assert [lines[number - 1].rstrip() for number in cleaned.lines] == kept


@settings(max_examples=150, deadline=None)
@given(PAGES)
def test_text_is_nfc_and_encodes_and_has_no_loose_ends(page: str) -> None:
    text = clean(page).text
    assert unicodedata.is_normalized("NFC", text)
    text.encode("utf-8")
    assert "\n\n\n" not in text
    assert text == text.rstrip()
    assert not text.startswith("\n")


@settings(max_examples=100, deadline=None)
@given(PAGES)
def test_removed_lines_come_in_order_and_once(page: str) -> None:
    numbers = [finding.line for finding in clean(page).removed]
    assert numbers == sorted(set(numbers))


def test_a_blank_line_stays_between_lines_that_had_one() -> None:
    text = "Một dòng\nDòng liền sau\n\n\n\nDòng cách ra  \n"
    assert clean(text).text == "Một dòng\nDòng liền sau\n\nDòng cách ra"


@pytest.mark.parametrize("text", ["", "\n\n\n", " \t ", "\x00", "\ufeff"])
def test_a_text_of_nothing_comes_out_empty(text: str) -> None:
    assert clean(text).text == ""
    assert clean(text).dropped == Dropped("empty")


def timed(text: str) -> tuple[Cleaned, float]:
    start = time.perf_counter()
    return clean(text), time.perf_counter() - start


def rows(count: int) -> str:
    return "\n".join(f"Dòng số {number}" for number in range(count))


def doubled_headlines(count: int) -> str:
    return "\n".join(f"Tiêu đề của bài viết số {n}\nTiêu đề của bài viết số {n}" for n in range(count))


def boxes(count: int) -> str:
    return "\n".join(f"{PIECES[-4]} {n}.\nTin liên quan\n{PIECES[9]} {n}" for n in range(count))


@pytest.mark.parametrize("page", [rows, doubled_headlines, boxes])
def test_time_grows_with_the_number_of_lines_and_not_its_square(page: Callable[[int], str]) -> None:
    _, short = timed(page(1_000))
    _, long = timed(page(8_000))
    assert long < 8 * short * 3 + 0.5


def test_two_hundred_thousand_lines_finish() -> None:
    assert clean("Xin\n" * 200_000).text.count("\n") == 199_999


def test_one_line_of_five_megabytes_finishes() -> None:
    assert len(clean("Xin chao. " * 500_000).text) == 4_999_999


@pytest.mark.parametrize("piece", ["(Ảnh: ", "Photo: ", "- ", "a.", "http://", "1/1/2020 ", "((((", "“"])
def test_no_pattern_runs_away(piece: str) -> None:
    lines = [piece * (length // len(piece)) for length in (60, 80, 130, 300, 400, 100_000)]
    _, seconds = timed("\n".join(lines * 5))
    assert seconds < 5


def test_importing_the_room_loads_neither_ftfy_nor_langdetect() -> None:
    code = "import sys, corpus.clean; print([m for m in ('ftfy', 'langdetect') if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert run.stdout.strip() == "[]"
