"""`corpus verify`: nothing that happens to a release goes unnoticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpus.document import document_schema
from corpus.release.manifest import MANIFEST_NAME, FileEntry, Manifest, columns_of, read_manifest
from corpus.release.shards import sha256_of
from corpus.release.verify import verify
from tests.release.diff_helpers import document, write_release
from tests.support import build, run, run_json, small_corpus

DATA = "data/train-00000-of-00001.parquet"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return build(small_corpus(tmp_path / "raw"), tmp_path / "dist")


def problems(release: Path) -> list[tuple[str, str]]:
    result = run("verify", release, "--json")
    found = json.loads(result.stdout)["problems"]
    assert result.exit_code == (1 if found else 0)
    return [(problem["path"], problem["what"]) for problem in found]


def rewrite(release: Path, change: Callable[[Manifest], Manifest]) -> None:
    """Change the manifest as somebody would who also mends its digest."""
    manifest = change(read_manifest(release)).signed()
    (release / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")


def refreshed(release: Path, manifest: Manifest) -> Manifest:
    """The manifest with the present hashes and sizes of all files."""

    def entry(old: FileEntry) -> FileEntry:
        path = release / old.path
        return old.model_copy(update={"sha256": sha256_of(path), "bytes": path.stat().st_size})

    return manifest.model_copy(update={"files": [entry(old) for old in manifest.files]})


def test_sound_release_has_no_problem(release: Path) -> None:
    result = run("verify", release)
    assert (result.exit_code, "sound (6 files, 6 documents)" in result.stdout) == (0, True)


@pytest.mark.parametrize(
    "name", [DATA, "README.md", "ledger/documents-00000-of-00001.parquet", "ledger/inputs.parquet"]
)
def test_flipped_byte(release: Path, name: str) -> None:
    content = bytearray((release / name).read_bytes())
    content[len(content) // 2] ^= 1
    (release / name).write_bytes(content)
    assert (name, "its bytes were altered: the SHA-256 is not the manifest's") in problems(release)


def test_missing_shard(release: Path) -> None:
    (release / DATA).unlink()
    assert problems(release) == [(DATA, "missing")]


def test_shortened_file(release: Path) -> None:
    size = (release / DATA).stat().st_size
    (release / DATA).write_bytes((release / DATA).read_bytes()[:100])
    assert problems(release) == [(DATA, f"100 bytes instead of {size}")]


def test_foreign_file(release: Path) -> None:
    (release / "data" / "notes.txt").write_text("hello")
    assert problems(release) == [("data/notes.txt", "not part of the release")]


def test_altered_manifest(release: Path) -> None:
    path = release / MANIFEST_NAME
    path.write_text(path.read_text(encoding="utf-8").replace('"kept": 6', '"kept": 5'), encoding="utf-8")
    result = run("verify", release)
    assert (result.exit_code, "the manifest was altered" in result.stderr) == (1, True)


def test_wrong_count_with_a_mended_digest(release: Path) -> None:
    def fewer(manifest: Manifest) -> Manifest:
        accounting = manifest.accounting.model_copy(update={"kept": 5, "read": 5})
        return manifest.model_copy(update={"accounting": accounting})

    rewrite(release, fewer)
    found = problems(release)
    assert ("manifest.json", "5 documents are accounted as kept, but the splits differ") in found
    assert ("ledger/", "it does not agree with the accounts in the manifest") in found


def test_rows_replaced_with_all_hashes_mended(release: Path) -> None:
    table = pq.read_table(release / DATA)
    pq.write_table(table.slice(0, 5), release / DATA)
    rewrite(release, lambda manifest: refreshed(release, manifest))
    assert {what for path, what in problems(release) if path == DATA} == {
        "5 rows instead of 6",
        "its rows are not those of the manifest",
    }


@pytest.mark.parametrize("name", [DATA, "ledger/documents-00000-of-00001.parquet"])
def test_file_that_is_no_parquet_with_all_hashes_mended(release: Path, name: str) -> None:
    (release / name).write_bytes(b"x" * 300)
    rewrite(release, lambda manifest: refreshed(release, manifest))
    assert (name, "not a Parquet file") in problems(release)


def test_repeated_id_with_all_hashes_mended(release: Path) -> None:
    import pyarrow as pa

    table = pq.read_table(release / DATA)
    pq.write_table(pa.concat_tables([table.slice(0, 5), table.slice(0, 1)]), release / DATA)
    rewrite(release, lambda manifest: refreshed(release, manifest))
    assert any("occurs more than once" in what for _, what in problems(release))


def test_other_columns_with_all_hashes_mended(release: Path) -> None:
    pq.write_table(pq.read_table(release / DATA).drop_columns(["title"]), release / DATA)
    rewrite(release, lambda manifest: refreshed(release, manifest))
    assert (DATA, "its columns are not those of the manifest") in problems(release)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("num_examples: 6", "num_examples: 7", "its splits are not those of the data"),
        ("name: n_words\n    dtype: int64", "name: n_words\n    dtype: string", "its features are not the columns"),
        ("data/train-*.parquet", "data/*.parquet", "its data files are not those of the release"),
        ("license: other", "license: mit", "its license is not other"),
        ("---\n", "", "the card has no YAML block"),
    ],
)
def test_card_that_disagrees_with_the_data(release: Path, old: str, new: str, what: str) -> None:
    card = release / "README.md"
    text = card.read_text(encoding="utf-8")
    assert old in text
    card.write_text(text.replace(old, new, 1), encoding="utf-8")
    rewrite(release, lambda manifest: refreshed(release, manifest))
    assert any(path == "README.md" and what in found for path, found in problems(release))


def test_newer_manifest_asks_for_an_upgrade(release: Path) -> None:
    path = release / MANIFEST_NAME
    raw = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(raw | {"schema_version": 99}), encoding="utf-8")
    result = run("verify", release)
    assert (result.exit_code, "written by a newer corpus-press" in result.stderr) == (1, True)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"schema_version": 1}', "\xff"])
def test_broken_manifest_is_one_line(release: Path, content: str) -> None:
    (release / MANIFEST_NAME).write_text(content, encoding="latin-1")
    result = run("verify", release)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


def test_folder_that_is_no_release(tmp_path: Path) -> None:
    assert "it holds no manifest.json" in run("verify", tmp_path).stderr
    assert "no such release" in run("verify", tmp_path / "nothing").stderr


def test_release_may_be_moved(release: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    release.rename(moved)
    assert run_json("verify", moved)["sound"] is True


def test_a_release_with_columns_of_an_older_program_is_held_against_its_own_manifest(tmp_path: Path) -> None:
    """Programs add columns; what an older one wrote stays sound."""
    older = document_schema({}).remove(document_schema({}).get_field_index("first_version"))
    columns = [column for column in columns_of({}) if column.name != "first_version"]
    release = write_release(tmp_path / "old", {"train-0": [document(1)]}, schema=older, columns=columns)
    assert not [problem for problem in verify(release) if problem.path.startswith("data/")]
