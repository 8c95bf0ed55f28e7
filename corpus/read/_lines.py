"""Chunks of bytes cut into lines, none of which may take more memory than it is allowed to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.read.records import RejectedError


@dataclass(frozen=True, slots=True)
class LongLine:
    """A line that was left out because of its length."""

    size: int
    """Bytes without the line end."""


def bounded_lines(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes | LongLine]:
    """Lines without their line feed; a line of more than `max_bytes` bytes is counted, not kept.

    When the chunks end in an error, the unfinished line before it is given up.
    """
    begun: list[bytes] = []
    size = 0
    for chunk in chunks:
        head, newline, rest = chunk.partition(b"\n")
        size += len(head)
        if size <= max_bytes:
            begun.append(head)
        else:
            begun.clear()
        if not newline:
            continue
        yield b"".join(begun) if size <= max_bytes else LongLine(size)
        *lines, last = rest.split(b"\n")
        for line in lines:
            yield line if len(line) <= max_bytes else LongLine(len(line))
        size = len(last)
        begun = [last] if size <= max_bytes else []
    if size:
        yield b"".join(begun) if size <= max_bytes else LongLine(size)


def too_large(size: int, max_bytes: int) -> RejectedError:
    """The rejection of a record for its size."""
    return RejectedError("too_large", f"{size} bytes, more than the {max_bytes} that a document may have")
