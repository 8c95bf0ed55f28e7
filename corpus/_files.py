"""Files that appear whole or not at all. All writing of caches and releases goes through here."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UsageError


@contextlib.contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, and rename it to `path` when the block ends well.

    Raises:
        OSError: it cannot be written; the error names the path, as Python's own does not when a disk is full.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)


def move_folder(staging: Path, target: Path) -> bool:
    """Rename a finished folder to its final name.

    Returns:
        False where somebody else's folder already has that name; ours is then deleted.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        staging.rename(target)
    except OSError:
        if not target.exists():
            raise
        shutil.rmtree(staging)
        return False
    return True


def make_folder(path: Path, purpose: str) -> None:
    """Create a folder that a user named, and see that files can be written to it.

    Raises:
        UsageError: it cannot be created or written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / f".probe.{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"{path}: {purpose} cannot be written: {error.strerror}") from None


def check_folder(path: Path, purpose: str) -> None:
    """See early that a folder can be created or written, without creating it.

    Raises:
        UsageError: it cannot.
    """
    existing = next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        raise UsageError(f"{path}: {purpose} cannot be written: {existing} is not a folder that you may write to")


def sync(folder: Path) -> None:
    """Bring every file below a folder to the disk, so that a rename cannot survive a power cut before its content."""
    for path in (folder, *folder.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class Lock:
    """An advisory lock on a file: shared by builds, exclusive for those who delete. Dies with the process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def shared(self) -> None:
        """Wait for the lock and share it with others."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def exclusive(self, *, wait: bool = True) -> bool:
        """Take the lock alone; without `wait`, answer False where somebody else has it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Give the lock back."""
        os.close(self._file)
