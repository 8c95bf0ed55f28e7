"""E-mail addresses, as people write them (not all that RFC 5322 permits), with letters of any Latin alphabet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.clean.privacy.context import WORD
from corpus.clean.privacy.finding import Finding

GATE = (
    r"[0-9A-Za-z_+\-]@[0-9A-Za-z][^@\s\[\]()<>/:;,\"']{0,120}\.[A-Za-z]{2}"
    r"|[0-9A-Za-z] ?(?i:[\[(](?:at|a còng|@)[\])]) ?[0-9A-Za-z]"
)
"""RE2, for a whole batch: what stands around the `@`."""

MAX_LOCAL = 64
"""Characters in front of the `@`: RFC 5321, 4.5.3.1.1."""
MAX_DOMAIN = 255

_AT = re.compile(r"@| ?[\[(](?:at|a còng|@)[\])] ?", re.IGNORECASE)
_LOCAL = re.compile(rf"[{WORD}.%+\-']+")
_DOMAIN = re.compile(
    rf"(?:[{WORD}](?:[{WORD}\-]{{0,61}}[{WORD}])?(?:\.|\[\.\]| ?[\[(]dot[\])] ?)){{1,8}}([a-z]{{2,24}})(?![{WORD}]|-[{WORD}])",
    re.IGNORECASE,
)
_FILE_ENDINGS = frozenset(
    "png jpg jpeg gif webp svg avif bmp ico css js ts jsx tsx json html htm php py rb go java kt rs tgz gz zip mp3 mp4 "
    "pdf doc docx xls xlsx txt md yml yaml xml csv so dll exe".split()
)
_CODE_BEHIND = re.compile(r"\(|:[\w~./\-]+/|:[\w~.\-]+\.git\b")


def find(text: str, start: int, end: int) -> Iterator[Finding]:
    """The addresses around a place that the gate found."""
    for at in _AT.finditer(text, start, end):
        domain = _DOMAIN.match(text, at.end(), min(len(text), at.end() + MAX_DOMAIN))
        # Backwards, so that a long run of letters is gone through once.
        local = _LOCAL.match(text[max(0, at.start() - MAX_LOCAL - 1) : at.start()][::-1])
        if domain is None or local is None or local.end() > MAX_LOCAL:
            continue
        name = local[0][::-1].lstrip(".-'%+")
        first = at.start() - len(name)
        if not name or name[-1] in ".'":
            continue
        # `@name@server` is a handle, `git@host:path` and `a@b.method()` are code, `logo@2x.png` is a file.
        if text.endswith(("@", "://"), 0, first) or _CODE_BEHIND.match(text, domain.end()):
            continue
        if domain[1].lower() in _FILE_ENDINGS:
            continue
        yield Finding(first, domain.end(), "email")
