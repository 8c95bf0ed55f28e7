"""Key files of all parts, read one bucket of hash values at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus._tables import key_range, row_groups

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

BUCKET_BYTES = 64_000_000
"""Keys of about so many bytes are one bucket; a reduce needs a few times that."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One of `count` equal ranges of 64-bit hash values."""

    number: int
    count: int

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Bucket:
        """The bucket that the parameters of a task name."""
        return cls(params["bucket"], params["buckets"])

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest hash in it."""
        return self.number * 2**64 // self.count, (self.number + 1) * 2**64 // self.count - 1


def bucket_count(content_bytes: int) -> int:
    """Number of buckets for keys of so many bytes. No result depends on it."""
    return max(1, -(-content_bytes // BUCKET_BYTES))


@dataclass(frozen=True, slots=True)
class Numbering:
    """Documents of all parts under one number each: their order in the release."""

    first: Ints
    """Number of the first document of each part, and behind them the number of all."""

    @classmethod
    def of(cls, rows: Sequence[int]) -> Numbering:
        """The numbering of parts that have so many documents."""
        return cls(np.concatenate(([0], np.cumsum(rows, dtype=np.int64))))

    def __len__(self) -> int:
        return int(self.first[-1])

    def numbers(self, part: int, rows: Ints) -> Ints:
        """Numbers of some documents of a part, given their rows."""
        numbers: Ints = self.first[part] + rows
        return numbers

    def part_of(self, docs: Ints) -> Ints:
        """The part of each document."""
        return np.searchsorted(self.first, docs, "right") - 1

    def marks(self, tables: Sequence[Path]) -> Flags:
        """A flag for every document: whether one of the tables names it in its column `doc`."""
        flags = np.zeros(len(self), bool)
        for path in tables:
            for table in row_groups(path, ["doc"]):
                flags[ints(table, "doc")] = True
        return flags


def read_bucket(files: Sequence[Path], key: str, bounds: tuple[int, int]) -> Iterator[tuple[int, pa.Table]]:
    """Rows of each part's key file whose key lies within bounds, both included; parts without any are left out.

    Args:
        files: A file a part, sorted by `key`, which is its first column.
        key: A column of hashes.
        bounds: The smallest and the largest hash.
    """
    for part, path in enumerate(files):
        table = key_range(path, key, *bounds)
        if len(table):
            yield part, table


def ints(table: pa.Table, name: str) -> Ints:
    """A column of signed numbers without nulls as an array."""
    values: Ints = table[name].to_numpy()
    return values


def hashes(table: pa.Table, name: str) -> Hashes:
    """A column of hashes without nulls as an array."""
    values: Hashes = table[name].to_numpy()
    return values
