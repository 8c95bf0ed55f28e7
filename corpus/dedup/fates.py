"""What becomes of each document in the end, when several rounds of merging have named what stays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.dedup.buckets import Floats, Hashes, Ints
from corpus.dedup.exact import EXACT, NEAR


@dataclass(frozen=True, slots=True)
class Links:
    """Documents that go, each once, with the document that took its place in one of the rounds: an entry each."""

    doc: Ints
    kept: Ints
    kept_id: tuple[Hashes, Hashes]
    reason: npt.NDArray[np.str_]
    similarity: Floats
    """Jaccard similarity to what stays, for near-duplicates; NaN for others."""


@dataclass(frozen=True, slots=True)
class Fates:
    """Documents that have copies, ascending: those that go, and those that stay, whose reason is empty."""

    doc: Ints
    kept_id: tuple[Hashes, Hashes]
    """Id of what stays."""
    copies: Ints
    """Documents of the cluster, which are all merged into one."""
    reason: npt.NDArray[np.str_]
    similarity: Floats


def settle(links: Links) -> Fates:
    """Follow what stays instead to the document that stays in the end.

    A copy of a document that goes as a near-duplicate is a near-duplicate of what stays, and just as similar to it.
    """
    order = np.argsort(links.doc)
    doc, kept = links.doc[order], links.kept[order]
    upper, lower = links.kept_id[0][order], links.kept_id[1][order]
    reason, similarity = links.reason[order], links.similarity[order]
    while len(doc):
        place = np.minimum(np.searchsorted(doc, kept), len(doc) - 1)
        moved = np.flatnonzero(doc[place] == kept)
        if not len(moved):
            break
        through = place[moved]
        nearly = (reason[through] == NEAR) & (reason[moved] == EXACT)
        reason[moved[nearly]] = NEAR
        similarity[moved[nearly]] = similarity[through[nearly]]
        kept[moved], upper[moved], lower[moved] = kept[through], upper[through], lower[through]
    roots, one, cluster, others = np.unique(kept, return_index=True, return_inverse=True, return_counts=True)
    together = np.concatenate((doc, roots))
    final = np.argsort(together)
    size = others + 1
    return Fates(
        together[final],
        (np.concatenate((upper, upper[one]))[final], np.concatenate((lower, lower[one]))[final]),
        np.concatenate((size[cluster], size))[final],
        np.concatenate((reason, np.full(len(roots), "", reason.dtype)))[final],
        np.concatenate((similarity, np.full(len(roots), np.nan)))[final],
    )
