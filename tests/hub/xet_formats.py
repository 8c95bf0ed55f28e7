"""The two files of Xet storage: xorbs, which hold chunks of data, and shards, which say how files are made of them.

https://huggingface.co/docs/xet
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

ENTRY_BYTES = 48
FOOTER_BYTES = 200
_TAG = b"HFRepoMetaData\0" + bytes((85, 105, 103, 69, 106, 123, 129, 87, 131, 165, 189, 217, 92, 205, 209, 74, 169))
_HEADER_VERSION = 2
_END_OF_SECTION = b"\xff" * 32 + bytes(16)
_WITH_VERIFICATION = 1 << 31
_WITH_METADATA = 1 << 30
_XORB_FOOTER = b"XETBLOB"


class MalformedError(ValueError):
    """Bytes that are not what they are sent as."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Where a chunk lies in its xorb."""

    start: int
    """Of its header, in bytes of the xorb."""
    stop: int
    size: int
    """Bytes of data."""
    compression: int


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive chunks of one xorb."""

    xorb: str
    size: int
    """Bytes of data."""
    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class FileInfo:
    """How a file is put together."""

    hash: str
    segments: tuple[Segment, ...]
    sha256: str | None
    """What whoever sent it says that the SHA-256 is."""


@dataclass(frozen=True, slots=True)
class XorbInfo:
    """The chunks of a xorb, as whoever sent it lists them."""

    hash: str
    chunks: tuple[tuple[str, int], ...]
    """Hash and bytes of data."""
    block: bytes
    """The entries of the shard that say so."""


@dataclass(frozen=True, slots=True)
class Shard:
    files: tuple[FileInfo, ...]
    xorbs: tuple[XorbInfo, ...]


def hash_hex(raw: bytes) -> str:
    """A hash as addresses spell it: four little-endian numbers of 64 bits in hex."""
    return "".join(f"{number:016x}" for number in struct.unpack("<4Q", raw))


def chunks_of(xorb: bytes) -> list[Chunk]:
    """The chunks of a xorb, by their headers; a footer may follow them.

    Raises:
        MalformedError: It is cut, or of another format.
    """
    chunks: list[Chunk] = []
    start = 0
    while start < len(xorb) and not xorb.startswith(_XORB_FOOTER, start):
        header = xorb[start : start + 8]
        if len(header) < 8 or header[0] != 0:
            raise MalformedError(f"no chunk at byte {start} of the xorb")
        packed, size = int.from_bytes(header[1:4], "little"), int.from_bytes(header[5:8], "little")
        stop = start + 8 + packed
        if stop > len(xorb) or header[4] not in (0, 1, 2):
            raise MalformedError(f"a broken chunk at byte {start} of the xorb")
        chunks.append(Chunk(start, stop, size, header[4]))
        start = stop
    return chunks


def data_of(xorb: bytes, chunk: Chunk) -> bytes:
    """The data of one chunk.

    Raises:
        MalformedError: It does not unpack to what its header says.
    """
    data = xorb[chunk.start + 8 : chunk.stop]
    if chunk.compression:
        try:
            data = pa.decompress(data, decompressed_size=chunk.size, codec="lz4", asbytes=True)
        except (pa.ArrowException, OSError) as error:
            raise MalformedError(f"the chunk at byte {chunk.start} does not unpack: {error}") from error
    if len(data) != chunk.size:
        raise MalformedError(f"the chunk at byte {chunk.start} has {len(data)} bytes, not {chunk.size}")
    return _ungrouped(data) if chunk.compression == 2 else data


def read_shard(shard: bytes) -> Shard:
    """The files and xorbs of a shard; its footer is optional.

    Raises:
        MalformedError: It is cut, or of another version.
    """
    tag, version = shard[:32], int.from_bytes(shard[32:40], "little")
    if tag != _TAG or version != _HEADER_VERSION:
        raise MalformedError("not a shard of version 2")
    entries = _Entries(shard)
    files = []
    for head in entries.until_end():
        flags, number = struct.unpack_from("<2I", head, 32)
        segments = tuple(_segment(entries.next()) for _ in range(number))
        if flags & _WITH_VERIFICATION:
            entries.skip(number)
        sha256 = hash_hex(entries.next()[:32]) if flags & _WITH_METADATA else None
        files.append(FileInfo(hash_hex(head[:32]), segments, sha256))
    xorbs = []
    for head in entries.until_end():
        (number,) = struct.unpack_from("<I", head, 36)
        listed = [entries.next() for _ in range(number)]
        chunks = tuple((hash_hex(entry[:32]), struct.unpack_from("<I", entry, 36)[0]) for entry in listed)
        xorbs.append(XorbInfo(hash_hex(head[:32]), chunks, head + b"".join(listed)))
    return Shard(tuple(files), tuple(xorbs))


def shard_of(xorbs: list[XorbInfo], made: int, expires: int) -> bytes:
    """A shard without files, by which a client learns which chunks are there; times in seconds since 1970."""
    content = _TAG + struct.pack("<2Q", _HEADER_VERSION, FOOTER_BYTES) + _END_OF_SECTION
    xorbs_at = len(content)
    content += b"".join(xorb.block for xorb in xorbs) + _END_OF_SECTION
    # Three tables by which to find entries would stand before the footer; a client that has none reads all entries,
    # up to where the tables would begin.
    tables = (len(content), 0) * 3
    footer = struct.pack("<9Q32x2Q72xQ", 1, ENTRY_BYTES, xorbs_at, *tables, made, expires, len(content))
    return content + footer


class _Entries:
    """Reads entries one after the other."""

    def __init__(self, shard: bytes) -> None:
        self._shard = shard
        self._at = ENTRY_BYTES

    def next(self) -> bytes:
        entry = self._shard[self._at : self._at + ENTRY_BYTES]
        if len(entry) < ENTRY_BYTES:
            raise MalformedError("the shard is cut")
        self._at += ENTRY_BYTES
        return entry

    def skip(self, number: int) -> None:
        self._at += number * ENTRY_BYTES

    def until_end(self) -> Iterator[bytes]:
        """The first entry of each block of a section; whoever asks reads the rest of the block."""
        while (entry := self.next()) != _END_OF_SECTION:
            yield entry


def _segment(entry: bytes) -> Segment:
    size, first, stop = struct.unpack_from("<3I", entry, 36)
    return Segment(hash_hex(entry[:32]), size, first, stop)


def _ungrouped(data: bytes) -> bytes:
    """Undo the grouping of every fourth byte."""
    out = bytearray(len(data))
    start = 0
    for place in range(4):
        number = len(out[place::4])
        out[place::4] = data[start : start + number]
        start += number
    return bytes(out)
