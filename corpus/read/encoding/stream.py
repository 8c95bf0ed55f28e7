"""A file of many records as UTF-8, whatever encoding it is in, with the way back to its own offsets."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from corpus.read._open import peek
from corpus.read.encoding.decode import SAMPLE_BYTES, detect_start, undecodable
from corpus.read.encoding.names import incremental_decoder
from corpus.read.records import RejectedError

_BAD = "\udcff"
"""Stands for bytes that don't fit; `surrogateescape` writes it as 0xff, which no UTF-8 has."""
_BAD_BYTE = b"\xff"
MAX_BAD_PLACES = 1000
"""A file with more of them is not in the encoding that it was taken for."""


class Utf8Stream:
    """Chunks of UTF-8 without a byte order mark.

    Bytes of a legacy encoding that don't fit come out as a byte 0xff, so that the record that they stand in
    is not UTF-8 and can be rejected alone.

    Attributes:
        encoding: canonical name of the encoding that the file is in.
        head: the first `SAMPLE_BYTES` or more, as UTF-8.
    """

    def __init__(self, chunks: Iterator[bytes], start: int = 0, declared: str | None = None) -> None:
        """Look at the start of the chunks.

        Args:
            chunks: non-empty chunks of the file.
            start: offset of the first of them in the file. Only a file in UTF-8, or in an encoding that is
                declared, is read from anywhere but its start.
            declared: canonical name of an encoding.

        Raises:
            RejectedError: binary, or undecodable.
        """
        self.head = b""
        self._start = start
        self._places: dict[int, tuple[int, int]] = {}
        self._written = 0
        mark = 0
        if start:
            self.encoding = declared or "utf-8"
        else:
            sample, chunks = peek(chunks, SAMPLE_BYTES)
            self.encoding, mark = detect_start(sample[:SAMPLE_BYTES], len(sample) < SAMPLE_BYTES, declared)
        self._start += mark
        chunks = _without_mark(chunks, mark)
        self._chunks = chunks if self.encoding == "utf-8" else self._transcoded(chunks)
        if not start:
            self.head, self._chunks = peek(self._chunks, SAMPLE_BYTES)

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def undecodable(self, start: int, data: bytes, error: UnicodeDecodeError) -> RejectedError:
        """The rejection of a piece of the stream that is not UTF-8, with the offset in the file.

        Args:
            start: offset of the piece in the stream.
            data: the piece.
            error: what decoding it raised.
        """
        offset = start + error.start
        place, byte = self._places.get(offset, (self._start + offset, data[error.start]))
        return undecodable(self.encoding, place, byte)

    def _transcoded(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        decoder = incremental_decoder(self.encoding)
        taken = self._start
        while True:
            chunk = next(chunks, b"")
            final = not chunk
            bad: list[tuple[int, int]] = []
            pieces: list[str] = []
            rest = chunk
            while True:
                state = decoder.getstate()
                try:
                    pieces.append(decoder.decode(rest, final))
                    break
                except UnicodeDecodeError as error:
                    # The decoder may have held back bytes of the chunk before.
                    held = len(error.object) - len(rest)
                    base = taken + len(chunk) - len(error.object)
                    place, byte = base + error.start, error.object[error.start]
                    bad.append((place, byte))
                    if len(bad) + len(self._places) > MAX_BAD_PLACES:
                        more = f"and at {MAX_BAD_PLACES} places before; the rest is left out"
                        raise undecodable(self.encoding, place, byte, more) from None
                    if error.start > held:
                        decoder.setstate(state)
                        pieces.append(decoder.decode(rest[: error.start - held]))
                    decoder.reset()
                    pieces.append(_BAD)
                    rest = rest[max(0, error.end - held) :]
            text = "".join(pieces).encode("utf-8", "surrogateescape")
            if not self._written:
                # Some encodings write the mark in bytes of their own, such as GB18030.
                text = text.removeprefix(codecs.BOM_UTF8)
            if bad:
                self._remember(text, bad)
            self._written += len(text)
            taken += len(chunk)
            if text:
                yield text
            if final:
                return

    def _remember(self, text: bytes, bad: list[tuple[int, int]]) -> None:
        at = -1
        for place in bad:
            at = text.index(_BAD_BYTE, at + 1)
            self._places[self._written + at] = place


def _without_mark(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    if size and (first := next(chunks, b"")[size:]):
        yield first
    yield from chunks
