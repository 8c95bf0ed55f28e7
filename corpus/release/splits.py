"""Which split a document goes into: by a hash, by a day, or because an earlier version has it there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from corpus.recipe import Splits

SPLITS = ("train", "validation", "test")

TRAIN, VALIDATION, TEST = range(1, 4)
"""Splits as tables between stages name them; 0 is none."""

_HASHES = 2**64
_EPOCH = date(1970, 1, 1)
_Ints = npt.NDArray[np.int64]
_Hashes = npt.NDArray[np.uint64]

Spans = Sequence[tuple[int, int, int]]
"""Hashes from one to before another that a split has: the split, the first hash, the one behind the last."""


@dataclass(frozen=True, slots=True)
class Units:
    """What some documents are put into a split by, an entry each."""

    unit: _Hashes
    """Hash of what goes into one split as a whole: the document with its near copies, or its site."""
    before: _Ints
    """The split that the version before has it in."""
    published: npt.NDArray[np.int32]
    """Days since 1970; of a document without a day, more than any."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What decides about the split, in plain numbers, so that it can be a parameter of a task.

    A document that was in `validation` or `test` stays there. Of others, those are in a split whose hash is in its
    span, or whose day is in it. Documents that were in `train` have spans of their own, because a number of documents
    is made up from new ones first.
    """

    new: Spans = ()
    trained: Spans = ()
    first_day: Sequence[tuple[int, int]] = ()
    """A split, and its first day since 1970; the later split holds of the days that both have."""

    def place(self, units: Units) -> _Ints:
        """The split of each document."""
        out = np.full(len(units.unit), TRAIN, np.int64)
        trained = units.before == TRAIN
        for spans, these in ((self.new, ~trained), (self.trained, trained)):
            for split, low, high in spans:
                if low < high:
                    out[these & (units.unit >= np.uint64(low)) & (units.unit <= np.uint64(high - 1))] = split
        dated = units.published != np.iinfo(np.int32).max
        for split, first in sorted(self.first_day):
            out[dated & (units.published >= first)] = split
        return np.where(units.before > TRAIN, units.before, out)


def rule_of(splits: Splits, parts: Iterable[Units], *, unchanged: bool = False) -> Rule:
    """Where the splits of a recipe lie.

    Numbers of documents are met exactly, but for the copies or pages of the last unit. Later versions keep what is
    there, and make up for what has gone from new documents first.

    Args:
        splits: The recipe's.
        parts: All documents that are released; looked at only where the recipe gives numbers of documents.
        unchanged: The version before has the same splits, so no document leaves `train` for a share.
    """
    wanted = {TEST: splits.test, VALIDATION: splits.validation}
    days = [(split, (amount - _EPOCH).days) for split, amount in wanted.items() if isinstance(amount, date)]
    numbers = {split: amount for split, amount in wanted.items() if isinstance(amount, int)}
    shares = {split: amount for split, amount in wanted.items() if isinstance(amount, float) and amount}
    new, trained = _numbers(numbers, parts) if numbers else ([], [])
    for spans in (new,) if unchanged else (new, trained):
        # Each at an end of its own, so that an amount that changes does not move the others.
        taken = max((high for *_, high in spans), default=0)
        for split, share in shares.items():
            size = round(share * _HASHES)
            first, last = (0, size) if len(shares) == 2 and split == VALIDATION else (_HASHES - size, _HASHES)
            spans.append((split, max(first, taken), last))
    return Rule(new, trained, days)


def _numbers(
    numbers: Mapping[int, int], parts: Iterable[Units]
) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]:
    """Spans that hold so many documents of each split, with those that are there: of new ones, of those in train."""
    missing = dict(numbers)
    fresh, trained = _Smallest(sum(numbers.values())), _Smallest(sum(numbers.values()))
    for units in parts:
        for split in missing:
            missing[split] -= int((units.before == split).sum())
        fresh.add(units.unit[units.before == 0])
        trained.add(units.unit[units.before == TRAIN])
    spans: tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]] = ([], [])
    starts = [0, 0]
    for split, lacking in missing.items():
        for which, smallest in enumerate((fresh, trained)):
            end, documents = smallest.take(starts[which], lacking)
            spans[which].append((split, starts[which], end))
            starts[which] = end
            lacking -= documents
    return spans


class _Smallest:
    """The units with the smallest hashes; as many as it takes to have so many documents in them."""

    def __init__(self, documents: int) -> None:
        self._wanted = documents
        self._unit = np.zeros(0, np.uint64)
        self._count = np.zeros(0, np.int64)

    def add(self, units: _Hashes) -> None:
        """Look at documents, given the unit of each."""
        unit, place = np.unique(np.concatenate((self._unit, units)), return_inverse=True)
        weight = np.concatenate((self._count, np.ones(len(units), np.int64)))
        count = np.bincount(place, weight, len(unit)).astype(np.int64)
        # A split takes one unit more than it needs at most; behind these, none is ever reached.
        reach = self._wanted + int(count.max(initial=0))
        enough = int(np.searchsorted(np.cumsum(count), reach)) + 1
        self._unit, self._count = unit[:enough], count[:enough]

    def take(self, start: int, documents: int) -> tuple[int, int]:
        """Where a span from `start` has to end to hold so many documents, and how many it then holds."""
        first = int(np.searchsorted(self._unit, np.uint64(start))) if start < _HASHES else len(self._unit)
        held = np.cumsum(self._count[first:])
        if documents <= 0 or not len(held):
            return start, 0
        last = min(int(np.searchsorted(held, documents)), len(held) - 1)
        return int(self._unit[first + last]) + 1, int(held[last])
