"""Dates on a line of their own, in the forms that news sites print."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

MAX_LINE_CHARS = 80

_NUMERIC = re.compile(r"(?<![\d/.\-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?:\s?[日일]|(?!\d))")
_VIETNAMESE = re.compile(r"(\d{1,2}) tháng (\d{1,2})(?: năm|,)? (\d{4})")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.|º|er)?\s(?:de\s)?([^\W\d_]{3,12})\.?,?\s(?:de\s)?(\d{4})(?!\d)"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})(?!\d)")
_TIME = re.compile(r"\d{1,2}[:h.]\d{2}(?::\d{2})?|(?:gmt|utc)?\s?[+-]\d{1,2}(?::?\d{2})?")
_WORD = re.compile(r"[^\W\d_]+(?:[-.][^\W\d_]+)*\.?")


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that says a day and nothing else."""

    day: datetime.date
    """With the day before the month, where the figures leave that open."""
    swapped: datetime.date | None
    """The other reading, as in the United States; null where there is only one."""


def read_date_line(text: str) -> DateLine | None:
    """The date that a whole line consists of, beside a time, a weekday and words such as "updated"."""
    if len(text) > MAX_LINE_CHARS:
        return None
    folded = " ".join(text.casefold().split())
    for pattern, read in _FORMS:
        match = pattern.search(folded)
        found = read(match) if match else None
        if match and found and not _says_more(folded[: match.start()] + " " + folded[match.end() :]):
            return found
    return None


def _says_more(rest: str) -> bool:
    known = _table("beside")
    words = _WORD.findall(_TIME.sub(" ", rest))
    return any(word not in known and word.rstrip(".") not in known for word in words) or any(
        char.isdigit() for char in _TIME.sub(" ", rest)
    )


def _numeric(match: re.Match[str]) -> DateLine | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    # Only a slash is also used in the American order.
    if match[2] == "/" and day_first is None and month_first:
        return DateLine(month_first, None)
    return DateLine(day_first, month_first if match[2] == "/" else None) if day_first else None


def _year_first(match: re.Match[str]) -> DateLine | None:
    return _single(match[1], match[2], match[3])


def _vietnamese(match: re.Match[str]) -> DateLine | None:
    return _single(match[3], match[2], match[1])


def _day_month(match: re.Match[str]) -> DateLine | None:
    return _single(match[3], _table("month").get(match[2], ""), match[1])


def _month_day(match: re.Match[str]) -> DateLine | None:
    return _single(match[3], _table("month").get(match[1], ""), match[2])


_FORMS = (
    (_YEAR_FIRST, _year_first),
    (_NUMERIC, _numeric),
    (_VIETNAMESE, _vietnamese),
    (_DAY_MONTH, _day_month),
    (_MONTH_DAY, _month_day),
)


def _single(year: str, month: str, day: str) -> DateLine | None:
    found = _date(int(year), int(month), int(day)) if month else None
    return DateLine(found, None) if found else None


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day) if 1900 <= year <= 2199 else None
    except ValueError:
        return None


@cache
def _table(kind: str) -> dict[str, str]:
    """Words of one kind, with the number of the month where they are months."""
    text = (resources.files(__package__) / "data" / "dates.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {word: month for _, row_kind, word, month in rows if row_kind == kind}
