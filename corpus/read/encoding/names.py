"""Encodings by name: one spelling for each, and their decoders."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

LOSSLESS = "sloppy-windows-1252"
"""Windows-1252 in which the five bytes that it leaves out are the C1 controls of the same number, as browsers
read it. Every byte has a character of its own, so no reading is lost; ftfy calls it the same."""
_LOSSLESS_CHARS = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))

_WINDOWS = re.compile(r"cp(125\d)")
_ISO = re.compile(r"iso8859-(\d+)")


def canonical(name: str) -> str:
    """The spelling of an encoding that records and messages use: `windows-1258`, `iso-8859-2`, `utf-16-le`.

    Raises:
        LookupError: Python has no such codec.
    """
    if name == LOSSLESS:
        return name
    found = codecs.lookup(name).name
    return _ISO.sub(r"iso-8859-\1", _WINDOWS.sub(r"windows-\1", found))


def decode_strictly(data: bytes | memoryview, encoding: str) -> str:
    """The text of bytes.

    Raises:
        UnicodeDecodeError: they are not in that encoding.
    """
    if encoding == LOSSLESS:
        return codecs.charmap_decode(data, "strict", _LOSSLESS_CHARS)[0]
    return codecs.decode(data, encoding)


def incremental_decoder(encoding: str) -> codecs.IncrementalDecoder:
    """A decoder for chunks."""
    return _LosslessDecoder() if encoding == LOSSLESS else codecs.getincrementaldecoder(encoding)()


class _LosslessDecoder(codecs.IncrementalDecoder):
    def decode(self, input: Buffer, final: bool = False) -> str:  # noqa: ARG002
        return codecs.charmap_decode(input, "strict", _LOSSLESS_CHARS)[0]
