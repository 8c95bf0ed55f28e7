"""A policy for characters that nobody sees, and for those that only one font knows.

- No-break spaces and spaces of fixed width become spaces, but for the ideographic one of Chinese and Japanese.
- Soft hyphens, word joiners, byte order marks, invisible operators and noncharacters go.
- A zero-width space stays only after the scripts of South-East Asia, where it parts words.
- Joiners (ZWJ, ZWNJ) stay only after a script that shapes by them, or inside an emoji.
- Marks of direction stay only in a text that has letters written from right to left.
- Tag characters stay only in a flag; of several variation selectors in a row, the first stays.
- Characters of symbol fonts (U+F000 to U+F0FF, private use) become a bullet where they open a line, and go elsewhere;
  others of private use stay, as some are letters to those who agreed on them.
"""

from __future__ import annotations

import re

from corpus.clean.repair.scan import Scan


def drop_invisible(text: str) -> str:
    """A text by the policy of this module."""
    # Pages are full of these, and of no others.
    text = text.replace("\u00a0", " ")
    if not _SCAN.finds(text):
        return text
    text = text.translate(_REPLACED)
    # The Arabic letter mark is itself in the Arabic block, so direction is decided without it.
    if _DIRECTION.search(text) and not _RIGHT_TO_LEFT.search(text.replace("\u061c", "")):
        text = _DIRECTION.sub("", text)
    text = _SYMBOL.sub("", _BULLET.sub(r"\1•", text))
    text = _TAG.sub(_flags_only, text)
    text = _SELECTORS.sub(r"\1", text)
    return _JOINER.sub("", _ZERO_WIDTH_SPACE.sub("", text))


_REPLACED: dict[int, str | None] = {
    **dict.fromkeys([0x00A0, *range(0x2000, 0x200B), 0x202F, 0x205F], " "),
    **dict.fromkeys([0x00AD, 0x180E, *range(0x2060, 0x2065), 0xFEFF, *range(0xFDD0, 0xFDF0)]),
    # C1 controls have no use outside of terminals, and the last two of each plane are noncharacters.
    **dict.fromkeys(range(0x80, 0xA0)),
    **dict.fromkeys(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
}

_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ZERO_WIDTH_SPACE = re.compile("(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b")
_JOINER = re.compile(
    "(?<![\u0590-\u1cff\u2190-\u2bff\ufb1d-\ufdff\ufe0f\ufe70-\ufefc\U0001f000-\U0001faff])[\u200c\u200d]"
)
_BULLET = re.compile("^([ \t]*)[\uf000-\uf0ff](?=[ \t])", re.MULTILINE)
_SYMBOL = re.compile("[\uf000-\uf0ff]")
_TAG = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,32}\U000e007f)|[\U000e0000-\U000e007f]+")
_SELECTORS = re.compile("([\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")


def _flags_only(tags: re.Match[str]) -> str:
    return tags[1] or ""


INVISIBLE = (
    f"[{''.join(map(chr, _REPLACED))}\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\uf000-\uf0ff"
    "\ufe00-\ufe0f\U000e0100-\U000e01ef\U000e0000-\U000e007f]"
)
"""A pattern for `Scan`: all characters that the policy is about."""
_SCAN = Scan(lambda: INVISIBLE)
