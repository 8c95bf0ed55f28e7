"""JSON values that do not stand one to a line: the elements of an array, or objects printed over many lines.

They are read one by one, so a file may be of any size. There is no telling where the next value starts behind
a broken or an oversized one, so such a file ends there.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from corpus.read._lines import LongLine
from corpus.read.encoding import Utf8Stream
from corpus.read.formats import ending
from corpus.read.records import RejectedError

_BETWEEN = re.compile(r"[\s,]*")


def is_line_delimited(path: str, start_of_file: bytes) -> bool:
    """Whether a file holds one JSON value to a line.

    Only a name that ends in `.json` leaves the question open. Such a file may hold an array, or an object
    whose first line is no whole value.

    Args:
        path: of the file.
        start_of_file: its first `SAMPLE_BYTES`, as UTF-8.
    """
    if ending(path) != ".json":
        return True
    start = start_of_file.removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"["):
        return False
    first, newline, _ = start.partition(b"\n")
    if not newline:
        return True
    try:
        json.loads(line := first.decode().rstrip())
    except json.JSONDecodeError as error:
        # Complete but for its end, or wrong before?
        return error.pos < len(line) - 1
    except (ValueError, RecursionError):
        return True
    return True


def json_values(stream: Utf8Stream, max_bytes: int) -> Iterator[tuple[Any, str] | LongLine]:
    """Each value with the text that it was read from, or its size where that is more than `max_bytes`.

    Raises:
        RejectedError: not_json, undecodable, too_large, or what the stream raises; nothing follows.
    """
    source = _Text(stream)
    in_array = source.take_opening()
    decoder = json.JSONDecoder()
    while not source.at_end(in_array):
        wanted = 0
        while True:
            source.fill(wanted)
            try:
                value, end = decoder.raw_decode(source.text, source.position)
                # A number may go on in the next chunk.
                complete = source.ended or end < len(source.text)
            except RecursionError:
                raise RejectedError("not_json", "nested too deeply") from None
            except ValueError as error:
                if source.ended:
                    message = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                    raise RejectedError("not_json", f"{message}; the rest of the file is left out") from None
                complete = False
            if complete:
                break
            pending = len(source.text) - source.position
            if pending > max_bytes:
                raise RejectedError(
                    "too_large",
                    f"no whole JSON value in {pending} bytes; the rest of the file is left out",
                )
            # Doubling keeps the repeated attempts linear in all.
            wanted = 2 * pending
        raw = source.text[source.position : end]
        source.position = end
        size = len(raw.encode(errors="surrogatepass"))
        yield (value, raw) if size <= max_bytes else LongLine(size)


class _Text:
    """A window on decoded chunks."""

    def __init__(self, stream: Utf8Stream) -> None:
        self._stream = stream
        self._chunks = iter(stream)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._offset = 0
        self.text = ""
        self.position = 0
        self.ended = False

    def fill(self, wanted: int) -> None:
        """Read until `wanted` characters stand behind the position, or the input ends."""
        size = len(self.text) - self.position
        if size > wanted:
            return
        pieces = [self.text[self.position :]]
        while size <= wanted and not self.ended:
            chunk = next(self._chunks, b"")
            self.ended = not chunk
            try:
                pieces.append(self._decoder.decode(chunk, final=self.ended))
            except UnicodeDecodeError as error:
                start = self._offset + len(chunk) - len(error.object)
                problem = self._stream.undecodable(start, error.object, error)
                raise RejectedError(problem.reason, f"{problem.detail}; the rest is left out") from None
            self._offset += len(chunk)
            size += len(pieces[-1])
        self.text = "".join(pieces)
        self.position = 0

    def take_opening(self) -> bool:
        """Step over the bracket that opens an array; whether there was one."""
        self._skip_between()
        opened = self.text.startswith("[", self.position)
        self.position += opened
        return opened

    def at_end(self, in_array: bool) -> bool:
        """Step over what separates values; whether none follows.

        Raises:
            RejectedError: the array is not closed, or something follows it.
        """
        self._skip_between()
        rest = self.text[self.position : self.position + 2]
        if in_array and not rest:
            raise RejectedError("not_json", "the array is not closed")
        if in_array and rest.startswith("]"):
            self.position += 1
            self._skip_between()
            if self.position < len(self.text):
                raise RejectedError("not_json", "something follows the array; it is left out")
            return True
        return not rest

    def _skip_between(self) -> None:
        while True:
            match = _BETWEEN.match(self.text, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.text) or self.ended:
                return
            self.fill(0)
