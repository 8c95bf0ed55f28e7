"""A release to train on, of several files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.support import build, story, write_jsonl, write_recipe


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of 2 to 5 sentences, of which the first three were found twice, four and twenty times."""
    folder = tmp_path_factory.mktemp("training")
    texts = [story(number, sentences=2 + number % 4) for number in range(100)]
    for number in range(5, 100, 10):
        texts[number] += f"\n\nTrong bài {number} có dấu <|end|> và <|pad|> do người viết tự đặt vào giữa câu."
    copies = [text for text, count in zip(texts, (2, 4, 20), strict=False) for _ in range(count - 1)]
    rows = [{"url": f"https://a.example/{n}", "text": text} for n, text in enumerate(texts + copies)]
    write_jsonl(folder / "raw" / "pages.jsonl", rows)
    source = {"name": "press", "path": "*.jsonl"}
    fields = {"dataset": "news", "version": "1.2.0", "splits": {"validation": 0.1}, "release": {"min_shards": 6}}
    write_recipe(folder / "raw", [source], **fields)
    release = build(folder / "raw", folder / "dist")
    assert len(list(release.glob("data/train-*"))) > 4
    return release


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """As in the processes that are started: for so small a model, threads only wait for each other."""
    torch.set_num_threads(1)
