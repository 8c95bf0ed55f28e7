"""Putting a release together: manifest, card and files appear at their final place by one rename, or not at all."""

from __future__ import annotations

import hashlib
import io
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpus._files import Lock, check_folder, make_folder, sync
from corpus._version import __version__
from corpus.clean.language import distribution_of
from corpus.errors import BuildError, DamagedFileError, UsageError
from corpus.recipe import Recipe
from corpus.release.card import CARD_NAME, write_card
from corpus.release.changelog import CHANGELOG_NAME, write_changelog
from corpus.release.croissant import CROISSANT_NAME, write_croissant
from corpus.release.manifest import (
    MANIFEST_NAME,
    Accounting,
    Changes,
    Contamination,
    FileEntry,
    InputEntry,
    Manifest,
    OtherInput,
    Parent,
    SplitEntry,
    Total,
    Withdrawn,
    columns_of,
    read_manifest,
)
from corpus.release.shards import ShardSummary, add_digests, sha256_of

LIBRARIES = ("chardet", "ftfy", "google-re2", "langdetect", "numpy", "pyarrow", "python-stdnum", "xxhash")
"""Libraries whose version can shape the text or the bytes of a release; a language detector comes with the recipe."""

_BYTES_ONLY = {"files", "libraries", "digest", "program"}
"""Fields of a manifest that may differ where another library wrote the same content."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A finished file in the cache."""

    path: Path
    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class RawFile:
    """A raw file that went into the release."""

    source: str
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Repo:
    """A dataset repo on the Hub, as it was read."""

    name: str
    commit: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a build has made, to be put together as a release."""

    recipe: Recipe
    version: str
    """Of the release; with `auto` in the recipe, what this turned out to be."""
    inputs: Sequence[RawFile]
    evaluation: Sequence[RawFile]
    """Files of the benchmarks, the name of which is their source."""
    repos: Mapping[str, Repo]
    """Repos that sources were read from, by source."""
    others: Sequence[OtherInput]
    shards: Mapping[str, Sequence[tuple[BuiltFile, ShardSummary]]]
    """Data files by split."""
    tables: Mapping[str, Sequence[BuiltFile]]
    """Other files by path without ending, such as `ledger/documents`."""
    accounting: Accounting
    sources: Mapping[str, Total]
    languages: Mapping[str, Total]
    contamination: Mapping[str, Contamination] | None
    parents: Sequence[Parent]
    own_card: str | None
    """Text of the user's `card.md`, if he has one."""
    withdrawn: Withdrawn | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A release that is not put together yet."""

    manifest: Manifest
    """Complete but for what was written for people: card, changelog, and the changes that they tell of."""
    built: Mapping[str, tuple[FileEntry, Path]]
    """Files that stages made, by their path in the release."""
    written: Mapping[str, bytes]
    own_card: str | None
    """Text of the user's `card.md`, if he has one."""

    @property
    def files(self) -> dict[str, Path]:
        """Where the files are that stages made, by their path in the release."""
        return {path: source for path, (_, source) in self.built.items()}


def check_target(recipe: Recipe, dist: Path) -> None:
    """See before the work begins that its release can be written.

    Raises:
        UsageError: the folder cannot be written, or this version was built from another recipe.
    """
    check_folder(dist, "the folder of releases")
    target = dist / recipe.dataset / f"{recipe.dataset}-{recipe.version}"
    if target.exists() and read_manifest(target).recipe_digest != recipe.digest:
        raise _other_content(target, "it was built from another recipe")


def draft(contents: Contents) -> Draft:
    """What a release will consist of.

    Raises:
        BuildError: the accounts do not add up.
    """
    _check_sums(contents)
    built = _placed(contents)
    written = {"ledger/inputs.parquet": _parquet_bytes(contents.inputs)}
    entries = [entry for entry, _ in built.values()]
    entries.append(_entry("ledger/inputs.parquet", written["ledger/inputs.parquet"], rows=len(contents.inputs)))
    return Draft(_manifest(contents, entries), built, written, contents.own_card)


def assemble(plan: Draft, changes: Changes | None, dist: Path) -> tuple[Path, bool]:
    """Write a release, or find that it is there already.

    Args:
        plan: What it consists of.
        changes: What is different from the version before, if there is one.
        dist: Folder of all releases; this one becomes `dist/<dataset>/<dataset>-<version>`.

    Returns:
        The folder of the release, and whether it is new.

    Raises:
        UsageError: a release of this version with other content exists.
        BuildError: the disk is full, or the cache is damaged.
    """
    manifest = plan.manifest.model_copy(update={"changes": changes})
    written = dict(plan.written)
    for path, content in _for_people(manifest, plan.own_card):
        written[path] = content.encode()
        entries = sorted([*manifest.files, _entry(path, written[path])], key=lambda entry: entry.path)
        manifest = manifest.model_copy(update={"files": entries})
    manifest = Manifest.model_validate_json(manifest.signed().to_json())
    written[MANIFEST_NAME] = manifest.to_json().encode()

    target = dist / manifest.dataset / manifest.name
    make_folder(target.parent, "the folder of releases")
    lock = Lock(target.parent / ".lock")
    try:
        lock.exclusive()
        for stale in target.parent.glob(".*.tmp"):
            shutil.rmtree(stale)
        if target.exists():
            _same_or_refuse(target, manifest)
            return target, False
        _write(target, plan.built, written)
        return target, True
    finally:
        lock.close()


def _for_people(manifest: Manifest, own_card: str | None) -> Iterator[tuple[str, str]]:
    """Pages that follow from the manifest."""
    yield CHANGELOG_NAME, write_changelog(manifest)
    yield CROISSANT_NAME, write_croissant(manifest, own_card)
    yield CARD_NAME, write_card(manifest, own_card)


def _check_sums(contents: Contents) -> None:
    """See that the files hold as many rows as the accounts say.

    Raises:
        BuildError: they don't.
    """
    accounting = contents.accounting
    accounting.check()
    wanted = {
        "data": accounting.kept,
        "ledger/documents": accounting.kept + sum(accounting.dropped.values()),
        "ledger/quarantined": sum(accounting.quarantined.values()),
        "audit/removed": sum(accounting.removed_lines.values()),
    }
    found = {stem: sum(file.rows for file in files) for stem, files in contents.tables.items()}
    found["data"] = sum(file.rows for shards in contents.shards.values() for file, _ in shards)
    for what, rows in found.items():
        if what in wanted and rows != wanted[what]:
            raise BuildError(
                f"the accounts do not add up: {what} has {rows:,} rows instead of {wanted[what]:,}; "
                "this is a defect or a damaged cache (`corpus cache --clear`)"
            )


def _write(target: Path, sources: Mapping[str, tuple[FileEntry, Path]], written: Mapping[str, bytes]) -> None:
    staging = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    path = ""
    try:
        for path in [*sources, *written]:
            copy = staging / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            if path in written:
                copy.write_bytes(written[path])
                continue
            entry, source = sources[path]
            shutil.copyfile(source, copy)
            if sha256_of(copy) != entry.sha256:
                raise DamagedFileError(f"{source}: damaged in the cache", source)
        sync(staging)
        staging.rename(target)
    except OSError as error:
        raise BuildError(
            f"{target / path}: cannot be written: {error.strerror or error}; nothing is left of it"
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _same_or_refuse(target: Path, manifest: Manifest) -> None:
    """Releases are immutable: the same version has to have the same content.

    One that differs only in bytes, because another library wrote the same rows, stays as it is.
    """
    there = read_manifest(target)
    if there.parents and not manifest.parents:
        before = f"{manifest.dataset}-{there.parents[0].version}"
        raise UsageError(
            f"{target}: this version exists and follows on {before}, which is not in {target.parent} any more; "
            "put it back there, or name it with --parent"
        )
    old, new = (m.model_dump(exclude=_BYTES_ONLY) for m in (there, manifest))
    changed = [name.replace("_", " ") for name in new if old[name] != new[name]]
    if changed:
        raise _other_content(target, f"{', '.join(changed)} differ")


def _other_content(target: Path, why: str) -> UsageError:
    return UsageError(
        f"{target}: this version exists with other content ({why}); a release never changes: "
        "raise 'version' in the recipe"
    )


def _placed(contents: Contents) -> dict[str, tuple[FileEntry, Path]]:
    """Every built file by its path in the release."""
    out = {}
    for split, shards in contents.shards.items():
        for number, (file, summary) in enumerate(shards):
            path = f"data/{split}-{number:05d}-of-{len(shards):05d}.parquet"
            entry = FileEntry(
                path=path,
                sha256=file.sha256,
                bytes=file.bytes,
                rows=file.rows,
                rows_digest=summary.rows_digest,
                split=split,
            )
            out[path] = (entry, file.path)
    for stem, files in contents.tables.items():
        for number, file in enumerate(files):
            path = f"{stem}-{number:05d}-of-{len(files):05d}.parquet"
            out[path] = (
                FileEntry(path=path, sha256=file.sha256, bytes=file.bytes, rows=file.rows),
                file.path,
            )
    return out


def _manifest(contents: Contents, entries: Sequence[FileEntry]) -> Manifest:
    recipe = contents.recipe
    splits = {
        split: SplitEntry(
            rows=sum(summary.rows for _, summary in shards),
            num_bytes=sum(summary.num_bytes for _, summary in shards),
            rows_digest=add_digests(summary.rows_digest for _, summary in shards),
        )
        for split, shards in contents.shards.items()
    }
    named = "\n".join(f"{name} {split.rows} {split.rows_digest}" for name, split in sorted(splits.items()))
    described = recipe.release.description or (
        f"Documents from {', '.join(source.name for source in recipe.sources)}, "
        "cleaned of boilerplate and deduplicated."
    )
    return Manifest(
        dataset=recipe.dataset,
        version=contents.version,
        license=recipe.license,
        title=recipe.release.title or recipe.dataset,
        description=described,
        program=f"corpus-press {__version__}",
        libraries={
            name: metadata.version(name) for name in sorted({*LIBRARIES, distribution_of(recipe.clean.detector)})
        },
        recipe=recipe.model_dump(mode="json"),
        recipe_digest=recipe.digest,
        inputs=_input_entries(contents.inputs, contents.repos),
        evaluation_inputs=_input_entries(contents.evaluation, {}),
        other_inputs=list(contents.others),
        columns=columns_of(dict(recipe.kept)),
        splits=splits,
        rows_digest=hashlib.sha256(named.encode()).hexdigest(),
        accounting=contents.accounting,
        contamination=None if contents.contamination is None else dict(contents.contamination),
        parents=list(contents.parents),
        withdrawn=contents.withdrawn,
        sources=dict(contents.sources),
        languages=dict(contents.languages),
        files=list(entries),
    )


def _input_entries(inputs: Sequence[RawFile], repos: Mapping[str, Repo]) -> list[InputEntry]:
    out = []
    for source in dict.fromkeys(file.source for file in inputs):
        files = [file for file in inputs if file.source == source]
        listing = "".join(f"{file.sha256}  {file.path}\n" for file in files)
        repo = repos.get(source)
        out.append(
            InputEntry(
                source=source,
                files=len(files),
                bytes=sum(file.bytes for file in files),
                sha256=hashlib.sha256(listing.encode()).hexdigest(),
                hub=repo.name if repo else None,
                commit=repo.commit if repo else None,
            )
        )
    return out


def _parquet_bytes(inputs: Sequence[RawFile]) -> bytes:
    columns = {
        "source": [file.source for file in inputs],
        "path": [file.path for file in inputs],
        "bytes": pa.array([file.bytes for file in inputs], pa.int64()),
        "sha256": [file.sha256 for file in inputs],
    }
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, compression="zstd")
    return sink.getvalue()


def _entry(path: str, content: bytes, rows: int | None = None) -> FileEntry:
    return FileEntry(path=path, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content), rows=rows)
