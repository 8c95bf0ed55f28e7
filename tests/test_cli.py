"""The command line as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpus.cli import main
from tests.support import SEEDS, article, run, run_json, small_corpus, start, write_jsonl

COMMANDS = (
    *("init", "clean", "explain", "score", "train"),
    *("build", "verify", "diff", "load", "withdraw", "publish", "cache"),
)


def test_help_lists_every_command_with_a_summary() -> None:
    shown = run("--help").stdout
    assert tuple(main.commands) == COMMANDS
    for name in COMMANDS:
        summary = main.commands[name].get_short_help_str(60)
        assert f"  {name}" in shown
        assert len(summary) > 20


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    for parameter in main.commands[name].params:
        if parameter.param_type_name == "option":
            assert getattr(parameter, "help", None), f"{name} {parameter.opts}"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from corpus.cli import main; main(['--help'], standalone_mode=False); "
        "heavy = {'pyarrow', 'duckdb', 'ftfy', 'datasets', 'pydantic', 'rich', 'langdetect', 'numpy', 'yaml'}; "
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_results_go_to_stdout_and_progress_to_stderr(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    process = start("build", raw, "--dist", tmp_path / "dist", "--json")
    out, errors = process.communicate()
    assert json.loads(out)["accounting"]["kept"] == 6
    assert "cleaning: 1 task" in errors


def test_json_of_a_build_says_how_long_each_stage_took(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    first = run_json("build", raw, "--dist", tmp_path / "dist")
    took = {stage["stage"]: stage["seconds"] for stage in first["stages"]}
    assert took["read"] > 0
    assert sum(took.values()) < first["seconds"]
    again = run_json("build", raw, "--dist", tmp_path / "dist")
    assert {stage["seconds"] for stage in again["stages"]} == {0.0}


def test_quiet_build_prints_nothing_on_stderr(tmp_path: Path) -> None:
    result = run("build", small_corpus(tmp_path / "raw"), "--dist", tmp_path / "dist", "-q")
    assert (result.exit_code, result.stderr) == (0, "")


def test_verbose_build_prints_what_tasks_counted(tmp_path: Path) -> None:
    result = run("build", small_corpus(tmp_path / "raw"), "--dist", tmp_path / "dist", "-v")
    assert "records 6" in result.stderr


class TestInit:
    def test_recipe_builds_as_it_is(self, tmp_path: Path) -> None:
        folder = tmp_path / "Tin Tức 2024"
        write_jsonl(folder / "pages.jsonl", [{"text": article(n)} for n in range(3)])
        assert run("init", folder).exit_code == 0
        report = run_json("build", folder, "--dist", tmp_path / "dist")
        assert report["accounting"]["kept"] == 3

    @pytest.mark.parametrize(
        ("files", "pattern"),
        [
            ([], '"*.txt"'),
            (["a.txt", "b.txt", "c.csv"], '"*.txt"'),
            (["a.jsonl.gz", "b.jsonl.gz"], '"*.jsonl.gz"'),
            (["x/a.parquet"], '"**/*.parquet"'),
        ],
    )
    def test_pattern_follows_the_files(self, tmp_path: Path, files: list[str], pattern: str) -> None:
        for name in files:
            (tmp_path / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "raw" / name).write_text("x")
        run("init", tmp_path / "raw")
        assert f"path: {pattern}" in (tmp_path / "raw" / "corpus.yaml").read_text(encoding="utf-8")

    def test_recipe_that_is_there_stays(self, tmp_path: Path) -> None:
        (tmp_path / "corpus.yaml").write_text("mine")
        result = run("init", tmp_path)
        assert (result.exit_code, "--force replaces it" in result.stderr) == (2, True)
        assert (tmp_path / "corpus.yaml").read_text() == "mine"
        assert run("init", tmp_path, "--force").exit_code == 0

    def test_editors_get_the_schema(self, tmp_path: Path) -> None:
        run("init", tmp_path)
        schema = json.loads((tmp_path / "recipe.schema.json").read_text(encoding="utf-8"))
        assert "sources" in schema["properties"]


class TestClean:
    def test_each_document_becomes_a_text_file(self, tmp_path: Path) -> None:
        result = run("clean", *sorted(SEEDS.glob("*.txt")), "-o", tmp_path / "out")
        assert result.exit_code == 0
        names = sorted(path.name for path in (tmp_path / "out").iterdir())
        assert names == sorted(path.name for path in SEEDS.glob("*.txt"))
        assert "Bình luận (0)" not in (tmp_path / "out" / names[1]).read_text(encoding="utf-8")

    def test_document_of_which_nothing_is_left_is_an_empty_file(self, tmp_path: Path) -> None:
        (tmp_path / "page.txt").write_text("Bình luận (0)\n", encoding="utf-8")
        summary = run_json("clean", tmp_path / "page.txt", "-o", tmp_path / "out")
        assert (tmp_path / "out" / "page.txt").read_bytes() == b""
        assert (summary["documents"], summary["empty"]) == (1, 1)

    def test_files_of_many_documents_give_numbered_files(self, tmp_path: Path) -> None:
        write_jsonl(tmp_path / "pages.jsonl", [{"text": article(n)} for n in range(2)])
        run("clean", tmp_path / "pages.jsonl", "-o", tmp_path / "out")
        names = sorted(path.name for path in (tmp_path / "out").iterdir())
        assert names == ["pages-000001.txt", "pages-000002.txt"]
        assert (tmp_path / "out" / names[1]).read_text(encoding="utf-8") == article(1) + "\n"

    @pytest.mark.parametrize("format_", ["jsonl", "parquet"])
    def test_other_formats_carry_the_fields(self, tmp_path: Path, format_: str) -> None:
        write_jsonl(tmp_path / "pages.jsonl", [{"text": article(n), "url": f"https://a.example/{n}"} for n in range(3)])
        result = run("clean", tmp_path / "pages.jsonl", "-o", tmp_path / "out", "--format", format_)
        assert result.exit_code == 0
        path = tmp_path / "out" / f"documents.{format_}"
        if format_ == "parquet":
            rows = pq.read_table(path).to_pylist()
        else:
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert [(row["text"], row["site"], row["language"]) for row in rows] == [
            (article(n), "a.example", "vi") for n in range(3)
        ]

    def test_audit_holds_the_removed_lines(self, tmp_path: Path) -> None:
        (tmp_path / "page.txt").write_text(article(1) + "\n\nBình luận (2)\n", encoding="utf-8")
        run("clean", tmp_path / "page.txt", "-o", tmp_path / "out", "--audit", tmp_path / "audit.jsonl")
        [line] = [json.loads(row) for row in (tmp_path / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
        assert (line["text"], line["rule"]) == ("Bình luận (2)", "comment_counter_v1")

    def test_inputs_of_one_name_are_refused(self, tmp_path: Path) -> None:
        for folder in ("a", "b"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "page.txt").write_text(article(1), encoding="utf-8")
        result = run("clean", tmp_path / "a", tmp_path / "b", "-o", tmp_path / "out")
        assert (result.exit_code, "would both be written to page.txt" in result.stderr) == (2, True)

    def test_good_files_are_written_though_bad_ones_end_with_exit_code_3(self, tmp_path: Path) -> None:
        (tmp_path / "good.txt").write_text(article(1), encoding="utf-8")
        (tmp_path / "empty.txt").write_bytes(b"")
        result = run("clean", tmp_path / "good.txt", tmp_path / "empty.txt", "-o", tmp_path / "out")
        assert result.exit_code == 3
        assert "empty.txt: empty_file" in result.stderr
        assert (tmp_path / "out" / "good.txt").read_text(encoding="utf-8") == article(1) + "\n"

    def test_what_an_earlier_pass_wrote_is_no_input(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "page.txt").write_text(article(1), encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        for _ in range(2):
            assert run_json("clean", ".", "-o", "cleaned")["documents"] == 1

    @pytest.mark.parametrize("inputs", [["page.txt"], ["."], ["*.txt"]])
    def test_input_is_never_written_over(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inputs: list[str]
    ) -> None:
        (tmp_path / "page.txt").write_text(article(1) + "\n\nBình luận (0)", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        result = run("clean", *inputs, "-o", ".")
        assert (result.exit_code, "which is written to; write elsewhere" in result.stderr) == (2, True)
        assert (tmp_path / "page.txt").read_text(encoding="utf-8").endswith("Bình luận (0)")

    @pytest.mark.parametrize(
        ("name", "said"), [("nothing.txt", "no such file or folder"), ("x" * 5000 + ".txt", "File name too long")]
    )
    def test_missing_file_is_one_line(self, tmp_path: Path, name: str, said: str) -> None:
        result = run("clean", tmp_path / name, "-o", tmp_path / "out")
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
        assert said in result.stderr

    def test_interrupted_pass_goes_on_where_it_was(self, tmp_path: Path) -> None:
        write_jsonl(tmp_path / "pages.jsonl", [{"text": article(n)} for n in range(40)])
        (tmp_path / "out" / "pages-000001.txt").mkdir(parents=True)  # in the way of the first document
        failed = run("clean", tmp_path / "pages.jsonl", "-o", tmp_path / "out")
        assert (failed.exit_code, len(failed.stderr.splitlines())) == (1, 3)
        (tmp_path / "out" / "pages-000001.txt").rmdir()
        result = run("clean", tmp_path / "pages.jsonl", "-o", tmp_path / "out")
        assert (result.exit_code, "cleaning" in result.stderr) == (0, False)
        assert len(list((tmp_path / "out").iterdir())) == 40

    def test_nothing_but_the_output_is_left_behind(self, tmp_path: Path) -> None:
        run("clean", SEEDS, "-o", tmp_path / "out")
        assert all(path.suffix == ".txt" for path in (tmp_path / "out").iterdir())


class TestExplain:
    def test_removed_lines_are_marked_with_their_rule(self) -> None:
        result = run("explain", next(SEEDS.glob("002*")))
        assert result.exit_code == 0
        assert "- Bình luận (0)   [comment_counter_v1]" in result.stdout
        assert "  Những đóng góp của Việt Nam với LHQ" in result.stdout
        assert "18 lines kept, 1 removed" in result.stdout

    def test_json_has_fields_and_removed_lines(self) -> None:
        shown = run_json("explain", next(SEEDS.glob("000*")))
        assert shown["credit"] == "TTXVN/Vietnam+"
        assert {
            "line": 60,
            "text": "Có thể bạn quan tâm",
            "rule": "related_section_v1",
            "score": None,
            "why": None,
        } in shown["removed"]

    def test_one_of_many_documents(self, tmp_path: Path) -> None:
        write_jsonl(tmp_path / "pages.jsonl", [{"text": article(n)} for n in range(3)])
        assert run_json("explain", tmp_path / "pages.jsonl", "--record", "2")["text"] == article(1)
        result = run("explain", tmp_path / "pages.jsonl", "--record", "9")
        assert (result.exit_code, "it holds 3 documents, not 9" in result.stderr) == (2, True)

    def test_unreadable_document_is_one_line(self, tmp_path: Path) -> None:
        (tmp_path / "page.txt").write_bytes(b"")
        result = run("explain", tmp_path / "page.txt")
        assert (result.exit_code, "empty_file" in result.stderr) == (3, True)


class TestBadInput:
    def test_too_much_of_it_stops_the_build_with_exit_code_3(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw")
        with (raw / "pages.jsonl").open("a", encoding="utf-8") as file:
            file.write("no json\n" * 4)
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert result.exit_code == 3
        assert "4 of 10 records could not be read (40%), more than limits.max_bad_share allows (10%)" in result.stderr
        assert "pages.jsonl:7: not_json" in result.stderr
        assert not (tmp_path / "dist").exists()

    def test_some_of_it_is_quarantined_and_the_build_goes_on(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw", documents=20)
        with (raw / "pages.jsonl").open("a", encoding="utf-8") as file:
            file.write("no json\n")
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert result.exit_code == 0
        assert "quarantined pages.jsonl:21: not_json" in result.stderr
        assert "quarantined  1 (1 not_json)" in result.stdout

    def test_no_input_at_all(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw", documents=0)
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert (result.exit_code, "no document could be read" in result.stderr) == (3, True)

    def test_nothing_left_after_cleaning(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw")
        write_jsonl(raw / "pages.jsonl", [{"text": "Bình luận (0)"}])
        result = run("build", raw, "--dist", tmp_path / "dist")
        assert (result.exit_code, "no document is left of 1 read: 1 empty" in result.stderr) == (3, True)
