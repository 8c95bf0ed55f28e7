"""From a release to batches in the training example: nothing is lost, nothing comes twice, any place is found again."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from examples import train
from tests.training.training_helpers import batches, beginning, options_of, texts_of, tokens_of

Patch = pytest.MonkeyPatch


def rows_in_training(release: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(release.glob("data/train-*")) for row in pq.read_table(path).to_pylist()]


def texts(release: Path) -> list[str]:
    return sorted(row["text"] for row in rows_in_training(release))


def as_rank(monkeypatch: Patch, rank: int, ranks: int) -> None:
    monkeypatch.setattr(train, "RANK", rank)
    monkeypatch.setattr(train, "RANKS", ranks)


@pytest.mark.parametrize("workers", [0, 1, 3, 10])
def test_workers_see_every_document_once(release: Path, tmp_path: Path, monkeypatch: Patch, workers: int) -> None:
    options = options_of(monkeypatch, release, "--out", tmp_path, "--workers", workers)
    assert sorted(texts_of(options, batches(options))) == texts(release)


@pytest.mark.parametrize("ranks", [2, 3])
def test_ranks_see_other_documents_and_together_all(
    release: Path, tmp_path: Path, monkeypatch: Patch, ranks: int
) -> None:
    options = options_of(monkeypatch, release, "--out", tmp_path, "--workers", 2)
    of_ranks = []
    for rank in range(ranks):
        as_rank(monkeypatch, rank, ranks)
        of_ranks.append(texts_of(options, batches(options)))
    assert all(of_ranks)
    assert sorted(text for found in of_ranks for text in found) == texts(release)


def test_more_ranks_than_files_share_the_sequences(release: Path, tmp_path: Path, monkeypatch: Patch) -> None:
    options = options_of(monkeypatch, release, "--out", tmp_path, "--split", "validation", "--workers", 0)
    alone = [row for batch in tokens_of(batches(options)) for row in batch]
    ranks = len(list(release.glob("data/validation-*"))) + 1
    shared = []
    for rank in range(ranks):
        as_rank(monkeypatch, rank, ranks)
        shared += [row for batch in tokens_of(batches(options)) for row in batch]
    assert sorted(shared) == sorted(alone)


def test_epochs_show_the_same_documents_in_another_order_and_an_epoch_always_in_its_own(
    release: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    options = options_of(monkeypatch, release, "--out", tmp_path, "--workers", 2)
    first, again, second = (texts_of(options, batches(options, epoch=epoch)) for epoch in (0, 0, 1))
    assert first == again
    assert first != second
    assert sorted(first) == sorted(second)


def test_documents_of_a_file_are_mixed_within_the_buffer(release: Path, tmp_path: Path, monkeypatch: Patch) -> None:
    options = options_of(monkeypatch, release, "--out", tmp_path, "--workers", 0)
    in_files = [row["text"] for row in rows_in_training(release)]
    places = [in_files.index(text) for text in texts_of(options, batches(options))]
    neighbours = sum(abs(one - other) == 1 for one, other in pairwise(places))
    assert neighbours < len(places) / 4


@pytest.mark.parametrize("workers", [0, 1, 3, 10])
def test_from_any_place_the_same_batches_follow(
    release: Path, tmp_path: Path, monkeypatch: Patch, workers: int
) -> None:
    """At the start, in the midst, where some workers have nothing left, and at the end."""
    options = options_of(monkeypatch, release, "--out", tmp_path, "--workers", workers)
    place = beginning(options, epoch=1)
    found, places = [], [place]
    for batch in batches(options, epoch=1):
        found.append(batch)
        place = place.behind(batch)
        places.append(place)
    whole = tokens_of(found)
    of_readers = [batch.reader for batch in found]
    last_of_first_to_end = min(len(of_readers) - 1 - of_readers[::-1].index(reader) for reader in set(of_readers))
    assert len(whole) > 30
    steps = {0, 1, 2, 20, last_of_first_to_end, last_of_first_to_end + 2, len(whole) - 1, len(whole)}
    for step in sorted(steps & set(range(len(whole) + 1))):
        assert tokens_of(batches(options, places[step], epoch=1)) == whole[step:], step


def test_rank_goes_on_from_its_place(release: Path, tmp_path: Path, monkeypatch: Patch) -> None:
    options = options_of(monkeypatch, release, "--out", tmp_path, "--workers", 2)
    list(batches(options))
    as_rank(monkeypatch, 1, 2)
    place = beginning(options)
    found = list(batches(options))
    for batch in found[:7]:
        place = place.behind(batch)
    assert tokens_of(batches(options, place)) == tokens_of(found)[7:]


def test_rows_that_fail_a_signal_are_left_out(release: Path, tmp_path: Path, monkeypatch: Patch) -> None:
    limits = {"words": 60, "mean_word_length": 3.1}
    asked = [part for name, least in limits.items() for part in ("--min-quality", f"{name}={least}")]
    options = options_of(monkeypatch, release, "--out", tmp_path, *asked)
    good = [
        row["text"]
        for row in rows_in_training(release)
        if all(row["quality"][name] >= least for name, least in limits.items())
    ]
    assert 10 < len(good) < len(texts(release)) - 10
    assert sorted(texts_of(options, batches(options))) == sorted(good)


def test_texts_that_had_copies_are_shown_more_often(release: Path, tmp_path: Path, monkeypatch: Patch) -> None:
    options = options_of(monkeypatch, release, "--out", tmp_path, "--weight-by-duplicates")
    shown = Counter(texts_of(options, batches(options)))
    times = {1: 1, 2: 2, 4: 3, 20: 4}
    assert shown == {row["text"]: times[row["duplicates"]] for row in rows_in_training(release)}
    assert len(set(shown.values())) > 2


def test_marks_of_the_tokenizer_that_stand_in_a_text_are_text(
    release: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    options = options_of(monkeypatch, release, "--out", tmp_path, "--workers", 0)
    marked = [text for text in texts(release) if "<|end|>" in text]
    assert marked
    assert sorted(text for text in texts_of(options, batches(options)) if "<|end|>" in text) == marked
