"""Payment cards, and bank accounts behind a label or as an IBAN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.clean.privacy.context import EDGE_BEFORE, EDGE_BEHIND, in_url, is_other_number, is_quantity, within
from corpus.clean.privacy.finding import Finding

CARD_GATE = r"\b[2-69][0-9]{3}(?:[0-9]{10,15}|[ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{4}|[ -][0-9]{6}[ -][0-9]{4})"
"""RE2, for a whole batch."""
IBAN_GATE = r"[A-Z]{2}[0-9]{2} ?[0-9A-Z]{4} ?[0-9A-Z]{4} ?[0-9A-Z]{3}"
ACCOUNT_LABELS = (
    "stk|số tài khoản|số tk|tài khoản số|tk số|tài khoản ngân hàng|tk ngân hàng|số tài khoản ngân hàng|so tai khoan|"
    "account number|account no|acct no|a/c no|bank account|tk|tài khoản"
)
WIDE_ACCOUNT_LABELS = "账号|帳號|계좌번호|口座番号"

_CARD = re.compile(
    rf"{EDGE_BEFORE.replace('#', '')}(?:[0-9]{{14,19}}"
    rf"|[0-9]{{4}}([ -])[0-9]{{4}}\1[0-9]{{4}}\1[0-9]{{4}}(?:\1[0-9]{{3}})?"
    rf"|[0-9]{{4}}([ -])[0-9]{{6}}\2[0-9]{{4,5}}){EDGE_BEHIND}"
)
# Issuer and length: ISO/IEC 7812 ranges as the card schemes publish them. Visa's thirteen digits are out of use and
# would take in bar codes.
_ISSUERS = re.compile(
    r"4(?:[0-9]{15}|[0-9]{18})"
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"
    r"|3[47][0-9]{13}"
    r"|3(?:0[0-5]|[689][0-9])[0-9]{11}"
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}"
    r"|(?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{12}"
    r"|62[0-9]{14,17}"
    r"|220[0-4][0-9]{12}"
    r"|9704(?:[0-9]{12}|[0-9]{15})"
)
_IBAN = re.compile(rf"{EDGE_BEFORE}[A-Z]{{2}}[0-9]{{2}}(?:[ ]?[0-9A-Z]{{4}}){{2,7}}(?:[ ]?[0-9A-Z]{{1,4}})?")
_ACCOUNT = re.compile(rf"[0-9](?:[ .-]?[0-9]){{5,18}}{EDGE_BEHIND}")
_DATE = re.compile(
    r"[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}(?![0-9])|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}(?![0-9])"
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.][0-9]{3})+(?![0-9.-])")
# "TK" and "tài khoản" alone say less: the number stands right behind, in one piece.
_WEAK = re.compile(r"\W?(?:tk|tài khoản)(?! ?(?:số|ngân hàng))", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{9}")
_SPACES = re.compile(r"[ .-]")


def find_cards(text: str, start: int, end: int) -> Iterator[Finding]:
    """Numbers of an issuer's length and prefix whose check digit (Luhn, ISO/IEC 7812-1) is right."""
    for found in within(_CARD, text, start, end):
        digits = _SPACES.sub("", found[0])
        if not _ISSUERS.fullmatch(digits) or not _is_luhn(digits):
            continue
        at = found.start()
        if not (is_other_number(text, at) or in_url(text, at) or is_quantity(text, found.end())):
            yield Finding(at, found.end(), "bank_card")


def find_iban(text: str, start: int, _: int) -> Iterator[Finding]:
    """International account numbers (ISO 13616)."""
    from stdnum import iban

    found = _IBAN.match(text, start)
    # A word in capitals may follow: groups are given up from the end until the check digits are right.
    while found and found.end() - start >= 15:
        last = found.end()
        if iban.is_valid(found[0]):
            if not text[last : last + 1].isalnum():
                yield Finding(start, last, "bank_account")
            return
        cut = found[0].rfind(" ")
        found = _IBAN.fullmatch(text, start, start + cut) if cut > 0 else None


def find_accounts(text: str, label: str, first: int) -> Iterator[Finding]:
    """The account number that starts behind a label: 6 to 19 digits.

    Args:
        text: the text.
        label: the label and what stands between it and the number.
        first: offset of the first digit.
    """
    weak = _WEAK.match(label)
    if weak and (label[weak.end() :].strip(" :.") or not _PLAIN.match(text, first)):
        return
    found = _ACCOUNT.match(text, first)
    if found is None or _DATE.match(text, first) or _THOUSANDS.match(text, first):
        return
    if not is_quantity(text, found.end()):
        yield Finding(first, found.end(), "bank_account")


def _is_luhn(digits: str) -> bool:
    from stdnum import luhn

    return luhn.is_valid(digits)
