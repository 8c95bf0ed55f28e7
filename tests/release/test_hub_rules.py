"""What the Hub accepts in a card, checked without it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import datasets
import pytest
from huggingface_hub import DatasetCard

from corpus.recipe.licenses import license_url, licenses
from corpus.release.hub_rules import SIZES, check_card, is_language, tasks
from tests.support import build, run, small_corpus

RESOURCES = Path(datasets.__file__).parent / "utils" / "resources"


def test_sound_card_has_no_problem_and_is_read_by_the_hubs_own_client(tmp_path: Path) -> None:
    release = build(small_corpus(tmp_path / "raw", license="odc-by"), tmp_path / "dist")
    card = DatasetCard.load(release / "README.md")
    assert check_card(card.data.to_dict()) == []
    assert (card.data.license, card.data.language) == ("odc-by", ["vi"])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"license": "cc-by"}, "license: 'cc-by' is no licence of the Hub; did you mean"),
        ({"license": ["mit", "MIT"]}, "license: 'MIT' is no licence of the Hub; did you mean mit"),
        ({"license": [{"name": "mit"}]}, "license: '{'name': 'mit'}' is no licence of the Hub"),
        ({"language": ["vi-VN"]}, "language: 'vi-VN' is no code of ISO 639"),
        ({"language": "xx"}, "language: 'xx' is no code"),
        ({"size_categories": ["small"]}, "size_categories: 'small' is not one of"),
        ({"task_categories": ["language-modeling"]}, "task_categories: 'language-modeling' is not one of"),
        ({"task_ids": ["text-generation"]}, "task_ids: 'text-generation' is not one of"),
        ({"annotations_creators": "people"}, "annotations_creators: 'people' is not one of found, crowdsourced"),
        ({"multilinguality": ["one"]}, "multilinguality: 'one' is not one of monolingual"),
        ({"source_datasets": ["the web"]}, "source_datasets: 'the web' is neither original"),
        ({"pretty_name": "x" * 201}, "pretty_name: has 201 characters, more than 200"),
        ({"pretty_name": "a\nb"}, "pretty_name: is not one line of text"),
        ({"tags": ["a", 1]}, "tags: 1 is no text"),
        ({"license": "mit", "license_name": "own"}, "license_name: goes with 'license: other' only"),
        ({"license_link": "my licence"}, "license_link: 'my licence' is neither an address"),
        ({"extra_gated_prompt": 1}, "extra_gated_prompt: is no text"),
        ({"extra_gated_fields": ["Name"]}, "extra_gated_fields: is no mapping"),
        ({"configs": "default"}, "configs: is no list of mappings"),
        ({"configs": [{"data_files": "x"}]}, "configs: a configuration has no config_name"),
        (
            {"configs": [{"config_name": "a", "data_files": [{"split": "my-test", "path": "x"}]}]},
            "configs: 'my-test' is no name of a split",
        ),
        ({"configs": [{"config_name": "a", "data_files": [{"split": "a"}]}]}, "configs: data_files are paths"),
        ({"dataset_info": {"features": [{"name": "a"}]}}, "dataset_info: features are a list"),
        ({"dataset_info": {"splits": [{"name": "a", "num_bytes": "1"}]}}, "dataset_info: splits have a name"),
    ],
)
def test_field_that_the_hub_would_not_take(data: dict[str, Any], said: str) -> None:
    [problem] = check_card(data)
    assert problem.startswith(said)


def test_lists_are_those_of_the_library() -> None:
    languages = json.loads((RESOURCES / "languages.json").read_text(encoding="utf-8"))
    assert {code for code in languages if not is_language(code)} == set()
    assert [code for code in ("xx", "vi-VN", "VI", "v", "", "viet") if is_language(code)] == []
    sizes = json.loads((RESOURCES / "size_categories.json").read_text(encoding="utf-8"))
    assert sizes == ["unknown", *SIZES]
    creators = json.loads((RESOURCES / "creators.json").read_text(encoding="utf-8"))
    assert (
        check_card({"annotations_creators": creators["annotations"], "language_creators": creators["language"]}) == []
    )


def test_licences_with_a_text_have_an_address() -> None:
    assert license_url("cc-by-sa-4.0") == "https://spdx.org/licenses/CC-BY-SA-4.0.html"
    assert license_url("odbl") == "https://spdx.org/licenses/ODbL-1.0.html"
    assert [license_url(name) for name in ("other", "unknown", "gpl", "nothing")] == [None] * 4
    assert {"other", "unknown", "mit", "apache-2.0", "cc0-1.0", "pddl", "gfdl"} <= set(licenses())
    assert "language-modeling" in tasks()["text-generation"]


@pytest.mark.parametrize(
    ("license", "said"),
    [
        ("CC BY 4.0", "'CC BY 4.0' is no licence of the Hub; did you mean cc-by-4.0"),
        ("apache2", "did you mean apache-2.0"),
        ("proprietary, ask", "such as cc-by-4.0, odc-by or apache-2.0; 'other' stands for any other"),
    ],
)
def test_recipe_with_a_licence_that_the_hub_does_not_know(tmp_path: Path, license: str, said: str) -> None:
    raw = small_corpus(tmp_path, license=license)
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert (result.exit_code, "corpus.yaml:" in result.stderr, said in result.stderr) == (2, True, True)


def test_title_that_is_longer_than_the_hub_shows(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path, release={"title": "x" * 201})
    result = run("build", raw, "--dist", tmp_path / "dist")
    assert (result.exit_code, "release.title" in result.stderr) == (2, True)
