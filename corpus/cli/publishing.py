"""The command that publishes releases on the Hub."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.cli._common import json_option, output_options, print_json

if TYPE_CHECKING:
    from corpus._console import Console


@click.command()
@click.argument("release", type=click.Path(path_type=Path), required=False)
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
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@json_option
@output_options
def publish(
    release: Path | None,
    repo: str,
    private: bool,
    revision: str,
    create_pr: bool,
    replace: bool,
    allow_secrets: bool,
    dry_run: bool,
    as_json: bool,
    console: Console,
) -> None:
    """Publish a release on the Hugging Face Hub.

    RELEASE is a folder, or a folder of all releases of a dataset (its highest version). It is verified and looked
    through for secrets; what the repo lacks is sent and becomes one commit; every file is compared with what the Hub
    then holds; and the commit gets the tag v<version>. Whatever goes wrong, the same command goes on from there.

    The token is the one of `hf auth login`, or $HF_TOKEN. It has to be one that may write.
    """
    from corpus._console_publish import PublishConsole
    from corpus.hub.planning import Options, plan_publication
    from corpus.hub.publish import carry_out, check
    from corpus.release.loading import find_release

    if release is None:
        raise click.UsageError("which release? name its folder")
    screen = PublishConsole(console, as_json=as_json)
    opened = find_release(release)
    plan = plan_publication(opened, repo, Options(private, revision, create_pr, replace), dry_run=dry_run)
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
