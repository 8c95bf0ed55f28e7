"""What can go wrong between here and the Hub, in a line each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from huggingface_hub import constants, errors

from corpus.errors import CorpusError, ReleaseError, UsageError

UNREACHABLE = (
    errors.RevisionResolutionError,
    errors.LocalEntryNotFoundError,
    errors.OfflineModeIsEnabled,
    httpx2.TransportError,
)
"""The Hub does not answer, and what was asked for is not in the cache."""


@contextmanager
def plain_errors(where: str) -> Iterator[None]:
    """Turn the errors of `huggingface_hub` into ours.

    Args:
        where: The repo and version, as the user asked for them.

    Raises:
        UsageError: there is no such repo or version, or it may not be read.
        ReleaseError: the Hub cannot be reached or does not work.
    """
    try:
        yield
    except UNREACHABLE as error:
        # A file that the Hub refused to give is looked for in the cache, and then this is what it was not found for.
        if isinstance(error.__cause__, errors.HfHubHTTPError):
            raise _answered(where, error.__cause__) from None
        raise unreachable(where) from None
    except errors.HFValidationError:
        raise UsageError(f"{where}: no such folder, and no name that a repo on the Hub can have") from None
    except errors.HfHubHTTPError as error:
        raise _answered(where, error) from None
    except (errors.FileMetadataError, httpx2.HTTPError) as error:
        raise ReleaseError(f"{where}: {constants.ENDPOINT} does not answer as the Hub does: {_line(error)}") from None


def unreachable(where: str) -> CorpusError:
    """The Hub does not answer, and what was asked for is not here."""
    why = "HF_HUB_OFFLINE is set" if constants.HF_HUB_OFFLINE else f"{constants.ENDPOINT} cannot be reached"
    return ReleaseError(f"{where}: neither a folder, nor downloaded from the Hub before, and {why}")


def is_down(error: Exception) -> bool:
    """Whether the Hub cannot be asked now, so that what was downloaded before has to do."""
    return isinstance(error, UNREACHABLE) or (
        isinstance(error, errors.HfHubHTTPError) and error.response.status_code >= 500
    )


def _answered(where: str, error: errors.HfHubHTTPError) -> CorpusError:
    status = error.response.status_code
    if isinstance(error, errors.GatedRepoError):
        return UsageError(f"{where}: the Hub gives it to those only who asked for access there (`hf auth login`)")
    if isinstance(error, errors.RepositoryNotFoundError):
        return UsageError(
            f"{where}: no such folder, and no such dataset at {constants.ENDPOINT}; if it is private, "
            "log in with a token that may read it (`hf auth login`)"
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return UsageError(f"{where}: the repo has no such version")
    if isinstance(error, errors.RemoteEntryNotFoundError):
        return ReleaseError(f"{where}: a file is missing in the repo: {error.response.url.path}")
    if status in (401, 403):
        return UsageError(f"{where}: the Hub refuses access ({status}); log in with a token that may read it "
                          "(`hf auth login`)")  # fmt: skip
    return ReleaseError(f"{where}: {constants.ENDPOINT} answered {status}; try again later")


def _line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
