"""Files that are somewhere else: streamed or read in pieces, never copied, and compared with what is known of them."""

from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, TypeAlias

from corpus.errors import BuildError
from corpus.read.records import GIT_BLOB, SHA256, Slice

_WINDOW_BYTES = 4 << 20
"""Asked for at once at least: each request costs as much time as a few hundred kilobytes."""
_WINDOWS = 8
"""Kept at once: one for each column that is read, as Parquet has them one behind the other."""


class Remote(Protocol):
    """A place that gives stretches of files. What goes wrong on the way is a `CorpusError`, and never bad input."""

    def chunks(self, path: str, start: int, end: int, size: int) -> Iterator[bytes]:
        """The bytes of a file from `start` to `end`, in chunks.

        Args:
            path: Of the file.
            start: Offset of the first byte.
            end: Offset behind the last one.
            size: Bytes that the file is known to have.

        Raises:
            CorpusError: they cannot be had, or the file has another size.
        """
        ...


class RemoteFiles:
    """The files of a place, as a part of a source needs them."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self.sha256: dict[str, str] = {}
        """Of the files that were read to their end, by path."""

    def whole(self, slice_: Slice) -> Iterator[bytes]:
        """The bytes of a file from its start to its end.

        Raises:
            BuildError: they are not those that are known of it, which is found out behind the last one.
            CorpusError: they cannot be had.
        """
        sha256, blob = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % slice_.end, usedforsecurity=False)
        for chunk in self._remote.chunks(slice_.path, 0, slice_.end, slice_.end):
            sha256.update(chunk)
            if slice_.digest.startswith(GIT_BLOB):
                blob.update(chunk)
            yield chunk
        found = {SHA256 + sha256.hexdigest(), GIT_BLOB + blob.hexdigest()}
        if slice_.digest not in found:
            raise BuildError(
                f"{slice_.path}: the bytes that came are not those of the file that was listed; build again"
            )
        self.sha256[slice_.path] = sha256.hexdigest()

    def stream(self, slice_: Slice) -> io.RawIOBase:
        """The same as a file that can only be read on."""
        return _Stream(self.whole(slice_))

    def pieces(self, slice_: Slice) -> io.RawIOBase:
        """A file that can be read at any place, of which no more comes than is asked for, but for a few megabytes."""
        return _Pieces(self._remote, slice_.path, slice_.end)

    def prove(self, slice_: Slice) -> None:
        """Read a file for nothing but its digest, unless it was read to its end before.

        Raises:
            BuildError: it is not the one that is known.
            CorpusError: it cannot be had.
        """
        if slice_.path not in self.sha256:
            for _ in self.whole(slice_):
                pass


Root: TypeAlias = Path | RemoteFiles
"""Where the paths of slices lead to files: a folder, or a place that is somewhere else."""


class _Stream(io.RawIOBase):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            return bytes(self._left) + b"".join(self._chunks)
        if not self._left:
            self._left = memoryview(next(self._chunks, b""))
        piece, self._left = bytes(self._left[:size]), self._left[size:]
        return piece


class _Pieces(io.RawIOBase):
    """Keeps the windows that were read last, as readers go back and forth between the columns of a file."""

    def __init__(self, remote: Remote, path: str, size: int) -> None:
        self._remote, self._path, self._size = remote, path, size
        self._at = 0
        self._windows: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._size if size < 0 else min(self._at + size, self._size)
        out: list[bytes] = []
        while self._at < end:
            start, window = self._window(end)
            piece = window[self._at - start : end - start]
            out.append(piece)
            self._at += len(piece)
        return out[0] if len(out) == 1 else b"".join(out)

    def _window(self, end: int) -> tuple[int, bytes]:
        """A window that holds the next byte, and where it starts; a new one goes to `end` at least."""
        for start, window in self._windows.items():
            if start <= self._at < start + len(window):
                self._windows.move_to_end(start)
                return start, window
        start = self._at
        stop = min(max(end, start + _WINDOW_BYTES), self._size)
        window = b"".join(self._remote.chunks(self._path, start, stop, self._size))
        if len(window) <= _WINDOW_BYTES:
            self._windows[start] = window
            if len(self._windows) > _WINDOWS:
                self._windows.popitem(last=False)
        return start, window
