"""The tables of five ways to write Vietnamese before Unicode, each both ways.

TCVN3 is TCVN 5712:1993 as the .Vn fonts used it (whose capitals, in fonts such as .VnTimeH, are small letters: text in
them becomes small letters). VISCII and VIQR stand in RFC 1456. VNI writes a vowel and a mark as two characters. VPS is
that of the Vietnamese Professionals Society.

Rows hold a vowel in the order of `TONE_MARKS`, as bytes in hexadecimal: its small letters, then its capitals.
The last row is đ.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from corpus.clean.vietnamese.letters import VOWELS, with_tone

Encoding = Literal["TCVN3", "VNI", "VISCII", "VPS", "VIQR"]
ENCODINGS: tuple[Encoding, ...] = ("TCVN3", "VNI", "VISCII", "VPS", "VIQR")

_TCVN3 = """
61 B5 B8 B6 B7 B9  41 80 83 81 82 84
A8 BB BE BC BD C6  A1 AF C0 BA BF 85
A9 C7 CA C8 C9 CB  A2 C1 C4 C2 C3 86
65 CC D0 CE CF D1  45 87 8A 88 89 8B
AA D2 D5 D3 D4 D6  A3 C5 DA CD D9 8C
69 D7 DD D8 DC DE  49 8D 90 8E 8F 91
6F DF E3 E1 E2 E4  4F 92 95 93 94 96
AB E5 E8 E6 E7 E9  A4 DB FF E0 F0 97
AC EA ED EB EC EE  A5 98 9B 99 9A 9C
75 EF F3 F1 F2 F4  55 9D 01 9E 9F 02
AD F5 F8 F6 F7 F9  A6 04 11 05 06 12
79 FA FD FB FC FE  59 13 16 14 15 17
AE A7
"""
_VISCII = """
61 E0 E1 E4 E3 D5  41 C0 C1 C4 C3 80
E5 A2 A1 C6 C7 A3  C5 82 81 02 05 83
E2 A5 A4 A6 E7 A7  C2 85 84 86 06 87
65 E8 E9 EB A8 A9  45 C8 C9 CB 88 89
EA AB AA AC AD AE  CA 8B 8A 8C 8D 8E
69 EC ED EF EE B8  49 CC CD 9B CE 98
6F F2 F3 F6 F5 F7  4F D2 D3 99 A0 9A
F4 B0 AF B1 B2 B5  D4 90 8F 91 92 93
BD B6 BE B7 DE FE  B4 96 95 97 B3 94
75 F9 FA FC FB F8  55 D9 DA 9C 9D 9E
DF D7 D1 D8 E6 F1  BF BB BA BC FF B9
79 CF FD D6 DB DC  59 9F DD 14 19 1E
F0 D0
"""
_VPS = """
61 E0 E1 E4 E3 E5  41 80 C1 81 82 02
E6 A2 A1 A3 A4 A5  88 8E 8D 8F F0 04
E2 C0 C3 C4 C5 C6  C2 84 83 85 1C 03
65 E8 E9 C8 EB CB  45 D7 C9 DE FE 05
EA 8A 89 8B CD 8C  CA 93 90 94 95 06
69 EC ED CC EF CE  49 B5 B4 B7 B8 10
6F F2 F3 D5 F5 86  4F BC B9 BD BE 11
F4 D2 D3 B0 87 B6  D4 97 96 98 99 12
D6 A9 A7 AA AB AE  F7 9E 9D 9F A6 13
75 F9 FA FB DB F8  55 A8 DA D1 AC 14
DC D8 D9 BA BB BF  D0 AF AD B1 1D 15
79 FF 9A 9B CF 9C  59 B2 DD FD B3 19
C7 F1
"""
TCVN3_MARKS = {0xB0: 1, 0xB1: 3, 0xB2: 4, 0xB3: 2, 0xB4: 5}
"""Bytes of tones that stand behind their vowel."""

# Behind a base letter, for each of the six tones: VNI's marks on a plain vowel and on â, ê, ô; those of ă.
_VNI_PLAIN, _VNI_ROOF, _VNI_BREVE = " ØÙÛÕÏ", "ÂÀÁÅÃÄ", "ÊÈÉÚÜË"
_VNI_BASES = {"ơ": "Ô", "ư": "Ö"}
_VNI_SINGLE = {"đ": "Ñ", "ì": "Ì", "í": "Í", "ỉ": "Æ", "ĩ": "Ó", "ị": "Ò", "ỵ": "Î"}

_VIQR_SHAPES = {"â": "a^", "ă": "a(", "ê": "e^", "ô": "o^", "ơ": "o+", "ư": "u+"}
_VIQR_TONES = ("", "`", "'", "?", "~", ".")


@dataclass(frozen=True, slots=True)
class Table:
    """An encoding, both ways."""

    name: Encoding
    decode: Callable[[str], str]
    """From bytes seen as Latin-1 or Windows-1252 to Unicode NFC. What is not in the table stays."""
    encode: Callable[[str], str]
    """From Unicode NFC to bytes seen as Latin-1."""


@cache
def table(name: Encoding) -> Table:
    """The table of an encoding."""
    if name == "VNI":
        return _vni()
    if name == "VIQR":
        return _viqr()
    return _single_bytes(name, {"TCVN3": _TCVN3, "VISCII": _VISCII, "VPS": _VPS}[name])


@cache
def as_windows_1252() -> dict[int, str]:
    """What bytes 80 to 9F look like in Windows-1252."""
    return {byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in _UNUSED_IN_1252}


_UNUSED_IN_1252 = {0x81, 0x8D, 0x8F, 0x90, 0x9D}


def _single_bytes(name: Encoding, rows: str) -> Table:
    """An encoding of a byte a letter."""
    codes = [int(code, 16) for code in rows.split()]
    cased = [letter for vowel in VOWELS for letter in (vowel, vowel.upper())]
    letters = [with_tone(vowel, tone) for vowel in cased for tone in range(6)] + ["đ", "Đ"]
    byte_of = {letter: code for letter, code in zip(letters, codes, strict=True) if not letter.isascii()}
    seen: dict[int, str] = {}
    for letter, byte in byte_of.items():
        seen[byte] = letter
        if byte in as_windows_1252():
            seen[ord(as_windows_1252()[byte])] = letter
    encoder = {ord(letter): chr(byte) for letter, byte in byte_of.items()}
    if name != "TCVN3":
        return Table(name, lambda text: text.translate(seen), lambda text: text.translate(encoder))
    combining = re.compile(f"([{VOWELS}])([{''.join(map(chr, TCVN3_MARKS))}])", re.IGNORECASE)
    by_mark = {chr(byte): tone for byte, tone in TCVN3_MARKS.items()}

    def decode(text: str) -> str:
        return combining.sub(lambda found: with_tone(found[1], by_mark[found[2]]), text.translate(seen))

    return Table(name, decode, lambda text: text.translate(encoder))


def _vni() -> Table:
    written: dict[str, str] = {}
    for vowel in VOWELS:
        for tone in range(6):
            if vowel in "ăâ":
                pair = "A" + (_VNI_BREVE if vowel == "ă" else _VNI_ROOF)[tone]
            elif vowel in "êô":
                pair = ("E" if vowel == "ê" else "O") + _VNI_ROOF[tone]
            else:
                pair = (_VNI_BASES.get(vowel, vowel.upper()) + _VNI_PLAIN[tone]).rstrip()
            letter = with_tone(vowel, tone)
            written[letter] = _VNI_SINGLE.get(letter, pair).lower()
    written["đ"] = _VNI_SINGLE["đ"].lower()
    written |= {letter.upper(): pair.upper() for letter, pair in written.items()}
    encoder = {ord(letter): pair for letter, pair in written.items() if not letter.isascii()}
    decoder: dict[str, str] = {}
    for letter, pair in written.items():
        # Marks of either case are seen behind capitals. Some fonts have marks for i and ỵ too.
        for seen in {pair, pair[0] + pair[1:].lower(), pair[0] + pair[1:].upper()}:
            decoder[seen] = letter
    for tone in range(1, 6):
        for vowel in "iIyY":
            for mark in (_VNI_PLAIN[tone], _VNI_PLAIN[tone].lower()):
                decoder[vowel + mark] = with_tone(vowel, tone)
    marks = "".join({mark + mark.lower() for mark in (_VNI_PLAIN + _VNI_ROOF + _VNI_BREVE).replace(" ", "")})
    singles = "".join(pair for pair in decoder if len(pair) == 1 and not pair.isascii())
    unit = re.compile(f"[aeiouyôö][{marks}]|[{singles}]", re.IGNORECASE)
    return Table(
        "VNI",
        lambda text: unit.sub(lambda found: decoder.get(found[0], found[0]), text),
        lambda text: text.translate(encoder),
    )


def _viqr() -> Table:
    written = {"đ": "dd", "Đ": "DD"}
    for cased in (VOWELS, VOWELS.upper()):
        for vowel in cased:
            shape = _VIQR_SHAPES.get(vowel.lower(), vowel)
            base = shape.upper() if vowel.isupper() else shape
            for tone, mark in enumerate(_VIQR_TONES):
                written[with_tone(vowel, tone)] = base + mark
    encoder = {ord(letter): units for letter, units in written.items() if not letter.isascii()}
    decoder = {units: letter for letter, units in written.items()} | {"Dd": "Đ", "dD": "đ"}
    # A star does for the horn's plus.
    unit = re.compile(r"[dD]{2}|(?:[aAeEoO]\^|[aA]\(|[oOuU][+*]|[aeiouyAEIOUY])[`'?~.]?")

    def decode(text: str) -> str:
        return unit.sub(lambda found: decoder[found[0].replace("*", "+")], text)

    return Table("VIQR", decode, lambda text: text.translate(encoder))
