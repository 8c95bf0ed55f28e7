"""`corpus build`: raw files in, one release out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import corpus
from tests.support import (
    article,
    build,
    rows_of,
    run,
    run_json,
    small_corpus,
    start,
    story,
    tree,
    write_jsonl,
    write_recipe,
)


def test_release_holds_every_document_with_its_fields(tmp_path: Path) -> None:
    rows = [{"link": "https://www.a.example/1#top", "content": article(1), "date": "2024-09-23", "section": "Xã hội"}]
    write_jsonl(tmp_path / "raw" / "pages.jsonl", rows)
    fields = {"text": "content", "url": "link", "published": "date"}
    source = {"name": "press", "path": "*.jsonl", "fields": fields, "keep": ["section", "id"]}
    write_recipe(tmp_path / "raw", [source])
    [row] = rows_of(build(tmp_path / "raw", tmp_path / "dist"))
    assert row["text"] == article(1)
    assert row["site"] == "a.example"
    assert str(row["published"]) == "2024-09-23"
    assert (row["source"], row["language"], row["duplicates"]) == ("press", "vi", 1)
    assert (row["section"], row["raw_id"]) == ("Xã hội", None)
    assert row["n_chars"] == len(article(1))


def test_rows_come_in_the_order_of_source_path_and_position(tmp_path: Path) -> None:
    for name, first in (("b/2.jsonl", 30), ("b/10.jsonl", 20), ("a/1.jsonl", 40)):
        write_jsonl(tmp_path / "raw" / name, [{"text": article(first + n)} for n in range(2)])
    (tmp_path / "raw" / "z.txt").write_text(article(10), encoding="utf-8")
    write_recipe(tmp_path / "raw", [{"name": "web", "path": "**/*.jsonl"}, {"name": "notes", "path": "*.txt"}])
    texts = [row["text"] for row in rows_of(build(tmp_path / "raw", tmp_path / "dist"))]
    assert texts == [article(n) for n in (10, 40, 41, 20, 21, 30, 31)]


def test_python_call_builds_the_same_release_as_the_command(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    release = corpus.build(raw, dist=tmp_path / "one")
    assert tree(release.path) == tree(build(raw, tmp_path / "two"))
    assert release.manifest.accounting.kept == 6


def test_column_that_no_record_has_is_warned_of(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    write_recipe(raw, [{"name": "press", "path": "*.jsonl", "fields": {"published": "dates"}, "keep": ["sektion"]}])
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert result.exit_code == 0
    for column, where in (("dates", "fields.published"), ("sektion", "keep")):
        said = f"warning: source 'press': no record has a value in the column '{column}' that {where} names"
        assert said in result.stderr


def test_script_without_a_main_guard_builds_with_many_workers(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    script = tmp_path / "train.py"
    script.write_text(
        "import corpus\n"
        "from corpus.build import runners\n"
        "runners.INLINE_BYTES = 0\n"
        f"release = corpus.build({str(raw)!r}, dist={str(tmp_path / 'dist')!r}, workers=2)\n"
        "print(release.manifest.accounting.kept)\n"
    )
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "6\n", "")


def test_second_build_computes_nothing_and_says_so(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    build(raw, tmp_path / "dist")
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert result.exit_code == 0
    assert "was there already, unchanged" in result.stdout
    assert "nothing to compute" in result.stderr


def test_changed_parameter_runs_only_the_stages_that_read_it(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    build(raw, tmp_path / "one")
    small_corpus(raw, splits={"test": 0.5})
    stages = {s["stage"]: s["to_run"] for s in run_json("build", raw, "--dist", tmp_path / "two")["stages"]}
    assert {stage for stage, to_run in stages.items() if to_run} == {"groups", "part_groups", "place", "pack"}


def test_another_version_of_the_same_rows_only_asks_which_copies_were_released(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    build(raw, tmp_path / "dist")
    small_corpus(raw, version="1.0.1")
    report = run_json("build", raw, "--dist", tmp_path / "dist")
    assert report["new"]
    ran = {s["stage"] for s in report["stages"] if s["to_run"]}
    assert ran == {"released", "same_id", "same_text", "near", "part_released", "place"}


def test_new_source_reads_and_cleans_only_its_files(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    build(raw, tmp_path / "one")
    write_jsonl(tmp_path / "raw" / "more" / "new.jsonl", [{"text": article(50)}])
    write_recipe(raw, [{"name": "press", "path": "*.jsonl"}, {"name": "web", "path": "more"}], version="1.1.0")
    stages = {s["stage"]: s for s in run_json("build", raw, "--dist", tmp_path / "two")["stages"]}
    assert (stages["read"]["tasks"], stages["read"]["to_run"]) == (2, 1)
    assert (stages["clean"]["tasks"], stages["clean"]["to_run"]) == (2, 1)


def test_changed_file_is_read_again_though_its_size_is_the_same(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    first = rows_of(build(raw, tmp_path / "one"))
    content = (raw / "pages.jsonl").read_text(encoding="utf-8")
    (raw / "pages.jsonl").write_text(content.replace("số 0 trong", "số 9 trong"), encoding="utf-8")
    second = rows_of(build(raw, tmp_path / "two"))
    assert [row["text"] == other["text"] for row, other in zip(first, second, strict=True)] == [False] + [True] * 5


def test_dry_run_lists_tasks_and_writes_no_release(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    result = run("build", raw, "--dist", tmp_path / "dist", "--dry-run")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["read", "1", "of", "1", "task", "to", "run"]
    assert "known when the stages before it have run" in lines[1]
    assert not (tmp_path / "dist").exists()
    build(raw, tmp_path / "dist")
    assert "everything is in the cache" in run("build", raw, "--dry-run").stdout


def test_equal_documents_are_merged_and_the_ledger_names_the_one_kept(tmp_path: Path) -> None:
    texts = [article(1), article(2), article(1).upper(), article(1).replace(" ", "  ")]
    rows = [{"url": f"https://a.example/{n}", "text": text} for n, text in enumerate(texts)]
    write_jsonl(tmp_path / "raw" / "pages.jsonl", rows)
    write_recipe(tmp_path / "raw", [{"name": "press", "path": "*.jsonl"}])
    release = build(tmp_path / "raw", tmp_path / "dist")
    kept = {row["duplicates"]: row for row in rows_of(release)}
    assert set(kept) == {1, 3}
    assert kept[1]["url"] == "https://a.example/1"
    dropped = [row for row in rows_of(release, "ledger") if row["status"] == "dropped"]
    assert [(row["reason"], row["detail"]) for row in dropped] == [("exact_duplicate", kept[3]["id"])] * 2


def test_exact_deduplication_can_be_switched_off(tmp_path: Path) -> None:
    rows = [{"url": f"https://a.example/{n}", "text": article(1)} for n in range(3)]
    write_jsonl(tmp_path / "raw" / "pages.jsonl", rows)
    write_recipe(tmp_path / "raw", [{"name": "press", "path": "*.jsonl"}], dedup={"exact": False, "near": None})
    assert len(rows_of(build(tmp_path / "raw", tmp_path / "dist"))) == 3


def test_every_record_ends_in_the_ledger(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw", documents=20, limits={"max_bad_share": 0.5})
    with (raw / "pages.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"url": "https://a.example/x"}\nno json\n' + json.dumps({"text": "Bình luận (0)"}) + "\n")
    result = run_json("build", raw, "--dist", tmp_path / "dist")
    accounting = result["accounting"]
    assert (accounting["read"], accounting["kept"]) == (23, 20)
    assert accounting["dropped"] == {"empty": 1}
    assert accounting["quarantined"] == {"no_text": 1, "not_json": 1}
    ledger = rows_of(Path(result["release"]), "ledger")
    assert len(ledger) == 23
    assert {(row["status"], row["reason"], row["position"]) for row in ledger if row["status"] != "kept"} == {
        ("dropped", "empty", 23),
        ("quarantined", "no_text", 21),
        ("quarantined", "not_json", 22),
    }


def test_every_removed_line_is_in_the_audit_with_its_rule(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    write_jsonl(raw / "pages.jsonl", [{"text": article(1) + "\n\nBình luận (3)"}])
    result = run_json("build", raw, "--dist", tmp_path / "dist")
    [line] = rows_of(Path(result["release"]), "audit")
    assert (line["text"], line["rule"], line["line"]) == ("Bình luận (3)", "comment_counter_v1", 9)
    assert result["accounting"]["removed_lines"] == {"comment_counter_v1": 1}


def test_audit_can_be_left_out_of_the_release(tmp_path: Path) -> None:
    release = build(small_corpus(tmp_path / "raw", release={"audit": False}), tmp_path / "dist")
    assert not (release / "audit").exists()
    assert run("verify", release).exit_code == 0


def test_large_data_is_cut_into_shards_that_keep_the_order(tmp_path: Path) -> None:
    rows = [{"text": f"Đoạn {n}. " + article(n) * 1500} for n in range(4)]
    write_jsonl(tmp_path / "raw" / "pages.jsonl", rows)
    write_recipe(tmp_path / "raw", [{"name": "press", "path": "*.jsonl"}], release={"max_shard_mb": 1})
    release = build(tmp_path / "raw", tmp_path / "dist")
    assert [path.name for path in sorted(release.glob("data/*"))] == [
        f"train-{n:05d}-of-00004.parquet" for n in range(4)
    ]
    assert [row["text"][:7] for row in rows_of(release)] == ["Đoạn 0.", "Đoạn 1.", "Đoạn 2.", "Đoạn 3."]


def test_raw_page_that_goes_leaves_all_data_files_but_one_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.build.shard_plan.ROW_GROUP_BYTES", 250_000)
    rows = [{"url": f"https://a.example/{n}", "text": story(n, sentences=20)} for n in range(1800)]
    write_jsonl(tmp_path / "raw" / "pages.jsonl", rows)
    write_recipe(tmp_path / "raw", [{"name": "press", "path": "*.jsonl"}], release={"max_shard_mb": 1})
    before = {path.read_bytes() for path in build(tmp_path / "raw", tmp_path / "one").glob("data/*")}
    write_jsonl(tmp_path / "raw" / "pages.jsonl", rows[:900] + rows[901:])
    after = {path.read_bytes() for path in build(tmp_path / "raw", tmp_path / "two").glob("data/*")}
    assert len(before) >= 5
    assert len(after - before) == 1


@pytest.mark.parametrize(("documents", "files"), [(60, range(8, 16)), (5, range(5, 6))])
def test_there_are_as_many_files_as_asked_for_or_as_documents(tmp_path: Path, documents: int, files: range) -> None:
    raw = small_corpus(tmp_path / "raw", documents=documents, release={"min_shards": 8})
    release = build(raw, tmp_path / "dist")
    assert len(list(release.glob("data/*"))) in files
    assert len(rows_of(release)) == documents
    assert run("verify", release).exit_code == 0


def test_each_split_has_as_many_files_as_asked_for(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw", documents=60, release={"min_shards": 4}, splits={"test": 0.4})
    release = build(raw, tmp_path / "dist")
    for split in ("train", "test"):
        assert len(list(release.glob(f"data/{split}-*"))) >= 4


def test_no_data_file_is_larger_than_the_recipe_allows_however_short_its_texts(tmp_path: Path) -> None:
    """What stands beside the text takes more than the text here."""
    rows = [{"url": f"https://{n}.example/", "text": f"Cây cầu số {n} thông xe hôm nay."} for n in range(6000)]
    write_jsonl(tmp_path / "raw" / "pages.jsonl", rows)
    write_recipe(tmp_path / "raw", [{"name": "press", "path": "*.jsonl"}], release={"max_shard_mb": 1})
    release = build(tmp_path / "raw", tmp_path / "dist")
    tables = [pq.read_table(path) for path in release.glob("data/*")]
    assert sum(map(len, tables)) == 6000
    assert all(table.nbytes <= 1_000_000 for table in tables)


@pytest.mark.parametrize("release", [{"max_shard_mb": 501}, {"min_shards": 0}])
def test_sizes_that_make_no_sense_are_refused(tmp_path: Path, release: dict[str, int]) -> None:
    result = run("build", small_corpus(tmp_path / "raw", release=release))
    assert result.exit_code == 2
    assert next(iter(release)) in result.output


def test_releases_below_the_raw_files_are_no_inputs(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "raw" / "pages.jsonl", [{"text": article(n)} for n in range(3)])
    write_recipe(tmp_path / "raw", [{"name": "press", "path": "."}])
    build(tmp_path / "raw", tmp_path / "raw" / "dist")
    report = run_json("build", tmp_path / "raw", "--dist", tmp_path / "raw" / "dist")
    assert (report["computed_tasks"], report["accounting"]["read"]) == (0, 3)


def test_release_of_another_dataset_can_be_a_source(tmp_path: Path) -> None:
    first = build(small_corpus(tmp_path / "raw"), tmp_path / "dist")
    write_recipe(tmp_path / "two", [{"name": "bridges", "path": str(first / "data")}], dataset="two")
    assert [row["text"] for row in rows_of(build(tmp_path / "two", tmp_path / "dist"))] == [
        row["text"] for row in rows_of(first)
    ]


def test_cache_can_stand_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = small_corpus(tmp_path / "raw")
    monkeypatch.setenv("CORPUS_CACHE_DIR", str(tmp_path / "cache"))
    build(raw, tmp_path / "dist")
    assert not (raw / ".corpus").exists()
    listing = run_json("cache", raw)
    assert listing["bytes"] > 0
    assert {stage["stage"] for stage in listing["stages"]} >= {"read", "clean", "pack"}
    assert run("cache", raw, "--clear").exit_code == 0
    assert run_json("cache", raw)["bytes"] == 0
    assert run_json("build", raw, "--dist", tmp_path / "dist")["computed_tasks"] > 0


def _rows(path: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return rows


class TestSameBytes:
    """The same inputs and recipe give the same release, byte for byte."""

    @pytest.fixture
    def raw(self, tmp_path: Path) -> Path:
        for source in range(3):
            rows = [{"url": f"https://a.example/{n % 50}", "text": article(n)} for n in range(source, 400, 2)]
            write_jsonl(tmp_path / "raw" / f"{source}.jsonl", rows)
        write_recipe(
            tmp_path / "raw",
            [{"name": f"s{n}", "path": f"{n}.jsonl"} for n in range(3)],
            splits={"test": 0.1},
        )
        return tmp_path / "raw"

    def test_whatever_the_workers_and_the_hash_seed(
        self, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("corpus.build.runners.INLINE_BYTES", 0)
        expected = tree(build(raw, tmp_path / "inline", "--workers", "1"))
        for seed in ("1", "2"):
            dist, cache = tmp_path / f"dist{seed}", str(tmp_path / f"cache{seed}")
            command = start("build", raw, "--dist", dist, PYTHONHASHSEED=seed, CORPUS_CACHE_DIR=cache)
            assert command.wait() == 0
            assert tree(next(dist.glob("*/*.0.0"))) == expected
        monkeypatch.setenv("CORPUS_CACHE_DIR", str(tmp_path / "cache3"))
        assert tree(build(raw, tmp_path / "pool", "--workers", "3")) == expected

    def test_whatever_the_size_of_the_parts(self, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with (raw / "1.jsonl").open("a", encoding="utf-8") as file:
            file.write("no json\n" + json.dumps({"text": article(7) + "\n\nBình luận (0)"}) + "\n")
        expected = tree(build(raw, tmp_path / "whole"))
        for module in ("graph", "inputs", "stages.read"):
            monkeypatch.setattr(f"corpus.build.{module}.DEFAULT_PART_BYTES", 20_000)
        report = run_json("build", raw, "--dist", tmp_path / "parts")
        assert report["stages"][0]["tasks"] > 10
        assert tree(Path(report["release"])) == expected

    def test_whatever_the_age_and_order_of_the_files(self, tmp_path: Path) -> None:
        texts = {f"{n}.txt": article(n % 6) for n in range(8)}
        trees = []
        for name, order in (("one", sorted(texts)), ("two", sorted(texts, reverse=True))):
            folder = tmp_path / name
            write_recipe(folder, [{"name": "press", "path": ["*.txt"]}])
            for age, file in enumerate(order):
                (folder / file).write_text(texts[file], encoding="utf-8")
                os.utime(folder / file, (1_000_000 + age, 1_000_000 + age))
            trees.append(tree(build(folder, tmp_path / f"dist-{name}")))
        assert trees[0] == trees[1]
