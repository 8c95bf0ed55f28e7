"""Internet addresses that may belong to somebody: public ones of version 4 and 6.

Private, loopback, link-local, multicast and unspecified addresses say nothing about anybody and stay. Addresses kept
for documentation are found like public ones. Four numbers with dots between them are more often a version or a section
of a law than an address, so small numbers need a word that says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network

from corpus.clean.privacy.context import WORD, before, is_quantity, within
from corpus.clean.privacy.finding import Finding

GATE = r"\b(?:(?:1?[0-9]{1,2}|2[0-5][0-9])\.){3}[0-9]{1,3}"
"""RE2, for a whole batch."""
GATE_V6 = r"\b[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{2,34}"

SMALL = 32
"""Up to so much all four numbers may be those of a section or a version."""

_V4 = re.compile(
    rf"(?<![{WORD}.,+/#=\-])(?<!\bv)((?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}})(?![{WORD}]|[.,\-][{WORD}]|[%‰])"
    rf"|(?<=://)((?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}})(?![{WORD}]|\.[{WORD}])"
    rf"|(?<=[=@])((?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}})(?![{WORD}]|\.[{WORD}])"
)
_V6 = re.compile(rf"(?<![{WORD}:.])[23][0-9A-Fa-f]{{3}}:[0-9A-Fa-f:]{{2,34}}(?![{WORD}:])")
_OTHER = re.compile(
    rf"(?<![{WORD}])(?:versions?|ver|v|phiên bản|bản|release|firmware|driver|build|update|upgrade|ios|android|windows|"
    r"macos|chrome|firefox|safari|edge|opera|mozilla|kernel|python|java|php|net|openssl|node|oid|điều|mục|"
    r"khoản|điểm|tiểu mục|"
    r"phần|chương|section|sections|sec|chapter|article|clause|paragraph|para|bảng|hình|figure|fig|table|"
    rf"tiêu chuẩn|tcvn|iso|quy chuẩn|qcvn|§)(?![{WORD}])[^\n0-9]{{0,16}}(?:[0-9.]{{5,15}}(?:,| và| and| or| hoặc) )?$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    rf"(?<![{WORD}])(?:ip|ipv4|địa chỉ|dns|server|máy chủ|host|ping|gateway|proxy|vps|router|nameserver|address|from|"
    rf"inet|client)(?![{WORD}])[^\n]{{0,30}}$",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?:[$€£¥₫]|\b(?:usd|eur|vnd|vnđ))[ ]?$", re.IGNORECASE)
_GLOBAL = IPv6Network("2000::/3")


def find(text: str, start: int, end: int) -> Iterator[Finding]:
    """Addresses of version 4."""
    for found in within(_V4, text, start, end):
        first, last = found.span(found.lastindex or 0)
        numbers = text[first:last].split(".")
        if not _is_public(numbers):
            continue
        near = before(text, first)
        if _MONEY.search(near) or is_quantity(text, last):
            continue
        if _ADDRESS.search(near) or (max(map(int, numbers)) > SMALL and not _OTHER.search(near)):
            yield Finding(first, last, "ip_address")


def find_v6(text: str, start: int, end: int) -> Iterator[Finding]:
    """Addresses of version 6 that are routed in the internet: all of those start with 2 or 3."""
    for found in within(_V6, text, start, end):
        address = found[0]
        try:
            known = IPv6Address(address)
        except AddressValueError:
            continue
        # `2024::` is how a year stands in code.
        if known in _GLOBAL and address.count(":") >= 3:
            yield Finding(found.start(), found.end(), "ip_address")


def _is_public(numbers: list[str]) -> bool:
    if any(int(number) > 255 or (number[0] == "0" and len(number) > 1) for number in numbers):
        return False
    first, second, *_ = map(int, numbers)
    if first == 0 or first >= 224:
        return False
    address = IPv4Address(".".join(numbers))
    private = first == 10 or (first == 172 and 16 <= second < 32) or (first == 192 and second == 168)
    return not (private or address.is_loopback or address.is_link_local)
