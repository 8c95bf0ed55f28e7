"""Copies, as stages: documents of one id, of one text, of nearly one text, and what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.build.graph import Documents, Graph
from corpus.build.task import Data, Json, Result
from corpus.recipe import Near
from corpus.release.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Merged:
    """What all rounds of merging have found."""

    gone: list[Data]
    """Tables of the documents that others stand for."""
    together: list[Data]
    """Tables of documents that stay, though others are their copies; for splits alone."""
    released: list[Data]
    """Tables of the documents that the version before has."""
    texts: list[Data]
    """Tables of the documents whose text it has, under whatever id; for splits alone."""
    fates: list[Data]
    """Tables of what becomes of each in the end."""


def merge(graph: Graph, parts: Sequence[Documents], parent: Manifest | None) -> Merged:
    """Find the copies among all documents.

    Where there are splits, copies that the recipe lets stay are looked for as well, as one split has to hold them all.

    Args:
        graph: Runs the stages.
        parts: The documents.
        parent: The version that comes before; what it released stays rather than a new copy.
    """
    dedup, splits = graph.recipe.dedup, graph.recipe.splits.any
    near = dedup.near or (Near() if splits else None)
    sketched = near and near.model_dump(mode="json", exclude={"threshold"})
    keys = graph.run("keys", [graph.task("keys", {"near": sketched}, part.roles) for part in parts if graph.known])
    policy = _policy(graph, parts)
    by_id = [result.named("by_id.parquet") for result in keys]
    before = _released(graph, parent)
    known = {"keys": by_id, "released": [result.named("released.parquet") for result in before]}
    same_id = graph.reduce("same_id", known, "keys", policy)
    gone = [result.named("merged.parquet") for result in same_id]
    together: list[Data] = []
    texts: list[Data] = []
    released = [result.named("released.parquet") for result in same_id]
    if dedup.exact or splits:
        by_text = [result.named("by_text.parquet") for result in keys]
        roles = {"keys": by_text, "gone": gone, "released": released}
        roles["texts"] = [result.named("texts.parquet") for result in before if splits]
        same_text = graph.reduce("same_text", roles, "keys", policy)
        texts = [result.named("released.parquet") for result in same_text]
        found = [result.named("merged.parquet") for result in same_text]
        gone, together = ([*gone, *found], together) if dedup.exact else (gone, found)
    if near:
        bands = [result.named("bands.parquet") for result in keys]
        found = _near(graph, near, parts, bands, gone, released)
        gone, together = ([*gone, *found], together) if dedup.near else (gone, [*together, *found])
    fates = graph.run("fates", [graph.task("fates", {}, {"merged": tuple(gone)})] if graph.known else [])
    return Merged(gone, together, released, texts, [result.named("fates.parquet") for result in fates])


def group(graph: Graph, parts: Sequence[Documents], merged: Merged) -> list[Data]:
    """Tables of the documents that have copies, which one split has to hold; none where there are no splits."""
    if not graph.recipe.splits.any:
        return []
    roles = {"merged": (*merged.gone, *merged.together), "released": (*merged.released, *merged.texts)}
    rows = {"rows": [part.rows for part in parts]}
    results = graph.run("groups", [graph.task("groups", rows, roles)] if graph.known else [])
    return [result.named("groups.parquet") for result in results]


def _near(
    graph: Graph,
    near: Near,
    parts: Sequence[Documents],
    bands: Sequence[Data],
    gone: Sequence[Data],
    released: Sequence[Data],
) -> list[Data]:
    """Near-duplicates among the documents that are not gone yet."""
    rows = {"rows": [part.rows for part in parts]}
    edges = graph.reduce("candidates", {"bands": bands, "gone": gone}, "bands", rows)
    files = tuple(result.named("edges.parquet") for result in edges)
    components = graph.run("components", [graph.task("components", rows, {"edges": files})] if graph.known else [])
    members = graph.slices("part_members", parts, [result.named("members.parquet") for result in components])
    params = {"near": near.model_dump(mode="json", exclude={"threshold"})}
    tasks = [
        graph.task("shingles", params, part.roles | {"members": (found.named("slice.parquet"),)})
        for part, found in zip(parts, members, strict=False)
        if graph.known
    ]
    shingles = [result.named("shingles.parquet") for result in graph.run("shingles", tasks)]
    roles = {"shingles": shingles, "released": released}
    threshold = {"threshold": near.threshold}
    merged = graph.reduce("near", roles, "shingles", _policy(graph, parts) | threshold)
    return [result.named("merged.parquet") for result in merged]


def _policy(graph: Graph, parts: Sequence[Documents]) -> dict[str, Json]:
    """What decides which copy stays."""
    dedup = graph.recipe.dedup
    rank = {name: place for place, name in enumerate(dedup.prefer)}
    return {
        "rows": [part.rows for part in parts],
        "sources": [rank.get(part.source, len(rank)) for part in parts],
        "keep": list(dedup.keep),
    }


def _released(graph: Graph, parent: Manifest | None) -> list[Result]:
    """What is known of the documents that the version before has."""
    files = [file for file in parent.files if file.split] if parent else []
    version = parent.version if parent else None
    tasks = [
        graph.task(
            "released",
            {"path": file.path, "sha256": file.sha256, "split": file.split, "version": version},
            {},
            file.path,
            file.bytes,
        )
        for file in files
    ]
    return graph.run("released", tasks) if tasks else []
