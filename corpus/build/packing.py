"""The last stages: which documents stay, where each goes, and the files of the release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow.parquet as pq

from corpus.build.graph import Documents, Graph
from corpus.build.merging import Merged, group
from corpus.build.shard_plan import Rows, Shard, cut_rows, plan_shards
from corpus.build.stages.place import read_released, read_units
from corpus.build.task import Data, Result, Task
from corpus.release.assemble import BuiltFile
from corpus.release.manifest import Manifest
from corpus.release.shards import ShardSummary
from corpus.release.splits import SPLITS, Units, rule_of
from corpus.release.versions import in_order

TABLE_ROWS = 5_000_000
"""Rows of one file of the ledger or the audit."""


def select(graph: Graph, parts: Sequence[Documents], fates: Sequence[Result]) -> list[Result]:
    """The decision about every document, part by part."""
    tasks = [
        graph.task("select", {}, _deciding(part, fate)) for part, fate in zip(parts, fates, strict=False) if graph.known
    ]
    return graph.run("select", tasks)


def _deciding(part: Documents, fate: Result) -> dict[str, tuple[Data, ...]]:
    """What decides about the documents of a part."""
    withdrawn = (part.withdrawn,) if part.withdrawn else ()
    return {"facts": (part.facts,), "fates": (fate.named("slice.parquet"),), "withdrawn": withdrawn}


def place(
    graph: Graph,
    parts: Sequence[Documents],
    selected: Sequence[Result],
    merged: Merged,
    *,
    parent: Manifest | None,
    version: str,
) -> list[Result]:
    """The split of every document that stays, and the version that had it first: this one for new ones."""
    groups = group(graph, parts, merged)
    roles = [
        {
            "selected": (result.named("selected.parquet"),),
            "released": tuple(data.named("slice.parquet") for data in released),
            "groups": tuple(data.named("slice.parquet") for data in grouped),
        }
        for result, released, grouped in zip(
            selected,
            _sliced(graph, "part_released", parts, merged.released if parent else []),
            _sliced(graph, "part_groups", parts, groups),
            strict=False,
        )
        if graph.known
    ]
    splits = graph.recipe.splits
    unchanged = parent is not None and parent.recipe["splits"] == splits.model_dump(mode="json")
    rule = rule_of(splits, (_units(graph, files, splits.by) for files in roles), unchanged=unchanged)
    params = {"rule": asdict(rule), "by": splits.by, "version": version}
    return graph.run("place", [graph.task("place", params, files) for files in roles])


def _sliced(graph: Graph, stage: str, parts: Sequence[Documents], tables: Sequence[Data]) -> Sequence[Sequence[Result]]:
    """What tables say about each part: a slice, or nothing where there are no tables."""
    return [[result] for result in graph.slices(stage, parts, tables)] if tables else [[] for _ in parts]


def _units(graph: Graph, files: dict[str, tuple[Data, ...]], by: str) -> Units:
    paths = {role: [graph.context.path(data) for data in found] for role, found in files.items()}
    selected = pq.read_table(paths["selected"][0], use_threads=False)
    return read_units(selected, read_released(paths["released"]), paths["groups"], by)


@dataclass(frozen=True, slots=True)
class _Run:
    """Documents of one part that go into one split and have one first version, in their order."""

    part: int
    version: str
    rows: Rows


def pack(
    graph: Graph, parts: Sequence[Documents], placed: Sequence[Result]
) -> dict[str, list[tuple[BuiltFile, ShardSummary]]]:
    """Documents to the data files of each split.

    Those that are new in a version come behind those that were there, so that these stay where they are.
    """
    release = graph.recipe.release
    kept = [result.named("kept.parquet") for result in placed]
    splits: list[str] = []
    tasks = []
    for split, runs in _runs(graph, kept).items():
        for shard in plan_shards([run.rows for run in runs], release.max_shard_mb * 1_000_000, release.min_shards):
            splits.append(split)
            tasks.append(_pack_task(graph, split, shard, runs, parts, kept))
    out: dict[str, list[tuple[BuiltFile, ShardSummary]]] = {}
    for split, result in zip(splits, graph.run("pack", tasks), strict=False):
        out.setdefault(split, []).append((_built(graph, result), ShardSummary(**result.counts)))
    return out


def _runs(graph: Graph, kept: Sequence[Data]) -> dict[str, list[_Run]]:
    """The documents of each split in the order of the release."""
    found: dict[tuple[str, str], list[_Run]] = {}
    for part, data in enumerate(kept):
        table = pq.read_table(graph.context.path(data), use_threads=False)
        split, version = table["split"].to_numpy(), table["first_version"].to_numpy()
        size, key = table["bytes"].to_numpy().astype(np.uint32), table["key"].to_numpy()
        for one in np.unique(version):
            for name in SPLITS:
                here = (split == name) & (version == one)
                if here.any():
                    found.setdefault((name, one), []).append(_Run(part, one, (size[here], key[here])))
    for runs in found.values():
        # Where a version begins, a cut is welcome, so that the file before it stays as it was.
        runs[0].rows[1][0] = 0
    versions = in_order({version for _, version in found})
    return {name: [run for version in versions for run in found.get((name, version), [])] for name in SPLITS}


def _pack_task(
    graph: Graph, split: str, shard: Shard, runs: Sequence[_Run], parts: Sequence[Documents], kept: Sequence[Data]
) -> Task:
    chosen = [runs[piece.part] for piece in shard.pieces]
    revised = [data for run in chosen if (data := parts[run.part].revised)]
    places = {data: place for place, data in enumerate(revised)}
    params = {
        "split": split,
        "versions": [run.version for run in chosen],
        "slices": [[piece.start, piece.stop] for piece in shard.pieces],
        "groups": shard.groups,
        "kept": graph.kept,
        "revised": [places[data] if (data := parts[run.part].revised) else None for run in chosen],
    }
    roles = {
        "documents": tuple(parts[run.part].documents for run in chosen),
        "revised": tuple(revised),
        "kept": tuple(kept[run.part] for run in chosen),
    }
    return graph.task("pack", params, roles, label=split)


def tables(
    graph: Graph,
    read: Sequence[Result],
    parts: Sequence[Documents],
    selected: Sequence[Result],
    withdrawals: Data | None,
) -> dict[str, list[BuiltFile]]:
    """The ledger and the audit."""
    if not graph.known:
        graph.run("concat", [])
        return {}
    wanted = {
        "ledger/documents": [part.named("ledger.parquet") for part in selected],
        "ledger/quarantined": [result.named("rejected.parquet") for result in read],
        # By stage first, so that it doesn't show where parts end.
        "audit/removed": [
            data for stage in ("cleaned", "stripped", "shortened") for part in parts for data in part.removed[stage]
        ],
    }
    if withdrawals:
        wanted["ledger/withdrawn"] = [withdrawals]
    if not graph.recipe.release.audit:
        del wanted["audit/removed"]
    names, tasks = [], []
    for name, files in wanted.items():
        for pieces in cut_rows([data.rows for data in files], TABLE_ROWS):
            slices = [[piece.start, piece.stop] for piece in pieces]
            chosen = tuple(files[piece.part] for piece in pieces)
            names.append(name)
            tasks.append(graph.task("concat", {"table": name, "slices": slices}, {"tables": chosen}, label=name))
    out: dict[str, list[BuiltFile]] = {name: [] for name in wanted}
    for name, result in zip(names, graph.run("concat", tasks), strict=False):
        out[name].append(_built(graph, result))
    return out


def _built(graph: Graph, result: Result) -> BuiltFile:
    data = result.named("shard.parquet")
    return BuiltFile(graph.context.cache / data.path, result.counts["sha256"], data.bytes, data.rows)
