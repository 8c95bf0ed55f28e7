"""Errors that a user can cause; each knows the exit code of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class CorpusError(Exception):
    """Base of all errors that Corpus Press raises on purpose.

    The message is one line for a person: what is wrong, where, and what to do next.
    """

    exit_code: int = 1


class UsageError(CorpusError):
    """The call itself is wrong: a missing file, an unknown option, a folder that cannot be written."""

    exit_code = 2


class RecipeError(UsageError):
    """The recipe is wrong. The message names the file, the line and the field."""


class BadInputError(CorpusError):
    """More of the input is unusable than `limits.max_bad_share` allows, or there is no input at all."""

    exit_code = 3

    def __init__(self, message: str, examples: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.examples = tuple(examples)
        """The first records that cannot be used, a line each."""


class BuildError(CorpusError):
    """The build could not finish, or its numbers do not add up."""


class InputChangedError(BuildError):
    """A raw file changed while it was being read."""


class DamagedFileError(BuildError):
    """A file of the cache is not what the task that made it wrote."""

    def __init__(self, message: str, path: Path) -> None:
        # Both go into `args`, so that the error survives its way out of a worker process.
        super().__init__(message, path)
        self.path = path

    def __str__(self) -> str:
        return str(self.args[0])


class ReleaseError(CorpusError):
    """A release is damaged, incomplete or contradicts its manifest."""
