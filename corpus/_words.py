"""Counts and sizes in words, for screens, cards and changelogs alike."""

from __future__ import annotations

from collections.abc import Mapping


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: `1 document`, `2,000 documents`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Names with their counts, the largest count first, and by name where counts are equal."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def sized(number: int) -> str:
    """Bytes for people: `12.3 kB`, `340.2 MB`."""
    return f"{number / 1e6:,.1f} MB" if number >= 100_000 else f"{number / 1e3:,.1f} kB"
