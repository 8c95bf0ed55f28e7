"""What differs between the recipes, columns and manifests of two releases, and what kind of version that makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus import Diff, Recipe, diff
from corpus.release.manifest import Column, OtherInput, columns_of
from tests.release.diff_helpers import RECIPE, Row, document, write_release

PRESS = {"name": "press", "path": "*.jsonl"}
BLOG = {"name": "blog", "path": "blog.csv"}


def compare_recipes(tmp_path: Path, old: Row, new: Row, *, filled: bool = True) -> Diff:
    """Compare two releases of the same documents by recipes with these fields."""
    paths = []
    for name, fields in (("old", old), ("new", new)):
        recipe = RECIPE | fields
        recipe = Recipe.model_validate(recipe).model_dump(mode="json") if filled else recipe
        paths.append(write_release(tmp_path / name, {"train-0": [document(1)]}, recipe=recipe))
    return diff(*paths)


def compare_manifests(tmp_path: Path, old: Row, new: Row) -> Diff:
    """Compare two releases of the same documents whose manifests have these fields."""
    paths = [
        write_release(tmp_path / name, {"train-0": [document(1)]}, **fields)
        for name, fields in (("old", old), ("new", new))
    ]
    return diff(*paths)


def recipe_of(found: Diff) -> list[tuple[str, Any, Any]]:
    return [(change.field, change.old, change.new) for change in found.recipe_changes]


def test_a_field_of_the_recipe_is_named_with_both_values(tmp_path: Path) -> None:
    found = compare_recipes(tmp_path, {}, {"dedup": {"near": {"threshold": 0.9}}, "quality": {"presets": ["c4"]}})
    assert recipe_of(found) == [("quality.presets", [], ["c4"]), ("dedup.near.threshold", 0.8, 0.9)]
    assert found.level == "minor"


def test_a_part_of_the_recipe_that_is_left_out_is_one_change(tmp_path: Path) -> None:
    (change,) = compare_recipes(tmp_path, {}, {"dedup": {"near": None}}).recipe_changes
    assert (change.field, change.new) == ("dedup.near", None)


def test_bounds_of_one_signal_are_named_by_the_signal(tmp_path: Path) -> None:
    bounds = ({"quality": {"limits": {"words": {"min": n}}}} for n in (50, 60))
    assert recipe_of(compare_recipes(tmp_path, *bounds)) == [("quality.limits.words.min", 50, 60)]


def test_sources_are_compared_by_name(tmp_path: Path) -> None:
    old = {"sources": [PRESS, BLOG]}
    new = {"sources": [BLOG | {"path": "blogs.csv"}, PRESS]}
    assert recipe_of(compare_recipes(tmp_path, old, new)) == [("sources.blog.path", "blog.csv", "blogs.csv")]


def test_a_source_more_is_a_change_of_the_recipe(tmp_path: Path) -> None:
    found = compare_recipes(tmp_path, {}, {"sources": [PRESS, BLOG]})
    assert [(field, old) for field, old, _ in recipe_of(found)] == [("sources.blog", None)]
    assert found.level == "minor"


def test_an_order_of_sources_alone_is_no_change(tmp_path: Path) -> None:
    assert compare_recipes(tmp_path, {"sources": [PRESS, BLOG]}, {"sources": [BLOG, PRESS]}).level is None


def test_the_version_alone_is_no_change(tmp_path: Path) -> None:
    assert compare_recipes(tmp_path, {}, {"version": "1.0.1"}).level is None


@pytest.mark.parametrize(
    "fields",
    [
        {"license": "cc-by-4.0"},
        {"release": {"title": "Cầu"}},
        {"release": {"description": "Cầu nông thôn"}},
        {"sources": [PRESS | {"license": "cc0-1.0"}]},
    ],
)
def test_what_only_describes_the_documents_is_a_patch(tmp_path: Path, fields: Row) -> None:
    found = compare_recipes(tmp_path, {}, fields)
    assert len(found.recipe_changes) == 1
    assert found.level == "patch"


def test_a_field_that_an_older_recipe_lacks_has_its_default(tmp_path: Path) -> None:
    older = {"dedup": {"prefer": ["press"]}, "clean": {"tone": "old"}}
    newer = Recipe.model_validate(RECIPE | older).model_dump(mode="json")
    assert compare_recipes(tmp_path, older, newer, filled=False).level is None


def test_a_recipe_that_this_program_does_not_know_is_compared_as_it_is(tmp_path: Path) -> None:
    found = compare_recipes(tmp_path, {"gone": {"a": 1}}, {"gone": {"a": 2}}, filled=False)
    assert recipe_of(found) == [("gone.a", 1, 2)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"type": "int64"}, "column title is int64 instead of string"),
        ({"nullable": False}, "column title is never null now"),
        ({"meaning": 2}, "column title means something else (meaning 2 instead of 1)"),
        ({"name": "headline"}, "column title went"),
    ],
)
def test_another_column_is_a_major_version(tmp_path: Path, change: Row, sentence: str) -> None:
    found = compare_manifests(tmp_path, {}, {"columns": _columns("title", change)})
    assert found.schema_changes[0] == sentence
    assert found.level == "major"


def test_a_field_of_a_column_that_means_something_else_is_a_major_version(tmp_path: Path) -> None:
    quality = next(column for column in columns_of({}) if column.name == "quality")
    fields = [field.model_copy(update={"meaning": 2 if field.name == "words" else 1}) for field in quality.fields or []]
    found = compare_manifests(tmp_path, {}, {"columns": _columns("quality", {"fields": fields})})
    assert found.schema_changes == ("column quality.words means something else (meaning 2 instead of 1)",)
    assert found.level == "major"


def test_a_column_described_in_other_words_is_a_patch(tmp_path: Path) -> None:
    found = compare_manifests(tmp_path, {}, {"columns": _columns("title", {"description": "Its headline"})})
    assert found.schema_changes == ()
    assert found.said_changes == ("columns.title.description",)
    assert found.level == "patch"


def test_a_file_beside_the_recipe_that_changed_is_a_patch(tmp_path: Path) -> None:
    cards = ({"other_inputs": [OtherInput(path="card.md", bytes=1, sha256=digit * 64)]} for digit in "ab")
    found = compare_manifests(tmp_path, *cards)
    assert found.said_changes == ("other_inputs",)
    assert found.level == "patch"


def test_another_program_with_the_same_documents_is_no_change(tmp_path: Path) -> None:
    old, new = {"program": "corpus-press 1", "libraries": {"ftfy": "1"}}, {"program": "corpus-press 2"}
    assert compare_manifests(tmp_path, old, new).level is None


def _columns(name: str, change: Row) -> list[Column]:
    """The columns of a release, one of them as `change` says."""
    return [column.model_copy(update=change if column.name == name else {}) for column in columns_of({})]
