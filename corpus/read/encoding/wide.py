"""UTF-16 and UTF-32: their byte order marks, and UTF-16 that has none.

Without a mark, bytes are UTF-16 when nearly all their pairs are characters of a script in use and some are
spaces, line ends or other signs that running text has. By chance, pairs of bytes hardly ever are these signs.
"""

from __future__ import annotations

import codecs
import re

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    # Before UTF-16, whose mark it starts with.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MIN_CHARS = 4
_MIN_IN_USE, _MIN_SIGNS, _MIN_ASCII = 0.98, 0.01, 0.5
_STRANGE = re.compile(
    "[^\t\n\r -~\u00a0-\u06ff\u0900-\u11ff\u1780-\u17ff\u1e00-\u1fff\u2000-\u206f\u20a0-\u20bf\u2100-\u21ff"
    "\u2500-\u26ff\u3000-\u30ff\u3105-\u3129\u3400-\u9fff\uac00-\ud7a3\ufe00-\ufe6f\uff00-\uffef]"
)
_SIGNS = re.compile("[\t\n\r ,.\u3000-\u3002\uff0c\uff1a]")
_ASCII_TEXT = re.compile("[\t\n\r -~]")
# What text in UTF-16 is made of, ideographs left out; pairs of ASCII fall among it only by tabs and zeros.
_OF_SCRIPTS = re.compile("[\t\n\r -\u1fff\u3000-\u30ff\uac00-\ud7a3\uff00-\uffef]")
_MIN_ASCII_BYTES, _MAX_OF_SCRIPTS = 0.9, 0.1


def unmarked_utf16(sample: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` where a sample is one of them beyond doubt, else None."""
    fitting = [name for name in ("utf-16-le", "utf-16-be") if _is_running_text(_pairs(sample, name))]
    return fitting[0] if len(fitting) == 1 else None


def is_false_mark(sample: bytes, encoding: str) -> bool:
    """Whether the bytes behind a mark of UTF-16 are single-byte text, which would be read as random ideographs.

    ASCII in pairs gives next to nothing but ideographs; text with ideographs has kana or punctuation as well,
    and bytes beyond ASCII.
    """
    if not encoding.startswith("utf-16"):
        return False
    if len(sample.decode("ascii", "ignore")) < max(1, _MIN_ASCII_BYTES * len(sample)):
        return False
    text = _pairs(sample, encoding)
    return len(_OF_SCRIPTS.findall(text)) <= _MAX_OF_SCRIPTS * len(text)


def _pairs(sample: bytes, encoding: str) -> str:
    """A sample decoded; halves of surrogate pairs, and half a pair at the end, as U+FFFD."""
    return sample[: len(sample) & ~1].decode(encoding, "replace")


def _is_running_text(text: str) -> bool:
    if len(text) < _MIN_CHARS:
        return False
    # Pairs of surrogates are one character here, beyond U+FFFF: emoji are no strange ones.
    strange = sum(1 for char in _STRANGE.findall(text) if char < "\U0001f000")
    if strange > (1 - _MIN_IN_USE) * len(text):
        return False
    if len(_ASCII_TEXT.findall(text)) >= _MIN_ASCII * len(text):
        return True
    return len(_SIGNS.findall(text)) >= max(1, _MIN_SIGNS * len(text))
