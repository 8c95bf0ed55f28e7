"""Which documents are copies of one another, decided on keys alone."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup import exact

Key = tuple[str, str, int, str, str, int]


def key(id_: str, content: str, n_chars: int, path: str, position: int = 1) -> Key:
    return (id_ * 32, content * 32, n_chars, "press", path, position)


def merge(folder: Path, keys: list[Key], buckets: int = 1, by: Any = "content_hash") -> dict[tuple[str, int], Any]:
    """Both reduces over all buckets: (reason, kept id, duplicates) by path and position."""
    rows = [dict(zip(exact.KEYS_SCHEMA.names, k, strict=True)) for k in keys]
    pq.write_table(pa.Table.from_pylist(rows, schema=exact.KEYS_SCHEMA), folder / "keys.parquet")
    numbered = [(number, buckets) for number in range(buckets)]
    ids, texts = [], []
    for bucket in numbered:
        ids.append(folder / f"id-{bucket[0]}.parquet")
        exact.merge_ids([folder / "keys.parquet"], bucket, ids[-1], folder / "spill", 256)
    for bucket in numbered:
        texts.append(folder / f"text-{bucket[0]}.parquet")
        exact.merge_contents([folder / "keys.parquet"], ids, bucket, texts[-1], folder / "spill", 256, by=by)
    out = {}
    for path in [*ids, *texts]:
        for row in pq.read_table(path).to_pylist():
            assert (row["path"], row["position"]) not in out, "two decisions about one document"
            out[row["path"], row["position"]] = (row["reason"], row["kept_id"], row.get("duplicates"))
    return out


def test_first_of_equal_texts_stays_and_counts_the_others(tmp_path: Path) -> None:
    keys = [key("c", "0", 9, "c"), key("a", "0", 9, "a"), key("b", "0", 9, "b"), key("d", "1", 9, "d")]
    decided = merge(tmp_path, keys)
    assert decided == {
        ("a", 1): (None, None, 3),
        ("b", 1): ("exact_duplicate", "a" * 32, 3),
        ("c", 1): ("exact_duplicate", "a" * 32, 3),
    }


def test_longest_version_of_a_page_stays(tmp_path: Path) -> None:
    decided = merge(tmp_path, [key("a", "0", 5, "a"), key("a", "1", 8, "b"), key("a", "2", 7, "c")])
    assert decided == {
        ("a", 1): ("same_url", "a" * 32, None),
        ("c", 1): ("same_url", "a" * 32, None),
        ("b", 1): (None, None, 3),
    }


def test_text_of_a_shorter_version_survives_at_another_address(tmp_path: Path) -> None:
    decided = merge(tmp_path, [key("a", "0", 5, "a"), key("a", "1", 8, "b"), key("b", "0", 5, "c")])
    assert ("c", 1) not in decided


def test_positions_order_numerically(tmp_path: Path) -> None:
    decided = merge(tmp_path, [key("a", "0", 5, "a", 10), key("b", "0", 5, "a", 9)])
    assert decided["a", 10] == ("exact_duplicate", "b" * 32, 2)


def test_by_id_only_versions_are_merged(tmp_path: Path) -> None:
    decided = merge(tmp_path, [key("a", "0", 5, "a"), key("b", "0", 5, "b"), key("b", "1", 4, "c")], by="id")
    assert decided == {("c", 1): ("same_url", "b" * 32, None), ("b", 1): (None, None, 2)}


hex_digit = st.sampled_from("0123456789abcdef")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(hex_digit, hex_digit, st.integers(1, 3)), min_size=1, max_size=30), st.randoms())
def test_number_of_buckets_and_order_of_keys_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str, int]], rng: random.Random
) -> None:
    keys = [key(i, c, n, f"p{number:02d}") for number, (i, c, n) in enumerate(drawn)]
    expected = merge(tmp_path_factory.mktemp("one"), keys)
    rng.shuffle(keys)
    assert merge(tmp_path_factory.mktemp("three"), keys, buckets=3) == expected


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(hex_digit, hex_digit, st.integers(1, 3)), min_size=1, max_size=30))
def test_exactly_one_of_each_text_and_one_of_each_id_stays(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str, int]]
) -> None:
    keys = [key(i, c, n, f"p{number:02d}") for number, (i, c, n) in enumerate(drawn)]
    decided = merge(tmp_path_factory.mktemp("keys"), keys)
    kept = [k for k in keys if decided.get((k[4], k[5]), (None,))[0] is None]
    assert len({k[0] for k in kept}) == len(kept)
    assert len({k[1] for k in kept}) == len(kept)
    duplicates = [(decided.get((k[4], k[5])) or (None, None, 1))[2] for k in kept]
    assert sum(duplicates) == len(keys)
