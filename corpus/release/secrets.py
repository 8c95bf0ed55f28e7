"""Secrets in a release, looked for in all of it before it leaves the machine: documents, ledger, audit and pages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.clean.privacy import Kind, find_all, suspects
from corpus.errors import ReleaseError
from corpus.release.manifest import MANIFEST_NAME, Manifest

MAX_NAMED = 1000
"""So many places are named at most; all are counted."""

_SECRETS: frozenset[Kind] = frozenset({"secret"})
_BATCH_BYTES = 4_000_000
"""About so much of a row group is looked through at a time."""
_JSON_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|.)")

_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Secret:
    """A value or line with something in it that gives access: where it stands, and never what it is."""

    path: str
    """File of the release."""
    number: int
    """Row of a table, or line of a page; both are counted from 1."""
    column: str | None = None
    """Column of a table, with the fields in it: `a.b`."""
    id: str | None = None
    """The document that the row is about, where there is one."""

    def __str__(self) -> str:
        if self.column is None:
            return f"{self.path} line {self.number}"
        return f"{self.path} row {self.number}{f' (id {self.id})' if self.id else ''}: {self.column}"


@dataclass(frozen=True, slots=True)
class Secrets:
    """All places of a release that hold secrets."""

    total: int
    named: tuple[Secret, ...]
    """The first of them, in the order of files, rows and columns; at most `MAX_NAMED`."""

    def __bool__(self) -> bool:
        return self.total > 0


def find_secrets(
    release: Path, manifest: Manifest, *, workers: int = 2, progress: Callable[[int], object] | None = None
) -> Secrets:
    """Look for keys, tokens and passwords in every text of a release; see `corpus.clean.privacy`.

    All strings of its Parquet files are looked through, however nested, and all lines of its other files. Holds a row
    group for each worker, and two more.

    Args:
        release: Folder of the release.
        manifest: What it consists of.
        workers: Threads. Pattern matching runs outside Python's lock, the rest within, so that more than two are
            hardly faster.
        progress: Told now and then how many bytes more of the files have been looked through; together these are all.

    Raises:
        ReleaseError: a file is missing or damaged.
    """
    total = 0
    named: list[Secret] = []
    waiting: deque[Future[_Found]] = deque()

    def take() -> None:
        nonlocal total
        found = waiting.popleft().result()
        total += found.total
        named.extend(found.named[: MAX_NAMED - len(named)])
        if progress:
            progress(found.bytes)

    with ThreadPoolExecutor(workers) as pool:
        for task in _tasks(release, manifest):
            waiting.append(pool.submit(task))
            if len(waiting) > workers + 1:
                take()
        while waiting:
            take()
    return Secrets(total, tuple(named))


@dataclass(frozen=True, slots=True)
class _Found:
    """What came of one task."""

    total: int
    named: list[Secret]
    bytes: int
    """Of the file, so many were looked through."""


def _tasks(release: Path, manifest: Manifest) -> Iterator[Callable[[], _Found]]:
    """What can be done at the same time: a page each, or a row group of a table."""
    for path in [*(entry.path for entry in manifest.files), MANIFEST_NAME]:
        if not path.endswith(".parquet"):
            yield partial(_in_page, release, path)
            continue
        size, groups = _groups(release, path)
        rest, first = size - sum(group.bytes for group in groups), 0
        # What is no row group, such as the footer.
        yield partial(_Found, 0, [], rest)
        for index, group in enumerate(groups):
            yield partial(_in_rows, release, path, index, first, group.bytes)
            first += group.rows


class _Group(NamedTuple):
    """A row group of a table."""

    rows: int
    bytes: int
    """As it is in the file."""


def _groups(release: Path, path: str) -> tuple[int, list[_Group]]:
    """Bytes of a table, and its row groups."""
    with _readable(path):
        metadata = pq.read_metadata(release / path)
        groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
        sizes = [sum(group.column(n).total_compressed_size for n in range(group.num_columns)) for group in groups]
        size = (release / path).stat().st_size
    return size, [_Group(group.num_rows, compressed) for group, compressed in zip(groups, sizes, strict=True)]


def _in_rows(release: Path, path: str, index: int, first: int, size: int) -> _Found:
    """Look through a row group that has `first` rows before it."""
    total = 0
    named: list[Secret] = []
    with _readable(path), pq.ParquetFile(release / path) as file:
        columns = [field.name for field in file.schema_arrow if _has_strings(field.type)]
        group = file.metadata.row_group(index)
        rows = max(1, group.num_rows * _BATCH_BYTES // max(1, group.total_byte_size))
        for batch in file.iter_batches(rows, row_groups=[index], columns=columns, use_threads=False):
            found = _in_batch(batch)
            total += len(found)
            for row, column in found[: MAX_NAMED - len(named)]:
                id = batch["id"][row].as_py() if "id" in columns else None
                named.append(Secret(path, first + row + 1, column, id))
            first += len(batch)
    return _Found(total, named, size)


def _in_batch(batch: pa.RecordBatch) -> list[tuple[int, str]]:
    """Row and column of each value that holds a secret, in their order."""
    found = {
        (row, place, name)
        for place, column in enumerate(batch.columns)
        for name, rows, values in _strings(batch.schema.names[place], np.arange(len(batch)), column)
        for row in rows[_holding(values)].tolist()
    }
    return [(row, name) for row, _, name in sorted(found)]


def _strings(name: str, rows: _Numbers, column: pa.Array) -> Iterator[tuple[str, _Numbers, pa.Array]]:
    """The strings in a column however nested, each with its name and the rows that its values are of."""
    if pa.types.is_struct(column.type):
        for place, field in enumerate(column.type):
            yield from _strings(f"{name}.{field.name}", rows, pc.struct_field(column, place))
    elif pa.types.is_list(column.type):
        parents = pc.list_parent_indices(column).to_numpy()
        yield from _strings(name, rows[parents], pc.list_flatten(column))
    elif pa.types.is_string(column.type):
        yield name, rows, column


def _has_strings(type_: pa.DataType) -> bool:
    if pa.types.is_struct(type_):
        return any(_has_strings(field.type) for field in type_)
    return _has_strings(type_.value_type) if pa.types.is_list(type_) else bool(pa.types.is_string(type_))


def _holding(values: pa.Array) -> _Numbers:
    """Places of the values that hold a secret."""
    values = pc.fill_null(values, "")
    ends = np.cumsum(pc.binary_length(values).to_numpy().astype(np.int64) + 1)
    whole = pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)
    joined = pc.binary_join(whole, "\n")[0].as_buffer().to_pybytes()
    offsets = np.fromiter(suspects(joined, _SECRETS), np.int64)
    places = np.unique(np.searchsorted(ends, offsets, "right"))
    found = find_all(values.take(pa.array(places)).to_pylist(), _SECRETS)
    return places[np.fromiter(map(bool, found), np.bool_, len(found))]


def _in_page(release: Path, path: str) -> _Found:
    """Look through the lines of a file that is no table."""
    with _readable(path):
        content = (release / path).read_bytes()
    text = content.decode(errors="replace")
    if path.endswith(".json"):
        # Behind `\\n` a key would not stand at the beginning of a word.
        text = _JSON_ESCAPE.sub(" ", text)
    (found,) = find_all([text], _SECRETS)
    lines = sorted({text.count("\n", 0, one.start) + 1 for one in found})
    return _Found(len(lines), [Secret(path, line) for line in lines], len(content))


@contextmanager
def _readable(path: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise ReleaseError(f"{path}: missing") from None
    except (OSError, pa.ArrowException):
        raise ReleaseError(f"{path}: cannot be read; `corpus verify` says more") from None
