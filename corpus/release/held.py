"""What a release holds that may not be in it: documents that a table of withdrawals names, and near-copies of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus._tables import RowWriter
from corpus.dedup.fingerprint import FINGERPRINT_BYTES, UNKNOWN, fingerprint_all
from corpus.release.listed import Listed, near_copies, read_reasons
from corpus.release.withdrawals import WITHDRAWALS, Kind, read_list, table_rows

_ROWS_AT_ONCE = 1000
_KINDS: tuple[Kind, ...] = ("url", "site", "id", "hash")
"""What tells most comes first: a request knows its documents by all of these."""
_HOW = (
    "its address is withdrawn",
    "its site is withdrawn",
    "its id is withdrawn",
    "its text is withdrawn",
    "it is a near-copy of what is withdrawn",
)


@dataclass(frozen=True, slots=True)
class Held:
    """A document that may not be there."""

    path: str
    """File of the release."""
    id: str
    how: str
    reason: str
    """What the request says."""

    def __str__(self) -> str:
        return f"document {self.id}: {self.how} ({self.reason})"


def find_held(release: Path, files: Sequence[str], tables: Sequence[Path]) -> Iterator[Held]:
    """The documents of a release that a table of withdrawals takes out.

    Args:
        release: Folder of the release.
        files: Its data files, which have to be sound.
        tables: The files of the table.
    """
    listed, reasons = Listed.read(tables), read_reasons(tables)
    columns = list(dict.fromkeys(("id", "text", *listed.columns)))
    for path in files:
        with pq.ParquetFile(release / path) as file:
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=columns, use_threads=False):
                rows = pa.Table.from_batches([batch])
                ids = rows["id"].to_pylist()
                for row, (request, how) in sorted(_held(rows, listed, tables).items()):
                    yield Held(path, ids[row], _HOW[how], reasons[request])


def write_table(path: Path, list_: Path) -> None:
    """Write the table of a list.

    Raises:
        RecipeError: the list cannot be read.
    """
    with RowWriter(path, WITHDRAWALS) as table:
        for row in table_rows(read_list(list_)):
            table.add(row, FINGERPRINT_BYTES)


def _held(rows: pa.Table, listed: Listed, tables: Sequence[Path]) -> dict[int, tuple[int, int]]:
    """Request, and how it is met, for each row that is not to be there."""
    met = listed.meets(rows)
    found: dict[int, tuple[int, int]] = {}
    for row, request, kind in zip(met.row.tolist(), met.request.tolist(), met.kind, strict=True):
        found[row] = min(found.get(row, (UNKNOWN, 0)), (request, _KINDS.index(kind)))
    others = np.setdiff1d(np.arange(len(rows)), met.row)
    places, values = fingerprint_all(rows["text"].take(others).to_pylist())
    near = near_copies(values, np.full(len(places), UNKNOWN), tables)
    for row, request in zip(others[places].tolist(), near.tolist(), strict=True):
        if request != UNKNOWN:
            found[row] = (request, len(_KINDS))
    return found
