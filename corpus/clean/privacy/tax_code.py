"""Vietnamese tax codes (mã số thuế): ten digits with a check digit, and three more for a branch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.clean.privacy.context import EDGE_BEFORE, EDGE_BEHIND, in_url, within
from corpus.clean.privacy.finding import Finding

GATE = r"\b[0-9]{10}-[0-9]{3}"
"""RE2, for a whole batch: the long form, which needs no label."""
LABELS = (
    "mã số thuế|mst|mã số doanh nghiệp|mã doanh nghiệp|msdn|mã số hộ kinh doanh|giấy chứng nhận đăng ký doanh nghiệp|"
    "giấy chứng nhận đăng ký kinh doanh|đăng ký kinh doanh số|giấy phép kinh doanh|gpkd|gcnđkdn|đkkd|ma so thue|"
    "tax code|tax id|tax number|tax identification number"
)

_LONG = re.compile(rf"{EDGE_BEFORE}[0-9]{{10}}-[0-9]{{3}}{EDGE_BEHIND}")
_LABELLED = re.compile(
    rf"[0-9]{{2}}[ .]?[0-9]{{8}}(?:[ ]?[-–]?[ ]?[0-9]{{3}})?{EDGE_BEHIND}|(?:[0-9][ .]?){{9}}[0-9]{EDGE_BEHIND}"
)


def find(text: str, start: int, end: int) -> Iterator[Finding]:
    """Codes with the number of a branch."""
    for found in within(_LONG, text, start, end):
        if _is_valid(found[0]) and not in_url(text, found.start()):
            yield Finding(found.start(), found.end(), "tax_code")


def find_labelled(text: str, first: int) -> Iterator[Finding]:
    """The code that starts behind a label."""
    found = _LABELLED.match(text, first)
    if found and _is_valid(found[0]):
        yield Finding(first, found.end(), "tax_code")


def _is_valid(code: str) -> bool:
    from stdnum.vn import mst

    return mst.is_valid(code.replace("–", "-"))
