"""What can go wrong between here and the Hub, in a line each."""

from __future__ import annotations

import re
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

_STORAGE = (ConnectionError, RuntimeError)
"""What the client of Xet storage raises."""

LOG_IN = "log in with a token that may write (`hf auth login`, or HF_TOKEN)"
_AGAIN = "run the same command again: what was sent is kept"
_TOKEN = re.compile(r"hf_\w{8,}")
"""What must not stand in a message, even if the Hub sends it back."""


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
    except _STORAGE as error:
        if not _is_of_storage(error):
            raise
        raise ReleaseError(
            f"{where}: the Hub's storage does not give the files ({_line(error)}); try again later"
        ) from None
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


@contextmanager
def plain_sending_errors(where: str) -> Iterator[None]:
    """Turn the errors of `huggingface_hub` into ours, where something is sent.

    Args:
        where: The repo, as the user named it.

    Raises:
        UsageError: the Hub does not know who asks, or refuses it.
        ReleaseError: the Hub cannot be reached or does not work.
    """
    try:
        yield
    except CorpusError:
        raise
    except errors.LocalTokenNotFoundError:
        raise UsageError(f"{where}: not logged in at {constants.ENDPOINT}; {LOG_IN}") from None
    except errors.HFValidationError:
        raise UsageError(f"{where}: no name that a repo on the Hub can have, such as org/name") from None
    except Exception as error:
        cause = cause_of(error)
        if isinstance(cause, errors.OfflineModeIsEnabled):
            raise ReleaseError(f"{where}: HF_HUB_OFFLINE is set, so nothing can be sent") from None
        if isinstance(cause, errors.HfHubHTTPError):
            raise _refused(where, cause) from None
        if _is_of_storage(error):
            raise _not_stored(where, _line(error)) from None
        if isinstance(cause, httpx2.HTTPError):
            raise ReleaseError(
                f"{where}: {constants.ENDPOINT} cannot be reached ({_line(cause) or type(cause).__name__}); {_AGAIN}"
            ) from None
        if isinstance(error, RuntimeError | ValueError):
            # How the client says that a file could not be sent or is refused, or that an answer is none of the Hub.
            why = f": {error.__cause__}" if error.__cause__ else ""
            raise ReleaseError(f"{where}: {_in_a_line(f'{error}{why}')}") from error
        raise


def cause_of(error: BaseException) -> BaseException:
    """What the Hub or the connection raised, where the client has wrapped it into errors of its own."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, httpx2.HTTPError | errors.OfflineModeIsEnabled):
        found = found.__cause__
    return found or error


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


def _is_of_storage(error: BaseException) -> bool:
    """Whether the client of the Hub's Xet storage raised it: it has no errors of its own, only texts."""
    return isinstance(error, _STORAGE) and re.search("Request (middleware )?error|CAS", str(error)) is not None


def _not_stored(where: str, said: str) -> CorpusError:
    """Xet storage does not take files; its client has tried for minutes."""
    if "/xet-write-token/" in said and "(404 " in said:
        return ReleaseError(
            f"{where}: {constants.ENDPOINT} has no Xet storage; with HF_HUB_DISABLE_XET=1 it gets whole files instead"
        )
    if "/xet-write-token/" in said and "(40" in said:
        return UsageError(f"{where}: the Hub refuses to write there ({said}); the token needs the right to")
    return ReleaseError(f"{where}: the Hub's storage does not take the files ({said}); {_AGAIN}")


def _refused(where: str, error: errors.HfHubHTTPError) -> CorpusError:
    """What the Hub says no to, where something is sent."""
    status, said = error.response.status_code, _said(error)
    if isinstance(error, errors.RepositoryNotFoundError):
        return UsageError(f"{where}: no such dataset at {constants.ENDPOINT}, or the token may not see it; {LOG_IN}")
    if status == 401:
        return UsageError(f"{where}: {constants.ENDPOINT} does not know the token; {LOG_IN}")
    if status == 403:
        return UsageError(f"{where}: the Hub refuses to write there (403{said}); the token needs the right to")
    if status == 402:
        return UsageError(f"{where}: the Hub refuses it until it is paid for (402{said})")
    if status == 413:
        return UsageError(f"{where}: the Hub takes no files or requests of this size (413{said})")
    if status < 500 and status != 429:
        return ReleaseError(f"{where}: the Hub refuses what was sent ({status}{said})")
    return ReleaseError(f"{where}: {constants.ENDPOINT} answered {status} again and again{said}; {_AGAIN}")


def _said(error: errors.HfHubHTTPError) -> str:
    """What the Hub says of it, in a line behind a colon."""
    said = error.server_message or error.response.headers.get("X-Error-Message") or ""
    return f": {_in_a_line(said)}" if said else ""


def _in_a_line(said: str) -> str:
    return " ".join(_TOKEN.sub("hf_***", said).split())[:300]


def _line(error: BaseException) -> str:
    """The first line of what is said, without tokens and without what is signed in addresses of storage."""
    first = str(error).strip().split("\n")[0]
    return re.sub(r"\?[^\s)]+", "", _TOKEN.sub("hf_***", first))
