"""A task: one stage on one part or bucket, named by a key made of everything its result depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import xxhash

from corpus.errors import DamagedFileError
from corpus.read import Remote

Json = Any
"""Values that `json.dumps` writes: what parameters and counts consist of."""


@dataclass(frozen=True, slots=True)
class Data:
    """A file that a task made."""

    path: str
    """Relative to the cache, posix."""
    digest: str
    """XXH3-128 of its bytes, 32 hex digits."""
    bytes: int
    """Size on disk."""
    content_bytes: int
    """Size of its columns before compression."""
    rows: int


@dataclass(frozen=True)
class Task:
    """One stage on one part or bucket.

    Attributes:
        stage: Name of the stage in `corpus.build.stages.STAGES`.
        version: The stage's version; see `Stage.version`.
        params: The parameters that the stage reads.
        inputs: Files of earlier tasks, by the role they play.
        label: For people: what the task works on. Not part of the key.
        weight: Bytes that the task reads, for progress and placement. Not part of the key.
    """

    stage: str
    version: str
    params: Mapping[str, Json]
    inputs: Mapping[str, tuple[Data, ...]] = field(default_factory=dict)
    label: str = ""
    weight: int = 0

    @cached_property
    def key(self) -> str:
        """SHA-256 of stage, version, parameters and the digests of the inputs."""
        return digest_of(
            {
                "stage": self.stage,
                "version": self.version,
                "params": self.params,
                "inputs": {role: [data.digest for data in files] for role, files in self.inputs.items()},
            }
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What a finished task left in the cache."""

    stage: str
    key: str
    files: tuple[Data, ...]
    counts: Mapping[str, Json]

    def named(self, name: str) -> Data:
        """The file of that name.

        Raises:
            KeyError: the task made no such file.
        """
        for data in self.files:
            if data.path.rpartition("/")[2] == name:
                return data
        raise KeyError(name)

    def to_json(self) -> str:
        """The result as a JSON document that `from_json` reads."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Result:
        """Read what `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError: it is something else.
        """
        raw = json.loads(text)
        files = tuple(Data(**data) for data in raw["files"])
        return cls(stage=raw["stage"], key=raw["key"], files=files, counts=raw["counts"])


@dataclass(frozen=True, slots=True)
class Context:
    """What a task needs to run and what must not change its result."""

    cache: Path
    root: Path
    """Folder that paths of raw files are relative to."""
    parent: Path | None = None
    """Folder of the release that comes before this one."""
    remotes: Mapping[str, Remote] = field(default_factory=dict)
    """Where the raw files of a source are, by its name, if they are not below the root."""

    def paths(self, task: Task, role: str) -> list[Path]:
        """Where the inputs of a task that play a role are; see `path`."""
        return [self.path(data) for data in task.inputs[role]]

    def path(self, data: Data) -> Path:
        """Where a file of the cache is. Everything that reads one comes by here.

        Raises:
            DamagedFileError: its bytes are not those that were written, so no result may rest on it.
        """
        path = self.cache / data.path
        status = path.stat()
        if xxh3_of(path, status.st_ino, status.st_mtime_ns) != data.digest:
            raise DamagedFileError(f"{path}: damaged in the cache", path)
        return path


@lru_cache(maxsize=100_000)
def xxh3_of(path: Path, inode: int, mtime_ns: int) -> str:  # noqa: ARG001 - they tell one state of a file from another
    """XXH3-128 of a file's bytes, 32 hex digits; read once in a process, though many tasks use the file."""
    digest = xxhash.xxh3_128()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def digest_of(value: Json) -> str:
    """SHA-256 of the canonical JSON of a value, 64 hex digits."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
