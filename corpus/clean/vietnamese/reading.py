"""How well a text reads as Vietnamese in one of the encodings of a byte or two a letter.

Only words that the encoding changes bear witness: each either becomes a syllable or does not. A word with letters that
the encoding lacks speaks against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.clean.vietnamese.common import COMMON
from corpus.clean.vietnamese.encodings import Encoding, Table, as_windows_1252, table
from corpus.clean.vietnamese.letters import VOWELS, with_tone
from corpus.clean.vietnamese.syllables import syllables

TOKEN = re.compile(
    "[A-Za-z\x01-\x06\x10-\x19\x1c-\x1e\x80-\x9f\xa1-\u02af\u02b0-\u1fff\u200c-\u2027\u202a-\u202e\u2030-\u2fff\u3001-\U0010ffff]+"
)
"""What may be a word: letters, and all that stands for one in some encoding. No-break spaces part words."""
_QUOTES = "“”‘’–—…•‹›«»™©"
_SMALL = re.compile("[a-z]")
_ASIDE = frozenset("µm µg µl µs µA µF µV µW".split())


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words of a text say about an encoding."""

    encoding: Encoding
    words: int
    """Words with letters beyond ASCII that it changes, or that speak against it."""
    valid: int
    """Those that it turns into syllables."""
    common: int
    """Those that it turns into very frequent ones."""
    distinct: int
    """Different ones among the valid."""

    @property
    def share(self) -> float:
        """Valid among all, 0 to 1."""
        return self.valid / self.words if self.words else 0.0

    def is_sure(self, least: float, common: float) -> bool:
        """Whether it holds: enough valid words, and enough frequent ones among these; fewer words must fit better."""
        if self.valid < 3 or self.distinct < 3:
            return False
        if self.valid < 6:
            least, common = 1.0, max(common, 0.6)
        return self.share >= least and self.common >= common * self.valid


class Reader:
    """Reads words in one encoding, and remembers them for as long as it lives."""

    def __init__(self, encoding: Encoding) -> None:
        self.table = table(encoding)
        self._known: dict[str, tuple[str, bool]] = {}
        self._lacking = _lacking(encoding)

    def read(self, tokens: Sequence[str]) -> Reading:
        """Judge words, of which none is plain ASCII."""
        words = valid = common = 0
        distinct = set()
        for token in tokens:
            written, is_valid = self.word(token)
            if written == token and is_valid:
                continue
            words += 1
            if is_valid:
                valid += 1
                lower = written.lower()
                common += lower in COMMON
                distinct.add(lower)
        return Reading(self.table.name, words, valid, common, len(distinct))

    def word(self, token: str) -> tuple[str, bool]:
        """A word in Unicode, and whether it is a syllable then; as it was where it belongs to another language."""
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = self._read(token)
        return known

    def _read(self, token: str) -> tuple[str, bool]:
        whole = self._syllable(token)
        if whole is not None:
            return whole, True
        core = token.strip(_QUOTES)
        if not core:
            return token, True
        start = token.index(core)
        left, right = token[:start], token[start + len(core) :]
        if core.isascii():
            return token, True
        inner = self._syllable(core) if len(core) < len(token) else None
        if inner is not None:
            return left + inner + right, True
        if self._lacking.search(core) or core in _ASIDE or (len(core) == 1 and not core.isalpha()):
            return token, len(core) == 1 and not core.isalpha()
        written = self.table.decode(core)
        if core.isalpha() and not _ONE_SYLLABLE.fullmatch(written.lower()):
            return token, False
        return left + written + right, False

    def _syllable(self, token: str) -> str | None:
        """The syllable that a word spells, in a case that words have."""
        if len(token) > 2 * 7 or self._lacking.search(token):
            return None
        written = self.table.decode(token)
        if written.lower() not in syllables():
            return None
        if len(token) == 1 and not token.isalpha() and token != "«":
            return None
        if _SMALL.search(written):
            # Capitals behind a small letter, and quotes in front of one, are no letters.
            in_front = self.table.name == "TCVN3" and token[0] in _QUOTES and written[0].isupper()
            if in_front or any(letter.isupper() and not letter.isascii() for letter in written[1:]):
                return None
        elif sum("A" <= letter <= "Z" for letter in written) > 1:
            # Fonts without capital vowels: VIÖT NAM.
            return written.upper()
        return written


@cache
def _lacking(encoding: Encoding) -> re.Pattern[str]:
    """Characters that text in an encoding cannot have inside words, or that mean nothing where they stand."""
    letters = "".join(with_tone(vowel, tone) for vowel in VOWELS + VOWELS.upper() for tone in range(6)) + "đĐ"
    if encoding == "VNI":
        return re.compile("(?<![aeiouyôöAEIOUYÔÖ])[ØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜËøùûõïâàáåãäêèéúüë]|[\x00-\x1f\x80-\xa0ÇÐ×ÝÞßçð÷ýþÿ¡-¿\u0100-\U0010ffff]")
    high = set(map(chr, range(0x80, 0x100))) | set(as_windows_1252().values()) | set(map(chr, range(0x20)))
    own = _letters_of(table(encoding), letters)
    known = "".join(sorted(high & own | set(_QUOTES)))
    return re.compile(f"[^A-Za-z{re.escape(known)}]")


def _letters_of(encoding: Table, letters: str) -> set[str]:
    own = set(encoding.encode(letters))
    return own | {as_windows_1252()[ord(char)] for char in own if ord(char) in as_windows_1252()} | (
        set("\xb0\xb1\xb2\xb3\xb4") if encoding.name == "TCVN3" else set()
    )


_V = "".join(with_tone(vowel, tone) for vowel in VOWELS for tone in range(6))
_ONE_SYLLABLE = re.compile(f"[bcdđghklmnpqrstvx]{{0,3}}[{_V}]{{1,4}}(?:c|ch|k|m|n|ng|nh|p|t)?")
"""The shape of one syllable, misspelt perhaps; words of more are of other languages."""
