"""`corpus score` and `corpus train`, and a model of one's own in a cleaning pass and a build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.clean.boilerplate.model.network import Network
from tests.labelled.labelled_helpers import sample_folder, sample_rows, write_page
from tests.support import run, run_json, small_corpus, write_recipe


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("train")
    result = run(
        "train", sample_folder(folder / "gold"), "-o", folder / "out" / "model.json", "--name", "village_v3", "-q"
    )
    assert result.exit_code == 0, result.output
    return folder / "out" / "model.json"


def test_score_prints_all_groups_rules_and_the_worst_pages(tmp_path: Path) -> None:
    result = run("score", sample_folder(tmp_path))
    assert result.exit_code == 0
    assert "by site" in result.stdout
    assert "related_section_v1" in result.stdout


def test_score_as_json_adds_up(tmp_path: Path) -> None:
    scored = run_json("score", sample_folder(tmp_path), "--json")
    assert scored["all"]["pages"] == 6
    assert set(scored["by"]["site"]) == {f"site{number}.example" for number in range(6)}
    assert len(scored["pages"]) == 6
    assert 0 < scored["all"]["f1"] <= 1


def test_folds_score_every_page_by_a_model_that_has_not_seen_its_site(tmp_path: Path) -> None:
    scored = run_json(
        "score", sample_folder(tmp_path), "--folds", "2", "--also", sample_folder(tmp_path / "also"), "--json", "-q"
    )
    assert scored["all"]["pages"] == 6


def test_more_folds_than_sites_are_refused(tmp_path: Path) -> None:
    result = run("score", sample_folder(tmp_path, pages=2), "--folds", "3")
    assert result.exit_code == 2
    assert "3 folds of 2 sites" in result.stderr


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    for result in (run("score", tmp_path), run("train", tmp_path, "-o", tmp_path / "m.json")):
        assert result.exit_code == 2
        assert "no labelled pages here" in result.stderr


def test_a_bad_label_is_refused_with_its_place(tmp_path: Path) -> None:
    write_page(tmp_path, "a", [("+", "Một")])
    (tmp_path / "a.labels.jsonl").write_text('{"line": 7, "keep": true}')
    result = run("score", tmp_path)
    assert result.exit_code == 3
    assert "a.labels.jsonl:1: line 7" in result.stderr


def test_training_needs_lines_of_both_kinds(tmp_path: Path) -> None:
    write_page(tmp_path, "a", [("+", "Một")])
    result = run("train", tmp_path, "-o", tmp_path / "model.json")
    assert result.exit_code == 2
    assert "lines to keep and lines to drop" in result.stderr
    assert not (tmp_path / "model.json").exists()


@pytest.mark.parametrize("name", ["village", "Village_v1", "own/v1"])
def test_a_name_without_a_version_is_refused(tmp_path: Path, name: str) -> None:
    result = run("train", sample_folder(tmp_path), "-o", tmp_path / "model.json", "--name", name)
    assert result.exit_code == 2
    assert "a version behind" in result.stderr


def test_a_model_says_what_it_was_fitted_on_and_holds_none_of_its_text(model: Path) -> None:
    text = model.read_text(encoding="utf-8")
    network = Network.from_json(text)
    assert network.name == "village_v3"
    assert [line.split()[0] for line in network.about["pages"]] == [f"page-{number}" for number in range(6)]
    assert not any(line in text for _, line in sample_rows(0))


def test_a_cleaning_pass_uses_the_model_that_a_recipe_names(tmp_path: Path, model: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("\n".join(line for _, line in sample_rows(9)), encoding="utf-8")
    recipe = tmp_path / "cleaning.yaml"
    recipe.write_text(f"clean: {{model: {model}}}\n", encoding="utf-8")
    audit = tmp_path / "audit.jsonl"
    result = run("clean", page, "-o", tmp_path / "out", "--recipe", recipe, "--audit", audit, "-q")
    assert result.exit_code == 0, result.output
    rules = {json.loads(line)["rule"] for line in audit.read_text(encoding="utf-8").splitlines()}
    assert "village_v3" in rules


def test_a_build_is_done_again_when_its_model_changes(tmp_path: Path, model: Path) -> None:
    folder = small_corpus(tmp_path, clean={"model": "model.json"})
    (folder / "model.json").write_bytes(model.read_bytes())

    def cleaned_again() -> int:
        plan = run_json("build", folder, "--dist", tmp_path / "dist", "--dry-run", "--json")
        return int(next(stage["to_run"] for stage in plan["stages"] if stage["stage"] == "clean"))

    assert run("build", folder, "--dist", tmp_path / "dist", "-q").exit_code == 0
    assert cleaned_again() == 0
    (folder / "model.json").write_text(
        model.read_text(encoding="utf-8").replace("village_v3", "village_v4"), encoding="utf-8"
    )
    assert cleaned_again() == 1


@pytest.mark.parametrize(
    ("content", "words"), [(None, "No such file"), ("{}", "not a line model"), ("[", "not a line model")]
)
def test_a_model_that_is_none_is_one_line(tmp_path: Path, content: str | None, words: str) -> None:
    folder = small_corpus(tmp_path, clean={"model": "model.json"})
    if content is not None:
        (folder / "model.json").write_text(content)
    result = run("build", folder, "--dist", tmp_path / "dist")
    assert result.exit_code == 2
    assert result.stderr.count("corpus: ") == 1
    assert words in result.stderr


def test_explain_lists_what_a_rule_takes_in_many_files(tmp_path: Path) -> None:
    for number in range(3):
        text = "\n".join(line for _, line in sample_rows(number))
        (tmp_path / f"page-{number}.txt").write_text(text, encoding="utf-8")
    rules = [{"name": "prices", "patterns": ["^Giá lúa"]}]
    recipe = write_recipe(tmp_path, [{"name": "press", "path": "*.txt"}], clean={"rules": rules})
    result = run("explain", tmp_path / "*.txt", "--rule", "own/prices", "--recipe", recipe)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("own/prices: Giá lúa ở") == 3
    assert "3 lines" in result.stderr


def test_explain_refuses_a_rule_that_the_recipe_does_not_have(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("Một", encoding="utf-8")
    result = run("explain", tmp_path / "page.txt", "--rule", "own/prices")
    assert result.exit_code == 2
    assert "no rule 'own/prices'" in result.stderr


def test_explain_shows_the_reasons_of_the_model(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("\n".join(line for _, line in sample_rows(1)), encoding="utf-8")
    shown = run("explain", page).stdout
    assert "[line_model_v1 0." in shown or "[line_model_v1 1." in shown
    assert "neighbours go too" in shown or "; " in shown
