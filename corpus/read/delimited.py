"""CSV and its relatives: a header, then a record to a row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from corpus.read._fields import Reading, hash_row
from corpus.read._lines import LongLine, bounded_lines, too_large
from corpus.read._open import open_chunks
from corpus.read.encoding import Utf8Stream
from corpus.read.formats import ending
from corpus.read.records import Record, Rejected, RejectedError, Slice
from corpus.read.remote import Root

_DELIMITERS = ",;\t|"
_MAX_FIELD_CHARS = 2**31 - 1
"""What the csv module is told; the real limit is set on the bytes of a row."""


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one row."""

    number: int
    """1-based; 0 for the header. Blank lines don't count."""
    fields: list[str]
    encoding: str
    """Canonical name of the encoding that the file was read in."""


def read_csv(
    slice_: Slice, root: Root, columns: Reading, max_bytes: int, encoding: str | None
) -> Iterator[Record | Rejected]:
    """The records of a file, each with its data row (the header and blank lines don't count) as position."""
    path = slice_.path
    used: list[str] = []
    at: list[int] = []
    for row in read_rows(slice_, root, max_bytes, encoding):
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            if row.number == 0:
                used = columns.used(row.fields)
                at = [row.fields.index(column) for column in used]
                continue
            values = {column: row.fields[index] for column, index in zip(used, at, strict=True)}
            yield columns.record(values, path, row.number, hash_row(values), row.encoding)
        except RejectedError as error:
            yield error.at(path, row.number or None)
            if row.number == 0:
                return


def read_rows(slice_: Slice, root: Root, max_bytes: int, encoding: str | None) -> Iterator[Row | Rejected]:
    """The header of a file and its rows, each with as many fields; nothing follows when the header is unusable."""
    number: int | None = None
    try:
        stream = Utf8Stream(open_chunks(slice_, root), declared=encoding)
        rows = _Rows(stream, max_bytes, "\t" if ending(slice_.path) == ".tsv" else None)
        yield Row(0, rows.header, stream.encoding)
        for number in count(1):
            try:
                row = rows.next_row()
            except _StreamError as error:
                raise error.problem from None
            except RejectedError as error:
                yield error.at(slice_.path, number)
                continue
            if row is None:
                return
            yield Row(number, row, stream.encoding)
    except RejectedError as error:
        yield error.at(slice_.path, number)


class _StreamError(Exception):
    """The file goes no further, in contrast to a row that cannot be used."""

    def __init__(self, problem: RejectedError) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Rows:
    """Rows of fields. An error in one does not end them."""

    def __init__(self, stream: Utf8Stream, max_bytes: int, delimiter: str | None) -> None:
        self._lines = _Lines(stream, max_bytes)
        try:
            first = next(self._lines, None)
        except _StreamError as error:
            raise error.problem from None
        if first is None:
            raise RejectedError("empty_file", "the file has no content")
        self._lines.put_back(first)
        csv.field_size_limit(_MAX_FIELD_CHARS)
        self._reader = csv.reader(self._lines, delimiter=delimiter or _sniff(first), strict=True)
        self.header = self._read_header()

    def _read_header(self) -> list[str]:
        try:
            return [name.strip() for name in next(self._reader, [])]
        except csv.Error as error:
            raise RejectedError("bad_row", f"header: {error}") from None
        except _StreamError as error:
            raise error.problem from None

    def next_row(self) -> list[str] | None:
        """The fields of the next row that is not blank, None at the end.

        Raises:
            RejectedError: bad_row, too_large or undecodable; the next call goes on behind it.
            _StreamError: the file cannot be read on.
        """
        while True:
            self._lines.begin_row()
            try:
                row = next(self._reader, None)
            except csv.Error as error:
                raise RejectedError("bad_row", f"{self._lines.place()}: {error}") from None
            if row is None:
                return None
            if not row:
                continue
            if len(row) != len(self.header):
                raise RejectedError(
                    "bad_row",
                    f"{self._lines.place()}: {len(row)} fields under {len(self.header)} names",
                )
            return row


class _Lines:
    """Lines of text for `csv.reader`. Unlike a generator it goes on behind an error."""

    def __init__(self, stream: Utf8Stream, max_bytes: int) -> None:
        self._stream = stream
        self._lines = bounded_lines(iter(stream), max_bytes)
        self._max_bytes = max_bytes
        self._waiting: list[str] = []
        self._number = 0
        self._offset = 0
        self._row_start = 1
        self._row_bytes = 0

    def begin_row(self) -> None:
        self._row_start = self._number + 1
        self._row_bytes = 0

    def place(self) -> str:
        """The lines of the row, for a message."""
        if self._number <= self._row_start:
            return f"line {self._row_start}"
        return f"lines {self._row_start} to {self._number}"

    def put_back(self, line: str) -> None:
        self._waiting.append(line)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._waiting:
            return self._waiting.pop()
        try:
            line = next(self._lines)
        except RejectedError as error:
            raise _StreamError(error) from None
        self._number += 1
        start = self._offset
        size = line.size if isinstance(line, LongLine) else len(line)
        self._offset += size + 1
        self._row_bytes += size + 1
        if isinstance(line, LongLine) or self._row_bytes > self._max_bytes:
            problem = too_large(self._row_bytes, self._max_bytes)
            raise RejectedError(problem.reason, f"{self.place()}: {problem.detail}")
        try:
            return line.decode() + "\n"
        except UnicodeDecodeError as error:
            problem = self._stream.undecodable(start, line, error)
            raise RejectedError(problem.reason, f"line {self._number}: {problem.detail}") from None


def _sniff(header: str) -> str:
    """The delimiter that cuts a header into the most columns."""
    return max(_DELIMITERS, key=lambda delimiter: len(next(csv.reader([header], delimiter=delimiter), [])))
