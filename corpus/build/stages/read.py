"""`read`: raw files of one part -> raw records in `part-*.parquet`, and `rejected.parquet`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from corpus._tables import RowWriter
from corpus.build.schemas import LEDGER, raw_schema
from corpus.build.task import Context, Json, Task
from corpus.read import (
    DEFAULT_PART_BYTES,
    GIT_BLOB,
    Part,
    Record,
    Rejected,
    RemoteFiles,
    Root,
    check_unchanged,
    read_part,
)


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Read one part.

    Counts `records`, those by `encodings`, `rejected` by reason, and values `filled` by column; and holds the `sha256`
    of files that had none before.
    """
    part = Part.from_dict(task.params["part"])
    remote = context.remotes.get(part.source)
    root: Root = context.root if remote is None else RemoteFiles(remote)
    schema = raw_schema(task.params["kept"])
    rejected: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    encodings: Counter[str] = Counter()
    records = 0
    with RowWriter(out / "rejected.parquet", LEDGER) as quarantine:

        def accepted() -> Iterator[Record]:
            for item in read_part(part, root):
                if isinstance(item, Rejected):
                    rejected[item.reason] += 1
                    entry = {"source": part.source, "status": "quarantined", **asdict(item)}
                    quarantine.add(entry, len(item.detail))
                else:
                    yield item

        stream = accepted()
        for number, first in enumerate(stream):
            with RowWriter(out / f"part-{number:05d}.parquet", schema) as writer:
                size = 0
                record: Record | None = first
                while record is not None:
                    row = {"source": part.source, "path": record.path, "position": record.position}
                    row |= {"raw_hash": record.raw_hash, "text": record.text, **record.fields, **record.kept}
                    writer.add(row, len(record.text))
                    encodings[record.encoding] += 1
                    filled.update(name for name, value in {**record.fields, **record.kept}.items() if value is not None)
                    size += len(record.text)
                    record = next(stream, None) if size < DEFAULT_PART_BYTES else None
            records += writer.rows
    check_unchanged(part, root, rejected)
    return {
        "source": part.source,
        "records": records,
        "rejected": dict(sorted(rejected.items())),
        "filled": dict(sorted(filled.items())),
        "encodings": dict(sorted(encodings.items())),
        "sha256": {piece.path: root.sha256[piece.path] for piece in part.slices if piece.digest.startswith(GIT_BLOB)}
        if isinstance(root, RemoteFiles)
        else {},
    }
