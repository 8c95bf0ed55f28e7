"""Results of finished tasks on disk, found by their key. There is no other checkpoint.

.corpus/tasks/<stage>/<key>/      the files of one task and `result.json`; appears by one rename
.corpus/tmp/                      work in progress
.corpus/lock                      shared by builds, exclusive for whoever deletes
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from corpus._files import Lock, make_folder, move_folder
from corpus.build.task import Data, Json, Result, Task, xxh3_of
from corpus.errors import BuildError, DamagedFileError, UsageError

CACHE_NAME = ".corpus"


def cache_folder(root: Path) -> Path:
    """`$CORPUS_CACHE_DIR`, or `.corpus` beside the recipe."""
    configured = os.environ.get("CORPUS_CACHE_DIR")
    return Path(configured).expanduser() if configured else root / CACHE_NAME


@dataclass(frozen=True, slots=True)
class StageUsage:
    """How much one stage keeps in the cache."""

    stage: str
    tasks: int
    bytes: int


class Cache:
    """The task cache of one folder. Several builds may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> Lock:
        """Create the folder where needed, clear what crashed builds left, and hold it against deletion.

        Raises:
            UsageError: the folder cannot be written.
        """
        make_folder(self.folder, "the cache (another place: $CORPUS_CACHE_DIR)")
        lock = Lock(self.folder / "lock")
        if lock.exclusive(wait=False):
            shutil.rmtree(self.folder / "tmp", ignore_errors=True)
        lock.shared()
        (self.folder / "tmp").mkdir(exist_ok=True)
        return lock

    def find(self, task: Task) -> Result | None:
        """The result of a task if it is there and whole."""
        folder = self._folder(task)
        try:
            result = Result.from_json((folder / "result.json").read_text(encoding="utf-8"))
            whole = all((self.folder / data.path).stat().st_size == data.bytes for data in result.files)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not whole or result.key != task.key:
            return None
        os.utime(folder / "result.json")
        return result

    def make(self, task: Task, fill: Callable[[Path], Mapping[str, Json]]) -> Result:
        """Run `fill` on a new folder and keep what it wrote there as the result of `task`.

        Args:
            task: What is computed.
            fill: Writes Parquet files into the folder that it gets and answers with counts.
        """
        staging = self.folder / "tmp" / f"{task.stage}-{os.getpid()}-{secrets.token_hex(4)}"
        staging.mkdir(parents=True)
        try:
            counts = fill(staging)
            final = self._folder(task)
            relative = final.relative_to(self.folder).as_posix()
            files = tuple(_describe(path, relative) for path in sorted(staging.iterdir()))
            result = Result(stage=task.stage, key=task.key, files=files, counts=counts)
            (staging / "result.json").write_text(result.to_json(), encoding="utf-8")
            if final.exists() and self.find(task) is None:
                # Something damaged has our name: a file was cut short or deleted. Ours replaces it.
                final.rename(staging.with_suffix(".damaged"))
            move_folder(staging, final)
            return result
        finally:
            for left in (staging, staging.with_suffix(".damaged")):
                if left.exists():
                    shutil.rmtree(left, ignore_errors=True)

    def forget(self, damage: DamagedFileError) -> BuildError:
        """Take out the result that a damaged file belongs to; answer what to tell the user."""
        shutil.rmtree(damage.path.parent, ignore_errors=True)
        return BuildError(f"{damage}; it has been removed, so build again")

    def usage(self) -> list[StageUsage]:
        """Tasks and bytes on disk by stage, in the order of names."""
        out = []
        for stage in sorted(_folders(self.folder / "tasks")):
            tasks = list(_folders(stage))
            size = sum(_size(task) for task in tasks)
            out.append(StageUsage(stage.name, len(tasks), size))
        return out

    def clear(self, older_than_days: float = 0) -> StageUsage:
        """Delete results that no build has used for so many days.

        Raises:
            UsageError: a build is using the cache.
        """
        if not self.folder.is_dir():
            return StageUsage("all", 0, 0)
        lock = Lock(self.folder / "lock")
        try:
            if not lock.exclusive(wait=False):
                raise UsageError(f"{self.folder}: a build is using this cache; try again when it has ended")
            limit = time.time() - older_than_days * 86_400
            old = [
                task
                for stage in _folders(self.folder / "tasks")
                for task in _folders(stage)
                if _last_used(task) <= limit
            ]
            size = sum(_size(task) for task in old)
            for task in old:
                shutil.rmtree(task)
            if not older_than_days:
                (self.folder / "inputs.jsonl").unlink(missing_ok=True)
                shutil.rmtree(self.folder / "hub", ignore_errors=True)
            shutil.rmtree(self.folder / "tmp", ignore_errors=True)
            return StageUsage("all", len(old), size)
        finally:
            lock.close()

    def _folder(self, task: Task) -> Path:
        return self.folder / "tasks" / task.stage / task.key


def _describe(path: Path, folder: str) -> Data:
    metadata = pq.read_metadata(path)
    content = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
    status = path.stat()
    digest = xxh3_of(path, status.st_ino, status.st_mtime_ns)
    return Data(f"{folder}/{path.name}", digest, status.st_size, content, metadata.num_rows)


def _folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from (path for path in parent.iterdir() if path.is_dir())


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def _last_used(task: Path) -> float:
    try:
        return (task / "result.json").stat().st_mtime
    except OSError:
        return 0.0
