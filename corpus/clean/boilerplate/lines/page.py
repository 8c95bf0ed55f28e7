"""A document as lines, with the facts about them that the rules ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corpus.clean.boilerplate.lines.batch import Batch, read_batch
from corpus.clean.boilerplate.lines.phrases import KINDS
from corpus.clean.boilerplate.lines.shape import Shape, read_shape
from corpus.clean.boilerplate.lines.structure import Copies, read_copies, read_core


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
    sentences: int
    """Sentences that end within the line."""
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


@dataclass(frozen=True, slots=True)
class Pages:
    """Some documents, as arrays over all their lines and as one page each."""

    batch: Batch
    shape: Shape
    copies: Copies
    core: tuple[np.ndarray, np.ndarray]
    pages: tuple[Page, ...]


def read_page(text: str) -> Page:
    """Look at one document."""
    return read_pages([text]).pages[0]


def read_pages(texts: Sequence[str]) -> Pages:
    """Look at documents, together; what is found in each does not depend on the others."""
    batch = read_batch(texts)
    shape = read_shape(batch)
    copies = read_copies(batch)
    core = read_core(batch, shape, copies)
    joined = "\n".join(texts)
    kinds = [*KINDS, None]
    lines = [
        Line(number, joined[start:end], key, width, stop, ended, sentences, prose, kinds[kind], count)
        for number, start, end, key, width, stop, ended, sentences, prose, kind, count in zip(
            batch.number.tolist(),
            batch.start.tolist(),
            batch.end.tolist(),
            batch.key.tolist(),
            shape.width.tolist(),
            shape.full_stop.tolist(),
            shape.ended.tolist(),
            shape.sentences.tolist(),
            shape.prose.tolist(),
            shape.kind.tolist(),
            copies.count.tolist(),
            strict=True,
        )
    ]
    first, opens, closes = batch.first.tolist(), core[0].tolist(), core[1].tolist()
    pages = tuple(
        Page(tuple(lines[start:stop]), range(opens[at] - start, closes[at] - start))
        for at, (start, stop) in enumerate(zip(first[:-1], first[1:], strict=True))
    )
    return Pages(batch, shape, copies, core, pages)
