"""Encodings from before Unicode, told by the text that they make of the bytes.

Vietnamese goes first, by the shape of its syllables: in every single-byte encoding of it a word is an onset,
a few letters of which some are beyond ASCII, and one of eight codas. The rest is chardet's
(https://chardet.readthedocs.io), which compares pairs of bytes with those of 49 languages in each encoding;
this module says how sure it has to be.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from corpus.read.encoding.names import LOSSLESS, canonical


@dataclass(frozen=True, slots=True)
class Guess:
    """What an encoding was guessed to be."""

    encoding: str | None
    """None where no guess is sure enough."""
    why: str = ""
    """If there is none, why, for a person."""


def guess(sample: bytes) -> Guess:
    """The encoding of a sample that is not UTF-8."""
    beyond_ascii = len(sample) - len(sample.decode("ascii", "ignore"))
    if beyond_ascii < max(_MIN_BYTES, _MIN_SHARE * len(sample)):
        if not _NOT_A_SHARED_SIGN.search(sample):
            return Guess("windows-1252")
        return Guess(None, "too few bytes beyond ASCII to tell another encoding by")
    if _is_damaged_utf8(sample):
        return Guess(None, "mostly UTF-8, so it is taken for nothing else")
    if _is_vietnamese(sample):
        return Guess("windows-1258" if _is_windows_1258(sample) else LOSSLESS)
    return _by_statistics(sample, beyond_ascii)


# With fewer bytes outside ASCII, many encodings fit equally well.
_MIN_BYTES, _MIN_SHARE = 4, 0.001
# But no-break space, quotation marks, dashes, the ellipsis, © ® ™ are the same in all code pages of Windows. In ASCII
# text that has nothing else, and has them where such signs stand, they are not letters of DOS either.
_NOT_A_SHARED_SIGN = re.compile(
    rb"[\x80-\x84\x86-\x90\x95\x98\x9a-\x9f\xa1-\xa8\xaa\xac\xad\xaf-\xba\xbc-\xff]"
    rb"|[A-Za-z][\x85\x93\x94\x96\x97\x99\xa0\xa9\xab\xae\xbb][A-Za-z]|[A-Za-z][\x91\x93\xab]"
)


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether most characters beyond ASCII are UTF-8; in legacy text next to none are, by chance."""
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd") - sample.count("\ufffd".encode())
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return good >= bad


_WORD = re.compile(rb"[A-Za-z\x80-\x9f\xa1-\xff]+")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
# VNI writes a tone as a letter of its own, so a nucleus takes up to five bytes.
_SYLLABLE = re.compile(
    rb"(?i:(?:ngh?|gh?|gi|kh|nh|ph|qu|th|tr|ch|[bcdhklmnpqrstvx\x80-\xff])?[aeiouy\x80-\xff]{1,5}(?:ch|nh|ng|[cmnpt])?)"
)
_MIN_WORDS = 5
# Measured on 200 bytes: Vietnamese .97, .82 and .94 or more; any other language at most .57, .45 and .50, or
# words without a letter of ASCII.
_MIN_SYLLABLES, _MIN_ACCENTED, _MIN_MIXED = 0.85, 0.5, 0.7


def _is_vietnamese(sample: bytes) -> bool:
    """Whether words have the shape of Vietnamese syllables, in whichever single-byte encoding."""
    words = _WORD.findall(sample)
    accented = [word for word in words if _BEYOND_ASCII.search(word)]
    if len(accented) < max(_MIN_WORDS, _MIN_ACCENTED * len(words)):
        return False
    mixed = sum(1 for word in accented if _ASCII_LETTER.search(word))
    syllables = sum(1 for word in words if _SYLLABLE.fullmatch(word))
    return syllables >= _MIN_SYLLABLES * len(words) and mixed >= _MIN_MIXED * len(accented)


_VIETNAMESE = frozenset(
    unicodedata.normalize("NFC", letter + tone)
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
) | frozenset("đĐ")
_MIN_VIETNAMESE = 0.95


def _is_windows_1258(sample: bytes) -> bool:
    """Whether Vietnamese is in Windows-1258: else it is in the encoding of some font, of which there are dozens."""
    text = unicodedata.normalize("NFC", sample.decode("cp1258", "replace"))
    letters = [char for char in text if ord(char) >= 0x80 and (char.isalpha() or unicodedata.combining(char))]
    return sum(1 for char in letters if char in _VIETNAMESE) >= max(1, _MIN_VIETNAMESE * len(letters))


_DIGIT = re.compile(rb"[0-9]")
# So rare that a short text in something else is the likelier one.
_HARDLY_EVER = ("cp1006", "hp-roman8", "kz1048", "ptcp154", "cp1125")
# Cosine of the pairs of bytes and a model's, which is low for short text. Random bytes come to .05.
_MIN_CONFIDENCE = 0.06
# The same but for more characters.
_WIDER = {
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "shift_jis_2004": "cp932",
    "euc_jis_2004": "euc_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
}


def _by_statistics(sample: bytes, beyond_ascii: int) -> Guess:
    """The most likely encoding that makes words of the bytes."""
    # Not at the top: the models are read when the module is, and most builds never need them.
    import chardet

    # Each word once, and no numbers, or lines that come again and again would outweigh the language.
    words = b" ".join(word for word in dict.fromkeys(sample.split()) if not _DIGIT.search(word)) or sample
    found = chardet.detect_all(
        words,
        ignore_threshold=True,
        encoding_era=chardet.EncodingEra.ALL & ~chardet.EncodingEra.MAINFRAME,
        exclude_encodings=_HARDLY_EVER,
        max_bytes=len(words),
        compat_names=False,
    )
    likely = [match["encoding"] or "utf" for match in found if match["confidence"] >= _MIN_CONFIDENCE]
    names = [name for name in likely if not name.startswith("utf")]
    for name in names:
        encoding = canonical(_WIDER.get(name.lower(), name))
        if _makes_words(sample, encoding, beyond_ascii):
            return Guess(_windows_twin(sample, encoding))
    tried = f"{canonical(names[0])} makes no words of it" if names else "none is sure enough"
    return Guess(None, f"of the other encodings {tried}")


_WINDOWS_TWINS = {
    "1": "1252",
    "9": "1254",
    "2": "1250",
    "4": "1257",
    "7": "1253",
    "8": "1255",
    "13": "1257",
    "15": "1252",
    "16": "1250",
}


def _windows_twin(sample: bytes, encoding: str) -> str:
    """The Windows code page that reads the sample alike, where an ISO encoding has one: what follows is better read by
    it, for it has quotation marks, dashes and the euro where ISO has control characters."""
    twin = f"windows-{_WINDOWS_TWINS.get(encoding.removeprefix('iso-8859-'), '')}"
    if twin == "windows-" or sample.decode(twin, "replace") != sample.decode(encoding, "replace"):
        return encoding
    return twin


# A capital behind a small letter, letters of two scripts side by side, a sign between letters: where one of them is
# beyond ASCII, these are letters of another encoding.
_ODD = re.compile(
    "[agcl](?=[GCL])|[gcl](?=A)|[aAlL](?=[gGcC])|[gG](?=[aAlLcC])|[cC](?=[aAlLgG])|[aAgGcClL](?=s+[aAgGcClL])|[lL](?=o)|o(?=[lL])|x"
)
# Measured on 60 to 1000 bytes of 50 pairs of language and encoding: right answers have none.
_MAX_ODD_SHARE = 0.1
_SCRIPTS = {"LATIN": "l", "GREEK": "g", "CYRILLIC": "c"}


def _makes_words(sample: bytes, encoding: str, beyond_ascii: int) -> bool:
    if encoding == "windows-1258" and not _is_windows_1258(sample):
        return False
    text = sample.decode(encoding, "replace")
    kinds = {ord(char): _kind(char) for char in set(text)}
    return len(_ODD.findall(text.translate(kinds))) <= _MAX_ODD_SHARE * beyond_ascii


def _kind(char: str) -> str:
    """One letter for a character: `l` for a small Latin one, `L` for a capital, `o` for one of a script that has
    no capitals, `s` for a sign, `x` for a control.
    """
    category = unicodedata.category(char)
    if char.isascii():
        return {"Lu": "A", "Ll": "a"}.get(category, " ")
    if category in ("Lu", "Ll"):
        script = _SCRIPTS.get(unicodedata.name(char, "").split(" ")[0], " ")
        return script.upper() if category == "Lu" else script
    if category in ("Lo", "Cc"):
        return "o" if category == "Lo" else "x"
    return "s" if category in ("So", "Sm", "Sc", "Sk", "No", "Cn", "Co") or char in "«»‹›" else " "
