"""What a person sees of the difference between two releases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from corpus.release.diff import Diff
    from corpus.release.diff.report import Counted
    from corpus.release.diff.shifts import Group, Length, Shifts
    from corpus.release.diff.uploads import Uploads

_SHOWN = 8
"""Lines of one kind; the rest is counted."""
_SHARE = 0.001
"""Groups whose share of all documents moved by less are not shown."""
_DEVIATIONS = 0.05
"""Signals whose mean moved by less are not shown."""
_LENGTH = 0.01
"""Quantiles of a length that moved by less are not shown."""


def print_diff(found: Diff, documents: Path | None) -> None:
    """Print a comparison: what it calls for first, then only what differs."""
    click.echo(_headline(found))
    if found.old.dataset != found.new.dataset:
        _row("datasets", f"{found.old.dataset} and {found.new.dataset} are not the same dataset")
    _row("documents", _pair(found.old.documents, found.new.documents))
    for label in ("added", "removed", "changed"):
        counts: tuple[Counted, ...] = getattr(found, label)
        lines = [f"{one.documents:,} {one.reason.replace('_', ' ')} ({one.stage})" for one in counts]
        if len(counts) > 1:
            lines.insert(0, f"{sum(counted.documents for counted in counts):,}")
        _rows(label, lines)
    if found.columns:
        shown = [f"{name} {documents:,}" for name, documents in found.columns.items()]
        _row("columns", ", ".join(_first(shown)))
    _rows("schema", found.schema_changes)
    changes = found.recipe_changes
    _rows("recipe", [f"{one.field}: {_value(one.old)} -> {_value(one.new)}" for one in changes])
    _rows("also", found.said_changes[:1] and [", ".join(found.said_changes)])
    _shifts(found.shifts)
    if found.uploads:
        _uploads(found.uploads)
    if documents is not None:
        _row("list", str(documents))


def _headline(found: Diff) -> str:
    names = f"{found.old.dataset} {found.old.version} -> {found.new.version}"
    if found.level is None:
        return f"{names}: no difference"
    return f"{names}: {found.level}: {'; '.join(_why(found))}"


def _why(found: Diff) -> Iterator[str]:
    if found.schema_changes:
        yield "columns changed"
    happened = [label for label in ("added", "removed", "changed") if getattr(found, label)]
    if happened:
        yield f"documents {', '.join(happened)}"
    if any(not change.metadata for change in found.recipe_changes):
        yield "recipe changed"
    elif found.recipe_changes or found.said_changes:
        yield "metadata changed"


def _shifts(shifts: Shifts) -> None:
    for label, groups in (("sources", shifts.sources), ("languages", shifts.languages), ("splits", shifts.splits)):
        _rows(label, [_group(one) for one in groups if abs(one.new_share - one.old_share) >= _SHARE])
    for column in dict.fromkeys(length.column for length in shifts.lengths):
        moved = [one for one in shifts.lengths if one.column == column and _moved(one)]
        _rows(column, [f"{_quantile(one.quantile)} {_pair(one.old, one.new)}" for one in moved])
    signals = [one for one in shifts.signals if abs(one.deviations) >= _DEVIATIONS]
    _rows(
        "quality",
        [f"{s.name} {s.old_mean:.4g} -> {s.new_mean:.4g} ({s.deviations:+.2f} standard deviations)" for s in signals],
    )


def _moved(length: Length) -> bool:
    return abs(length.new - length.old) >= _LENGTH * max(length.old, 1)


def _group(group: Group) -> str:
    return f"{group.name} {group.old_share:.1%} -> {group.new_share:.1%} ({_pair(group.old, group.new)})"


def _uploads(uploads: Uploads) -> None:
    _row("uploads", f"{_size(uploads.new_bytes)} of {_size(uploads.bytes)} ({uploads.share:.1%})")
    largest = sorted(uploads.files, key=lambda file: (-file.new_bytes, file.path))
    _rows("", [f"{_size(file.new_bytes)} {file.path}" for file in largest])


def _rows(label: str, lines: Sequence[str]) -> None:
    """A labelled line, and the ones that belong to it below."""
    for number, line in enumerate(_first(lines)):
        _row(label if number == 0 else "", line)


def _row(label: str, text: str) -> None:
    click.echo(f"  {label:<12} {text}")


def _first(lines: Iterable[str]) -> list[str]:
    lines = list(lines)
    more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return lines[:_SHOWN] + more


def _pair(old: int, new: int) -> str:
    return f"{old:,} -> {new:,}" if old != new else f"{new:,}"


def _quantile(share: float) -> str:
    return "median" if share == 0.5 else f"{share:.0%} quantile"


def _value(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 60 else shown[:59] + "…"


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"
