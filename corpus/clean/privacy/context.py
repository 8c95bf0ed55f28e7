"""What stands around a number: most numbers are told apart by their neighbours alone.

No look reaches over a line break, a bracket `[` or an `@`. So nothing in front of a placeholder says anything about
what stands behind it, and masking brings up few new findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

WORD = "0-9A-Za-z_\u00c0-\u024f\u1e00-\u1eff"
"""Latin letters and digits, as in a class. A number may stand right beside an ideograph, but not beside these."""
EDGE_BEFORE = rf"(?<![{WORD}.,+#/=\-])"
"""In front of a number that stands for itself."""
EDGE_BEHIND = rf"(?![{WORD}]|[.,/:\-][{WORD}])"

MAX_VALUE_CHARS = 64
"""No number that is searched for is longer, with all that stands between its digits."""
REACH = 40
"""Characters that a word may stand away from the number that it speaks of."""
_URL_REACH = 300
_URL = re.compile(r"://|(?i:\bwww\.|^[\w.\-]+\.[a-z]{2,}/)")
_STOP = re.compile(r"[\n\[@]")

# In small letters, as units are: a name or a sentence may start behind a number. `đ/c` is an address.
_UNIT = re.compile(
    r"[ \u00a0]?(?:[%‰$€£¥₫²³]|(?:đồng|đ(?!/)|vnđ|VNĐ|vnd|VND|usd|USD|eur|EUR|euro|đô|dollars?|tỉ|tỷ|triệu|nghìn|ngàn|"
    r"trăm|vạn|người|cổ phiếu|cp|tấn|tạ|kg|g|mg|lít|km|m|cm|mm|m2|m3|ha|kWh|MW|lượt|chiếc|phiếu|đơn vị|sản phẩm|"
    rf"thuê bao|tài khoản|views?|people|shares?|tons?|units?|likes?)(?![{WORD}]))"
)

_OTHER_NUMBER = re.compile(
    rf"(?<![{WORD}])(?:(?:isbn(?:-1[03])?|issn|ean|upc|gtin|doi|cas|imei|iccid|sku|asin|oclc|pmid|arxiv|"
    r"mã đơn|đơn hàng|vận đơn|mã vạch|mã hàng|mã sản phẩm|mã sp|mã hồ sơ|mã giao dịch|mã số|mã gd|mã tra cứu|"
    r"hóa đơn|hoá đơn|số hiệu|số seri|sê-ri|seri|biển số|công văn|quyết định|nghị định|thông tư|thông báo|"
    r"xổ số|vé số|bộ số|dãy số|kỳ quay|giải nhất|giải nhì|giải ba|giải tư|jackpot|vĩ độ|kinh độ|tọa độ|toạ độ|"
    r"stk|mst|số tk|số tài khoản|tài khoản số|phiên bản|barcode|bar code|order|tracking|invoice|serial|reference|"
    r"ticket|version|commit|build|hash|checksum|timestamp|lat|lon|lng|latitude|longitude|account)"
    rf"(?![{WORD}])[^\d\n]{{0,24}}"
    rf"|(?:mã|id|uid|ref|case|part|item|model|bản ghi)(?: (?:số|no\.?|number))?[ :#.]{{0,3}})$",
    re.IGNORECASE,
)
_CALL = re.compile(
    rf"(?<![{WORD}])(?:gọi|liên hệ|liên lạc|điện thoại|sđt|sdt|đt|zalo|viber|whatsapp|hotline|tel|phone|call|mobile|"
    rf"nhắn tin|alo|cccd|cmnd|căn cước|chứng minh)(?![{WORD}])",
    re.IGNORECASE,
)


def within(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Matches that start between two offsets, without searching the rest of the text for the next one."""
    for found in pattern.finditer(text, start, min(len(text), end + MAX_VALUE_CHARS)):
        if found.start() >= end:
            return
        yield found


def before(text: str, start: int, reach: int = REACH) -> str:
    """What stands in front of an offset: so many characters at most, and no further than a stop."""
    near = text[max(0, start - reach) : start]
    stops = list(_STOP.finditer(near))
    return near[stops[-1].end() :] if stops else near


def is_other_number(text: str, start: int) -> bool:
    """Whether words in front say that a number is that of a book, an order, a decree or the like."""
    found = _OTHER_NUMBER.search(before(text, start))
    return found is not None and _CALL.search(found[0]) is None


def is_quantity(text: str, end: int) -> bool:
    """Whether a unit, a currency or what is counted follows."""
    return _UNIT.match(text, end) is not None


def in_url(text: str, start: int) -> bool:
    """Whether an offset is inside a web address, whose numbers are keys of pages."""
    near = text[max(0, start - _URL_REACH) : start]
    if not near or near[-1].isspace():
        return False
    return _URL.search(near.split()[-1]) is not None
