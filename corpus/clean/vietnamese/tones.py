"""Where the tone mark stands: hòa or hoà, and one key for both.

A tone is looked at only where it could stand elsewhere, beside another vowel, and moved only within a whole word that
is a syllable once the mark is in its place. So foreign names, half words, identifiers and addresses stay; i and y are
never exchanged (quý, quí).
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean.vietnamese.letters import TONED, VOWELS, with_tone
from corpus.clean.vietnamese.syllables import Style, all_syllables, syllables, toned

_LONGEST = 7
"""Letters of the longest syllable."""
_TOKEN_CHARS = 100
"""How far around a word an address is looked for."""
_MOVES = 3
"""A run of vowels that is a syllable's has at most four letters, so that the key takes a tone so many letters back."""
_SIZE = 0x10000
_CONSONANT = 100
Codes = npt.NDArray[np.uint32]
"""Code points of a text."""
_Offsets = npt.NDArray[np.intp]


def place_tones(text: str, style: Style) -> str:
    """Write the tone marks of Vietnamese text where a style puts them, and those that stand astray too.

    For text tagged Vietnamese; elsewhere a name can happen to be a syllable. Linear in the length.

    Args:
        text: Unicode NFC.
        style: `old` for hòa, khỏe, thủy; `new` for hoà, khoẻ, thuỷ.

    Returns:
        Text of the same length. Placing again changes nothing; the other style and back gives what this one gives.
    """
    if text.isascii():
        return text
    pieces: list[str] = []
    done = 0
    for at in _suspects(_codes(text), style):
        start, end = _word(text, at)
        if start < done or end - start > _LONGEST:
            continue
        placed = _placed(text[start:end], style)
        if placed is not None and _is_prose(text, start, end):
            pieces += (text[done:start], placed)
            done = end
    if not done:
        return text
    pieces.append(text[done:])
    return "".join(pieces)


def tone_key(text: str) -> str:
    """A key for comparing texts, in which it does not matter where in a run of vowels the tone stands.

    The tone goes to the front of its run. Case and everything else stay; text without toned letters is its own key.
    """
    if text.isascii():
        return text
    codes = _codes(text)
    key = tones_to_front(codes)
    return text if key is codes else key.tobytes().decode("utf-32-le", "surrogatepass")


def tones_to_front(codes: Codes) -> Codes:
    """The same for text as code points; whatever is no vowel parts what stands on its sides."""
    tables = _tables()
    at = _toned(codes)
    changed = codes
    for _ in range(_MOVES):
        if len(at) and at[0] == 0:
            at = at[1:]
        before = tables.plain.take(changed[at - 1], mode="clip")
        movable = np.flatnonzero(before)
        if not len(movable):
            break
        if changed is codes:
            changed = codes.copy()
        at = at[movable]
        bearer = changed[at]
        changed[at - 1] = tables.add[tables.tone[bearer], before[movable]]
        changed[at] = tables.bare[bearer]
        at = at - 1
    return changed


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


class _Tables:
    """By code point, with nothing in the last place, where all beyond the table are looked up."""

    def __init__(self) -> None:
        self.tone = np.zeros(_SIZE, np.uint8)
        """1 to 5 for a letter with a tone."""
        self.bare = np.arange(_SIZE, dtype=np.uint32)
        """The letter without its tone."""
        self.plain = np.zeros(_SIZE, np.uint8)
        """From 1 for a vowel without tone: its row in `add`."""
        self.kind = np.zeros(_SIZE, np.uint8)
        """From 1 for a vowel with or without tone, the same in both cases; `_CONSONANT` for other letters, digits."""
        both = VOWELS + VOWELS.upper()
        self.add = np.zeros((6, len(both) + 1), np.uint32)
        """The vowel of a row in each tone."""
        for code in range(_SIZE - 1):
            if chr(code).isalnum() or code == ord("_") or 0x300 <= code < 0x370:
                self.kind[code] = _CONSONANT
        for row, vowel in enumerate(both, 1):
            self.plain[ord(vowel)] = row
            self.kind[ord(vowel)] = VOWELS.index(vowel.lower()) + 1
            for tone in range(1, 6):
                self.add[tone, row] = ord(with_tone(vowel, tone))
        for letter, (vowel, tone) in TONED.items():
            self.tone[ord(letter)] = tone
            self.bare[ord(letter)] = ord(vowel)
            self.kind[ord(letter)] = VOWELS.index(vowel.lower()) + 1


@cache
def _tables() -> _Tables:
    return _Tables()


@cache
def _misplaced(style: Style) -> dict[str, str]:
    """Each wrong way to write a syllable, and the right one, in lower case; capitalized too if it can be no name."""
    found: dict[str, str] = {}
    right = toned(style)
    other = toned("new" if style == "old" else "old")
    valid = syllables() - other.keys() | right.keys()
    for written, syllable in right.items():
        # The last letter of qu and gi is no vowel of the rime, but bears tones that went astray: qúy, gìa.
        glide = syllable.onset in ("qu", "gi")
        tone = next(TONED[letter][1] for letter in written if letter in TONED)
        for vowel in range(-1 if glide else 0, syllable.vowels()):
            astray = syllable.write_at(tone, vowel)
            if astray not in valid:
                found.setdefault(astray, written)
                if glide or astray in other:
                    found.setdefault(astray.capitalize(), written.capitalize())
    return found


@cache
def _rightly_last(style: Style) -> npt.NDArray[np.bool_]:
    """By kind of two vowels that end a word, the tone on the first: whether some rime is written so in that style."""
    right = np.zeros((_CONSONANT + 1, _CONSONANT + 1), bool)
    for syllable in all_syllables():
        rime = syllable.rime
        if syllable.vowels() == len(rime) > 1 and syllable.bearer(style) == len(rime) - 2:
            right[VOWELS.index(rime[-2]) + 1, VOWELS.index(rime[-1]) + 1] = True
    return right


def _suspects(codes: Codes, style: Style) -> list[int]:
    """Offsets of tones that may stand in the wrong place; most words of a text that is right are not among them."""
    tables = _tables()
    at = _toned(codes)
    # What a letter has beside it is looked up in text with two blanks on each side.
    kinds = np.zeros(len(codes) + 4, np.uint8)
    kinds[2:-2] = tables.kind.take(codes, mode="clip")
    at = at + 2
    before, after = kinds[at - 1], kinds[at + 1]
    near = np.flatnonzero((_is_vowel(before) & (after == 0)) | _is_vowel(after))
    at, before, after = at[near], before[near], after[near]
    # The last vowel of a word; or one before another that ends the word in a way that no rime does, or that has more
    # behind it. Of qu and gi the last letter looks like a vowel of the rime.
    glide = np.isin(codes.take(np.maximum(at - 3, 0)) | 0x20, (ord("q"), ord("g")))
    suspect = (after == 0) | (kinds[at + 2] != 0) | glide | ~_rightly_last(style)[kinds[at], after]
    found: list[int] = (at[suspect] - 2).tolist()
    return found


def _toned(codes: Codes) -> _Offsets:
    """Offsets of letters with a tone."""
    high = np.flatnonzero(codes > 0x7F)
    found: _Offsets = high[_tables().tone.take(codes[high], mode="clip") != 0]
    return found


def _is_vowel(kinds: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    return kinds - np.uint8(1) < _CONSONANT - 1


def _word(text: str, at: int) -> tuple[int, int]:
    """The word around an offset, or more than `_LONGEST` characters of it."""
    start, end = at, at + 1
    first, behind = at - _LONGEST, at + 1 + _LONGEST
    while start > 0 and start > first and _in_word(text[start - 1]):
        start -= 1
    while end < len(text) and end < behind and _in_word(text[end]):
        end += 1
    return start, end


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_" or "\u0300" <= char < "\u0370"


def _placed(word: str, style: Style) -> str | None:
    """The word with its tone in place, if it is a syllable that needs that."""
    moved = _misplaced(style)
    if word in moved:
        return moved[word]
    lower = word.lower()
    # Raí is a name, raí a slip. A mixed case such as hOÀ is no name.
    if lower == word or word[1:].islower() or lower not in moved:
        return None
    return "".join(
        letter.upper() if model.isupper() else letter for letter, model in zip(moved[lower], word, strict=True)
    )


_ADDRESS = re.compile(r"[@\\=&#%]|://|^www\.|\w\.[a-z]", re.ASCII)


def _is_prose(text: str, start: int, end: int) -> bool:
    """Whether a word is no part of an address, tag, path or assignment."""
    left = (text[max(0, start - _TOKEN_CHARS) : start] + "-").split()[-1]
    right = ("-" + text[end : end + _TOKEN_CHARS]).split(None, 1)[0]
    return len(left) + len(right) == 2 or not _ADDRESS.search(left[:-1] + text[start:end] + right[1:])
