"""Pages of odd shape: nothing of the text is lost, and nothing breaks."""

from __future__ import annotations

import pytest

from corpus.clean import clean

Article = tuple[str, ...]

ARABIC = (
    "افتتح أهالي القرية صباح اليوم جسرا جديدا فوق النهر بعد عام من العمل المتواصل والتبرعات من الجميع.",
    "وقال المختار إن الجسر الجديد أعلى من القديم بنصف متر وسيصمد أمام الفيضانات القادمة إن شاء الله.",
    "وأضاف أن الطريق إلى المدرسة صار أقصر بكيلومترين وأن الأطفال كانوا أسعد الناس بهذا اليوم الجميل.",
)


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_every_line_twice(vietnamese: Article, between: str) -> None:
    text = clean(between.join(line for line in vietnamese for _ in range(2))).text
    assert all(line in text for line in vietnamese)


def test_the_whole_page_twice(vietnamese: Article) -> None:
    text = clean("\n".join([*vietnamese, *vietnamese])).text
    assert all(line in text for line in vietnamese)


def test_windows_line_ends(vietnamese: Article) -> None:
    assert clean("\r\n".join([*vietnamese, "Bình luận (0)"])).text == "\n".join(vietnamese)


def test_no_blank_lines_between_menu_article_and_tail(vietnamese: Article) -> None:
    page = "\n".join(["Trang chủ", "Thời sự", "Đăng nhập", *vietnamese, "Tin khác", "Giá lúa tăng", "Bình luận (0)"])
    assert clean(page).text == "\n".join(vietnamese)


def test_right_to_left_prose_stays_whole() -> None:
    assert clean("\n".join([*ARABIC, "© 2024"])).text == "\n".join(ARABIC)


def test_mixed_scripts_stay_whole(vietnamese: Article, english: Article) -> None:
    text = "\n".join(
        [vietnamese[0], english[0], ARABIC[0], "橋は土曜日に開通し、村の人々と町からの客が集まって祝った。"]
    )
    assert clean(text).text == text


@pytest.mark.parametrize("word", ["Xin", "日本", "x" * 1000, "…", "7"])
def test_one_word_stays(word: str) -> None:
    assert clean(word).text == word


def test_nothing_is_left_of_a_page_of_menus() -> None:
    assert (
        clean("\n".join(["Trang chủ", "Thời sự", "Đăng nhập", "Liên hệ", "Quảng cáo", "Phiên bản di động"])).text == ""
    )


def test_many_lines_of_prose_all_stay(vietnamese: Article) -> None:
    lines = [f"{number}. {vietnamese[number % 6]}" for number in range(40_000)]
    assert clean("\n".join(lines)).text == "\n".join(lines)


def test_a_line_of_five_megabytes_stays(vietnamese: Article) -> None:
    text = "\n".join([vietnamese[0], "từ " * 1_700_000 + "cuối.", vietnamese[1]])
    assert clean(text).text == text
