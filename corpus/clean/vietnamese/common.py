"""Syllables with marks that every longer Vietnamese text holds: more than half of all that have marks."""

from __future__ import annotations

from importlib import resources

COMMON = frozenset(resources.files(__package__).joinpath("common.txt").read_text(encoding="utf-8").split())
"""In lower case and NFC; both styles of tone placement."""
