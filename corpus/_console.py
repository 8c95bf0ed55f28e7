"""What a person sees: progress and messages on stderr, results on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus._progress import LiveProgress, PlainProgress
from corpus._words import by_count
from corpus._words import counted as _n
from corpus.build.progress import Progress, StageReport, Stopwatch

if TYPE_CHECKING:
    from corpus.build.clean_pass import CleanSummary
    from corpus.build.graph import Rejection
    from corpus.build.pipeline import BuildReport
    from corpus.build.runners import LocalRunner
    from corpus.explain import Explanation, Found
    from corpus.labelled.score import PageScore, Score
    from corpus.recipe import Near
    from corpus.release.loading import Release
    from corpus.release.manifest import Accounting


class Console:
    """Prints for one command."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self.quiet = quiet
        self.verbose = verbose

    def progress(self) -> Progress:
        """A watcher of the work that suits the terminal."""
        if self.quiet:
            return Progress()
        if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            return LiveProgress(self.verbose)
        return PlainProgress(self.verbose)

    def rejections(self, shown: Sequence[Rejection], total: int) -> None:
        """Warn about records that could not be read."""
        for rejection in shown:
            click.echo(f"quarantined {rejection}", err=True)
        if total > len(shown):
            click.echo(f"quarantined {total - len(shown):,} more", err=True)

    def clean_summary(self, summary: CleanSummary) -> None:
        """Say what a cleaning pass did."""
        lines = sum(summary.removed_lines.values())
        empty = f", nothing left of {summary.empty:,}" if summary.empty else ""
        click.echo(f"{summary.out}: {_n(summary.documents, 'document')}{empty}; {_n(lines, 'line')} removed")
        self._rules(summary.removed_lines)
        self._cleaning(summary)
        if summary.dropped:
            click.echo(f"  dropped      {_reasons(summary.dropped)}")

    def plan(self, reports: Iterable[StageReport]) -> None:
        """List what a build would run."""
        to_run = 0
        for report in reports:
            to_run += report.to_run
            if not report.complete and not report.tasks:
                what = "known when the stages before it have run"
            else:
                more = "" if report.complete else ", more when the stages before it have run"
                what = f"{report.to_run:,} of {_n(report.tasks, 'task')} to run{more}"
            click.echo(f"{report.stage:<10} {what}")
        if not to_run:
            click.echo("nothing to run: everything is in the cache")

    def build_summary(self, report: BuildReport, release: Release, cache: Path) -> None:
        """Say where a release is, what was kept and removed, and how to load it."""
        accounting = release.manifest.accounting
        lines = sum(accounting.removed_lines.values())
        click.echo(f"{report.path}  {_state(report, release)}")
        click.echo(f"  read         {_n(accounting.read, 'document')}")
        click.echo(f"  kept         {accounting.kept:,}{_splits(release)}")
        click.echo(f"  dropped      {_reasons(accounting.dropped)}")
        click.echo(f"  quarantined  {_reasons(accounting.quarantined)}")
        click.echo(f"  removed      {_n(lines, 'line')}, {accounting.removed_chars:,} characters")
        self._rules(accounting.removed_lines)
        self._cleaning(accounting)
        for name, found in (release.manifest.contamination or {}).items():
            where = f"{found.items_found:,} of {_n(found.items, 'item')} found in {_n(found.documents, 'document')}"
            click.echo(f"  benchmark    {name}: {where}")
        click.echo(f"  load it      {release.python_line}")
        if not self.quiet:
            work = "nothing to compute" if not report.computed else f"{_n(report.computed, 'task')} computed"
            cached = sum(stage.cached for stage in report.stages)
            size = sum(usage.bytes for usage in _usage(cache)) / 1e6
            click.echo(f"{work}, {cached:,} from the cache ({cache}, {size:,.1f} MB)", err=True)

    def build_dict(self, report: BuildReport, release: Release, cache: Path, watch: Stopwatch) -> dict[str, Any]:
        """The same as plain values, with the seconds that it took."""
        stages = [
            self.report_dict(stage) | {"seconds": round(seconds, 3)}
            for stage, seconds in zip(report.stages, watch.seconds, strict=True)
        ]
        return {
            "release": str(report.path),
            "version": release.manifest.version,
            "new": report.new,
            "changes": report.changes and report.changes.model_dump(),
            "rows_digest": release.manifest.rows_digest,
            "accounting": release.manifest.accounting.model_dump(),
            "warnings": list(report.warnings),
            "computed_tasks": report.computed,
            "seconds": round(watch.total, 3),
            "stages": stages,
            "cache": {"path": str(cache), "bytes": sum(usage.bytes for usage in _usage(cache))},
            "python": release.python_line,
        }

    def report_dict(self, report: StageReport) -> dict[str, Any]:
        """One stage as plain values."""
        return {
            "stage": report.stage,
            "tasks": report.tasks,
            "cached": report.cached,
            "to_run": report.to_run,
            "complete": report.complete,
        }

    def limits(self, runner: LocalRunner) -> None:
        """Say how much of the machine may be used."""
        if self.verbose and not self.quiet:
            click.echo(f"at most {_n(runner.workers, 'worker')}, {runner.memory_mb:,.0f} MB of memory", err=True)

    def note(self, words: str) -> None:
        """Say how far something is."""
        if not self.quiet:
            click.echo(words, err=True)

    def scores(self, pages: Sequence[PageScore], worst: int) -> None:
        """Print scores of all pages, by set, language and site, of the rules, and the pages that lost most."""
        from corpus.labelled.score import rules_of, score, score_by

        click.echo(f"{'':<26}{'pages':>7}{'P':>7}{'R':>7}{'F1':>7}{'harmed':>9}{'removed':>9}")
        click.echo(_score_row("all", score(pages)))
        for field in ("set", "language", "site"):
            groups = score_by(pages, field)
            if len(groups) > 1:
                click.echo(f"by {field}")
                for name, group in groups.items():
                    click.echo(_score_row(name, group))
        click.echo(f"{'by rule':<46}{'right':>9}{'wrong':>9}")
        for rule, (right, wrong) in rules_of(pages).items():
            click.echo(f"  {rule:<44}{right:>9,}{wrong:>9,}")
        lossy = sorted((page for page in pages if page.lost), key=lambda page: page.kept_chars / page.keep_chars)
        for page in lossy[:worst]:
            share = page.kept_chars / page.keep_chars
            click.echo(
                f"{page.page.id}: kept {share:.0%} of its text, left {_n(page.left_lines, 'line')} of boilerplate"
            )
            for line in page.lost[:3]:
                click.echo(f"    lost: {line[:90]}{'…' * (len(line) > 90)}")

    def _cleaning(self, done: CleanSummary | Accounting) -> None:
        """What else was done to documents, where anything was."""
        foreign = {} if set(done.encodings) <= {"utf-8"} else done.encodings
        for label, counts in (
            ("encodings", foreign),
            ("repaired", done.repaired),
            ("masked", done.masked),
            ("limits", done.limits),
        ):
            if counts:
                click.echo(f"  {label:<12} {', '.join(f'{name} {n:,}' for name, n in by_count(counts))}")

    def _rules(self, removed: dict[str, int]) -> None:
        for rule, n in by_count(removed):
            click.echo(f"    {n:>8,}  {rule}")


def _state(report: BuildReport, release: Release) -> str:
    """Whether a release is new, and what is new in it."""
    from corpus.release.changelog import documents_in_short

    if not report.new:
        return "was there already, unchanged"
    if report.changes is None:
        return "built"
    changes = report.changes
    words = documents_in_short(changes) or "the same documents"
    return f"built; {changes.level} since {release.manifest.parents[0].version}: {words}"


def print_explanation(explanation: Explanation) -> None:
    """Print a document with its removed lines struck through."""
    from rich.console import Console as Terminal
    from rich.text import Text

    terminal = Terminal(highlight=False, soft_wrap=True)
    removed = explanation.removed
    terminal.print(Text(explanation.place, style="bold"))
    for name, value in explanation.fields.items():
        terminal.print(Text(f"  {name:<15}{'—' if value is None else value}"))
    terminal.print()
    for number, line in enumerate(explanation.lines, start=1):
        if number not in removed:
            terminal.print(Text(f"  {line}" if line else ""))
            continue
        taken = removed[number]
        score = "" if taken.score is None else f" {taken.score:.2f}"
        why = f": {taken.why}" if taken.why else ""
        terminal.print(Text("- ", "red") + Text(line, "red strike") + Text(f"   [{taken.rule}{score}{why}]", "yellow"))
    terminal.print()
    kept = sum(1 for line in explanation.cleaned.text.split("\n") if line)
    terminal.print(Text(f"{_n(kept, 'line')} kept, {len(removed):,} removed", style="bold"))


def print_near(near: Near | None, curve: Sequence[Found]) -> None:
    """Print how likely near-duplicates are found."""
    if near is None:
        click.echo("near-duplicates are left alone: dedup.near is null")
        return
    click.echo(f"near-duplicates: {near.words}-word shingles, {near.bands} bands of {near.rows} MinHash values")
    click.echo(f"{'similarity':>12} {'found':>8}")
    for point in curve:
        mark = "  <- threshold; candidates below it are told by exact comparison" * (point.similarity == near.threshold)
        click.echo(f"{point.similarity:>12.4g} {point.probability:>8.2%}{mark}")
    click.echo(f"documents of fewer than {near.min_words} words are compared for equality only")


def print_head(release: Release, rows: list[dict[str, Any]]) -> None:
    """Print the columns and first rows of a release."""
    manifest = release.manifest
    click.echo(f"{manifest.name}: {_n(manifest.accounting.kept, 'document')}{_splits(release)}\n")
    for column in manifest.columns:
        kind = column.type + (" or null" if column.nullable else "")
        click.echo(f"  {column.name:<16}{kind:<22}{column.description}")
    for row in rows:
        click.echo()
        for name, value in row.items():
            shown = str(value).replace("\n", " ⏎ ")
            click.echo(f"  {name:<16}{shown[:100]}{'…' * (len(shown) > 100)}")
    click.echo(f"\nimport datasets\n{release.python_line}")


def _score_row(name: str, group: Score) -> str:
    harmed = f"{group.harmed}/{group.with_text}"
    shares = "".join(f"{share:>7.3f}" for share in (group.precision, group.recall, group.f1))
    return f"  {name[:24]:<24}{group.pages:>7,}{shares}{harmed:>9}{group.boilerplate_removed:>9.1%}"


def _usage(cache: Path) -> list[Any]:
    from corpus.build.cache import Cache

    return list(Cache(cache).usage())


def _splits(release: Release) -> str:
    splits = release.manifest.splits
    return " (" + ", ".join(f"{name} {split.rows:,}" for name, split in splits.items()) + ")"


def _reasons(counts: dict[str, int]) -> str:
    named = ", ".join(f"{n:,} {reason}" for reason, n in counts.items())
    return f"{sum(counts.values()):,} ({named})" if named else "0"
