"""Content-defined chunks of a file: what storage of chunks does not take a second time.

The Hub's Xet storage cuts a file where a rolling "gear" hash of its last 64 bytes has 16 zero bits at the top, and
never below 8 KiB or above 128 KiB; a chunk that it has is not uploaded again. The same is done here, over a table of
random numbers of our own: the cuts are at other places, but as many, and a change moves as few of them.

Algorithm: W. Xia et al., "Ddelta: A deduplication-inspired fast delta compression approach", Performance Evaluation 79
(2014), and the Xet protocol's page on chunking. A gear hash of 2k bytes is the sum of two of k bytes, one of them
shifted, so that six additions over arrays give that of 64 bytes at every place of a file.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xxhash

MIN_BYTES, TARGET_BYTES, MAX_BYTES = 8 << 10, 64 << 10, 128 << 10

_WINDOW = 64
_BELOW = np.uint64(2**64 // TARGET_BYTES)
"""A hash below this is a cut: one in `TARGET_BYTES` is."""

_BLOCK, _STRIP = 4 << 20, 32 << 10
"""Bytes read at once, and bytes hashed at once: eight times as many have to fit into a processor's cache twice."""

_GEAR = np.array(
    [int.from_bytes(hashlib.sha256(b"gear" + bytes([byte])).digest()[:8], "big") for byte in range(256)], np.uint64
)


def chunks_of(path: Path) -> Iterator[tuple[bytes, int]]:
    """The chunks of a file, in order: the digest of each (XXH3-128) and its length in bytes.

    Takes some 10 MB of memory, whatever the file's size.

    Raises:
        OSError: the file cannot be read.
    """
    kept = b""  # from the last cut on
    seen = np.empty(0, np.uint8)  # what stands before the bytes to hash
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            fresh = np.frombuffer(block, np.uint8)
            cuts = [len(kept) + cut for cut in _candidates(seen, fresh)]
            seen = np.concatenate((seen, fresh[-_WINDOW:]))[-(_WINDOW - 1) :]
            data = memoryview(kept + block)
            start = 0
            while (end := _end(cuts, start, len(data))) is not None:
                yield _digest(data[start:end]), end - start
                start = end
            kept = bytes(data[start:])
    if kept:
        yield _digest(kept), len(kept)


def _end(cuts: list[int], start: int, size: int) -> int | None:
    """Where the chunk that begins at `start` ends, or None where that stands beyond what was read."""
    at = bisect_left(cuts, start + MIN_BYTES)
    end = min(cuts[at] if at < len(cuts) else size + 1, start + MAX_BYTES)
    return end if end <= size else None


def _candidates(seen: npt.NDArray[np.uint8], fresh: npt.NDArray[np.uint8]) -> list[int]:
    """Where `fresh` may be cut, as numbers of its bytes before the cut; `seen` are the bytes before it."""
    out: list[int] = []
    for at in range(0, len(fresh), _STRIP):
        before = seen if at == 0 else fresh[at - _WINDOW + 1 : at]
        hashes = _gear(np.concatenate((before, fresh[at : at + _STRIP])))[len(before) :]
        out.extend((np.flatnonzero(hashes < _BELOW) + (at + 1)).tolist())
    return out


def _gear(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """The hash of the 64 bytes that end at each byte, of fewer at the beginning."""
    hashes = _GEAR[data]
    shifted = np.empty_like(hashes)
    for power in range(6):
        width = 1 << power
        if width >= len(hashes):
            break
        np.left_shift(hashes[:-width], np.uint64(width), out=shifted[width:])
        np.add(hashes[width:], shifted[width:], out=hashes[width:])
    return hashes


def _digest(chunk: bytes | memoryview) -> bytes:
    return xxhash.xxh3_128_digest(chunk)
