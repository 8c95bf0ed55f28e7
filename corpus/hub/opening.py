"""From what a user writes to a release: a folder, the folder of all versions, or a repo on the Hub."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import UsageError
from corpus.release.database import MEMORY
from corpus.release.diff import Diff
from corpus.release.diff import diff as compare
from corpus.release.loading import Release, check_version, find_release
from corpus.release.versions import is_version

if TYPE_CHECKING:
    import pyarrow.compute as pc
    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

REPO = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", flags=re.ASCII)


def open_release(spec: str | Path, version: str | None = None) -> Release:
    """Find a release and read its manifest; nothing else of it is verified or downloaded yet.

    Args:
        spec: Folder of a release; folder of all releases of a dataset, `dist/<dataset>`; or a dataset repo on the
            Hub, `org/name`. `@1.2.0` behind either asks for that version. What exists as a path is no repo.
        version: The version that it has to be. Without one it is the highest in a folder, or the head of the repo.

    Returns:
        The release. `fetch` brings those of its files that are not below its `path` yet.

    Raises:
        UsageError: there is nothing of this name, or no way to get at it.
        ReleaseError: there is, but it is no release, or not the version that was asked for, or its manifest was
            altered.
    """
    name, version = _split(spec, version)
    if name and Path(name).exists():
        return find_release(Path(name), version)
    if isinstance(spec, str) and REPO.fullmatch(name):
        from corpus.hub.published import open_published

        return open_published(name, version)
    raise UsageError(
        f"{name or repr(name)}: no such release: neither a folder, nor a repo on the Hub, such as org/name@1.2.0"
    )


def load(
    release: str | Path | Release,
    *,
    version: str | None = None,
    split: str | None = None,
    streaming: bool = False,
    columns: Sequence[str] | None = None,
    filters: pc.Expression | None = None,
) -> DatasetDict | Dataset | IterableDatasetDict | IterableDataset:
    """Verify a release and load it.

    In a folder every file is compared with its SHA-256 in the manifest. Of a repo on the Hub the card and the data
    files of the splits that were asked for are: their bytes when they are downloaded, and what the Hub says of size
    and SHA-256 when they are streamed.

    Args:
        release: Folder of a release; folder of all releases of a dataset, `dist/<dataset>`; a dataset repo on the
            Hub, `org/name` or `org/name@1.2.0`; or a `Release`.
        version: The version that it has to be. Without one it is the highest in a folder, or the head of the repo.
        split: Name of one split; all of them where left out.
        streaming: Read rows while they are used, instead of preparing them first.
        columns: Names of the columns to read, in any order; the others are not taken out of the files. All of them
            where left out.
        filters: Condition that rows have to meet, such as `pyarrow.compute.field("quality", "words") >= 50`. Neither
            what it looks at nor the rows that fail it become Python objects.

    Returns:
        What `datasets.load_dataset` returns: a dataset for a split, a dictionary of them otherwise.

    Raises:
        UsageError: there is nothing of this name, or no way to get at it.
        ReleaseError: the release is damaged, is not the version that was asked for, or has no such split or
            column, or `filters` does not fit its columns.
    """
    if isinstance(release, Release):
        check_version(str(release), release.manifest, version)
    else:
        release = open_release(release, version)
    return release.load(split, streaming=streaming, columns=columns, filters=filters)


def diff(
    old: str | Path | Release,
    new: str | Path | Release,
    *,
    documents: str | Path | None = None,
    uploads: bool = True,
    memory: int = MEMORY,
    folder: str | Path | None = None,
) -> Diff:
    """Compare two releases: documents by id, recipes, columns, text on the whole, bytes.

    Args:
        old: The earlier release, or its name as `load` takes it: a folder, or a repo on the Hub.
        new: The later one. Their datasets may have different names.
        documents: File to write a row to for each document that came, went or changed, with its reason and stage; its
            name ends in `.parquet` or `.jsonl`.
        uploads: Measure how many bytes of the new release a storage of content-defined chunks lacks that has the old.
        memory: Bytes that the join of the rows may take; beyond, it uses the disk.
        folder: Where temporary files are; the system's folder for them by default. They take about 200 bytes a
            document of the files that are not the same.

    Raises:
        ReleaseError: a side is no release, or a file of it is missing, damaged or altered.
        UsageError: there is no such release, or `documents` cannot be written.
        BuildError: memory or disk was not enough.
    """
    before, after = (side if isinstance(side, Release) else open_release(side) for side in (old, new))
    return compare(before, after, documents=documents, uploads=uploads, memory=memory, folder=folder)


def _split(spec: str | Path, version: str | None) -> tuple[str, str | None]:
    """The name and the version that a user asks for."""
    name = str(spec)
    if "@" in name and not Path(name).exists():
        name, _, asked = name.rpartition("@")
        if version not in (None, asked):
            raise UsageError(f"{spec}: asks for another version than {version}")
        version = asked
    if version is not None and not is_version(version):
        raise UsageError(f"{spec}: '{version}' is not a version such as 1.2.0")
    return name, version
