"""The day of publication out of the many ways that sources write it."""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}\S*)?")
_NUMBER = re.compile(r"-?\d{9,14}(?:\.\d*)?")
# Epoch seconds from 1973 on, and milliseconds; smaller numbers are years or something else.
_MIN_SECONDS, _MIN_MILLIS, _MAX_MILLIS = 1e8, 1e11, 1e14


def parse_day(value: Any) -> datetime.date | None:
    """The day that a value names, as it is written there: no time zone is applied.

    Takes dates and datetimes, ISO 8601 (also with slashes, or without any signs), d/m/Y and d-m-Y, RFC 2822,
    and seconds or milliseconds since 1970 (UTC) from 1973 on. None for anything else.
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, int | float):
            return _from_number(value)
        return _from_text(value.strip()) if isinstance(value, str) else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


@lru_cache(maxsize=4096)
def _from_text(text: str) -> datetime.date | None:
    if match := _YEAR_FIRST.match(text) or _COMPACT.fullmatch(text):
        year, month, day = map(int, match.groups())
        return datetime.date(year, month, day)
    if match := _DAY_FIRST.match(text):
        day, month, year = map(int, match.groups())
        return datetime.date(year, month, day)
    if _NUMBER.fullmatch(text):
        return _from_number(float(text))
    return parsedate_to_datetime(text).date()


def _from_number(number: float) -> datetime.date | None:
    if 19_000_101 <= number <= 21_001_231:
        return _from_text(str(int(number)))
    if _MIN_MILLIS <= number < _MAX_MILLIS:
        number /= 1000
    if _MIN_SECONDS <= number < _MIN_MILLIS:
        return datetime.datetime.fromtimestamp(number, datetime.UTC).date()
    return None
