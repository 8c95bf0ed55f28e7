"""What a person sees: progress and messages on stderr, results on stdout."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.build.progress import Progress, StageReport, Stopwatch
from corpus.build.task import Result

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from corpus.build.clean_pass import CleanSummary
    from corpus.build.graph import Rejection
    from corpus.build.pipeline import BuildReport
    from corpus.build.runners import LocalRunner
    from corpus.explain import Explanation, Found
    from corpus.labelled.score import PageScore, Score
    from corpus.recipe import Near
    from corpus.release.loading import Release
    from corpus.release.manifest import Accounting

_DOING = {
    "read": "reading",
    "clean": "cleaning",
    "lines": "reading lines",
    "site_pages": "counting pages",
    "site_lines": "counting lines",
    "part_lines": "sharing out lines",
    "benchmarks": "reading benchmarks",
    "contamination": "looking for benchmarks",
    "revise": "taking lines out",
    "keys": "hashing",
    "released": "reading the last version",
    "same_id": "merging versions",
    "same_text": "merging copies",
    "candidates": "finding near copies",
    "components": "joining near copies",
    "part_members": "sharing out near copies",
    "shingles": "reading near copies",
    "near": "comparing near copies",
    "fates": "deciding",
    "paragraphs": "finding paragraphs",
    "part_paragraphs": "sharing out paragraphs",
    "withdrawals": "reading what is withdrawn",
    "fingerprints": "taking fingerprints",
    "named": "finding what is withdrawn",
    "sought": "gathering what is withdrawn",
    "alike": "finding copies of it",
    "withdrawn": "taking copies along",
    "part_withdrawn": "sharing out what is withdrawn",
    "redact": "taking lines out of the audit",
    "part_fates": "sharing out decisions",
    "select": "selecting",
    "pack": "writing data",
    "concat": "writing ledger",
}

_ALWAYS_SHOWN = {"read", "clean", "pack"}


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
            return _LiveProgress(self.verbose)
        return _PlainProgress(self.verbose)

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
        state = "built" if report.new else "was there already, unchanged"
        click.echo(f"{report.path}  {state}")
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
            "new": report.new,
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
                click.echo(f"  {label:<12} {', '.join(f'{name} {n:,}' for name, n in _by_count(counts))}")

    def _rules(self, removed: dict[str, int]) -> None:
        for rule, n in _by_count(removed):
            click.echo(f"    {n:>8,}  {rule}")


def _is_news(report: StageReport) -> bool:
    """Whether a person wants to hear that a stage begins: most are over at once where there is little data."""
    return bool(report.to_run) and (report.stage in _ALWAYS_SHOWN or report.weight > 2_000_000)


class _PlainProgress(Progress):
    """One line a stage, for logs."""

    def __init__(self, verbose: bool) -> None:
        self._verbose = verbose
        self._stage: StageReport | None = None
        self._started = 0.0
        self._left = 0

    def hashing(self, files: int, size: int) -> None:
        if size > 50_000_000:
            self._say(f"hashing {_n(files, 'new or changed file')}, {size / 1e6:,.0f} MB")

    def stage(self, report: StageReport) -> None:
        self._stage, self._started, self._left = report, time.monotonic(), report.to_run
        if _is_news(report):
            cached = f", {report.cached:,} from the cache" if report.cached else ""
            size = f" ({report.weight / 1e6:,.1f} MB)" if report.weight > 100_000 else ""
            self._say(f"{_DOING[report.stage]}: {_n(report.to_run, 'task')}{size}{cached}")

    def done(self, result: Result, weight: int) -> None:  # noqa: ARG002
        self._left -= 1
        if self._verbose and self._stage:
            counts = ", ".join(f"{name} {value}" for name, value in result.counts.items() if value)
            self._say(f"  {result.stage} {result.key[:12]} {counts}")
        if not self._left and self._stage:
            seconds = time.monotonic() - self._started
            if seconds > 2:
                rate = f"{self._stage.weight / 1e6 / seconds:,.1f} MB/s"
                self._say(f"{_DOING[result.stage]}: done in {seconds:,.1f} s, {rate}")

    def _say(self, message: str) -> None:
        click.echo(message, err=True)


class _LiveProgress(Progress):
    """Bars that move, for a terminal."""

    def __init__(self, verbose: bool) -> None:
        self._verbose = verbose
        self._bars: Bars | None = None
        self._bar: TaskID | None = None
        self._documents = 0

    def hashing(self, files: int, size: int) -> None:
        if size > 50_000_000:
            self._start().console.print(f"hashing {_n(files, 'file')}, {size / 1e6:,.0f} MB")

    def stage(self, report: StageReport) -> None:
        self._bar = None
        if _is_news(report):
            self._documents = 0
            self._bar = self._start().add_task(
                _DOING[report.stage],
                total=max(report.weight, 1),
                done=report.cached,
                tasks=report.tasks,
                documents="",
            )

    def done(self, result: Result, weight: int) -> None:
        if self._bars is None or self._bar is None:
            return
        self._documents += result.counts.get("documents", result.counts.get("records", 0))
        self._bars.update(
            self._bar,
            advance=weight,
            done=self._bars.tasks[self._bar].fields["done"] + 1,
            documents=_n(self._documents, "document") if self._documents else "",
        )
        if self._verbose:
            self._bars.console.print(f"{result.stage} {result.key[:12]} {dict(result.counts)}", highlight=False)

    def close(self) -> None:
        if self._bars is not None:
            self._bars.stop()

    def _start(self) -> Bars:
        if self._bars is None:
            from rich.console import Console as Terminal
            from rich.progress import (
                BarColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
                TransferSpeedColumn,
            )

            self._bars = Progress(
                TextColumn("{task.description:<18}"),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[done]}/{task.fields[tasks]} tasks"),
                TextColumn("{task.fields[documents]}"),
                TransferSpeedColumn(),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                console=Terminal(stderr=True),
            )
            self._bars.start()
        return self._bars


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


def _by_count(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


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


def _n(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"
