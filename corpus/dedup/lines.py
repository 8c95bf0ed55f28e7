"""Lines of documents as keys that other documents are compared by: what repeats on a site, or in the corpus."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.quality.lines import read_lines
from corpus.clean.quality.words import Batch, Hashes, Ints, Prefix


@dataclass(frozen=True, slots=True)
class LineKeys:
    """Every line with a letter or digit of some documents, in order."""

    hash: Hashes
    """64 bits from the words of the line; case, white space, punctuation and bullets play no part."""
    next: Hashes
    """`hash` of the next of these lines in the document; 0 behind the last."""
    document: Ints
    """Index of the document in the batch."""
    index: npt.NDArray[np.int32]
    """Index among the lines of the document that are not blank; those without letters count, but have no entry."""
    words: npt.NDArray[np.int32]
    """Words with a letter or digit."""


def line_keys(batch: Batch) -> LineKeys:
    """The lines of documents. A line ends at `\\n` only; what is found in a document does not depend on the others.

    The hash is the polynomial over the hashes of the words that `Prefix` computes, modulo 2^64, mixed.
    """
    lines = read_lines(batch)
    first_word = np.searchsorted(batch.token, lines.first_token)
    words = np.diff(first_word)
    worded = np.flatnonzero(words)
    start, end = first_word[worded], first_word[worded + 1]
    hashes = Prefix(batch.words.hashes.view(np.int64)).hashes(start, end)
    document = lines.doc[worded]
    following = np.zeros_like(hashes)
    same = document[1:] == document[:-1]
    following[:-1][same] = hashes[1:][same]
    index = worded - lines.first[document]
    return LineKeys(hashes, following, document, index.astype(np.int32), words[worded].astype(np.int32))


def page_values(keys: LineKeys, smallest: Hashes) -> Hashes:
    """What near copies of a page mostly share, twice: 32 bits of its longest line, above 32 of its smallest shingle.

    Two values, since a site's template may hold the longest line of its pages, or the smallest shingle.

    Args:
        keys: the lines of some documents.
        smallest: the smallest shingle of each, which is a MinHash value.
    """
    order = np.lexsort((keys.hash, -keys.words, keys.document))
    documents, first = np.unique(keys.document[order], return_index=True)
    longest = np.zeros_like(smallest)
    longest[documents] = keys.hash[order[first]]
    return (longest << np.uint64(32)) | (smallest & np.uint64(0xFFFFFFFF))
