"""How the text of two releases differs on the whole: sources, languages, splits, lengths, signals of quality."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from corpus.release.database import name_of, table_of
from corpus.release.diff.columns import common_columns
from corpus.release.diff.sides import Side

LENGTHS = ("n_chars", "n_words")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

_SCALE = 10_000
"""Signals have four decimals, so sums of so many times their value are exact, in whatever order they are added."""


@dataclass(frozen=True, slots=True)
class Group:
    """Documents of one source, language or split."""

    name: str
    old: int
    """Documents in the old release."""
    new: int
    old_share: float
    """Of all documents of the old release, 0 to 1, rounded to 4 digits."""
    new_share: float


@dataclass(frozen=True, slots=True)
class Length:
    """A quantile of the length of documents: as many of them as `quantile` says are at most so long."""

    column: str
    """`n_chars` or `n_words`."""
    quantile: float
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class SignalShift:
    """The mean of a signal of quality."""

    name: str
    old_mean: float
    """Rounded to 6 digits, as the next one."""
    new_mean: float
    deviations: float
    """How far the mean moved, in standard deviations of the old release, rounded to 4 digits; 0 where it has none."""


@dataclass(frozen=True, slots=True)
class Shifts:
    """Both releases in numbers, side by side."""

    sources: tuple[Group, ...]
    languages: tuple[Group, ...]
    splits: tuple[Group, ...]
    lengths: tuple[Length, ...]
    signals: tuple[SignalShift, ...]
    """All signals that both have, those that moved most first."""


def shifts(connection: duckdb.DuckDBPyConnection, old: Side, new: Side) -> Shifts:
    """Compare the two releases on the whole. Of the data, only the columns of lengths and signals are read."""
    columns = {column.name: column for column in common_columns(old.manifest, new.manifest)}
    signals = [field.name for field in columns["quality"].fields or []] if "quality" in columns else []
    before, after = (
        _summary(connection, side, list(filter(columns.__contains__, LENGTHS)), signals) for side in (old, new)
    )
    return Shifts(
        sources=_totals(old.manifest.sources, new.manifest.sources),
        languages=_totals(old.manifest.languages, new.manifest.languages),
        splits=_groups(
            {name: split.rows for name, split in old.manifest.splits.items()},
            {name: split.rows for name, split in new.manifest.splits.items()},
        ),
        lengths=tuple(_lengths(before, after)),
        signals=tuple(sorted(_signals(before, after), key=lambda shift: (-abs(shift.deviations), shift.name))),
    )


@dataclass(frozen=True, slots=True)
class _Summary:
    lengths: dict[str, dict[float, int]]
    signals: dict[str, tuple[float, float]]
    """Mean and standard deviation."""


def _summary(connection: duckdb.DuckDBPyConnection, side: Side, lengths: list[str], signals: list[str]) -> _Summary:
    paths = [str(side.files[entry.path]) for entry in side.data if entry.rows]
    if not paths:
        return _Summary({}, {})
    table = table_of(paths)
    quantiles = {}
    for column in lengths:
        counted = connection.execute(f"SELECT {column}, count(*) AS n FROM {table} GROUP BY 1 ORDER BY 1").fetchnumpy()
        values, ends = counted[column], np.cumsum(counted["n"])
        places = np.ceil(np.array(QUANTILES) * ends[-1])
        quantiles[column] = dict(zip(QUANTILES, values[np.searchsorted(ends, places)].tolist(), strict=True))
    sums = [
        f"count({value}), sum({value}), sum({value} * {value})"
        for value in (f"TRY_CAST(round(quality.{name_of(name)} * {_SCALE}) AS HUGEINT)" for name in signals)
    ]
    row: tuple[Any, ...] = connection.execute(f"SELECT {', '.join(sums) or 'NULL'} FROM {table}").fetchone() or ()
    triples = {name: row[3 * at : 3 * at + 3] for at, name in enumerate(signals)}
    return _Summary(quantiles, {name: _moments(*map(int, triple)) for name, triple in triples.items() if triple[0]})


def _moments(count: int, total: int, squares: int) -> tuple[float, float]:
    """Mean and standard deviation from exact sums; whole numbers until the last division."""
    return total / count / _SCALE, math.sqrt(max(count * squares - total * total, 0)) / count / _SCALE


def _lengths(before: _Summary, after: _Summary) -> Iterator[Length]:
    for column, quantiles in after.lengths.items():
        for quantile, value in quantiles.items():
            if column in before.lengths:
                yield Length(column, quantile, before.lengths[column][quantile], value)


def _signals(before: _Summary, after: _Summary) -> Iterator[SignalShift]:
    for name, (mean, _) in after.signals.items():
        if name in before.signals:
            was, deviation = before.signals[name]
            moved = round((mean - was) / deviation, 4) if deviation else 0.0
            yield SignalShift(name, round(was, 6), round(mean, 6), moved)


def _totals(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Group, ...]:
    return _groups(
        {name: total.documents for name, total in old.items()}, {name: total.documents for name, total in new.items()}
    )


def _groups(old: Mapping[str, int], new: Mapping[str, int]) -> tuple[Group, ...]:
    """Groups by name, those that moved most first."""
    all_old, all_new = sum(old.values()) or 1, sum(new.values()) or 1
    groups = [
        Group(name, was, now, round(was / all_old, 4), round(now / all_new, 4))
        for name in old.keys() | new.keys()
        for was, now in [(old.get(name, 0), new.get(name, 0))]
    ]
    return tuple(sorted(groups, key=lambda group: (-abs(group.new_share - group.old_share), group.name)))
