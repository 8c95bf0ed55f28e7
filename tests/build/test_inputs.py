"""Raw files are hashed once, and again only when they change."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.build.inputs import MEMORY_NAME, Inputs, take_stock
from corpus.build.progress import Progress
from corpus.recipe import Recipe, Source


class Counting(Progress):
    """Counts the files that are hashed."""

    def __init__(self) -> None:
        self.files = 0

    def hashing(self, files: int, size: int) -> None:  # noqa: ARG002
        self.files += files


def raw_files(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        path = folder / f"{number}.txt"
        path.write_text(f"Bản tin số {number}.\n", encoding="utf-8")
        os.utime(path, (1_000_000, 1_000_000))


def stock(root: Path, cache: Path, path: str = "*.txt") -> tuple[Inputs, int]:
    recipe = Recipe(dataset="x", version="0.0.1", sources=[Source(name="s", path=path)])
    cache.mkdir(exist_ok=True)
    progress = Counting()
    return take_stock(recipe, root, cache, root / "dist", progress), progress.files


def test_only_new_files_are_hashed(tmp_path: Path) -> None:
    raw_files(tmp_path / "raw", 3)
    first, hashed = stock(tmp_path / "raw", tmp_path / "cache")
    assert hashed == 3
    raw_files(tmp_path / "raw", 5)
    second, hashed = stock(tmp_path / "raw", tmp_path / "cache")
    assert hashed == 2
    assert {path: second.digests["s"][path] for path in first.digests["s"]} == first.digests["s"]


def test_more_files_than_are_hashed_at_a_time(tmp_path: Path) -> None:
    raw_files(tmp_path / "raw", 1003)
    inputs, hashed = stock(tmp_path / "raw", tmp_path / "cache")
    assert hashed == 1003
    assert len({digest.sha256 for digest in inputs.digests["s"].values()}) == 1003


def test_file_of_another_age_is_hashed_again(tmp_path: Path) -> None:
    raw_files(tmp_path / "raw", 3)
    stock(tmp_path / "raw", tmp_path / "cache")
    os.utime(tmp_path / "raw" / "1.txt", (1_000_001, 1_000_001))
    assert stock(tmp_path / "raw", tmp_path / "cache")[1] == 1


def test_file_that_may_still_change_is_not_remembered(tmp_path: Path) -> None:
    raw_files(tmp_path / "raw", 2)
    os.utime(tmp_path / "raw" / "1.txt")
    stock(tmp_path / "raw", tmp_path / "cache")
    assert stock(tmp_path / "raw", tmp_path / "cache")[1] == 1


def test_recipes_that_share_a_cache_keep_what_the_others_know(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        raw_files(tmp_path / folder, 2)
        assert stock(tmp_path / folder, tmp_path / "cache")[1] == 2
    assert [stock(tmp_path / folder, tmp_path / "cache")[1] for folder in ("one", "two")] == [0, 0]


def test_damaged_memory_costs_a_hash_and_nothing_else(tmp_path: Path) -> None:
    raw_files(tmp_path / "raw", 3)
    expected, _ = stock(tmp_path / "raw", tmp_path / "cache")
    memory = tmp_path / "cache" / MEMORY_NAME
    lines = memory.read_bytes().split(b"\n")
    memory.write_bytes(b"\n".join([lines[0][:-9], b"\xff[]", b'{"a": 1}', *lines[1:]]))
    again, hashed = stock(tmp_path / "raw", tmp_path / "cache")
    assert (hashed, again.digests) == (1, expected.digests)
