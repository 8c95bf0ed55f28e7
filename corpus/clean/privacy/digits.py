"""Numbers as people write them: digits in groups, with a space, dot, hyphen or bracket between two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.clean.privacy.context import WORD

SPACES = " \u00a0"
DASHES = r"\-\u2010-\u2013"
_GROUP = re.compile(r"[0-9]+")
_BETWEEN = re.compile(rf"[)]?[{SPACES}.{DASHES}]{{0,3}}[(]?")
_LETTER = re.compile(rf"[{WORD}]")


@dataclass(frozen=True, slots=True)
class Group:
    """A run of digits within a number."""

    digits: str
    end: int
    """Offset behind its last digit."""
    between: str
    """What stands between the group before and this one."""


def read_groups(text: str, start: int, most: int) -> Iterator[Group]:
    """The groups of a number that starts at an offset, up to `most` digits together; none on another line."""
    at, total, between = start, 0, ""
    while found := _GROUP.match(text, at, at + most + 1):
        total += len(found[0])
        if total > most:
            return
        yield Group(found[0], found.end(), between)
        gap = _BETWEEN.match(text, found.end())
        if gap is None or not gap[0]:
            return
        at, between = gap.end(), gap[0]


def ends_here(text: str, end: int) -> bool:
    """Whether a number can end at an offset: no letter follows, and no further digit behind a dot, comma or hyphen."""
    behind = text[end : end + 2]
    if not behind:
        return True
    if _LETTER.match(behind):
        return False
    return not (behind[0] in ".,:-" and behind[1:].isdigit())
