"""Versions: what a difference calls for, what is refused, and what a release knows of those before it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.release.manifest import MANIFEST_NAME, read_manifest
from corpus.release.versions import following, level_between, understates
from tests.support import build, edited, rows_of, run, run_json, small_corpus, story, tree, write_jsonl


def change(raw: Path, **fields: Any) -> None:
    """Change fields of a recipe."""
    path = raw / "corpus.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text(encoding="utf-8")) | fields), encoding="utf-8")


@pytest.mark.parametrize(
    ("level", "after"), [("major", "2.0.0"), ("minor", "1.5.0"), ("patch", "1.4.8")], ids=["major", "minor", "patch"]
)
def test_the_number_of_a_level_goes_up_and_those_behind_it_begin_anew(level: Any, after: str) -> None:
    assert following("1.4.7", level) == after
    assert level_between("1.4.7", after) == level
    assert not understates("1.4.7", after, level)


def test_a_version_may_say_more_than_the_difference_but_not_less() -> None:
    assert not understates("1.4.7", "2.0.0", "patch")
    assert understates("1.4.7", "1.4.8", "minor")
    assert understates("1.4.7", "1.5.0", "major")
    assert not understates("1.4.7", "3.0.0", "major")


class TestAuto:
    def test_the_first_is_0_1_0(self, tmp_path: Path) -> None:
        release = build(small_corpus(tmp_path / "raw", version="auto"), tmp_path / "dist")
        assert release.name == "bridges-0.1.0"
        assert read_manifest(release).changes is None

    def test_nothing_new_is_no_new_release(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw", version="auto")
        first = build(raw, tmp_path / "dist")
        before = tree(tmp_path / "dist")
        report = run_json("build", raw, "--dist", tmp_path / "dist")
        assert (report["new"], Path(report["release"]), report["version"]) == (False, first, "0.1.0")
        assert tree(tmp_path / "dist") == before

    @pytest.mark.parametrize(
        ("made", "version"),
        [
            (lambda raw: write_jsonl(raw / "more.jsonl", [{"url": "https://b.example/", "text": story(7)}]), "0.2.0"),
            (lambda raw: change(raw, clean={"tone": "new"}), "0.2.0"),
            (lambda raw: change(raw, quality={"limits": {"words": {"min": 1}}}), "0.2.0"),
            (lambda raw: small_corpus(raw, documents=5, version="auto"), "0.1.1"),
            (lambda raw: change(raw, license="mit"), "0.1.1"),
            (lambda raw: change(raw, release={"title": "Bridges"}), "0.1.1"),
            (lambda raw: (raw / "card.md").write_text("# Uses\n\nFor songs.\n", encoding="utf-8"), "0.1.1"),
            (
                lambda raw: change(raw, sources=[{"name": "press", "path": "*.jsonl", "keep": ["section"]}]),
                "1.0.0",
            ),
        ],
        ids=["document", "cleaning", "limits", "removed", "licence", "title", "card", "column"],
    )
    def test_the_difference_decides(self, tmp_path: Path, made: Callable[[Path], object], version: str) -> None:
        raw = small_corpus(tmp_path / "raw", version="auto")
        build(raw, tmp_path / "dist")
        made(raw)
        report = run_json("build", raw, "--dist", tmp_path / "dist")
        assert (report["new"], report["version"]) == (True, version)
        assert Path(report["release"]).name == f"bridges-{version}"

    def test_a_withdrawal_is_a_patch_that_says_how_many_went_and_why(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw", version="auto")
        first = build(raw, tmp_path / "dist")
        run(
            "withdraw", raw, "--url", "https://a.example/2", "--reason", "the author asked", "--dist", tmp_path / "dist"
        )
        second = build(raw, tmp_path / "dist")
        manifest = read_manifest(second)
        assert manifest.version == "0.1.1"
        assert manifest.changes is not None
        assert manifest.changes.removed == {"withdrawn": 1}
        assert manifest.withdrawn is not None
        assert manifest.withdrawn.documents == {"the author asked": 1}
        assert "the author asked: 1" in (second / "CHANGELOG.md").read_text(encoding="utf-8")
        assert "bản tin số 2 " in str(rows_of(first))
        assert "bản tin số 2 " not in str(rows_of(second)) + (second / "README.md").read_text(encoding="utf-8")

    def test_a_withdrawn_page_that_has_gone_from_the_sources_counts_as_withdrawn(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw", version="auto")
        build(raw, tmp_path / "dist")
        run("withdraw", raw, "--url", "https://a.example/5", "--reason", "asked", "--dist", tmp_path / "dist")
        small_corpus(raw, documents=5, version="auto")
        changes = read_manifest(build(raw, tmp_path / "dist")).changes
        assert changes is not None
        assert changes.removed == {"withdrawn": 1}


class TestRefused:
    def test_a_patch_that_adds_documents(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw")
        build(raw, tmp_path / "dist")
        small_corpus(raw, documents=8, version="1.0.1")
        before = tree(tmp_path / "dist")
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert result.exit_code == 2
        assert "version 1.0.1 says too little about what has changed since 1.0.0: 2 documents came" in result.stderr
        assert "that is a minor version: 1.1.0, or 'version: auto' in the recipe" in result.stderr
        assert tree(tmp_path / "dist") == before

    def test_a_minor_version_with_another_column(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw")
        build(raw, tmp_path / "dist")
        change(raw, version="1.1.0", sources=[{"name": "press", "path": "*.jsonl", "keep": ["section"]}])
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert result.exit_code == 2
        assert "column section came" in result.stderr
        assert "2.0.0" in result.stderr

    def test_a_version_before_that_was_altered(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw")
        first = build(raw, tmp_path / "dist")
        [data] = first.glob("data/*")
        data.write_bytes(data.read_bytes()[:-1] + b"x")
        small_corpus(raw, documents=8, version="1.1.0")
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert result.exit_code == 1
        assert "its bytes were altered, so the next version cannot follow on it" in result.stderr
        data.unlink()
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert (result.exit_code, "missing, so the next version cannot follow on it" in result.stderr) == (1, True)
        assert [path.name for path in (tmp_path / "dist/bridges").glob("b*")] == ["bridges-1.0.0"]

    def test_a_version_before_of_a_newer_program(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw")
        path = build(raw, tmp_path / "dist") / MANIFEST_NAME
        path.write_text(path.read_text().replace('"schema_version": 1', '"schema_version": 99'))
        small_corpus(raw, documents=8, version="1.1.0")
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert (result.exit_code, "written by a newer corpus-press" in result.stderr) == (1, True)

    def test_a_parent_that_is_none(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw")
        other = build(small_corpus(tmp_path / "other", dataset="rivers"), tmp_path / "dist")
        same = build(raw, tmp_path / "dist")
        for parent, words in (
            (other, "a release of rivers, not of bridges"),
            (same, "version 1.0.0 does not come before 1.0.0"),
            (tmp_path / "nothing", "no such release"),
        ):
            result = run("build", raw, "--dist", tmp_path / "new", "--parent", parent)
            assert (result.exit_code, words in result.stderr) == (2, True), result.stderr
        assert not (tmp_path / "new").exists()


class TestLine:
    def test_the_manifest_has_all_versions_before_with_their_digests(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw", version="auto")
        releases = []
        for documents in (6, 8, 7):
            small_corpus(raw, documents=documents, version="auto")
            releases.append(read_manifest(build(raw, tmp_path / "dist")))
        assert [release.version for release in releases] == ["0.1.0", "0.2.0", "0.2.1"]
        found = [(parent.version, parent.digest, parent.documents) for parent in releases[2].parents]
        assert found == [(r.version, r.digest, r.accounting.kept) for r in (releases[1], releases[0])]
        assert releases[2].parents[0].changes == releases[1].changes
        assert releases[1].changes is not None
        assert releases[1].changes.added == {"new_in_sources": 2}

    def test_documents_know_the_version_that_had_them_first(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw", version="auto")
        build(raw, tmp_path / "dist")
        write_jsonl(raw / "a.jsonl", [{"url": "https://0.example/", "text": story(90)}])
        build(raw, tmp_path / "dist")
        write_jsonl(raw / "b.jsonl", [{"url": "https://1.example/", "text": story(91)}])
        last = rows_of(build(raw, tmp_path / "dist"))
        assert [row["first_version"] for row in last] == ["0.1.0"] * 6 + ["0.2.0", "0.3.0"]
        assert [row["text"] for row in last[6:]] == [story(90), story(91)]

    def test_new_documents_of_a_major_version_know_that_it_is_one(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw", version="auto")
        build(raw, tmp_path / "dist")
        write_jsonl(raw / "a.jsonl", [{"url": "https://0.example/", "text": story(90), "section": "x"}])
        change(raw, sources=[{"name": "press", "path": "*.jsonl", "keep": ["section"]}])
        release = build(raw, tmp_path / "dist")
        assert release.name == "bridges-1.0.0"
        assert [row["first_version"] for row in rows_of(release)] == ["0.1.0"] * 6 + ["1.0.0"]

    def test_what_was_there_stays_where_it_is_when_a_file_sorts_before_it(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw", version="auto")
        first = rows_of(build(raw, tmp_path / "dist"))
        write_jsonl(raw / "a.jsonl", [{"url": f"https://0.example/{n}", "text": story(90 + n)} for n in range(3)])
        assert rows_of(build(raw, tmp_path / "dist"))[: len(first)] == first

    def test_files_that_are_half_full_stay_byte_for_byte_when_documents_come(self, tmp_path: Path) -> None:
        def pages(numbers: range) -> list[dict[str, str]]:
            return [{"url": f"https://a.example/{n}", "text": story(n, sentences=30)} for n in numbers]

        raw = small_corpus(tmp_path / "raw", version="auto", release={"max_shard_mb": 1})
        write_jsonl(raw / "pages.jsonl", pages(range(260)))
        before = tree(build(raw, tmp_path / "dist") / "data")
        write_jsonl(raw / "more.jsonl", pages(range(1000, 1040)))
        after = tree(build(raw, tmp_path / "dist") / "data")
        assert sum(map(len, before.values())) > 200_000
        assert set(before.values()) < set(after.values())

    def test_a_version_before_that_is_elsewhere(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw", version="auto")
        first = build(raw, tmp_path / "dist")
        shutil.move(first, tmp_path / "elsewhere")
        small_corpus(raw, documents=8, version="auto")
        release = build(raw, tmp_path / "new", "--parent", str(tmp_path / "elsewhere"))
        manifest = read_manifest(release)
        assert (manifest.version, manifest.parents[0].version) == ("0.2.0", "0.1.0")

    def test_versions_are_the_same_whatever_the_workers_and_the_size_of_parts(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = []
        for run_, part_bytes in enumerate((8_000_000, 20_000)):
            for module in ("graph", "inputs", "stages.read"):
                monkeypatch.setattr(f"corpus.build.{module}.DEFAULT_PART_BYTES", part_bytes)
            settings: dict[str, Any] = {"splits": {"validation": 4, "test": 0.2}, "dedup": {"near": False}}
            raw = small_corpus(tmp_path / f"raw{run_}", version="auto", **settings)
            dist, workers = tmp_path / f"dist{run_}", ("--workers", str(run_ + 1))
            texts = [edited(story(n % 30), n // 30) for n in range(60)]
            rows = [{"url": f"https://a.example/{n}", "text": text} for n, text in enumerate(texts)]
            write_jsonl(raw / "pages.jsonl", rows[10:])
            build(raw, dist, *workers)
            write_jsonl(raw / "0.jsonl", rows[:10])
            build(raw, dist, *workers)
            asked = ("--url", "https://a.example/40", "--reason", "asked")
            assert run("withdraw", raw, *asked, "--dist", dist).exit_code == 0
            build(raw, dist, *workers)
            found.append(tree(dist))
        assert len({path.split("/")[1] for path in found[0] if path.endswith("manifest.json")}) == 3
        assert found[0] == found[1]

    def test_a_later_version_without_any_before_is_worth_a_warning(self, tmp_path: Path) -> None:
        result = run("build", small_corpus(tmp_path / "raw", version="1.4.2"), "--dist", tmp_path / "dist")
        assert result.exit_code == 0
        assert "warning: no version before 1.4.2 is at hand" in result.stderr
