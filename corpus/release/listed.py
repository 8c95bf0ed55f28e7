"""Looking documents up in a table of withdrawals: which of them it names, and which are near-copies of those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus._tables import row_groups
from corpus.clean.url import canonical_url, hosts_of
from corpus.dedup.buckets import Hashes, Ints, ints
from corpus.dedup.fingerprint import UNKNOWN, NearCopies, Values, from_bytes
from corpus.dedup.sketch import runs
from corpus.release.withdrawals import Kind, value_digest

COLUMNS: Mapping[Kind, str] = {"id": "id", "url": "url", "site": "site", "hash": "content_hash"}
"""The column of a document that a request of a kind is about."""
_OF_DOCUMENTS: tuple[Kind, ...] = ("id", "hash")
"""What is known of the documents that a request met when it was made."""


@dataclass(frozen=True, slots=True)
class Met:
    """Rows of a table that requests meet: an entry for each row and request, by kind, then by row."""

    row: Ints
    request: Ints
    kind: list[Kind]


class Listed:
    """What a table of withdrawals names.

    Values are compared by 64 bits of them, as no two of any number that fits a disk share so many.
    """

    def __init__(self, tables: Iterable[pa.Table]) -> None:
        """Take in what the pieces of a table name: all its columns but `fingerprint`, `reason` and `date`."""
        found: dict[Kind, list[tuple[Hashes, Ints]]] = {kind: [] for kind in COLUMNS}
        for table in tables:
            request = ints(table, "request").astype(np.int64)
            values = _keys(table["value"])
            for kind in COLUMNS:
                here = pc.equal(table["kind"], kind).to_numpy()
                found[kind].append((values[here], request[here]))
            some = table["id"].is_valid().to_numpy()
            for kind in _OF_DOCUMENTS:
                found[kind].append((_keys(table[COLUMNS[kind]].drop_null()), request[some]))
        joined = {kind: tuple(map(np.concatenate, zip(*pairs, strict=True))) for kind, pairs in found.items() if pairs}
        self._keys = {kind: _sorted(*both) for kind, both in joined.items() if len(both[0])}

    @classmethod
    def read(cls, paths: Sequence[Path]) -> Listed:
        """What the files of a table name."""
        columns = ["request", "kind", "value", "id", "content_hash"]
        return cls(group for path in paths for group in row_groups(path, columns))

    @property
    def columns(self) -> list[str]:
        """Columns of documents that have to be looked at."""
        return [COLUMNS[kind] for kind in self._keys]

    def meets(self, documents: pa.Table) -> Met:
        """The rows that are named, by any request, as far as the columns tell that are there."""
        rows, requests = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        by: list[Kind] = []
        for kind, (keys, numbers) in self._keys.items():
            if COLUMNS[kind] not in documents.column_names:
                continue
            row, key = _document_keys(kind, documents[COLUMNS[kind]])
            start = np.searchsorted(keys, key, "left")
            count = np.searchsorted(keys, key, "right") - start
            rows.append(np.repeat(row, count))
            requests.append(numbers[runs(start, count)])
            by += [kind] * int(count.sum())
        return Met(np.concatenate(rows), np.concatenate(requests), by)

    def first(self, documents: pa.Table) -> Ints:
        """For each document the first request that names it, or `UNKNOWN`; see `meets`."""
        met = self.meets(documents)
        out = np.full(len(documents), UNKNOWN)
        np.minimum.at(out, met.row, met.request)
        return out


def read_reasons(paths: Sequence[Path]) -> list[str]:
    """The reason of each request."""
    reasons: dict[int, str] = {}
    for path in paths:
        for group in row_groups(path, ["request", "reason"]):
            request, first = np.unique(ints(group, "request"), return_index=True)
            for number, reason in zip(request.tolist(), group["reason"].take(first).to_pylist(), strict=True):
                reasons.setdefault(number, reason)
    return [reasons[number] for number in range(len(reasons))]


def near_copies(values: Values, known: Ints, prints: Sequence[Path]) -> Ints:
    """For each document the first request that names it or something that it is a near-copy of, or `UNKNOWN`.

    Args:
        values: Fingerprints of the documents.
        known: For each the first request that names it, or `UNKNOWN`.
        prints: Tables with a `request` and a `fingerprint`, which may be null.
    """
    copies = NearCopies(values)
    for path in prints:
        for request, listed in _prints(path):
            known = copies.earliest(listed, request, known)
    return known


def _prints(path: Path) -> Iterator[tuple[Ints, Values]]:
    for group in row_groups(path, ["request", "fingerprint"]):
        group = group.filter(group["fingerprint"].is_valid())
        if len(group):
            yield ints(group, "request").astype(np.int64), from_bytes(group["fingerprint"].to_pylist())


def _sorted(keys: Hashes, numbers: Ints) -> tuple[Hashes, Ints]:
    """Each pair once, in order."""
    order = np.lexsort((numbers, keys))
    keys, numbers = keys[order], numbers[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (numbers[1:] != numbers[:-1])
    return keys[new], numbers[new]


def _document_keys(kind: Kind, column: pa.ChunkedArray) -> tuple[Ints, Hashes]:
    """Keys of documents, and the rows that they are of; a document has one for each host that its site is below."""
    if kind in {"id", "hash"}:
        return np.arange(len(column)), _keys(column)
    found: list[tuple[int, int]] = []
    for row, value in enumerate(column.to_pylist()):
        if value is not None:
            found += [(row, key) for key in _site_keys(value)] if kind == "site" else [(row, _url_key(value))]
    return np.array([row for row, _ in found], np.int64), np.array([key for _, key in found], np.uint64)


@lru_cache(maxsize=10_000)
def _site_keys(site: str) -> list[int]:
    return [int(value_digest("site", host)[:16], 16) for host in hosts_of(site)]


def _url_key(url: str) -> int:
    return int(value_digest("url", canonical_url(url))[:16], 16)


def _keys(digits: pa.ChunkedArray) -> Hashes:
    """The upper 64 bits of numbers in hex digits."""
    upper = "".join(pc.utf8_slice_codeunits(digits, 0, 16).to_pylist())
    return np.frombuffer(bytes.fromhex(upper), ">u8").astype(np.uint64)
