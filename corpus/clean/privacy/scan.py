"""Findings of a batch: three passes of google-re2 over all of it, and a closer look where they find something.

The gates are patterns without look-around whose matches are bounded or follow one another, so that each pass is linear.
They let through more than is found. What they let through is looked at in the text of its document alone, which is why
a document has the same findings in every batch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from corpus.clean.privacy import secret
from corpus.clean.privacy.detectors import Detectors, detectors
from corpus.clean.privacy.finding import KINDS, PLACEHOLDERS, Finding, Kind, mask, resolve

MAX_ROUNDS = 4
"""How often a masked text is looked through again; what is found in the second round is rare."""


def find_all(texts: Sequence[str], kinds: Collection[Kind] = KINDS) -> list[tuple[Finding, ...]]:
    """Find personal data and secrets. Time grows linearly with the length of the texts.

    Args:
        texts: cleaned texts (Unicode NFC), any number.
        kinds: what to look for.

    Returns:
        For each text its findings, in order and without overlap. Offsets count characters. Masking them all leaves a
        text in which nothing is found.

    Raises:
        ValueError: there is no such kind.
    """
    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise ValueError(f"unknown kinds: {', '.join(sorted(unknown))}")
    chosen = detectors(frozenset(kinds))
    found = _find(texts, chosen)
    # Without what is masked, its neighbours may look different: `a@b.example0912345678` ends in a telephone number.
    again = [index for index, findings in enumerate(found) if findings]
    for _ in range(MAX_ROUNDS):
        further = _find([mask(texts[index], found[index]) for index in again], chosen)
        for index, findings in zip(again, further, strict=True):
            found[index] = tuple(sorted((*found[index], *_unmask(found[index], findings))))
        again = [index for index, findings in zip(again, further, strict=True) if findings]
        if not again:
            break
    return found


def suspects(joined: bytes, kinds: Collection[Kind] = KINDS) -> Iterator[int]:
    """Where a closer look at many texts is due, without making a string of any: a text with none has no findings.

    Args:
        joined: the texts in UTF-8 with a line break between each two.
        kinds: what to look for.

    Returns:
        Offsets in bytes, each in a text that may have findings; in no order, several of a text.
    """
    chosen = detectors(frozenset(kinds))
    for gate in (chosen.number_gate, chosen.label_gate, chosen.token_gate):
        if gate is not None:
            # What stands in front of a label may be the line break that parts two texts.
            yield from (match.end() - 1 for match in gate.finditer(joined))


@dataclass(slots=True)
class _Hits:
    """What the gates let through of one document, in bytes of the batch: where, and which detector looks closer."""

    start: int
    """Where the document starts."""
    numbers: list[tuple[int, int]] = field(default_factory=list)
    labels: list[tuple[int, int, int]] = field(default_factory=list)
    tokens: list[tuple[int, int, int]] = field(default_factory=list)


def _find(texts: Sequence[str], chosen: Detectors) -> list[tuple[Finding, ...]]:
    found: list[tuple[Finding, ...]] = [()] * len(texts)
    if not texts:
        return found
    # Line breaks part the documents, and no gate reaches over one.
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    batch = b"\n".join(parts)
    starts = [0, *accumulate(len(part) + 1 for part in parts[:-1])]
    hits: dict[int, _Hits] = {}

    def of(offset: int) -> _Hits:
        index = bisect_right(starts, offset) - 1
        if index not in hits:
            hits[index] = _Hits(starts[index])
        return hits[index]

    if chosen.number_gate is not None:
        for match in chosen.number_gate.finditer(batch):
            start, end = match.span()
            of(start).numbers.append((start, end))
    if chosen.label_gate is not None:
        for match in chosen.label_gate.finditer(batch):
            start, end = match.span()
            document = of(end - 1)
            # What stands in front of a label may be the line break that parts two documents.
            document.labels.append((max(start, document.start), end, match.lastindex - 1))
    if chosen.token_gate is not None:
        for match in chosen.token_gate.finditer(batch):
            start, end = match.span()
            of(start).tokens.append((start, end, match.lastindex - 1))
    for index, of_document in hits.items():
        placed = _in_characters(parts[index], of_document)
        found[index] = resolve(_look(texts[index], placed, chosen))
    return found


def _in_characters(encoded: bytes, hits: _Hits) -> _Hits:
    """The same places as offsets of characters in the document."""
    spans = (hits.numbers, hits.labels, hits.tokens)
    places = sorted({offset - hits.start for group in spans for span in group for offset in span[:2]})
    at = characters = 0
    offsets = {}
    for place in places:
        characters += len(encoded[at:place].decode("utf-8", "surrogatepass"))
        offsets[place + hits.start] = characters
        at = place
    return _Hits(
        0,
        [(offsets[first], offsets[last]) for first, last in hits.numbers],
        [(offsets[first], offsets[last], which) for first, last, which in hits.labels],
        [(offsets[first], offsets[last], which) for first, last, which in hits.tokens],
    )


def _look(text: str, hits: _Hits, chosen: Detectors) -> Iterator[Finding]:
    for start, end in hits.numbers:
        for find in chosen.numbers:
            # A bracket and a sign may stand in front of the first digit.
            yield from find(text, max(0, start - 2), end)
    for start, end, which in hits.labels:
        yield from _behind_label(text, start, end, which, chosen)
    edges: list[tuple[int, int]] = []
    for start, end, which in hits.tokens:
        token = chosen.tokens[which]
        if token is None:
            edges.append((start, end))
        else:
            yield from token(text, start, end)
    if edges:
        yield from secret.find_keys(text, edges)


def _behind_label(text: str, start: int, end: int, which: int, chosen: Detectors) -> Sequence[Finding]:
    """What the nearest label names that names anything: `STK, MST: 0101234560` is a tax code."""
    named = [(which, start)]
    piece = text[start:end].encode("utf-8", "surrogatepass")
    at = 1
    while chosen.label_gate is not None and (match := chosen.label_gate.search(piece, at)):
        at = match.start(match.lastindex) + 1
        named.append((match.lastindex - 1, start + len(piece[:at].decode("utf-8", "ignore")) - 1))
    for index, label in reversed(named):
        if found := list(chosen.labels[index](text, label, end)):
            return found
    return []


def _unmask(masked: Sequence[Finding], findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings of a masked text as findings of the text."""
    shifts = [0, *accumulate(one.end - one.start - len(PLACEHOLDERS[one.kind]) for one in masked)]
    behind = [one.end - shift for one, shift in zip(masked, shifts[1:], strict=True)]
    for finding in findings:
        shift = shifts[bisect_right(behind, finding.start)]
        yield Finding(finding.start + shift, finding.end + shift, finding.kind)
