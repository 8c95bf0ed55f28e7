"""What a publication would do to a repo, found out before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import islice

from huggingface_hub import HfApi, RepoFile, constants, errors

from corpus._words import counted
from corpus.errors import ReleaseError, UsageError
from corpus.hub.plain import LOG_IN
from corpus.hub.published import manifest_at
from corpus.hub.retrying import retrying
from corpus.hub.served import Served, still_served
from corpus.hub.tree import compare, entries_of, files_at
from corpus.release.diff.sides import Side
from corpus.release.diff.uploads import uploads
from corpus.release.loading import Release
from corpus.release.manifest import MANIFEST_NAME, FileEntry, Manifest
from corpus.release.versions import numbers

REPO = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", flags=re.ASCII)
MAIN = "main"
_BEGUN = frozenset({".gitattributes", "README.md", ".gitignore", "LICENSE"})
"""What a repo may hold that somebody has begun by hand and that nothing was published to yet."""
_SEARCHED_COMMITS = 1000
_MOST_FILES, _MOST_IN_FOLDER = 100_000, 10_000
"""Of a repo and of one folder, above which the Hub says that it gets slow."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a release is to be published."""

    private: bool = False
    """A repo that does not exist yet becomes one that only its owners see."""
    branch: str = MAIN
    create_pr: bool = False
    """Propose the release in a pull request, instead of putting it on the branch."""
    replace: bool = False
    """Also take out files that belong to no release."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do until a repo holds a release."""

    release: Release
    repo: str
    options: Options
    user: str | None
    """Who is logged in; nobody has to be who only looks."""
    is_new: bool
    """There is no such repo yet."""
    branch_is_new: bool
    head: str | None
    """Commit of the branch, or of `main` where the branch is new."""
    commit: str | None
    """Commit that holds the release already, if there is one."""
    is_tagged: bool
    send: tuple[FileEntry, ...]
    there: tuple[FileEntry, ...]
    """Files that the branch has already."""
    remove: tuple[str, ...]
    new_bytes: int | None
    """Of what is sent, what the Hub does not have in other files; None where that cannot be told before."""
    served: tuple[Served, ...] = ()
    """Versions in the repo that may still hold documents which this one, or one before it, took out on request."""
    warnings: tuple[str, ...] = ()

    @property
    def tag(self) -> str:
        """Name of the version's tag."""
        return f"v{self.release.manifest.version}"

    @property
    def url(self) -> str:
        """Address of the repo, or of the branch in it."""
        where = f"{constants.ENDPOINT}/datasets/{self.repo}"
        return where if self.options.branch == MAIN else f"{where}/tree/{self.options.branch}"

    @property
    def bytes(self) -> int:
        """Of all files that are sent."""
        return sum(entry.bytes for entry in self.send)


def title_of(manifest: Manifest) -> str:
    """The first line of the commit of a release, by which it is found again."""
    return f"{manifest.dataset} {manifest.version}"


def plan_publication(release: Release, repo: str, options: Options, *, dry_run: bool = False) -> Plan:
    """Look at a repo, and find out what has to be done there.

    Args:
        release: In a folder.
        repo: Dataset repo on the Hub, `org/name`.
        options: How to publish.
        dry_run: Nothing will follow, so nobody has to be logged in.

    Raises:
        UsageError: the repo's name is no name of one, the Hub does not know who asks or refuses it, or what the repo
            holds does not go with the release.
        ReleaseError: the Hub cannot be reached or does not work.
    """
    if not REPO.fullmatch(repo):
        raise UsageError(f"{repo}: no name of a repo on the Hub; it has to be like org/name")
    api = HfApi()
    user = _user(api, repo, options, dry_run)
    info = retrying(repo, lambda: _repo_info(api, repo))
    if info is None:
        return _into_new(api, release, repo, options, user)
    if options.private and not info:
        raise UsageError(f"{repo}: is public; --private is for a repo that does not exist yet")
    refs = retrying(repo, lambda: api.list_repo_refs(repo, repo_type="dataset"))
    heads = {branch.name: branch.target_commit for branch in refs.branches}
    tags = {tag.name: tag.target_commit for tag in refs.tags}
    head = heads.get(options.branch) or heads.get(MAIN)
    found = retrying(repo, lambda: files_at(repo, head)) if head else {}
    entries = entries_of(release.path, release.manifest)
    difference = compare(release.path, entries, found)
    tag = tags.get(f"v{release.manifest.version}")
    commit = tag or (head if not difference else None) or _earlier_commit(api, release, repo, options.branch, heads)
    before = _before(repo, head, found) if commit is None or commit != head else None
    if tag and (tag != head or difference):
        _check_tag(release, repo, entries, tag)
    elif commit is None:
        _check_order(release, repo, options, before)
        _check_foreign(repo, options, found, before)
    elif before is not None:
        _check_not_retired(release, repo, before)
    return Plan(
        release,
        repo,
        options,
        user,
        is_new=False,
        branch_is_new=options.branch not in heads,
        head=head,
        commit=commit,
        is_tagged=tag is not None,
        send=() if commit else (*difference.other, *difference.missing),
        there=tuple(entries) if commit else difference.same,
        remove=() if commit else difference.extra,
        new_bytes=None if commit else _new_bytes(release, before),
        served=still_served(release.manifest, tags),
        warnings=() if commit else tuple(_warnings(release, options, before, found)),
    )


def find_commit(release: Release, repo: str, branch: str) -> tuple[str | None, str | None]:
    """The head of a branch, and the commit that holds a release: the head or one before it."""
    api = HfApi()
    refs = api.list_repo_refs(repo, repo_type="dataset")
    heads = {ref.name: ref.target_commit for ref in refs.branches}
    head = heads.get(branch)
    if head and not compare(release.path, entries_of(release.path, release.manifest), files_at(repo, head)):
        return head, head
    return head, _earlier_commit(api, release, repo, branch, heads)


def _user(api: HfApi, repo: str, options: Options, dry_run: bool) -> str | None:
    try:
        # Asked once: the Hub allows few calls of this kind.
        answer = retrying(repo, api.whoami)
    except UsageError:
        if dry_run:
            return None
        raise
    name = str(answer.get("name"))
    role = answer.get("auth", {}).get("accessToken", {}).get("role")
    if role == "read" and not options.create_pr and not dry_run:
        raise UsageError(f"{repo}: the token of {name} may only read; {LOG_IN}")
    return name


def _repo_info(api: HfApi, repo: str) -> bool | None:
    """Whether a dataset is private; None where there is no such dataset."""
    try:
        return bool(api.repo_info(repo, repo_type="dataset").private)
    except errors.GatedRepoError:
        raise
    except errors.RepositoryNotFoundError:
        return None


def _into_new(api: HfApi, release: Release, repo: str, options: Options, user: str | None) -> Plan:
    if options.create_pr:
        raise UsageError(f"{repo}: no such dataset, so there is nothing to propose a change of; leave --create-pr out")
    if retrying(repo, lambda: api.repo_exists(repo, repo_type="model")):
        raise UsageError(f"{repo}: is a model, and no dataset; publish under another name")
    entries = tuple(entries_of(release.path, release.manifest))
    return Plan(
        release,
        repo,
        options,
        user,
        is_new=True,
        branch_is_new=options.branch != MAIN,
        head=None,
        commit=None,
        is_tagged=False,
        send=entries,
        there=(),
        remove=(),
        new_bytes=None,
        warnings=tuple(_warnings(release, options, None, {})),
    )


def _earlier_commit(api: HfApi, release: Release, repo: str, branch: str, heads: Mapping[str, str]) -> str | None:
    """A commit of the branch that put this release there, where it was not tagged before others followed."""
    if branch not in heads:
        return None
    commits = retrying(repo, lambda: api.list_repo_commits(repo, repo_type="dataset", revision=heads[branch]))
    entries = entries_of(release.path, release.manifest)
    for commit in islice(commits, _SEARCHED_COMMITS):
        if commit.title == title_of(release.manifest):
            found = retrying(repo, partial(files_at, repo, commit.commit_id))
            if not compare(release.path, entries, found):
                return commit.commit_id
    return None


def _check_tag(release: Release, repo: str, entries: list[FileEntry], tag: str) -> None:
    if difference := compare(release.path, entries, retrying(repo, lambda: files_at(repo, tag))):
        version = release.manifest.version
        raise UsageError(
            f"{repo}: has a version {version} already, with other content ({difference}); a version never changes, "
            "so build this under a higher one"
        )


def _before(repo: str, head: str | None, found: Mapping[str, RepoFile]) -> Manifest | None:
    """The manifest of what the branch holds now."""
    if head is None or MANIFEST_NAME not in found:
        return None
    try:
        return manifest_at(repo, repo, head)[1]
    except ReleaseError:
        return None


def _check_order(release: Release, repo: str, options: Options, before: Manifest | None) -> None:
    own = release.manifest
    if before is None:
        return
    if before.dataset != own.dataset:
        if not options.replace:
            raise UsageError(
                f"{repo}: holds the dataset {before.dataset}, and not {own.dataset}; --replace puts this in its place"
            )
    elif before.version == own.version and before.digest != own.digest:
        raise UsageError(
            f"{repo}: {options.branch} holds a version {own.version} already, with other content; a version never "
            "changes, so build this under a higher one"
        )
    elif numbers(before.version) > numbers(own.version):
        raise UsageError(
            f"{repo}: {options.branch} holds version {before.version}, which is later than {own.version}; publish this "
            "to a branch of its own, with --revision"
        )


def _check_not_retired(release: Release, repo: str, later: Manifest) -> None:
    """See that a version which others follow on, and which has no tag, is not one that was taken back."""
    if still_served(later, [f"v{release.manifest.version}"]):
        raise UsageError(
            f"{repo}: {later.version} follows on {release.manifest.version} there and took documents out of it on "
            "request, so it gets no tag any more"
        )


def _check_foreign(repo: str, options: Options, found: Mapping[str, RepoFile], before: Manifest | None) -> None:
    foreign = sorted(found.keys() - _BEGUN)
    if foreign and before is None and not options.replace:
        raise UsageError(
            f"{repo}: holds {counted(len(foreign), 'file')} of no release, such as {foreign[0]}; --replace takes them "
            "out, and puts this release in their place"
        )


def _new_bytes(release: Release, before: Manifest | None) -> int | None:
    """Bytes in chunks that the version before does not have, where that version is at hand."""
    # Without Xet, the Hub takes whole files.
    if before is None or constants.HF_HUB_DISABLE_XET or find_spec("hf_xet") is None:
        return None
    folder = release.path.parent / before.name
    try:
        old = Release.open(folder)
        if old.manifest.digest != before.digest:
            return None
        return uploads(Side.of(old), Side.of(release)).new_bytes
    except ReleaseError:
        return None


def _warnings(
    release: Release, options: Options, before: Manifest | None, found: Mapping[str, RepoFile]
) -> Iterator[str]:
    own = release.manifest
    if before is not None and before.digest not in {parent.digest for parent in own.parents}:
        yield f"{own.version} was not built on {before.version}, which {options.branch} holds now"
    if before is not None:
        known = {entry.path for entry in before.files} | {MANIFEST_NAME, *_BEGUN}
        for path in sorted(found.keys() - known - {entry.path for entry in own.files}):
            yield f"{path} is in the repo, but of no release; it goes"
    if len(own.files) > _MOST_FILES:
        yield f"the Hub gets slow with more than {_MOST_FILES:,} files in a repo; raise release.max_shard_mb"
    folders = [entry.path.rpartition("/")[0] for entry in own.files]
    for folder in sorted(set(folders)):
        if folders.count(folder) > _MOST_IN_FOLDER:
            yield f"the Hub gets slow with more than {_MOST_IN_FOLDER:,} files in {folder}/; raise release.max_shard_mb"
