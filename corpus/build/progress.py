"""What a build tells whoever watches it."""

from __future__ import annotations

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

    def stage(self, report: StageReport) -> None:
        """A stage begins."""

    def done(self, result: Result, weight: int) -> None:
        """A task of the stage has finished."""

    def close(self) -> None:
        """The work has ended, well or not."""
