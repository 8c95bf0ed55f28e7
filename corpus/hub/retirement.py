"""What it takes to take versions back from a repo, found out before anything is changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from huggingface_hub import GitCommitInfo, HfApi, constants
from huggingface_hub.hf_api import LFSFileInfo

from corpus._words import counted, sized
from corpus.errors import UsageError
from corpus.hub.opening import REPO
from corpus.hub.published import manifest_at
from corpus.hub.retrying import retrying
from corpus.hub.state import MAIN
from corpus.hub.tree import files_at
from corpus.release.versions import in_order, is_version

HOLDER = "corpus-retire-"
"""Begins the names of branches that hold a tag's commit while the tag moves."""

Tree = dict[str, tuple[str, str | None]]
"""What a commit holds, by path: git's digest of the file, or of the pointer in its place, and the SHA-256 of a large
file."""


@dataclass(frozen=True, slots=True)
class Refs:
    """All names in a repo, each with its commit."""

    branches: Mapping[str, str]
    tags: Mapping[str, str]
    holders: Mapping[str, str]
    """Of an interrupted run, by the tag that moves."""
    others: Mapping[str, str]
    """Pull requests and what the Hub itself makes, which cannot be taken away from outside."""

    @property
    def named(self) -> dict[str, str]:
        """The tags, those too that an interrupted run has yet to set again."""
        return {**self.holders, **self.tags}


@dataclass(frozen=True, slots=True)
class Retirement:
    """What has to be done until versions are taken back."""

    repo: str
    head: str
    """Version that `main` holds."""
    erase_history: bool
    versions: tuple[str, ...]
    gone: tuple[str, ...]
    """Those of them whose tags are gone already."""
    tags: Mapping[str, str]
    """Tags that go, with their commits."""
    branches: Mapping[str, str]
    """Branches that go, because they end at one of these commits."""
    stay: Mapping[str, str]
    """Tags that stay."""
    squash: tuple[str, ...]
    """Branches and tags that stay and have a history, which is to be erased."""
    unfinished: tuple[str, ...]
    """Tags that an interrupted run was about to move."""
    reaching: tuple[str, ...]
    """Branches and pull requests from which the commits that go can be reached."""
    large: tuple[LFSFileInfo, ...]
    """Large files that nothing which stays has."""

    @property
    def bytes(self) -> int:
        """Of these files."""
        return sum(file.size for file in self.large)

    @property
    def is_done(self) -> bool:
        """Whether all of it was done before."""
        return not (
            self.tags or self.branches or self.unfinished or (self.erase_history and (self.squash or self.large))
        )

    @property
    def lines(self) -> list[str]:
        """What a person should know before saying yes."""
        out = [f"{constants.ENDPOINT}/datasets/{self.repo}, whose main holds {self.head}"]
        for kind, going in (("tag", self.tags), ("branch", self.branches)):
            if going:
                named = ", ".join(f"{name} ({commit[:8]})" for name, commit in going.items())
                out.append(f"  to delete  {kind if len(going) == 1 else _PLURALS[kind]} {named}")
        if self.gone:
            out.append(f"  gone       {', '.join(f'v{version}' for version in self.gone)}")
        if self.stay:
            out.append(f"  to stay    {', '.join(self.stay)}")
        files = f"{counted(len(self.large), 'large file')}, {sized(self.bytes)}"
        if self.unfinished:
            out.append(f"  to finish  {', '.join(self.unfinished)}, which an interrupted run was about to move")
        if self.is_done:
            out.append("  nothing is left to do")
        elif self.erase_history:
            if self.squash:
                out.append(f"  to squash  {', '.join(self.squash)}: to one commit each, of the same files")
            if self.large:
                out.append(f"  to erase   {files}, for good: nothing that stays has them")
            if requests := [name for name in self.reaching if name.startswith("refs/")]:
                out.append(f"  history    still leads to them from {', '.join(requests)}, without these files")
        else:
            if self.reaching:
                out.append(f"  history    still leads to them from {', '.join(self.reaching)}")
            if self.large:
                out.append(f"  to stay    {files}, that only they have; --erase-history removes these and the history")
        return out

    def to_dict(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "repo": self.repo,
            "versions": list(self.versions),
            "delete_tags": dict(self.tags),
            "delete_branches": dict(self.branches),
            "keep_tags": dict(self.stay),
            "erase_history": self.erase_history,
            "large_files": [file.filename for file in self.large],
            "large_bytes": self.bytes,
            "limits": self.limits,
        }

    @property
    def limits(self) -> list[str]:
        """What taking back cannot do."""
        return list(_LIMITS)


_PLURALS = {"tag": "tags", "branch": "branches"}
_LIMITS = (
    "who has downloaded a version keeps it, as do forks, mirrors and caches; tell those who are known to have it",
    "commits can be read by their 40 digits until the Hub collects what no name leads to; its support can do that",
    "pull requests keep their commits (refs/pr/...); they can be deleted on the page of each, and nowhere else",
    "the Hub makes refs/convert/parquet, its viewer and its search anew from main, after a while",
)


def plan_retirement(repo: str, versions: Iterable[str], *, erase_history: bool = False) -> Retirement:
    """Look at a repo, and find out what has to go and what stays.

    Args:
        repo: Dataset repo on the Hub, `org/name`.
        versions: Such as `1.0.0` or `v1.0.0`.
        erase_history: Remove the commits and files behind them too, with the history of all that stays.

    Raises:
        UsageError: the repo's name is no name of one, the Hub refuses who asks, or a version was never there or is
            the one that `main` holds.
        ReleaseError: `main` holds no release, or the Hub does not work.
    """
    if not REPO.fullmatch(repo):
        raise UsageError(f"{repo}: no name of a repo on the Hub; it has to be like org/name")
    asked = _checked(versions)
    refs = read_refs(repo)
    head = refs.branches[MAIN]
    manifest = retrying(repo, lambda: manifest_at(repo, repo, head)[1])
    history = commits_of(repo, head)
    known = {parent.version for parent in manifest.parents}
    commits: set[str] = set()
    for version in asked:
        tag = refs.named.get(f"v{version}")
        if version == manifest.version or tag == head:
            raise UsageError(
                f"{repo}: {version} is what main holds, so it cannot be retired; publish a release without it first"
            )
        if tag is None and version not in known:
            raise UsageError(f"{repo}: no version {version} in the repo; it has {_versions(refs)}")
        titled = [commit.commit_id for commit in history[1:] if commit.title == f"{manifest.dataset} {version}"]
        commits |= {tag} if tag else set(titled)
    tags = {name: commit for name, commit in refs.named.items() if commit in commits}
    branches = {name: commit for name, commit in refs.branches.items() if commit in commits}
    stay = {name: commit for name, commit in refs.named.items() if name not in tags}
    return Retirement(
        repo,
        manifest.version,
        erase_history,
        versions=tuple(asked),
        gone=tuple(version for version in asked if f"v{version}" not in tags),
        tags=tags,
        branches=branches,
        stay=stay,
        squash=tuple(_with_history(repo, refs, branches, stay, history)) if erase_history else (),
        unfinished=tuple(refs.holders),
        reaching=tuple(_reaching(repo, refs, branches, commits, history)),
        large=large_files_to_erase(repo, refs, commits, large_at(repo, commits)),
    )


def read_refs(repo: str) -> Refs:
    """The names in a repo, as they are now."""
    found = retrying(repo, lambda: HfApi().list_repo_refs(repo, repo_type="dataset", include_pull_requests=True))
    branches = {ref.name: ref.target_commit for ref in found.branches}
    return Refs(
        {name: commit for name, commit in branches.items() if not name.startswith(HOLDER)},
        {ref.name: ref.target_commit for ref in found.tags},
        {name.removeprefix(HOLDER): commit for name, commit in branches.items() if name.startswith(HOLDER)},
        {ref.ref: ref.target_commit for ref in (*found.converts, *(found.pull_requests or ()))},
    )


def commits_of(repo: str, revision: str) -> Sequence[GitCommitInfo]:
    """A commit and all before it, the newest first."""
    return retrying(repo, lambda: list(HfApi().list_repo_commits(repo, repo_type="dataset", revision=revision)))


def tree_at(repo: str, commit: str) -> Tree:
    """What a commit holds."""
    found = retrying(repo, partial(files_at, repo, commit))
    return {path: (file.blob_id, file.lfs.sha256 if file.lfs else None) for path, file in found.items()}


def large_files_to_erase(
    repo: str, refs: Refs, commits: Collection[str], going: Collection[str]
) -> tuple[LFSFileInfo, ...]:
    """Large files of a repo that nothing which stays has.

    What only pull requests have stays, as it may be a proposal; unless it is of the commits that go.

    Args:
        repo: Dataset repo.
        refs: Its names.
        commits: They go, though names lead to them.
        going: SHA-256 of the large files that they have.
    """
    kept = large_at(repo, {one for one in (*refs.branches.values(), *refs.named.values()) if one not in commits})
    proposed = large_at(repo, set(refs.others.values())).difference(going)
    listed = retrying(repo, lambda: list(HfApi().list_lfs_files(repo, repo_type="dataset")))
    # By either of its names, as it would not come back.
    return tuple(file for file in listed if {file.oid, file.file_oid}.isdisjoint(kept | proposed))


def large_at(repo: str, commits: Collection[str]) -> set[str]:
    """SHA-256 of all large files of some commits."""
    trees = [tree_at(repo, commit) for commit in sorted(commits)]
    return {sha256 for tree in trees for _, sha256 in tree.values() if sha256}


def _checked(versions: Iterable[str]) -> list[str]:
    asked = [version.removeprefix("v") for version in versions]
    for version in asked:
        if not is_version(version):
            raise UsageError(f"'{version}' is not a version such as v1.2.0")
    if not asked:
        raise UsageError("no version was named that is to be retired")
    return in_order(set(asked))


def _versions(refs: Refs) -> str:
    found = [name[1:] for name in refs.named if name.startswith("v") and is_version(name[1:])]
    return ", ".join(in_order(found)) or "none"


def _with_history(
    repo: str, refs: Refs, going: Collection[str], stay: Mapping[str, str], history: Sequence[GitCommitInfo]
) -> Iterator[str]:
    """Branches and tags that stay and have more than one commit."""
    branches = [(name, commit) for name, commit in refs.branches.items() if name not in going]
    for name, commit in (*branches, *stay.items()):
        if len(history if commit == refs.branches[MAIN] else commits_of(repo, commit)) > 1:
            yield name


def _reaching(
    repo: str,
    refs: Refs,
    going: Collection[str],
    commits: Collection[str],
    history: Sequence[GitCommitInfo],
) -> Iterator[str]:
    """Names that stay from which commits that go can be reached."""
    for name, commit in {**refs.branches, **refs.others}.items():
        if name not in going:
            listed = history if name == MAIN else commits_of(repo, commit)
            if any(one.commit_id in commits for one in listed):
                yield name
