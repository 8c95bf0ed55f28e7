"""JSON Lines, and JSON files that hold an array or a few large objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import xxhash

from corpus.read._fields import Reading, without_surrogates
from corpus.read._lines import LongLine, bounded_lines, too_large
from corpus.read._open import open_chunks
from corpus.read.encoding import SAMPLE_BYTES, Utf8Stream
from corpus.read.json_values import is_line_delimited, json_values
from corpus.read.records import Record, Rejected, RejectedError, Slice, short
from corpus.read.remote import Root


def read_jsonl(
    slice_: Slice, root: Root, columns: Reading, max_bytes: int, encoding: str | None
) -> Iterator[Record | Rejected]:
    """The records of a range of a file, each with its line (or, in an array, its number) as position."""
    try:
        stream = Utf8Stream(open_chunks(slice_, root), slice_.start, encoding)
    except RejectedError as error:
        yield error.at(slice_.path, None)
        return
    if slice_.start == 0 and not is_line_delimited(slice_.path, stream.head[:SAMPLE_BYTES]):
        yield from _read_values(slice_.path, stream, columns, max_bytes)
        return
    number, start = slice_.first_line, 0
    try:
        for line in bounded_lines(iter(stream), max_bytes):
            if isinstance(line, LongLine):
                yield too_large(line.size, max_bytes).at(slice_.path, number)
                start += line.size + 1
            else:
                if line and not line.isspace():
                    yield _read_line(line, start, slice_.path, number, columns, stream)
                start += len(line) + 1
            number += 1
    except RejectedError as error:
        yield error.at(slice_.path, number)
        return
    if slice_.start == 0 and not stream.head:
        yield RejectedError("empty_file", "the file has no content").at(slice_.path, None)


def _read_line(
    line: bytes, start: int, path: str, number: int, columns: Reading, stream: Utf8Stream
) -> Record | Rejected:
    line = line.removesuffix(b"\r")
    try:
        row = _parse(line, start, stream)
        return columns.record(row, path, number, xxhash.xxh3_128_hexdigest(line), stream.encoding)
    except RejectedError as error:
        return error.at(path, number)


def _parse(line: bytes, start: int, stream: Utf8Stream) -> dict[str, Any]:
    """The object that a line holds which starts at an offset of the stream.

    Raises:
        RejectedError: undecodable, not_json or not_an_object.
    """
    try:
        value = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise stream.undecodable(start, line, error) from None
    except json.JSONDecodeError as error:
        raise RejectedError("not_json", f"{error.msg}, column {error.colno}") from None
    except RecursionError:
        raise RejectedError("not_json", "nested too deeply") from None
    except ValueError as error:
        raise RejectedError("not_json", str(error)) from None
    return _object(value, escaped=b"\\u" in line)


def _object(value: Any, escaped: bool) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RejectedError("not_an_object", f"a JSON object is needed, here is {short(json.dumps(value)[:60])}")
    # Only an escape can bring half a surrogate pair.
    mended: dict[str, Any] = without_surrogates(value) if escaped else value
    return mended


def _read_values(path: str, stream: Utf8Stream, columns: Reading, max_bytes: int) -> Iterator[Record | Rejected]:
    number = 0
    try:
        for number, item in enumerate(json_values(stream, max_bytes), start=1):
            if isinstance(item, LongLine):
                yield too_large(item.size, max_bytes).at(path, number)
                continue
            value, raw = item
            try:
                row = _object(value, escaped="\\u" in raw)
                raw_hash = xxhash.xxh3_128_hexdigest(raw.encode())
                yield columns.record(row, path, number, raw_hash, stream.encoding)
            except RejectedError as error:
                yield error.at(path, number)
    except RejectedError as error:
        yield error.at(path, number + 1)
