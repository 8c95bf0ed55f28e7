"""Content-defined chunks, held against a hash in one loop and against the storage of the Hub."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.release.chunks import MAX_BYTES, MIN_BYTES, chunks_of


def test_chunks_are_where_a_hash_byte_by_byte_cuts(tmp_path: Path) -> None:
    # A run of one byte has no cut, so the largest length counts there; nine megabytes are several blocks.
    data = _random(3_000_001, 1) + b"\0" * 700_000 + _random(5_500_000, 2)
    assert [size for _, size in chunks_of(_file(tmp_path, data))] == list(_sizes_in_one_loop(data))


def test_chunks_are_the_file_within_the_limits(tmp_path: Path) -> None:
    data = _random(6_000_000, 3)
    chunks = list(chunks_of(_file(tmp_path, data)))
    assert sum(size for _, size in chunks) == len(data)
    assert all(MIN_BYTES <= size <= MAX_BYTES for _, size in chunks[:-1])
    assert 40_000 < len(data) / len(chunks) < 90_000


@pytest.mark.parametrize("size", [0, 1, 40, MIN_BYTES])
def test_a_small_file_is_one_chunk_and_an_empty_one_none(tmp_path: Path, size: int) -> None:
    assert [length for _, length in chunks_of(_file(tmp_path, b"x" * size))] == [size] * bool(size)


def test_bytes_put_in_change_only_the_chunks_around_them(tmp_path: Path) -> None:
    data = _random(8_000_000, 4)
    old = set(chunks_of(_file(tmp_path, data)))
    new = list(chunks_of(_file(tmp_path, data[:4_000_000] + b"put in" + data[4_000_000:])))
    assert sum(size for chunk, size in new if (chunk, size) not in old) < 4 * MAX_BYTES


def test_the_share_that_is_new_is_that_of_the_hubs_own_chunker(tmp_path: Path) -> None:
    hf_xet = pytest.importorskip("hf_xet")
    texts = [_random(1000, n).hex() for n in range(20_000)]
    old, new = tmp_path / "old.parquet", tmp_path / "new.parquet"
    _write(old, texts)
    _write(new, texts[:9_000] + [text[::-1] for text in texts[9_000:11_000]] + texts[11_000:])
    known = set(chunks_of(old))
    ours = sum(size for chunk, size in chunks_of(new) if (chunk, size) not in known)
    store = f"local://{tmp_path / 'store'}"
    theirs = [_new_bytes(hf_xet, store, path) for path in (old, new)][1]
    whole = new.stat().st_size
    assert 0.1 < theirs / whole < 0.2
    assert ours / whole == pytest.approx(theirs / whole, abs=0.01)


def _new_bytes(hf_xet: Any, store: str, path: Path) -> int:
    """Bytes of a file that a store in a folder did not have."""
    commit = hf_xet.XetSession().new_upload_commit(endpoint=store)
    commit.start_upload_file(str(path))
    return int(commit.wait_to_finish().dedup_metrics.new_bytes)


def _sizes_in_one_loop(data: bytes) -> Iterator[int]:
    gear = [int.from_bytes(hashlib.sha256(b"gear" + bytes([byte])).digest()[:8], "big") for byte in range(256)]
    start = value = 0
    for at, byte in enumerate(data):
        value = (value * 2 + gear[byte]) % 2**64
        size = at + 1 - start
        if (size >= MIN_BYTES and value < 2**48) or size == MAX_BYTES:
            yield size
            start = at + 1
    if start < len(data):
        yield len(data) - start


def _write(path: Path, texts: list[str]) -> None:
    pq.write_table(
        pa.table({"text": texts}),
        path,
        compression="zstd",
        compression_level=3,
        use_dictionary=False,
        use_content_defined_chunking=True,
    )


def _random(size: int, seed: int) -> bytes:
    return np.random.default_rng(seed).bytes(size)


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(data)
    return path
