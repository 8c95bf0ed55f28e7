"""Verification proves that nothing withdrawn is inside, by the release's own list or by one that grew since."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpus.release.held import write_table
from corpus.release.manifest import FileEntry, Manifest, Withdrawn, read_manifest
from tests.support import build, edited, rows_of, run, run_json, story, write_jsonl, write_recipe


def corpus(folder: Path, version: str = "1.0.0") -> Path:
    rows = [{"url": f"https://news.a.example/{n}", "text": story(n)} for n in range(4)]
    rows.append({"url": "https://b.example/copy", "text": edited(story(0), 3)})
    write_jsonl(folder / "pages.jsonl", rows)
    # Near-copies stay apart, so that a release can hold one.
    write_recipe(folder, [{"name": "press", "path": "*.jsonl"}], version=version, dedup={"near": False})
    return folder


def ask(folder: Path, *options: str) -> Path:
    run_json("withdraw", folder, "--dist", folder / "dist", "--reason", "they asked", *options)
    return folder / "withdrawn.jsonl"


def problems(release: Path, listed: Path) -> list[str]:
    result = run("verify", release, "--withdrawn", listed)
    lines = result.stdout.splitlines()
    assert result.exit_code == (1 if len(lines) > 1 else 0), result.output
    return [line.partition(": ")[2] for line in lines] if result.exit_code else []


def by_url(release: Path) -> dict[str, dict[str, Any]]:
    return {row["url"]: row for row in rows_of(release)}


def test_an_older_release_is_told_what_it_still_holds(tmp_path: Path) -> None:
    release = build(corpus(tmp_path), tmp_path / "dist")
    rows = by_url(release)
    listed = ask(tmp_path, "--url", "https://news.a.example/0")
    one, copy = (rows[url]["id"] for url in ("https://news.a.example/0", "https://b.example/copy"))
    assert problems(release, listed) == [
        "it holds 2 documents that withdrawn.jsonl takes out",
        f"document {one}: its address is withdrawn (they asked)",
        f"document {copy}: it is a near-copy of what is withdrawn (they asked)",
    ]
    assert run("verify", release).exit_code == 0
    later = build(corpus(tmp_path, "1.0.1"), tmp_path / "dist")
    assert problems(later, listed) == []
    assert "news.a.example/0" not in str(by_url(later))


@pytest.mark.parametrize(
    ("kind", "how", "count"),
    [("site", "its site", 4), ("url", "its address", 1), ("hash", "its text", 1), ("id", "its id", 1)],
)
def test_what_a_list_names_is_found_without_documents(tmp_path: Path, kind: str, how: str, count: int) -> None:
    release = build(corpus(tmp_path), tmp_path / "dist")
    row = by_url(release)["https://news.a.example/1"]
    values = {"site": "a.example", "url": row["url"], "hash": row["content_hash"], "id": row["id"]}
    listed = write_jsonl(tmp_path / "asked.jsonl", [{"kind": kind, "value": values[kind], "reason": "x"}])
    found = problems(release, listed)
    assert len(found) == count + 1
    assert any(line.startswith(f"document {row['id']}: {how} is withdrawn") for line in found)


def test_json_says_the_same(tmp_path: Path) -> None:
    release = build(corpus(tmp_path), tmp_path / "dist")
    listed = ask(tmp_path, "--site", "a.example")
    result = run("verify", release, "--withdrawn", listed, "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert not said["sound"]
    assert len(said["problems"]) == 1 + 5


def test_many_are_counted_and_the_first_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = build(corpus(tmp_path), tmp_path / "dist")
    monkeypatch.setattr("corpus.release.verify.SHOWN_DOCUMENTS", 2)
    found = problems(release, ask(tmp_path, "--site", "a.example"))
    assert found[0] == "it holds 5 documents that withdrawn.jsonl takes out; the first 2 follow"
    assert len(found) == 3


def test_a_list_that_is_wrong_is_told(tmp_path: Path) -> None:
    release = build(corpus(tmp_path), tmp_path / "dist")
    assert run("verify", release, "--withdrawn", tmp_path / "nowhere.jsonl").exit_code == 2
    (tmp_path / "asked.jsonl").write_text("no list\n", encoding="utf-8")
    result = run("verify", release, "--withdrawn", tmp_path / "asked.jsonl")
    assert result.exit_code == 2
    assert "asked.jsonl:1: " in result.stderr


class TestItsOwnList:
    def signed(self, release: Path, manifest: Manifest) -> None:
        (release / "manifest.json").write_text(manifest.signed().to_json(), encoding="utf-8")

    def pretend(self, release: Path, listed: Path, documents: dict[str, int]) -> None:
        """Make a release say that it honours a list."""
        table = release / "ledger" / "withdrawn-00000-of-00001.parquet"
        write_table(table, listed)
        content = table.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        rows = pq.read_metadata(table).num_rows
        entry = FileEntry(path=f"ledger/{table.name}", sha256=sha256, bytes=len(content), rows=rows)
        manifest = read_manifest(release)
        withdrawn = Withdrawn(sha256="0" * 64, requests=1, documents=documents)
        self.signed(release, manifest.model_copy(update={"files": [*manifest.files, entry], "withdrawn": withdrawn}))

    def found(self, release: Path) -> list[str]:
        result = run("verify", release)
        assert result.exit_code == 1
        return result.stdout.splitlines()

    def test_is_held_against_the_data(self, tmp_path: Path) -> None:
        release = build(corpus(tmp_path), tmp_path / "dist")
        self.pretend(release, ask(tmp_path, "--url", "https://news.a.example/0"), {})
        found = self.found(release)
        assert found[0] == "data/: it holds 2 documents that requests take out"
        assert len(found) == 3

    def test_has_to_agree_with_the_manifest(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path)
        release = build(folder, tmp_path / "dist")
        listed = write_jsonl(
            tmp_path / "asked.jsonl", [{"kind": "site", "value": s, "reason": "x"} for s in ("x.y", "z.y")]
        )
        self.pretend(release, listed, {"x": 1})
        assert self.found(release) == [
            "manifest.json: what it says of withdrawn documents does not agree with the ledger",
            "ledger/: the manifest has 1 requests, the ledger 2",
        ]

    def test_cannot_be_left_out(self, tmp_path: Path) -> None:
        folder = corpus(tmp_path)
        build(folder, tmp_path / "dist")
        ask(folder, "--url", "https://news.a.example/0")
        release = build(corpus(tmp_path, "1.0.1"), tmp_path / "dist")
        [table] = release.glob("ledger/withdrawn*")
        table.unlink()
        manifest = read_manifest(release)
        files = [entry for entry in manifest.files if not entry.path.startswith("ledger/withdrawn")]
        self.signed(release, manifest.model_copy(update={"files": files}))
        assert self.found(release) == [
            "manifest.json: what it says of withdrawn documents does not agree with the ledger"
        ]

    def test_lines_of_withdrawn_documents_in_the_audit_are_found(self, tmp_path: Path) -> None:
        rows = [{"url": f"https://a.example/{n}", "text": f"{story(n)}\n\nBình luận ({n})"} for n in range(3)]
        write_jsonl(tmp_path / "pages.jsonl", rows)
        recipe = [{"name": "press", "path": "*.jsonl"}]
        write_recipe(tmp_path, recipe)
        first = build(tmp_path, tmp_path / "dist")
        ask(tmp_path, "--url", "https://a.example/1")
        write_recipe(tmp_path, recipe, version="1.0.1")
        release = build(tmp_path, tmp_path / "dist")
        assert run("verify", release).exit_code == 0
        [audit], [before] = release.glob("audit/*"), first.glob("audit/*")
        audit.write_bytes(before.read_bytes())
        old, manifest = read_manifest(first), read_manifest(release)
        entry = next(entry for entry in old.files if entry.path.startswith("audit/"))
        files = [entry if known.path == entry.path else known for known in manifest.files]
        counted = {"removed_lines": old.accounting.removed_lines, "removed_chars": old.accounting.removed_chars}
        accounting = manifest.accounting.model_copy(update=counted)
        self.signed(release, manifest.model_copy(update={"files": files, "accounting": accounting}))
        assert self.found(release) == ["audit/: it holds 1 line of withdrawn documents"]
