"""Large files by the SHA-256 of their content, and the pointers to them that stand in git.

https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
"""

from __future__ import annotations

import hashlib
import re
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
    """A folder of large files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> Pointer:
        pointer = Pointer(hashlib.sha256(content).hexdigest(), len(content))
        self.path(pointer.oid).write_bytes(content)
        return pointer

    def path(self, oid: str) -> Path:
        return self._folder / oid
