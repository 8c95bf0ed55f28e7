"""What cleaning says about a line that it took out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Removed:
    """One line that left the text, and why."""

    line: int
    """1-based line in the repaired text."""
    text: str
    """The line as it stood, without white space at its ends."""
    rule: str
    """Stable, versioned name of the rule that took it, such as `related_section_v1`."""
    score: float | None = None
    """How sure the line model is, 0 to 1, in hundredths; null for rules that are either true or not."""
    why: str | None = None
    """What weighed most with the line model, in words; null for other rules, whose name says it."""
