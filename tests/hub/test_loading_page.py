"""The lines of docs/loading.md, run as they stand there against a release with two splits and several files each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from datasets.distributed import split_dataset_by_node

import corpus
from tests.hub.hub_helpers import Hub, running_hub
from tests.support import build, rows_of, story, write_jsonl, write_recipe

PAGE = (Path(__file__).parents[2] / "docs" / "loading.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
LOCAL = [block for block in BLOCKS if "org/news" not in block]
PUBLISHED = [block for block in BLOCKS if "org/news" in block]
COUNTED = "rows = sum(1 for _ in train) if hasattr(train, 'num_shards') else len(train)"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with dist/news/news-1.2.0, whose files of text are cut after a megabyte."""
    folder = tmp_path_factory.mktemp("home")
    rows = [{"url": f"https://a.example/{n}", "text": story(n, sentences=200)} for n in range(260)]
    write_jsonl(folder / "raw" / "pages.jsonl", rows)
    fields: dict[str, Any] = {"splits": {"validation": 0.35}, "release": {"max_shard_mb": 1}}
    write_recipe(folder / "raw", [{"name": "press", "path": "*.jsonl"}], dataset="news", version="1.2.0", **fields)
    release = build(folder / "raw", folder / "dist")
    assert len(list(release.glob("data/train-*"))) > 2
    assert len(list(release.glob("data/validation-*"))) > 1
    return folder


@pytest.fixture(scope="module")
def hub(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as hub:
        hub.publish("org/news", home / "dist/news/news-1.2.0", "v1.2.0")
        yield hub


def train_rows(home: Path) -> int:
    return corpus.Release.open(home / "dist/news/news-1.2.0").manifest.splits["train"].rows


def heading(block: str) -> str:
    return block.strip().splitlines()[-1]


@pytest.mark.parametrize("block", LOCAL, ids=heading)
def test_lines_for_a_folder_answer_all_rows_of_the_split(
    block: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    names: dict[str, Any] = {}
    exec(f"{block}\n{COUNTED}", names)
    assert names["rows"] == train_rows(home)


@pytest.mark.parametrize("block", PUBLISHED, ids=heading)
def test_lines_for_the_hub_answer_all_rows_of_the_split(block: str, home: Path, hub: Hub) -> None:
    assert hub.python(f"{block}\n{COUNTED}\nout = rows") == train_rows(home)


def test_page_has_lines_for_every_library() -> None:
    for library in ("corpus", "datasets", "pandas", "polars", "duckdb"):
        assert any(f"import {library}" in block for block in LOCAL), library


def test_readers_of_a_stream_read_every_row_once(home: Path) -> None:
    """Two machines with two workers each, which share the files as the workers of a torch DataLoader do."""
    release = home / "dist/news/news-1.2.0"
    train = corpus.load(release, split="train", streaming=True)
    machines = [split_dataset_by_node(train, rank=rank, world_size=2) for rank in range(2)]
    workers = [machine.shard(num_shards=2, index=worker) for machine in machines for worker in range(2)]
    read = [[row["id"] for row in worker] for worker in workers]
    assert all(read)
    wanted = [row["id"] for row in rows_of(release) if row["id"] in set().union(*map(set, read))]
    assert sorted(id for ids in read for id in ids) == sorted(wanted)
    assert len(wanted) == train_rows(home)


def test_readers_of_a_shuffled_stream_read_every_row_once(home: Path) -> None:
    train = corpus.load(home / "dist/news", split="train", streaming=True)
    shuffled = train.shuffle(seed=1, buffer_size=20)
    workers = [shuffled.shard(num_shards=2, index=worker) for worker in range(2)]
    read = [row["id"] for worker in workers for row in worker]
    assert sorted(read) == sorted(row["id"] for row in train)
    assert read != [row["id"] for row in train]
