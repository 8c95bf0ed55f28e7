"""Labelled pages written for tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

Row = tuple[str, str]
"""`+` keep, `-` drop or `?` not scored; and the line."""

_LABELS = {"+": "body", "-": "nav", "?": "meta"}
_NOUNS = ("cầu", "chợ", "trường", "bến", "đồng", "rừng", "kênh", "làng", "suối", "phố")


def write_page(folder: Path, name: str, rows: Sequence[Row], **about: str) -> None:
    """Write a page, its labels, and its row of the index where something is said about it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text("\n".join(text for _, text in rows) + "\n", encoding="utf-8")
    labels = [
        {"line": number, "label": _LABELS[mark], "keep": mark == "+"} | ({"ambiguous": True} if mark == "?" else {})
        for number, (mark, _) in enumerate(rows, 1)
    ]
    text = "".join(json.dumps(label) + "\n" for label in labels)
    (folder / f"{name}.labels.jsonl").write_text(text, encoding="utf-8")
    if about:
        with (folder / "index.jsonl").open("a", encoding="utf-8") as index:
            index.write(json.dumps({"id": name} | about) + "\n")


def sample_rows(number: int) -> list[Row]:
    """A page of a made-up site: menu, article, tail."""
    noun = _NOUNS[number % len(_NOUNS)]
    menu = [("-", word) for word in ("Trang chủ", "Thời sự", "Đời sống", f"Chuyện {noun}", "Đăng nhập")]
    text = [
        ("+", f"Người dân đã sửa xong {noun} số {number} sau nhiều tháng góp công, góp của và chờ mùa nước rút."),
        ("+", f"Theo ông trưởng thôn, {noun} mới rộng hơn trước và chịu được những cơn mưa lớn của tháng chín."),
        ("+", f"Lũ trẻ con là những người vui nhất, vì từ nay đường qua {noun} đến lớp đã gần hơn một nửa."),
    ]
    tail = [
        ("-", line) for line in ("Tin khác", f"Giá lúa ở {noun} tăng nhẹ", "Lịch cắt điện tuần tới", "Bình luận (0)")
    ]
    return [*menu, *text, *tail]


def sample_folder(folder: Path, pages: int = 6) -> Path:
    """Pages of as many sites."""
    for number in range(pages):
        write_page(
            folder, f"page-{number}", sample_rows(number), site=f"site{number}.example", language="vi", set="hand"
        )
    return folder
