"""Which encoding bytes are in, and their text: exact, or not at all.

A guess is taken only when it is a confident one. Text that is damaged UTF-8 is not made into something else.
"""

from __future__ import annotations

import codecs
import re

import charset_normalizer

from corpus.read.records import RejectedError

SAMPLE_BYTES = 64 * 1024
"""How many bytes a guess is based on."""

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # Before UTF-16, whose mark it starts with.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r"),
    *("tis_620", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949"),
]
"""Encodings that text on the Web was written in before UTF-8, as Python calls them."""

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
# Of compressed or random bytes a ninth are control characters; text has next to none.
_MIN_CONTROLS, _MIN_CONTROL_SHARE = 5, 0.04

# With fewer bytes outside ASCII, many encodings fit equally well.
_MIN_LEGACY_BYTES, _MIN_LEGACY_SHARE = 4, 0.001
_MAX_MESS = 0.1
# The detector hardly tells the Latin code pages apart, of which cp1252 is the most common by far.
_MAX_CP1252_MESS = 0.15
# Signs that stand in words only when letters of another encoding are taken for them. TCVN3, which was common
# in Vietnam and which no codec knows, is full of them.
_SIGN_IN_WORD = re.compile(r"(?<=[^\W\d_])[¦§¨©¬®¯±²³´µ¶·¸¹¼½¾]")
_MAX_SIGN_SHARE = 0.1


def decode(data: bytes) -> str:
    """The text of a whole file.

    Byte order marks decide, then UTF-8 if it fits, then a confident guess at a legacy encoding.

    Raises:
        RejectedError: binary; or undecodable, with the offset of the first byte that is not UTF-8.
    """
    encoding = detect(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise undecodable(error, encoding) from None


def detect(data: bytes) -> str:
    """The name of the encoding of `data`, for Python's codecs; UTF-8 where it fits.

    Raises:
        RejectedError: binary, or undecodable.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    sample = data[:SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls >= _MIN_CONTROLS and controls >= _MIN_CONTROL_SHARE * len(sample):
        raise RejectedError(
            "binary", f"{controls} of the first {len(sample)} bytes are control characters; this is no text"
        )
    try:
        data.decode()
    except UnicodeDecodeError as error:
        guess = _guess(_sample_around(data, error.start))
        if guess is None:
            raise undecodable(error, "utf-8") from None
        return guess
    return "iso2022_jp" if _is_iso2022_jp(sample) else "utf-8"


def undecodable(error: UnicodeDecodeError, encoding: str) -> RejectedError:
    """The rejection of bytes that are not text in an encoding."""
    name = "UTF-8" if encoding.startswith("utf-8") else encoding
    return RejectedError("undecodable", f"not {name} at byte offset {error.start} (0x{error.object[error.start]:02x})")


def _is_iso2022_jp(sample: bytes) -> bool:
    """Whether ASCII bytes switch to Japanese by an escape sequence."""
    return b"\x1b$B" in sample or b"\x1b$@" in sample


def _sample_around(data: bytes, offset: int) -> bytes:
    """Text around an offset, from after a line end or space to before one, so that no character is cut."""
    begin = max(0, offset - SAMPLE_BYTES // 2)
    sample = data[begin : begin + SAMPLE_BYTES]
    if begin > 0:
        sample = sample[max(sample.find(b"\n", 0, SAMPLE_BYTES // 2), sample.find(b" ", 0, 1024)) + 1 :]
    if begin + SAMPLE_BYTES < len(data):
        cut = max(sample.rfind(b"\n"), sample.rfind(b" "))
        sample = sample[:cut] if cut > 0 else sample
    return sample


def _guess(sample: bytes) -> str | None:
    """The legacy encoding of a sample that is not UTF-8, None without a confident guess."""
    beyond_ascii = len(sample) - len(sample.decode("ascii", "ignore"))
    if beyond_ascii < max(_MIN_LEGACY_BYTES, _MIN_LEGACY_SHARE * len(sample)) or _is_damaged_utf8(sample):
        return None
    matches = list(
        charset_normalizer.from_bytes(sample, cp_isolation=_LEGACY, preemptive_behaviour=False, enable_fallback=False)
    )
    if not matches or matches[0].chaos > _MAX_MESS:
        return None
    choice = _prefer_cp1252(matches)
    signs = len(_SIGN_IN_WORD.findall(sample.decode(choice, "replace")))
    return choice if signs <= _MAX_SIGN_SHARE * beyond_ascii else None


def _prefer_cp1252(matches: list[charset_normalizer.CharsetMatch]) -> str:
    """The best match, or cp1252 where that fits too; cp1258 is told by its combining tones."""
    best = matches[0]
    for match in matches:
        if "cp1252" in match.could_be_from_charset and match.chaos <= _MAX_CP1252_MESS:
            return best.encoding if best.encoding == "cp1258" else "cp1252"
    return best.encoding


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether most characters beyond ASCII are UTF-8; in legacy text next to none are, by chance."""
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd") - sample.count("\ufffd".encode())
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return good >= bad
