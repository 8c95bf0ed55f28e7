"""What the line model says about some documents, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.clean.boilerplate.lines.page import Pages, read_arrays
from corpus.clean.boilerplate.model.features import feature_names, features
from corpus.clean.boilerplate.model.network import MAX_LINES, Look, Network
from corpus.clean.boilerplate.model.reasons import reasons


@dataclass(frozen=True, slots=True)
class Judgement:
    """The model's outputs for the lines of some documents, in their order."""

    looks: tuple[Look, ...]
    text: tuple[float, ...]
    """How far each line is text, as a logit: 0 is even odds."""
    headline: tuple[float, ...]
    """How far each line is the headline of its document."""

    def reasons(self, lines: Sequence[int]) -> Iterator[list[str]]:
        """What weighed most against each of some lines, which are in rising order, in words."""
        chosen = np.array(lines, np.int64)
        start = 0
        for look in self.looks:
            stop = start + len(look.text)
            here = chosen[(chosen >= start) & (chosen < stop)] - start
            if len(here):
                yield from reasons(look.matrix[:, here].T, look.network.means, look.pull(here))
            start = stop


def judge(pages: Pages, network: Network) -> Judgement:
    """Judge all lines of some documents."""
    if network.features != feature_names():
        raise ValueError(f"{network.name}: fitted on other features than this version of the program computes")
    whole = all(len(page.lines) <= MAX_LINES for page in pages.pages)
    parts = [pages.arrays] if whole else [read_arrays([piece]) for piece in _pieces(pages)]
    looks = tuple(network.look(features(part), part.batch.first) for part in parts)
    return Judgement(
        looks,
        tuple(value for look in looks for value in look.text.tolist()),
        tuple(value for look in looks for value in look.headline.tolist()),
    )


def _pieces(pages: Pages) -> Sequence[str]:
    """The documents in pieces of at most `MAX_LINES` lines, with the blank lines that were between their lines."""
    pieces = []
    for page in pages.pages:
        for start in range(0, len(page.lines), MAX_LINES):
            number = page.lines[start].number - 1
            rows: list[str] = []
            for line in page.lines[start : start + MAX_LINES]:
                rows += [""] * (line.number - number - 1)
                rows.append(line.text)
                number = line.number
            pieces.append("\n".join(rows))
    return pieces
