"""The command that publishes releases on the Hub."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from corpus.cli._common import json_option, output_options, print_json

if TYPE_CHECKING:
    from corpus._console import Console
    from corpus.hub.objections import Options


@click.command()
@click.argument("release", required=False)
@click.option("--repo", required=True, metavar="ORG/NAME", help="Dataset repo. It is created where it does not exist.")
@click.option("--private", is_flag=True, help="Create the repo so that only its owners see it.")
@click.option(
    "--revision",
    default="main",
    show_default=True,
    metavar="BRANCH",
    help="Branch that the commit goes to. It is created where it does not exist.",
)
@click.option("--create-pr", is_flag=True, help="Open a pull request instead, without a tag.")
@click.option("--replace", is_flag=True, help="Take out files of the repo that belong to no release, too.")
@click.option("--allow-secrets", is_flag=True, help="Publish although text looks as if it held passwords or keys.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option(
    "--retire",
    "retired",
    multiple=True,
    metavar="V",
    help="Take this version back instead, such as v1.0.0: its tag goes. Can be given several times.",
)
@click.option(
    "--erase-history", is_flag=True, help="With --retire: its commits and files go too, and all history of the repo."
)
@click.option("--yes", is_flag=True, help="With --retire: do not ask.")
@click.option(
    "--confirm", metavar="ORG/NAME", help="With --erase-history: the name of the repo once more, instead of asking."
)
@json_option
@output_options
def publish(
    release: str | None,
    repo: str,
    private: bool,
    revision: str,
    create_pr: bool,
    replace: bool,
    allow_secrets: bool,
    dry_run: bool,
    retired: tuple[str, ...],
    erase_history: bool,
    yes: bool,
    confirm: str | None,
    as_json: bool,
    console: Console,
) -> None:
    """Publish a release on the Hugging Face Hub, or take versions back.

    RELEASE is a folder, or a folder of all releases of a dataset (its highest version; with @1.2.0 behind it, that
    one). It is verified and looked through for secrets; what the repo lacks is sent and becomes one commit; every file
    is compared with what the Hub then holds; and the commit gets the tag v<version>. Whatever goes wrong, the same
    command goes on from there.

    With --retire, versions that were published are taken back. The command shows what goes, and asks.

    The token is the one of `hf auth login`, or $HF_TOKEN. It has to be one that may write.
    """
    if retired:
        if release is not None:
            raise click.UsageError("either a release to publish, or --retire")
        _retire(
            console,
            repo,
            retired,
            erase_history=erase_history,
            yes=yes,
            confirm=confirm,
            dry_run=dry_run,
            as_json=as_json,
        )
        return
    if release is None:
        raise click.UsageError("which release? name its folder")
    if erase_history:
        raise click.UsageError("--erase-history goes with --retire")
    from corpus.hub.objections import Options

    options = Options(private, revision, create_pr, replace)
    _publish(console, release, repo, options, allow_secrets=allow_secrets, dry_run=dry_run, as_json=as_json)


def _publish(
    console: Console,
    release: str,
    repo: str,
    options: Options,
    *,
    allow_secrets: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    from corpus._console_publish import PublishConsole
    from corpus.hub import open_release
    from corpus.hub.planning import plan_publication
    from corpus.hub.publishing import carry_out, check

    screen = PublishConsole(quiet=console.quiet or as_json, verbose=console.verbose)
    opened = open_release(release)
    plan = plan_publication(opened, repo, options, dry_run=dry_run)
    with screen:
        if plan.commit is None:
            check(opened, screen, allow_secrets=allow_secrets)
            screen.plan(plan)
        publication = None if dry_run else carry_out(plan, screen)
    if as_json:
        print_json(screen.to_dict(plan, publication))
    elif publication is not None:
        screen.published(publication)
    elif plan.commit is not None:
        click.echo(f"{repo} holds {opened.manifest.name} already, at commit {plan.commit}")
    screen.served(plan)


def _retire(
    console: Console,
    repo: str,
    versions: Sequence[str],
    *,
    erase_history: bool,
    yes: bool,
    confirm: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    from corpus._console_publish import PublishConsole
    from corpus.hub.retirement import plan_retirement
    from corpus.hub.retiring import retire

    plan = plan_retirement(repo, versions, erase_history=erase_history)
    for line in plan.lines:
        click.echo(line, err=True)
    if not dry_run and not plan.is_done:
        _ask("take these versions back?", "--yes", given=yes)
        if erase_history and confirm is None:
            _ask_for_name(repo)
        elif erase_history and confirm != repo:
            raise click.UsageError(f"--confirm names {confirm}, and not {repo}")
        with PublishConsole(quiet=console.quiet or as_json, verbose=console.verbose) as screen:
            retire(plan, screen.doing)
        if not as_json:
            click.echo(f"{repo} serves {', '.join(plan.versions)} no more; what cannot be done from here:")
            for line in plan.limits:
                click.echo(f"  {line}")
    if as_json:
        print_json(plan.to_dict() | {"dry_run": dry_run})


def _ask(question: str, option: str, *, given: bool) -> None:
    if given:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"nobody can be asked here; {option} says so beforehand")
    if not click.confirm(question, err=True):
        raise click.Abort


def _ask_for_name(repo: str) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("nobody can be asked here; --confirm names the repo beforehand")
    if click.prompt("this cannot be undone; the name of the repo once more", err=True) != repo:
        raise click.UsageError("that is another name; nothing was done")
