"""A release in a dataset repo on the Hub: its files are downloaded into the cache of `huggingface_hub` as needed."""

from __future__ import annotations

import functools
import glob
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huggingface_hub import HfApi, RepoFile, errors, hf_hub_download, snapshot_download
from huggingface_hub.utils.tqdm import tqdm

from corpus.errors import ReleaseError, UsageError
from corpus.hub.plain import is_down, plain_errors, unreachable
from corpus.hub.tree import OF_THE_HUB, files_at
from corpus.release.card import CARD_NAME
from corpus.release.loading import Release, check_version
from corpus.release.manifest import MANIFEST_NAME, FileEntry, Manifest, read_manifest
from corpus.release.verify import Problem, check_files, verify

if TYPE_CHECKING:
    import pyarrow.compute as pc
    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

_log = logging.getLogger(__name__)


_BAR: Any = functools.partial(tqdm, disable=None)
"""A bar for people only: none where nobody looks at a terminal."""


@dataclass(frozen=True, slots=True)
class Published(Release):
    """A release in a repo, pinned to a commit; `path` is the folder that holds what was downloaded of it."""

    repo: str
    version: str | None
    """The version that was asked for, if any was."""
    commit: str
    online: bool
    """Whether the Hub answered; otherwise what was downloaded before has to do."""

    def fetch(self, entries: Iterable[FileEntry]) -> None:
        """Download files and check their bytes against the manifest.

        Raises:
            ReleaseError: one is missing or was altered, or the Hub does not answer.
        """
        entries = list(entries)
        self._download(entries)
        if problems := list(check_files(self.path, entries)):
            self._download_again(problems)
            for problem in check_files(self.path, entries):
                raise ReleaseError(f"{self}: {problem}")

    def verify(self, withdrawn: Path | None = None) -> list[Problem]:
        """All that is wrong with the release, for which all of it is downloaded."""
        self._download(self.manifest.files)
        found = self._files() if self.online else {path.path: path for path in self.manifest.files}
        paths = found.keys() - OF_THE_HUB
        problems = verify(self.path, withdrawn, found=paths)
        return verify(self.path, withdrawn, found=paths) if self._download_again(problems) else problems

    def load(
        self,
        split: str | None = None,
        *,
        streaming: bool = False,
        columns: Sequence[str] | None = None,
        filters: pc.Expression | None = None,
    ) -> DatasetDict | Dataset | IterableDatasetDict | IterableDataset:
        """Verify what is needed of the release and answer its rows; see `corpus.load`."""
        splits = self.splits_of(split)
        reading = self.reading(columns, filters)
        data = [entry for entries in splits.values() for entry in entries]
        card = [entry for entry in self.manifest.files if entry.path == CARD_NAME]
        # Named one by one: by the patterns of the card, a file that the manifest does not know would come along.
        files = {name: [entry.path for entry in entries] for name, entries in splits.items()}
        from_hub = streaming and self.online and not all((self.path / entry.path).exists() for entry in data)
        self.fetch([*card, *(self._unproven(data) if from_hub else data)])
        import datasets

        where, revision = (self.repo, self.commit) if from_hub else (str(self.path), None)
        with plain_errors(str(self)):
            return datasets.load_dataset(
                where, revision=revision, data_files=files, split=split, streaming=streaming, **reading
            )

    @property
    def python_line(self) -> str:
        """The line of Python that loads the release."""
        revision = f"v{self.version}" if self.version else self.commit
        return f"dataset = datasets.load_dataset({json.dumps(self.repo)}, revision={json.dumps(revision)})"

    def __str__(self) -> str:
        return _named(self.repo, self.version)

    def _download(self, entries: Sequence[FileEntry]) -> None:
        patterns = [glob.escape(entry.path) for entry in entries]
        with plain_errors(str(self)):
            snapshot_download(
                self.repo,
                repo_type="dataset",
                revision=self.commit,
                allow_patterns=patterns,
                local_files_only=not self.online,
                tqdm_class=_BAR,
            )
        if not self.online and not all((self.path / entry.path).exists() for entry in entries):
            raise unreachable(str(self))

    def _download_again(self, problems: Iterable[Problem]) -> bool:
        """Replace files of the cache that may have been damaged here; whether there were any."""
        paths = {entry.path for entry in self.manifest.files}
        damaged = [p.path for p in problems if p.path in paths and (self.path / p.path).exists()]
        if not self.online:
            return False
        for path in damaged:
            with plain_errors(str(self)):
                hf_hub_download(self.repo, path, repo_type="dataset", revision=self.commit, force_download=True)
        return bool(damaged)

    def _files(self) -> dict[str, RepoFile]:
        """All files of the repo at this commit, with what the Hub knows of them."""
        with plain_errors(str(self)):
            return files_at(self.repo, self.commit)

    def _unproven(self, entries: Iterable[FileEntry]) -> list[FileEntry]:
        """The files whose SHA-256 the Hub does not know, as it does of all that are in LFS.

        Raises:
            ReleaseError: what the Hub says of a file is not what the manifest says.
        """
        files = self._files()
        out = []
        for entry in entries:
            if entry.path not in files:
                raise ReleaseError(f"{self}: {entry.path}: missing")
            lfs = files[entry.path].lfs
            if lfs is None:
                out.append(entry)
            elif (lfs.size, lfs.sha256) != (entry.bytes, entry.sha256):
                raise ReleaseError(
                    f"{self}: {Problem(entry.path, 'was altered: its SHA-256 is not that of the manifest')}"
                )
        return out


def open_published(repo: str, version: str | None = None) -> Published:
    """The release at the tag of a version, or at the head of a repo.

    Args:
        repo: Dataset repo, `org/name`.
        version: Version whose tag, `v<version>`, is asked for.

    Raises:
        UsageError: there is no such repo or version, or it may not be read.
        ReleaseError: the repo holds no release or another version, the tag was moved since the version was
            downloaded or since the next version was built on it, or the Hub does not answer.
    """
    where = _named(repo, version)
    revision = f"v{version}" if version else "main"
    api = HfApi()
    with plain_errors(where):
        known = _known(api, repo, revision)
        try:
            commit, online = str(api.repo_info(repo, repo_type="dataset", revision=revision).sha), True
        except errors.RevisionNotFoundError:
            raise _no_version(api, repo, version) from None
        except Exception as error:
            if not known or not is_down(error):
                raise
            commit, online = known, False
        path, manifest = manifest_at(where, repo, commit, online=online)
    _check_paths(where, manifest)
    check_version(where, manifest, version)
    if version and online:
        if known not in (None, commit):
            _check_unchanged(where, manifest, path.parent / str(known))
        _check_succession(where, api, repo, commit, manifest)
    if online and known != commit:
        with plain_errors(where):
            api.resolve_revision(repo, repo_type="dataset", revision=revision)  # remembers it for times without the Hub
    if not online and not version:
        _log.warning(f"{where}: the Hub cannot be reached; {manifest.version} was its head when last asked")
    return Published(path, manifest, repo=repo, version=version, commit=commit, online=online)


def _named(repo: str, version: str | None) -> str:
    return f"{repo}@{version}" if version else repo


def _known(api: HfApi, repo: str, revision: str) -> str | None:
    """The commit of a tag or branch when it was last asked for from this machine."""
    try:
        return api.resolve_revision(repo, repo_type="dataset", revision=revision, local_files_only=True).resolved
    except errors.RevisionResolutionError:
        return None


def manifest_at(where: str, repo: str, commit: str, *, online: bool = True) -> tuple[Path, Manifest]:
    """The folder of a commit in the cache, and the manifest in it.

    Raises:
        ReleaseError: there is none, or it was altered.
    """
    try:
        file = hf_hub_download(repo, MANIFEST_NAME, repo_type="dataset", revision=commit, local_files_only=not online)
    except errors.RemoteEntryNotFoundError:
        raise ReleaseError(f"{where}: not a release: the repo holds no {MANIFEST_NAME}") from None
    path = Path(file).parent
    try:
        return path, read_manifest(path)
    except ReleaseError as error:
        raise ReleaseError(f"{where}: {str(error).removeprefix(f'{file}: ')}") from None


def _check_paths(where: str, manifest: Manifest) -> None:
    """See that a manifest from elsewhere names files below the release only, and no patterns."""
    for path in (entry.path for entry in manifest.files):
        if ".." in Path(path).parts or Path(path).is_absolute() or set(path) & set("*?[]{}\\"):
            raise ReleaseError(f"{where}: its manifest names a file that no release has: {path}")


def _no_version(api: HfApi, repo: str, version: str | None) -> UsageError:
    tags = api.list_repo_refs(repo, repo_type="dataset").tags
    versions = ", ".join(tag.name.removeprefix("v") for tag in tags if tag.name.startswith("v")) or "none"
    return UsageError(f"{repo}: no version {version} in the repo; it has {versions}")


def _check_unchanged(where: str, manifest: Manifest, before: Path) -> None:
    """See that a moved tag names the same content as when it was used last."""
    try:
        digest = read_manifest(before).digest
    except ReleaseError:
        return
    if digest != manifest.digest:
        raise ReleaseError(
            f"{where}: its tag was moved to other content since it was downloaded here (before: {before.name}); "
            f"a version never changes, so ask its publisher"
        )


def _check_succession(where: str, api: HfApi, repo: str, commit: str, manifest: Manifest) -> None:
    """See that the head of the repo, where it is a later version, was built on this very content."""
    with plain_errors(where):
        head = str(api.repo_info(repo, repo_type="dataset").sha)
        if head == commit:
            return
        try:
            later = manifest_at(where, repo, head)[1]
        except ReleaseError:
            return
    for parent in later.parents:
        if parent.version == manifest.version and parent.digest != manifest.digest:
            raise ReleaseError(f"{where}: its tag was moved: version {later.version} follows on other content of it")
