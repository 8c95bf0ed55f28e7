"""Files as streams of chunks, decompressed where the name says so.

Every way that a stream can end before its end is noticed: what came before it is delivered, then a
`RejectedError` is raised.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import pyarrow as pa

from corpus.read.formats import Compression, compression
from corpus.read.records import RejectedError, Slice
from corpus.read.remote import RemoteFiles, Root

READ_BYTES = 1024 * 1024
"""Bytes asked for, and bytes decompressed, at a time."""
_COMPRESSED_READ_BYTES = 64 * 1024
# `xz -9` needs 65 MB; a file that asks for more than this is an attack or a mistake.
_XZ_MEMORY_BYTES = 512 * 1024 * 1024


def open_chunks(slice_: Slice, root: Root) -> Iterator[bytes]:
    """The bytes of a slice, decompressed, in non-empty chunks of about `READ_BYTES`.

    Raises:
        RejectedError: `unreadable`, `truncated` or `corrupt`, behind the last chunk that could be read.
    """
    kind = compression(slice_.path)
    if kind is None:
        yield from _plain(slice_, root, READ_BYTES)
    elif slice_.end == 0:
        return
    elif kind == "zst":
        yield from _zstd(slice_, root)
    else:
        yield from _decompressed(slice_, root, kind)


def peek(chunks: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """The first `size` bytes or more of a stream, fewer if it ends, and the stream with them still in it."""
    head = bytearray()
    failure: RejectedError | None = None
    try:
        while len(head) < size and (chunk := next(chunks, b"")):
            head += chunk
    except RejectedError as error:
        failure = error
    start = bytes(head)
    return start, _again(start, chunks, failure)


def _again(start: bytes, rest: Iterator[bytes], failure: RejectedError | None) -> Iterator[bytes]:
    if start:
        yield start
    if failure is not None:
        raise failure
    yield from rest


def unreadable(error: OSError) -> RejectedError:
    """The rejection of a file that the system doesn't let us read."""
    return RejectedError("unreadable", error.strerror or str(error))


def _plain(slice_: Slice, root: Root, read_bytes: int) -> Iterator[bytes]:
    if isinstance(root, RemoteFiles):
        yield from root.whole(slice_)
        return
    start, end = slice_.start, slice_.end
    try:
        with (root / slice_.path).open("rb", buffering=0) as stream:
            stream.seek(start)
            while start < end:
                chunk = stream.read(min(read_bytes, end - start))
                if not chunk:
                    raise RejectedError("truncated", f"the file ends at byte {start}; it was longer before")
                start += len(chunk)
                yield chunk
    except OSError as error:
        raise unreadable(error) from None


class _Decoder(Protocol):
    """What the decompressors of zlib, lzma and bz2 share."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _GzipDecoder:
    """One gzip member, with the interface of `lzma.LZMADecompressor`."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


_DECODERS: dict[Compression, Callable[[], _Decoder]] = {
    "gz": _GzipDecoder,
    "xz": lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY_BYTES),
    "bz2": bz2.BZ2Decompressor,
}


def _decompressed(slice_: Slice, root: Root, kind: Compression) -> Iterator[bytes]:
    """All streams that stand one behind the other in a gz, xz or bz2 file."""
    produced = 0
    decoder: _Decoder | None = None
    first = True
    for block in _plain(slice_, root, _COMPRESSED_READ_BYTES):
        data = block
        while data or (decoder is not None and not decoder.eof):
            if decoder is None:
                # Zeros may stand between and behind streams.
                data = data if first else data.lstrip(b"\0")
                if not data:
                    break
                decoder, first = _DECODERS[kind](), False
            try:
                chunk = decoder.decompress(data, READ_BYTES)
            except (zlib.error, lzma.LZMAError, OSError, ValueError) as error:
                raise _damaged(kind, produced, str(error)) from None
            if chunk:
                produced += len(chunk)
                yield chunk
            data = b""
            if decoder.eof:
                data, decoder = decoder.unused_data, None
            elif len(chunk) < READ_BYTES:
                break
    if decoder is not None:
        raise _cut_off(kind, produced)


def _zstd(slice_: Slice, root: Root) -> Iterator[bytes]:
    """All frames of a zst file.

    Arrow gives the bytes of a read only when all of it went well, so behind a failure the file is read a
    second time up to the last good read, and from there byte by byte.
    """
    produced = 0
    try:
        with _open_zstd(slice_, root) as stream:
            while chunk := stream.read(READ_BYTES):
                yield chunk
                produced += len(chunk)
            return
    except OSError as error:
        if error.errno is not None:  # the system's complaint, not the decompressor's
            raise unreadable(error) from None
        failure = str(error)
    rest = _bytes_before_failure(slice_, root, produced)
    if rest:
        yield rest
    produced += len(rest)
    if "truncated" in failure.lower():
        raise _cut_off("zst", produced)
    raise _damaged("zst", produced, failure)


def _open_zstd(slice_: Slice, root: Root) -> pa.CompressedInputStream:
    if isinstance(root, RemoteFiles):
        return pa.CompressedInputStream(pa.PythonFile(root.stream(slice_), "r"), "zstd")
    return pa.CompressedInputStream(pa.OSFile(str(root / slice_.path), "rb"), "zstd")


def _bytes_before_failure(slice_: Slice, root: Root, skip: int) -> bytes:
    rest = bytearray()
    try:
        with _open_zstd(slice_, root) as stream:
            while skip > 0:
                skip -= len(stream.read(min(skip, READ_BYTES)))
            while byte := stream.read(1):
                rest += byte
    except OSError:
        return bytes(rest)
    return bytes(rest)


def _damaged(kind: Compression, produced: int, problem: str) -> RejectedError:
    return RejectedError("corrupt", f"bad {kind} data behind {produced} bytes of content: {problem}")


def _cut_off(kind: Compression, produced: int) -> RejectedError:
    return RejectedError("truncated", f"the {kind} stream is cut off behind {produced} bytes of content")
