"""Bytes to text: exact, or not at all.

A byte order mark decides, then what the recipe declares, then UTF-8 if it fits, then a confident guess.
`decode` takes a whole document; `Utf8Stream` turns a file of many into UTF-8 on its way to the line splitter.
"""

from corpus.read.encoding.decode import SAMPLE_BYTES, Decoded, begins_as_utf8, decode, undecodable
from corpus.read.encoding.names import canonical
from corpus.read.encoding.stream import Utf8Stream

__all__ = ["SAMPLE_BYTES", "Decoded", "Utf8Stream", "begins_as_utf8", "canonical", "decode", "undecodable"]
