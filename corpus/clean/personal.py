"""What becomes of documents in which personal data is found."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.clean.cleaned import PRIVACY, Cleaned, Dropped
from corpus.clean.privacy import Finding, count, find_all, mask, reason
from corpus.recipe import Privacy


def without_personal_data(documents: Sequence[Cleaned], options: Privacy) -> Iterator[Cleaned]:
    """Documents with what was found masked, or dropped for it.

    The lines that left a document are masked either way: audits travel with a release.
    """
    strings = [list(_strings(document)) for document in documents]
    found = iter(find_all([text for texts in strings for text in texts], options.kinds))
    for document, texts in zip(documents, strings, strict=True):
        findings = [next(found) for _ in texts]
        if not any(findings):
            yield document
            continue
        masked = [mask(text, places) for text, places in zip(texts, findings, strict=True)]
        text, title, author, credit, *lines = masked
        removed = tuple(replace(line, text=line_text) for line, line_text in zip(document.removed, lines, strict=True))
        own = [place for places in findings[:_FIELDS] for place in places]
        dropped = document.dropped
        if options.mode == "drop" and own and dropped is None:
            dropped = Dropped(PRIVACY, reason(own))
        yield replace(
            document,
            text=text,
            title=title or None,
            author=author or None,
            credit=credit or None,
            masked={str(kind): n for kind, n in count(findings[0]).items()} if options.mode == "mask" else {},
            dropped=dropped,
            removed=removed,
            lines=_lines(document, findings[0]),
        )


def _lines(document: Cleaned, findings: Sequence[Finding]) -> tuple[int, ...]:
    """The numbers of the lines that still begin where they did: a private key is masked from its first to its last."""
    text = document.text
    if not any("\n" in text[finding.start : finding.end] for finding in findings):
        return document.lines
    starts = [match.start() for match in _LINE.finditer(text)]
    swallowed = {
        at
        for finding in findings
        for at in range(bisect_right(starts, finding.start), bisect_right(starts, finding.end))
    }
    return tuple(number for at, number in enumerate(document.lines) if at not in swallowed)


_LINE = re.compile(r"^.*\S.*$", re.MULTILINE)
_FIELDS = 4


def _strings(document: Cleaned) -> Iterator[str]:
    yield from (document.text, document.title or "", document.author or "", document.credit or "")
    yield from (line.text for line in document.removed)
