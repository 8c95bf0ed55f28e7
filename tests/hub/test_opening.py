"""Releases by name in folders: which one is meant, and that it is the one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import corpus
from corpus.errors import ReleaseError, UsageError
from corpus.hub import open_release
from tests.support import build, run, run_json, small_corpus


def test_folder_of_all_releases_means_the_highest_version(versions: Path) -> None:
    assert open_release(versions).manifest.version == "1.1.0"


def test_versions_are_compared_as_numbers(tmp_path: Path) -> None:
    for version in ("1.9.0", "1.10.0"):
        build(small_corpus(tmp_path / "raw", version=version), tmp_path / "dist")
    assert open_release(tmp_path / "dist" / "bridges").path.name == "bridges-1.10.0"


def test_version_that_was_asked_for_is_taken(versions: Path, first: Path) -> None:
    assert open_release(versions, "1.0.0").path == first
    assert open_release(f"{versions}@1.0.0").path == first
    assert (
        len(corpus.load(versions, version="1.0.0", split="train")) == open_release(first).manifest.splits["train"].rows
    )


def test_folder_of_the_releases_may_be_the_working_directory(versions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(versions)
    assert open_release(".", "1.0.0").manifest.version == "1.0.0"


def test_release_of_another_version_is_refused(first: Path) -> None:
    with pytest.raises(ReleaseError, match=r"holds version 1\.0\.0 and not 1\.1\.0"):
        corpus.load(first, version="1.1.0")
    with pytest.raises(ReleaseError, match=r"holds version 1\.0\.0 and not 1\.1\.0"):
        corpus.load(corpus.Release.open(first), version="1.1.0")


def test_versions_that_there_are_are_named(versions: Path) -> None:
    with pytest.raises(ReleaseError, match=r"no version 9\.9\.9; it has 1\.0\.0, 1\.1\.0$"):
        corpus.load(versions, version="9.9.9")


def test_folder_whose_name_says_another_version_is_refused(tmp_path: Path, first: Path) -> None:
    shutil.copytree(first, tmp_path / "bridges" / "bridges-2.0.0")
    with pytest.raises(ReleaseError, match=r"bridges-2\.0\.0: holds bridges-1\.0\.0, which is not what its name says"):
        corpus.load(tmp_path / "bridges", version="2.0.0")


def test_folder_without_releases(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"not a release: it holds no manifest\.json"):
        open_release(tmp_path)


@pytest.mark.parametrize(
    "spec", ["", "@1.0.0", "nothing", "./org/name", "a/b/c", "/none", "../org/name", "org/name/", "org name/x"]
)
def test_name_of_nothing_is_neither_folder_nor_repo(spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="neither a folder, nor a repo on the Hub"):
        open_release(spec)


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "", "latest", "1.0.0\n"])
def test_version_that_is_none_is_refused(versions: Path, version: str) -> None:
    with pytest.raises(UsageError, match="is not a version such as"):
        open_release(versions, version)


def test_two_versions_at_once_are_refused(versions: Path) -> None:
    with pytest.raises(UsageError, match="asks for another version than"):
        open_release(f"{versions}@1.0.0", "1.1.0")


def test_commands_take_a_folder_of_all_releases_and_a_version(versions: Path, first: Path, second: Path) -> None:
    assert f'datasets.load_dataset("{first}")' in run("load", versions, "--version", "1.0.0").stdout
    assert run_json("verify", f"{versions}@1.1.0") == {"release": str(second), "sound": True, "problems": []}


def test_line_of_python_is_right_for_any_folder(tmp_path: Path, first: Path) -> None:
    folder = shutil.copytree(first, tmp_path / 'with "quotes"\\ and ă' / first.name)
    names: dict[str, str] = {}
    line = corpus.Release.open(folder).python_line
    exec(line.replace("datasets.load_dataset(", "(").replace("dataset =", "path ="), names)
    assert names["path"] == str(folder)


def test_nothing_of_the_hub_is_imported_for_a_folder(first: Path) -> None:
    code = "import sys; from corpus.cli import main; main(['load', sys.argv[1]], standalone_mode=False)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nprint('huggingface_hub' in sys.modules)", str(first)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "False"
