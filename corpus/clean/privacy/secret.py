"""Keys, tokens and passwords: what gives whoever reads it access to something.

Formats are a table, see `secret_formats`. detect-secrets (1.5) was weighed as the detector and left out: it says that a
line holds a secret but not where it ends (of a private key it gives the first line, of a GitHub token `ghp`), knows few
of today's formats, needs `requests`, and takes a tenth of a second to import.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.clean.privacy import secret_formats as formats
from corpus.clean.privacy.finding import Finding

GATE = rf"\b(?:{'|'.join(formats.TOKENS.values())}|{formats.JSON_WEB_TOKEN})"
"""RE2, for a whole batch."""

MIN_KEY_CHARS = 16
"""An unquoted or long value behind a name such as `api_key`."""
MIN_PASSWORD_CHARS = 8
MIN_ENTROPY_BITS = 3.0
"""Bits a character, over the characters of the value itself: words and dummies have less or lack a digit."""
MAX_KEY_CHARS = 20_000
"""From the first to the last line of a private key."""
MIN_KEY_BODY = 60
MAX_SCHEME_CHARS = 21
"""Of an address with a password."""

_WORD_BEHIND = re.compile(r"[0-9A-Za-z_]")
# Not in the middle of a run of its alphabet: each run is gone through once.
_JSON_WEB_TOKEN = re.compile(
    r"(?<![0-9A-Za-z_.\-])eyJ[0-9A-Za-z_\-]{10,4000}\.eyJ[0-9A-Za-z_\-]{10,8000}\.[0-9A-Za-z_\-]{10,2000}"
)
_SCHEME = re.compile(r"[A-Za-z][0-9A-Za-z+.\-]+\Z")
_URL_PARTS = re.compile(r"://([^/@]*)@")
_VALUE = re.compile(
    r"[ \t]{0,3}(?i:bearer |basic )?(?P<quote>[\"'`]?)(?P<value>[0-9A-Za-z!#$%&*+,./:;=?@^_~\-]{8,300})"
)
_VALUE_END = re.compile(r"[,;&]")
_DUMMY = re.compile(
    r"^(?:\$|%|\{|<|\*|\.|@)|x{4}|\*{3}|\.{3}|example|your|changeme|placeholder|dummy|redacted|password|passwd|"
    r"secret|token|process\.env|environ|getenv|config|settings|self\.|this\.|null|none|undefined|insert|sample|minimum|character|"
    r"0123456|1234567|abcdefg|://",
    re.IGNORECASE,
)
_DUMMY_PASSWORD = re.compile(
    r"^(?:pass(?:word|wd)?|pwd|secret|token|x+|\*+|\.+|[$%{<].*|mật[_ -]?khẩu)$", re.IGNORECASE
)
_BODY = re.compile(r"(?:\\[nr]|[0-9A-Za-z+/=\s:,.()\-])*")
_BASE64 = re.compile(r"[0-9A-Za-z+/]")


def find(text: str, start: int, end: int) -> Iterator[Finding]:
    """A token; the gate knows its format already."""
    if text.startswith("eyJ", start):
        token = _JSON_WEB_TOKEN.match(text, start)
        if token and _is_json_web_token(token[0]):
            yield Finding(start, token.end(), "secret")
    elif not _WORD_BEHIND.match(text, end):
        yield Finding(start, end, "secret")


def find_in_url(text: str, start: int, end: int) -> Iterator[Finding]:
    """User and password of an address; the gate begins with the last character of its scheme."""
    found = _URL_PARTS.search(text, start, end)
    if found is None or not _SCHEME.search(text, max(0, start + 1 - MAX_SCHEME_CHARS), start + 1):
        return
    password = found[1].partition(":")[2]
    if not _DUMMY_PASSWORD.match(password):
        yield Finding(found.start(1), found.end(1), "secret")


def find_assigned(text: str, start: int, end: int) -> Iterator[Finding]:
    """The value that a name such as `api_key` or `password` gets; name and sign are between the offsets."""
    found = _VALUE.match(text, end)
    if found is None:
        return
    value, name = found["value"], text[start:end].lower()
    if not found["quote"]:
        value = _VALUE_END.split(value)[0].rstrip(".:?!")
    last = found.start("value") + len(value)
    if found["quote"] and text[last : last + 1] != found["quote"]:
        return
    least = MIN_PASSWORD_CHARS if "pass" in name or "khẩu" in name else MIN_KEY_CHARS
    if len(value) >= least and _is_random(value) and not _DUMMY.search(value):
        yield Finding(found.start("value"), last, "secret")


def find_keys(text: str, edges: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """Private keys, from their first to their last line, or to the end of their letters where the last is lost.

    Args:
        text: the text.
        edges: offsets of all first and last lines in it, in order.
    """
    for number, (start, end) in enumerate(edges):
        if not text.startswith("-----BEGIN", start):
            continue
        following = edges[number + 1] if number + 1 < len(edges) else (len(text), len(text))
        body = _BODY.match(text, end, min(following[0], end + MAX_KEY_CHARS))
        behind = body.end() if body else end
        if len(_BASE64.findall(text, end, behind)) < MIN_KEY_BODY:
            continue
        if behind == following[0] and text.startswith("-----END", behind):
            behind = following[1]
        else:
            behind = end + len(text[end:behind].rstrip())
        yield Finding(start, behind, "secret")


def _is_json_web_token(token: str) -> bool:
    head = token.partition(".")[0]
    try:
        known = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(known, dict) and "alg" in known


def _is_random(value: str) -> bool:
    """Whether a value has both letters and digits and does not repeat itself."""
    if not (any(map(str.isdigit, value)) and any(map(str.isalpha, value))):
        return False
    shares = [number / len(value) for number in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares) >= min(MIN_ENTROPY_BITS, math.log2(len(value)) - 0.5)
