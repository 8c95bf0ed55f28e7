"""Lines that a site prints on many of its pages: which they are, counted over the corpus.

A page counts by a MinHash value of it (Broder 1997, https://doi.org/10.1109/SEQUEN.1997.666900), which near copies
mostly share: a line of an article that stands under thirty addresses stands on one page. Lines get levels rather than
counts, so that a page more changes nothing but the lines that it lifts over a threshold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.quality.words import Hashes, Ints
from corpus.recipe import SiteLines

MANY, SHARE, BOX = 1, 2, 3
"""Levels. `MANY`: the line stands on `SiteLines.pages` pages of the site, and is no common formula. `SHARE`: on
`SiteLines.share` of them, and on twice `SiteLines.pages`. `BOX`: so often with the same line behind it."""
FORMULA_SITES = 3
"""A line that stands on `SiteLines.pages` pages each of so many other sites is a common formula."""

_Row = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SitePages:
    """Different pages of each site."""

    site: Hashes
    """Hashes of sites, sorted."""
    pages: Ints
    """Different pages of each."""


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines whose hashes fall into a bucket, in any order; an entry a line each."""

    hash: Hashes
    next: Hashes
    """Hash of the next line of the document; 0 behind the last."""
    site: Hashes
    page: Hashes
    """A MinHash value of the page."""
    doc: Ints
    """Number of the document."""
    index: npt.NDArray[np.int32]
    """Index among the non-blank lines of the document."""


@dataclass(frozen=True, slots=True)
class Frequent:
    """Lines that stand on many pages of their site, sorted by document and index."""

    doc: Ints
    index: npt.NDArray[np.int32]
    level: npt.NDArray[np.int8]
    """`MANY`, `SHARE` or `BOX`."""


def site_pages(site: Hashes, page: Hashes) -> SitePages:
    """Count the different pages of each site; an entry a document each, in any order."""
    order = np.lexsort((page, site))
    sites, pages = site[order], page[order]
    opens = _turns(sites)
    starts = np.flatnonzero(opens)
    return SitePages(sites[starts], _sums(opens | _turns(pages), starts))


def frequent(lines: Lines, sites: SitePages, rule: SiteLines) -> Frequent:
    """The lines of a bucket that stand on many pages of their site.

    Args:
        lines: all lines of the corpus whose hashes fall into the bucket.
        sites: the pages of at least the sites that these are of.
        rule: how many are many.

    Raises:
        ValueError: a line is of a site whose pages are not known.
    """
    rows = _often(lines.hash, rule.pages)
    rows = rows[np.lexsort((lines.page[rows], lines.site[rows], lines.hash[rows]))]
    hashes, site = lines.hash[rows], lines.site[rows]
    opens = _turns(hashes)
    heads = opens | _turns(site)
    starts = np.flatnonzero(heads)
    pages = _sums(heads | _turns(lines.page[rows]), starts)
    many = pages >= rule.pages
    common = _spread(many, opens[starts]) - many >= FORMULA_SITES
    share = many & _reaches(pages, _pages_of(site[starts], sites), rule)
    level = np.where(share, SHARE, np.where(many & ~common, MANY, 0)).astype(np.int8)
    levels = np.repeat(level, np.diff(starts, append=len(rows)))
    rows, levels = rows[levels > 0], levels[levels > 0]
    boxed = levels == SHARE
    levels[boxed] += _in_box(lines, rows[boxed], sites, rule)
    order = np.lexsort((lines.index[rows], lines.doc[rows]))
    return Frequent(lines.doc[rows][order], lines.index[rows][order], levels[order])


def _often(hashes: Hashes, least: int) -> _Row:
    """Rows of the hashes that occur so often; nearly all lines are gone here."""
    order = np.argsort(hashes, kind="stable")
    starts = np.flatnonzero(_turns(hashes[order]))
    counts = np.diff(starts, append=len(order))
    return order[np.repeat(counts >= least, counts)]


def _in_box(lines: Lines, rows: _Row, sites: SitePages, rule: SiteLines) -> npt.NDArray[np.bool_]:
    """Whether each line stands on the site's share of pages in front of the very line that it is in front of here."""
    order = np.lexsort((lines.page[rows], lines.next[rows], lines.site[rows], lines.hash[rows]))
    ordered = rows[order]
    site, following = lines.site[ordered], lines.next[ordered]
    heads = _turns(lines.hash[ordered]) | _turns(site) | _turns(following)
    starts = np.flatnonzero(heads)
    pages = _sums(heads | _turns(lines.page[ordered]), starts)
    box = _reaches(pages, _pages_of(site[starts], sites), rule) & (following[starts] != 0)
    found = np.zeros(len(rows), bool)
    found[order] = np.repeat(box, np.diff(starts, append=len(rows)))
    return found


def _reaches(pages: Ints, of: Ints, rule: SiteLines) -> npt.NDArray[np.bool_]:
    # A quotient is rounded to the same number as the literal in the recipe; a product may lie above it.
    reaches: npt.NDArray[np.bool_] = (pages >= 2 * rule.pages) & (pages / of >= rule.share)
    return reaches


def _pages_of(site: Hashes, sites: SitePages) -> Ints:
    at = np.searchsorted(sites.site, site)
    known = sites.site.take(at, mode="clip") == site if len(sites.site) else np.zeros(len(site), bool)
    if not known.all():
        raise ValueError("a line is of a site whose pages were not counted")
    return sites.pages[at]


def _turns(values: Hashes) -> npt.NDArray[np.bool_]:
    """Where a value differs from the one before it; the first one does."""
    turns = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=turns[1:])
    return turns


def _sums(flags: npt.NDArray[np.bool_], starts: _Row) -> Ints:
    """How many flags are set from each start to the next."""
    return np.add.reduceat(flags, starts, dtype=np.int64) if len(starts) else np.zeros(0, np.int64)


def _spread(flags: npt.NDArray[np.bool_], opens: npt.NDArray[np.bool_]) -> Ints:
    """For each entry the number of flags in its run; runs begin where `opens` is set."""
    starts = np.flatnonzero(opens)
    return np.repeat(_sums(flags, starts), np.diff(starts, append=len(flags)))
