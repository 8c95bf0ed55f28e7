"""A document before cleaning and after it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.clean.finding import Removed
from corpus.clean.language import Share


@dataclass(frozen=True, slots=True)
class Raw:
    """A document as it came, with the fields that are already known; those win over what the text says."""

    text: str
    url: str | None = None
    title: str | None = None
    author: str | None = None
    credit: str | None = None
    published: datetime.date | None = None


EMPTY, QUALITY, PRIVACY = "empty", "quality", "privacy"
"""Reasons for which cleaning alone drops a document."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why a document should not be in a dataset."""

    reason: str
    """`EMPTY`, `QUALITY` or `PRIVACY`."""
    detail: str | None = None
    """The signal with its value and limit, or what was found and how often; never the finding itself."""

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


@dataclass(frozen=True, slots=True)
class Judged:
    """What is found out about a text; fields as in `Cleaned`."""

    language: str
    language_score: float
    languages: tuple[Share, ...]
    quality: Mapping[str, int | float]
    dropped: Dropped | None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned document: its text, what was found out about it, and every line that left it."""

    text: str
    """Unicode NFC, `\\n` line ends, at most one blank line in a row, none at the ends."""
    title: str | None = None
    """Headline; it also stays in the text."""
    url: str | None = None
    """Address of the page."""
    author: str | None = None
    """Byline."""
    credit: str | None = None
    """Agency or paper that the text names as its origin."""
    published: datetime.date | None = None
    """Day of publication."""
    language: str = "und"
    """BCP-47 tag of the main language; `und` where undetermined."""
    language_score: float = 0.0
    """How likely that is right, 0 to 1, rounded to 3 digits."""
    languages: tuple[Share, ...] = ()
    """Languages with at least 5 % of the characters, largest share first."""
    quality: Mapping[str, int | float] = field(default_factory=dict)
    """The signals of `corpus.signals` by name."""
    repaired: tuple[str, ...] = ()
    """What was mended in the text, such as `mojibake` or `TCVN3`."""
    masked: Mapping[str, int] = field(default_factory=dict)
    """How many pieces of personal data were masked, by kind."""
    dropped: Dropped | None = None
    """Why the document should not be in a dataset; None where it may."""
    removed: tuple[Removed, ...] = ()
    """Lines that left the text, in order."""
