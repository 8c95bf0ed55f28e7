"""A release as an object: where it is, what it holds, and its rows as a `datasets` dataset."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.errors import ReleaseError
from corpus.release.manifest import Manifest, read_manifest
from corpus.release.verify import Problem, verified, verify

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Release:
    """A release on disk."""

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

    def verify(self, withdrawn: Path | None = None) -> list[Problem]:
        """All that is wrong with the release, also by a list of withdrawn documents; nothing where it is sound."""
        return verify(self.path, withdrawn)

    def load(self, split: str | None = None, *, streaming: bool = False) -> Any:
        """The rows; see `corpus.load`."""
        return load(self.path, split=split, streaming=streaming)

    def head(self, rows: int) -> list[dict[str, Any]]:
        """The first rows of the first split.

        Raises:
            ReleaseError: the file that holds them is missing or damaged.
        """
        split = next(iter(self.manifest.splits))
        first = next(entry for entry in self.manifest.files if entry.split == split)
        try:
            with pq.ParquetFile(self.path / first.path) as file:
                out: list[dict[str, Any]] = next(file.iter_batches(rows)).to_pylist()
        except (OSError, pa.ArrowException):
            raise ReleaseError(f"{self.path}: {first.path} cannot be read; `corpus verify` says more") from None
        return out

    @property
    def python_line(self) -> str:
        """The line of Python that loads the release."""
        return f'dataset = datasets.load_dataset("{self.path}")'


def find_parent(folder: Path, version: str) -> Release | None:
    """The release of a dataset that comes before a version, if any.

    Args:
        folder: Folder of the dataset's releases.
        version: A semantic version; the release with the highest one below it is the parent.

    Raises:
        ReleaseError: its manifest was altered.
    """
    earlier = {
        _numbers(path.name.rpartition("-")[2]): path
        for path in folder.glob(f"{folder.name}-*")
        if _VERSION.fullmatch(path.name.removeprefix(f"{folder.name}-"))
    }
    before = [numbers for numbers in earlier if numbers < _numbers(version)]
    return Release.open(earlier[max(before)]) if before else None


def all_releases(folder: Path) -> list[Release]:
    """The releases of a dataset, the lowest version first.

    Args:
        folder: Folder of the dataset's releases; it need not be there.

    Raises:
        ReleaseError: a manifest was altered.
    """
    paths = [
        path
        for path in folder.glob(f"{folder.name}-*")
        if _VERSION.fullmatch(path.name.removeprefix(f"{folder.name}-"))
    ]
    return [Release.open(path) for path in sorted(paths, key=lambda path: _numbers(path.name.rpartition("-")[2]))]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def load(
    path: str | Path, *, split: str | None = None, streaming: bool = False
) -> DatasetDict | Dataset | IterableDatasetDict | IterableDataset:
    """Verify a release and load it.

    Args:
        path: Folder of the release.
        split: Name of one split; all of them where left out.
        streaming: Read rows while they are used, instead of preparing them first.

    Returns:
        What `datasets.load_dataset` returns: a dataset for a split, a dictionary of them otherwise.

    Raises:
        ReleaseError: the release is damaged or has no such split.
    """
    path = Path(path)
    if not path.is_dir():
        raise ReleaseError(f"{path}: no such release")
    manifest = verified(path)
    if split is not None and split not in manifest.splits:
        raise ReleaseError(f"{path}: no split '{split}'; it has {', '.join(manifest.splits)}")
    import datasets

    return datasets.load_dataset(str(path), split=split, streaming=streaming)
