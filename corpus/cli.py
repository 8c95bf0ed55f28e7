"""The command line: parse, call, print. What the commands do lives in the library."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus._version import __version__
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from corpus._console import Console
    from corpus.build.clean_pass import CleanFormat
    from corpus.clean.boilerplate.model.network import Network
    from corpus.recipe import Clean

_EPILOG = "Exit codes: 0 done, 1 a problem was found, 2 wrong usage or recipe, 3 too much bad input."


class _Commands(click.Group):
    """Commands whose expected errors are one line on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CorpusError as error:
            for example in getattr(error, "examples", ()):
                click.echo(f"quarantined {example}", err=True)
            _fail(str(error), error.exit_code)
        except KeyboardInterrupt:
            resumes = ctx.invoked_subcommand in {"build", "clean"}
            kept = "; what has finished is kept, so the same command goes on from there" if resumes else ""
            _fail(f"interrupted{kept}", 130)
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our output has gone; nobody is left to tell
            sys.exit(141)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _fail(f"{where}{error.strerror or error}", 1)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


def _fail(message: str, code: int) -> None:
    for line in message.splitlines():
        click.echo(f"corpus: {line}", err=True)
    sys.exit(code)


@click.group(cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="corpus")
def main() -> None:
    """Turn raw scraped text into dataset releases.

    Start with `corpus init` in a folder of raw files, then `corpus build`. `corpus clean` cleans files without a
    release, `corpus explain` shows which lines of a page go, and why.
    """


def _output_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that works for a while, as one `console` argument."""

    @functools.wraps(command)
    def with_console(quiet: bool, verbose: bool, **arguments: Any) -> None:
        from corpus._console import Console

        command(console=Console(quiet=quiet, verbose=verbose), **arguments)

    verbose = click.option("-v", "--verbose", is_flag=True, help="Print what each task counted.")
    quiet = click.option("-q", "--quiet", is_flag=True, help="Print results and errors only.")
    return quiet(verbose(with_console))


_json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
_recipe_option = click.option(
    "--recipe",
    type=click.Path(path_type=Path),
    help="Clean as this recipe does: its `clean:` part, with its rules and line model.",
)
_workers_option = click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Processes that work at once. Default: all processors.",
)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
@click.option("--force", is_flag=True, help="Replace a recipe that is there.")
def init(folder: Path, force: bool) -> None:
    """Write a commented recipe for a folder of raw files.

    Looks at the files in DIR (default: here) and writes DIR/corpus.yaml, ready for `corpus build DIR`.
    """
    from corpus.init import write_recipe

    path = write_recipe(folder, force=force)
    click.echo(f"{path} written; look it over, then: corpus build {folder}")


@main.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="Folder to write to.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["txt", "jsonl", "parquet"]),
    default="txt",
    show_default=True,
    help="txt: one file a document; jsonl, parquet: one file for all, with their fields.",
)
@click.option("--audit", type=click.Path(path_type=Path), help="Also write every removed line to this JSONL file.")
@_recipe_option
@_workers_option
@_json_option
@_output_options
def clean(
    inputs: tuple[str, ...],
    out: Path,
    format_: CleanFormat,
    audit: Path | None,
    recipe: Path | None,
    workers: int | None,
    as_json: bool,
    console: Console,
) -> None:
    """Clean files in one pass, without a release.

    INPUT is a file, a folder or a glob: text, JSONL, CSV or Parquet, also compressed. With --format txt each
    document becomes OUT/<stem>.txt; the file is empty where nothing of the document is left.
    """
    from corpus.build.clean_pass import clean_files
    from corpus.build.runners import LocalRunner

    runner = LocalRunner(workers)
    summary = clean_files(
        inputs,
        out,
        format_=format_,
        audit=audit,
        options=_cleaning(recipe),
        runner=runner,
        progress=console.progress(),
    )
    console.rejections(summary.rejections, sum(summary.quarantined.values()))
    if as_json:
        _print_json(summary.to_dict())
    else:
        console.clean_summary(summary)
    summary.check()


@main.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FILE...")
@click.option("--record", type=click.IntRange(1), default=1, help="Which document of FILE. Default: the first.")
@click.option(
    "--rule",
    metavar="NAME",
    help="Instead list the lines of all documents that this rule takes; a pattern such as 'own/*' will do.",
)
@_recipe_option
@_json_option
def explain(inputs: tuple[str, ...], record: int, rule: str | None, recipe: Path | None, as_json: bool) -> None:
    """Show which lines of a document go, and why.

    Prints the document with its fields. Every line that cleaning takes out is struck through, with the rule
    that took it, and what weighed most where that is the line model. With --rule, FILE may be any number of
    files, folders or globs.
    """
    from corpus.explain import explain_file, lines_of_rule

    options = _cleaning(recipe)
    if rule is None:
        if len(inputs) > 1:
            raise click.UsageError("one FILE at a time; several go with --rule")
        explanation = explain_file(Path(inputs[0]), record, options)
        if as_json:
            _print_json(explanation.to_dict())
        else:
            from corpus._console import print_explanation

            print_explanation(explanation)
        return
    hits = 0
    for hit in lines_of_rule(inputs, rule, options):
        hits += 1
        click.echo(json.dumps(vars_of(hit), ensure_ascii=False) if as_json else str(hit))
    if not as_json:
        click.echo(f"{hits:,} line{'s' * (hits != 1)}", err=True)


@main.command()
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="GOLD...")
@click.option(
    "--folds",
    type=click.IntRange(2),
    metavar="N",
    help="Cross-validate: fit N line models, each without the sites that it is scored on.",
)
@click.option(
    "--also",
    type=click.Path(path_type=Path),
    multiple=True,
    help="With --folds: a folder of labelled pages that every model learns from.",
)
@click.option(
    "--worst", type=click.IntRange(0), default=5, show_default=True, help="Show so many pages that lost most."
)
@_recipe_option
@_json_option
@_output_options
def score(
    gold: tuple[Path, ...],
    folds: int | None,
    also: tuple[Path, ...],
    worst: int,
    recipe: Path | None,
    as_json: bool,
    console: Console,
) -> None:
    """Score the cleaner against labelled pages.

    GOLD is a folder of <id>.txt with <id>.labels.jsonl; docs/cleaning.md says what is in them. Precision, recall
    and F1 are of lines, as means over pages; a page is harmed where more than a tenth of its text was lost.
    """
    from corpus.labelled.pages import read_pages
    from corpus.labelled.score import to_dict
    from corpus.labelled.train import cross_validate, score_pages

    if also and folds is None:
        raise click.UsageError("--also goes with --folds")
    pages, options = read_pages(gold), _cleaning(recipe)
    if folds is None:
        network = _line_model(options.model)
        scores = list(score_pages(pages, options, network))
    else:
        scores = cross_validate(pages, folds=folds, also=read_pages(also), options=options, told=console.note)
    if as_json:
        _print_json(to_dict(scores))
    else:
        console.scores(scores, worst)


@main.command()
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="GOLD...")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="File to write the model to.")
@click.option(
    "--name",
    default="own_line_model_v1",
    show_default=True,
    help="What audits call the model; small letters and digits, with a version behind.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Start of the random numbers.")
@_output_options
def train(gold: tuple[Path, ...], out: Path, name: str, seed: int, console: Console) -> None:
    """Fit a line model on labelled pages.

    GOLD is a folder as `corpus score` reads it. A recipe uses the model with `clean: {model: FILE}`. Pages that
    the model was fitted on say little about it: `corpus score --folds` measures one that has not seen them.
    """
    from corpus._files import make_folder, written
    from corpus.labelled.pages import read_pages
    from corpus.labelled.train import train as fit

    network = fit(read_pages(gold), name=name, seed=seed, told=console.note)
    make_folder(out.parent, "the folder of the model")
    with written(out) as temporary:
        temporary.write_text(network.to_json(), encoding="utf-8")
    click.echo(f"{out} written; use it with clean: {{model: {out}}} in a recipe")


@main.command()
@click.argument("recipe", type=click.Path(path_type=Path), default=".")
@click.option(
    "--dist",
    type=click.Path(path_type=Path),
    default="dist",
    show_default=True,
    help="Folder of all releases.",
)
@_workers_option
@click.option("--dry-run", is_flag=True, help="List what would run, and run nothing.")
@_json_option
@_output_options
def build(recipe: Path, dist: Path, workers: int | None, dry_run: bool, as_json: bool, console: Console) -> None:
    """Build a release from a recipe.

    RECIPE is a file, or a folder that holds corpus.yaml (default: here). The release becomes
    DIST/<dataset>/<dataset>-<version>. What an earlier build has done is not done again; an interrupted build
    goes on where it was.
    """
    from corpus.build.cache import cache_folder
    from corpus.build.pipeline import build_release, plan_build
    from corpus.build.runners import LocalRunner
    from corpus.recipe import find_recipe, load_recipe

    path = find_recipe(recipe)
    content, root = load_recipe(path), path.parent
    cache = cache_folder(root)
    if dry_run:
        reports = plan_build(content, root=root, cache=cache, dist=dist)
        if as_json:
            _print_json({"stages": [console.report_dict(report) for report in reports]})
        else:
            console.plan(reports)
        return
    runner, progress = LocalRunner(workers), console.progress()
    report = build_release(content, root=root, cache=cache, dist=dist, runner=runner, progress=progress)
    from corpus.release.loading import Release

    release = Release.open(report.path)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    console.rejections(report.rejections, sum(release.manifest.accounting.quarantined.values()))
    if as_json:
        _print_json(console.build_dict(report, release, cache))
    else:
        console.build_summary(report, release, cache)


@main.command()
@click.argument("release", type=click.Path(path_type=Path))
@_json_option
def verify(release: Path, as_json: bool) -> None:
    """Check a release: every hash, count, schema, card and split.

    Exit code 1 where anything is wrong.
    """
    from corpus.release.loading import Release

    opened = Release.open(release)
    problems = opened.verify()
    if as_json:
        _print_json({"release": str(release), "sound": not problems, "problems": [vars_of(p) for p in problems]})
    else:
        for problem in problems:
            click.echo(str(problem))
        files = len(opened.manifest.files)
        if not problems:
            click.echo(f"{release}: sound ({files} files, {opened.manifest.accounting.kept:,} documents)")
    if problems:
        _fail(f"{release}: {len(problems)} problem{'s' * (len(problems) != 1)}", 1)


@main.command()
@click.argument("release", type=click.Path(path_type=Path))
@click.option("-n", "--rows", type=click.IntRange(1), default=3, show_default=True, help="Rows to show.")
@_json_option
def load(release: Path, rows: int, as_json: bool) -> None:
    """Show the first rows of a release, its columns, and the line of Python that loads it."""
    from corpus.release.loading import Release

    opened = Release.open(release)
    head = opened.head(rows)
    if as_json:
        columns = [column.model_dump() for column in opened.manifest.columns]
        _print_json({"columns": columns, "rows": head, "python": opened.python_line})
    else:
        from corpus._console import print_head

        print_head(opened, head)


@main.command()
@click.argument("recipe", type=click.Path(path_type=Path), default=".")
@click.option("--clear", is_flag=True, help="Delete the results.")
@click.option(
    "--older-than",
    type=click.FloatRange(0),
    metavar="DAYS",
    help="With --clear: only what no build used since.",
)
@_json_option
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
        _print_json({"cache": str(folder), "cleared": clear, "bytes": total, "stages": [vars_of(u) for u in usage]})
        return
    if clear:
        click.echo(f"{folder}: {usage[0].tasks} results deleted, {total / 1e6:.1f} MB")
        return
    for stage in usage:
        click.echo(f"{stage.stage:<10} {stage.tasks:>7} results {stage.bytes / 1e6:>10.1f} MB")
    click.echo(f"{folder}: {total / 1e6:.1f} MB")


def _cleaning(recipe: Path | None) -> Clean:
    """How to clean: as a recipe says, or by default."""
    from corpus.recipe import Clean, load_cleaning

    return Clean() if recipe is None else load_cleaning(recipe)


def _line_model(path: str | None) -> Network | None:
    from corpus._line_models import load_line_model

    return load_line_model(Path(path))[0] if path else None


def vars_of(value: Any) -> dict[str, Any]:
    """A slots dataclass as a dictionary."""
    from dataclasses import asdict

    return asdict(value)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
