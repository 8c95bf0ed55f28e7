"""Documents as lines and paragraphs: how they begin and end, and which of them repeat earlier ones.

A line ends with `\\n`; blank lines are layout and do not count, nor does white space at the ends of a line. Blank lines
part paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.clean.quality import kinds as kind
from corpus.clean.quality.words import Batch, Flags, Hashes, Ints, Prefix

DOC_BITS = 16
"""A key that things are sorted by holds the document in so many bits, and 64 less so many of a hash."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Lines or paragraphs."""

    first: Ints
    """Index of the first piece of each document, and behind them the number of pieces."""
    start: Ints
    end: Ints

    @property
    def length(self) -> Ints:
        """Characters of each piece."""
        return self.end - self.start

    @property
    def doc(self) -> Ints:
        """Document of each piece."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))


@dataclass(frozen=True, slots=True)
class Lines(Pieces):
    """Lines, and their words."""

    first_token: Ints
    """Index of the first word of each line, and behind them the number of words."""
    number: Ints
    """Lines before it in the joined text, blank ones counted."""


def read_lines(batch: Batch) -> Lines:
    """All lines that are not blank."""
    breaks = np.flatnonzero(batch.codes == 10)
    starts = np.concatenate(([0], breaks + 1))
    tokens = np.searchsorted(batch.token_start, np.append(starts, len(batch.codes) + 1))
    number = np.flatnonzero(np.diff(tokens))
    first = np.searchsorted(starts[number], np.append(batch.start, len(batch.codes) + 1))
    first_token = np.append(tokens[number], len(batch.token_start))
    return Lines(first, batch.token_start[first_token[:-1]], batch.token_end[first_token[1:] - 1], first_token, number)


def read_paragraphs(lines: Lines) -> Pieces:
    """Lines without a blank one between them."""
    opens = np.ones(len(lines.number) + 1, bool)
    opens[1:-1] = np.diff(lines.number) > 1
    opens[lines.first] = True
    head = np.flatnonzero(opens)
    return Pieces(np.searchsorted(head, lines.first), lines.start[head[:-1]], lines.end[head[1:] - 1])


def repeated(pieces: Pieces, prefix: Prefix) -> Flags:
    """Whether an earlier piece of the document is the same to the character."""
    keys = key(pieces.doc, prefix.hashes(pieces.start, pieces.end))
    order = np.argsort(keys, kind="stable")
    found = np.zeros(len(keys), bool)
    found[order[1:]] = keys[order[1:]] == keys[order[:-1]]
    return found


def key(doc: Ints, hashes: Hashes) -> Hashes:
    """Document and hash in one number."""
    return (doc.astype(np.uint64) << np.uint64(64 - DOC_BITS)) | (hashes >> np.uint64(DOC_BITS))


def ends_in_ellipsis(batch: Batch, lines: Lines) -> Flags:
    """Whether the last characters of a line are `…` or three full stops."""
    last = lines.end - 1
    dots = batch.codes[last] == ord(".")
    for back in (1, 2):
        dots &= batch.codes[np.maximum(last - back, 0)] == ord(".")
    # Three characters of one line: a line of less has white space before it, or begins the text.
    found: Flags = (dots & (lines.length >= 3)) | (batch.codes[last] == kind.ELLIPSIS)
    return found


def ends_terminally(batch: Batch, lines: Lines) -> Flags:
    """Whether a line ends in terminal punctuation, or in a closing quotation mark as with C4 and FineWeb."""
    found: Flags = (batch.kinds[lines.end - 1] & (kind.TERMINAL | kind.QUOTE)) != 0
    return found


def sentence_ends(batch: Batch) -> Ints:
    """Offset of the last terminal mark of each sentence: white space or the end of the text follows, or a quotation
    mark or bracket that closes, or any letter where the script writes no space there."""
    at = np.flatnonzero((batch.kinds & kind.TERMINAL) != 0)
    behind = np.append(batch.kinds, np.uint16(kind.SPACE))[at + 1]
    ends = (behind & (kind.SPACE | kind.CLOSER)) != 0
    ends |= ((batch.kinds[at] & kind.WIDE_TERMINAL) != 0) & ((behind & kind.TERMINAL) == 0)
    found: Ints = at[ends]
    return found


def per_line(positions: Ints, lines: Lines) -> Ints:
    """How many of some sorted offsets fall into each line."""
    found: Ints = np.searchsorted(positions, lines.end) - np.searchsorted(positions, lines.start)
    return found
