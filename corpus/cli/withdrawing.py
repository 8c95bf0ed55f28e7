"""The command that takes documents out of later releases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from corpus._words import counted
from corpus.cli._common import dist_option, json_option, print_json

if TYPE_CHECKING:
    from corpus.release.withdrawals import Kind
    from corpus.withdraw import Outcome


@click.command()
@click.argument("recipe", type=click.Path(path_type=Path), default=".")
@click.option("--id", "ids", multiple=True, metavar="ID", help="The document of this id.")
@click.option("--url", "urls", multiple=True, metavar="URL", help="The page of this address, in every source.")
@click.option("--site", "sites", multiple=True, metavar="HOST", help="All pages of this host, and of those below it.")
@click.option("--hash", "hashes", multiple=True, metavar="HASH", help="All documents of this content_hash.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.File(encoding="utf-8"),
    metavar="LIST",
    help="What a text file names: an id, a URL, site:HOST or hash:HASH a line, comments behind #; - is stdin.",
)
@click.option("--reason", required=True, help="Why. Later releases say so.")
@click.option("--by", metavar="WHO", help="Who asked for it. Only the list says so.")
@dist_option
@click.option("--dry-run", is_flag=True, help="Show what would go, and write nothing.")
@click.option("--allow-unknown", is_flag=True, help="Also take what no release has: pages still to come.")
@json_option
def withdraw(
    recipe: Path,
    ids: tuple[str, ...],
    urls: tuple[str, ...],
    sites: tuple[str, ...],
    hashes: tuple[str, ...],
    files: tuple[TextIO, ...],
    reason: str,
    by: str | None,
    dist: Path,
    dry_run: bool,
    allow_unknown: bool,
    as_json: bool,
) -> None:
    """Take documents out of all later releases.

    Puts the request on withdrawn.jsonl beside RECIPE, a file or a folder that holds corpus.yaml (default: here).
    Every later build leaves out what is named, with its copies and near-copies. Releases that are there stay as
    they are. Options can be given several times.
    """
    from datetime import date

    from corpus.withdraw import wanted_of, withdraw

    options: list[tuple[Kind, str]] = [("id", value) for value in ids]
    options += [("url", value) for value in urls]
    options += [("site", value) for value in sites]
    options += [("hash", value) for value in hashes]
    if not options and not files:
        raise click.UsageError("which documents? name them with --id, --url, --site, --hash or --file")
    try:
        wanted = wanted_of(options, [(file.name, file) for file in files])
    except UnicodeDecodeError:
        raise click.UsageError("--file: the list is not UTF-8") from None
    outcome = withdraw(
        recipe,
        wanted,
        reason=reason,
        by=by,
        dist=dist,
        today=date.today(),
        dry_run=dry_run,
        allow_unknown=allow_unknown,
    )
    if as_json:
        print_json(outcome.to_dict() | {"dry_run": dry_run})
    else:
        _print(outcome, dry_run)


def _print(outcome: Outcome, dry_run: bool) -> None:
    for each in outcome.standing:
        click.echo(f"{outcome.path} says so already: {each}")
    if not outcome.added:
        return
    done = "would get" if dry_run else "has"
    documents = counted(outcome.documents, "document")
    requests = counted(len(outcome.added), "request")
    click.echo(f"{outcome.path} {done} {requests} more, for {documents} of the releases")
    for document in outcome.shown:
        click.echo(f"  {document.id}  {document.title or '(no title)'}  ({', '.join(document.versions)})")
    if outcome.documents > len(outcome.shown):
        click.echo(f"  and {outcome.documents - len(outcome.shown):,} more")
    click.echo("the next `corpus build` leaves out what is named, with its copies and near-copies")
    if outcome.versions:
        held = ", ".join(f"{version} ({n:,})" for version, n in outcome.versions.items())
        click.echo(f"versions that still hold some, and stay as they are: {held}")
