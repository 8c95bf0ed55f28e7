"""Which gate leads to which detector, for the kinds that are looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from corpus.clean.privacy import bank, citizen_id, email, ip_address, phone, secret, secret_formats, tax_code
from corpus.clean.privacy.context import REACH
from corpus.clean.privacy.finding import Finding, Kind

Find = Callable[[str, int, int], Iterator[Finding]]
"""Looks closer at a text between two offsets."""


@dataclass(frozen=True, slots=True)
class Detectors:
    """Three gates, compiled by google-re2 for UTF-8, and who looks closer at what they let through."""

    number_gate: Any | None
    """Finds stretches of digits."""
    numbers: tuple[Find, ...]
    """All look through each stretch."""
    label_gate: Any | None
    """Finds words that name the number behind them, up to its first digit. Each of its groups is a detector's."""
    labels: tuple[Find, ...]
    token_gate: Any | None
    """Finds everything else. Each of its groups is a detector's."""
    tokens: tuple[Find | None, ...]
    """None for the first and last lines of private keys, which are looked at together."""


@cache
def detectors(kinds: frozenset[Kind]) -> Detectors:
    """The detectors for some kinds."""
    numbers = [row for row in _NUMBERS if row.kind in kinds]
    labels = [row for row in _LABELS if row.kind in kinds]
    tokens = [row for row in _TOKENS if row.kind in kinds]
    return Detectors(
        _compile("|".join(row.gate for row in numbers)),
        tuple(row.find for row in numbers if row.find),
        _compile("|".join(f"({row.gate})" for row in labels)),
        tuple(row.find for row in labels if row.find),
        _compile("|".join(f"({row.gate})" for row in tokens)),
        tuple(row.find for row in tokens),
    )


def _compile(pattern: str) -> Any | None:
    if not pattern:
        return None
    import re2

    return re2.compile(pattern)


def _label(words: str, gap: str, wide: str = "") -> str:
    """Words with an edge in front, others that need none, and what may stand between them and the number."""
    beginning = rf"(?:^|[^\pL\pN_])(?:{words})"
    return rf"(?i)(?:{beginning}|{wide}){gap}" if wide else rf"(?i){beginning}{gap}"


_GAP = rf"[^\pL\pN_@\n\[](?:[^0-9@\n\[]{{0,{REACH}}})?[0-9]"
_PHONE_GAP = (
    r"(?: ?(?:số|no|number|là|nr|numéro|número|номер|liên hệ|cố định|di động|bàn|nóng))?"
    r"[ \x{a0}.:：()\x{2010}-\x{2013}-]{0,5}\+?\(?[0-9]"
)


class _Row(NamedTuple):
    kind: Kind
    gate: str
    find: Find | None


def _phone_behind(text: str, start: int, end: int) -> Iterator[Finding]:
    first = end - 1
    while first - 1 > start and text[first - 1] in "+(":
        first -= 1
    return phone.find_labelled(text, first)


def _id_behind(text: str, start: int, end: int) -> Iterator[Finding]:
    return citizen_id.find_labelled(text, text[start : end - 1], end - 1)


_NUMBERS: Sequence[_Row] = (
    _Row("ip_address", ip_address.GATE, ip_address.find),
    _Row("bank_card", bank.CARD_GATE, bank.find_cards),
    _Row("tax_code", tax_code.GATE, tax_code.find),
    _Row("citizen_id", citizen_id.GATE, citizen_id.find),
    _Row("phone", phone.GATE, phone.find),
)
_LABELS: Sequence[_Row] = (
    _Row("phone", _label(phone.LABELS, _PHONE_GAP, phone.WIDE_LABELS), _phone_behind),
    _Row("citizen_id", _label(citizen_id.LABELS, _GAP), _id_behind),
    _Row("tax_code", _label(tax_code.LABELS, _GAP), lambda text, _, end: tax_code.find_labelled(text, end - 1)),
    _Row(
        "bank_account",
        _label(bank.ACCOUNT_LABELS, _GAP, bank.WIDE_ACCOUNT_LABELS),
        lambda text, start, end: bank.find_accounts(text, text[start : end - 1], end - 1),
    ),
)
_TOKENS: Sequence[_Row] = (
    _Row("secret", secret_formats.KEY_EDGE, None),
    _Row("secret", secret.GATE, secret.find),
    _Row("secret", secret_formats.CREDENTIALS_IN_URL, secret.find_in_url),
    _Row("secret", secret_formats.ASSIGNMENT, secret.find_assigned),
    _Row("email", email.GATE, email.find),
    _Row("ip_address", ip_address.GATE_V6, ip_address.find_v6),
    _Row("bank_account", rf"\b{bank.IBAN_GATE}", bank.find_iban),
    _Row("citizen_id", rf"\b{citizen_id.CODE_GATE}", citizen_id.find_code),
)
