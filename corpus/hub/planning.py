"""What a publication would do to a repo, found out before anything is sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import islice

from huggingface_hub import HfApi, constants

from corpus.errors import ReleaseError, UsageError
from corpus.hub.objections import Options, check, find_tagged, warnings
from corpus.hub.opening import REPO
from corpus.hub.plain import LOG_IN
from corpus.hub.published import Published
from corpus.hub.retrying import retrying
from corpus.hub.served import Served, still_served
from corpus.hub.state import MAIN, State, look_at
from corpus.hub.tree import compare, entries_of, files_at
from corpus.release.diff.sides import Side
from corpus.release.diff.uploads import uploads
from corpus.release.loading import Release
from corpus.release.manifest import FileEntry, Manifest

_SEARCHED_COMMITS = 1000
_MEASURED_BYTES = 10_000_000_000
"""Of more, it would take minutes to say how much of it the Hub has in other files."""


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
    send: tuple[FileEntry, ...] = ()
    there: tuple[FileEntry, ...] = ()
    """Files that the branch has already."""
    remove: tuple[str, ...] = ()
    new_bytes: int | None = None
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
    if isinstance(release, Published):
        raise UsageError(f"{release}: is on the Hub; what is published has to be in a folder")
    user = _user(repo, options, dry_run)
    state = look_at(repo, options.branch)
    if state is None:
        return _into_new(release, repo, options, user)
    difference = compare(release.path, entries_of(release.path, release.manifest), state.files)
    commit = find_tagged(release, state)
    is_tagged = commit is not None
    if commit is None:
        commit = state.head if not difference else _earlier_commit(release, state)
    check(release, options, state, commit)
    plan = Plan(
        release,
        repo,
        options,
        user,
        is_new=False,
        branch_is_new=options.branch not in state.heads,
        head=state.head,
        commit=commit,
        is_tagged=is_tagged,
        there=difference.same,
        served=still_served(release.manifest, state.tags),
    )
    if commit is not None:
        return plan
    send = (*difference.other, *difference.missing)
    return dataclasses.replace(
        plan,
        send=send,
        remove=difference.extra,
        new_bytes=_new_bytes(release, send, state.before),
        warnings=tuple(warnings(release, options, state)),
    )


def find_commit(release: Release, repo: str, branch: str) -> tuple[str | None, str | None]:
    """The head of a branch, and the commit that holds a release: the head or one before it."""
    state = look_at(repo, branch)
    if state is None or branch not in state.heads:
        return None, None
    if not compare(release.path, entries_of(release.path, release.manifest), state.files):
        return state.head, state.head
    return state.head, _earlier_commit(release, state)


def _user(repo: str, options: Options, dry_run: bool) -> str | None:
    try:
        # Asked once: the Hub allows few calls of this kind.
        answer = retrying(repo, HfApi().whoami)
    except UsageError:
        if dry_run:
            return None
        raise
    name = str(answer.get("name"))
    role = answer.get("auth", {}).get("accessToken", {}).get("role")
    if role == "read" and not options.create_pr and not dry_run:
        raise UsageError(f"{repo}: the token of {name} may only read; {LOG_IN}")
    return name


def _into_new(release: Release, repo: str, options: Options, user: str | None) -> Plan:
    if options.create_pr:
        raise UsageError(f"{repo}: no such dataset, so there is nothing to propose a change of; leave --create-pr out")
    if retrying(repo, lambda: HfApi().repo_exists(repo, repo_type="model")):
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
        warnings=tuple(warnings(release, options, None)),
    )


def _earlier_commit(release: Release, state: State) -> str | None:
    """A commit of the branch that put this release there, where it was not tagged before others followed."""
    if state.branch not in state.heads:
        return None
    list_commits = partial(HfApi().list_repo_commits, state.repo, repo_type="dataset", revision=state.head)
    entries = entries_of(release.path, release.manifest)
    for commit in islice(retrying(state.repo, list_commits), _SEARCHED_COMMITS):
        if commit.title == title_of(release.manifest):
            found = retrying(state.repo, partial(files_at, state.repo, commit.commit_id))
            if not compare(release.path, entries, found):
                return commit.commit_id
    return None


def _new_bytes(release: Release, send: Sequence[FileEntry], before: Manifest | None) -> int | None:
    """Bytes in chunks that the version before does not have, where it is at hand and this is soon found out."""
    has_xet = not constants.HF_HUB_DISABLE_XET and find_spec("hf_xet") is not None
    # Without Xet, the Hub takes whole files.
    if before is None or not has_xet or sum(entry.bytes for entry in send) > _MEASURED_BYTES:
        return None
    try:
        old = Release.open(release.path.parent / before.name)
        if old.manifest.digest != before.digest:
            return None
        return uploads(Side.of(old), Side.of(release)).new_bytes
    except ReleaseError:
        return None
