"""Numbers of identity: Vietnamese CCCD and CMND, passports behind their label, and other countries' with check digits.

The twelve digits of a CCCD are province, century and sex, year of birth and a running number (Thông tư 59/2021/TT-BCA,
as Nghị định 137/2015/NĐ-CP has it). Check digits of other countries are those of python-stdnum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from corpus.clean.privacy.context import EDGE_BEFORE, EDGE_BEHIND, in_url, is_other_number, is_quantity, within
from corpus.clean.privacy.finding import Finding

GATE = (
    r"\b(?:0[0-9]{11}|[0-9]{17}[0-9Xx]|[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}|[0-9]{6}-[0-9]{7}"
    r"|[12] [0-9]{2} [0-9]{2} [0-9][0-9AB] [0-9]{3} )"
)
"""RE2, for a whole batch: numbers that need no label."""
CODE_GATE = r"[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]"
"""The Italian one, which is a word."""
LABELS = (
    "cmnd|cmtnd|cmt|cccd|chứng minh thư|chứng minh nhân dân|chứng minh|căn cước công dân|căn cước|số định danh|"
    "mã định danh|giấy tờ tùy thân|giấy tờ tuỳ thân|chung minh nhan dan|chung minh thu|can cuoc cong dan|can cuoc|"
    "hộ chiếu|passport|pp no|ssn|social security|dni|aadhaar|pesel"
)

_CCCD = re.compile(
    rf"{EDGE_BEFORE}(?:0(?:0[1246]|08|1[0-24579]|2[024-7]|3[013-8]|4[024-689]|5[124-68]|6[024-8]|7[024579]|"
    rf"8[0234679]|9[1-6]))(?:[01][1-9][0-9]|[23][0-3][0-9])[0-9]{{6}}{EDGE_BEHIND}"
)
_UPC_WEIGHTS = (3, 1) * 6


@dataclass(frozen=True, slots=True)
class _Form:
    number: re.Pattern[str]
    check: str | None
    """Module of python-stdnum that knows the check digit."""
    label: re.Pattern[str] | None = None


def _form(number: str, check: str | None, label: str | None = None) -> _Form:
    edges = (EDGE_BEFORE, EDGE_BEHIND) if label is None else ("", EDGE_BEHIND)
    return _Form(re.compile(f"(?:{number})".join(edges)), check, re.compile(label, re.IGNORECASE) if label else None)


_FREE = (
    _form(r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]", "stdnum.cn.ric"),
    _form(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", "stdnum.br.cpf"),
    _form(r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-[1-8][0-9]{6}", "stdnum.kr.rrn"),
    _form(r"[12] [0-9]{2} [0-9]{2} [0-9][0-9AB] [0-9]{3} [0-9]{3} [0-9]{2}", "stdnum.fr.nir"),
)
_ITALIAN = _form("[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]", "stdnum.it.codicefiscale")
_LABELLED = (
    _form(
        "[0-9]{12}|[0-9]{3} [0-9]{3} [0-9]{3} [0-9]{3}|[0-9]{4} [0-9]{4} [0-9]{4}", None, "c[cm]|ch|c[ăa]n|định danh|gi"
    ),
    _form("[0-9]{9}|[0-9]{3} [0-9]{3} [0-9]{3}", None, "cm|ch|cccd|c[ăa]n|gi"),
    _form(
        "[0-9]{3}[.][0-9]{3}[.][0-9]{3}", None, r"(?:cmt|cmnd|cmtnd|chứng minh(?: thư| nhân dân)?)(?: số)?[: ]{0,3}$"
    ),
    _form("[A-Z]{1,2}[0-9]{6,8}|[0-9]{9}", None, "hộ chiếu|pass|pp"),
    _form("[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}", "stdnum.us.ssn", "ssn|social"),
    _form("[0-9]{8}-?[A-Z]", "stdnum.es.dni", "dni"),
    _form("[0-9]{4} ?[0-9]{4} ?[0-9]{4}", "stdnum.in_.aadhaar", "aadhaar"),
    _form("[0-9]{11}", "stdnum.pl.pesel", "pesel"),
)
_AND = re.compile(r"(?:[ ]?[,;/&–-]| và| hoặc| and)[ ]?(?=[0-9A-Z])")


def find(text: str, start: int, end: int) -> Iterator[Finding]:
    """Numbers that say themselves what they are."""
    for found in within(_CCCD, text, start, end):
        at = found.start()
        if not (
            _is_bar_code(found[0]) or is_other_number(text, at) or in_url(text, at) or is_quantity(text, found.end())
        ):
            yield Finding(at, found.end(), "citizen_id")
    for form in _FREE:
        for found in within(form.number, text, start, end):
            if _is_valid(found[0], form.check) and not in_url(text, found.start()):
                yield Finding(found.start(), found.end(), "citizen_id")


def find_code(text: str, start: int, end: int) -> Iterator[Finding]:
    """The Italian number, which is made of letters and digits."""
    for found in within(_ITALIAN.number, text, start, end):
        if _is_valid(found[0], _ITALIAN.check):
            yield Finding(found.start(), found.end(), "citizen_id")


def find_labelled(text: str, label: str, first: int) -> Iterator[Finding]:
    """The number that starts behind a label, and further ones that a comma or "and" adds.

    Args:
        text: the text.
        label: the label and what stands between it and the number.
        first: offset of the first digit.
    """
    letters = re.search(r"[A-Z]{1,2}$", label)
    first -= len(letters[0]) if letters else 0
    forms = [form for form in _LABELLED if form.label is not None and form.label.search(label)]
    at: int | None = first
    while at is not None:
        start, at = at, None
        for form in forms:
            found = form.number.match(text, start)
            if found and not is_quantity(text, found.end()) and _is_valid(found[0], form.check):
                yield Finding(start, found.end(), "citizen_id")
                following = _AND.match(text, found.end())
                at = following.end() if following else None
                break


def _is_valid(number: str, check: str | None) -> bool:
    return check is None or bool(import_module(check).is_valid(number))


def _is_bar_code(digits: str) -> bool:
    """Whether twelve digits satisfy the check digit of a UPC, as a tenth of all do; American goods start with 0."""
    return sum(int(digit) * weight for digit, weight in zip(digits, _UPC_WEIGHTS, strict=True)) % 10 == 0
