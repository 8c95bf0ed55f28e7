"""A release as an object: where it is, what it holds, and its rows as a `datasets` dataset."""

from __future__ import annotations

import glob
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.errors import ReleaseError
from corpus.release.manifest import MANIFEST_NAME, FileEntry, Manifest, read_manifest, schema_of
from corpus.release.verify import Problem, check_bytes, verify
from corpus.release.versions import in_order, is_version, numbers

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict


@dataclass(frozen=True, slots=True)
class Release:
    """A release whose files are in a folder; `corpus.hub` knows those whose files have to be fetched first."""

    path: Path
    manifest: Manifest

    @classmethod
    def open(cls, path: str | Path) -> Release:
        """The release in a folder, unverified but for its manifest.

        Raises:
            ReleaseError: the folder holds no release, or its manifest was altered.
        """
        path = Path(path)
        if not path.is_dir():
            raise ReleaseError(f"{path}: no such release")
        return cls(path, read_manifest(path))

    def fetch(self, entries: Iterable[FileEntry]) -> None:
        """See that files of the release are below `path` before they are read. In a folder they are."""

    def verify(self, withdrawn: Path | None = None) -> list[Problem]:
        """All that is wrong with the release, also by a list of withdrawn documents; nothing where it is sound."""
        return verify(self.path, withdrawn)

    def load(
        self,
        split: str | None = None,
        *,
        streaming: bool = False,
        columns: Sequence[str] | None = None,
        filters: pc.Expression | None = None,
    ) -> DatasetDict | Dataset | IterableDatasetDict | IterableDataset:
        """Verify the bytes of the release and answer its rows; see `corpus.load`."""
        self.splits_of(split)
        reading = self.reading(columns, filters)
        check_bytes(self.path)
        import datasets

        return datasets.load_dataset(str(self.path), split=split, streaming=streaming, **reading)

    def reading(self, columns: Sequence[str] | None, filters: pc.Expression | None) -> dict[str, Any]:
        """What `datasets.load_dataset` is told so that it reads no more columns and rows than these.

        Raises:
            ReleaseError: the release has no such column, or the filter does not fit its columns.
        """
        names = [column.name for column in self.manifest.columns]
        out: dict[str, Any] = {}
        if columns is not None:
            if unknown := [column for column in columns if column not in names]:
                raise ReleaseError(f"{self}: no column '{unknown[0]}'; it has {', '.join(names)}")
            out["columns"] = [name for name in names if name in columns]
        if filters is not None:
            try:
                schema_of(self.manifest.columns).empty_table().filter(filters)
            except (pa.ArrowException, ValueError, TypeError) as error:
                said = str(error).partition(" in id: ")[0]
                raise ReleaseError(f"{self}: the filter does not fit its columns: {said}") from None
            # `datasets` would count the rows and miss those that were filtered; the bytes are proven by the manifest.
            out |= {"filters": filters, "verification_mode": "no_checks"}
        return out

    def splits_of(self, split: str | None) -> dict[str, list[FileEntry]]:
        """The data files of one split, or of all.

        Raises:
            ReleaseError: there is no such split.
        """
        names = self.manifest.splits
        if split is not None and split not in names:
            raise ReleaseError(f"{self}: no split '{split}'; it has {', '.join(names)}")
        chosen = names if split is None else [split]
        return {name: [entry for entry in self.manifest.files if entry.split == name] for name in chosen}

    def head(self, rows: int) -> list[dict[str, Any]]:
        """The first rows of the first split.

        Raises:
            ReleaseError: the file that holds them is missing or damaged.
        """
        first = self.splits_of(next(iter(self.manifest.splits))).popitem()[1][0]
        self.fetch([first])
        try:
            with pq.ParquetFile(self.path / first.path) as file:
                out: list[dict[str, Any]] = next(file.iter_batches(rows)).to_pylist()
        except (OSError, pa.ArrowException):
            raise ReleaseError(f"{self}: {first.path} cannot be read; `corpus verify` says more") from None
        return out

    @property
    def python_line(self) -> str:
        """The line of Python that loads the release."""
        return f"dataset = datasets.load_dataset({json.dumps(str(self.path), ensure_ascii=False)})"

    def __str__(self) -> str:
        return str(self.path)


def find_release(path: Path, version: str | None = None) -> Release:
    """The release in a folder, or one of the releases of a dataset in the folder of all of them.

    Args:
        path: Folder of a release, or `dist/<dataset>`.
        version: The version that it has to be; of all of them the highest where left out.

    Raises:
        ReleaseError: the folder holds no release or not this one, or its manifest was altered.
    """
    found = {} if (path / MANIFEST_NAME).exists() else _versions(path)
    if not found:
        release = Release.open(path)
    else:
        if version is not None and version not in found:
            raise ReleaseError(f"{path}: no version {version}; it has {', '.join(found)}")
        folder = found[version or list(found)[-1]]
        release = Release.open(folder)
        if release.manifest.name != folder.name:
            raise ReleaseError(f"{folder}: holds {release.manifest.name}, which is not what its name says")
    check_version(str(path), release.manifest, version)
    return release


def check_version(where: str, manifest: Manifest, version: str | None) -> None:
    """See that a manifest is that of the version which was asked for, if any was.

    Raises:
        ReleaseError: it is that of another.
    """
    if version is not None and manifest.version != version:
        raise ReleaseError(f"{where}: holds version {manifest.version} and not {version}")


def find_parent(folder: Path, version: str | None) -> Release | None:
    """The release of a dataset that comes before a version, if any.

    Args:
        folder: Folder of the dataset's releases.
        version: A semantic version; the release with the highest one below it is the parent. Without, that with the
            highest of all.

    Raises:
        ReleaseError: its manifest was altered.
    """
    earlier = _versions(folder)
    before = [name for name in earlier if version is None or numbers(name) < numbers(version)]
    return Release.open(earlier[before[-1]]) if before else None


def all_releases(folder: Path) -> list[Release]:
    """The releases of a dataset, the lowest version first.

    Args:
        folder: Folder of the dataset's releases; it need not be there.

    Raises:
        ReleaseError: a manifest was altered.
    """
    return [Release.open(path) for path in _versions(folder).values()]


def _versions(folder: Path) -> dict[str, Path]:
    """The releases of a dataset in the folder of all of them, by version, the oldest first."""
    name = folder.resolve().name
    found = (path.name.removeprefix(f"{name}-") for path in folder.glob(f"{glob.escape(name)}-*"))
    return {version: folder / f"{name}-{version}" for version in in_order(filter(is_version, found))}
