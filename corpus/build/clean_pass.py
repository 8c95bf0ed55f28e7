"""A cleaning pass without a release: the first two stages of a build, and what they made as plain files."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from corpus._files import make_folder, written
from corpus._tables import row_groups, table_rows
from corpus.build.cache import CACHE_NAME, Cache
from corpus.build.graph import SHOWN_REJECTIONS, Graph, Rejection
from corpus.build.inputs import take_stock
from corpus.build.progress import Progress
from corpus.build.runners import Runner
from corpus.build.task import Context, Result
from corpus.clean.cleaned import EMPTY
from corpus.errors import BadInputError, DamagedFileError, UsageError
from corpus.recipe import Cleaning, Recipe, Source

CleanFormat = Literal["txt", "jsonl", "parquet"]


@dataclass(frozen=True, slots=True)
class CleanSummary:
    """What a cleaning pass did."""

    out: str
    documents: int
    """Documents that were read, also those of which nothing is left."""
    empty: int
    """Documents of which nothing is left."""
    quarantined: dict[str, int]
    """Records that could not be read, by error."""
    dropped: dict[str, int]
    """Documents that the recipe drops, by reason; they come out empty as text files, and not at all otherwise."""
    limits: dict[str, int]
    """Those dropped for quality, by the limit that they break."""
    encodings: dict[str, int]
    """Records by the encoding that they were in."""
    repaired: dict[str, int]
    """Documents by what was mended in them."""
    masked: dict[str, int]
    """Pieces of personal data masked, by kind."""
    removed_lines: dict[str, int]
    """By rule."""
    removed_chars: int
    rejections: list[Rejection]
    """The first records that could not be read."""
    max_bad_share: float

    def check(self) -> None:
        """See that enough of the input could be read.

        Raises:
            BadInputError: it could not; what could be read has been written all the same.
        """
        bad = sum(self.quarantined.values())
        if bad and bad / (bad + self.documents) > self.max_bad_share:
            raise BadInputError(
                f"{bad:,} of {bad + self.documents:,} records could not be read, "
                f"more than {100 * self.max_bad_share:.3g}%; the others are in {self.out}"
            )

    def to_dict(self) -> dict[str, Any]:
        """The summary as plain values."""
        return asdict(self)


def clean_files(
    inputs: Sequence[str],
    out: Path,
    *,
    format_: CleanFormat = "txt",
    audit: Path | None = None,
    options: Cleaning = Cleaning(),  # noqa: B008 - frozen
    runner: Runner,
    progress: Progress,
) -> CleanSummary:
    """Clean files, folders or globs.

    Args:
        inputs: Paths relative to the working directory.
        out: Folder to write to; a file of its own is written for each document with `txt`, and
            `documents.jsonl` or `documents.parquet` otherwise.
        format_: What to write.
        audit: File for the removed lines, as JSON lines.
        options: How to clean; the path of a line model is absolute.
        runner: Executes the tasks.
        progress: Is told about each stage.

    Raises:
        CorpusError: a path leads nowhere, two documents would be written to one file, or `out` is not writable.
    """
    recipe = Recipe(
        dataset="clean",
        version="0.0.0",
        sources=[Source(name="input", path=list(inputs))],
        clean=options.clean,
        quality=options.quality,
        privacy=options.privacy,
    )
    make_folder(out, "the output folder")
    # Gone when the pass has ended well; after an interruption the same command goes on from here.
    work = out / CACHE_NAME
    lock = Cache(work).open()
    done = False
    try:
        graph = Graph(recipe, Context(work.absolute(), Path.cwd()), runner, progress)
        read = graph.read(take_stock(recipe, Path.cwd(), work, out, progress))
        cleaned = [part.cleaned for part in graph.clean(read)]
        empty = _EXPORTS[format_](graph, cleaned, out)
        if audit is not None:
            _write_lines(audit, (row for part in cleaned for row in _rows(graph, part, "removed")))
        summary = CleanSummary(
            out=str(out),
            documents=sum(result.counts["documents"] for result in cleaned),
            empty=empty,
            dropped={reason: n for reason, n in _sum(cleaned, "dropped").items() if reason != EMPTY},
            limits=_sum(cleaned, "limits"),
            quarantined=_sum(read, "rejected"),
            encodings=_sum(read, "encodings"),
            repaired=_sum(cleaned, "repaired"),
            masked=_sum(cleaned, "masked"),
            removed_lines=_sum(cleaned, "removed_lines"),
            removed_chars=sum(result.counts["removed_chars"] for result in cleaned),
            rejections=list(islice(graph.rejections(read), SHOWN_REJECTIONS)),
            max_bad_share=recipe.limits.max_bad_share,
        )
        done = True
        return summary
    except DamagedFileError as damage:
        raise Cache(work).forget(damage) from None
    finally:
        progress.close()
        nothing_to_resume = done or not (work / "tasks").exists()
        if nothing_to_resume and lock.exclusive(wait=False):
            shutil.rmtree(work)
        lock.close()


def _write_texts(graph: Graph, cleaned: Sequence[Result], out: Path) -> int:
    """One text file a document, named after the file it came from, and its record where that holds several."""
    names = _text_names(graph, cleaned)
    empty = 0
    for part in cleaned:
        for fact, document in zip(_rows(graph, part, "facts"), _rows(graph, part, "documents"), strict=True):
            text = "" if _is_dropped(fact["dropped"]) else document["text"]
            empty += not document["text"]
            path = out / names(fact["path"], fact["position"])
            path.parent.mkdir(parents=True, exist_ok=True)
            with written(path) as temporary:
                temporary.write_text(text + "\n" if text else "", encoding="utf-8")
    return empty


def _text_names(graph: Graph, cleaned: Sequence[Result]) -> Callable[[str, int], str]:
    """The name of the output file for a place.

    Raises:
        UsageError: two documents would be written to the same file.
    """
    records: Counter[str] = Counter()
    for part in cleaned:
        for fact in _rows(graph, part, "facts"):
            records[fact["path"]] = max(records[fact["path"]], fact["position"])
    paths: dict[str, str] = {}
    for path in records:
        other = paths.setdefault(_stem(path), path)
        if other != path:
            raise UsageError(f"{other} and {path} would both be written to {_stem(path)}.txt; clean them apart")

    def name(path: str, position: int) -> str:
        return f"{_stem(path)}.txt" if records[path] == 1 else f"{_stem(path)}-{position:06d}.txt"

    return name


def _stem(path: str) -> str:
    name = PurePosixPath(path).name
    for ending in (".gz", ".zst", ".xz", ".bz2"):
        name = name.removesuffix(ending)
    return name.rpartition(".")[0] or name


def _write_jsonl(graph: Graph, cleaned: Sequence[Result], out: Path) -> int:
    rows = (row for part in cleaned for group in _kept(graph, part) for row in group.to_pylist())
    return _write_lines(out / "documents.jsonl", rows)


def _write_lines(path: Path, rows: Iterator[dict[str, Any]]) -> int:
    """Write rows as JSON lines; answer how many have no text."""
    empty = 0
    make_folder(path.parent, "the output folder")
    with written(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for row in rows:
            empty += not row["text"]
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    return empty


def _write_parquet(graph: Graph, cleaned: Sequence[Result], out: Path) -> int:
    empty = 0
    schema = pq.read_schema(graph.context.path(cleaned[0].named("documents.parquet"))) if cleaned else None
    if schema is None:
        return 0
    with (
        written(out / "documents.parquet") as temporary,
        pq.ParquetWriter(temporary, schema, compression="zstd") as writer,
    ):
        for part in cleaned:
            for group in _kept(graph, part):
                empty += sum(not text for text in group["text"].to_pylist())
                writer.write_table(group)
    return empty


_EXPORTS: dict[CleanFormat, Callable[[Graph, Sequence[Result], Path], int]] = {
    "txt": _write_texts,
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
}


def _kept(graph: Graph, part: Result) -> Iterator[pa.Table]:
    """The documents of a part that the recipe does not drop."""
    reasons = pq.read_table(graph.context.path(part.named("facts.parquet")), columns=["dropped"])["dropped"]
    keep = pa.array([not _is_dropped(reason) for reason in reasons.to_pylist()], pa.bool_())
    start = 0
    for group in row_groups(graph.context.path(part.named("documents.parquet"))):
        yield group.filter(keep.slice(start, len(group)))
        start += len(group)


def _is_dropped(reason: str | None) -> bool:
    """Whether a recipe wants a document dropped; one of which nothing is left is written as it is."""
    return reason not in (None, EMPTY)


def _rows(graph: Graph, part: Result, table: str) -> Iterator[dict[str, Any]]:
    return table_rows(graph.context.path(part.named(f"{table}.parquet")))


def _sum(results: Sequence[Result], count: str) -> dict[str, int]:
    total: Counter[str] = Counter()
    for result in results:
        total.update(result.counts[count])
    return dict(sorted(total.items()))
