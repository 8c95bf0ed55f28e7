"""Semantic versions of releases: what a difference calls for, and whether a version says less than that."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.release.manifest import Level

FIRST = "0.1.0"
"""Version of a release that nothing comes before, where the recipe leaves it open."""
AUTO = "auto"

_LEVELS: tuple[Level, ...] = ("major", "minor", "patch")


def is_version(text: str) -> bool:
    """Whether a string is a semantic version as releases have them: three numbers."""
    return re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", text) is not None


def numbers(version: str) -> tuple[int, int, int]:
    """Major, minor and patch."""
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch


def in_order(versions: Iterable[str]) -> list[str]:
    """Versions, the oldest first."""
    return sorted(versions, key=numbers)


def following(version: str, level: Level) -> str:
    """The version that comes after another one, for a difference of a level."""
    major, minor, patch = numbers(version)
    after = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}
    return ".".join(map(str, after[level]))


def level_between(old: str, new: str) -> Level:
    """What a version says about the difference to an earlier one."""
    pairs = zip(_LEVELS, numbers(old), numbers(new), strict=True)
    return next((level for level, before, after in pairs if before != after), "patch")


def understates(old: str, new: str, level: Level) -> bool:
    """Whether a version says of its difference to an earlier one that it is less than it is."""
    return _LEVELS.index(level_between(old, new)) > _LEVELS.index(level)
