"""Broken text made whole: mojibake, entities, control characters, line ends, Unicode form, invisible characters.

`mojibake` does what ftfy does, `invisible` adds a policy for characters that nobody sees and ftfy leaves alone, `form`
is NFC in linear time. A text without damage leaves after one scan. Languages are no business of this room.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.clean.repair.form import is_nfc, nfc
from corpus.clean.repair.invisible import INVISIBLE, drop_invisible
from corpus.clean.repair.mojibake import mend, suspicious
from corpus.clean.repair.scan import Scan

CHANGES = ("mojibake", "entities", "characters", "form", "invisible")
"""What repair may change: wrong decodings undone, entities resolved, control characters, ligatures and line ends
replaced, NFC, invisible characters dropped or made spaces."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text in NFC with `\\n` line ends that always encodes to UTF-8."""

    text: str
    changes: tuple[str, ...] = ()
    """Those of `CHANGES` that it took."""


def repair(text: str) -> Repaired:
    """Mend a text."""
    if not _DAMAGE.finds(text) and is_nfc(text):
        return Repaired(text)
    mended = mend(text.replace("\x0b", "\n").replace("\x0c", "\n"))
    visible = nfc(drop_invisible(mended.text))
    changes = {*mended.changes, *(["invisible"] if visible != mended.text else [])}
    return Repaired(visible, tuple(change for change in CHANGES if change in changes))


def make_encodable(text: str) -> Repaired:
    """The least that a text needs when repair is turned off: `\\n` line ends, no lone surrogate, NFC."""
    if not text.isascii():
        # Surrogates that make a pair become their character, others U+FFFD.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Repaired(nfc(text.replace("\r\n", "\n").replace("\r", "\n")))


_DAMAGE = Scan(lambda: f"[\x0b\x0c]|{INVISIBLE}|{suspicious()}")
