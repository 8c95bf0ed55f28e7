"""Which syllables Vietnamese can write, and which vowel of each bears the tone.

A syllable is an onset, a rime and a tone. Rimes that end in a stop (c, ch, p, t) take two of the six tones only. Two
styles differ in where rimes of a glide and one vowel bear the tone: the old one writes hòa, khỏe, thủy, the new one
hoà, khoẻ, thuỷ. Everything else is the same in both. Tables: Hoàng Phê (ed.), Từ điển tiếng Việt, and decision
240/QĐ (1984) of the Ministry of Education for the new style.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

from corpus.clean.vietnamese.letters import VOWELS, with_tone

Style = Literal["old", "new"]
"""How hòa (`old`), hoà (`new`) are written."""

ONSETS = tuple(" b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split(" "))  # noqa: SIM905
RIMES = tuple(resources.files(__package__).joinpath("rimes.txt").read_text(encoding="utf-8").split())
_AFTER_QU = ["y", "ych", "yên", "yêt", "yêu", "yn", "ynh", "yp", "yt", "yu"]
"""Rimes with y that follow qu, whose u belongs to the onset: quyên."""
_OE_ONSETS = frozenset(("", *["b", "ch", "đ", "h", "kh", "l", "ng", "nh", "t", "x"]))
"""Onsets of `oe`; without them, names such as Noé would be syllables."""
_HIGHLAND = ["ak", "ăk", "ek", "êk", "ik", "ok", "ôk", "ơk", "uk", "ưk"]
"""Rimes of place names of the central highlands: Đắk Lắk."""
_MOVABLE = frozenset(("oa", "oe", "uy"))
_ONLY_HEAVY = "gịa"
"""Of g and `ia` there is one word, as in giặt gịa; gía and gìa are giá and già with the tone astray."""
_STOPS = ("c", "ch", "p", "t", "k")
_RISING, _HEAVY = 2, 5


class Syllable(NamedTuple):
    """A syllable without its tone."""

    onset: str
    rime: str

    def tones(self) -> tuple[int, ...]:
        """The tones that it can have, but for the level one."""
        return (_RISING, _HEAVY) if self.rime.endswith(_STOPS) else (1, 2, 3, 4, 5)

    def write(self, tone: int, style: Style) -> str:
        """In lower case and NFC, with the tone where it belongs."""
        return self.write_at(tone, self.bearer(style))

    def write_at(self, tone: int, vowel: int) -> str:
        """With the tone on another letter of the rime; on the last of the onset, if below 0."""
        bare = self.onset + self.rime
        at = len(self.onset) + vowel
        return bare[:at] + with_tone(bare[at], tone) + bare[at + 1 :]

    def vowels(self) -> int:
        """How many vowel letters the rime opens with."""
        return next((at for at, letter in enumerate(self.rime) if letter not in VOWELS), len(self.rime))

    def bearer(self, style: Style) -> int:
        """Index in the rime of the letter that bears the tone."""
        rime, vowels = self.rime, self.vowels()
        if vowels < len(rime):
            return vowels - 1
        if vowels == 1 or (vowels == 2 and rime[:2] in _MOVABLE and style == "old"):
            return 0
        if vowels == 3:
            return 1
        return int(rime in _MOVABLE or rime in ("uê", "uơ"))


def all_syllables() -> Iterator[Syllable]:
    """Every pair of an onset and a rime that spelling allows; that a word has it is another matter."""
    for onset in ONSETS:
        for rime in RIMES:
            if onset == "qu":
                fits = rime[0] in "aăâeêiôơ" and not rime.startswith(("ia", "iê"))
            elif onset == "gi":
                fits = rime[0] not in "iy"
            else:
                fits = (rime[:2] != "yê" or not onset) and not (onset == "g" and rime in ("ia", "iu"))
            if fits and (rime != "oe" or onset in _OE_ONSETS):
                yield Syllable(onset, rime)
        if onset == "qu":
            yield from (Syllable(onset, rime) for rime in _AFTER_QU)


@cache
def toned(style: Style) -> dict[str, Syllable]:
    """Every syllable with a tone mark, written in that style."""
    return {syllable.write(tone, style): syllable for syllable in all_syllables() for tone in syllable.tones()}


@cache
def syllables() -> frozenset[str]:
    """All that can stand in a Vietnamese text, in both styles, lower case: with tone, without, and highland names."""
    names = [Syllable(onset, rime) for onset in ONSETS for rime in _HIGHLAND]
    highland = {name.write_at(tone, 0) for name in names for tone in (0, _RISING, _HEAVY)}
    level = {syllable.onset + syllable.rime for syllable in all_syllables()}
    return frozenset({_ONLY_HEAVY} | level | highland | toned("old").keys() | toned("new").keys())
