"""Which files of a repo a source means: the rules of folders for its paths, and what the repo says of itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import UsageError
from corpus.hub.choosing import choose
from corpus.read import find_files
from corpus.recipe import Source
from tests.support import tree

PATHS = [
    "README.md", "LICENSE", "dataset_infos.json", "notes.txt", ".gitattributes", ".hidden/a.jsonl",
    "data/train-0.parquet", "data/train-1.parquet", "data/test-0.parquet", "data/x.bin", "data/.secret.txt",
    "data/vi/a.jsonl.gz", "data/vi/deep/b.CSV", "data/en/a.jsonl.gz", "data/vi/.tmp/c.txt", "more[1]/a.txt",
]  # fmt: skip


def chosen(files: Mapping[str, bytes], **fields: Any) -> list[str]:
    source = Source(name="press", hub="org/name", **fields)
    return list(choose(source, "org/name", sorted(files), lambda path: files[path]))


def card(metadata: str) -> bytes:
    return f"---\n{metadata}---\n# Pages\n".encode()


@pytest.mark.parametrize(
    "path",
    [
        ".", "./data", "data", "data/", "*", "**", "*.txt", "**/*.txt", "data/*", "data/**", "data/*/*.gz",
        "data/**/*.gz",
        "data/train-*.parquet", "data/train-[1-9].parquet", "data/?i", "data/v?/**/*", "**/vi", ".hidden", ".*/*",
        "data/.secret.txt", "data/.*", "more[1]/a.txt", "data/vi/deep/b.CSV", ["data/vi", "notes.txt", "data/vi/*"],
    ],
)  # fmt: skip
def test_paths_mean_what_they_mean_in_a_folder(path: str | list[str], tmp_path: Path) -> None:
    for name in PATHS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    local = [file.path for file in find_files(Source(name="press", path=path), tmp_path)]
    assert local
    assert chosen(tree(tmp_path), path=path) == local


@pytest.mark.parametrize("path", ["x*", "data/x.bin", "data/*.bin", "nothing", "data/vi/a"])
def test_paths_that_lead_to_no_file_in_a_folder_lead_to_none_in_a_repo(path: str, tmp_path: Path) -> None:
    (tmp_path / "data/vi").mkdir(parents=True)
    (tmp_path / "data/x.bin").write_bytes(b"")
    with pytest.raises(UsageError):
        find_files(Source(name="press", path=path), tmp_path)
    with pytest.raises(UsageError):
        chosen(dict.fromkeys(PATHS, b""), path=path)


def test_format_makes_endings_count_for_nothing_in_a_glob() -> None:
    assert chosen(dict.fromkeys(PATHS, b""), path="data/*.bin", format="jsonl") == ["data/x.bin"]


def test_without_paths_and_a_word_of_the_repo_all_data_is_meant() -> None:
    about = {"README.md", "LICENSE", "dataset_infos.json", "data/x.bin"}
    hidden = {path for path in PATHS if "/." in f"/{path}"}
    assert chosen(dict.fromkeys(PATHS, b"")) == sorted(set(PATHS) - about - hidden)


def test_without_paths_a_release_means_its_data_files() -> None:
    entries = [{"path": "data/train-0.parquet", "split": "train"}, {"path": "README.md"}, {"path": "notes.txt"}]
    files = dict.fromkeys(PATHS, b"") | {"manifest.json": json.dumps({"files": entries}).encode()}
    assert chosen(files) == ["data/train-0.parquet"]


@pytest.mark.parametrize("manifest", [b"?", b"[]", b'{"files": 3}', b'{"files": [3]}', b'{"files": []}'])
def test_manifest_of_something_else_says_nothing(manifest: bytes) -> None:
    assert chosen({"manifest.json": manifest, "README.md": card("configs:\n- data_files: b.csv\n"), "b.csv": b""}) == [
        "b.csv"
    ]


@pytest.mark.parametrize(
    ("config", "paths"),
    [
        ("data_files: data/train-0.parquet", ["data/train-0.parquet"]),
        ("data_files: [data/train-*, notes.txt]", ["data/train-0.parquet", "data/train-1.parquet", "notes.txt"]),
        ("data_files: [{split: a, path: data/test-*}]", ["data/test-0.parquet"]),
        ("data_files: [{split: a, path: [data/test-*, notes.txt]}]", ["data/test-0.parquet", "notes.txt"]),
        ("data_files: {a: notes.txt, b: [data/test-*]}", ["data/test-0.parquet", "notes.txt"]),
        ("data_dir: data/vi", ["data/vi/a.jsonl.gz", "data/vi/deep/b.CSV"]),
        ("{data_dir: data/vi, data_files: '*.gz'}", ["data/vi/a.jsonl.gz"]),
    ],
)
def test_without_paths_the_card_names_the_files_in_any_form_of_the_hub(config: str, paths: list[str]) -> None:
    files = dict.fromkeys(PATHS, b"") | {"README.md": card(f"configs:\n- {config}\n")}
    assert chosen(files) == paths


@pytest.mark.parametrize("which", ["config_name: default", "default: true"])
def test_of_several_configs_the_default_one_is_meant(which: str) -> None:
    configs = f"configs:\n- config_name: en\n  data_files: notes.txt\n- data_files: data/test-*\n  {which}\n"
    files = dict.fromkeys(PATHS, b"") | {"README.md": card(configs)}
    assert chosen(files) == ["data/test-0.parquet"]


def test_several_configs_without_a_default_ask_for_paths() -> None:
    configs = "configs:\n- {config_name: en, data_files: a}\n- {config_name: vi, data_files: b}\n"
    files = dict.fromkeys(PATHS, b"") | {"README.md": card(configs)}
    with pytest.raises(UsageError, match="several configs, none as default: en, vi; name files with path"):
        chosen(files)


def test_card_that_is_no_yaml_asks_for_paths() -> None:
    with pytest.raises(UsageError, match=r"metadata of its README\.md cannot be read"):
        chosen({"README.md": card("configs: [\n"), "a.csv": b""})
