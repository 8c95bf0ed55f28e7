"""Releases in training code: `datasets.load_dataset` and `corpus.load`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import datasets
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import corpus
from corpus.errors import ReleaseError
from corpus.release.card import card_data
from corpus.release.manifest import read_manifest
from tests.support import article, build, rows_of, run, run_json, small_corpus, write_jsonl, write_recipe


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    rows = [{"text": article(n), "published": "2024-09-23", "votes": n, "ok": True} for n in range(24)]
    write_jsonl(folder / "raw" / "pages.jsonl", rows)
    keep = {"votes": "int64", "ok": "bool", "section": "string", "score": "float64"}
    source = {"name": "press", "path": "*.jsonl", "keep": keep}
    write_recipe(folder / "raw", [source], splits={"validation": 0.3, "test": 0.2})
    return build(folder / "raw", folder / "dist")


def test_datasets_loads_it_with_splits_and_features(release: Path) -> None:
    loaded = datasets.load_dataset(str(release))
    manifest = read_manifest(release)
    assert {name: split.num_rows for name, split in loaded.items()} == {
        name: split.rows for name, split in manifest.splits.items()
    }
    assert sorted(row["text"] for split in loaded.values() for row in split) == sorted(
        row["text"] for row in rows_of(release)
    )


def test_datasets_streams_the_same_rows(release: Path) -> None:
    streamed = datasets.load_dataset(str(release), split="train", streaming=True)
    assert list(streamed) == list(datasets.load_dataset(str(release), split="train"))


def test_card_declares_the_features_that_datasets_reads_from_the_parquet_schema(release: Path) -> None:
    schema = pq.read_schema(next(release.glob("data/train-*")))
    features: Any = datasets.Features.from_arrow_schema(schema)
    assert card_data(read_manifest(release))["dataset_info"]["features"] == features._to_yaml_list()


def test_releases_of_one_name_and_version_are_not_mixed_up_by_the_cache_of_datasets(tmp_path: Path) -> None:
    for name, number in (("one", 1), ("two", 2)):
        write_jsonl(tmp_path / name / "pages.jsonl", [{"text": article(number)}])
        write_recipe(tmp_path / name, [{"name": "press", "path": "*.jsonl"}])
        release = build(tmp_path / name, tmp_path / f"dist-{name}")
        assert datasets.load_dataset(str(release), split="train")["text"][0] == article(number)


def test_corpus_load_answers_the_same(release: Path) -> None:
    assert list(corpus.load(release, split="train")) == list(datasets.load_dataset(str(release), split="train"))
    assert isinstance(corpus.load(release, split="test", streaming=True), datasets.IterableDataset)
    assert set(corpus.load(release)) == {"train", "validation", "test"}


def test_corpus_load_refuses_a_damaged_release(tmp_path: Path) -> None:
    release = build(small_corpus(tmp_path / "raw"), tmp_path / "dist")
    [shard] = release.glob("data/*")
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(ReleaseError, match=r"data/train-00000-of-00001\.parquet: .* bytes instead of"):
        corpus.load(release)


@pytest.mark.parametrize("content", [b"PAR1 and nothing else", None])
def test_load_command_says_in_one_line_that_a_release_is_damaged(tmp_path: Path, content: bytes | None) -> None:
    release = build(small_corpus(tmp_path / "raw"), tmp_path / "dist")
    [shard] = release.glob("data/*")
    shard.unlink()
    if content is not None:
        shard.write_bytes(content)
    result = run("load", release)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "cannot be read; `corpus verify` says more" in result.stderr


def test_corpus_load_names_the_splits_there_are(release: Path) -> None:
    with pytest.raises(ReleaseError, match="no split 'dev'; it has train, validation, test"):
        corpus.load(release, split="dev")


@pytest.mark.parametrize("streaming", [False, True])
def test_corpus_load_answers_the_columns_asked_for(release: Path, streaming: bool) -> None:
    whole = corpus.load(release, split="train")
    some = corpus.load(release, split="train", streaming=streaming, columns=["votes", "text"])
    assert some.column_names == ["text", "votes"]
    assert list(some) == [{"text": row["text"], "votes": row["votes"]} for row in whole]


@pytest.mark.parametrize("streaming", [False, True])
def test_corpus_load_answers_the_rows_that_meet_a_condition_also_on_columns_it_leaves_out(
    release: Path, streaming: bool
) -> None:
    whole = list(corpus.load(release, split="train"))
    least = sorted(row["quality"]["mean_word_length"] for row in whole)[3]
    good = (pc.field("quality", "mean_word_length") >= least) & (pc.field("votes") < 20)
    found = list(corpus.load(release, split="train", streaming=streaming, columns=["id"], filters=good))
    assert 0 < len(found) < len(whole)
    assert found == [
        {"id": row["id"]} for row in whole if row["quality"]["mean_word_length"] >= least and row["votes"] < 20
    ]


def test_columns_that_are_not_there_are_named(release: Path) -> None:
    with pytest.raises(ReleaseError, match="no column 'txt'; it has id, text, title"):
        corpus.load(release, split="train", columns=["id", "txt"])


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (pc.field("quality", "wit") >= 1, r"No match for FieldRef\.Nested.*wit\)\)$"),
        (pc.field("text") >= 1, "no kernel matching input types"),
        (pc.field("votes"), "must evaluate to bool"),
    ],
)
def test_condition_that_does_not_fit_the_columns_is_refused_in_a_line(
    release: Path, filters: pc.Expression, said: str
) -> None:
    with pytest.raises(ReleaseError, match=said) as refused:
        corpus.load(release, split="train", streaming=True, filters=filters)
    assert "\n" not in str(refused.value)


def test_load_command_shows_rows_columns_and_the_line_of_python(release: Path) -> None:
    result = run("load", release, "-n", "1")
    assert result.exit_code == 0
    assert f'datasets.load_dataset("{release}")' in result.stdout
    assert "language_score" in result.stdout
    shown = run_json("load", release, "-n", "2")
    first = pq.read_table(next(release.glob("data/train-*"))).slice(0, 2).to_pylist()
    assert [row["id"] for row in shown["rows"]] == [row["id"] for row in first]
