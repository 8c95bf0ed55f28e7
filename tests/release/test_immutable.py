"""A release appears whole and never changes."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.release.manifest import MANIFEST_NAME, read_manifest
from tests.support import build, run, run_json, small_corpus, tree


def test_same_version_with_other_content_is_refused(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    before = tree(build(raw, tmp_path / "dist"))
    small_corpus(raw, documents=7)
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert result.exit_code == 2
    assert "this version exists with other content" in result.stderr
    assert "raise 'version' in the recipe" in result.stderr
    assert tree(tmp_path / "dist" / "bridges" / "bridges-1.0.0") == before


def test_other_recipe_is_refused_before_anything_is_computed(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    build(raw, tmp_path / "dist")
    small_corpus(raw, dedup={"exact": False})
    (raw / "pages.jsonl").write_text("no json", encoding="utf-8")
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert (result.exit_code, "it was built from another recipe" in result.stderr) == (2, True)


def test_next_version_stands_beside_the_old_one(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    before = tree(build(raw, tmp_path / "dist"))
    build(small_corpus(raw, documents=7, version="1.1.0"), tmp_path / "dist")
    assert tree(tmp_path / "dist" / "bridges" / "bridges-1.0.0") == before
    assert sorted(path.name for path in (tmp_path / "dist" / "bridges").glob("b*")) == [
        "bridges-1.0.0",
        "bridges-1.1.0",
    ]


def test_release_of_another_pyarrow_with_the_same_rows_stays(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    release = build(raw, tmp_path / "dist")
    manifest = read_manifest(release)
    libraries = manifest.libraries | {"pyarrow": "1.0.0"}
    files = [manifest.files[0].model_copy(update={"sha256": "0" * 64}), *manifest.files[1:]]
    older = manifest.model_copy(update={"libraries": libraries, "files": files}).signed()
    (release / MANIFEST_NAME).write_text(older.to_json(), encoding="utf-8")
    before = tree(release)
    assert run_json("build", raw, "--dist", tmp_path / "dist")["new"] is False
    assert tree(release) == before


def build_on_a_full_disk(raw: Path, dist: Path) -> subprocess.CompletedProcess[str]:
    """A limit on the size of files stands for the full disk: writing fails in the middle of a file."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150, 150))

    command = [sys.executable, "-m", "corpus", "build", str(raw), "--dist", str(dist), "-q"]
    # Without bytecode: the limit would cut short the interpreter's own files, for every later run.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=limited, check=False, env=environment)


STAGES = ("read", "clean", "same_id", "same_text", "select", "pack", "concat")


def test_full_disk_where_digests_are_remembered_is_one_line_that_names_the_file(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw", documents=40)
    os.utime(raw / "pages.jsonl", (1_000_000_000, 1_000_000_000))

    failed = build_on_a_full_disk(raw, tmp_path / "dist")
    assert failed.returncode == 1
    assert failed.stderr == f"corpus: {raw}/.corpus/inputs.jsonl: File too large\n"


@pytest.mark.parametrize("stage", [*STAGES, "release"])
def test_full_disk_in_any_stage_is_one_line_and_leaves_nothing_half_written(tmp_path: Path, stage: str) -> None:
    raw = small_corpus(tmp_path / "raw", documents=40)
    # Old enough to be remembered by the first build: otherwise it hangs on the clock what the second writes first.
    os.utime(raw / "pages.jsonl", (1_000_000_000, 1_000_000_000))
    build(raw, tmp_path / "elsewhere")
    if stage != "release":
        shutil.rmtree(raw / ".corpus" / "tasks" / stage)

    failed = build_on_a_full_disk(raw, tmp_path / "dist")

    assert (failed.returncode, len(failed.stderr.splitlines())) == (1, 1), failed.stderr
    if stage == "release":
        assert f"{tmp_path}/dist/bridges/bridges-1.0.0/" in failed.stderr
        assert "cannot be written: File too large; nothing is left of it" in failed.stderr
    assert not list(tmp_path.glob("dist/*/*bridges*"))
    assert not list(raw.glob(".corpus/tmp/*"))
    assert run("build", raw, "--dist", tmp_path / "dist").exit_code == 0


def test_leftovers_of_a_killed_assembly_are_cleared(tmp_path: Path) -> None:
    leftover = tmp_path / "dist" / "bridges" / ".bridges-1.0.0.dead.tmp"
    leftover.mkdir(parents=True)
    (leftover / "README.md").write_text("half")
    build(small_corpus(tmp_path / "raw"), tmp_path / "dist")
    assert not leftover.exists()


@pytest.mark.parametrize("place", ["file/dist", "file"])
def test_folder_of_releases_that_cannot_be_written(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    result = run("build", small_corpus(tmp_path / "raw"), "--dist", tmp_path / place)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_manifest_accounts_for_inputs_and_totals(tmp_path: Path) -> None:
    release = build(small_corpus(tmp_path / "raw"), tmp_path / "dist")
    manifest = json.loads((release / MANIFEST_NAME).read_text(encoding="utf-8"))
    [entry] = manifest["inputs"]
    assert (entry["source"], entry["files"]) == ("press", 1)
    assert entry["bytes"] == (tmp_path / "raw" / "pages.jsonl").stat().st_size
    assert manifest["sources"]["press"]["documents"] == manifest["languages"]["vi"]["documents"] == 6
    assert str(tmp_path) not in json.dumps(manifest)
