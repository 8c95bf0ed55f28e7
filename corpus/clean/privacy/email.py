"""E-mail addresses, as people write them (not all that RFC 5322 permits), with letters of any Latin alphabet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.clean.privacy.context import WORD
from corpus.clean.privacy.finding import Finding

GATE = (
    r"[0-9A-Za-z_+\-]@[0-9A-Za-z][^@\s\[\]()<>/:;,\"']{0,120}\.[A-Za-z]{2}"
    r"|[0-9A-Za-z] ?(?i:[\[(](?:at|a còng|@)[\])]) ?[0-9A-Za-z]"
    r"|[0-9A-Za-z] (?i:at) [0-9A-Za-z\-]{1,60} (?i:dot) [A-Za-z]{2}"
)
"""RE2, for a whole batch: what stands around the `@`."""

MAX_LOCAL = 64
"""Characters in front of the `@`: RFC 5321, 4.5.3.1.1."""
MAX_DOMAIN = 255

_AT = re.compile(r"@| at (?=[0-9a-z\-]+ dot )| ?[\[(](?:at|a còng|@)[\])] ?", re.IGNORECASE)
_LOCAL = re.compile(rf"[{WORD}.%+\-']+")
_DOMAIN = re.compile(
    rf"(?:[{WORD}](?:[{WORD}\-]{{0,61}}[{WORD}])?(?:\.|\[\.\]| ?[\[(]dot[\])] ?| dot )){{1,8}}"
    rf"([a-z]{{2,24}})(?![{WORD}]|-[{WORD}])",
    re.IGNORECASE,
)
_FILE_ENDING = re.compile(
    r"png|jpe?g|gif|webp|svg|avif|bmp|ico|css|jsx?|tsx?|json|html?|php|py|rb|go|java|kt|rs|t?gz|zip|mp[34]|pdf|docx?|"
    r"xlsx?|txt|md|ya?ml|xml|csv|so|dll|exe",
    re.IGNORECASE,
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
        if _FILE_ENDING.fullmatch(domain[1]):
            continue
        yield Finding(first, domain.end(), "email")
