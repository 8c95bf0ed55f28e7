from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.errors import UsageError
from corpus.read import find_files
from tests.read.read_helpers import source, write


def paths(root: Path, path: str | list[str], **options: str) -> list[str]:
    return [file.path for file in find_files(source(path, **options), root)]


def test_a_glob_gives_files_sorted_by_path(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.csv"):
        write(tmp_path, name, "x")
    assert paths(tmp_path, "*.txt") == ["a.txt", "b.txt"]


def test_two_stars_mean_any_depth(tmp_path: Path) -> None:
    for name in ("a.txt", "x/b.txt", "x/y/c.txt"):
        write(tmp_path, name, "x")
    assert paths(tmp_path, "**/*.txt") == ["a.txt", "x/b.txt", "x/y/c.txt"]
    assert paths(tmp_path, "x/**") == ["x/b.txt", "x/y/c.txt"]


def test_a_folder_gives_its_files_with_known_endings(tmp_path: Path) -> None:
    for name in ("raw/a.txt", "raw/deep/b.jsonl.gz", "raw/c.pdf", "raw/README"):
        write(tmp_path, name, "x")
    assert paths(tmp_path, "raw") == ["raw/a.txt", "raw/deep/b.jsonl.gz"]


def test_a_folder_with_a_format_gives_the_files_of_that_format(tmp_path: Path) -> None:
    for name in ("raw/a.txt", "raw/b.jsonl"):
        write(tmp_path, name, "x")
    assert paths(tmp_path, "raw", format="jsonl") == ["raw/b.jsonl"]


def test_a_pattern_with_a_format_takes_any_ending(tmp_path: Path) -> None:
    write(tmp_path, "raw/part-0000", "x")
    assert paths(tmp_path, "raw/*", format="jsonl") == ["raw/part-0000"]


def test_a_list_names_no_file_twice(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        write(tmp_path, name, "x")
    assert paths(tmp_path, ["b.txt", "*.txt", "./x/../a.txt"]) == ["a.txt", "b.txt"]


def test_paths_are_relative_to_the_root_even_outside_it(tmp_path: Path) -> None:
    write(tmp_path, "data/a.txt", "x")
    (tmp_path / "recipe").mkdir()
    assert paths(tmp_path / "recipe", "../data/*.txt") == ["../data/a.txt"]
    assert paths(tmp_path / "recipe", str(tmp_path / "data")) == ["../data/a.txt"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in ("a.txt", ".b.txt", ".git/c.txt"):
        write(tmp_path, name, "x")
    assert paths(tmp_path, ".") == ["a.txt"]
    assert paths(tmp_path, "**/*.txt") == ["a.txt"]


def test_a_name_with_brackets_is_a_name_when_it_exists(tmp_path: Path) -> None:
    write(tmp_path, "a[1].txt", "x")
    assert paths(tmp_path, "a[1].txt") == ["a[1].txt"]


def test_links_in_a_loop_end(tmp_path: Path) -> None:
    write(tmp_path, "raw/a.txt", "x")
    (tmp_path / "raw/loop").symlink_to(tmp_path / "raw")
    (tmp_path / "raw/self").symlink_to(tmp_path / "raw/self")
    assert paths(tmp_path, "raw") == ["raw/a.txt"]
    assert paths(tmp_path, "raw/**/*.txt") == ["raw/a.txt"]


def test_a_web_of_links_between_folders_ends(tmp_path: Path) -> None:
    for n in range(30):
        write(tmp_path, f"raw/d{n}/f.txt", "x")
        for link in ("p", "q"):
            (tmp_path / f"raw/d{n}/{link}").symlink_to(tmp_path / f"raw/d{(n + 1) % 30}")
    assert len(paths(tmp_path, "raw")) == 30


def test_a_linked_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/a.txt", "x")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/link").symlink_to(tmp_path / "elsewhere")
    assert paths(tmp_path, "raw") == ["raw/link/a.txt"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("gone.txt", "gone.txt: no such file or folder"),
        ("*.csv", "*.csv: matches no file"),
        ("a.pdf", "a.pdf: the ending tells no format"),
        ("*.pdf", "matches no file with a known ending"),
        ("empty", "no file in this folder has a known ending"),
        ("pipe.txt", "is not a regular file"),
    ],
)
def test_a_path_that_gives_nothing_is_named(tmp_path: Path, path: str, words: str) -> None:
    write(tmp_path, "a.pdf", "x")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UsageError) as error:
        find_files(source(path), tmp_path)
    message = str(error.value)
    assert "source 'press'" in message
    assert words in message
    assert "\n" not in message


def test_an_unknown_ending_lists_the_known_ones(tmp_path: Path) -> None:
    write(tmp_path, "a.pdf", "x")
    with pytest.raises(UsageError, match=r"\.jsonl .*\.parquet.* \.zst"):
        find_files(source("a.pdf"), tmp_path)


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("a.txt", "text"),
        ("a.MD", "text"),
        ("a.text.xz", "text"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson.zst", "jsonl"),
        ("a.json.bz2", "jsonl"),
        ("a.csv.gz", "csv"),
        ("a.tsv", "csv"),
        ("a.parquet", "parquet"),
    ],
)
def test_the_ending_tells_the_format(tmp_path: Path, name: str, format_: str) -> None:
    write(tmp_path, name, "x")
    assert [file.format for file in find_files(source(name), tmp_path)] == [format_]


def test_a_name_that_is_not_utf8_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    with pytest.raises(UsageError, match="not UTF-8; rename it"):
        find_files(source("*.txt"), tmp_path)
