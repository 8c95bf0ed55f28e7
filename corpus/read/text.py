"""Plain text: a file is a record."""

from __future__ import annotations

from collections.abc import Iterator

import xxhash

from corpus.read._fields import Reading
from corpus.read._lines import too_large
from corpus.read._open import open_chunks
from corpus.read.encoding import decode
from corpus.read.formats import compression
from corpus.read.records import Record, Rejected, RejectedError, Slice
from corpus.read.remote import Root


def read_text(
    slice_: Slice, root: Root, columns: Reading, max_bytes: int, encoding: str | None
) -> Iterator[Record | Rejected]:
    """The one record of a text file, at position 1.

    A file that is cut off gives none, for it would be half a document.
    """
    try:
        data = _load(slice_, root, max_bytes)
        found = decode(data, encoding)
        raw_hash = xxhash.xxh3_128_hexdigest(data)
        yield columns.record({"text": found.text}, slice_.path, 1, raw_hash, found.encoding)
    except RejectedError as error:
        yield error.at(slice_.path, None)


def _load(slice_: Slice, root: Root, max_bytes: int) -> bytes:
    """The bytes of a file; those of a file that is too large are counted without being kept.

    Raises:
        RejectedError: too_large, empty_file, or what the stream raises.
    """
    if compression(slice_.path) is None and slice_.end > max_bytes:
        raise too_large(slice_.end, max_bytes)
    kept: list[bytes] = []
    size = 0
    for chunk in open_chunks(slice_, root):
        size += len(chunk)
        if size <= max_bytes:
            kept.append(chunk)
        else:
            kept.clear()
    if size > max_bytes:
        raise too_large(size, max_bytes)
    if size == 0:
        raise RejectedError("empty_file", "the file has no content")
    return b"".join(kept)
