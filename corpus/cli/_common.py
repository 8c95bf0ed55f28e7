"""What commands share: options, JSON on stdout, the end with a message."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that works for a while, as one `console` argument."""

    @functools.wraps(command)
    def with_console(quiet: bool, verbose: bool, **arguments: Any) -> None:
        from corpus._console import Console

        command(console=Console(quiet=quiet, verbose=verbose), **arguments)

    verbose = click.option("-v", "--verbose", is_flag=True, help="Print what each task counted.")
    quiet = click.option("-q", "--quiet", is_flag=True, help="Print results and errors only.")
    return quiet(verbose(with_console))


json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
dist_option = click.option(
    "--dist",
    type=click.Path(path_type=Path),
    default="dist",
    show_default=True,
    help="Folder of all releases.",
)
_workers_option = click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Processes that work at once. Default: all processors.",
)
_memory_option = click.option(
    "--memory",
    metavar="SIZE",
    envvar="CORPUS_MEMORY",
    show_envvar=True,
    help="Limit of all processes together, such as 2GB, 1500MB or 50%. Default: half of what the machine or its "
    "container has. Where it is tight fewer processes work at once; results stay the same.",
)


def power_options(command: Callable[..., None]) -> Callable[..., None]:
    """How much of the machine a command may use, as `workers` and `memory`."""
    return _workers_option(_memory_option(command))


def fail(message: str, code: int) -> NoReturn:
    """End with a message on stderr, each of its lines marked, and an exit code."""
    for line in message.splitlines():
        click.echo(f"corpus: {line}", err=True)
    sys.exit(code)


def vars_of(value: Any) -> dict[str, Any]:
    """A slots dataclass as a dictionary."""
    from dataclasses import asdict

    return asdict(value)


def print_json(value: Any) -> None:
    """Print a result on stdout for programs to read."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
