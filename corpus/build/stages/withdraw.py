"""Documents that are withdrawn, with their copies.

`withdrawals`: the list -> its table. `fingerprints`: documents of one part -> what copies are known by. `named`: these
and the table -> documents that it names, and what their copies are known by. `sought`: all of the latter -> those that
the table does not have. `alike`: fingerprints of one part, table, sought -> all documents of the part that are
withdrawn. `withdrawn`: these of all parts, and all fates -> these and whatever was merged with them. `redact`: lines
that left the documents of one part -> those of documents that are not withdrawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash

from corpus._tables import RowWriter, row_groups, table_rows, write_keys
from corpus.build.schemas import FINGERPRINTS, NAMED, REMOVED, WITHDRAWN
from corpus.build.stages._parts import documents_of, halves
from corpus.build.task import Context, Json, Task
from corpus.clean.cleaned import QUALITY
from corpus.dedup.buckets import Ints, Numbering, ints
from corpus.dedup.fingerprint import FINGERPRINT_BYTES, UNKNOWN, fingerprint_all, from_bytes, to_bytes
from corpus.errors import InputChangedError
from corpus.release.held import write_table
from corpus.release.listed import Listed, near_copies, read_reasons
from corpus.release.shards import sha256_of
from corpus.release.withdrawals import LIST_NAME, WITHDRAWALS

_ROW_BYTES = FINGERPRINT_BYTES + 100
_PRINTS_AT_ONCE = 20_000


def run_withdrawals(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write the table of the list; counts `requests`.

    Raises:
        InputChangedError: the list is not what it was when the build began.
    """
    path = context.root / LIST_NAME
    write_table(out / "withdrawals.parquet", path)
    if not path.exists() or sha256_of(path) != task.params["sha256"]:
        raise InputChangedError(f"{path}: changed while the build was reading it; build again")
    return {"requests": len(read_reasons([out / "withdrawals.parquet"]))}


def run_fingerprints(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write what copies of the documents of one part are known by; counts nothing."""
    with pq.ParquetWriter(out / "fingerprints.parquet", FINGERPRINTS, compression="none", use_dictionary=False) as file:
        for start, group in documents_of(task, context, ["text", "content_hash", "n_words"]):
            # All texts without words are alike, and none is a copy of another.
            rows = np.flatnonzero(pc.greater(group["n_words"], 0).to_numpy())
            group = group.take(rows)
            places, values = fingerprint_all(group["text"].to_pylist())
            prints: list[bytes | None] = [None] * len(rows)
            for place, content in zip(places.tolist(), to_bytes(values), strict=True):
                prints[place] = content
            content_hash = group["content_hash"].combine_chunks()
            file.write_table(pa.table([(start + rows).astype(np.int32), content_hash, prints], schema=FINGERPRINTS))
    return {}


def run_named(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Find the documents of one part that the table names; counts them as `named`."""
    listed = Listed.read(context.paths(task, "withdrawals"))
    first = np.full(task.params["rows"], UNKNOWN)
    columns = [name for name in listed.columns if name != "content_hash"]
    start = 0
    for group in row_groups(context.paths(task, "documents")[0], columns or ["id"]):
        first[start : start + len(group)] = listed.first(group)
        start += len(group)
    _add_texts(first, listed, task, context)
    _write_named(out / "named.parquet", first)
    with RowWriter(out / "looks.parquet", WITHDRAWALS) as looks:
        for group in _fingerprints(task, context):
            for row in group.filter(first[ints(group, "row")] != UNKNOWN).to_pylist():
                look = {"request": int(first[row["row"]]), "kind": "hash", "value": row["content_hash"], "reason": ""}
                looks.add(look | {"fingerprint": row["fingerprint"]}, _ROW_BYTES)
    return {"named": int((first != UNKNOWN).sum())}


def run_sought(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write once what copies are known by of what is still among the documents; counts nothing."""
    requests: dict[bytes, int] = {}
    for path in context.paths(task, "withdrawals"):
        for row in table_rows(path, ["request", "content_hash", "fingerprint"]):
            if row["content_hash"] is not None:
                _is_new(requests, row["content_hash"], row)
    with RowWriter(out / "sought.parquet", WITHDRAWALS) as sought:
        for path in context.paths(task, "looks"):
            for row in table_rows(path):
                if _is_new(requests, row["value"], row):
                    sought.add(row, _ROW_BYTES)
    return {}


def run_alike(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Find all documents of one part that are withdrawn, named or copies; counts them as `withdrawn`."""
    first = np.full(task.params["rows"], UNKNOWN)
    for group in row_groups(context.paths(task, "named")[0]):
        first[ints(group, "row")] = ints(group, "request")
    sought = context.paths(task, "sought")
    _add_texts(first, Listed.read(sought), task, context)
    for group in _fingerprints(task, context):
        some = group.filter(group["fingerprint"].is_valid())
        row = ints(some, "row")
        values = from_bytes(some["fingerprint"].to_pylist())
        prints = [*context.paths(task, "withdrawals"), *sought]
        np.minimum.at(first, row, near_copies(values, first[row], prints))
    _write_named(out / "alike.parquet", first)
    return {"withdrawn": int((first != UNKNOWN).sum())}


def run_withdrawn(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Take along whatever was merged with what is withdrawn, so that no copy comes back; counts them as `withdrawn`."""
    numbering = Numbering.of(task.params["rows"])
    docs, requests = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for part, path in enumerate(context.paths(task, "alike")):
        table = pq.read_table(path, use_threads=False)
        docs.append(numbering.numbers(part, ints(table, "row")))
        requests.append(ints(table, "request").astype(np.int64))
    first = np.full(len(numbering), UNKNOWN)
    first[np.concatenate(docs)] = np.concatenate(requests)
    fates = pq.read_table(context.paths(task, "fates")[0], columns=["doc", "kept_id"], use_threads=False)
    member = ints(fates, "doc")
    # Clusters are told apart by what stays of them.
    cluster = np.unique(halves(fates["kept_id"], "kept")["kept_high"], return_inverse=True)[1]
    of_cluster = np.full(len(fates), UNKNOWN)
    np.minimum.at(of_cluster, cluster, first[member])
    first[member] = np.minimum(first[member], of_cluster[cluster])
    gone = np.flatnonzero(first != UNKNOWN)
    reasons = read_reasons(context.paths(task, "withdrawals"))
    told = pa.array([reasons[request] for request in first[gone].tolist()], pa.string())
    write_keys(out / "withdrawn.parquet", pa.table([gone, told], schema=WITHDRAWN))
    return {"withdrawn": len(gone)}


def run_redact(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Write the lines that left the documents of one part without those of withdrawn ones.

    Counts what goes: `removed_lines` by rule, `removed_chars`, and `limits` that withdrawn documents broke.
    """
    rows = pq.read_table(context.paths(task, "withdrawn")[0], columns=["row"], use_threads=False)["row"]
    columns = ["path", "position", "dropped", "detail"]
    facts = pq.read_table(context.paths(task, "facts")[0], columns=columns, use_threads=False).take(rows).to_pylist()
    places = {(fact["path"], fact["position"]) for fact in facts}
    lines: Counter[str] = Counter()
    chars = 0
    for name in ("cleaned", "stripped", "shortened"):
        for path in context.paths(task, name):
            with pq.ParquetWriter(out / f"{name}.parquet", REMOVED, compression="zstd", compression_level=1) as file:
                for group in row_groups(path):
                    found = zip(group["path"].to_pylist(), group["position"].to_pylist(), strict=True)
                    gone = np.fromiter((place in places for place in found), bool, len(group))
                    file.write_table(group.filter(~gone))
                    taken = group.filter(gone)
                    lines.update(taken["rule"].to_pylist())
                    chars += pc.sum(pc.utf8_length(taken["text"])).as_py() or 0
    limits = Counter(fact["detail"].partition(" ")[0] for fact in facts if fact["dropped"] == QUALITY)
    return {
        "removed_lines": dict(sorted(lines.items())),
        "removed_chars": chars,
        "limits": dict(sorted(limits.items())),
    }


def _add_texts(first: Ints, listed: Listed, task: Task, context: Context) -> None:
    """Lower the first request of documents whose content hash is listed."""
    for group in _fingerprints(task, context, ["row", "content_hash"]):
        np.minimum.at(first, ints(group, "row"), listed.first(group.select(["content_hash"])))


def _fingerprints(task: Task, context: Context, columns: list[str] | None = None) -> Iterator[pa.Table]:
    """What copies of documents are known by, some thousand at a time; a document may have several looks."""
    for path in context.paths(task, "fingerprints"):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_PRINTS_AT_ONCE, columns=columns, use_threads=False):
                yield pa.Table.from_batches([batch])


def _write_named(path: Path, first: Ints) -> None:
    rows = np.flatnonzero(first != UNKNOWN)
    table = pa.table([rows.astype(np.int32), first[rows].astype(np.int32)], schema=NAMED)
    pq.write_table(table, path, compression="none")


def _is_new(requests: dict[bytes, int], content_hash: str, row: Mapping[str, Any]) -> bool:
    """Whether no earlier request is known to have this look."""
    look = xxhash.xxh3_128_digest(content_hash.encode() + (row["fingerprint"] or b""))
    new: bool = row["request"] < requests.get(look, UNKNOWN)
    if new:
        requests[look] = row["request"]
    return new
