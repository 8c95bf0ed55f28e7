"""Paragraphs that came before: every occurrence of a line but its first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Docs = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]

RULE = "repeated_paragraph_v1"
"""Stands in audits for lines that repeat an earlier one."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """Lines that repeat an earlier one, sorted by document and index."""

    doc: Docs
    index: Counts


def repeated(hashes: Hashes, doc: Docs, index: Counts, words: Counts, min_words: int) -> Repeats:
    """Every line but the first, by document and index, of those with the same hash.

    Args:
        hashes: Hash of each line; all arrays are of one length and in any order.
        doc: Number of its document.
        index: Its place among the lines of the document.
        words: Its words.
        min_words: Shorter lines may repeat.
    """
    return FirstLines(min_words).take(hashes, doc, index, words)


class FirstLines:
    """Remembers the hashes of lines from chunk to chunk, each once, however often it comes."""

    def __init__(self, min_words: int) -> None:
        self._min_words = min_words
        # Sorted arrays without a common element, each at least twice as long as the next, so that a hash is merged
        # into another array only as often as the number of hashes doubles.
        self._seen: list[Hashes] = []
        self._last = (-1, -1)

    def take(self, hashes: Hashes, doc: Docs, index: Counts, words: Counts) -> Repeats:
        """The lines of a chunk that repeat one of it or of an earlier chunk.

        Args:
            hashes: As with `repeated`.
            doc: Number of the document; every line comes behind those of the chunks before.
            index: As with `repeated`.
            words: As with `repeated`.

        Raises:
            ValueError: a line comes before one of an earlier chunk.
        """
        long = words >= self._min_words
        hashes, doc, index = hashes[long], doc[long], index[long]
        order = np.lexsort((index, doc))
        hashes, doc, index = hashes[order], doc[order], index[order]
        if not len(hashes):
            return Repeats(doc, index)
        if (int(doc[0]), int(index[0])) <= self._last:
            raise ValueError(f"line {index[0]} of document {doc[0]} comes behind the chunk that it belongs in")
        self._last = (int(doc[-1]), int(index[-1]))
        again = np.ones(len(hashes), bool)
        distinct, first = np.unique(hashes, return_index=True)
        new = ~self._known(distinct)
        again[first[new]] = False
        self._add(distinct[new])
        return Repeats(doc[again], index[again])

    @property
    def n_seen(self) -> int:
        """Different hashes that are remembered, 8 bytes each."""
        return sum(map(len, self._seen))

    def _known(self, distinct: Hashes) -> npt.NDArray[np.bool_]:
        known = np.zeros(len(distinct), bool)
        for seen in self._seen:
            known |= seen.take(np.searchsorted(seen, distinct), mode="clip") == distinct
        return known

    def _add(self, new: Hashes) -> None:
        while self._seen and len(self._seen[-1]) < 2 * len(new):
            # A stable sort finds the two runs and merges them.
            new = np.sort(np.concatenate([self._seen.pop(), new]), kind="stable")
        if len(new):
            self._seen.append(new)
