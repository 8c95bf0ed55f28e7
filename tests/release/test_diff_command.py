"""`corpus diff`, on releases that were built."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import corpus
from tests.support import article, build, run, run_json, small_corpus, tree, write_jsonl, write_recipe


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return build(small_corpus(tmp_path / "raw", 6), tmp_path / "dist")


@pytest.fixture
def new(tmp_path: Path, old: Path) -> Path:
    """A version with two documents less, one more, and another recipe."""
    rows = [{"url": f"https://a.example/{n}", "text": article(n)} for n in (2, 3, 4, 5, 6)]
    write_jsonl(tmp_path / "raw" / "pages.jsonl", rows)
    source = {"name": "press", "path": "*.jsonl"}
    write_recipe(tmp_path / "raw", [source], version="1.1.0", dedup={"near": {"threshold": 0.9}})
    return build(tmp_path / "raw", tmp_path / "dist")


def test_the_screen_begins_with_what_the_difference_calls_for(old: Path, new: Path) -> None:
    result = run("diff", old, new)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("bridges 1.0.0 -> 1.1.0: minor: documents added, removed")
    assert lines[1:4] == [
        "  documents    6 -> 5",
        "  added        1 new in sources (read)",
        "  removed      2 not in sources (read)",
    ]
    assert "  recipe       dedup.near.threshold: 0.8 -> 0.9" in lines
    assert any(line.startswith("  uploads      ") for line in lines)


def test_the_screen_is_silent_about_what_did_not_change(old: Path) -> None:
    result = run("diff", old, old)
    assert result.stdout.splitlines() == [
        "bridges 1.0.0 -> 1.0.0: no difference",
        "  documents    6",
        f"  uploads      0.0 kB of {_size(old) / 1e3:.1f} kB (0.0%)",
    ]


def test_json_says_the_same(old: Path, new: Path) -> None:
    found = run_json("diff", old, new)
    assert found["level"] == "minor"
    assert (found["old"]["documents"], found["new"]["documents"]) == (6, 5)
    assert found["added"] == [{"reason": "new_in_sources", "stage": "read", "documents": 1}]
    assert found["recipe_changes"] == [
        {"field": "dedup.near.threshold", "old": 0.8, "new": 0.9, "metadata": False},
    ]
    assert found["uploads"]["bytes"] == _size(new)
    assert run_json("diff", old, new, "--no-uploads")["uploads"] is None


def test_the_public_call_takes_folders_and_releases(old: Path, new: Path) -> None:
    assert corpus.diff(corpus.Release.open(old), str(new)).to_dict() == corpus.diff(old, new).to_dict()
    assert json.loads(json.dumps(corpus.diff(old, new).to_dict())) == run_json("diff", old, new)


@pytest.mark.parametrize(("other", "code"), [("new", 1), ("old", 0)])
def test_the_exit_code_tells_releases_that_differ(old: Path, new: Path, other: str, code: int) -> None:
    assert run("diff", old, {"new": new, "old": old}[other], "--exit-code", "--no-uploads").exit_code == code


def test_a_list_of_documents_is_named_on_the_screen(tmp_path: Path, old: Path, new: Path) -> None:
    path = tmp_path / "list.jsonl"
    assert f"  list         {path}" in run("diff", old, new, "--documents", path).stdout.splitlines()
    reasons = [json.loads(line)["reason"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert [reason for reason in reasons if "sources" in reason] == ["new_in_sources", *["not_in_sources"] * 2]


def test_other_datasets_are_compared_and_named(tmp_path: Path, old: Path) -> None:
    other = build(small_corpus(tmp_path / "raw", 6, dataset="rivers"), tmp_path / "dist")
    lines = run("diff", old, other).stdout.splitlines()
    assert "  datasets     bridges and rivers are not the same dataset" in lines
    assert '  recipe       dataset: "bridges" -> "rivers"' in lines


def test_a_comparison_writes_nothing_into_the_releases(old: Path, new: Path) -> None:
    before = tree(old), tree(new)
    run("diff", old, new)
    assert (tree(old), tree(new)) == before


@pytest.mark.parametrize("damage", ["cut short", "altered", "missing"])
@pytest.mark.parametrize("name", ["data/train-00000-of-00001.parquet", "ledger/documents-00000-of-00001.parquet"])
def test_a_damaged_side_is_one_clear_line(old: Path, new: Path, damage: str, name: str) -> None:
    path = new / name
    content = path.read_bytes()
    if damage == "cut short":
        path.write_bytes(content[:-1])
    elif damage == "altered":
        path.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
    else:
        path.unlink()
    result = run("diff", old, new)
    assert result.exit_code == 1
    assert result.stdout == ""
    what = "cannot be read: No such file or directory" if damage == "missing" else "damaged or altered"
    assert result.stderr.startswith(f"corpus: {path}: {what}")
    assert len(result.stderr.splitlines()) == 1


def test_an_altered_manifest_is_one_clear_line(old: Path, new: Path) -> None:
    path = old / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"title": "', '"title": "The '), encoding="utf-8")
    result = run("diff", old, new)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "the manifest was altered" in result.stderr


def test_a_folder_that_is_no_release_is_one_clear_line(tmp_path: Path, old: Path) -> None:
    assert run("diff", tmp_path, old).stderr == f"corpus: {tmp_path}: not a release: it holds no manifest.json\n"
    nothing = f"corpus: {tmp_path / 'x'}: no such release: neither a folder, nor a repo on the Hub"
    assert run("diff", old, tmp_path / "x").stderr.startswith(nothing)


@pytest.mark.parametrize("arguments", [["one"], ["one", "two", "--documents", "list.txt"]])
def test_a_wrong_call_ends_with_2(arguments: list[str]) -> None:
    assert run("diff", *arguments).exit_code == 2


def _size(release: Path) -> int:
    return sum(len(content) for name, content in tree(release).items() if name != "manifest.json")
