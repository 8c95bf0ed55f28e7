"""Folders of labelled pages: what is read, and what is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import BadInputError, UsageError
from corpus.labelled.pages import read_pages
from tests.labelled.labelled_helpers import sample_folder, write_page


def test_a_line_is_kept_dropped_or_not_scored(tmp_path: Path) -> None:
    write_page(tmp_path, "a", [("-", "Menu"), ("+", "Một câu của bài."), ("?", "Minh Chiến")])
    (page,) = read_pages([tmp_path])
    assert [(line.text, line.keep) for line in page.lines] == [
        ("Menu", False),
        ("Một câu của bài.", True),
        ("Minh Chiến", None),
    ]


def test_a_line_without_a_label_is_not_scored(tmp_path: Path) -> None:
    write_page(tmp_path, "a", [("+", "Một"), ("+", "Hai")])
    (tmp_path / "a.labels.jsonl").write_text('{"line": 2, "keep": true}\n')
    (page,) = read_pages([tmp_path])
    assert [line.keep for line in page.lines] == [None, True]


def test_the_index_says_site_language_and_set(tmp_path: Path) -> None:
    write_page(tmp_path, "a", [("+", "Một")], site="bao.example", language="vi", set="auto")
    (page,) = read_pages([tmp_path])
    assert (page.site, page.language, page.set) == ("bao.example", "vi", "auto")


def test_a_page_that_no_index_names_is_a_site_of_its_own(tmp_path: Path) -> None:
    write_page(tmp_path, "a", [("+", "Một")])
    (page,) = read_pages([tmp_path])
    assert (page.site, page.language, page.set) == ("a", "und", "hand")


def test_lines_are_repaired_as_cleaning_does(tmp_path: Path) -> None:
    write_page(tmp_path, "a", [("+", "Quan há»‡ tá»‘t Ä‘áº¹p giá»¯a hai nÆ°á»›c")])
    (page,) = read_pages([tmp_path])
    assert page.lines[0].text == "Quan hệ tốt đẹp giữa hai nước"


def test_several_folders_are_read_one_after_another(tmp_path: Path) -> None:
    folders = [sample_folder(tmp_path / "one", 2), sample_folder(tmp_path / "two", 1)]
    assert [page.id for page in read_pages(folders)] == ["page-0", "page-1", "page-0"]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ('{"line": 9, "keep": true}', "a.labels.jsonl:1: line 9 is not in the page of 2 lines"),
        ('{"line": "1", "keep": true}', "a.labels.jsonl:1: line 1 is not in the page"),
        ('{"line": 1}', "a.labels.jsonl:1: no field 'keep'"),
        ("{", "a.labels.jsonl:1: not JSON"),
        ("[]", "a.labels.jsonl:1: no field 'line'"),
    ],
)
def test_a_wrong_label_is_refused_with_its_place(tmp_path: Path, labels: str, message: str) -> None:
    write_page(tmp_path, "a", [("+", "Một")])
    (tmp_path / "a.labels.jsonl").write_text(labels)
    with pytest.raises(BadInputError, match=message.replace(".", r"\.")):
        read_pages([tmp_path])


def test_a_page_that_is_not_utf8_is_refused_with_its_place(tmp_path: Path) -> None:
    write_page(tmp_path, "a", [("+", "Mot")])
    (tmp_path / "a.txt").write_bytes(b"Mot \xff")
    with pytest.raises(BadInputError, match=r"a\.txt: not UTF-8 at byte 4"):
        read_pages([tmp_path])


def test_labels_without_a_page_are_refused(tmp_path: Path) -> None:
    write_page(tmp_path, "a", [("+", "Mot")])
    (tmp_path / "a.txt").unlink()
    with pytest.raises(BadInputError, match=r"a\.txt: No such file"):
        read_pages([tmp_path])


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no labelled pages here"):
        read_pages([tmp_path])
