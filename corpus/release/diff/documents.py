"""The rows of two releases, joined by id: which documents came, went and changed, and why.

Rows come into a database on the disk as numbers: the id, and a 64-bit hash of each column. Texts are read once and
never held, and files that both sides have are not read at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from corpus._files import written
from corpus.errors import UsageError
from corpus.release.database import quoted, table_of
from corpus.release.diff import reasons
from corpus.release.diff.columns import common_columns, hash_of
from corpus.release.diff.report import Counted
from corpus.release.diff.sides import FATES, WITHDRAWN_IDS, Side, different_data
from corpus.release.manifest import FileEntry
from corpus.release.reasons import WITHDRAWN

FORMATS = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".jsonl": "FORMAT json"}
"""How a list of differences is written, by the ending of its file."""

_LABELS = ("url", "title", "source")

Connection = duckdb.DuckDBPyConnection


def check_list(path: Path) -> None:
    """See that a list of differences can be written under this name.

    Raises:
        UsageError: its ending names no format, or its folder is not there.
    """
    if path.suffix not in FORMATS:
        raise UsageError(f"{path}: the name of a list of documents ends in {' or '.join(FORMATS)}")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.absolute().parent}")


def join(connection: Connection, old: Side, new: Side) -> None:
    """Find the documents that differ; makes the table `differences`.

    A row for each: `id`, `what` (added, removed or changed), `reason`, `old_split`, `new_split`, and `columns`, those
    in which a changed one differs.
    """
    compared = [column for column in common_columns(old.manifest, new.manifest) if column.name != "id"]
    hashes = [f"{hash_of(column)} AS c{number}" for number, column in enumerate(compared)]
    for table, side, entries in zip(("old", "new"), (old, new), different_data(old, new), strict=True):
        _take_in(connection, table, side, entries, hashes)
    _pair(connection)
    _explain(connection, "added", sought=new, absent=old)
    _explain(connection, "removed", sought=old, absent=new)
    _compare(connection, [column.name for column in compared])


def counts(connection: Connection, what: str) -> tuple[Counted, ...]:
    """Documents that were added, removed or changed, by reason, the most frequent one first."""
    rows = connection.execute(
        "SELECT reason, count(*) FROM differences WHERE what = $what GROUP BY 1 ORDER BY 2 DESC, 1", {"what": what}
    ).fetchall()
    return tuple(Counted(reason, reasons.stage_of(reason), documents) for reason, documents in rows)


def changed_columns(connection: Connection) -> dict[str, int]:
    """Documents that differ in a column, by column, the most frequent one first."""
    return dict(
        connection.execute(
            "SELECT name, count(*) FROM (SELECT unnest(columns) AS name FROM differences) GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
    )


def write_list(connection: Connection, old: Side, new: Side, path: Path) -> None:
    """Write a row for each document that differs, by what became of it and id; see `FORMATS`."""
    labels = []
    for side, entries, which in zip((old, new), different_data(old, new), ("=", "<>"), strict=True):
        if entries:
            labels.append(
                f"SELECT CAST(id AS UUID) AS id, {', '.join(_LABELS)} FROM {_files(side, entries)} "
                f"WHERE CAST(id AS UUID) IN (SELECT id FROM differences WHERE what {which} 'removed')"
            )
    none = f"SELECT NULL::UUID AS id, {', '.join(f'NULL::VARCHAR AS {label}' for label in _LABELS)} WHERE false"
    known = [reason for (reason,) in connection.execute("SELECT DISTINCT reason FROM differences").fetchall()]
    stages = "".join(f" WHEN {quoted(reason)} THEN {quoted(reasons.stage_of(reason))}" for reason in known)
    with written(path) as temporary:
        connection.execute(f"""
            COPY (
                SELECT what, reason, CASE reason{stages or " WHEN '' THEN ''"} END AS stage,
                    replace(CAST(id AS VARCHAR), '-', '') AS id, {", ".join(_LABELS)}, old_split, new_split, columns
                FROM differences LEFT JOIN ({" UNION ALL ".join(labels) or none}) AS labels USING (id)
                ORDER BY what, differences.id
            ) TO {quoted(temporary)} ({FORMATS[path.suffix]})
        """)


def _take_in(
    connection: Connection, table: str, side: Side, entries: Iterable[FileEntry], hashes: Iterable[str]
) -> None:
    """Make the table of one side: a row of numbers for each document in these files."""
    by_split: dict[str, list[FileEntry]] = {}
    for entry in entries:
        by_split.setdefault(entry.split or "", []).append(entry)
    names = [alias.rpartition(" ")[2] for alias in hashes]
    declared = ", ".join(f"{name} UBIGINT" for name in ("digest", *names))
    connection.execute(f"CREATE TABLE {table} (id UUID, split VARCHAR, {declared})")
    for split, files in by_split.items():
        connection.execute(f"""
            INSERT INTO {table}
            SELECT id, {quoted(split)}, hash({", ".join(names)}), {", ".join(names)}
            FROM (SELECT CAST(id AS UUID) AS id, {", ".join(hashes)} FROM {_files(side, files)})
        """)


def _pair(connection: Connection) -> None:
    """Make the table `pairs`: ids that one side lacks or that differ, found by one number for each row."""
    connection.execute("""
        CREATE TABLE pairs AS
        SELECT coalesce(old.id, new.id) AS id, old.split AS old_split, new.split AS new_split,
            CASE WHEN old.id IS NULL THEN 'added' WHEN new.id IS NULL THEN 'removed' ELSE 'changed' END AS what
        FROM (SELECT id, split, digest FROM old) AS old FULL JOIN (SELECT id, split, digest FROM new) AS new
            ON old.id = new.id
        WHERE old.id IS NULL OR new.id IS NULL OR old.digest <> new.digest OR old.split <> new.split
    """)


def _explain(connection: Connection, what: str, *, sought: Side, absent: Side) -> None:
    """Make a table named like `what`: ids of documents that only `sought` has, and what the other's ledger says.

    A record that could not be read has no id, so it is known by its place.
    """
    order = ", ".join(map(quoted, reasons.LEDGER_ORDER[:-1]))
    last = quoted(reasons.LEDGER_ORDER[-1])
    connection.execute(f"CREATE TABLE {what} AS SELECT id, NULL::VARCHAR AS reason FROM pairs WHERE what = '{what}'")
    if not _any(connection, what, "TRUE"):
        return
    ledger, own, withdrawn = absent.paths(FATES), sought.paths(FATES), absent.paths(WITHDRAWN_IDS)
    if withdrawn:
        # Those whose raw records have gone too; the ledger knows nothing of them.
        connection.execute(f"""
            UPDATE {what} SET reason = '{WITHDRAWN}'
            WHERE id IN (SELECT CAST(id AS UUID) FROM {table_of(withdrawn)} WHERE id IS NOT NULL)
        """)
    if ledger:
        connection.execute(f"""
            UPDATE {what} SET reason = fates.reason FROM (
                SELECT CAST(id AS UUID) AS id, min(struct_pack(
                    place := coalesce(list_position([{order}], reason), CASE reason WHEN {last} THEN 99 ELSE 98 END),
                    reason := reason)).reason AS reason
                FROM {table_of(ledger)}
                WHERE status = 'dropped' AND CAST(id AS UUID) IN (SELECT id FROM {what}) GROUP BY 1
            ) AS fates WHERE {what}.id = fates.id
        """)
    if ledger and own and _any(connection, what, "reason IS NULL"):
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE unread AS
            SELECT source, path, position FROM {table_of(ledger)} WHERE status = 'quarantined'
        """)
        connection.execute(f"""
            UPDATE {what} SET reason = '{reasons.QUARANTINED}' WHERE reason IS NULL AND id IN (
                SELECT CAST(id AS UUID) FROM {table_of(own)} WHERE status = 'kept' AND (
                    (source, path, position) IN (SELECT (source, path, position) FROM unread WHERE position IS NOT NULL)
                    OR (source, path) IN (SELECT (source, path) FROM unread WHERE position IS NULL)
                )
            )
        """)


def _any(connection: Connection, table: str, condition: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1").fetchone() is not None


def _compare(connection: Connection, names: list[str]) -> None:
    """Make the table `differences` from what is known of documents added and removed, and the columns of the others."""
    cases = ", ".join(f"CASE WHEN old.c{n} <> new.c{n} THEN {quoted(name)} END" for n, name in enumerate(names))
    connection.execute(f"""
        CREATE TABLE differences AS
        SELECT id, what, coalesce('{reasons.WAS}' || added.reason, '{reasons.NEW_IN_SOURCES}') AS reason,
            old_split, new_split, NULL::VARCHAR[] AS columns FROM pairs JOIN added USING (id)
        UNION ALL
        SELECT id, what, coalesce(removed.reason, '{reasons.NOT_IN_SOURCES}'), old_split, new_split, NULL
        FROM pairs JOIN removed USING (id)
        UNION ALL
        SELECT id, what, CASE
                WHEN list_contains(columns, 'raw_hash') THEN '{reasons.CHANGED_IN_SOURCE}'
                WHEN len(columns) > 0 AND columns <> ['duplicates'] THEN '{reasons.CLEANED_OTHERWISE}'
                WHEN old_split <> new_split THEN '{reasons.SPLIT}'
                ELSE '{reasons.DUPLICATES}' END, old_split, new_split, columns
        FROM (
            SELECT id, what, old_split, new_split, [name FOR name IN [{cases}] IF name IS NOT NULL] AS columns
            FROM pairs JOIN old USING (id) JOIN new USING (id) WHERE what = 'changed'
        )
    """)


def _files(side: Side, entries: Iterable[FileEntry]) -> str:
    return table_of([str(side.files[entry.path]) for entry in entries])
