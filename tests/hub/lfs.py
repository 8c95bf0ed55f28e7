"""Large files by the SHA-256 of their content, and the pointers to them that stand in git.

https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MAX_POINTER_BYTES = 200
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:(?P<oid>[0-9a-f]{64})\nsize (?P<size>\d+)\n"
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What git holds in place of a large file."""

    oid: str
    """SHA-256 of the content, 64 hex digits."""
    size: int

    @classmethod
    def read(cls, blob: bytes) -> Pointer | None:
        """The pointer that a blob is, if it is one."""
        found = _POINTER.fullmatch(blob)
        return cls(found["oid"].decode(), int(found["size"])) if found else None

    def to_bytes(self) -> bytes:
        return f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.oid}\nsize {self.size}\n".encode()


class LfsStore:
    """The large files of one repo, and beside them those that came in and are not verified yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "objects"
        self._incoming = folder / "incoming"
        self._folder.mkdir(parents=True)
        self._incoming.mkdir()

    def put(self, content: bytes) -> Pointer:
        """Keep a file that is at hand."""
        pointer = Pointer(hashlib.sha256(content).hexdigest(), len(content))
        _write(self.path(pointer.oid), content)
        return pointer

    def receive(self, oid: str, contents: Iterable[bytes]) -> None:
        """Keep what is said to be a file, in parts, until it is verified."""
        _write(self._incoming / oid, b"".join(contents))

    def accept(self, pointer: Pointer) -> bool:
        """Take what came in for a file if it is that file, by size and SHA-256; else forget it."""
        incoming = self._incoming / pointer.oid
        if not incoming.exists():
            return self.holds(pointer)
        content = incoming.read_bytes()
        if pointer == Pointer(hashlib.sha256(content).hexdigest(), len(content)):
            incoming.replace(self.path(pointer.oid))
            return True
        incoming.unlink()
        return False

    def holds(self, pointer: Pointer) -> bool:
        path = self.path(pointer.oid)
        return path.exists() and path.stat().st_size == pointer.size

    def path(self, oid: str) -> Path:
        return self._folder / oid

    def sizes(self) -> dict[str, int]:
        """Bytes of each file that is held, by its SHA-256."""
        return {path.name: path.stat().st_size for path in sorted(self._folder.iterdir()) if len(path.name) == 64}

    def delete(self, oids: Iterable[str]) -> None:
        for oid in oids:
            self.path(oid).unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="new.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)
