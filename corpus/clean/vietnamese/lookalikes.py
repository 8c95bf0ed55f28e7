"""Letters that look like đ, put right in Vietnamese text: Ð and ð of Icelandic, Ɖ and ɖ of African languages."""

from __future__ import annotations

import re

from corpus.clean.vietnamese.letters import ONLY_VIETNAMESE
from corpus.clean.vietnamese.syllables import syllables

_SEEN = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"}
_LETTERS = str.maketrans(_SEEN)
_SEEN_IN = re.compile(f"[{''.join(_SEEN)}]")
_LONGEST = 14
_SAMPLE_CHARS = 2000
_MIN_LETTERS = 3
_MIN_SHARE = 0.02
"""Letters that only Vietnamese writes; they are about a tenth of its news."""
_FOREIGN = frozenset("þæøåöäÞÆØÅÖÄ")


def fix_lookalikes(text: str, *, vietnamese: bool | None = None) -> str:
    """Replace look-alikes of đ in Vietnamese text, in words that are then syllables, or names that begin with it.

    Args:
        text: Unicode NFC.
        vietnamese: whether the text is known to be Vietnamese; where left out, the letters around each of the first
            look-alikes tell. Icelandic, Faroese and Old English have none of the letters that only Vietnamese writes.
    """
    if text.isascii() or not any(letter in text for letter in _SEEN):
        return text
    if vietnamese is None:
        vietnamese = _is_vietnamese(text)
    return _SEEN_IN.sub(_fix, text) if vietnamese else text


def _is_vietnamese(text: str) -> bool:
    first = min(at for at in map(text.find, _SEEN) if at >= 0)
    start = max(0, first - _SAMPLE_CHARS // 2)
    sample = text[start : start + _SAMPLE_CHARS]
    own = sum(map(sample.count, ONLY_VIETNAMESE - {"đ", "Đ"}))
    return own >= _MIN_LETTERS and own >= _MIN_SHARE * len(sample)


def _fix(found: re.Match[str]) -> str:
    """What one look-alike becomes, by the word that it stands in."""
    text, at = found.string, found.start()
    start, end = at, at + 1
    while start > 0 and at - start < _LONGEST and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and end - at < _LONGEST and text[end].isalpha():
        end += 1
    word = text[start:end]
    # Names of more than a syllable, or of the highlands; no word of another language with these letters begins so.
    begins = start == at and _SEEN_IN.search(word[1:]) is None and _FOREIGN.isdisjoint(word)
    return _SEEN[found[0]] if begins or word.translate(_LETTERS).lower() in syllables() else found[0]
