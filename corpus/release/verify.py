"""Verification: every file, count, schema and card of a release against its manifest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from corpus._words import counted
from corpus.errors import BuildError, ReleaseError
from corpus.release.card import CARD_NAME, card_data, features_of, features_of_schema, read_card_data
from corpus.release.croissant import CROISSANT_NAME, fields_of, files_of, write_croissant
from corpus.release.database import database
from corpus.release.held import find_held, write_table
from corpus.release.hub_rules import check_card
from corpus.release.listed import read_reasons
from corpus.release.manifest import MANIFEST_NAME, FileEntry, Manifest, read_manifest, schema_of
from corpus.release.reasons import WITHDRAWN
from corpus.release.shards import add_digests, rows_digest, sha256_of
from corpus.release.withdrawals import WITHDRAWALS

SHOWN_DOCUMENTS = 100
"""So many documents that may not be there are named at most."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a release."""

    path: str
    """File of the release, or `manifest.json` where the whole is concerned."""
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def verify(release: Path, withdrawn: Path | None = None, *, found: Iterable[str] | None = None) -> list[Problem]:
    """Check a release against its manifest.

    Args:
        release: Folder of the release.
        withdrawn: A list of withdrawn documents, such as the one beside the recipe, that it is held against too.
        found: Paths of all files where the release was published; those below the folder where left out.

    Returns:
        All problems that were found, in the order of the files; nothing where the release is sound.

    Raises:
        ReleaseError: the folder is no release, or its manifest cannot be trusted.
        RecipeError: the list cannot be read.
    """
    manifest = read_manifest(release)
    problems = list(check_files(release, manifest.files))
    problems += _foreign(manifest, _below(release) if found is None else found)
    problems += _unreadable(release, manifest, {problem.path for problem in problems})
    broken = {problem.path for problem in problems}
    problems += _rows(release, manifest, broken)
    problems += _card(release, manifest, broken)
    problems += _croissant(release, manifest)
    problems += _accounts(release, manifest, broken)
    problems += _withdrawn(release, manifest, broken)
    if withdrawn:
        with TemporaryDirectory() as folder:
            table = Path(folder) / "withdrawn.parquet"
            write_table(table, withdrawn)
            problems += _held(release, manifest, broken, [table], f"{withdrawn.name} takes")
    return problems


def check_bytes(release: Path) -> None:
    """See that all files are those of the manifest and the card is about them, at the speed of the disk.

    Rows, accounts and withdrawals follow from the bytes; whether they agree is what `verify` finds out.

    Raises:
        ReleaseError: something is wrong; the message names the first problem.
    """
    manifest = read_manifest(release)
    problems = [*check_files(release, manifest.files), *_foreign(manifest, _below(release))]
    problems += _card(release, manifest, {problem.path for problem in problems})
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ReleaseError(f"{release}: {problems[0]}{more}")


def check_files(release: Path, entries: Iterable[FileEntry]) -> Iterator[Problem]:
    """Files of a release that are missing or whose bytes are not those of the manifest."""
    for entry in entries:
        path = release / entry.path
        try:
            if path.stat().st_size != entry.bytes:
                yield Problem(entry.path, f"{path.stat().st_size} bytes instead of {entry.bytes}")
            elif sha256_of(path) != entry.sha256:
                yield Problem(entry.path, "its bytes were altered: the SHA-256 is not the manifest's")
        except FileNotFoundError:
            yield Problem(entry.path, "missing")
        except OSError as error:
            yield Problem(entry.path, f"cannot be read: {error.strerror}")


def _below(release: Path) -> Iterator[str]:
    return (path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file())


def _foreign(manifest: Manifest, found: Iterable[str]) -> Iterator[Problem]:
    """Files that the manifest does not know."""
    known = {entry.path for entry in manifest.files} | {MANIFEST_NAME}
    for path in sorted(set(found) - known):
        yield Problem(path, "not part of the release")


def _unreadable(release: Path, manifest: Manifest, broken: set[str]) -> Iterator[Problem]:
    """Files with the right hash that are no Parquet all the same."""
    for entry in manifest.files:
        if entry.path.endswith(".parquet") and entry.path not in broken:
            try:
                pq.read_metadata(release / entry.path)
            except (OSError, pa.ArrowException):
                yield Problem(entry.path, "not a Parquet file")


def _rows(release: Path, manifest: Manifest, broken: set[str]) -> Iterator[Problem]:
    """Schema, counts and row digests of the data files, and unique ids."""
    schema = schema_of(manifest.columns)
    data = [entry for entry in manifest.files if entry.split]
    for entry in data:
        if entry.path not in broken:
            yield from _shard(release / entry.path, entry, schema)
    for name, split in manifest.splits.items():
        entries = [entry for entry in data if entry.split == name]
        rows = sum(entry.rows or 0 for entry in entries)
        if rows != split.rows:
            yield Problem(MANIFEST_NAME, f"split {name} has {split.rows} rows, its files {rows}")
        if add_digests(entry.rows_digest or "0" for entry in entries) != split.rows_digest:
            yield Problem(MANIFEST_NAME, f"split {name}: the row digests of its files do not add up")
    sound = [str(release / entry.path) for entry in data if entry.path not in broken]
    if sound:
        with database(work="the check") as connection:
            repeated = connection.execute(
                "SELECT id FROM read_parquet($files) GROUP BY id HAVING count(*) > 1 ORDER BY id LIMIT 1",
                {"files": sound},
            ).fetchone()
        if repeated:
            yield Problem(MANIFEST_NAME, f"id {repeated[0]} occurs more than once")


def _shard(path: Path, entry: FileEntry, schema: pa.Schema) -> Iterator[Problem]:
    with pq.ParquetFile(path) as file:
        if file.schema_arrow.remove_metadata() != schema:
            yield Problem(entry.path, "its columns are not those of the manifest")
            return
        if file.metadata.num_rows != entry.rows:
            yield Problem(entry.path, f"{file.metadata.num_rows} rows instead of {entry.rows}")
        if rows_digest(pa.Table.from_batches([b]) for b in file.iter_batches(1000)) != entry.rows_digest:
            yield Problem(entry.path, "its rows are not those of the manifest")


def _card(release: Path, manifest: Manifest, broken: set[str]) -> Iterator[Problem]:
    """The card's YAML block against the rules of the Hub and, as far as it follows from them, manifest and files."""
    try:
        found = read_card_data((release / CARD_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        yield Problem(CARD_NAME, str(error))
        return
    for what in check_card(found):
        yield Problem(CARD_NAME, what)
    expected = card_data(manifest)
    if features_of(found) != features_of(expected):
        yield Problem(CARD_NAME, "its features are not the columns of the data")
    data = [entry.path for entry in manifest.files if entry.split and entry.path not in broken]
    for path in data[:1]:
        if features_of(found) != features_of_schema(pq.read_schema(release / path)):
            yield Problem(CARD_NAME, f"its features are not the schema of {path}")
    info = found.get("dataset_info")
    splits = info.get("splits") if isinstance(info, dict) else None
    if splits != expected["dataset_info"]["splits"]:
        yield Problem(CARD_NAME, "its splits are not those of the data")
    if found.get("configs") != expected["configs"]:
        yield Problem(CARD_NAME, "its data files are not those of the release")
    for field in ("license", "size_categories"):
        if found.get(field) != expected[field]:
            yield Problem(CARD_NAME, f"its {field.replace('_', ' ')} is not {_shown(expected[field])}")


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _croissant(release: Path, manifest: Manifest) -> Iterator[Problem]:
    """The files and fields that the Croissant document names, whichever version of the program wrote it."""
    if not any(entry.path == CROISSANT_NAME for entry in manifest.files):
        return
    try:
        found = json.loads((release / CROISSANT_NAME).read_text(encoding="utf-8"))
        expected = json.loads(write_croissant(manifest))
        if files_of(found) != files_of(expected):
            yield Problem(CROISSANT_NAME, "its files or their SHA-256 are not those of the release")
        if fields_of(found) != fields_of(expected):
            yield Problem(CROISSANT_NAME, "its fields are not the columns of the data")
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        yield Problem(CROISSANT_NAME, f"cannot be used: {error}")


def _accounts(release: Path, manifest: Manifest, broken: set[str]) -> Iterator[Problem]:
    """The ledger and the audit against the sums in the manifest."""
    accounting = manifest.accounting
    try:
        accounting.check()
    except BuildError as error:
        yield Problem(MANIFEST_NAME, str(error))
    if sum(split.rows for split in manifest.splits.values()) != accounting.kept:
        yield Problem(MANIFEST_NAME, f"{accounting.kept} documents are accounted as kept, but the splits differ")
    fates = _counts(release, manifest, "ledger/[dq]*", "status, coalesce(reason, '')", broken)
    if fates is not None and fates != _fates(manifest):
        yield Problem("ledger/", "it does not agree with the accounts in the manifest")
    rules = _counts(release, manifest, "audit/*", "rule, ''", broken)
    if rules is not None and rules != {(rule, ""): n for rule, n in accounting.removed_lines.items()}:
        yield Problem("audit/", "it does not agree with the accounts in the manifest")


def _withdrawn(release: Path, manifest: Manifest, broken: set[str]) -> Iterator[Problem]:
    """That nothing is inside that was withdrawn when the release was made."""
    entries = [entry.path for entry in manifest.files if fnmatch(entry.path, "ledger/withdrawn-*")]
    dropped = manifest.accounting.dropped.get(WITHDRAWN, 0)
    documents = sum(manifest.withdrawn.documents.values()) if manifest.withdrawn else 0
    requests = manifest.withdrawn.requests if manifest.withdrawn else 0
    if documents != dropped or bool(entries) != bool(requests):
        yield Problem(MANIFEST_NAME, "what it says of withdrawn documents does not agree with the ledger")
    if not entries or broken & set(entries):
        return
    tables = [release / path for path in entries]
    for path, table in zip(entries, tables, strict=True):
        if pq.read_schema(table).remove_metadata() != WITHDRAWALS:
            yield Problem(path, "its columns are not those of withdrawals")
            return
    if len(read_reasons(tables)) != requests:
        yield Problem("ledger/", f"the manifest has {requests:,} requests, the ledger {len(read_reasons(tables)):,}")
    yield from _held(release, manifest, broken, tables, "requests take")
    yield from _told(release, manifest, broken)


def _held(release: Path, manifest: Manifest, broken: set[str], tables: Sequence[Path], who: str) -> Iterator[Problem]:
    """Documents that a table takes out: how many, and the first of them."""
    files = [entry.path for entry in manifest.files if entry.split and entry.path not in broken]
    shown: list[Problem] = []
    total = 0
    for held in find_held(release, files, tables):
        total += 1
        if total <= SHOWN_DOCUMENTS:
            shown.append(Problem(held.path, str(held)))
    if total:
        more = f"; the first {SHOWN_DOCUMENTS} follow" if total > SHOWN_DOCUMENTS else ""
        yield Problem("data/", f"it holds {counted(total, 'document')} that {who} out{more}")
        yield from shown


def _told(release: Path, manifest: Manifest, broken: set[str]) -> Iterator[Problem]:
    """Lines of withdrawn documents in the audit."""
    names = [
        entry.path for entry in manifest.files if fnmatch(entry.path, "ledger/d*") or fnmatch(entry.path, "audit/*")
    ]
    audit, ledger = ([str(release / n) for n in names if n.startswith(room)] for room in ("audit/", "ledger/"))
    if not audit or not ledger or broken & set(names):
        return
    with database(work="the check") as connection:
        found = connection.execute(
            "SELECT count(*) FROM read_parquet($audit) SEMI JOIN (FROM read_parquet($ledger) WHERE reason = $reason) "
            "USING (source, path, position)",
            {"audit": audit, "ledger": ledger, "reason": WITHDRAWN},
        ).fetchone()
    if found and found[0]:
        yield Problem("audit/", f"it holds {counted(found[0], 'line')} of withdrawn documents")


def _fates(manifest: Manifest) -> dict[tuple[str, str], int]:
    """Entries that the ledger must have, by status and reason."""
    accounting = manifest.accounting
    fates = {("kept", ""): accounting.kept}
    fates |= {("dropped", reason): n for reason, n in accounting.dropped.items()}
    fates |= {("quarantined", reason): n for reason, n in accounting.quarantined.items()}
    return {fate: n for fate, n in fates.items() if n}


def _counts(
    release: Path, manifest: Manifest, pattern: str, by: str, broken: set[str]
) -> dict[tuple[str, str], int] | None:
    """Rows by two columns in all files of a table; None where one is damaged or there are none."""
    entries = [entry.path for entry in manifest.files if fnmatch(entry.path, pattern)]
    if not entries or broken & set(entries):
        return None
    counts: Counter[tuple[str, str]] = Counter()
    with database(work="the check") as connection:
        files = [str(release / path) for path in entries]
        rows = connection.execute(
            f"SELECT {by}, count(*) FROM read_parquet($files) GROUP BY ALL", {"files": files}
        ).fetchall()
    for first, second, n in rows:
        counts[first, second] += n
    return dict(counts)
