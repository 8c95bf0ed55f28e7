"""Broken text made whole: mojibake, entities, control characters, line ends, Unicode form.

The mending itself is ftfy's (https://ftfy.readthedocs.io). This module pins what it may do and adds a policy
for invisible characters, which ftfy leaves alone:

- no-break spaces become spaces, form feeds and vertical tabs become line breaks;
- soft hyphens, word joiners, byte order marks and noncharacters go;
- a zero-width space stays only after the scripts of South-East Asia, where it parts words;
- joiners (ZWJ, ZWNJ) stay only after a script that shapes by them, or inside an emoji;
- marks of direction stay only in a text that has letters written from right to left.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ftfy import TextFixerConfig


def repair(text: str) -> str:
    """Mend a text.

    Returns:
        Text in NFC with `\\n` line ends that always encodes to UTF-8.
    """
    # ftfy is a heavy import, and `import corpus.clean` is on the path of `corpus --help`.
    import ftfy

    mended = ftfy.fix_text(text.translate(_PAGE_BREAKS), _ftfy_config())
    return unicodedata.normalize("NFC", _drop_invisible(mended))


def make_encodable(text: str) -> str:
    """The least that a text needs when repair is turned off: `\\n` line ends, no lone surrogate, NFC."""
    if not text.isascii():
        # Surrogates that make a pair become their character, others U+FFFD.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


@cache
def _ftfy_config() -> TextFixerConfig:
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html="auto",  # off from the first `<` on, where the text is code or markup
        remove_terminal_escapes=True,
        fix_encoding=True,
        restore_byte_a0=True,
        replace_lossy_sequences=True,
        decode_inconsistent_utf8=True,
        fix_c1_controls=True,
        fix_latin_ligatures=True,
        fix_character_width=False,  # full-width punctuation is how Chinese and Japanese are written
        uncurl_quotes=False,  # curly quotes are typography, not damage
        fix_line_breaks=True,
        fix_surrogates=True,
        remove_control_chars=True,
        normalization="NFC",
        explain=False,
    )


_PAGE_BREAKS = {0x0B: "\n", 0x0C: "\n"}

_ALWAYS_DROPPED: dict[int, str | None] = {
    0x00A0: " ",
    0x2007: " ",
    0x202F: " ",
    0x00AD: None,
    0x180E: None,
    0x2060: None,
    0xFEFF: None,
    0xFFFE: None,
    0xFFFF: None,
    **dict.fromkeys(range(0x80, 0xA0)),
    **dict.fromkeys(range(0xFDD0, 0xFDF0)),
}

_SUSPECT = re.compile("[\u200b-\u200f\u202a-\u202e\u2061-\u2064\u2066-\u2069\u061c]")
_ZERO_WIDTH_SPACE = re.compile("(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b|[\u2061-\u2064]")
_JOINER = re.compile(
    "(?<![\u0590-\u1cff\u2190-\u2bff\ufb1d-\ufdff\ufe0f\ufe70-\ufefc\U0001f000-\U0001faff])[\u200c\u200d]"
)
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def _drop_invisible(text: str) -> str:
    if text.isascii():
        return text
    text = text.translate(_ALWAYS_DROPPED)
    if not _SUSPECT.search(text):
        return text
    # The Arabic letter mark is itself in the Arabic block, so direction is decided without it.
    if not _RIGHT_TO_LEFT.search(text.replace("\u061c", "")):
        text = _DIRECTION.sub("", text)
    return _JOINER.sub("", _ZERO_WIDTH_SPACE.sub("", text))
