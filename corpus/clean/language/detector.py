"""What a detector is, and how one is had by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from corpus.errors import UsageError


class Guess(NamedTuple):
    """A language and how sure a detector is of it."""

    tag: str
    """BCP-47; `und` where undetermined."""
    score: float
    """0 to 1, rounded to 3 digits; what it means is the detector's business."""


UNKNOWN = Guess("und", 0.0)
MIN_LETTERS = 6
"""With fewer letters, an ideograph or syllable counting as two, there is no telling."""


class Detector(Protocol):
    """Names the language of short texts, each by itself: a guess does not depend on the other samples."""

    @property
    def name(self) -> str:
        """How recipes call it."""

    def identify(self, samples: Sequence[str]) -> list[Guess]:
        """The language of each sample. Takes any strings."""


class DetectorMissingError(UsageError):
    """A detector was asked for whose package is not installed."""
