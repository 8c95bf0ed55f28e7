"""VIQR: Vietnamese typed in ASCII, as in `Tie^'ng Vie^.t` (RFC 1456).

Its marks are also punctuation. A word is changed only where it becomes a syllable, so that addresses, code and English
stay; and a full stop, question mark or quote behind a word that needs no mark there stays where a sentence may end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.clean.vietnamese.common import COMMON
from corpus.clean.vietnamese.encodings import table
from corpus.clean.vietnamese.syllables import syllables

_TOKEN = re.compile(r"(?<![\w@\\^+*'`~.={}<>|$#&])[A-Za-z][A-Za-z(^+*'`~?.\\]*")
_ESCAPED = re.compile(r"\\([.?'`~^(+*d])")
_SHAPED = re.compile(r"[aeoAEO]\^|[ouOU][+*]|[aA]\([`'?~.]?[cmnptCMNPT]|\A[dD]{2}")
"""Units that English, unlike `a.` and `o'`, does not have."""
_MARKS = "`'?~."
_ENDS = "?.'"
_FIRST_OF_TWO = re.compile("u(?=[ơờớởỡợ])", re.IGNORECASE)
_NO_WORD_BEFORE = tuple("0123456789_@\\={}<>|$#&")
_LONGEST = 16


@dataclass(slots=True)
class ViqrReading:
    """What the words of a text say about VIQR."""

    shaped: int = 0
    """Words with a unit that only VIQR has."""
    valid: int = 0
    """Those that become syllables."""
    common: int = 0
    """Those that become very frequent ones."""
    distinct: set[str] = field(default_factory=set)
    """Different ones among the valid."""
    words: int = 0
    """All words, those of plain ASCII too."""
    syllables: int = 0
    """Those that are syllables, once changed."""

    def is_sure(self) -> bool:
        """Whether it holds."""
        if len(self.distinct) < 4:
            return False
        return (
            self.valid >= 0.85 * self.shaped
            and self.common >= 0.2 * self.valid
            and (self.syllables >= 0.6 * self.words or (self.valid >= 8 and self.valid >= 0.95 * self.shaped))
            and self.shaped >= 0.12 * self.words
        )


def read_viqr(text: str) -> ViqrReading:
    """Judge a text."""
    reading = ViqrReading()
    for found in _TOKEN.finditer(text):
        token = found[0]
        reading.words += 1
        shaped = len(token) > 1 and _SHAPED.search(token) is not None
        reading.shaped += shaped
        written = _syllable(token, text, found.start())
        if written is None:
            continue
        reading.syllables += 1
        if shaped and written != token:
            lower = written.strip(_MARKS).lower()
            reading.valid += 1
            reading.common += lower in COMMON
            reading.distinct.add(lower)
    return reading


def decode_viqr(text: str) -> str:
    """Turn every word that becomes a syllable into Unicode."""

    def change(found: re.Match[str]) -> str:
        written = _syllable(found[0], text, found.start())
        return found[0] if written is None else written

    return _TOKEN.sub(change, text)


def _syllable(token: str, text: str, start: int) -> str | None:
    """The syllable that a word spells, with the punctuation behind it; none if it spells none."""
    end = start + len(token)
    if len(token) > _LONGEST or text[end : end + 1] in _NO_WORD_BEFORE:
        return None
    if "/" in (text[start - 1 : start], text[end : end + 1]) and not _SHAPED.search(token):
        return None
    decode = table("VIQR").decode
    tail = ""
    if "\\" in token:
        token, _, escaped = token.partition("\\")
        tail = _ESCAPED.sub(r"\1", "\\" + escaped)
        if tail.strip(_MARKS):
            return None
    while len(token) > 1 and token[-1] in _MARKS and decode(token)[-1] == token[-1]:
        token, tail = token[:-1], token[-1] + tail
    readings = [(token, tail)]
    if not tail and len(token) > 1 and token[-1] in _ENDS:
        readings.insert(not _ends_sentence(token, text, end), (token[:-1], token[-1]))
    for word, punctuation in readings:
        written = decode(word)
        if written.lower() in syllables():
            return written + punctuation
        # Many left out the first horn of two: nguo+`i.
        written = _FIRST_OF_TWO.sub(lambda found: "ư" if found[0] == "u" else "Ư", written)
        if written.lower() in syllables():
            return written + punctuation
    for word, punctuation in readings:
        if _is_two(decode(word).lower()):
            return decode(word) + punctuation
    return None


def _is_two(written: str) -> bool:
    """Whether a word is two syllables with marks in one, such as ôtô."""
    pairs = ((written[:at], written[at:]) for at in range(1, len(written)))
    return any(not half.isascii() and not rest.isascii() and {half, rest} <= syllables() for half, rest in pairs)


def _ends_sentence(token: str, text: str, end: int) -> bool:
    """Whether the mark that closes a word may be punctuation, and more likely is."""
    behind = text[end : end + 3].lstrip(" \t")
    if token[-1] == "'" or not (behind == "" or behind[0] in "\r\n\"')" or behind[0].isupper()):
        return False
    toned, bare = (table("VIQR").decode(part).lower() for part in (token, token[:-1]))
    if toned in COMMON and not bare.isascii() and bare not in COMMON:
        return False
    # Ha. Long is a name, `ba. Long` is not.
    return not (behind[:1].isupper() and token[0].isupper())
