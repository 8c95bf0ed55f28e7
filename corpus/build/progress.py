"""What a build tells whoever watches it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from corpus.build.task import Result


@dataclass(frozen=True, slots=True)
class StageReport:
    """How much of a stage is there already and how much has to run."""

    stage: str
    tasks: int
    cached: int
    weight: int
    """Bytes that the tasks which have to run will read."""
    complete: bool = True
    """False where earlier stages have to run before all tasks of this one are known."""

    @property
    def to_run(self) -> int:
        """Tasks that are not in the cache."""
        return self.tasks - self.cached


class Progress:
    """A watcher that says nothing; the command line has one that does."""

    def hashing(self, files: int, size: int) -> None:
        """So many input files of so many bytes are new or changed and are being hashed."""

    def found(self, source: str, place: str, files: int, size: int) -> None:
        """A source on the Hub holds so many files of so many bytes."""

    def stage(self, report: StageReport) -> None:
        """A stage begins."""

    def done(self, result: Result, weight: int) -> None:
        """A task of the stage has finished."""

    def close(self) -> None:
        """The work has ended, well or not."""


class Stopwatch(Progress):
    """Takes the time of the work and passes on what it is told."""

    def __init__(self, watcher: Progress) -> None:
        self.seconds: list[float] = []
        """Of each stage, from its beginning to the end of its last task."""
        self._watcher = watcher
        self._began = self._stage_began = time.monotonic()

    @property
    def total(self) -> float:
        """Seconds since the beginning, with all that happens outside of stages."""
        return time.monotonic() - self._began

    def hashing(self, files: int, size: int) -> None:
        """Pass it on."""
        self._watcher.hashing(files, size)

    def found(self, source: str, place: str, files: int, size: int) -> None:
        """Pass it on."""
        self._watcher.found(source, place, files, size)

    def stage(self, report: StageReport) -> None:
        """Begin to take the time of a stage."""
        self._watcher.stage(report)
        self._stage_began = time.monotonic()
        self.seconds.append(0.0)

    def done(self, result: Result, weight: int) -> None:
        """Take the time of the stage so far."""
        self._watcher.done(result, weight)
        self.seconds[-1] = time.monotonic() - self._stage_began

    def close(self) -> None:
        """Pass it on."""
        self._watcher.close()
