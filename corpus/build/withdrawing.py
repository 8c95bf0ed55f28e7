"""Withdrawal, as stages: what the list beside the recipe takes out, and what may be said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.build.graph import Documents, Graph
from corpus.build.task import Data, Result
from corpus.release.manifest import OtherInput, Withdrawn
from corpus.release.shards import sha256_of
from corpus.release.withdrawals import LIST_NAME, read_list


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The list of a build, in which it stands beside the recipe, and its table."""

    list: OtherInput
    requests: int
    table: Data

    def report(self, selected: Iterable[Result]) -> Withdrawn:
        """What the manifest says, given what was decided about all documents."""
        documents: Counter[str] = Counter()
        for result in selected:
            documents.update(result.counts["withdrawn"])
        return Withdrawn(sha256=self.list.sha256, requests=self.requests, documents=dict(sorted(documents.items())))


def take_list(root: Path) -> OtherInput | None:
    """The list beside a recipe, if there is one.

    Args:
        root: Folder of the recipe.

    Raises:
        RecipeError: a line of it is wrong.
    """
    path = root / LIST_NAME
    if not path.exists():
        return None
    # Early, as the build comes to it late.
    for _ in read_list(path):
        pass
    return OtherInput(path=LIST_NAME, bytes=path.stat().st_size, sha256=sha256_of(path))


def withdraw(
    graph: Graph,
    stripped: Sequence[Documents],
    parts: Sequence[Documents],
    listed: OtherInput,
    fates: Sequence[Data],
) -> tuple[list[Documents], Withdrawal | None]:
    """Mark what is withdrawn, and take its lines out of the audit.

    Args:
        graph: Runs the stages.
        stripped: The documents before paragraphs were taken out of them, which may be all that makes them copies.
        parts: The documents as they are in the end.
        listed: The list.
        fates: Table of what was merged.

    Returns:
        The documents; and what is known of the list, unless a dry run does not know it yet.
    """
    made = graph.run("withdrawals", [graph.task("withdrawals", {"sha256": listed.sha256}, {}, LIST_NAME, listed.bytes)])
    looks = _looks(graph, stripped, parts)
    if not graph.known:
        return list(parts), None
    table = made[0].named("withdrawals.parquet")
    gone = _gone(graph, parts, table, looks, fates)
    if len(gone) < len(parts):
        return list(parts), None
    slices = (result.named("slice.parquet") for result in gone)
    marked = [replace(part, withdrawn=data if data.rows else None) for part, data in zip(parts, slices, strict=True)]
    return _redacted(graph, marked), Withdrawal(listed, made[0].counts["requests"], table)


def _looks(graph: Graph, stripped: Sequence[Documents], parts: Sequence[Documents]) -> list[tuple[Data, ...]]:
    """What copies of the documents of each part are known by, now and before paragraphs were taken out."""
    shortened = [place for place, part in enumerate(parts) if part.shortened]
    documents = [*stripped, *(parts[place] for place in shortened)]
    tasks = [
        graph.task("fingerprints", {}, {role: part.roles[role] for role in ("documents", "revised")})
        for part in documents
        if graph.known
    ]
    found: list[tuple[Data, ...]] = [
        (result.named("fingerprints.parquet"),) for result in graph.run("fingerprints", tasks)
    ]
    looks = found[: len(stripped)]
    for place, later in zip(shortened, found[len(stripped) :], strict=False):
        looks[place] += later
    return looks


def _gone(
    graph: Graph, parts: Sequence[Documents], table: Data, looks: Sequence[tuple[Data, ...]], fates: Sequence[Data]
) -> list[Result]:
    """A slice for each part of what is withdrawn: what the table names, its copies, what was merged with these."""
    both = list(zip(parts, looks, strict=True))
    roles: dict[str, tuple[Data, ...]] = {"withdrawals": (table,)}
    named = graph.run(
        "named",
        [
            graph.task("named", {"rows": part.rows}, roles | {"documents": (part.documents,), "fingerprints": look})
            for part, look in both
        ],
    )
    found = tuple(data for result in named if (data := result.named("looks.parquet")).rows)
    sought = graph.run("sought", [graph.task("sought", {}, roles | {"looks": found})] if graph.known else [])
    roles |= {"sought": tuple(result.named("sought.parquet") for result in sought)}
    tasks = [
        graph.task(
            "alike",
            {"rows": part.rows},
            roles | {"named": (result.named("named.parquet"),), "fingerprints": look},
        )
        for (part, look), result in zip(both, named, strict=False)
        if graph.known
    ]
    alike = tuple(result.named("alike.parquet") for result in graph.run("alike", tasks))
    last = {"withdrawals": (table,), "alike": alike, "fates": tuple(fates)}
    rows = {"rows": [part.rows for part in parts]}
    withdrawn = graph.run("withdrawn", [graph.task("withdrawn", rows, last)] if graph.known else [])
    return graph.slices("part_withdrawn", parts, [result.named("withdrawn.parquet") for result in withdrawn])


def _redacted(graph: Graph, parts: Sequence[Documents]) -> list[Documents]:
    """The parts, those that have withdrawn documents without the lines of these."""
    affected = [(place, part) for place, part in enumerate(parts) if part.withdrawn]
    tasks = [
        graph.task("redact", {}, {"withdrawn": (part.withdrawn,), "facts": (part.facts,)} | part.removed)
        for _, part in affected
        if part.withdrawn
    ]
    out = list(parts)
    for (place, part), result in zip(affected, graph.run("redact", tasks), strict=False):
        out[place] = replace(part, redacted=result)
    return out
