"""Captions, image names, and what only looks like them."""

from __future__ import annotations

import pytest

from corpus.clean import clean

Article = tuple[str, ...]
CAPTION = "Bà con xóm Đồi buộc nhịp cầu cuối cùng. (Ảnh: Vàng A Sử)"


def rules_of(text: str) -> list[str]:
    return [finding.rule for finding in clean(text).removed]


def test_every_copy_of_a_repeated_caption_goes(vietnamese: Article) -> None:
    text = "\n".join([vietnamese[0], CAPTION, CAPTION, *vietnamese[1:4], CAPTION, *vietnamese[4:]])
    assert rules_of(text) == ["repeated_caption_v1"] * 3


@pytest.mark.parametrize("name", ["cau_tre_5.jpg", "IMG-2041.JPEG", "nhip cau cuoi.png", "bridge.webp"])
def test_the_name_of_an_image_alone_on_a_line_goes(vietnamese: Article, name: str) -> None:
    assert rules_of("\n".join([*vietnamese[:2], name, *vietnamese[2:]])) == ["image_name_v1"]


@pytest.mark.parametrize(
    "caption",
    [
        "Nhịp cầu cuối cùng. Ảnh: Vàng A Sử",
        "Cây cầu mới nhìn từ trên cao (Ảnh: NVCC)",
        "The restored engine in its shed. (Photo: Ann Miller)",
        "Die alte Lok im Schuppen. Foto: Anna Müller",
        "La vieille locomotive. Crédit photo : Anne Meunier",
        "Cây cầu tre mới của xóm Đồi - Ảnh 3.",
    ],
)
def test_a_caption_with_its_photographer_goes(vietnamese: Article, caption: str) -> None:
    assert rules_of("\n".join([*vietnamese[:2], caption, *vietnamese[2:]])) == ["photo_caption_v1"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ảnh của ông Pín treo giữa nhà, bên dưới là tấm bằng khen đã ngả màu vì khói bếp.",
        "He kept every photo: the bridge, the mill, the three of them at the school. Nobody asked why.",
        "Tệp cau_tre_5.jpg nằm trong máy của anh Pha từ năm ngoái.",
    ],
)
def test_prose_about_pictures_stays(vietnamese: Article, sentence: str) -> None:
    assert rules_of("\n".join([*vietnamese[:2], sentence, *vietnamese[2:]])) == []


def test_a_caption_repeated_under_image_names_goes_without_a_photographer(vietnamese: Article) -> None:
    caption = "Cây cầu tre nhìn từ phía bờ bên kia"
    box = ["cau_1.jpg", caption]
    text = "\n".join([*vietnamese[:2], *box, *vietnamese[2:4], *box, *vietnamese[4:]])
    assert rules_of(text) == ["image_name_v1", "repeated_caption_v1"] * 2
