"""Lines that leave documents because of other documents, as stages: which are said to go, and who is affected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.build.graph import Documents, Graph
from corpus.build.inputs import Inputs, benchmarks
from corpus.build.stages.decontaminate import grams_params
from corpus.build.task import Data, Result

Said = list[dict[str, tuple[Data, ...]]]
"""For each part, what is said against its lines, by role."""


def strip(graph: Graph, parts: Sequence[Documents], evaluation: Inputs) -> tuple[list[Documents], list[Result]]:
    """Take out the lines that sites repeat, and evaluation data.

    Args:
        graph: Runs the stages.
        parts: Cleaned documents.
        evaluation: Files of benchmarks, if any.

    Returns:
        The documents, and what was found of benchmarks: all there is to find, then what each part has of it.
    """
    said: Said = [{} for _ in parts]
    if graph.recipe.dedup.site_lines:
        _add(said, "frequent", _frequent(graph, parts), "slice.parquet")
    found: list[Result] = []
    if evaluation.digests:
        found = _contamination(graph, parts, evaluation)
        cut = graph.recipe.decontaminate.action == "cut"
        role = "removals" if cut else "contaminated"
        _add(said, role, found[1:], f"{role}.parquet")
    return [replace(part, stripped=result) for part, result in _revised(graph, parts, said)], found


def drop_repeated(graph: Graph, parts: Sequence[Documents], gone: Sequence[Data]) -> list[Documents]:
    """Take out paragraphs that an earlier document has.

    Args:
        graph: Runs the stages.
        parts: The documents.
        gone: Tables of documents that others stand for, so that they play no part.
    """
    paragraphs = graph.recipe.dedup.paragraphs
    if not paragraphs:
        return list(parts)
    lines = [result.named("lines.parquet") for result in _lines(graph, parts)]
    params = {"rows": [part.rows for part in parts], "min_words": paragraphs.min_words}
    repeated = graph.reduce("paragraphs", {"lines": lines, "gone": gone}, "lines", params)
    said: Said = [{} for _ in parts]
    tables = [result.named("repeated.parquet") for result in repeated]
    _add(said, "repeated", graph.slices("part_paragraphs", parts, tables), "slice.parquet")
    return [replace(part, shortened=result) for part, result in _revised(graph, parts, said)]


def _frequent(graph: Graph, parts: Sequence[Documents]) -> list[Result]:
    found = _lines(graph, parts)
    pages = [result.named("pages.parquet") for result in found]
    sites = graph.reduce("site_pages", {"pages": pages}, "pages", {})
    rule = graph.recipe.dedup.site_lines
    params = {"rows": [part.rows for part in parts], "site_lines": rule and rule.model_dump(mode="json")}
    roles = {
        "lines": [result.named("lines.parquet") for result in found],
        "sites": [result.named("sites.parquet") for result in sites],
    }
    frequent = graph.reduce("site_lines", roles, "lines", params)
    return graph.slices("part_lines", parts, [result.named("frequent.parquet") for result in frequent])


def _lines(graph: Graph, parts: Sequence[Documents]) -> list[Result]:
    return graph.run("lines", [graph.task("lines", {}, part.roles) for part in parts if graph.known])


def _contamination(graph: Graph, parts: Sequence[Documents], evaluation: Inputs) -> list[Result]:
    """The n-grams of all benchmarks, and what each part has of them."""
    recipe = graph.recipe
    sources = benchmarks(recipe.decontaminate)
    words = recipe.decontaminate.words
    params = grams_params(sources, evaluation.files, evaluation.digests, recipe.cleaning, words)
    weight = sum(file.size for files in evaluation.files.values() for file in files)
    grams = graph.run("benchmarks", [graph.task("benchmarks", params, {}, weight=weight)])
    tasks = [
        graph.task(
            "contamination",
            {"benchmarks": [source.name for source in sources], "words": words},
            {"documents": (part.documents,), "grams": (grams[0].named("grams.parquet"),)},
        )
        for part in parts
        if graph.known
    ]
    return [*grams, *graph.run("contamination", tasks)]


def _add(said: Said, role: str, results: Sequence[Result], name: str) -> None:
    for roles, result in zip(said, results, strict=False):
        if result.named(name).rows:
            roles[role] = (result.named(name),)


def _revised(
    graph: Graph, parts: Sequence[Documents], said: Sequence[Mapping[str, tuple[Data, ...]]]
) -> list[tuple[Documents, Result | None]]:
    """The parts, those that something is said against with what is left of them."""
    rule = graph.recipe.dedup.site_lines
    params = {
        "cleaning": graph.recipe.cleaning.model_dump(mode="json"),
        "site_lines": rule and rule.model_dump(mode="json"),
        "kept": graph.kept,
    }
    nothing: dict[str, tuple[Data, ...]] = dict.fromkeys(("frequent", "removals", "contaminated", "repeated"), ())
    affected = [place for place, roles in enumerate(said) if roles and graph.known]
    tasks = [graph.task("revise", params, {**parts[place].roles, **nothing, **said[place]}) for place in affected]
    revised = dict(zip(affected, graph.run("revise", tasks), strict=False))
    return [(part, revised.get(place)) for place, part in enumerate(parts)]
