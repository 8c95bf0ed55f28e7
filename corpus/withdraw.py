"""Taking documents out of all later releases: what a request meets, and the lines of the list that say so."""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus._files import Lock, written
from corpus._tables import row_groups
from corpus.dedup.fingerprint import fingerprint_all, to_bytes
from corpus.document import document_id
from corpus.errors import ReleaseError, UsageError
from corpus.recipe import find_recipe, load_recipe
from corpus.release.listed import Listed
from corpus.release.loading import Release, all_releases
from corpus.release.withdrawals import (
    DOCUMENTS_A_LINE,
    LIST_NAME,
    WITHDRAWALS,
    Kind,
    Request,
    WithdrawnDocument,
    canonical_value,
    read_list,
    table_rows,
)

SHOWN_DOCUMENTS = 20
_SHOWN_MISTAKES = 20
_DIGITS = re.compile(r"[0-9a-fA-F]{32}")
_KINDS: dict[str, Kind] = {"id": "id", "site": "site", "hash": "hash"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to go."""

    kind: Kind
    value: str

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


@dataclass(slots=True)
class MetDocument:
    """A document that a request meets, in some releases."""

    id: str
    title: str | None
    versions: list[str]


@dataclass(slots=True)
class Outcome:
    """What a command came to."""

    path: Path
    """The list."""
    added: list[Wanted]
    standing: list[Wanted]
    """What the list had already; nothing is changed for it."""
    documents: int = 0
    """Different ids that are met."""
    shown: list[MetDocument] = field(default_factory=list)
    """The first of them."""
    versions: dict[str, int] = field(default_factory=dict)
    """Documents by version, where it has any."""

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "list": str(self.path),
            "added": [{"kind": each.kind, "value": each.value} for each in self.added],
            "standing": [{"kind": each.kind, "value": each.value} for each in self.standing],
            "documents": self.documents,
            "shown": [{"id": d.id, "title": d.title, "versions": d.versions} for d in self.shown],
            "versions": self.versions,
        }


def wanted_of(options: Iterable[tuple[Kind, str]], lists: Iterable[tuple[str, Iterable[str]]] = ()) -> list[Wanted]:
    """What the options and lists of a command name, each once, in their order.

    Args:
        options: Kind and value of each.
        lists: Names and lines of text files: an id, an address, `site:HOST` or `hash:CONTENT_HASH` a line; a line
            that begins with `#` is a comment.

    Raises:
        UsageError: a value cannot be understood, a line of words for each, or there is none at all.
    """
    found: dict[Wanted, None] = {}
    mistakes: list[str] = []
    for kind, value in options:
        try:
            found[Wanted(kind, canonical_value(kind, value))] = None
        except ValueError as error:
            mistakes.append(f"--{kind}: {error}")
    for name, lines in lists:
        for number, line in enumerate(lines, start=1):
            words = line.removeprefix("\ufeff").strip()
            if not words or words.startswith("#"):
                continue
            try:
                found[_wanted(words)] = None
            except ValueError as error:
                mistakes.append(f"{name}:{number}: {error}")
    if mistakes:
        left = len(mistakes) - _SHOWN_MISTAKES
        raise UsageError("\n".join([*mistakes[:_SHOWN_MISTAKES], *([f"{left:,} more like these"] if left > 0 else [])]))
    if not found:
        raise UsageError("nothing to withdraw: the list names nothing")
    return list(found)


def withdraw(
    recipe: Path,
    wanted: Sequence[Wanted],
    *,
    reason: str,
    by: str | None,
    dist: Path,
    today: date,
    dry_run: bool = False,
    allow_unknown: bool = False,
) -> Outcome:
    """Put requests on the list beside a recipe, all or none.

    Args:
        recipe: The recipe, or its folder.
        wanted: What is to go.
        reason: Why; later releases say so.
        by: Who asked; only the list says so.
        dist: Folder of all releases, in which the documents are looked up.
        today: Date of the requests.
        dry_run: Say what they meet, and write nothing.
        allow_unknown: Also take what no release has.

    Raises:
        UsageError: no release has what is named, or no reason is given.
        RecipeError: the recipe, or the list as it is, cannot be read.
        ReleaseError: a release cannot be read.
    """
    path = find_recipe(recipe)
    folder = dist / load_recipe(path).dataset
    target = path.parent / LIST_NAME
    if not reason.strip():
        raise UsageError("--reason is empty: say why, as later releases will")
    # The recipe is what all who write the list have in common, and it is there.
    with _alone(path):
        known = {Wanted(request.kind, request.value) for request in read_list(target)}
        new = [each for each in wanted if each not in known]
        outcome = Outcome(target, new, [each for each in wanted if each in known])
        if new:
            requests = [Request(date=today, reason=reason, by=by, kind=each.kind, value=each.value) for each in new]
            lines = _lines(requests, all_releases(folder), outcome)
            if dry_run:
                unknown = [line for line in lines if not line.documents]
                _check(unknown, allow_unknown, folder)
            else:
                _append(target, lines, allow_unknown, folder)
    return outcome


def _append(target: Path, lines: Iterable[Request], allow_unknown: bool, folder: Path) -> None:
    """Put lines behind those of a list, which changes at once or not at all."""
    unknown = []
    with written(target) as temporary, temporary.open("w+b") as out:
        if target.exists():
            with target.open("rb") as old:
                shutil.copyfileobj(old, out)
            _end_line(out)
        for line in lines:
            out.write(line.model_dump_json().encode() + b"\n")
            if not line.documents:
                unknown.append(line)
        _check(unknown, allow_unknown, folder)
        out.flush()
        os.fsync(out.fileno())


def _end_line(out: IO[bytes]) -> None:
    """A list that somebody wrote by hand may lack the end of its last line."""
    if out.tell():
        out.seek(-1, os.SEEK_END)
        if out.read(1) != b"\n":
            out.write(b"\n")


def _check(unknown: Sequence[Request], allow_unknown: bool, folder: Path) -> None:
    """See that every request meets something.

    Raises:
        UsageError: some don't.
    """
    if unknown and not allow_unknown:
        names = [f"{request.kind} {request.value}" for request in unknown]
        more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
        where = f"no release in {folder} has" if folder.is_dir() else f"there is no release in {folder}, so none has"
        raise UsageError(
            f"{where} {', '.join(names[:5])}{more}; nothing was written. "
            "--allow-unknown takes what is still to come, or stands in releases elsewhere"
        )


def _wanted(line: str) -> Wanted:
    """What a line of a text file names.

    Raises:
        ValueError: nothing that could be withdrawn.
    """
    before, colon, behind = line.partition(":")
    if colon and before in _KINDS:
        return Wanted(_KINDS[before], canonical_value(_KINDS[before], behind))
    if _DIGITS.fullmatch(line):
        return Wanted("id", canonical_value("id", line))
    if "://" not in line:
        raise ValueError(f"'{line}' is no id, no address, and neither site:HOST nor hash:CONTENT_HASH")
    return Wanted("url", canonical_value("url", line.removeprefix("url:")))


def _lines(requests: Sequence[Request], releases: Sequence[Release], outcome: Outcome) -> Iterator[Request]:
    """The lines that say what requests meet; one without documents for each that meets none."""
    waiting: defaultdict[int, list[WithdrawnDocument]] = defaultdict(list)
    full: Counter[int] = Counter()
    for number, document in _met(requests, releases, outcome):
        waiting[number].append(document)
        if len(waiting[number]) == DOCUMENTS_A_LINE:
            full[number] += 1
            yield requests[number].model_copy(update={"documents": waiting.pop(number)})
    for number, request in enumerate(requests):
        if waiting[number] or not full[number]:
            yield request.model_copy(update={"documents": waiting[number]})


def _met(
    requests: Sequence[Request], releases: Sequence[Release], outcome: Outcome
) -> Iterator[tuple[int, WithdrawnDocument]]:
    """The documents that each request meets, once where several versions have the same."""
    shown: dict[str, MetDocument] = {}
    ids: set[bytes] = set()
    seen: set[bytes] = set()
    for release in releases:
        version = release.manifest.version
        rows = [*table_rows(requests), *_stand_ins(requests, release)]
        listed = Listed([pa.Table.from_pylist(rows, schema=WITHDRAWALS)])
        for numbers, title, document in _rows(release, listed):
            outcome.versions[version] = outcome.versions.get(version, 0) + 1
            ids.add(bytes.fromhex(document.id))
            outcome.documents = len(ids)
            if document.id in shown:
                shown[document.id].versions.append(version)
            elif len(shown) < SHOWN_DOCUMENTS:
                shown[document.id] = MetDocument(document.id, title, [version])
                outcome.shown.append(shown[document.id])
            for number in numbers:
                key = number.to_bytes(4) + bytes.fromhex(document.id + document.content_hash)
                if key not in seen:
                    seen.add(key)
                    yield number, document


def _stand_ins(requests: Sequence[Request], release: Release) -> Iterator[dict[str, Any]]:
    """For requests for pages that a release left out as copies, rows that name the documents in their place."""
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    sources = [source["name"] for source in release.manifest.recipe["sources"]]
    for number, request in enumerate(requests):
        if request.kind == "id":
            wanted[request.value].append(number)
        elif request.kind == "url":
            for source in sources:
                wanted[document_id(source, request.value)].append(number)
    for entry in release.manifest.files:
        if wanted and entry.path.startswith("ledger/documents-"):
            ids = pa.array(wanted, pa.string())
            for group in _groups(release, entry.path, ["id", "cluster"]):
                found = group.filter(pc.and_(pc.is_in(group["id"], ids), pc.is_valid(group["cluster"])))
                for row in found.to_pylist():
                    for number in wanted[row["id"]]:
                        yield {"request": number, "kind": "id", "value": row["cluster"], "reason": ""}


def _rows(release: Release, listed: Listed) -> Iterator[tuple[list[int], str | None, WithdrawnDocument]]:
    """Documents of a release that are named, with the numbers of the requests and the title."""
    columns = list(dict.fromkeys(("id", "title", "content_hash", *listed.columns)))
    for entry in release.manifest.files:
        if not entry.split:
            continue
        with _readable(release, entry.path), pq.ParquetFile(release.path / entry.path) as file:
            for index in range(file.num_row_groups):
                group = file.read_row_group(index, columns=columns, use_threads=False)
                met = listed.meets(group)
                requests: defaultdict[int, list[int]] = defaultdict(list)
                for row, number in sorted(zip(met.row.tolist(), met.request.tolist(), strict=True)):
                    requests[row].append(number)
                if not requests:
                    continue
                rows = pa.array(list(requests), pa.int64())
                texts = file.read_row_group(index, columns=["text"], use_threads=False)["text"].take(rows)
                found = zip(requests.values(), group.take(rows).to_pylist(), _prints(texts.to_pylist()), strict=True)
                for numbers, row, print_ in found:
                    known = {"id": row["id"], "content_hash": row["content_hash"], "fingerprint": print_}
                    yield numbers, row["title"], WithdrawnDocument(**known)


def _groups(release: Release, path: str, columns: Sequence[str]) -> Iterator[pa.Table]:
    with _readable(release, path):
        yield from row_groups(release.path / path, columns)


@contextmanager
def _readable(release: Release, path: str) -> Iterator[None]:
    """Say which file of a release it is that cannot be read."""
    try:
        yield
    except (OSError, pa.ArrowException):
        raise ReleaseError(f"{release.path}: {path} cannot be read; `corpus verify` says more") from None


def _prints(texts: Sequence[str]) -> list[str | None]:
    """Fingerprints of texts as base64; None for short ones."""
    out: list[str | None] = [None] * len(texts)
    places, values = fingerprint_all(texts)
    for place, content in zip(places.tolist(), to_bytes(values), strict=True):
        out[place] = base64.b64encode(content).decode()
    return out


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until nobody else has the lock on a file, and keep it."""
    lock = Lock(path)
    try:
        lock.exclusive()
        yield
    finally:
        lock.close()
