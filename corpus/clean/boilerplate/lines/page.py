"""A document as lines, with the facts about them that the rules ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from corpus.clean.boilerplate.lines.batch import Batch, read_batch
from corpus.clean.boilerplate.lines.columns import Ints
from corpus.clean.boilerplate.lines.phrases import KINDS
from corpus.clean.boilerplate.lines.shape import Shape, read_shape
from corpus.clean.boilerplate.lines.structure import Copies, document_sum, read_copies, read_core

_STOPPED_PROSE = 8
"""Where not even one in so many lines of prose ends with a stop, its writer uses none."""


class Line(NamedTuple):
    """A line that is not blank."""

    number: int
    """1-based in the text."""
    text: str
    """Without white space at its ends."""
    key: int
    """Equal for lines with the same words."""
    width: int
    """Length in Latin letters; an ideograph says as much as 2.2 of them."""
    stop: bool
    """Ends with a full stop, behind which quotes and brackets may close."""
    ended: bool
    """Ends with any mark that ends a sentence."""
    prose: bool
    """Long enough and built like running text."""
    kind: str | None
    """The kind of boilerplate phrase that the whole line is."""
    copies: int
    """How often the line occurs in the document."""

    @property
    def headline(self) -> bool:
        """Whether it could be a headline or a link: of some length, not running text, no full stop."""
        return 15 <= self.width <= 220 and not self.stop and not self.text.endswith((":", ";", ","))


@dataclass(frozen=True, slots=True)
class Page:
    """All lines of a document that are not blank, and where its article is."""

    lines: tuple[Line, ...]
    core: range
    """Indices of the densest stretch of prose, first line to last; empty where there is no prose."""
    stops: bool
    """Whether its prose ends with stops. That of Thai does not, nor that of a scraper that lost them."""

    def is_paragraph(self, line: Line) -> bool:
        """Whether a line of the page is prose that ends as prose does there."""
        return line.prose and (line.ended or not self.stops)


@dataclass(frozen=True, slots=True)
class Arrays:
    """Some documents as arrays over all their lines."""

    batch: Batch
    shape: Shape
    copies: Copies
    core: tuple[Ints, Ints]
    """The core of each document: index of its first line among all, and behind its last."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Some documents, as arrays over all their lines and as one page each."""

    arrays: Arrays
    pages: tuple[Page, ...]

    @property
    def first(self) -> list[int]:
        """Index of the first line of each page among all, and behind them the number of lines."""
        first: list[int] = self.arrays.batch.first.tolist()
        return first


def read_page(text: str) -> Page:
    """Look at one document."""
    return read_pages([text]).pages[0]


def read_arrays(texts: Sequence[str]) -> Arrays:
    """Look at documents, together; what is found in each does not depend on the others."""
    batch = read_batch(texts)
    shape = read_shape(batch)
    copies = read_copies(batch, shape)
    return Arrays(batch, shape, copies, read_core(batch, shape, copies))


def read_pages(texts: Sequence[str]) -> Pages:
    """Look at documents, and take each apart into its lines."""
    arrays = read_arrays(texts)
    batch, shape = arrays.batch, arrays.shape
    joined = "\n".join(texts)
    kinds = [*KINDS, None]
    columns: list[list[Any]] = [
        values.tolist()
        for values in (
            batch.number,
            batch.start,
            batch.end,
            batch.key,
            shape.width,
            shape.full_stop,
            shape.ended,
            shape.prose,
            shape.kind,
            arrays.copies.count,
        )
    ]
    lines = [
        Line(number, joined[start:end], key, width, stop, ended, prose, kinds[kind], copies)
        for number, start, end, key, width, stop, ended, prose, kind, copies in zip(*columns, strict=True)
    ]
    opens, closes = (edge.tolist() for edge in arrays.core)
    ended, prose = document_sum(batch, shape.prose & shape.ended), document_sum(batch, shape.prose)
    stops = (ended * _STOPPED_PROSE >= prose).tolist()
    pages = tuple(
        Page(tuple(lines[start:stop]), range(opens[at] - start, closes[at] - start), stops[at])
        for at, (start, stop) in enumerate(pairwise(batch.first.tolist()))
    )
    return Pages(arrays, pages)
