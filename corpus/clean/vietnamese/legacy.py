"""Vietnamese text from before Unicode, read as what it was meant to be.

Such text comes as a `str` whose characters are the bytes of TCVN3, VNI, VISCII or VPS seen as Latin-1 or Windows-1252,
or as VIQR, which is ASCII. It is found by trying: a text is converted if nearly all words that an encoding changes
become Vietnamese syllables, many of them frequent ones, and no other encoding does as well. Runs before mojibake is
mended, which takes such text for damage of another kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.clean.vietnamese.encodings import Encoding
from corpus.clean.vietnamese.gate import WINDOW_CHARS, looks_like_viqr, odd_places
from corpus.clean.vietnamese.reading import TOKEN, Reader, Reading, reader
from corpus.clean.vietnamese.syllables import syllables
from corpus.clean.vietnamese.viqr import decode_viqr, read_viqr

_CANDIDATES: tuple[Encoding, ...] = ("TCVN3", "VNI", "VISCII", "VPS")
_SAMPLE = 400
"""Words that decide about a document."""
_LINE_SAMPLE = 60
_MARGIN = 40
"""Characters around the odd places that the first look takes in."""
_LEAST_HOPE = 0.2
"""Share of valid words at the first look below which a text is not looked at again, nor its lines one by one."""
_LINE_WORDS = 4
_CERTAIN_WORDS = 8


@dataclass(frozen=True, slots=True)
class Legacy:
    """A text that was converted."""

    text: str
    """In Unicode NFC, as far as it was converted."""
    encoding: Encoding
    """What it was in; that of most lines, where several are."""
    lines: int
    """How many lines that have words were changed."""


def convert_legacy(text: str) -> Legacy | None:
    """Convert a text if it, or enough of a line of it, is Vietnamese in a legacy encoding. Linear in its length."""
    return convert_all([text])[0]


def convert_all(texts: Sequence[str]) -> list[Legacy | None]:
    """Convert those of some texts that are Vietnamese in a legacy encoding; none for each that is not.

    A text finds the same in any company. Lines end with `\\n`.
    """
    found: list[Legacy | None] = [None] * len(texts)
    for index, (text, places) in enumerate(zip(texts, odd_places(texts), strict=True)):
        if places:
            found[index] = _convert_bytes(text, places)
        if found[index] is None and looks_like_viqr(text):
            found[index] = _convert_viqr(text)
    return found


def _convert_bytes(text: str, places: Sequence[int]) -> Legacy | None:
    readers = [reader(encoding) for encoding in _CANDIDATES]
    around = [text[max(0, at - _MARGIN) : at + WINDOW_CHARS + _MARGIN] for at in places]
    seen = [token for piece in around for token in TOKEN.findall(piece) if not token.isascii()]
    if max(one.read(seen).share for one in readers) < _LEAST_HOPE:
        return None
    tokens = TOKEN.findall(text)
    odd = [token for token in tokens if not token.isascii()]
    best = max((one.read(_spread(odd, _SAMPLE)) for one in readers), key=_merit)
    if best.is_sure(0.85, 0.25) and _reads_vietnamese(best, tokens):
        return _convert_lines(text, [reader(best.encoding)], whole=True)
    return _convert_lines(text, readers, whole=False)


def _convert_lines(text: str, readers: Sequence[Reader], *, whole: bool) -> Legacy | None:
    """Convert the lines that are in one of the encodings.

    Args:
        text: the document.
        readers: the one encoding of the whole document, or all that a line may be in.
        whole: whether the document is in that encoding, so that a line needs no evidence of its own, only none against.
    """
    lines = text.split("\n")
    counts: dict[Encoding, int] = {}
    for number, line in enumerate(lines):
        if line.isascii():
            continue
        tokens = TOKEN.findall(line)
        odd = [token for token in tokens if not token.isascii()]
        if whole:
            reading: Reading | None = readers[0].read(_spread(odd, _LINE_SAMPLE))
            if reading is not None and 2 * reading.valid < reading.words:
                continue
        else:
            reading = _sure_line(tokens, odd, readers)
        if reading is None or not reading.words:
            continue
        lines[number] = TOKEN.sub(reader(reading.encoding).within, line)
        counts[reading.encoding] = counts.get(reading.encoding, 0) + 1
    if not counts:
        return None
    most = max(counts, key=lambda encoding: (counts[encoding], encoding))
    return Legacy("\n".join(lines), most, sum(counts.values()))


def _sure_line(tokens: Sequence[str], odd: Sequence[str], readers: Sequence[Reader]) -> Reading | None:
    if len(odd) < _LINE_WORDS:
        return None
    best = max((one.read(_spread(odd, _LINE_SAMPLE)) for one in readers), key=_merit)
    if best.distinct < _LINE_WORDS or not best.is_sure(0.9, 0.4):
        return None
    if not _reads_vietnamese(best, tokens):
        return None
    return best


def _merit(reading: Reading) -> float:
    """More for more valid and frequent words, and for fewer that are not; the highest is the encoding."""
    return reading.share * (reading.valid + reading.common)


def _reads_vietnamese(reading: Reading, tokens: Sequence[str]) -> bool:
    """Whether the words of plain ASCII, if there are many, are mostly syllables too; or the others leave no doubt."""
    if reading.valid >= _CERTAIN_WORDS and reading.is_sure(0.95, 0.4):
        return True
    plain = [token for token in tokens if token.isascii() and token.isalpha()][:_SAMPLE]
    if len(plain) < 6:
        return True
    known = syllables()
    return sum(token.lower() in known for token in plain) >= 0.5 * len(plain)


def _spread(tokens: Sequence[str], count: int) -> Sequence[str]:
    """Up to twice `count` of them, from all over the text."""
    return tokens[:: max(1, len(tokens) // count)]


def _convert_viqr(text: str) -> Legacy | None:
    lines = text.split("\n")
    whole = read_viqr(text).is_sure()
    written = [
        decode_viqr(line) if whole or (looks_like_viqr(line) and read_viqr(line).is_sure()) else line for line in lines
    ]
    changed = sum(old != new for old, new in zip(lines, written, strict=True))
    return Legacy("\n".join(written), "VIQR", changed) if changed else None
