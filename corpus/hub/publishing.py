"""Publishing: a release becomes one commit of a dataset repo on the Hub, and a tag."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from huggingface_hub import CommitInfo, CommitOperationAdd, CommitOperationDelete, HfApi, constants, errors

from corpus._words import counted
from corpus.errors import ReleaseError
from corpus.hub.objections import Options
from corpus.hub.opening import open_release
from corpus.hub.plain import cause_of, plain_sending_errors
from corpus.hub.planning import Plan, find_commit, plan_publication, title_of
from corpus.hub.retrying import ATTEMPTS, is_passing, retrying, wait_before_next
from corpus.hub.state import MAIN
from corpus.hub.tags import set_tag
from corpus.hub.tree import compare, entries_of, files_at
from corpus.release.loading import Release
from corpus.release.secrets import find_secrets

_BATCH_FILES, _BATCH_BYTES = 100, 1_000_000_000
"""Files that are sent in one go; one larger file goes alone."""
_SHOWN_SECRETS = 10
"""Places that are named; the rest is counted."""


class Watch(Protocol):
    """Is told what a publication is at."""

    def doing(self, what: str, total: int = 0) -> None:
        """Something begins that takes a while; `total` bytes of work, where that is known."""

    def done(self, size: int) -> None:
        """So many bytes of it more are done."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A release that a repo on the Hub holds."""

    plan: Plan
    commit: str
    url: str
    """Of the repo at its version, or of the pull request."""
    tag: str | None
    """None where the release is only proposed."""
    was_there: bool
    """Commit and tag were there before; nothing was done."""

    @property
    def python_line(self) -> str | None:
        """The line of Python that loads the release; None where it is only proposed."""
        manifest = self.plan.release.manifest
        return f'dataset = corpus.load("{self.plan.repo}", version="{manifest.version}")' if self.tag else None


def publish(
    release: str | Path | Release,
    repo: str,
    *,
    private: bool = False,
    revision: str = MAIN,
    create_pr: bool = False,
    replace: bool = False,
    allow_secrets: bool = False,
) -> Publication:
    """Publish a release to a dataset repo on the Hugging Face Hub.

    The release is verified and its text is looked through for secrets first. What the repo lacks is sent, and becomes
    one commit, after which the repo holds the files of the release and no others. Every file is then compared with
    the manifest as the Hub knows it, and only after that the version gets its tag, `v<version>`.

    May be called again after whatever went wrong: what is there is not sent or committed again.

    Args:
        release: Folder of a release, or of all releases of a dataset (its highest version), or a `Release`.
        repo: Dataset repo, `org/name`. It is created where it does not exist.
        private: Create it so that only its owners see it.
        revision: Branch that the commit goes to. It is created where it does not exist.
        create_pr: Open a pull request instead, without a tag.
        replace: Take out files of the repo that belong to no release, too.
        allow_secrets: Publish although text looks as if it held passwords or keys.

    Returns:
        What was published and where.

    Raises:
        UsageError: there is no such release, the Hub refuses who asks, or what the repo holds does not go with the
            release: another content under this version, a later version, files of no release.
        ReleaseError: the release is damaged or holds secrets, the Hub does not work, or somebody else changed the
            repo meanwhile.
    """
    opened = release if isinstance(release, Release) else open_release(release)
    options = Options(private, revision, create_pr, replace)
    plan = plan_publication(opened, repo, options)
    check(opened, _Unwatched(), allow_secrets=allow_secrets)
    return carry_out(plan, _Unwatched())


def check(release: Release, watch: Watch, *, allow_secrets: bool = False) -> None:
    """See that a release is sound and holds no secrets.

    Args:
        release: In a folder.
        watch: Is told how far it is.
        allow_secrets: What looks like a password or a key may be none; it is not looked for.

    Raises:
        ReleaseError: it is not, or does.
    """
    watch.doing("verifying")
    if problems := release.verify():
        more = f" and {counted(len(problems) - 1, 'more problem')}" if len(problems) > 1 else ""
        raise ReleaseError(f"{release}: not sound, so not published: {problems[0]}{more}")
    if allow_secrets:
        return
    watch.doing("looking for secrets", sum(entry.bytes for entry in release.manifest.files))
    if secrets := find_secrets(release.path, release.manifest, progress=watch.done):
        texts = counted(secrets.total, "text looks", "texts look")
        places = "".join(f"\n  {secret}" for secret in secrets.named[:_SHOWN_SECRETS])
        more = f"\n  and {secrets.total - _SHOWN_SECRETS:,} more" if secrets.total > _SHOWN_SECRETS else ""
        raise ReleaseError(
            f"{release}: {texts} as if there were a password or a key in it, so nothing was published; mask it with "
            f"privacy.mode, withdraw the document, or say --allow-secrets if it is none:{places}{more}"
        )


def carry_out(plan: Plan, watch: Watch) -> Publication:
    """Do what is planned.

    Args:
        plan: From `plan_publication`; the repo has to be as it was then.
        watch: Is told how far it is.

    Raises:
        UsageError: the Hub refuses who asks.
        ReleaseError: the Hub does not work, or somebody else changed the repo meanwhile.
    """
    if plan.commit is not None and plan.is_tagged:
        return Publication(plan, plan.commit, _url(plan), plan.tag, was_there=True)
    if plan.commit is not None and plan.options.create_pr:
        # It was merged; whoever proposed it may have no right to set tags.
        return Publication(plan, plan.commit, plan.url, None, was_there=True)
    api = HfApi()
    if plan.commit is None:
        plan = _prepare(api, plan)
        if plan.options.create_pr:
            return _propose(api, plan, watch)
        commit = _commit(api, plan, _send(api, plan, watch))
    else:
        commit = plan.commit
    watch.doing("comparing what the Hub holds")
    _read_back(plan, commit)
    set_tag(plan.repo, plan.tag, commit, title_of(plan.release.manifest))
    return Publication(plan, commit, _url(plan), plan.tag, was_there=False)


def _prepare(api: HfApi, plan: Plan) -> Plan:
    """Create repo and branch where there are none."""
    repo, options, head = plan.repo, plan.options, plan.head
    if plan.is_new:
        retrying(
            repo,
            lambda: api.create_repo(repo, repo_type="dataset", private=options.private or None, exist_ok=True),
        )
        head = retrying(repo, lambda: api.repo_info(repo, repo_type="dataset").sha)
    if plan.branch_is_new:
        branch = partial(api.create_branch, repo, branch=options.branch, revision=head, repo_type="dataset")
        retrying(repo, partial(branch, exist_ok=True))
    return dataclasses.replace(plan, head=head)


def _send(api: HfApi, plan: Plan, watch: Watch) -> list[CommitOperationAdd]:
    """Send what the repo lacks; nobody sees it until it is committed."""
    watch.doing("sending", plan.bytes)
    sent: list[CommitOperationAdd] = []
    known = {entry.path: entry for entry in plan.send}
    for batch in _batches(plan):
        # A .gitignore that the repo holds would leave files out; it goes with this commit anyway.
        ignore = "# nothing is\n"
        send = partial(api.preupload_lfs_files, plan.repo, batch, repo_type="dataset", gitignore_content=ignore)
        retrying(plan.repo, partial(send, revision=plan.options.branch, create_pr=plan.options.create_pr))
        for operation in batch:
            entry = known[operation.path_in_repo]
            if operation.upload_info.is_hashed and operation.upload_info.sha256.hex() != entry.sha256:
                raise ReleaseError(f"{plan.release}: {entry.path} changed while it was sent; nothing was published")
        sent += batch
        watch.done(sum(known[operation.path_in_repo].bytes for operation in batch))
    return sent


def _batches(plan: Plan) -> Iterator[list[CommitOperationAdd]]:
    batch: list[CommitOperationAdd] = []
    size = 0
    for entry in plan.send:
        if batch and (len(batch) == _BATCH_FILES or size + entry.bytes > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(CommitOperationAdd(entry.path, plan.release.path / entry.path))
        size += entry.bytes
    if batch:
        yield batch


def _commit(api: HfApi, plan: Plan, sent: Sequence[CommitOperationAdd]) -> str:
    """Make the one commit, and answer it.

    An answer that does not come says nothing about the commit, so the repo is asked what became of it before another
    attempt. That the branch has not moved meanwhile is seen to by the Hub.
    """
    attempt = 1
    while True:
        with plain_sending_errors(plan.repo):
            try:
                return _create_commit(api, plan, sent).oid
            except Exception as error:
                stale = _status(error) == 412
                if not stale and not is_passing(error):
                    raise
                head, commit = retrying(plan.repo, lambda: find_commit(plan.release, plan.repo, plan.options.branch))
                if commit is not None:
                    return commit
                if stale or head != plan.head:
                    raise ReleaseError(
                        f"{plan.repo}: somebody else changed {plan.options.branch} meanwhile (it is at {head} now); "
                        "nothing was published; look at it, then run the same command again"
                    ) from None
                if attempt == ATTEMPTS:
                    raise
                wait_before_next(plan.repo, error, attempt)
        attempt += 1


def _create_commit(
    api: HfApi, plan: Plan, sent: Sequence[CommitOperationAdd], *, create_pr: bool = False
) -> CommitInfo:
    manifest = plan.release.manifest
    with warnings.catch_warnings():
        # The Hub's hints on the card; it was held against its rules before.
        warnings.simplefilter("ignore", UserWarning)
        return api.create_commit(
            plan.repo,
            [*sent, *(CommitOperationDelete(path, is_folder=False) for path in plan.remove)],
            commit_message=title_of(manifest),
            commit_description=(
                f"{counted(manifest.accounting.kept, 'document')}. Digest of the manifest: {manifest.digest}"
            ),
            repo_type="dataset",
            revision=plan.options.branch,
            parent_commit=plan.head,
            create_pr=create_pr,
        )


def _propose(api: HfApi, plan: Plan, watch: Watch) -> Publication:
    """Open a pull request that holds the release, if none does."""
    found = retrying(plan.repo, lambda: _proposed(api, plan))
    if found is None:
        sent = _send(api, plan, watch)
        attempt = 1
        while found is None:
            with plain_sending_errors(plan.repo):
                try:
                    info = _create_commit(api, plan, sent, create_pr=True)
                    found = str(info.pr_url), info.oid
                except Exception as error:
                    if attempt == ATTEMPTS or not is_passing(error):
                        raise
                    wait_before_next(plan.repo, error, attempt)
                    # It may be there, although no answer came.
                    found = retrying(plan.repo, lambda: _proposed(api, plan))
            attempt += 1
        watch.doing("comparing what the Hub holds")
        _read_back(plan, found[1])
    url, commit = found
    return Publication(plan, commit, url, None, was_there=False)


def _proposed(api: HfApi, plan: Plan) -> tuple[str, str] | None:
    """Address and commit of an open pull request that holds the release."""
    entries = entries_of(plan.release.path, plan.release.manifest)
    requests = api.get_repo_discussions(
        plan.repo, repo_type="dataset", discussion_type="pull_request", discussion_status="open"
    )
    for request in requests:
        if request.title == title_of(plan.release.manifest) and request.git_reference:
            commit = str(api.repo_info(plan.repo, repo_type="dataset", revision=request.git_reference).sha)
            if not compare(plan.release.path, entries, files_at(plan.repo, commit)):
                return request.url, commit
    return None


def _read_back(plan: Plan, commit: str) -> None:
    """See that the Hub holds at a commit what the release consists of, and nothing else."""
    found = retrying(plan.repo, lambda: files_at(plan.repo, commit))
    if difference := compare(plan.release.path, entries_of(plan.release.path, plan.release.manifest), found):
        raise ReleaseError(
            f"{plan.repo}: what the Hub holds at {commit} is not the release: {difference}; it got no tag"
        )


def _status(error: Exception) -> int | None:
    cause = cause_of(error)
    return cause.response.status_code if isinstance(cause, errors.HfHubHTTPError) else None


def _url(plan: Plan) -> str:
    return f"{constants.ENDPOINT}/datasets/{plan.repo}/tree/{plan.tag}"


class _Unwatched:
    """Nobody looks on."""

    def doing(self, what: str, total: int = 0) -> None:
        pass

    def done(self, size: int) -> None:
        pass
