"""`grams`: files of all benchmarks -> `grams`; `hits`: documents of one part, `grams` -> `contaminated`, `removals`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from corpus._tables import RowWriter, row_groups
from corpus.build.schemas import CONTAMINATED, REMOVALS
from corpus.build.task import Context, Json, Task
from corpus.clean import Raw, clean_all
from corpus.dedup.contamination import (
    RULE,
    Grams,
    find_hits,
    grams_table,
    hit_lines,
    read_items,
    read_words,
    summarize,
)
from corpus.dedup.reading import groups_of
from corpus.errors import BadInputError
from corpus.read import (
    DEFAULT_PART_BYTES,
    FileDigest,
    InputFile,
    Part,
    Rejected,
    check_unchanged,
    plan_parts,
    read_strings,
)
from corpus.recipe import Cleaning, Privacy, Quality, Source
from corpus.release.manifest import Contamination

MAX_ITEM_BYTES = 256_000_000
"""A larger record of an evaluation file is an error."""


def grams_params(
    benchmarks: Sequence[Source],
    files: Mapping[str, Sequence[InputFile]],
    digests: Mapping[str, Mapping[str, FileDigest]],
    cleaning: Cleaning,
    words: int,
) -> dict[str, Json]:
    """The parameters of `run_grams`.

    Args:
        benchmarks: Each as a source of its name.
        files: Files of each, by name.
        digests: By name and path.
        cleaning: What is done to documents. To the text of benchmarks the same is done, or copies would not look like
            it: but for taking lines out of it, or dropping it.
        words: Words of an n-gram.
    """
    parts = {
        source.name: [
            asdict(part)
            for part in plan_parts(
                source,
                files[source.name],
                digests[source.name],
                part_bytes=DEFAULT_PART_BYTES,
                max_document_bytes=MAX_ITEM_BYTES,
            )
        ]
        for source in benchmarks
    }
    clean = cleaning.clean.model_copy(
        update={"boilerplate": False, "metadata": False, "model": None, "rules": [], "rules_file": None}
    )
    privacy = cleaning.privacy if cleaning.privacy.mode == "mask" else Privacy()
    same = Cleaning(clean=clean, quality=Quality(), privacy=privacy)
    return {"benchmarks": parts, "words": words, "cleaning": same.model_dump(mode="json")}


def run_grams(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Read all benchmarks; counts for each its `items` and which cannot be found, and the `ngrams` that count.

    Raises:
        BadInputError: a file or a record of one cannot be read, or nothing of a benchmark could ever be found.
    """
    size = task.params["words"]
    cleaning = Cleaning.model_validate(task.params["cleaning"])
    counts: dict[str, Json] = {}
    evaluations = []
    for name, parts in sorted(task.params["benchmarks"].items()):
        texts = (Raw(text) for part in parts for text in _items(name, Part.from_dict(part), context.root, size))
        found = read_items((cleaned.text for cleaned in clean_all(texts, cleaning)), size)
        if not len(found.hashes):
            raise BadInputError(
                f"decontaminate.files: '{name}': none of its items could be found in a document: of "
                f"{found.items:,}, {found.too_short:,} have fewer than {size} words and {found.common:,} say only "
                "what many of them say; "
                "lower decontaminate.words, or leave it out"
            )
        evaluations.append(found)
        counts[name] = {
            "items": found.items,
            "too_short": found.too_short,
            "common": found.common,
            "ngrams": len(np.unique(found.hashes)),
        }
    pq.write_table(grams_table(evaluations), out / "grams.parquet", compression="zstd")
    return {"benchmarks": counts}


def _items(name: str, part: Part, root: Path, size: int) -> Iterator[str]:
    """The text of each item of a part of a benchmark."""
    for record in read_strings(part, root):
        if isinstance(record, Rejected):
            place = record.path if record.position is None else f"{record.path}:{record.position}"
            raise BadInputError(
                f"decontaminate.files: '{name}': {place}: {record.reason}: {record.detail}; "
                "what cannot be read cannot be looked for, so mend it or leave it out"
            )
        # Some benchmarks have no header, so that an item stands in its place.
        if record.position or len(read_words([record.text]).words.hashes) >= size:
            yield record.text
    check_unchanged(part, root)


def run_hits(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Look for all benchmarks in one part; writes the documents that hold some, and the lines that do.

    Counts for each benchmark `documents`, different `ngrams` summed over these, and the numbers of the `items` found.
    """
    names: list[str] = task.params["benchmarks"]
    grams = Grams.of(pq.read_table(context.paths(task, "grams")[0]), task.params["words"], names)
    counts = {name: {"documents": 0, "ngrams": 0} for name in names}
    items: dict[str, set[int]] = {name: set() for name in names}
    row = 0
    with (
        RowWriter(out / "contaminated.parquet", CONTAMINATED) as contaminated,
        RowWriter(out / "removals.parquet", REMOVALS) as removals,
    ):
        for table in row_groups(context.paths(task, "documents")[0], columns=["text"]):
            for group in groups_of(table["text"].to_pylist()):
                batch = read_words(group)
                hits = find_hits(batch.words, grams)
                first, row = row, row + len(group)
                if not len(hits.doc):
                    continue
                for doc, of_doc in groupby(summarize(hits, grams), key=lambda found: found.doc):
                    found = list(of_doc)
                    contaminated.add({"row": first + doc, "detail": "; ".join(map(str, found))})
                    for each in found:
                        counts[each.benchmark]["documents"] += 1
                        counts[each.benchmark]["ngrams"] += each.ngrams
                        items[each.benchmark].update(each.items)
                for line in hit_lines(batch, hits, grams):
                    why = ", ".join(line.benchmarks)
                    removals.add({"row": first + line.doc, "index": line.index, "rule": RULE, "why": why})
    return {"benchmarks": {name: counts[name] | {"items": sorted(items[name])} for name in names}}


def contamination(grams: Mapping[str, Json], hits: Iterable[Mapping[str, Json]]) -> dict[str, Contamination]:
    """The report on each benchmark.

    Args:
        grams: What `run_grams` counted.
        hits: What `run_hits` counted, for all parts.
    """
    parts = [part["benchmarks"] for part in hits]
    return {
        name: Contamination(
            items=counts["items"],
            items_too_short=counts["too_short"],
            items_common=counts["common"],
            items_found=len({item for part in parts for item in part[name]["items"]}),
            documents=sum(part[name]["documents"] for part in parts),
            ngrams=sum(part[name]["ngrams"] for part in parts),
        )
        for name, counts in sorted(grams["benchmarks"].items())
    }
