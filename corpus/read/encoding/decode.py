"""The encoding of a document or of the start of a file, and the text of a document."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from corpus.read.encoding.legacy import Guess, guess
from corpus.read.encoding.names import canonical, decode_strictly
from corpus.read.encoding.wide import MARKS, is_false_mark, unmarked_utf16
from corpus.read.records import RejectedError

SAMPLE_BYTES = 64 * 1024
"""How many bytes a guess is based on."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's text and the encoding that it was in."""

    text: str
    encoding: str


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of a whole document.

    A byte order mark decides, also against what is declared. Without one, what is declared is taken at its
    word; nothing declared, UTF-8 is taken if it fits, else a confident guess.

    Args:
        data: all bytes of the document.
        declared: canonical name of an encoding.

    Raises:
        RejectedError: binary; or undecodable, with the offset of the first byte that does not fit.
    """
    sample = data[:SAMPLE_BYTES]
    encoding, mark = _stated(sample, declared) or (None, 0)
    if encoding is None:
        try:
            text = data.decode()
            if (encoding := _escaped(sample)) is None:
                return Decoded(text, "utf-8")
        except UnicodeDecodeError as error:
            guessed = _guess(sample, _sample_around(data, error.start))
            if guessed.encoding is None:
                raise undecodable("utf-8", error.start, data[error.start], guessed.why) from None
            encoding = guessed.encoding
    try:
        text = decode_strictly(memoryview(data)[mark:], encoding)
    except UnicodeDecodeError as error:
        raise undecodable(encoding, mark + error.start, data[mark + error.start]) from None
    # A second mark, or one in an encoding such as GB18030, is none of the text's characters either.
    return Decoded(text.removeprefix("\ufeff") if declared and not mark else text, encoding)


def detect_start(start: bytes, whole: bool, declared: str | None = None) -> tuple[str, int]:
    """The encoding of a file of many records by its start, and the length of its byte order mark.

    Where UTF-8 doesn't fit and no guess is sure, the answer is UTF-8 all the same: the records that are not
    are rejected one by one.

    Args:
        start: `SAMPLE_BYTES` of the file, fewer if it has no more.
        whole: whether that is all of the file.
        declared: canonical name of an encoding.

    Raises:
        RejectedError: binary, or undecodable.
    """
    if stated := _stated(start, declared):
        return stated
    try:
        codecs.utf_8_decode(start, "strict", whole)
    except UnicodeDecodeError as error:
        sample = start if whole else _sample_around(start, error.start, cut=True)
        return _guess(start, sample).encoding or "utf-8", 0
    return _escaped(start) or "utf-8", 0


def begins_as_utf8(start: bytes, whole: bool) -> bool:
    """Whether a file begins with UTF-8 text, so that its bytes can be cut at line feeds and read apart."""
    try:
        return detect_start(start, whole)[0] == "utf-8"
    except RejectedError:
        return False


def undecodable(encoding: str, offset: int, byte: int, why: str = "") -> RejectedError:
    """The rejection of bytes that are not text in an encoding."""
    name = "UTF-8" if encoding == "utf-8" else encoding
    words = f"not {name} at byte offset {offset} (0x{byte:02x})"
    return RejectedError("undecodable", f"{words}; {why}" if why else words)


def _stated(start: bytes, declared: str | None) -> tuple[str, int] | None:
    """What a byte order mark, the declaration, or the pattern of UTF-16 says, with the length of the mark."""
    for mark, encoding in MARKS:
        if start.startswith(mark):
            rest = start[len(mark) :]
            if is_false_mark(rest, encoding):
                why = f"the byte order mark is one of {encoding}, what follows is not"
                raise undecodable(encoding, len(mark), rest[0], why)
            return encoding, len(mark)
    if declared in ("utf-16", "utf-32"):
        # Python would take the byte order of the machine.
        return (declared == "utf-16" and unmarked_utf16(start)) or f"{declared}-le", 0
    if declared is not None:
        return ("utf-8" if declared == "utf-8-sig" else declared), 0
    # Text in UTF-8 has no NUL, and ASCII in UTF-16 would be valid UTF-8.
    if b"\0" in start and (unmarked := unmarked_utf16(start)):
        return unmarked, 0
    if not _is_binary(start):
        return None
    # Chinese and Japanese in UTF-16 may do without ASCII, so without NUL.
    if unmarked := unmarked_utf16(start):
        return unmarked, 0
    raise RejectedError(
        "binary", f"{_controls(start)} of the first {len(start)} bytes are control characters; this is no text"
    )


def _guess(start: bytes, sample: bytes) -> Guess:
    if unmarked := unmarked_utf16(start):
        return Guess(unmarked)
    return guess(sample)


_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
# Of compressed or random bytes a ninth are control characters; text has next to none.
_MIN_CONTROLS, _MIN_CONTROL_SHARE = 5, 0.04


def _is_binary(sample: bytes) -> bool:
    return _controls(sample) >= max(_MIN_CONTROLS, _MIN_CONTROL_SHARE * len(sample))


def _controls(sample: bytes) -> int:
    return len(sample) - len(sample.translate(None, _CONTROLS))


def _escaped(sample: bytes) -> str | None:
    """The encoding in which ASCII bytes switch to another script by escape sequences, if it is one."""
    if b"\x1b$" not in sample or not sample.isascii():
        return None
    if b"\x1b$)C" in sample:
        return canonical("iso2022_kr")
    return canonical("iso2022_jp") if b"\x1b$B" in sample or b"\x1b$@" in sample else None


def _sample_around(data: bytes, offset: int, cut: bool = False) -> bytes:
    """Text around an offset, from after a line end or space to before one, so that no character is cut.

    Args:
        data: the document.
        offset: of a byte in it.
        cut: whether the end of `data` is not that of the document.
    """
    first = max(0, offset - SAMPLE_BYTES // 2)
    sample = data[first : first + SAMPLE_BYTES]
    begin, end = 0, len(sample)
    if first > 0:
        begin = max(sample.find(b"\n", 0, SAMPLE_BYTES // 2), sample.find(b" ", 0, 1024)) + 1
    if cut or first + SAMPLE_BYTES < len(data):
        last = max(sample.rfind(b"\n"), sample.rfind(b" "))
        end = last if last > offset - first else end
    return sample[begin:end]
