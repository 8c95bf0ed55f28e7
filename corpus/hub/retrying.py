"""Calls of the Hub that are made again when it has no time for them, or the connection fails."""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx2
from huggingface_hub import errors

from corpus.errors import ReleaseError
from corpus.hub.plain import cause_of, plain_sending_errors

ATTEMPTS = 5
"""Calls of one kind that are made before it is given up."""
LONGEST_WAIT_S = 300
"""A Hub that asks to wait longer is left alone: a person decides when to go on."""
_FIRST_WAIT_S, _LAST_WAIT_S = 0.5, 20.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_USED_UP = re.compile(r";\s*r=0\s*;\s*t=(\d+)")
"""Header `RateLimit` of a client that may ask nothing more for `t` seconds (draft-ietf-httpapi-ratelimit-headers)."""

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


def retrying(where: str, call: Callable[[], _T]) -> _T:
    """Make a call by which something is sent, or looked at for that; see `persisting`.

    Args:
        where: The repo, as the user named it.
        call: Makes the call.

    Raises:
        UsageError: the Hub refuses it; asking again will not help.
        ReleaseError: it failed `ATTEMPTS` times, or the Hub asks to wait too long.
    """
    with plain_sending_errors(where):
        return persisting(where, call)


def persisting(where: str, call: Callable[[], _T]) -> _T:
    """Make a call of the Hub that may be made twice, again as long as what stops it may pass.

    Between calls it waits as long as the Hub asks for, or twice as long each time, with a random share of it so that
    clients which failed together do not return together. What is raised in the end is what the client raised.

    Raises:
        ReleaseError: the Hub asks to wait too long.
    """
    attempt = 1
    while True:
        try:
            return call()
        except Exception as error:
            if attempt == ATTEMPTS or not is_passing(error):
                raise
            wait_before_next(where, error, attempt)
        attempt += 1


def is_passing(error: Exception) -> bool:
    """Whether the same call may succeed a little later."""
    cause = cause_of(error)
    if isinstance(cause, errors.HfHubHTTPError):
        return cause.response.status_code in _PASSING
    return isinstance(cause, httpx2.TransportError) and not isinstance(cause, httpx2.UnsupportedProtocol)


def wait_before_next(where: str, error: Exception, attempt: int) -> None:
    """Wait as the Hub asks to, or longer with each attempt.

    Raises:
        ReleaseError: it asks to wait too long.
    """
    cause = cause_of(error)
    asked = _asked_for(cause.response) if isinstance(cause, errors.HfHubHTTPError) else None
    if asked is not None and asked > LONGEST_WAIT_S:
        raise ReleaseError(
            f"{where}: the Hub asks to wait {asked / 60:,.0f} minutes, because too much was asked of it; run the same "
            "command again then: what was sent is kept"
        )
    longest = min(_FIRST_WAIT_S * 2 ** (attempt - 1), _LAST_WAIT_S)
    seconds = asked if asked is not None else longest * random.uniform(0.5, 1)  # noqa: S311
    _log.info(f"{where}: {type(cause).__name__}, attempt {attempt} of {ATTEMPTS}; waiting {seconds:.1f} s")
    time.sleep(seconds)


def _asked_for(response: httpx2.Response) -> float | None:
    """Seconds that an answer asks to wait, in any of the ways that it may."""
    if used_up := _USED_UP.search(response.headers.get("RateLimit", "")):
        return float(used_up[1])
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdigit():
        return float(asked)
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return None
    # A date without a zone is in UTC, as all dates in HTTP are.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
