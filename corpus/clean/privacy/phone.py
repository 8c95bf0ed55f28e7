"""Telephone numbers: Vietnamese ones in all their forms, international ones with `+`, others behind a label.

Vietnamese prefixes are those of the numbering plan (Thông tư 22/2014/TT-BTTTT and its changes), the eleven-digit mobile
numbers of before September 2018 and the area codes of before 2017 among them, for old news is still news. Numbers that
start with 1800 and 1900 are service lines, which belong to nobody, and so are those with three or four digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.clean.privacy.calling_codes import is_international
from corpus.clean.privacy.context import WORD, in_url, is_other_number, is_quantity
from corpus.clean.privacy.digits import DASHES, SPACES, Group, ends_here, read_groups
from corpus.clean.privacy.finding import Finding

GATE = (
    r"(?:\b0|[+(])[0-9(](?:[ .()\x{a0}\x{2010}-\x{2013}-]{0,4}[0-9]){7}"
    r"|\b84(?:[2-9][0-9]{8}|\)[ .\-]?[2-9][0-9])"
)
"""RE2, for a whole batch: what may be a number without a label."""
LABELS = (
    "sđt|sdt|đtdđ|đt|số điện thoại|số máy|điện thoại|di động|hotline|đường dây nóng|zalo|viber|whatsapp|"
    "tel|telephone|phone|phone number|mobile|cell|contact|fax|tél|téléphone|portable|teléfono|móvil|telefone|"
    "telefon|telefax|telefono|tfno|handy|telp|hp|tlf|tfn|puh|gsm|τηλ|τηλέφωνο|телефон|тел|факс|моб|هاتف|جوال|تلفن|טלפון|फ़ोन|फोन|दूरभाष"
)
WIDE_LABELS = "電話番号|電話|电话|手机|手机号|联系电话|전화|연락처|휴대폰|โทรศัพท์|โทร|เบอร์โทร|☎|📞|📱"
"""Labels in scripts without spaces, and signs; nothing need stand in front of them."""

_START = re.compile(rf"(?<![{WORD}.,+#\-])(?<![0-9]/)(?:\(?\+|\(?0|\([2-9]|84(?=[2-9][0-9]{{8}}|\)))")
_PREFIX = re.compile(
    rf"\(?(?:\+{SPACES[0]}?|00)?84\)?[{SPACES}.{DASHES}]{{0,2}}(?:\(0\){SPACES[0]}?|0)?(?=\(?[1-9])|\(?0(?=[1-9])"
)
_MOBILE = re.compile(r"(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}")
_OLD_MOBILE = re.compile(r"(?:12[0-9]|16[2-9]|18[68]|199)[0-9]{7}")
_LANDLINE = re.compile(
    r"(?:2[48][2-9]|20[3-9]|21[0-68]|22[0-25-9]|23[2-9]|25[1-9]|26[0-39]|27[0-7]|29[0-46-79])[0-9]{7}"
)
_OLD_LANDLINE = re.compile(r"[48][2-9][0-9]{7}|[2-7][0-9][2-9][0-9]{6}|[2-7][0-9]{2}[2-9][0-9]{6}")
# North America with the area in brackets, and Korean mobiles: written like that nothing else is.
_NATIONAL = re.compile(r"(?:\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[-.]|010-[0-9]{4}-)[0-9]{4}(?![0-9])")
_SERVICE = re.compile(r"0?1[89]00|0[0-9]{2,3}[. ]?1022(?![0-9])")
_PHONE_URL = re.compile(r"(?i:(?:zalo\.me|wa\.me|viber\.me|t\.me)/\+?|tel:|sms:|(?:phone|tel|sdt|mobile)=)$")
_LETTERS_BEHIND = re.compile(
    rf"\.(?i:jpe?g|png|gif|webp|pdf|docx?|xlsx?|html?|mp[34]|zip)(?![{WORD}])|/[{SPACES}]?(?:[A-ZĐa-z]|(?:19|20)[0-9]{{2}}(?![0-9]))"
)
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[ ]?[-–][ ]?(?:19|20)[0-9]{2}(?![0-9])"
    r"|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}|[0-9]{4}[.-][0-9]{1,2}[.-][0-9]{1,2}(?![0-9])"
)
_PAIR_BEFORE = re.compile(r"(?<![0-9])[0-9]{2} $")
_PAIR_BEHIND = re.compile(r" [0-9]{2}(?![0-9])")
_OPENING = re.compile(r"[+(]{0,2}")
_MOST = 15
_MIN_LABELLED = 7
_MOST_LABELLED = 13


def find(text: str, start: int, end: int) -> Iterator[Finding]:
    """The numbers without a label from one offset to another."""
    at = start
    while found := _START.search(text, at, end):
        first = found.start()
        behind = _without_label(text, first)
        if behind is not None:
            yield _finding(text, first, behind)
            # `0912345678/0987654321`: the second may follow at once.
            if text[behind : behind + 2] in ("/0", "/+", "-0", "-+"):
                second = _without_label(text, behind + 1)
                if second is not None:
                    yield Finding(behind + 1, second, "phone")
                    behind = second
            at = behind
        else:
            at = found.end()


def find_labelled(text: str, first: int) -> Iterator[Finding]:
    """The number that starts where a label ends; it may be one that only people of its place can dial."""
    vietnamese = _vietnamese(text, first, old=True)
    if vietnamese is not None:
        yield _finding(text, first, vietnamese)
        return
    end = _international(text, first)
    opening = _OPENING.match(text, first)
    number = opening.end() if opening else first
    total = 0
    for group in [] if end else read_groups(text, number, _MOST_LABELLED):
        total += len(group.digits)
        # One digit alone is an extension, `555-0`.
        whole = len(group.digits) > 1 or group.between in ("-", "–")
        if total >= _MIN_LABELLED and whole and ends_here(text, group.end):
            end = group.end
    if end is None or _SERVICE.match(text, number) or _DATE.match(text, number) or is_quantity(text, end):
        return
    if not _LETTERS_BEHIND.match(text, end):
        yield _finding(text, first, end)


def _finding(text: str, first: int, end: int) -> Finding:
    """A number from its opening on; brackets around it, `(0912345678)`, are not its own."""
    around = text[first] == "(" and text.count("(", first, end) > text.count(")", first, end)
    return Finding(first + around, end, "phone")


def _without_label(text: str, first: int) -> int | None:
    end = _vietnamese(text, first)
    if end is None:
        end = _international(text, first)
    if end is None and (national := _NATIONAL.match(text, first)):
        end = national.end()
    if end is None or _LETTERS_BEHIND.match(text, end) or is_other_number(text, first) or is_quantity(text, end):
        return None
    # In addresses and in code a number is a key, unless its name says otherwise.
    if (text[first - 1 : first] == "=" or in_url(text, first)) and not _PHONE_URL.search(
        text[max(0, first - 20) : first]
    ):
        return None
    return end


def _vietnamese(text: str, first: int, *, old: bool = False) -> int | None:
    """Where a Vietnamese number ends that starts at an offset.

    Args:
        text: the text.
        first: where it starts, with what opens it.
        old: whether area codes of before 2017 count.
    """
    prefix = _PREFIX.match(text, first)
    if prefix is None:
        return None
    number = prefix.end() + (text[prefix.end() : prefix.end() + 1] == "(")
    digits = ""
    groups: list[Group] = []
    for group in read_groups(text, number, 10):
        if groups and not _may_follow(groups, group, digits):
            break
        digits += group.digits
        groups.append(group)
        if len(digits) < 9 or not ends_here(text, group.end):
            continue
        if _is_vietnamese(digits, old=old):
            return None if _in_row_of_pairs(text, first, groups) else group.end
    return None


def _is_vietnamese(digits: str, *, old: bool) -> bool:
    if len(digits) == 9 and _MOBILE.fullmatch(digits):
        return True
    if len(digits) == 10 and (_OLD_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        return True
    return old and _OLD_LANDLINE.fullmatch(digits) is not None


def _in_row_of_pairs(text: str, first: int, groups: list[Group]) -> bool:
    """Whether a number of pairs, `09 12 34 45 67`, has more of them beside it, as drawn numbers and tables have."""
    if len(groups) < 5 or any(group.between != " " for group in groups[1:]):
        return False
    before = _PAIR_BEFORE.search(text[max(0, first - 4) : first])
    return before is not None or _PAIR_BEHIND.match(text, groups[-1].end) is not None


def _may_follow(groups: list[Group], group: Group, digits: str) -> bool:
    """Whether a group goes on with a number: one digit alone only behind an area code, as in `0236.3.123456`."""
    if len(group.digits) == 1:
        return digits[0] == "2" and len(groups) == 1
    return len(groups) < 5


def _international(text: str, first: int) -> int | None:
    number = first + (text[first] == "(")
    if text[number : number + 1] != "+":
        return None
    digits = ""
    groups: list[Group] = []
    best = None
    start = number + 1 + (text[number + 1 : number + 2] in (" ", "("))
    for group in read_groups(text, start, _MOST):
        # `+44 (0)20`: the zero is for callers within the country.
        dialled = "" if group.digits == "0" and group.between.endswith("(") else group.digits
        if not dialled:
            continue
        digits += dialled
        groups.append(group)
        if is_international(digits) and ends_here(text, group.end):
            best = group.end
    thousands = all(len(group.digits) == 3 and group.between == "." for group in groups[1:])
    if best is None or (len(groups) > 2 and thousands):
        return None
    return best
