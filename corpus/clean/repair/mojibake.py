"""What ftfy makes of a text, at a fraction of its time (https://ftfy.readthedocs.io, pinned).

ftfy mends a text line by line: it unescapes entities, undoes wrong decodings where a line looks bad to it, replaces
some characters, normalizes, and starts again until nothing changes. Its time goes into the search for bad lines, a
regular expression of 40 alternatives. Here the same expression runs in RE2, over whole texts and together with all
characters that ftfy replaces; a text in which nothing is found and that is in NFC is one that ftfy would give back as
it is. Lines in which something is found go through ftfy's own functions, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from corpus.clean.repair.form import is_nfc, nfc
from corpus.clean.repair.scan import Scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from ftfy import TextFixerConfig


@dataclass(frozen=True, slots=True)
class Mended:
    """A text as ftfy mends it."""

    text: str
    changes: frozenset[str]
    """What was mended: `entities`, `mojibake`, `characters`, `form`."""


def mend(text: str) -> Mended:
    """Mend a text.

    Returns:
        What `ftfy.fix_text(text, ftfy_options())` gives, whatever the string.
    """
    ftfy = _ftfy()
    if not ftfy.suspects(text):
        if is_nfc(text):
            return Mended(text, frozenset())
        composed = nfc(text)
        if len(text) <= ftfy.options.max_decode_length and not ftfy.suspects(composed):
            return Mended(composed, frozenset({"form"}))
    changes: set[str] = set()
    if "\r\n" in text and "\r\r\n" not in text and len(text) <= ftfy.options.max_decode_length:
        text = text.replace("\r\n", "\n")  # what ftfy does line by line
        changes.add("characters")
    markup = text.find("<")
    mended: list[str] = []
    start = 0
    for line in _segments(text, ftfy.options.max_decode_length):
        start += len(line)
        if ftfy.suspects(line) or not is_nfc(line):
            # From the first line with a `<` on, the text is code or markup, whose entities are meant.
            line = ftfy.mend(line, unescape=not 0 <= markup < start, changes=changes)
        mended.append(line)
    return Mended("".join(mended), frozenset(changes))


def suspicious() -> str:
    """A pattern for `Scan`: a text without it, and in NFC, is one that ftfy leaves alone."""
    return _ftfy().suspicious


@cache
def ftfy_options() -> TextFixerConfig:
    """How ftfy is set."""
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


def _segments(text: str, limit: int) -> Iterable[str]:
    """The pieces that ftfy looks at one by one: lines with their ends, at most `limit` characters of them."""
    position = 0
    while position < len(text):
        end = text.find("\n", position) + 1 or len(text)
        end = min(end, position + limit)
        yield text[position:end]
        position = end


class _Ftfy:
    """ftfy's functions, and the searches that say when they have nothing to do.

    It is imported when a text is first mended: `import corpus.clean` is on the path of `corpus --help`.
    """

    def __init__(self) -> None:
        import ftfy
        from ftfy import badness, chardata, fixes

        self.options = ftfy_options()
        self._step: Callable[..., Any] = ftfy._fix_encoding_one_step_and_explain
        self._unescape = fixes.unescape_html
        self._fixers: tuple[Callable[[str], str], ...] = (
            fixes.fix_c1_controls,
            fixes.fix_latin_ligatures,
            fixes.fix_line_breaks,
            fixes.fix_surrogates,
            fixes.remove_terminal_escapes,
            fixes.remove_control_chars,
        )
        replaced = {*map(chr, chardata.LIGATURES), *map(chr, chardata.CONTROL_CHARS), *_LINE_BREAKS, *_C1}
        touched = "[" + "".join(sorted(map(re.escape, replaced))) + "]"
        bad = _for_re2(badness.BADNESS_RE.pattern)
        self._touched = Scan(lambda: touched)
        self._bad = Scan(lambda: bad)
        self.suspicious = f"{_ENTITY}|{touched}|{bad}"
        self._suspicious = Scan(lambda: self.suspicious)

    def suspects(self, text: str) -> bool:
        """Whether ftfy might change a text otherwise than by normalizing it. Never says no where it would."""
        return self._suspicious.finds(text)

    def mend(self, line: str, *, unescape: bool, changes: set[str]) -> str:
        """A line as ftfy mends it; adds to `changes` what that took."""
        while True:
            before = line
            if unescape and "&" in line:
                shorter = _AMPERSANDS.sub("&" + "amp;" * _LINKS, line)
                line = self._noted(self._unescape(shorter), line, "entities", changes)
            if not line.isascii():
                line = self._noted(self._decode(line), line, "mojibake", changes)
            if self._touched.finds(line):
                fixed = line
                for fix in self._fixers:
                    fixed = fix(fixed)
                line = self._noted(fixed, line, "characters", changes)
            line = self._noted(nfc(line), line, "form", changes)
            if line == before:
                return line

    def _decode(self, line: str) -> str:
        """Undo wrong decodings until nothing changes or the line looks well."""
        while self._bad.finds(line):
            fixed: str = self._step(line, self.options).text
            if fixed == line:
                break
            line = fixed
        return line

    @staticmethod
    def _noted(after: str, before: str, change: str, changes: set[str]) -> str:
        if after != before:
            changes.add(change)
        return after


_ftfy = cache(_Ftfy)

_LINE_BREAKS = "\r\u2028\u2029\x85"
_C1 = "".join(map(chr, range(0x80, 0xA0)))
_ENTITY = "&#?[0-9A-Za-z]{1,24};"
# "&amp;amp;amp;" becomes "&" one `amp;` at a time; half a million of them would take a day. What stays of them outlasts
# all else that is to be mended: each wrong decoding in another one makes a text longer by half.
_LINKS = 24
_AMPERSANDS = re.compile(f"&(?:(?:amp|AMP|#0{{0,22}}38|#[xX]0{{0,21}}26);){{{_LINKS},}}")

_WORD = r"[^\x00-/:-@\[-^`{-\x7f\x{a0}-\x{a9}\x{2000}-\x{206f}]"
"""At least all that `\\w` means to Python, whose Unicode version is not RE2's, and no common punctuation."""
_SPACE = r"[\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
"""What `\\s` means to Python."""


def _for_re2(verbose: str) -> str:
    """A pattern of `re.VERBOSE` without its spaces and comments, which RE2 does not know, and with Unicode classes."""
    classes = {r"\w": _WORD, r"\s": _SPACE}
    tokens = re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|#[^\n]*|\s|.", verbose)
    return "".join(classes.get(token, token) for token in tokens if not token.isspace() and not token.startswith("#"))
