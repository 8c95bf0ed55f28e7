"""Stretches of files of a dataset repo at a commit, over as many connections as it takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import httpx2
from huggingface_hub import constants, errors, get_session, hf_hub_url, hf_raise_for_status
from huggingface_hub.utils._headers import build_hf_headers

from corpus.errors import CorpusError, ReleaseError
from corpus.hub.plain import cause_of, is_down, plain_errors
from corpus.hub.retrying import ATTEMPTS, is_passing, persisting, wait_before_next

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class HubFiles:
    """A repo at a commit, as a place that sources are read from; the token is that of the environment or the login."""

    repo: str
    commit: str

    def __str__(self) -> str:
        return f"{self.repo}@{self.commit[:7]}"

    def chunks(self, path: str, start: int, end: int, size: int) -> Iterator[bytes]:
        """The bytes of a file from `start` to `end`; a connection that is lost is made again where it was.

        Args:
            path: Of the file in the repo.
            start: Offset of the first byte.
            end: Offset behind the last one.
            size: Bytes that the file is known to have.

        Raises:
            UsageError: the repo may not be read, or is gone.
            ReleaseError: the Hub does not answer, also after `ATTEMPTS` calls of which none gave a byte; or the file
                is another one than was listed.
        """
        where = f"{self.repo}: {path}"
        url = hf_hub_url(self.repo, path, repo_type="dataset", revision=self.commit)
        attempt = 0
        while start < end:
            try:
                for chunk in _stretch(where, url, start, end, size):
                    start += len(chunk)
                    attempt = 0
                    yield chunk
                if start < end:
                    raise httpx2.RemoteProtocolError("the answer ended before its end")
            except Exception as error:
                attempt += 1
                if attempt == ATTEMPTS or not is_passing(error):
                    raise _in_plain_words(where, error) from None
                wait_before_next(where, error, attempt)


def asked(where: str, call: Callable[[], _T], raised: tuple[type[Exception], ...] = ()) -> _T:
    """What a call of the Hub answers that reads something; it is made again while what stops it may pass.

    Args:
        where: What is asked for, as the user named it.
        call: Makes the call.
        raised: Errors of the client that come out as they are.

    Raises:
        CorpusError: there is no such thing, it may not be read, or the Hub does not answer.
    """
    try:
        return persisting(where, call)
    except Exception as error:
        if isinstance(error, raised) and not isinstance(error, errors.GatedRepoError):
            raise
        raise _in_plain_words(where, error) from None


def _stretch(where: str, url: str, start: int, end: int, size: int) -> Iterator[bytes]:
    """What one connection gives of it."""
    headers = {**build_hf_headers(), "Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity"}
    with get_session().stream("GET", url, headers=headers, timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT) as response:
        hf_raise_for_status(response)
        answered = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if response.status_code == 206 and answered:
            right = tuple(map(int, answered.groups())) == (start, end - 1, size)
        else:
            # A small file may come whole, though a stretch was asked for.
            right = (start, end) == (0, size) and response.headers.get("Content-Length") == str(size)
        if not right:
            raise ReleaseError(f"{where}: what came is not the file of {size:,} bytes in the list; build again")
        # As they come: what waited for a chunk to be full would be lost with the connection.
        yield from response.iter_raw()


def _in_plain_words(where: str, error: Exception) -> CorpusError:
    if isinstance(error, CorpusError):
        return error
    cause = cause_of(error)
    if isinstance(cause, errors.OfflineModeIsEnabled):
        return ReleaseError(f"{where}: HF_HUB_OFFLINE is set, and this was not read before")
    if isinstance(cause, Exception) and is_down(cause):
        status = cause.response.status_code if isinstance(cause, errors.HfHubHTTPError) else None
        does = f"answered {status} again and again" if status else "cannot be reached"
        return ReleaseError(f"{where}: {constants.ENDPOINT} {does}; build again later: what was read is kept")
    try:
        with plain_errors(where):
            raise error
    except CorpusError as plain:
        return plain
