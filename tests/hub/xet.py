"""Xet storage: chunks of data that files share, and what files are made of which.

A client cuts files into chunks, sends those that are not there yet, many to a xorb, and then a shard that says
how the files are put together. https://huggingface.co/docs/xet

Hashes of chunks, xorbs and files are taken as the client gives them. What a file holds is checked by its SHA-256
before a commit may name it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.hub.lfs import Pointer
from tests.hub.repos import Repo
from tests.hub.xet_formats import (
    Chunk,
    FileInfo,
    MalformedError,
    Segment,
    XorbInfo,
    chunks_of,
    data_of,
    read_shard,
    shard_of,
)

TOKEN_SECONDS = 15 * 60
DEDUPLICATION_SECONDS = 21 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Pass:
    """What the holder of a short-lived token may do."""

    token: str
    repo: Repo
    may_write: bool
    expires: int
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Term:
    """Chunks of a xorb that make the next part of a file."""

    xorb: str
    first: int
    stop: int
    size: int
    """Bytes of data."""
    start_byte: int
    """Of the chunks in the xorb."""
    stop_byte: int


@dataclass(slots=True)
class Traffic:
    """What went over the network."""

    xorbs: int = 0
    """That were sent."""
    sent_bytes: int = 0
    """Of xorbs."""
    queries: int = 0
    """Chunks that were asked for before they were sent."""
    found: int = 0
    """Chunks asked for that were there."""
    fetched_bytes: int = 0
    """Of xorbs that were read."""


class XetStore:
    """A folder of xorbs, and what is known of them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.traffic = Traffic()
        self.endpoint: str | None = None
        """Where clients are told that the storage is, if not where the server is."""
        self.passes: dict[str, Pass] = {}
        """What was handed out, by token."""
        self._folder = folder
        self._secret = secrets.token_bytes(32)
        self._grants: dict[str, int] = {}
        """Bytes that may be sent, by grant."""
        self._staged: dict[str, bytes] = {}
        """What was sent, by grant."""
        self._chunks: dict[str, list[Chunk]] = {}
        """By xorb."""
        self._homes: dict[str, XorbInfo] = {}
        """The xorb that a chunk is in, by the hash of the chunk."""
        self._files: dict[tuple[Path, str], FileInfo] = {}
        """What was sent for a repo, by the folder of the repo and the hash of the file."""
        self._delivered: dict[tuple[Path, str], str] = {}
        """Hashes of files that are in a repo, by its folder and their SHA-256."""
        self._lock = threading.Lock()

    # Who may do what.

    def issue(self, repo: Repo, *, may_write: bool) -> Pass:
        """A token for one repo."""
        given = Pass(f"xet_{secrets.token_hex(16)}", repo, may_write, int(time.time()) + TOKEN_SECONDS)
        self.passes[given.token] = given
        return given

    def allowed(self, token: str) -> Pass | None:
        """What a token allows; None if it was never issued or is too old."""
        given = self.passes.get(token)
        return given if given and given.expires > time.time() else None

    def signature(self, *parts: object) -> str:
        """What makes an address good for just what it was given out for."""
        return hmac.new(self._secret, repr(parts).encode(), hashlib.sha256).hexdigest()

    # What comes in.

    def has_xorb(self, name: str) -> bool:
        return name in self._chunks

    def grant(self, size: int) -> str:
        """Allow so many bytes to be sent once."""
        name = secrets.token_hex(16)
        self._grants[name] = size
        return name

    def stage(self, grant: str, content: bytes) -> bool:
        """Take in what a grant allows; answer whether it does."""
        if self._grants.pop(grant, None) != len(content):
            return False
        self._staged[grant] = content
        return True

    def staged(self, grant: str) -> bytes | None:
        """What came in under a grant, once."""
        return self._staged.pop(grant, None)

    def put_xorb(self, name: str, content: bytes) -> bool:
        """Keep a xorb; answer whether it is new.

        Raises:
            MalformedError: It is none, or a chunk of it does not unpack.
        """
        chunks = chunks_of(content)
        for chunk in chunks:
            data_of(content, chunk)
        with self._lock:
            self.traffic.xorbs += 1
            self.traffic.sent_bytes += len(content)
            if name in self._chunks:
                return False
            (self._folder / name).write_bytes(content)
            self._chunks[name] = chunks
            return True

    def put_shard(self, repo: Repo, content: bytes) -> None:
        """Learn about xorbs, and about files for a repo.

        Raises:
            MalformedError: It is no shard, or it names chunks that are not there.
        """
        shard = read_shard(content)
        for xorb in shard.xorbs:
            if [chunk.size for chunk in self._chunks.get(xorb.hash, ())] != [size for _, size in xorb.chunks]:
                raise MalformedError(f"xorb {xorb.hash} has other chunks")
        for file in shard.files:
            for segment in file.segments:
                there = self._of(segment)
                if len(there) != segment.stop - segment.first or segment.size != sum(chunk.size for chunk in there):
                    raise MalformedError(f"file {file.hash} has a segment that is not in xorb {segment.xorb}")
        with self._lock:
            self._homes |= {chunk: xorb for xorb in shard.xorbs for chunk, _ in xorb.chunks}
            self._files |= {(repo.folder, file.hash): file for file in shard.files}

    def chunk(self, name: str) -> bytes | None:
        """A shard about the xorb that a chunk is in, if the chunk is there."""
        with self._lock:
            home = self._homes.get(name)
            self.traffic.queries += 1
            self.traffic.found += home is not None
        now = int(time.time())
        return shard_of([home], now, now + DEDUPLICATION_SECONDS) if home else None

    def deliver(self, repo: Repo, pointer: Pointer) -> bool:
        """Put a file that was sent for a repo among the large files of the repo, if it is what it was said to be."""
        with self._lock:
            files = [file for (folder, _), file in self._files.items() if folder == repo.folder]
        for file in files:
            if file.sha256 == pointer.oid:
                repo.lfs.receive(pointer.oid, self._data(file))
                if repo.lfs.accept(pointer):
                    self._delivered[repo.folder, pointer.oid] = file.hash
                    return True
        return False

    # What goes out.

    def hash_of(self, repo: Repo, sha256: str) -> str | None:
        """The hash by which a large file of a repo may be fetched from here."""
        return self._delivered.get((repo.folder, sha256)) if repo.lfs.path(sha256).exists() else None

    def file(self, repo: Repo, name: str) -> FileInfo | None:
        """A file that is in a repo."""
        file = self._files.get((repo.folder, name))
        return file if file and file.sha256 and self.hash_of(repo, file.sha256) == name else None

    def terms(self, file: FileInfo, start: int, stop: int) -> tuple[int, list[Term]]:
        """The chunks that hold a range of a file, and how many bytes of the first come before it."""
        terms: list[Term] = []
        before = 0
        at = 0
        for segment in file.segments:
            inside: list[tuple[int, Chunk]] = []
            for number, chunk in enumerate(self._of(segment), segment.first):
                if at < stop and at + chunk.size > start:
                    if not terms and not inside:
                        before = max(start - at, 0)
                    inside.append((number, chunk))
                at += chunk.size
            if inside:
                (first, opening), (last, closing) = inside[0], inside[-1]
                size = sum(chunk.size for _, chunk in inside)
                terms.append(Term(segment.xorb, first, last + 1, size, opening.start, closing.stop))
        return before, terms

    def xorb(self, name: str, start: int, stop: int) -> bytes:
        """Bytes of a xorb."""
        content = (self._folder / name).read_bytes()[start:stop]
        with self._lock:
            self.traffic.fetched_bytes += len(content)
        return content

    def compressions(self) -> set[int]:
        """How chunks that are there are compressed."""
        return {chunk.compression for chunks in self._chunks.values() for chunk in chunks}

    def _of(self, segment: Segment) -> list[Chunk]:
        return self._chunks.get(segment.xorb, [])[segment.first : segment.stop]

    def _data(self, file: FileInfo) -> Iterator[bytes]:
        for segment in file.segments:
            xorb = (self._folder / segment.xorb).read_bytes()
            for chunk in self._of(segment):
                yield data_of(xorb, chunk)
