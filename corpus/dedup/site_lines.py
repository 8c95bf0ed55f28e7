"""Lines that a site prints on many of its pages: which they are, counted over the corpus.

A page counts by a value that near copies mostly share: a line of an article that stands under thirty addresses stands
on one page. There are two such values, its longest line and its smallest shingle (a MinHash value: Broder 1997,
https://doi.org/10.1109/SEQUEN.1997.666900), and for each site the one counts that tells more of its pages apart. With
one alone, a template that holds the longest line of all pages, or their smallest shingle, would make them one page.

Lines get levels rather than counts, so that a page more changes only the lines that it lifts over a threshold.
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

_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_Row = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SitePages:
    """Different pages of each site."""

    site: Hashes
    """Hashes of sites, sorted."""
    pages: Ints
    """Different pages of each."""
    longest: npt.NDArray[np.bool_]
    """Whether pages of the site are told apart by their longest lines, rather than by their smallest shingles."""


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines whose hashes fall into a bucket, in any order; an entry a line each."""

    hash: Hashes
    next: Hashes
    """Hash of the next line of the document; 0 behind the last."""
    site: Hashes
    page: Hashes
    """What `page_values` gives for the page."""
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
    sites, by_longest = _count_pages(site, page >> _HALF)
    _, by_smallest = _count_pages(site, page & _LOW)
    return SitePages(sites, np.maximum(by_longest, by_smallest), by_longest >= by_smallest)


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
    page = _pages(lines.site[rows], lines.page[rows], sites)
    order = np.lexsort((page, lines.site[rows], lines.hash[rows]))
    rows, page = rows[order], page[order]
    site = lines.site[rows]
    opens = _turns(lines.hash[rows])
    heads = opens | _turns(site)
    starts = np.flatnonzero(heads)
    pages = _sums(heads | _turns(page), starts)
    many = pages >= rule.pages
    common = _spread(many, opens[starts]) - many >= FORMULA_SITES
    share = many & _reaches(pages, site[starts], sites, rule)
    level = np.where(share, SHARE, np.where(many & ~common, MANY, 0)).astype(np.int8)
    levels = np.repeat(level, np.diff(starts, append=len(rows)))
    there = levels > 0
    rows, page, levels = rows[there], page[there], levels[there]
    boxed = levels == SHARE
    levels[boxed] += _in_box(lines, rows[boxed], page[boxed], sites, rule)
    order = np.lexsort((lines.index[rows], lines.doc[rows]))
    return Frequent(lines.doc[rows][order], lines.index[rows][order], levels[order])


def _count_pages(site: Hashes, page: Hashes) -> tuple[Hashes, Ints]:
    """Each site, in order, with the number of different values."""
    order = np.lexsort((page, site))
    sites = site[order]
    opens = _turns(sites)
    starts = np.flatnonzero(opens)
    return sites[starts], _sums(opens | _turns(page[order]), starts)


def _often(hashes: Hashes, least: int) -> _Row:
    """Rows of the hashes that occur so often; nearly all lines are gone here."""
    order = np.argsort(hashes, kind="stable")
    starts = np.flatnonzero(_turns(hashes[order]))
    counts = np.diff(starts, append=len(order))
    return order[np.repeat(counts >= least, counts)]


def _in_box(lines: Lines, rows: _Row, page: Hashes, sites: SitePages, rule: SiteLines) -> npt.NDArray[np.bool_]:
    """Whether each line stands on the site's share of pages in front of the very line that it is in front of here."""
    order = np.lexsort((page, lines.next[rows], lines.site[rows], lines.hash[rows]))
    ordered = rows[order]
    site, following = lines.site[ordered], lines.next[ordered]
    heads = _turns(lines.hash[ordered]) | _turns(site) | _turns(following)
    starts = np.flatnonzero(heads)
    pages = _sums(heads | _turns(page[order]), starts)
    box = _reaches(pages, site[starts], sites, rule) & (following[starts] != 0)
    found = np.zeros(len(rows), bool)
    found[order] = np.repeat(box, np.diff(starts, append=len(rows)))
    return found


def _reaches(pages: Ints, site: Hashes, sites: SitePages, rule: SiteLines) -> npt.NDArray[np.bool_]:
    """Whether so many pages are the share of the site's."""
    # A quotient is rounded to the same number as the literal in the recipe; a product may lie above it.
    share = pages / sites.pages[_find(site, sites)]
    reaches: npt.NDArray[np.bool_] = (pages >= 2 * rule.pages) & (share >= rule.share)
    return reaches


def _pages(site: Hashes, page: Hashes, sites: SitePages) -> Hashes:
    """The value by which a page counts on its site."""
    return np.where(sites.longest[_find(site, sites)], page >> _HALF, page & _LOW)


def _find(site: Hashes, sites: SitePages) -> Ints:
    """Index of each site."""
    at = np.searchsorted(sites.site, site)
    known = sites.site.take(at, mode="clip") == site if len(sites.site) else np.zeros(len(site), bool)
    if not known.all():
        raise ValueError("a line is of a site whose pages were not counted")
    return at


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
