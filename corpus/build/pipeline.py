"""A build from end to end: a recipe in, a release out, and every document accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corpus.build.cache import Cache
from corpus.build.graph import SHOWN_REJECTIONS, Documents, Graph, Rejection
from corpus.build.inputs import Inputs, forget_digests, take_evaluation_stock, take_others, take_stock
from corpus.build.merging import merge
from corpus.build.packing import pack, place, select, tables
from corpus.build.progress import Progress, StageReport
from corpus.build.revising import drop_repeated, strip
from corpus.build.runners import Runner
from corpus.build.stages.decontaminate import contamination
from corpus.build.task import Context, Data, Result
from corpus.build.versioning import Line
from corpus.build.withdrawing import Withdrawal, take_list, withdraw
from corpus.document import kept_name
from corpus.errors import BadInputError, DamagedFileError, InputChangedError
from corpus.recipe import Recipe
from corpus.release.assemble import Contents, RawFile, Repo, check_target, draft
from corpus.release.card import find_own_card
from corpus.release.loading import Release
from corpus.release.manifest import Accounting, Changes, Contamination, OtherInput, Total


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    path: Path
    """Folder of the release."""
    new: bool
    """False where the release was there already."""
    changes: Changes | None
    """What is different from the version before, if there is one and anything is."""
    stages: Sequence[StageReport]
    rejections: Sequence[Rejection]
    """The first records that could not be read."""
    warnings: Sequence[str]
    """What is probably not meant, a line each."""

    @property
    def computed(self) -> int:
        """Tasks that were not in the cache."""
        return sum(report.to_run for report in self.stages)


def build_release(
    recipe: Recipe,
    *,
    root: Path,
    cache: Path,
    dist: Path,
    runner: Runner,
    progress: Progress,
    parent: Release | None = None,
) -> BuildReport:
    """Run all stages of a recipe and put the release together.

    Args:
        recipe: What to build.
        root: Folder that the paths of the recipe are relative to.
        cache: Folder of the task cache.
        dist: Folder of all releases.
        runner: Executes the tasks.
        progress: Is told about each stage.
        parent: The version before, where it is not in `dist`.

    Raises:
        CorpusError: the inputs, the disk or the accounts do not allow a release.
    """
    check_target(recipe, dist)
    own_card = find_own_card(root, recipe.license)
    lock = Cache(cache).open()
    try:
        line = Line.of(recipe, dist, parent)
        listed = take_list(root)
        inputs = take_stock(recipe, root, cache, dist / recipe.dataset, progress)
        graph = _graph(recipe, root, cache, line, inputs, runner, progress)
        evaluation = take_evaluation_stock(recipe, root, cache, dist / recipe.dataset, progress)
        decided = _decide(graph, inputs, evaluation, listed, line)
        read, parts, selected = decided.read, decided.parts, decided.selected
        accounting = _accounting(decided)
        if not accounting.kept:
            reasons = ", ".join(f"{n:,} {reason}" for reason, n in accounting.dropped.items())
            raise BadInputError(f"no document is left of {accounting.read:,} read: {reasons}")
        line.check(decided.placed)
        contents = Contents(
            recipe=recipe,
            version=line.version,
            inputs=_raw_files(inputs, read),
            evaluation=_raw_files(evaluation, ()),
            repos={name: Repo(place.repo, place.commit) for name, place in inputs.places.items()},
            others=take_others(recipe, root, listed),
            shards=pack(graph, parts, decided.placed),
            tables=tables(graph, read, parts, selected, decided.withdrawals),
            accounting=accounting,
            contamination=decided.contamination,
            parents=line.parents,
            sources=_totals(selected, "source"),
            languages=_totals(selected, "language"),
            own_card=own_card,
            withdrawn=decided.withdrawal.report(selected) if decided.withdrawal else None,
        )
        path, new, changes = line.release(draft(contents), dist)
        shown = list(islice(graph.rejections(read), SHOWN_REJECTIONS))
        return BuildReport(path, new, changes, graph.reports, shown, [*line.warnings, *_unfilled(recipe, read)])
    except DamagedFileError as damage:
        raise Cache(cache).forget(damage) from None
    except InputChangedError:
        # Whatever the clock says of the file, what is remembered of it is not true.
        forget_digests(cache)
        raise
    finally:
        progress.close()
        lock.close()


def plan_build(
    recipe: Recipe, *, root: Path, cache: Path, dist: Path, parent: Release | None = None
) -> list[StageReport]:
    """What `build_release` would run, as far as that is known before it runs."""
    lock = Cache(cache).open()
    try:
        line = Line.of(recipe, dist, parent)
        inputs, evaluation = (
            take(recipe, root, cache, dist / recipe.dataset, Progress()) for take in (take_stock, take_evaluation_stock)
        )
        graph = _graph(recipe, root, cache, line, inputs, None, Progress())
        decided = _decide(graph, inputs, evaluation, take_list(root), line)
        pack(graph, decided.parts, decided.placed)
        tables(graph, decided.read, decided.parts, decided.selected, decided.withdrawals)
        return graph.reports
    finally:
        lock.close()


@dataclass(frozen=True, slots=True)
class _Decided:
    """What is known when every document's fate is."""

    read: Sequence[Result]
    parts: Sequence[Documents]
    selected: Sequence[Result]
    placed: Sequence[Result]
    contamination: Mapping[str, Contamination] | None
    withdrawal: Withdrawal | None

    @property
    def withdrawals(self) -> Data | None:
        """Table of what is withdrawn."""
        return self.withdrawal.table if self.withdrawal else None


def _graph(
    recipe: Recipe, root: Path, cache: Path, line: Line, inputs: Inputs, runner: Runner | None, progress: Progress
) -> Graph:
    parent = line.parent.path.absolute() if line.parent else None
    return Graph(recipe, Context(cache.absolute(), root.absolute(), parent, inputs.places), runner, progress)


def _decide(graph: Graph, inputs: Inputs, evaluation: Inputs, listed: OtherInput | None, line: Line) -> _Decided:
    """All stages up to the decision about every document."""
    parent = line.parent.manifest if line.parent else None
    read = graph.read(inputs)
    if graph.runner:
        graph.check_share(read)
    parts, found = strip(graph, graph.clean(read), evaluation)
    merged = merge(graph, parts, parent)
    stripped, parts = parts, drop_repeated(graph, parts, merged.gone)
    withdrawal = None
    if listed:
        parts, withdrawal = withdraw(graph, stripped, parts, listed, merged.fates)
    selected = select(graph, parts, graph.slices("part_fates", parts, merged.fates))
    placed = place(graph, parts, selected, merged, parent=parent, version=line.version)
    report = contamination(found[0].counts, (result.counts for result in found[1:])) if graph.known and found else None
    return _Decided(read, parts, selected, placed, report, withdrawal)


def _accounting(decided: _Decided) -> Accounting:
    """The sums over all tasks; `read` is counted where records are read, the rest where they end."""
    read, parts, selected = decided.read, decided.parts, decided.selected
    dropped = _sum(result.counts["dropped"] for result in selected)
    quarantined = _sum(result.counts["rejected"] for result in read)
    cleaned = [part.cleaned for part in parts]
    stripped = [result for part in parts for result in part.results]
    redacted = [part.redacted for part in parts if part.redacted]
    return Accounting(
        read=sum(result.counts["records"] for result in read) + sum(quarantined.values()),
        kept=sum(result.counts["kept"] for result in selected),
        dropped=dropped,
        quarantined=quarantined,
        encodings=_sum(result.counts["encodings"] for result in read),
        limits=_without(stripped, redacted, "limits"),
        repaired=_sum(result.counts["repaired"] for result in cleaned),
        masked=_sum(result.counts["masked"] for result in cleaned),
        removed_lines=_without(stripped, redacted, "removed_lines"),
        removed_chars=sum(result.counts["removed_chars"] for result in stripped)
        - sum(result.counts["removed_chars"] for result in redacted),
    )


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))


def _without(results: Sequence[Result], redacted: Sequence[Result], name: str) -> dict[str, int]:
    """The sum of a count but for what is withdrawn."""
    total = Counter(_sum(result.counts[name] for result in results))
    return dict(total - Counter(_sum(result.counts[name] for result in redacted)))


def _totals(selected: Sequence[Result], by: str) -> dict[str, Total]:
    """Kept documents by a column, the most frequent value first."""
    totals: dict[str, list[int]] = {}
    for result in selected:
        for value, amounts in result.counts["totals"][by].items():
            totals[value] = [a + b for a, b in zip(totals.get(value, [0, 0, 0]), amounts, strict=True)]
    ordered = sorted(totals.items(), key=lambda item: (-item[1][0], item[0]))
    return {value: Total(documents=d, chars=c, words=w) for value, (d, c, w) in ordered}


def _unfilled(recipe: Recipe, read: Sequence[Result]) -> list[str]:
    """Columns that the recipe names and no record has: most likely a slip of the pen."""
    out = []
    for source in recipe.sources:
        results = [result for result in read if result.counts["source"] == source.name]
        filled = _sum(result.counts["filled"] for result in results)
        fields = source.fields.items()
        named = {str(ours): (f"fields.{ours}", theirs) for ours, theirs in fields if ours != "text"}
        named |= {kept_name(column): ("keep", column) for column in source.kept}
        if any(result.counts["records"] for result in results):
            out += [
                f"source '{source.name}': no record has a value in the column '{column}' that {where} names"
                for name, (where, column) in named.items()
                if not filled.get(name)
            ]
    return out


def _raw_files(inputs: Inputs, read: Sequence[Result]) -> list[RawFile]:
    """All files, with the SHA-256 of those of which it was found out when they were read."""
    late = {(result.counts["source"], path): sha for result in read for path, sha in result.counts["sha256"].items()}
    out = []
    for source, files in sorted(inputs.files.items()):
        for file in files:
            sha256 = inputs.digests[source][file.path].sha256 or late.get((source, file.path), "")
            out.append(RawFile(source, file.path, file.size, sha256))
    return out
