"""The headline above a text whose page puts menus and buttons between the two."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.clean.boilerplate.lines.page import read_page
from corpus.clean.boilerplate.model.headline import find_headline

TITLE = "Xóm Đồi dựng lại cây cầu tre sau mùa lũ"
OTHER = "Giá vàng trong nước đi ngang phiên cuối tuần"


def found(
    above: Sequence[str], article: Sequence[str], headline: float = 0.0, kept_above: int | None = None
) -> str | None:
    """What is found where the model keeps the article only, and likes all lines above it equally."""
    page = read_page("\n".join([*above, *article]))
    kept = set(range(len(above), len(page.lines))) | ({kept_above} if kept_above is not None else set())
    scores = [headline] * len(above) + [-9.0] * len(article)
    index = find_headline(page, kept, [-1.0] * len(page.lines), scores)
    return None if index is None else page.lines[index].text


def test_it_is_the_line_that_speaks_of_the_text(vietnamese: tuple[str, ...]) -> None:
    assert found([OTHER, TITLE, OTHER + " qua"], vietnamese) == TITLE


def test_a_copy_elsewhere_speaks_for_it(vietnamese: tuple[str, ...]) -> None:
    plain, copied = "Tin buổi sáng hôm nay ở vùng cao", "Tin buổi chiều hôm nay ở vùng cao"
    assert found([copied, plain, copied], vietnamese, headline=1.0) == copied


def test_a_breadcrumb_or_a_button_is_none(vietnamese: tuple[str, ...]) -> None:
    assert found(["Trang chủ > Xóm Đồi > Cây cầu tre", "Đăng nhập"], vietnamese, headline=3.0) is None


def test_an_unlikely_line_is_none(vietnamese: tuple[str, ...]) -> None:
    assert found([OTHER], vietnamese, headline=-4.0) is None


def test_there_is_one_already(vietnamese: tuple[str, ...]) -> None:
    assert found([TITLE, OTHER], vietnamese, headline=1.0, kept_above=1) is None
