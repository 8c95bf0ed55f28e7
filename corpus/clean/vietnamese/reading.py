"""How well a text reads as Vietnamese in one of the encodings of a byte or two a letter.

Only words that the encoding changes bear witness: each either becomes a syllable or does not. A word with letters that
the encoding lacks speaks against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.clean.vietnamese.common import COMMON
from corpus.clean.vietnamese.encodings import TCVN3_MARKS, Encoding, as_windows_1252, table
from corpus.clean.vietnamese.letters import MARKED, VOWELS, with_tone
from corpus.clean.vietnamese.syllables import syllables

TOKEN = re.compile(
    "[A-Za-z\x01-\x06\x10-\x19\x1c-\x1e\x80-\x9f\xa1-\u02af\u02b0-\u1fff\u200c-\u2027\u202a-\u202e\u2030-\u2fff\u3001-\U0010ffff]+"
)
"""What may be a word: letters, and all that stands for one in some encoding. No-break spaces part words."""
_QUOTES = "“”‘’–—…•‹›™"
_REMEMBERED = 20_000
_PUNCTUATION = re.compile(f"([{_QUOTES}])")
_LONGEST = 14
"""Characters of the longest syllable."""
_SMALL = re.compile("[a-z]")
_ALONE = frozenset("ạáôổởý")
"""Words of one letter."""
_UNITS = frozenset(["µm", "µg", "µl", "µs", "µA", "µF", "µV", "µW"])


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
        """Whether it holds: enough valid words, and enough frequent ones among these, more where few are valid."""
        if self.valid < 3 or self.distinct < 3:
            return False
        if self.valid < 6:
            common = max(common, 0.5)
        return self.share >= least and self.common >= common * self.valid


@cache
def reader(encoding: Encoding) -> Reader:
    """The reader of an encoding, whose memory serves all documents."""
    return Reader(encoding)


class Reader:
    """Reads words in one encoding, and remembers them."""

    def __init__(self, encoding: Encoding) -> None:
        self.table = table(encoding)
        self._lacking = _lacking(encoding)
        self._remembered = lru_cache(_REMEMBERED)(self._read)

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
        return self._remembered(token) if len(token) <= _LONGEST else self._read(token)

    def within(self, found: re.Match[str]) -> str:
        """The word that `TOKEN` found in a line, in Unicode, for replacing it."""
        token = found[0]
        if not _is_sign(token):
            return self.word(token)[0]
        written = self.table.decode(token)
        before = found.string[max(0, found.start() - _LONGEST) : found.start()].rstrip()
        # A sign by itself is a word behind other words; in front of them it is a bullet, behind numbers a unit.
        return written if written.lower() in _ALONE and before and not "0" <= before[-1] <= "9" else token

    def _read(self, token: str) -> tuple[str, bool]:
        whole = self._syllable(token)
        if whole is not None:
            return whole, True
        parts = [self._read_part(part) for part in _PUNCTUATION.split(token)]
        return "".join(written for written, _ in parts), all(valid for _, valid in parts)

    def _read_part(self, part: str) -> tuple[str, bool]:
        """A word between quotes and dashes."""
        if part.isascii() or _PUNCTUATION.fullmatch(part) or _is_sign(part):
            return part, True
        whole = self._syllable(part)
        if whole is not None:
            return whole, True
        core = part.strip("«»©")
        inner = self._syllable(core)
        if inner is not None:
            return part.replace(core, inner), True
        if self._lacking.search(part) or part in _UNITS:
            return part, False
        written = self.table.decode(part)
        foreign = part.isalpha() and _SMALL.search(part) and not _ONE_SYLLABLE.fullmatch(written.lower())
        return (part if foreign else written), False

    def _syllable(self, token: str) -> str | None:
        """The syllable that a word spells, in a case that words have."""
        if len(token) > _LONGEST or _is_sign(token) or token in _UNITS or self._lacking.search(token):
            return None
        written = self.table.decode(token)
        if written.lower() not in syllables():
            return None
        if _SMALL.search(written):
            # Capitals behind a small letter are no letters.
            if any(letter.isupper() and not letter.isascii() for letter in written[1:]):
                return None
        elif sum("A" <= letter <= "Z" for letter in written) > 1:
            # Fonts without capital vowels: VIÖT NAM.
            return written.upper()
        return written


def _is_sign(token: str) -> bool:
    """Whether a word is one character that is no letter to Unicode either; control characters are none."""
    return len(token) == 1 and ord(token) > 0xA0 and not token.isalpha()


@cache
def _lacking(encoding: Encoding) -> re.Pattern[str]:
    """Characters that words in an encoding do not have, or that mean nothing where they stand."""
    if encoding == "VNI":
        marks = "ØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË"
        marks += marks.lower()
        others = "".join(set(map(chr, range(0x80, 0x100))) - set(marks + "ÔÖÑÌÍÆÓÒÎôöñìíæóòî"))
        return re.compile(f"(?<![aeiouyôöAEIOUYÔÖ])[{marks}]|[{re.escape(others)}\x00-\x1f\u0100-\U0010ffff]")
    own = set(table(encoding).encode("".join(MARKED)))
    if encoding == "TCVN3":
        own |= set(map(chr, TCVN3_MARKS))
    seen = as_windows_1252()
    own |= {seen[ord(char)] for char in own if ord(char) in seen}
    return re.compile(f"[^A-Za-z{re.escape(''.join(sorted(own)))}]")


_V = "".join(with_tone(vowel, tone) for vowel in VOWELS for tone in range(6))
_ONE_SYLLABLE = re.compile(f"[bcdđghklmnpqrstvx]{{0,3}}[{_V}]{{1,4}}(?:c|ch|k|m|n|ng|nh|p|t)?|đ")
"""The shape of one syllable, misspelt perhaps; words of more are of other languages."""
