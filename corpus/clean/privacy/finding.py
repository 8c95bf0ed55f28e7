"""What is found, without its value, and what stands in its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias, get_args

from corpus.recipe import PersonalData

Kind: TypeAlias = PersonalData
KINDS: tuple[Kind, ...] = get_args(Kind)
"""All kinds. Where findings overlap, the kind that comes first here stays."""

PLACEHOLDERS: Mapping[Kind, str] = MappingProxyType({kind: f"[{kind.upper()}]" for kind in KINDS})
"""What `mask` puts in the place of a value. Nothing is ever found in a placeholder, nor across one."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One value that should not be in a dataset: where it stands, and never what it is."""

    start: int
    """Offset of its first character in the text."""
    end: int
    """Offset behind its last character."""
    kind: Kind


def mask(text: str, findings: Sequence[Finding]) -> str:
    """Put a placeholder in the place of each finding; everything else stays as it is.

    Args:
        text: the text that the findings are of.
        findings: in order and without overlap, as `find_all` gives them.

    Raises:
        ValueError: they overlap, are out of order or reach beyond the text.
    """
    pieces: list[str] = []
    at = 0
    for finding in findings:
        if not at <= finding.start < finding.end <= len(text):
            raise ValueError("findings overlap, are out of order or are of another text")
        pieces += text[at : finding.start], PLACEHOLDERS[finding.kind]
        at = finding.end
    pieces.append(text[at:])
    return "".join(pieces)


def count(findings: Iterable[Finding]) -> dict[Kind, int]:
    """How many findings there are of each kind that there are any of, in the order of `KINDS`."""
    found = Counter(finding.kind for finding in findings)
    return {kind: found[kind] for kind in KINDS if found[kind]}


def reason(findings: Iterable[Finding]) -> str:
    """Why a document is dropped: kinds and counts, such as `email 2, phone 1`."""
    return ", ".join(f"{kind} {number}" for kind, number in count(findings).items())


def resolve(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In order and without overlap: of findings that overlap the kind that comes first in `KINDS` stays, then the
    longest, then the first."""
    ranked = sorted(findings, key=lambda finding: (finding.start, _RANK[finding.kind], -finding.end))
    kept: list[Finding] = []
    for finding in ranked:
        # A stack: what stays so far never overlaps, so a better finding can only displace those at its end.
        while kept and kept[-1].end > finding.start and _better(finding, kept[-1]):
            kept.pop()
        if not kept or kept[-1].end <= finding.start:
            kept.append(finding)
    return tuple(kept)


_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


def _better(one: Finding, other: Finding) -> bool:
    return (_RANK[one.kind], one.start - one.end) < (_RANK[other.kind], other.start - other.end)
