"""The commands around releases: a recipe, building by it, checking, looking inside, the cache."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus._words import counted
from corpus.cli._common import dist_option, fail, json_option, output_options, power_options, print_json, vars_of

if TYPE_CHECKING:
    from corpus._console import Console


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
@click.option("--force", is_flag=True, help="Replace a recipe that is there.")
def init(folder: Path, force: bool) -> None:
    """Write a commented recipe for a folder of raw files.

    Looks at the files in DIR (default: here) and writes DIR/corpus.yaml, ready for `corpus build DIR`.
    """
    from corpus.init import write_recipe

    path = write_recipe(folder, force=force)
    click.echo(f"{path} written; look it over, then: corpus build {folder}")


@click.command()
@click.argument("recipe", type=click.Path(path_type=Path), default=".")
@dist_option
@click.option(
    "--parent",
    metavar="RELEASE",
    help="The version before, where it is not in --dist: a folder, or a repo on the Hub such as org/name@1.2.0.",
)
@power_options
@click.option("--dry-run", is_flag=True, help="List what would run, and run nothing.")
@json_option
@output_options
def build(
    recipe: Path,
    dist: Path,
    parent: str | None,
    workers: int | None,
    memory: str | None,
    dry_run: bool,
    as_json: bool,
    console: Console,
) -> None:
    """Build a release from a recipe.

    RECIPE is a file, or a folder that holds corpus.yaml (default: here). The release becomes
    DIST/<dataset>/<dataset>-<version>. What an earlier build has done is not done again; an interrupted build
    goes on where it was.

    A release follows on the highest version below its own. One that says too little about what has changed since
    is refused; with `version: auto` in the recipe, the number follows from the changes.
    """
    from corpus.build.cache import cache_folder
    from corpus.build.pipeline import build_release, plan_build
    from corpus.build.progress import Stopwatch
    from corpus.build.runners import LocalRunner
    from corpus.hub import open_release
    from corpus.recipe import find_recipe, load_recipe
    from corpus.release.loading import Release

    path = find_recipe(recipe)
    content, root = load_recipe(path), path.parent
    cache = cache_folder(root)
    before = open_release(parent) if parent else None
    if dry_run:
        reports = plan_build(content, root=root, cache=cache, dist=dist, parent=before)
        if as_json:
            print_json({"stages": [console.report_dict(report) for report in reports]})
        else:
            console.plan(reports)
        return
    watch = Stopwatch(console.progress())
    with LocalRunner(workers, memory) as runner:
        console.limits(runner)
        report = build_release(content, root=root, cache=cache, dist=dist, runner=runner, progress=watch, parent=before)
    release = Release.open(report.path)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    console.rejections(report.rejections, sum(release.manifest.accounting.quarantined.values()))
    if as_json:
        print_json(console.build_dict(report, release, cache, watch))
    else:
        console.build_summary(report, release, cache)


@click.command()
@click.argument("release")
@click.option(
    "--withdrawn",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="LIST",
    help="Also see whether it holds documents that LIST takes out: a withdrawn.jsonl that grew since.",
)
@json_option
def verify(release: str, withdrawn: Path | None, as_json: bool) -> None:
    """Check a release: hashes, counts, columns, card, splits, nothing withdrawn inside.

    RELEASE is a folder, a folder of all releases of a dataset (its highest version), or a dataset repo on the Hub,
    which is downloaded; with @1.2.0 behind it, that version. Exit code 1 where anything is wrong.
    """
    from corpus.hub import open_release

    opened = open_release(release)
    problems = opened.verify(withdrawn)
    if as_json:
        print_json({"release": str(opened), "sound": not problems, "problems": [vars_of(p) for p in problems]})
    else:
        for problem in problems:
            click.echo(str(problem))
        if not problems:
            manifest = opened.manifest
            files, documents = counted(len(manifest.files), "file"), counted(manifest.accounting.kept, "document")
            click.echo(f"{opened}: sound ({files}, {documents})")
    if problems:
        fail(f"{opened}: {counted(len(problems), 'problem')}", 1)


@click.command()
@click.argument("release")
@click.option("--version", metavar="V", help="The version that it has to be, such as 1.2.0.")
@click.option("-n", "--rows", type=click.IntRange(1), default=3, show_default=True, help="Rows to show.")
@json_option
def load(release: str, version: str | None, rows: int, as_json: bool) -> None:
    """Show the first rows of a release, its columns, and the line of Python that loads it.

    RELEASE is a folder, a folder of all releases of a dataset (its highest version), or a dataset repo on the Hub;
    with @1.2.0 behind it, that version.
    """
    from corpus.hub import open_release

    opened = open_release(release, version)
    head = opened.head(rows)
    if as_json:
        columns = [column.model_dump() for column in opened.manifest.columns]
        print_json({"columns": columns, "rows": head, "python": opened.python_line})
    else:
        from corpus._console import print_head

        print_head(opened, head)


@click.command()
@click.argument("recipe", type=click.Path(path_type=Path), default=".")
@click.option("--clear", is_flag=True, help="Delete the results.")
@click.option(
    "--older-than",
    type=click.FloatRange(0),
    metavar="DAYS",
    help="With --clear: only what no build used since.",
)
@json_option
def cache(recipe: Path, clear: bool, older_than: float | None, as_json: bool) -> None:
    """List what earlier builds of a recipe have left in the cache, or empty it.

    The cache is .corpus beside the recipe, or $CORPUS_CACHE_DIR.
    """
    from corpus.build.cache import Cache, cache_folder

    folder = cache_folder(recipe if recipe.is_dir() else recipe.parent)
    if older_than is not None and not clear:
        raise click.UsageError("--older-than goes with --clear")
    store = Cache(folder)
    usage = [store.clear(older_than or 0)] if clear else store.usage()
    total = sum(stage.bytes for stage in usage)
    if as_json:
        print_json({"cache": str(folder), "cleared": clear, "bytes": total, "stages": [vars_of(u) for u in usage]})
        return
    if clear:
        click.echo(f"{folder}: {usage[0].tasks} results deleted, {total / 1e6:.1f} MB")
        return
    for stage in usage:
        click.echo(f"{stage.stage:<10} {stage.tasks:>7} results {stage.bytes / 1e6:>10.1f} MB")
    click.echo(f"{folder}: {total / 1e6:.1f} MB")
