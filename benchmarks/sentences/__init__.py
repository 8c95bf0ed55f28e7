"""Sentences in many languages, written for this benchmark: `<tag>.tsv`, each line a topic and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in a known language."""

    tag: str
    """BCP-47."""
    text: str


def sentences() -> list[Sentence]:
    """All of them, by tag."""
    return [
        Sentence(path.stem, line.split("\t")[1])
        for path in sorted(Path(__file__).parent.glob("*.tsv"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
