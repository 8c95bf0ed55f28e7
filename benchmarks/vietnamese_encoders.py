"""Vietnamese as it was written before Unicode: encoders for Windows-1258, TCVN3, VNI and VISCII.

Python has a codec for the first alone, and that one takes only text whose tones are combining.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache

_TONES = {"\u0300": 0, "\u0309": 1, "\u0303": 2, "\u0301": 3, "\u0323": 4}


def windows_1258(text: str) -> bytes:
    """Letters composed, tones combining, as Windows wrote them."""
    out = ""
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tone = "".join(part for part in parts if part in _TONES)
        out += unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES)) + tone
    return out.encode("cp1258")


# A vowel, then the bytes of it without a tone and with huyền, hỏi, ngã, sắc, nặng.
_TCVN3 = (
    "a a µ ¶ · ¸ ¹|ă ¨ » ¼ ½ ¾ Æ|â © Ç È É Ê Ë|e e Ì Î Ï Ð Ñ|ê ª Ò Ó Ô Õ Ö|i i × Ø Ü Ý Þ|o o ß á â ã ä|ô « å æ ç è é|"
    "ơ ¬ ê ë ì í î|u u ï ñ ò ó ô|ư \xad õ ö ÷ ø ù|y y ú û ü ý þ"
)
_TCVN3_CAPITALS = dict(zip("ĂÂÊÔƠƯĐ", "¡¢£¤¥¦§", strict=True))
_VNI_TONES = "øûõùï"
_VNI = {"â": "âàåãáä", "ê": "âàåãáä", "ô": "âàåãáä", "ă": "êèúüéë"}
_VNI_ALONE = {"ơ": "ô", "ư": "ö"}
_VNI_I = "ìæóíò"
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụ"
    "ùúũủýợỮ"
)


def tcvn3(text: str) -> bytes:
    """Capitals with a tone are those of a font of capitals, so they have the bytes of small letters."""
    return _by_table(text, _tcvn3_table())


def vni(text: str) -> bytes:
    """A letter, then a letter that stands for its mark and tone."""
    return _by_table(text, _vni_table())


def viscii(text: str) -> bytes:
    """Every letter a byte of its own; six rare capitals, in the control characters, are left out here."""
    return _by_table(text, {char: chr(0x80 + number) for number, char in enumerate(_VISCII)})


LEGACY: dict[str, Callable[[str], bytes]] = {"tcvn3": tcvn3, "vni": vni, "viscii": viscii}


def _by_table(text: str, table: dict[str, str]) -> bytes:
    return "".join(table.get(char, char) for char in text).encode("latin-1")


@cache
def _tcvn3_table() -> dict[str, str]:
    table = {"đ": "®"}
    for row in _TCVN3.split("|"):
        vowel, plain, *toned = row.split(" ")
        table[vowel] = plain
        for tone, at in _TONES.items():
            small = unicodedata.normalize("NFC", vowel + tone)
            table[small] = table[small.upper()] = toned[at]
    return table | _TCVN3_CAPITALS


@cache
def _vni_table() -> dict[str, str]:
    table = {"đ": "ñ", "Đ": "Ñ", "ỵ": "î", "Ỵ": "Î"}
    for vowel in "aăâeêioôơuưy":
        base = unicodedata.normalize("NFD", vowel)[0]
        marks = _VNI.get(vowel, " " + _VNI_TONES)
        for tone, at in {"": -1, **_TONES}.items():
            small = unicodedata.normalize("NFC", vowel + tone)
            if vowel == "i":
                spelt = _VNI_I[at] if tone else "i"
            elif vowel in _VNI_ALONE:
                spelt = _VNI_ALONE[vowel] + (_VNI_TONES[at] if tone else "")
            else:
                spelt = base + marks[at + 1].strip()
            table.setdefault(small, spelt)
            table.setdefault(small.upper(), spelt.upper())
    return table
