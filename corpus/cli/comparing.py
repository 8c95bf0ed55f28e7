"""The command that compares two releases."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus.cli._common import json_option, print_json


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "--documents",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a row for each document that came, went or changed to FILE, which ends in .parquet or .jsonl.",
)
@click.option("--no-uploads", is_flag=True, help="Do not measure how many bytes would be uploaded again.")
@click.option("--exit-code", is_flag=True, help="End with exit code 1 where the releases differ.")
@json_option
def diff(old: str, new: str, documents: Path | None, no_uploads: bool, exit_code: bool, as_json: bool) -> None:
    """Compare two releases.

    Says what kind of version the difference calls for, how many documents came, went or changed and why, which
    fields of the recipe and which columns changed, what shifted in the text on the whole, and how many bytes of NEW
    would be uploaded again where OLD is there.

    OLD and NEW are folders, or dataset repos on the Hub such as org/name@1.2.0, which are downloaded.
    """
    from corpus.hub import diff as compare

    found = compare(old, new, documents=documents, uploads=not no_uploads)
    if as_json:
        print_json(found.to_dict())
    else:
        from corpus._console_diff import print_diff

        print_diff(found, documents)
    if exit_code and found.level is not None:
        sys.exit(1)
