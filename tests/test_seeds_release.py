"""The release of the seeds that is committed: what anybody who builds them has to get."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow
import pytest

from corpus.release.manifest import read_manifest
from tests.support import SEEDS, build, rows_of, run, tree

COMMITTED = SEEDS.parent / "dist" / "vi-news-seeds" / "vi-news-seeds-0.1.0"


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    shutil.copytree(SEEDS, folder / "raw", ignore=shutil.ignore_patterns(".corpus"))
    return build(folder / "raw", folder / "dist")


def test_committed_release_is_sound() -> None:
    assert run("verify", COMMITTED).exit_code == 0


def test_rebuilt_release_has_the_same_rows(rebuilt: Path) -> None:
    assert read_manifest(rebuilt).rows_digest == read_manifest(COMMITTED).rows_digest
    assert rows_of(rebuilt) == rows_of(COMMITTED)


def test_rebuilt_release_has_the_same_bytes(rebuilt: Path) -> None:
    if read_manifest(COMMITTED).libraries["pyarrow"] != pyarrow.__version__:
        pytest.skip("the bytes are promised for the same pyarrow only")
    assert tree(rebuilt) == tree(COMMITTED)


def test_fields_of_the_seeds() -> None:
    first, second = rows_of(COMMITTED)
    assert first["title"].startswith("Tiếp tục đưa quan hệ Việt Nam - Hoa Kỳ")
    assert (first["credit"], first["site"], first["language"]) == ("TTXVN/Vietnam+", "vietnamplus.vn", "vi")
    assert first["url"].endswith("-post978639.vnp")
    assert (second["title"], second["credit"], second["url"], second["language"]) == (None, None, None, "vi")
