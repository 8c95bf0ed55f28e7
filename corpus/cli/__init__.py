"""The command line: parse, call, print. What the commands do lives in the library."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from corpus._version import __version__
from corpus.cli import cleaning, comparing, publishing, releases, withdrawing
from corpus.cli._common import fail
from corpus.errors import CorpusError

_EPILOG = "Exit codes: 0 done, 1 a problem was found, 2 wrong usage or recipe, 3 too much bad input."


class _Commands(click.Group):
    """Commands whose expected errors are one line on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _one_interrupt():
                return super().invoke(ctx)
        except CorpusError as error:
            for example in getattr(error, "examples", ()):
                click.echo(f"quarantined {example}", err=True)
            fail(str(error), error.exit_code)
        except KeyboardInterrupt:
            resumes = ctx.invoked_subcommand in {"build", "clean", "publish"}
            kept = "; what has finished is kept, so the same command goes on from there" if resumes else ""
            fail(f"interrupted{kept}", 130)
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our output has gone; nobody is left to tell
            sys.exit(141)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            fail(f"{where}{error.strerror or error}", 1)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


@contextmanager
def _one_interrupt() -> Iterator[None]:
    """Let the first Ctrl-C interrupt, and the keys pressed again while all ends do nothing."""
    usual = signal.getsignal(signal.SIGINT)
    # Whoever has another handler, or ignores the signal as `nohup` does, knows why.
    if usual is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is interrupt:
            signal.signal(signal.SIGINT, usual)


@click.group(cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="corpus")
def main() -> None:
    """Turn raw scraped text into dataset releases.

    Start with `corpus init` in a folder of raw files, then `corpus build`. `corpus clean` cleans files without a
    release, `corpus explain` shows which lines of a page go, and why.
    """


for _command in (
    releases.init,
    cleaning.clean,
    cleaning.explain,
    cleaning.score,
    cleaning.train,
    releases.build,
    releases.verify,
    comparing.diff,
    releases.load,
    withdrawing.withdraw,
    publishing.publish,
    releases.cache,
):
    main.add_command(_command)
