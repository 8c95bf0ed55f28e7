"""A corpus of short pages, and what becomes of its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.clean.quality.words import read_batch
from corpus.dedup.lines import line_keys
from corpus.dedup.site_lines import Frequent, Lines, SitePages, frequent, site_pages
from corpus.dedup.template import template_lines
from corpus.recipe import SiteLines

RULE = SiteLines(pages=3, share=0.5)
"""Three pages are many, and six that are half of all are the site's share."""


@dataclass(frozen=True)
class Doc:
    """A page of a site."""

    lines: tuple[str, ...]
    site: int = 1
    page: int | None = None
    """The number that copies of a page share; where left out, the page is like no other."""
    title: str | None = None


def own(number: int, *names: str) -> tuple[str, ...]:
    """Lines that no other page has."""
    return tuple(f"Trang {number} kể {name} của riêng mình trong một câu dài." for name in names or ("chuyện",))


def arrays(docs: Sequence[Doc]) -> tuple[Lines, SitePages]:
    keys = line_keys(read_batch(["\n".join(doc.lines) for doc in docs]))
    site = np.array([doc.site for doc in docs], np.uint64)
    page = np.array([(1000 + at if doc.page is None else doc.page) << 32 for at, doc in enumerate(docs)], np.uint64)
    of = keys.document
    return Lines(keys.hash, keys.next, site[of], page[of], of, keys.index), site_pages(site, page)


def taken(found: Frequent) -> dict[int, dict[int, int]]:
    """Levels by document and index."""
    levels: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for doc, index, level in zip(found.doc.tolist(), found.index.tolist(), found.level.tolist(), strict=True):
        levels[doc][index] = level
    return dict(levels)


def levels_of(docs: Sequence[Doc], rule: SiteLines = RULE) -> dict[int, dict[int, int]]:
    return taken(frequent(*arrays(docs), rule))


def rest(docs: Sequence[Doc], rule: SiteLines = RULE) -> list[tuple[str, ...]]:
    """The lines that stay in each document."""
    levels = levels_of(docs, rule)
    kept: list[tuple[str, ...]] = []
    for number, doc in enumerate(docs):
        gone = {line.index for line in template_lines(doc.lines, levels.get(number, {}), doc.title)}
        kept.append(tuple(line for index, line in enumerate(doc.lines) if index not in gone))
    return kept
