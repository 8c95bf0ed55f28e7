"""The commands around cleaning: do it, explain it, measure it, fit its line model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus._words import counted
from corpus.cli._common import json_option, output_options, power_options, print_json, vars_of

if TYPE_CHECKING:
    from corpus._console import Console
    from corpus.build.clean_pass import CleanFormat
    from corpus.clean.boilerplate.model.network import Network
    from corpus.recipe import Cleaning

_recipe_option = click.option(
    "--recipe",
    type=click.Path(path_type=Path),
    help="Clean as this recipe does: its parts `clean:`, `quality:` and `privacy:`.",
)


@click.command()
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
@power_options
@json_option
@output_options
def clean(
    inputs: tuple[str, ...],
    out: Path,
    format_: CleanFormat,
    audit: Path | None,
    recipe: Path | None,
    workers: int | None,
    memory: str | None,
    as_json: bool,
    console: Console,
) -> None:
    """Clean files in one pass, without a release.

    INPUT is a file, a folder or a glob: text, JSONL, CSV or Parquet, also compressed. With --format txt each
    document becomes OUT/<stem>.txt; the file is empty where nothing of the document is left.
    """
    from corpus.build.clean_pass import clean_files
    from corpus.build.runners import LocalRunner

    with LocalRunner(workers, memory) as runner:
        console.limits(runner)
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
        print_json(summary.to_dict())
    else:
        console.clean_summary(summary)
    summary.check()


@click.command()
@click.argument("inputs", nargs=-1, metavar="[FILE...]")
@click.option("--record", type=click.IntRange(1), default=1, help="Which document of FILE. Default: the first.")
@click.option(
    "--rule",
    metavar="NAME",
    help="Instead list the lines of all documents that this rule takes; a pattern such as 'own/*' will do.",
)
@click.option(
    "--dedup",
    is_flag=True,
    help="Instead show how likely near-duplicates are found, by similarity, with the parameters of --recipe.",
)
@_recipe_option
@json_option
def explain(
    inputs: tuple[str, ...], record: int, rule: str | None, dedup: bool, recipe: Path | None, as_json: bool
) -> None:
    """Show which lines of a document go, and why.

    Prints the document with its fields. Every line that cleaning takes out is struck through, with the rule
    that took it, and what weighed most where that is the line model. With --rule, FILE may be any number of
    files, folders or globs.
    """
    from corpus.explain import explain_file, explain_near, lines_of_rule

    if dedup:
        if inputs or rule:
            raise click.UsageError("--dedup is about a recipe, not about files: corpus explain --dedup --recipe RECIPE")
        from corpus._console import print_near
        from corpus.recipe import Near, find_recipe, load_recipe

        near = load_recipe(find_recipe(recipe)).dedup.near if recipe else Near()
        curve = explain_near(near) if near else []
        if as_json:
            print_json({"near": near and near.model_dump(), "found": [vars_of(point) for point in curve]})
        else:
            print_near(near, curve)
        return
    if not inputs:
        raise click.UsageError("which FILE? or, for near-duplicates: corpus explain --dedup")
    options = _cleaning(recipe)
    if rule is None:
        if len(inputs) > 1:
            raise click.UsageError("one FILE at a time; several go with --rule")
        explanation = explain_file(Path(inputs[0]), record, options)
        if as_json:
            print_json(explanation.to_dict())
        else:
            from corpus._console import print_explanation

            print_explanation(explanation)
        return
    hits = 0
    for hit in lines_of_rule(inputs, rule, options):
        hits += 1
        click.echo(json.dumps(vars_of(hit), ensure_ascii=False) if as_json else str(hit))
    if not as_json:
        click.echo(counted(hits, "line"), err=True)


@click.command()
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
@json_option
@output_options
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
        network = _line_model(options.clean.model)
        scores = list(score_pages(pages, options, network))
    else:
        scores = cross_validate(pages, folds=folds, also=read_pages(also), options=options, told=console.note)
    if as_json:
        print_json(to_dict(scores))
    else:
        console.scores(scores, worst)


@click.command()
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="GOLD...")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="File to write the model to.")
@click.option(
    "--name",
    default="own_line_model_v1",
    show_default=True,
    help="What audits call the model; small letters and digits, with a version behind.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Start of the random numbers.")
@output_options
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


def _cleaning(recipe: Path | None) -> Cleaning:
    """How to clean: as a recipe says, or by default."""
    from corpus.recipe import Cleaning, load_cleaning

    return Cleaning() if recipe is None else load_cleaning(recipe)


def _line_model(path: str | None) -> Network | None:
    from corpus._line_models import load_line_model

    return load_line_model(Path(path))[0] if path else None
