"""What a person sees of a publication: the plan, how far it is, where the release is then."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from corpus._words import counted, sized

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from corpus.hub.planning import Plan
    from corpus.hub.publishing import Publication

_SHOWN = 8
"""Paths of one kind; the rest is counted."""
_EVERY_S = 5.0
"""Where nobody looks at a terminal, a line says how far it is no more often than this."""


class PublishConsole:
    """Tells on stderr what goes on; is the `Watch` of a publication while it is entered."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not quiet
        self._bars: Bars | None = None
        self._bar: TaskID | None = None
        self._what, self._total, self._done = "", 0, 0
        self._started = self._said = 0.0

    def __enter__(self) -> Self:
        from huggingface_hub.utils.tqdm import disable_progress_bars, enable_progress_bars

        # What the client logs of each attempt are addresses of storage that let anybody in who has them.
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
        # While files are sent, the client's own bars say how many bytes went, and how many it had to send.
        (enable_progress_bars if self._is_terminal else disable_progress_bars)()
        if self._verbose:
            logging.basicConfig(format="%(message)s")
            logging.getLogger("corpus").setLevel(logging.INFO)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def doing(self, what: str, total: int = 0) -> None:
        """Something begins that takes a while."""
        self._close()
        self._what, self._total, self._done = what, total, 0
        self._started = self._said = time.monotonic()
        if self._quiet:
            return
        if self._is_terminal and total and what != "sending":
            self._bar = self._start().add_task(what, total=total)
        else:
            click.echo(f"{what}: {sized(total)}" if total else what, err=True)

    def done(self, size: int) -> None:
        """So many bytes of it more are done."""
        self._done += size
        if self._bars is not None and self._bar is not None:
            self._bars.update(self._bar, completed=self._done)
            return
        now = time.monotonic()
        if self._quiet or self._is_terminal or not self._total or now - self._said < _EVERY_S:
            return
        self._said = now
        rate = self._done / (now - self._started)
        left = (self._total - self._done) / rate if rate else 0
        done = f"{sized(self._done)} of {sized(self._total)}"
        click.echo(f"{self._what}: {done}, {rate / 1e6:,.1f} MB/s, {left:,.0f} s left", err=True)

    def plan(self, plan: Plan) -> None:
        """Show what is to be done."""
        for warning in plan.warnings:
            click.echo(f"warning: {warning}", err=True)
        if self._quiet:
            return
        manifest = plan.release.manifest
        new = ", a new repo" + (" that only its owners see" if plan.options.private else "") if plan.is_new else ""
        click.echo(f"{manifest.name} -> {plan.url}{new}", err=True)
        there = (
            f"; {counted(len(plan.there), 'file')} there already ({sized(_bytes(plan.there))})" if plan.there else ""
        )
        click.echo(f"  to send    {counted(len(plan.send), 'file')}, {sized(plan.bytes)}{there}", err=True)
        if plan.new_bytes is not None:
            click.echo(f"             of these the Hub lacks about {sized(plan.new_bytes)}, by their chunks", err=True)
        if plan.remove:
            click.echo(f"  to remove  {_first(plan.remove)}", err=True)

    def published(self, publication: Publication) -> None:
        """Say where the release is."""
        manifest, plan = publication.plan.release.manifest, publication.plan
        if publication.tag is None:
            click.echo(publication.url)
            click.echo(
                f"proposed; when it is merged, the same command without --create-pr gives it the tag {plan.tag}",
                err=True,
            )
            return
        if publication.was_there and not self._quiet:
            click.echo(f"{manifest.name} was there already; nothing was sent", err=True)
        click.echo(publication.url)
        click.echo(publication.python_line)

    def served(self, plan: Plan) -> None:
        """Warn of versions that still serve what was withdrawn."""
        from corpus.hub.served import served_lines

        for line in served_lines(plan.repo, plan.served):
            click.echo(f"warning: {line}", err=True)

    @staticmethod
    def to_dict(plan: Plan, publication: Publication | None) -> dict[str, Any]:
        """Plan and outcome, for programs."""
        out: dict[str, Any] = {
            "repo": plan.repo,
            "release": plan.release.manifest.name,
            "digest": plan.release.manifest.digest,
            "new_repo": plan.is_new,
            "send": [entry.path for entry in plan.send],
            "send_bytes": plan.bytes,
            "new_bytes": plan.new_bytes,
            "there": [entry.path for entry in plan.there],
            "remove": list(plan.remove),
            "warnings": list(plan.warnings),
            "still_serve_withdrawn": [one.version for one in plan.served],
            "published": None,
        }
        if publication is not None:
            out["published"] = {
                "url": publication.url,
                "commit": publication.commit,
                "tag": publication.tag,
                "was_there": publication.was_there,
                "python": publication.python_line,
            }
        return out

    def _start(self) -> Bars:
        from rich.console import Console as Terminal
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        self._bars = Progress(
            TextColumn("{task.description:<18}"),
            BarColumn(bar_width=24),
            DownloadColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Terminal(stderr=True),
        )
        self._bars.start()
        return self._bars

    def _close(self) -> None:
        if self._bars is not None:
            self._bars.stop()
        self._bars = self._bar = None


def _bytes(entries: Sequence[Any]) -> int:
    return sum(entry.bytes for entry in entries)


def _first(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _SHOWN:,} more" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + more
