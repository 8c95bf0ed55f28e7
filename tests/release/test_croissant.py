"""`croissant.json`: `mlcroissant` finds it valid, loads the rows from it, and notices other files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import mlcroissant
import pyarrow.parquet as pq
import pytest

from corpus.release.croissant import fields_of, files_of, write_croissant
from corpus.release.manifest import MANIFEST_NAME, read_manifest
from corpus.release.shards import sha256_of
from tests.support import build, run, run_json, small_corpus, story, write_jsonl, write_recipe

DATED = "---\ndate: 2026-05-31\ncreators: [Lan]\nhomepage: https://a.example/\nlicense_link: https://a.example/l\n---\n"
ODD = ["điểm số", "a b", "a/b", "a:b", "a_b", "quality/words", "file", "split"]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several splits, two files in one of them, dates and kept columns with and without values."""
    folder = tmp_path_factory.mktemp("croissant")
    rows = [
        {"text": story(n, sentences=110), "published": None if n % 2 else "2024-09-23"}
        | ({"votes": n, "ok": n % 4 == 0} if n % 3 else {})
        | {name: f"{name} {n}" for name in ODD}
        for n in range(150)
    ]
    write_jsonl(folder / "raw" / "pages.jsonl", rows)
    keep = {"votes": "int64", "ok": "bool"} | dict.fromkeys(ODD, "string")
    write_recipe(
        folder / "raw",
        [{"name": "press", "path": "*.jsonl", "keep": keep}],
        splits={"validation": 0.1, "test": 0.1},
        release={"max_shard_mb": 1, "description": 'Cầu "và" <sông>.\n'},
    )
    (folder / "raw" / "card.md").write_text(DATED, encoding="utf-8")
    return build(folder / "raw", folder / "dist")


def document(release: Path) -> Any:
    return json.loads((release / "croissant.json").read_text(encoding="utf-8"))


def as_python(value: Any) -> Any:
    """A value of `mlcroissant` as Parquet has it: text is bytes there, days are points in time."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {name.rsplit("/", 1)[1]: as_python(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_python(part) for part in value]
    if hasattr(value, "to_pydatetime"):
        day: date = value.to_pydatetime().date()
        return day
    return value.item() if hasattr(value, "item") else value


def test_document_is_valid_without_a_warning(release: Path) -> None:
    issues = mlcroissant.Dataset(release / "croissant.json").metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())


def test_only_the_date_that_nobody_gave_is_missed_without_one(tmp_path: Path) -> None:
    release = build(small_corpus(tmp_path / "raw"), tmp_path / "dist")
    issues = mlcroissant.Dataset(release / "croissant.json").metadata.ctx.issues
    assert issues.errors == set()
    [warning] = issues.warnings
    assert "datePublished" in warning


def test_records_are_the_rows_of_all_files(release: Path) -> None:
    dataset = mlcroissant.Dataset(release / "croissant.json")
    by_id = {node["@id"]: node["name"] for node in document(release)["recordSet"][1]["field"]}
    found = {}
    for record in dataset.records("default"):
        row = {by_id[name]: as_python(value) for name, value in record.items()}
        found[row["id"]] = row
    expected = {}
    for path in release.glob("data/*.parquet"):
        for row in pq.read_table(path).to_pylist():
            expected[row["id"]] = row | {"file_": path.name, "split_": path.name.partition("-")[0]}
    assert len(list(release.glob("data/train-*"))) > 1
    assert found == expected


def test_one_split_is_loaded_by_a_filter(release: Path) -> None:
    dataset = mlcroissant.Dataset(release / "croissant.json")
    records = list(dataset.records("default", filters={"default/split_": "test"}))
    assert len(records) == read_manifest(release).splits["test"].rows


@pytest.mark.parametrize("number", range(4))
def test_digest_of_any_file_that_is_another_ends_the_loading(release: Path, tmp_path: Path, number: int) -> None:
    found = document(release)
    found["distribution"][number]["sha256"] = "0" * 64
    copy = tmp_path / release.name
    copy.mkdir()
    (copy / "data").symlink_to(release / "data")
    (copy / "croissant.json").write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(mlcroissant.GenerationError) as error:
        list(mlcroissant.Dataset(copy / "croissant.json").records("default"))
    assert "Hash of downloaded file" in str(error.value.__cause__)


def test_document_says_what_the_dataset_is(release: Path) -> None:
    found = document(release)
    assert found["name"] == "bridges"
    assert found["version"] == "1.0.0"
    assert found["description"] == 'Cầu "và" <sông>.\n'
    assert found["license"] == "https://a.example/l"
    assert found["citeAs"].startswith("@misc{bridges-1.0.0,")
    assert found["inLanguage"] == ["vi"]
    assert found["isLiveDataset"] is False
    assert found["creator"] == [{"@type": "sc:Person", "name": "Lan"}]
    assert (found["datePublished"], found["url"]) == ("2026-05-31", "https://a.example/")
    assert files_of(found) == {e.path: e.sha256 for e in read_manifest(release).files if e.split}
    assert {"text", "languages.share", "quality.words", "a/b"} <= set(fields_of(found))


def test_known_licence_is_an_address_and_nobody_is_a_creator_unasked(tmp_path: Path) -> None:
    release = build(small_corpus(tmp_path / "raw", license="cc-by-4.0"), tmp_path / "dist")
    found = document(release)
    assert found["license"] == "https://spdx.org/licenses/CC-BY-4.0.html"
    assert not {"creator", "datePublished", "url"} & set(found)


def test_document_is_the_same_for_the_same_manifest(release: Path) -> None:
    manifest = read_manifest(release)
    assert write_croissant(manifest, DATED) == (release / "croissant.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda d: d["distribution"][0].update(sha256="0" * 64), "its files or their SHA-256 are not those"),
        (lambda d: d["distribution"].pop(0), "its files or their SHA-256 are not those"),
        (lambda d: d["recordSet"][1]["field"].pop(0), "its fields are not the columns of the data"),
        (lambda d: d.pop("recordSet"), "it has no records with fields"),
        (lambda d: d.pop("distribution"), "it does not name files"),
    ],
)
def test_verify_compares_files_and_fields(tmp_path: Path, change: Any, what: str) -> None:
    release = build(small_corpus(tmp_path / "raw"), tmp_path / "dist")
    found = document(release)
    change(found)
    replace(release, json.dumps(found))
    result = run("verify", release)
    assert (result.exit_code, what in result.output) == (1, True)


def test_verify_does_not_mind_another_way_of_writing_the_same(tmp_path: Path) -> None:
    release = build(small_corpus(tmp_path / "raw"), tmp_path / "dist")
    found = document(release) | {"keywords": ["other"], "description": "said in another version of the program"}
    replace(release, json.dumps(found))
    assert run_json("verify", release)["sound"] is True


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"distribution": [], "recordSet": [{"@id": "default", "field": [1]}]}']
)
def test_verify_tells_what_is_no_croissant_document(tmp_path: Path, content: str) -> None:
    release = build(small_corpus(tmp_path / "raw"), tmp_path / "dist")
    replace(release, content)
    result = run("verify", release)
    assert (result.exit_code, "croissant.json: cannot be used" in result.output) == (1, True)


def replace(release: Path, content: str) -> None:
    """Put other content there, with all hashes mended."""
    path = release / "croissant.json"
    path.write_text(content, encoding="utf-8")
    manifest = read_manifest(release)
    files = [
        entry.model_copy(update={"sha256": sha256_of(path), "bytes": path.stat().st_size})
        if entry.path == path.name
        else entry
        for entry in manifest.files
    ]
    mended = manifest.model_copy(update={"files": files}).signed()
    (release / MANIFEST_NAME).write_text(mended.to_json(), encoding="utf-8")
