"""Comparing releases: `python -m benchmarks.diff [DOCUMENTS ...]`, 100,000 and 1,000,000 by default.

Makes releases of generated rows and compares them with the command. Seconds by the clock and of processors, megabytes
of both releases' files a second, the peak size of the process (Linux), and the share of bytes to upload again. Rows
without a share are `--no-uploads`.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.memory import measured
from corpus.document import document_schema
from corpus.recipe import Recipe, Source
from corpus.release.manifest import FileEntry, Manifest, SplitEntry, Total, columns_of
from corpus.release.shards import sha256_of

SHARD_ROWS = 50_000
_SCHEMA = document_schema({})
_LEDGER = pa.schema(
    [
        *((name, pa.string()) for name in ("source", "path")),
        ("position", pa.int64()),
        *((name, pa.string()) for name in ("id", "status", "reason")),
    ]
)
Edit = Callable[[int, pa.Table], pa.Table]


def main() -> None:
    """Print a row for each size and kind of change."""
    titles = f"{'seconds':>8} {'CPU s':>7} {'MB/s':>6} {'peak MB':>8} {'uploaded':>9}"
    print(f"{'documents':>10} {'MB':>6} {'change':<12} {titles}")
    for documents in map(int, sys.argv[1:] or ("100000", "1000000")):
        with tempfile.TemporaryDirectory() as folder:
            old = write_release(Path(folder) / "old", documents, lambda _, table: table)
            for name, more, edit in _changes(documents):
                new = write_release(Path(folder) / name, documents + more, edit)
                size = sum(path.stat().st_size for side in (old, new) for path in side.rglob("*.parquet")) / 1e6
                for options in ([], ["--no-uploads"]):
                    seconds, busy, peak, found = _compare(old, new, options)
                    share = "" if options else f"{found['uploads']['share']:.1%}"
                    times = f"{seconds:8.1f} {busy:7.1f} {size / seconds:6.0f}"
                    print(f"{documents:10,} {size:6,.0f} {name:<12} {times} {peak:8.0f} {share:>9}", flush=True)


def _changes(documents: int) -> Iterator[tuple[str, int, Edit]]:
    """Name, documents appended, and what is done to each shard of the new release."""
    yield "append", documents // 20, lambda _, table: table
    yield "withdrawals", 0, _without_some(max(documents // 100, 1))
    yield "all changed", 0, lambda _, table: _with_text(table, pc.binary_join_element_wise(table["text"], "!", ""))


def _without_some(step: int) -> Edit:
    """Take a hundred rows out of a release."""

    def edit(shard: int, table: pa.Table) -> pa.Table:
        return table.filter(pa.array((np.arange(len(table)) + shard * SHARD_ROWS) % step != 0))

    return edit


def _with_text(table: pa.Table, text: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index("text"), _SCHEMA.field("text"), text)


def write_release(folder: Path, documents: int, edit: Edit) -> Path:
    """Write a release of so many generated documents, each shard as `edit` makes it; row digests are made up."""
    (folder / "data").mkdir(parents=True)
    (folder / "ledger").mkdir()
    files, kept = [], 0
    with pq.ParquetWriter(folder / "ledger/documents-00000-of-00001.parquet", _LEDGER) as ledger:
        for shard, start in enumerate(range(0, documents, SHARD_ROWS)):
            made = _rows(start, min(SHARD_ROWS, documents - start))
            table = edit(shard, made)
            path = folder / "data" / f"train-{shard:05d}.parquet"
            pq.write_table(
                table,
                path,
                compression="zstd",
                compression_level=3,
                use_dictionary=[name for name in _SCHEMA.names if name not in ("id", "text", "url", "content_hash")],
                use_content_defined_chunking=True,
                row_group_size=16_000,
            )
            files.append(_entry(folder, path, len(table), "train"))
            kept += len(table)
            ledger.write_table(_fates(made, set(table["id"].to_pylist()), start))
    files.append(_entry(folder, folder / "ledger/documents-00000-of-00001.parquet", documents, None))
    recipe = Recipe(dataset="bench", version="1.0.0", sources=[Source(name="press", path="*.jsonl")])
    total = Total(documents=kept, chars=0, words=0)
    none = ("quarantined", "encodings", "limits", "repaired", "masked", "removed_lines")
    manifest = Manifest.model_validate(
        {
            **dict.fromkeys(("dataset", "title", "description", "program", "license"), "bench"),
            "version": "1.0.0",
            "libraries": {},
            "recipe": recipe.model_dump(mode="json"),
            "recipe_digest": recipe.digest,
            "inputs": [],
            "columns": columns_of({}),
            "splits": {"train": SplitEntry(rows=kept, num_bytes=0, rows_digest="0" * 64)},
            "rows_digest": "0" * 64,
            "accounting": {
                **{name: {} for name in none},
                "read": documents,
                "kept": kept,
                "dropped": {"withdrawn": documents - kept},
                "removed_chars": 0,
            },
            "sources": {"press": total},
            "languages": {"vi": total},
            "files": sorted(files, key=lambda entry: entry.path),
        }
    ).signed()
    (folder / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    return folder


def _entry(folder: Path, path: Path, rows: int, split: str | None) -> FileEntry:
    sha256 = sha256_of(path)
    name, size = path.relative_to(folder).as_posix(), path.stat().st_size
    return FileEntry(path=name, sha256=sha256, bytes=size, rows=rows, rows_digest=split and sha256, split=split)


def _rows(start: int, count: int) -> pa.Table:
    """Documents of some 2,000 characters of made-up words, the same for the same numbers."""
    rng = np.random.default_rng(start)
    lengths = np.minimum(rng.lognormal(7.4, 0.6, count).astype(int), 20_000)
    starts = rng.integers(0, len(_WORDS) - 20_000, count)
    texts = [_WORDS[at : at + length] for at, length in zip(starts.tolist(), lengths.tolist(), strict=True)]
    ids = [f"{number:032x}" for number in _numbers(start, count)]
    signals = _SCHEMA.field("quality").type
    quality = pa.StructArray.from_arrays(
        [
            pa.array(lengths // 6)
            if pa.types.is_integer(field.type)
            else pa.array(rng.integers(0, 10_000, count) / 10_000)
            for field in signals
        ],
        fields=list(signals),
    )
    languages = pa.ListArray.from_arrays(
        pa.array(np.arange(count + 1), pa.int32()),
        pa.StructArray.from_arrays([pa.array(["vi"] * count), pa.array(np.ones(count))], names=["tag", "share"]),
    )
    same = {"source": "press", "language": "vi", "site": "a.example", "first_version": "1.0.0"}
    columns = {name: pa.array([value] * count) for name, value in same.items()}
    columns |= {name: pa.nulls(count, _SCHEMA.field(name).type) for name in ("author", "credit", "published")}
    columns |= {name: pa.array(ids) for name in ("id", "content_hash", "raw_hash")}
    columns |= {"text": pa.array(texts), "title": pa.array([text[:60] for text in texts])}
    columns |= {"url": pa.array([f"https://a.example/news/{one}" for one in ids])}
    columns |= {"language_score": pa.array(np.ones(count)), "languages": languages, "quality": quality}
    columns |= {"n_chars": pa.array(lengths), "n_words": pa.array(lengths // 6), "duplicates": pa.array([1] * count)}
    return pa.table([columns[name] for name in _SCHEMA.names], names=_SCHEMA.names).cast(_SCHEMA)


def _numbers(start: int, count: int) -> Iterator[int]:
    """Numbers of 128 bits that look random, the same for the same documents."""
    return (number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128 for number in range(start, start + count))


def _fates(made: pa.Table, kept: set[str], start: int) -> pa.Table:
    ids = made["id"].to_pylist()
    stays = [one in kept for one in ids]
    columns = {
        "source": ["press"] * len(ids),
        "path": ["pages.jsonl"] * len(ids),
        "position": np.arange(start, start + len(ids)),
        "id": ids,
        "status": ["kept" if stay else "dropped" for stay in stays],
        "reason": [None if stay else "withdrawn" for stay in stays],
    }
    return pa.table(columns, schema=_LEDGER)


def _compare(old: Path, new: Path, options: list[str]) -> tuple[float, float, float, dict[str, dict[str, float]]]:
    """Run the command: seconds by the clock and of processors, its peak size in MB, what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, peak, _, out = measured([sys.executable, "-m", "corpus", "diff", str(old), str(new), "--json", *options])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, busy, peak, json.loads(out)


def _words() -> str:
    rng = np.random.default_rng(7)
    letters = rng.choice(np.frombuffer(b"aaeeiiouhnntgcklmprsv", np.uint8), 12_000_000)
    letters[np.cumsum(rng.integers(2, 7, 2_000_000))] = ord(" ")
    return letters.tobytes().decode()


_WORDS = _words()


if __name__ == "__main__":
    main()
