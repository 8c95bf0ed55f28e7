"""Progress of a build on stderr: bars on a terminal, a line a stage elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from corpus._words import counted
from corpus.build.progress import Progress, StageReport
from corpus.build.task import Result

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

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
    "groups": "grouping copies",
    "part_released": "sharing out the last version",
    "part_groups": "sharing out groups",
    "place": "splitting",
    "pack": "writing data",
    "concat": "writing ledger",
}

_ALWAYS_SHOWN = {"read", "clean", "pack"}


def _is_news(report: StageReport) -> bool:
    """Whether a person wants to hear that a stage begins: most are over at once where there is little data."""
    return bool(report.to_run) and (report.stage in _ALWAYS_SHOWN or report.weight > 2_000_000)


def _found(source: str, place: str, files: int, size: int) -> str:
    return f"source '{source}': {place} on the Hub, {counted(files, 'file')}, {size / 1e6:,.1f} MB"


class PlainProgress(Progress):
    """One line a stage, for logs."""

    def __init__(self, verbose: bool) -> None:
        self._verbose = verbose
        self._stage: StageReport | None = None
        self._started = 0.0
        self._left = 0

    def hashing(self, files: int, size: int) -> None:
        if size > 50_000_000:
            self._say(f"hashing {counted(files, 'new or changed file')}, {size / 1e6:,.0f} MB")

    def found(self, source: str, place: str, files: int, size: int) -> None:
        self._say(_found(source, place, files, size))

    def stage(self, report: StageReport) -> None:
        self._stage, self._started, self._left = report, time.monotonic(), report.to_run
        if _is_news(report):
            cached = f", {report.cached:,} from the cache" if report.cached else ""
            size = f" ({report.weight / 1e6:,.1f} MB)" if report.weight > 100_000 else ""
            self._say(f"{_DOING[report.stage]}: {counted(report.to_run, 'task')}{size}{cached}")

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


class LiveProgress(Progress):
    """Bars that move, for a terminal."""

    def __init__(self, verbose: bool) -> None:
        self._verbose = verbose
        self._bars: Bars | None = None
        self._bar: TaskID | None = None
        self._documents = 0

    def hashing(self, files: int, size: int) -> None:
        if size > 50_000_000:
            self._start().console.print(f"hashing {counted(files, 'file')}, {size / 1e6:,.0f} MB")

    def found(self, source: str, place: str, files: int, size: int) -> None:
        self._start().console.print(_found(source, place, files, size), highlight=False)

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
            documents=counted(self._documents, "document") if self._documents else "",
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
