"""Recipes: one YAML file, and for each mistake in it the file, the line, the field and what is meant."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from corpus.clean.language import DETECTORS
from corpus.clean.quality import PRESETS
from corpus.errors import RecipeError
from corpus.recipe import Detector, PresetName, Recipe, Source, find_recipe, load_cleaning, load_recipe
from tests.support import SEEDS, run, write_recipe

GOOD = """\
dataset: news
version: 1.0.0
sources:
  - name: press
    path: "*.txt"
"""


def load(folder: Path, text: str) -> Recipe:
    (folder / "corpus.yaml").write_text(text, encoding="utf-8")
    return load_recipe(folder / "corpus.yaml")


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(RecipeError) as raised:
        load(folder, text)
    return [line.removeprefix(f"{folder / 'corpus.yaml'}:") for line in str(raised.value).splitlines()]


def test_defaults_are_filled_in(tmp_path: Path) -> None:
    recipe = load(tmp_path, GOOD)
    assert recipe.clean.boilerplate
    assert recipe.dedup.exact
    assert (recipe.license, recipe.limits.max_bad_share) == ("other", 0.1)


def test_recipe_of_the_seeds_is_valid() -> None:
    assert load_recipe(find_recipe(SEEDS)).dataset == "vi-news-seeds"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sources", "sorces", "3: sorces: unknown field; did you mean 'sources'?"),
        ("path", "pth", "5: sources.1.pth: unknown field; did you mean 'path'?"),
        ("1.0.0", "1.0", "2: version: 1.0 is a number here; put it in quotes"),
        ("1.0.0", "one", "2: version: 'one' is not valid: a version is three numbers, such as 1.0.0"),
        ("news", "My News", "1: dataset: 'My News' is not valid"),
        ('"*.txt"', '"*.txt"\n    format: jsnl', "6: sources.1.format: 'jsnl' is not one of text, jsonl, csv, parquet"),
        ('"*.txt"', '"*.txt"\n    fields: {txt: content}', "6: sources.1.fields.txt: 'txt' is not one of text,"),
        (
            '"*.txt"',
            '"*.txt"\n    encoding: windows-1285',
            "6: sources.1.encoding: 'windows-1285' is no encoding of text files; did you mean windows-1258 or ",
        ),
        ('"*.txt"', '"*.txt"\n    encoding: base64', "6: sources.1.encoding: 'base64' is no encoding of text files"),
        ('"*.txt"', '"*.txt"\n    encoding: utf-7', "6: sources.1.encoding: 'utf-7' is no encoding of text files"),
        ('"*.txt"', '"*.txt"\n    encoding: ""', "6: sources.1.encoding: '' is no encoding of text files, such as"),
        ('"*.txt"', '"*.txt"\n    encoding: 1258', "6: sources.1.encoding: 1258 is a number here; put it in quotes"),
        ('"*.txt"', '"*.txt"\n    keep: {n: int}', "6: sources.1.keep.n: 'int' is not one of string, int64"),
        (
            '"*.txt"',
            '"*.txt"\nlimits: {max_bad_share: 2}',
            "6: limits.max_bad_share: input should be less than or equal",
        ),
        ('"*.txt"', '"*.txt"\nsplits: {test: 0.5, validation: 0.5}', "6: splits: validation and test together leave"),
        ('"*.txt"', '"*.txt"\n  - {name: press, path: b}', "3: sources: two sources are named 'press'"),
        ('"*.txt"', '"*.txt"\nclean: {repair: yes}', '6: clean.repair: input should be a valid boolean, not "yes"'),
        ('"*.txt"', '"*.txt"\ndataset: other', "6: not YAML: 'dataset' is given twice"),
        ('"*.txt"', '"*.txt', "6: not YAML: "),
    ],
)
def test_mistake_is_named_with_line_and_field(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = mistakes(tmp_path, GOOD.replace(old, new, 1))
    assert any(line.startswith(said) for line in found), found


@pytest.mark.parametrize("name", ["windows-1258", "cp1258", "UTF-16", "shift_jis", "latin1", "koi8-u", "tis-620"])
def test_encodings_of_python_are_known_by_any_name(tmp_path: Path, name: str) -> None:
    recipe = load(tmp_path, GOOD.replace('"*.txt"', f'"*.txt"\n    encoding: {name}'))
    assert recipe.sources[0].encoding == name


def test_missing_field_is_named(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "dataset: news\nversion: 1.0.0\n") == ["1: sources: is required"]


def test_all_mistakes_are_named_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    found = mistakes(tmp_path, GOOD.replace("news", "NEWS").replace("path", "pfad"))
    assert [line.split(":")[0] for line in found] == ["1", "4", "5"]


@pytest.mark.parametrize("text", ["", "- a\n", "just text", "null"])
def test_something_else_than_a_mapping(tmp_path: Path, text: str) -> None:
    assert mistakes(tmp_path, text) == ["1: a recipe is a mapping that starts with 'dataset: NAME'"]


def test_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "corpus.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecipeError, match="cannot be read"):
        load_recipe(tmp_path / "corpus.yaml")


def test_command_prints_mistakes_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "corpus.yaml").write_text(GOOD.replace("path", "pth"), encoding="utf-8")
    result = run("build", tmp_path)
    assert result.exit_code == 2
    assert "corpus.yaml:5: sources.1.pth: unknown field; did you mean 'path'?" in result.stderr
    assert "Traceback" not in result.output


def test_folder_without_a_recipe_names_the_next_step(tmp_path: Path) -> None:
    result = run("build", tmp_path)
    assert (result.exit_code, f"`corpus init {tmp_path}` writes one" in result.stderr) == (2, True)


def test_words_that_yaml_takes_for_booleans_or_dates_stay_words(tmp_path: Path) -> None:
    recipe = load(tmp_path, GOOD.replace("press", "no").replace('"*.txt"', "2024-09-23"))
    assert (recipe.sources[0].name, recipe.sources[0].path) == ("no", "2024-09-23")


def test_digest_ignores_comments_order_and_defaults(tmp_path: Path) -> None:
    other = "# news\nversion: 1.0.0\ndataset: news\ndedup: {exact: true}\nsources: [{path: '*.txt', name: press}]\n"
    assert load(tmp_path, GOOD).digest == load(tmp_path, other).digest


def test_digest_changes_with_the_content(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).digest != load(tmp_path, GOOD + "dedup: {exact: false}\n").digest


def test_kept_columns_must_agree_over_sources() -> None:
    sources = [Source(name="a", path="a", keep={"n": "int64"}), Source(name="b", path="b", keep=["n"])]
    with pytest.raises(ValueError, match="column 'n' is kept as int64 and as string"):
        Recipe(dataset="d", version="1.0.0", sources=sources)


RULES = "rules:\n  - {name: app, patterns: ['^Tải ứng dụng']}\n"


def test_rules_of_a_file_stand_behind_those_of_the_recipe(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    clean = {"rules": [{"name": "motto", "phrases": ["Since 1961"]}], "rules_file": "rules.yaml"}
    loaded = load_recipe(write_recipe(tmp_path, [{"name": "press", "path": "*.txt"}], clean=clean))
    assert [rule.name for rule in loaded.clean.rules] == ["motto", "app"]


def test_the_digest_follows_the_content_of_a_file_of_rules(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, [{"name": "press", "path": "*.txt"}], clean={"rules_file": "rules.yaml"})
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    before = load_recipe(recipe).digest
    (tmp_path / "rules.yaml").write_text(RULES.replace("Tải", "Cài"), encoding="utf-8")
    assert load_recipe(recipe).digest != before


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("rules:\n  - {name: app, patterns: ['(']}\n", "rules.yaml:2: rules.1.patterns: '(' is no regular expression"),
        (
            "rules:\n  - {name: app}\n",
            "rules.yaml:2: rules.1: rule 'app' has neither phrases nor patterns nor headings",
        ),
        (
            "rules:\n  - {name: app, phrase: [x]}\n",
            "rules.yaml:2: rules.1.phrase: unknown field; did you mean 'phrases'?",
        ),
        ("- a\n", "rules.yaml:1: a file of rules is a mapping"),
    ],
)
def test_a_mistake_in_a_file_of_rules_has_file_line_and_field(tmp_path: Path, rules: str, message: str) -> None:
    recipe = write_recipe(tmp_path, [{"name": "press", "path": "*.txt"}], clean={"rules_file": "rules.yaml"})
    (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
    with pytest.raises(RecipeError) as raised:
        load_recipe(recipe)
    assert message in str(raised.value)


def test_a_file_with_nothing_but_cleaning_is_enough_for_a_pass(tmp_path: Path) -> None:
    path = tmp_path / "cleaning.yaml"
    path.write_text("clean:\n  model: own.json\n  metadata: false\n", encoding="utf-8")
    clean = load_cleaning(path).clean
    assert (clean.metadata, clean.model) == (False, str(tmp_path / "own.json"))


def test_what_a_recipe_can_name_is_what_cleaning_has() -> None:
    assert list(get_args(Detector)) == list(DETECTORS)
    assert set(get_args(PresetName)) == set(PRESETS)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            "quality: {presets: [gofer]}",
            "quality.presets.1: 'gofer' is not one of gopher, c4, fineweb, vi-news; did",
        ),
        ("quality: {limits: {mean_wrd_length: {min: 2}}}", "is not a signal; did you mean 'mean_word_length'?"),
        ("quality: {limits: {words: {min: 9, max: 2}}}", "min 9 is above max 2"),
        ("privacy: {mode: hide}", "6: privacy.mode: 'hide' is not one of off, mask, drop"),
        ("privacy: {kinds: [telephone]}", "'telephone' is not one of secret, email"),
        ("clean: {tone: modern}", "6: clean.tone: 'modern' is not one of keep, old, new"),
    ],
)
def test_mistakes_about_quality_and_privacy_are_told(tmp_path: Path, part: str, said: str) -> None:
    with pytest.raises(RecipeError) as raised:
        load(tmp_path, GOOD + part)
    assert said in str(raised.value)


def test_off_needs_no_quotes(tmp_path: Path) -> None:
    path = tmp_path / "cleaning.yaml"
    path.write_text("privacy: {mode: off}\n", encoding="utf-8")
    assert load_cleaning(path).privacy.mode == "off"


@pytest.mark.parametrize("off", ["false", "null"])
def test_parts_of_deduplication_can_be_switched_off(tmp_path: Path, off: str) -> None:
    recipe = load(tmp_path, GOOD + f"dedup: {{near: {off}, site_lines: {off}}}\n")
    assert (recipe.dedup.near, recipe.dedup.site_lines, recipe.dedup.exact) == (None, None, True)


def test_parts_of_deduplication_can_be_switched_on_with_their_defaults(tmp_path: Path) -> None:
    recipe = load(tmp_path, GOOD + "dedup: {paragraphs: true, near: true}\n")
    assert recipe.dedup.paragraphs is not None
    assert recipe.dedup.near is not None
    assert (recipe.dedup.paragraphs.min_words, recipe.dedup.near.threshold) == (20, 0.8)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("site_lines: {page: 3}", "dedup.site_lines.page: unknown field; did you mean 'pages'?"),
        ("near: {threshold: 1.5}", "dedup.near.threshold: input should be less than or equal to 1, not 1.5"),
        ("keep: [newest]", "dedup.keep.1: 'newest' is not one of longest, earliest, source"),
        ("prefer: [nowhere]", "dedup.prefer names 'nowhere', which is no source of this recipe"),
    ],
)
def test_mistakes_about_deduplication_name_the_field(tmp_path: Path, part: str, words: str) -> None:
    with pytest.raises(RecipeError) as error:
        load(tmp_path, GOOD + f"dedup: {{{part}}}\n")
    assert words in str(error.value)
