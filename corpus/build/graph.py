"""The stage graph: which tasks a recipe needs, and what each stage hands to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice

import pyarrow.parquet as pq

from corpus._line_models import load_line_model
from corpus.build.cache import Cache
from corpus.build.inputs import Inputs
from corpus.build.progress import Progress, StageReport
from corpus.build.runners import Runner
from corpus.build.shard_plan import Shard, cut_rows, plan_shards
from corpus.build.stages import STAGES
from corpus.build.task import Context, Data, Json, Result, Task
from corpus.clean.language import require
from corpus.dedup.exact import bucket_count
from corpus.errors import BadInputError
from corpus.read import DEFAULT_PART_BYTES, plan_parts
from corpus.recipe import Recipe
from corpus.release.assemble import BuiltFile
from corpus.release.shards import ShardSummary

SPLITS = ("train", "validation", "test")
SHOWN_REJECTIONS = 20
TABLE_ROWS = 5_000_000
"""Rows of one file of the ledger or the audit."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One record that could not be read."""

    place: str
    reason: str
    detail: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}: {self.detail}"


@dataclass
class Graph:
    """Runs the stages of a recipe, or with `dry_run` finds out which tasks would run.

    Attributes:
        recipe: What to build.
        context: Where the cache and the raw files are.
        runner: Executes tasks that are not in the cache; None for a dry run.
        progress: Is told about each stage.
    """

    recipe: Recipe
    context: Context
    runner: Runner | None
    progress: Progress
    reports: list[StageReport] = field(default_factory=list)
    known: bool = True
    """False once a dry run has come to a task whose result later stages depend on."""

    @property
    def _kept(self) -> dict[str, str]:
        return dict(self.recipe.kept)

    def read(self, inputs: Inputs) -> list[Result]:
        """Raw files to raw records.

        Raises:
            UsageError: what a later stage needs is not installed.
        """
        require(self.recipe.clean.detector)
        limit = round(self.recipe.limits.max_document_mb * 1_000_000)
        tasks = []
        for source in sorted(self.recipe.sources, key=lambda source: source.name):
            parts = plan_parts(
                source,
                inputs.files[source.name],
                inputs.digests,
                part_bytes=DEFAULT_PART_BYTES,
                max_document_bytes=limit,
            )
            for part in parts:
                first = part.slices[0]
                label = first.path if len(part.slices) == 1 else f"{first.path} and {len(part.slices) - 1} more"
                weight = sum(piece.end - piece.start for piece in part.slices)
                params = {"part": asdict(part), "kept": self._kept}
                tasks.append(self._task("read", params, {}, label, weight))
        return self._run("read", tasks)

    def clean(self, read: Sequence[Result]) -> list[Result]:
        """Raw records to documents, one task for each part that reading made."""
        model = self.recipe.clean.model
        digest = load_line_model(self.context.root / model)[1] if model else None
        params = {"cleaning": self.recipe.cleaning.model_dump(mode="json"), "model_digest": digest, "kept": self._kept}
        parts = [data for result in read for data in _parts(result)]
        return self._run("clean", [self._task("clean", params, {"raw": (data,)}) for data in parts])

    def merge(self, cleaned: Sequence[Result]) -> list[Data]:
        """Documents of one id, then documents of one text: who goes and what stays instead."""
        by_id = tuple(result.named("by_id.parquet") for result in cleaned)
        by_content = tuple(result.named("by_content.parquet") for result in cleaned)
        count = bucket_count(sum(data.rows for data in by_id))
        buckets = [{"bucket": number, "buckets": count} for number in range(count)] if self.known else []
        tasks = [self._task("same_id", bucket, {"keys": by_id}) for bucket in buckets]
        same_id = tuple(result.named("merged.parquet") for result in self._run("same_id", tasks))
        exact = {"exact": self.recipe.dedup.exact}
        roles = {"keys": by_content, "same_id": same_id}
        tasks = [self._task("same_text", bucket | exact, roles) for bucket in buckets if self.known]
        same_text = tuple(result.named("merged.parquet") for result in self._run("same_text", tasks))
        return [*same_id, *same_text]

    def select(self, cleaned: Sequence[Result], merged: Sequence[Data]) -> list[Result]:
        """The decision about every document, part by part."""
        params = {"splits": self.recipe.splits.model_dump(mode="json")}
        tasks = [
            self._task("select", params, {"facts": (part.named("facts.parquet"),), "merged": tuple(merged)})
            for part in cleaned
            if self.known
        ]
        return self._run("select", tasks)

    def pack(
        self, cleaned: Sequence[Result], selected: Sequence[Result]
    ) -> dict[str, list[tuple[BuiltFile, ShardSummary]]]:
        """Documents to the data files of each split."""
        documents = [part.named("documents.parquet") for part in cleaned]
        kept = [part.named("kept.parquet") for part in selected]
        splits: list[str] = []
        tasks = []
        for split in SPLITS:
            parts = (self._sizes(data, split) for data in kept)
            for shard in plan_shards(parts, self.recipe.release.max_shard_mb * 1_000_000):
                splits.append(split)
                tasks.append(self._pack_task(split, shard, documents, kept))
        out: dict[str, list[tuple[BuiltFile, ShardSummary]]] = {}
        for split, result in zip(splits, self._run("pack", tasks), strict=False):
            built = self._built(result)
            out.setdefault(split, []).append((built, ShardSummary(**result.counts)))
        return out

    def tables(
        self, read: Sequence[Result], cleaned: Sequence[Result], selected: Sequence[Result]
    ) -> dict[str, list[BuiltFile]]:
        """The ledger and the audit."""
        if not self.known:
            self._run("concat", [])
            return {}
        wanted = {
            "ledger/documents": [part.named("ledger.parquet") for part in selected],
            "ledger/quarantined": [result.named("rejected.parquet") for result in read],
            "audit/removed": [part.named("removed.parquet") for part in cleaned],
        }
        if not self.recipe.release.audit:
            del wanted["audit/removed"]
        names, tasks = [], []
        for name, files in wanted.items():
            for pieces in cut_rows([data.rows for data in files], TABLE_ROWS):
                slices = [[piece.start, piece.stop] for piece in pieces]
                tables = tuple(files[piece.part] for piece in pieces)
                names.append(name)
                tasks.append(self._task("concat", {"table": name, "slices": slices}, {"tables": tables}, label=name))
        out: dict[str, list[BuiltFile]] = {name: [] for name in wanted}
        for name, result in zip(names, self._run("concat", tasks), strict=False):
            out[name].append(self._built(result))
        return out

    def _pack_task(self, split: str, shard: Shard, documents: Sequence[Data], kept: Sequence[Data]) -> Task:
        params = {
            "split": split,
            "slices": [[piece.start, piece.stop] for piece in shard.pieces],
            "groups": shard.groups,
            "kept": self._kept,
        }
        roles = {
            "documents": tuple(documents[piece.part] for piece in shard.pieces),
            "kept": tuple(kept[piece.part] for piece in shard.pieces),
        }
        return self._task("pack", params, roles, label=split)

    def _sizes(self, kept: Data, split: str) -> list[int]:
        """Bytes of text of each document of a part that goes into a split."""
        path = self.context.path(kept)
        sizes: list[int] = pq.read_table(path, columns=["bytes"], filters=[("split", "=", split)])["bytes"].to_pylist()
        return sizes

    def check_share(self, read: Sequence[Result]) -> None:
        """See that enough of the input could be read.

        Raises:
            BadInputError: more than `limits.max_bad_share` could not, or nothing could.
        """
        records = sum(result.counts["records"] for result in read)
        rejected = sum(sum(result.counts["rejected"].values()) for result in read)
        allowed = self.recipe.limits.max_bad_share
        share = rejected / (records + rejected) if records + rejected else 0.0
        examples = [str(rejection) for rejection in islice(self.rejections(read), SHOWN_REJECTIONS)]
        if not records:
            raise BadInputError("no document could be read from the sources", examples)
        if share > allowed:
            raise BadInputError(
                f"{rejected:,} of {records + rejected:,} records could not be read ({100 * share:.3g}%), more "
                f"than limits.max_bad_share allows ({100 * allowed:.3g}%); mend them, or raise the limit in the recipe",
                examples,
            )

    def rejections(self, read: Sequence[Result]) -> Iterator[Rejection]:
        """Records that could not be read, in the order of the inputs."""
        for result in read:
            if result.counts["rejected"]:
                for row in pq.read_table(self.context.path(result.named("rejected.parquet"))).to_pylist():
                    where = row["path"] if row["position"] is None else f"{row['path']}:{row['position']}"
                    yield Rejection(where, row["reason"], row["detail"])

    def _task(
        self,
        stage: str,
        params: Mapping[str, Json],
        inputs: Mapping[str, tuple[Data, ...]],
        label: str = "",
        weight: int | None = None,
    ) -> Task:
        if weight is None:
            weight = sum(data.content_bytes for files in inputs.values() for data in files)
        return Task(stage, STAGES[stage].version, params, inputs, label, weight)

    def _run(self, stage: str, tasks: Sequence[Task]) -> list[Result]:
        """Results of all tasks of a stage, in their order; those in the cache are not computed again.

        A dry run answers with those in the cache.
        """
        cache = Cache(self.context.cache)
        results = {task.key: result for task in tasks if (result := cache.find(task)) is not None}
        missing = list({task.key: task for task in tasks if task.key not in results}.values())
        report = StageReport(
            stage,
            tasks=len(tasks),
            cached=len(tasks) - len(missing),
            weight=sum(task.weight for task in missing),
            complete=self.known,
        )
        self.reports.append(report)
        self.progress.stage(report)
        if self.runner is None:
            self.known = self.known and not missing
        elif missing:
            for task, result in self.runner.run(missing, self.context):
                results[task.key] = result
                self.progress.done(result, task.weight)
        return [results[task.key] for task in tasks if task.key in results]

    def _built(self, result: Result) -> BuiltFile:
        data = result.named("shard.parquet")
        return BuiltFile(self.context.cache / data.path, result.counts["sha256"], data.bytes, data.rows)


def _parts(read: Result) -> list[Data]:
    """The parts of raw records that a read task made."""
    return [data for data in read.files if data.path.rpartition("/")[2].startswith("part-")]
