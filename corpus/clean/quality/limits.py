"""Limits, and what is said about a document that breaks one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.clean.quality.stopwords import primary
from corpus.signals import BY_NAME

RECIPE = "recipe"
"""Stands in a verdict where a preset's name would, for a limit that the user set."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Bounds of a signal; both belong to what is kept. Without bounds it says that there is no limit.

    Raises:
        ValueError: no signal has this name, or the bounds leave nothing; the message says which.
    """

    signal: str
    min: float | None = None
    max: float | None = None
    languages: tuple[str, ...] = ()
    """Primary BCP-47 subtags that it holds for, in place of one without languages; empty for all others."""

    def __post_init__(self) -> None:
        if self.signal not in BY_NAME:
            raise ValueError(f"'{self.signal}' is not a signal{nearest(self.signal, BY_NAME)}")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"{self.signal}: min {self.min:g} is above max {self.max:g}")


@dataclass(frozen=True, slots=True)
class Preset:
    """Limits under a name."""

    name: str
    description: str
    """One sentence for the docs."""
    limits: tuple[Limit, ...]

    def limits_for(self, language: str) -> tuple[Limit, ...]:
        """What holds for a language: of each signal the limit written for it, else the one for all."""
        own = {limit.signal: limit for limit in self.limits if primary(language) in limit.languages}
        every = {limit.signal: limit for limit in self.limits if not limit.languages}
        return tuple(limit for limit in (every | own).values() if (limit.min, limit.max) != (None, None))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a document is dropped: the first limit that it breaks."""

    preset: str
    """Name of the preset, or `recipe`."""
    signal: str
    value: float
    bound: float
    """The bound that was broken."""
    below: bool
    """Whether the value is below it, not above."""

    def __str__(self) -> str:
        return f"{self.preset}.{self.signal} {self.value:.10g} {'<' if self.below else '>'} {self.bound:.10g}"


def judge(
    signals: Mapping[str, int | float], language: str, presets: Sequence[Preset], overrides: Iterable[Limit] = ()
) -> Verdict | None:
    """The first limit that a document breaks, in the order of presets and their limits; None if it may stay.

    Args:
        signals: The document's signals by name: a row of `Measured.rows`.
        language: Its BCP-47 tag.
        presets: What it is held against.
        overrides: The user's own limits. A signal with one is held against that alone, not against the presets'.
    """
    for name, limit in _in_force(language, tuple(presets), tuple(overrides)):
        value = signals[limit.signal]
        if limit.min is not None and value < limit.min:
            return Verdict(name, limit.signal, value, limit.min, below=True)
        if limit.max is not None and value > limit.max:
            return Verdict(name, limit.signal, value, limit.max, below=False)
    return None


@lru_cache(maxsize=1024)
def _in_force(
    language: str, presets: tuple[Preset, ...], overrides: tuple[Limit, ...]
) -> tuple[tuple[str, Limit], ...]:
    own = Preset(RECIPE, "", overrides)
    named = {limit.signal for limit in overrides if not limit.languages or primary(language) in limit.languages}
    return (
        *((RECIPE, limit) for limit in own.limits_for(language)),
        *(
            (preset.name, limit)
            for preset in presets
            for limit in preset.limits_for(language)
            if limit.signal not in named
        ),
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """End of a message about an unknown name: what may have been meant, or all there is."""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; known are {', '.join(sorted(known))}"
