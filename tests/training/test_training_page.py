"""The lines of docs/training.md, run as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "training.md").read_text(encoding="utf-8")
FILTERED, LOADED = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def train_rows(release: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(release.glob("data/train-*")) for row in pq.read_table(path).to_pylist()]


def test_lines_that_filter(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(release.parents[2])
    names: dict[str, Any] = {}
    exec(FILTERED, names)
    good = [row for row in train_rows(release) if row["quality"]["words"] >= 50 and row["language"] == "vi"]
    assert 0 < len(good) < len(train_rows(release))
    assert list(names["train"]) == [{"id": row["id"], "text": row["text"]} for row in good]


def test_lines_that_shuffle_and_share(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rank 0 as it stands there, then rank 1: together they see everything once."""
    monkeypatch.chdir(release.parents[2])
    read: list[str] = []
    for rank in (0, 1):
        names: dict[str, Any] = {}
        exec(LOADED.replace("rank=0", f"rank={rank}"), names)
        assert names["texts"]
        read += names["texts"]
    assert sorted(read) == sorted(row["text"] for row in train_rows(release))
