"""`shingles`: candidates of one part -> what they are compared by. `near`: components of one bucket -> `merged`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from corpus._tables import key_span, row_range, write_keys
from corpus.build.schemas import SHINGLES
from corpus.build.stages._parts import days, documents_of, halves
from corpus.build.stages.merge import write_merged
from corpus.build.task import Context, Json, Task
from corpus.dedup.buckets import Bucket, Hashes, Ints, Numbering, hashes, ints
from corpus.dedup.exact import NEAR, Copies, merge, merged_by
from corpus.dedup.reading import read_words
from corpus.dedup.sketch import Shingles, runs, shingle_all, sketch_all, thin
from corpus.dedup.verify import cluster, similarity
from corpus.recipe import Near

SHINGLES_AT_ONCE = 16_000_000
"""So many shingles are in memory, 8 bytes each. A component of more is looked at in pieces."""
_ROUNDS = 3
_WORTH_A_ROUND = 0.9
_NONE = np.zeros(0, np.int64)
_CANDIDATE_GROUP_ROWS = 512


def run_shingles(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write what the candidates of one part are compared by; counts them as `candidates`."""
    near = Near.model_validate(task.params["near"])
    members = pq.read_table(context.paths(task, "members")[0], use_threads=False)
    rows, component = ints(members, "row"), hashes(members, "component")
    facts = pq.read_table(
        context.paths(task, "facts")[0], columns=["id", "n_chars", "published"], use_threads=False
    ).take(rows)
    bands, shingles, counts = [np.zeros((0, near.bands), np.uint64)], [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
    for start, group in documents_of(task, context, ["text"]):
        here = rows[(rows >= start) & (rows < start + len(group))]
        if not len(here):
            continue
        found = shingle_all(read_words(group["text"].take(here - start).to_pylist()), near.words)
        bands.append(sketch_all(found, near.bands, near.rows))
        rounded, count = _rounded(thin(found))
        shingles.append(rounded)
        counts.append(count)
    keys = halves(facts["id"], "id")
    order = np.lexsort((rows, keys["id_low"], keys["id_high"], component))
    edges = np.concatenate(([0], np.cumsum(np.concatenate(counts))))
    content = {
        "component": component[order],
        "row": rows[order].astype(np.int32),
        "id_high": keys["id_high"][order],
        "id_low": keys["id_low"][order],
        "n_chars": facts["n_chars"].take(order),
        "published": days(facts["published"]).take(order),
        "count": np.diff(edges)[order],
        "bands": pa.FixedSizeListArray.from_arrays(np.concatenate(bands)[order].ravel(), near.bands).cast(
            SHINGLES.field("bands").type
        ),
        "shingles": pa.ListArray.from_arrays(pa.array(edges, pa.int32()), np.concatenate(shingles)).take(order),
    }
    write_keys(out / "shingles.parquet", pa.table(content, schema=SHINGLES), _CANDIDATE_GROUP_ROWS)
    return {"candidates": len(rows)}


def run_near(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Merge the near-duplicates of one bucket; counts nothing.

    A component of more than `SHINGLES_AT_ONCE` is clustered in pieces that the ids of its documents make, then what
    stays of these in pieces again, so that memory is bounded; copies that never meet in a piece stay apart.
    """
    candidates = _Candidates(task, context)
    threshold, keep = task.params["threshold"], task.params["keep"]
    cluster_of = np.arange(len(candidates.count))
    alike = np.full(len(cluster_of), np.nan)
    for first, stop in candidates.batches():
        if candidates.count[first:stop].sum() > SHINGLES_AT_ONCE:
            cluster_of[first:stop] = _in_pieces(candidates, first, stop, threshold)
            continue
        rows = np.arange(first, stop)
        bands, shingles = candidates.load(rows)
        cluster_of[rows] = first + cluster(candidates.component[rows], bands, shingles, threshold)
        goes, stays = merge(candidates.copies.take(rows), [cluster_of[rows]], keep)
        alike[rows[goes]] = similarity(shingles, goes, stays)
    goes, stays = merge(candidates.copies, [cluster_of], keep)
    order = np.argsort(candidates.copies.doc[goes])
    goes, stays = goes[order], stays[order]
    merged = merged_by(candidates.copies, goes, stays, np.full(len(goes), NEAR))
    write_merged(out / "merged.parquet", merged, pa.array(alike[goes].round(3), mask=np.isnan(alike[goes])))
    return {}


def _in_pieces(candidates: _Candidates, first: int, stop: int, threshold: float) -> Ints:
    """For each document of a large component one of its cluster."""
    cluster_of = np.arange(stop - first)
    left = cluster_of
    for round_ in range(_ROUNDS):
        pieces = -(-int(candidates.count[first + left].sum()) // SHINGLES_AT_ONCE)
        # By their ids, in which order they stand in the files too; later rounds part them by other bits.
        upper, lower = (half[first + left] for half in candidates.copies.id)
        bits = lower << np.uint64(16 * round_) if round_ else upper
        piece = (bits >> np.uint64(32)) * np.uint64(pieces) >> np.uint64(32)
        for number in range(pieces):
            some = left[piece == number]
            bands, shingles = candidates.load(first + some)
            cluster_of[some] = some[cluster(np.zeros(len(some), np.int64), bands, shingles, threshold)]
        cluster_of = cluster_of[cluster_of]
        before, left = len(left), np.unique(cluster_of)
        if pieces == 1 or len(left) > _WORTH_A_ROUND * before:
            break
    return first + cluster_of


class _Candidates:
    """The candidates of a bucket, sorted by component and id; their shingles stay on disk."""

    def __init__(self, task: Task, context: Context) -> None:
        numbering = Numbering.of(task.params["rows"])
        source_of = np.asarray(task.params["sources"], np.int64)
        released = numbering.marks(context.paths(task, "released"))
        bounds = Bucket.of(task.params).bounds
        self._files = context.paths(task, "shingles")
        light = [name for name in SHINGLES.names if name not in {"bands", "shingles"}]
        tables = [pa.schema([SHINGLES.field(name) for name in light]).empty_table()]
        parts, places = [_NONE], [_NONE]
        for part, path in enumerate(self._files):
            start, end = key_span(path, "component", *bounds)
            tables.append(row_range(path, start, end, light))
            parts.append(np.full(end - start, part))
            places.append(np.arange(start, end))
        table = pa.concat_tables(tables)
        of_part, place = np.concatenate(parts), np.concatenate(places)
        order = np.lexsort(
            (place, of_part, hashes(table, "id_low"), hashes(table, "id_high"), hashes(table, "component"))
        )
        table, self._part, self._place = table.take(order), of_part[order], place[order]
        self.component = np.cumsum(np.diff(hashes(table, "component"), prepend=np.uint64(0)) != 0)
        self.count = ints(table, "count")
        doc = numbering.first[self._part] + ints(table, "row")
        self.copies = Copies(
            doc,
            (hashes(table, "id_high"), hashes(table, "id_low")),
            ints(table, "n_chars"),
            table["published"].to_numpy(),
            source_of[self._part],
            released[doc],
        )

    def batches(self) -> Iterator[tuple[int, int]]:
        """Ranges of whole components that have about `SHINGLES_AT_ONCE` together, or of one that has more."""
        edges = np.append(np.flatnonzero(np.diff(self.component, prepend=-1)), len(self.count))
        before = np.concatenate(([0], np.cumsum(self.count)))[edges]
        place = 0
        while place + 1 < len(edges):
            stop = int(np.searchsorted(before, before[place] + SHINGLES_AT_ONCE, "right")) - 1
            stop = max(stop, place + 1)
            yield int(edges[place]), int(edges[stop])
            place = stop

    def load(self, rows: Ints) -> tuple[Hashes, Shingles]:
        """Bands, shape (documents, bands), and shingles of some of them."""
        first = np.concatenate(([0], np.cumsum(self.count[rows])))
        values = np.zeros(first[-1], np.uint64)
        bands: Hashes | None = None
        for part in np.unique(self._part[rows]).tolist():
            here = np.flatnonzero(self._part[rows] == part)
            place = self._place[rows[here]]
            start = int(place.min())
            table = row_range(self._files[part], start, int(place.max()) + 1, ["bands", "shingles"]).take(place - start)
            own = table["bands"].combine_chunks().flatten().to_numpy().reshape(len(here), -1)
            if bands is None:
                bands = np.zeros((len(rows), own.shape[1]), np.uint64)
            bands[here] = own
            upper = table["shingles"].combine_chunks().flatten().to_numpy().astype(np.uint64)
            values[runs(first[:-1][here], self.count[rows[here]])] = upper << np.uint64(32)
        return np.zeros((0, 1), np.uint64) if bands is None else bands, Shingles(values, first)


def _rounded(shingles: Shingles) -> tuple[npt.NDArray[np.uint32], Ints]:
    """The upper 32 bits of each shingle, and how many of them each document has: few enough not to meet by chance."""
    upper = (shingles.hashes >> np.uint64(32)).astype(np.uint32)
    new = np.ones(len(upper), bool)
    new[1:] = upper[1:] != upper[:-1]
    new[shingles.first[:-1][np.diff(shingles.first) > 0]] = True
    running = np.concatenate(([0], np.cumsum(new)))
    return upper[new], np.diff(running[shingles.first])
