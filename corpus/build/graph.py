"""The stage graph: which tasks a recipe needs, and what each stage hands to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from itertools import islice

import pyarrow.parquet as pq

from corpus._line_models import load_line_model
from corpus.build.cache import Cache
from corpus.build.inputs import Inputs
from corpus.build.progress import Progress, StageReport
from corpus.build.runners import Runner
from corpus.build.stages import STAGES
from corpus.build.task import Context, Data, Json, Result, Task
from corpus.clean.language import distribution_of, require
from corpus.dedup.buckets import bucket_count
from corpus.errors import BadInputError
from corpus.read import DEFAULT_PART_BYTES, plan_parts
from corpus.recipe import Recipe

Roles = Mapping[str, Sequence[Data]]
"""Files by the role that they play for a stage."""

SHOWN_REJECTIONS = 20


@dataclass(frozen=True, slots=True)
class Rejection:
    """One record that could not be read."""

    place: str
    reason: str
    detail: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of one part, as far as they have come."""

    source: str
    cleaned: Result
    stripped: Result | None = None
    """Of `revise`, if other documents spoke against any lines."""
    shortened: Result | None = None
    """Of `revise`, if paragraphs repeated earlier ones."""
    withdrawn: Data | None = None
    """Rows that are withdrawn, if any are."""
    redacted: Result | None = None
    """Of `redact`, where rows are withdrawn."""

    @property
    def results(self) -> list[Result]:
        """All that were made, in their order."""
        return [result for result in (self.cleaned, self.stripped, self.shortened) if result]

    @property
    def documents(self) -> Data:
        """All of them, as they were cleaned."""
        return self.cleaned.named("documents.parquet")

    @property
    def revised(self) -> Data | None:
        """Those that have changed since."""
        latest = self.shortened or self.stripped
        return latest.named("revised.parquet") if latest else None

    @property
    def facts(self) -> Data:
        """What is known of each."""
        return self.results[-1].named("facts.parquet")

    @property
    def removed(self) -> dict[str, tuple[Data, ...]]:
        """The lines that left them, by the stage in which they did; what is withdrawn has left no trace."""
        stages = {"cleaned": self.cleaned, "stripped": self.stripped, "shortened": self.shortened}
        if redacted := self.redacted:
            return {name: (redacted.named(f"{name}.parquet"),) if stages[name] else () for name in stages}
        return {name: (result.named("removed.parquet"),) if result else () for name, result in stages.items()}

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.documents.rows

    @property
    def roles(self) -> dict[str, tuple[Data, ...]]:
        """The files that a stage takes which reads them."""
        revised = (self.revised,) if self.revised else ()
        return {"documents": (self.documents,), "revised": revised, "facts": (self.facts,)}


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
    def kept(self) -> dict[str, str]:
        """Columns that are carried along, with their types."""
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
                inputs.digests[source.name],
                part_bytes=DEFAULT_PART_BYTES,
                max_document_bytes=limit,
            )
            for part in parts:
                first = part.slices[0]
                label = first.path if len(part.slices) == 1 else f"{first.path} and {len(part.slices) - 1} more"
                weight = sum(piece.end - piece.start for piece in part.slices)
                params = {"part": asdict(part), "kept": self.kept}
                tasks.append(self.task("read", params, {}, label, weight))
        return self.run("read", tasks)

    def clean(self, read: Sequence[Result]) -> list[Documents]:
        """Raw records to documents, one task for each part that reading made."""
        model = self.recipe.clean.model
        digest = load_line_model(self.context.root / model)[1] if model else None
        params = {
            "cleaning": self.recipe.cleaning.model_dump(mode="json"),
            "model_digest": digest,
            "detector_version": metadata.version(distribution_of(self.recipe.clean.detector)),
            "kept": self.kept,
        }
        parts = [(result.counts["source"], data) for result in read for data in _parts(result)]
        cleaned = self.run("clean", [self.task("clean", params, {"raw": (data,)}) for _, data in parts])
        return [Documents(source, result) for (source, _), result in zip(parts, cleaned, strict=False)]

    def reduce(self, stage: str, roles: Roles, by: str, params: Mapping[str, Json]) -> list[Result]:
        """A stage over buckets of hash values.

        Args:
            stage: Its name.
            roles: Files of all parts, and others, by the role that they play.
            by: The role of the key files, whose size decides about the number of buckets.
            params: Parameters of each task but for its bucket.
        """
        count = bucket_count(sum(data.content_bytes for data in roles[by]))
        files = {role: tuple(found) for role, found in roles.items()}
        weight = sum(data.content_bytes for data in files[by]) // count
        tasks = [
            self.task(stage, {**params, "bucket": number, "buckets": count}, files, weight=weight)
            for number in range(count)
            if self.known
        ]
        return self.run(stage, tasks)

    def slices(self, stage: str, parts: Sequence[Documents], tables: Sequence[Data]) -> list[Result]:
        """What tables about all documents say about those of each part."""
        tasks = []
        first = 0
        for part in parts:
            if self.known:
                span = {"first": first, "stop": first + part.rows}
                tasks.append(self.task(stage, span, {"tables": tuple(tables)}, weight=16 * part.rows))
                first += part.rows
        return self.run(stage, tasks)

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

    def task(
        self,
        stage: str,
        params: Mapping[str, Json],
        inputs: Mapping[str, tuple[Data, ...]],
        label: str = "",
        weight: int | None = None,
    ) -> Task:
        """A task of a stage; it reads as much as its inputs hold unless `weight` says otherwise."""
        if weight is None:
            weight = sum(data.content_bytes for files in inputs.values() for data in files)
        return Task(stage, STAGES[stage].version, params, inputs, label, weight)

    def run(self, stage: str, tasks: Sequence[Task]) -> list[Result]:
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


def _parts(read: Result) -> list[Data]:
    """The parts of raw records that a read task made."""
    return [data for data in read.files if data.path.rpartition("/")[2].startswith("part-")]
