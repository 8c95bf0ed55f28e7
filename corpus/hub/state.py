"""What a dataset repo holds now, looked at before anything is done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from huggingface_hub import HfApi, RepoFile, errors

from corpus.errors import ReleaseError
from corpus.hub.published import manifest_at
from corpus.hub.retrying import retrying
from corpus.hub.tree import files_at
from corpus.release.manifest import MANIFEST_NAME, Manifest

MAIN = "main"


@dataclass(frozen=True, slots=True)
class State:
    """A repo as it was when it was looked at."""

    repo: str
    branch: str
    is_private: bool
    heads: Mapping[str, str]
    """Commits by branch."""
    tags: Mapping[str, str]
    """Commits by tag."""
    head: str
    """Commit of the branch, or of `main` where there is no such branch."""
    files: Mapping[str, RepoFile]
    """What stands there, by path."""
    before: Manifest | None
    """Of the release that stands there, if one does."""


def look_at(repo: str, branch: str) -> State | None:
    """Look at a repo; None where there is no such dataset, or none that whoever asks may see.

    Raises:
        UsageError: the Hub refuses who asks.
        ReleaseError: it does not work.
    """
    api = HfApi()
    is_private = retrying(repo, partial(_is_private, api, repo))
    if is_private is None:
        return None
    refs = retrying(repo, lambda: api.list_repo_refs(repo, repo_type="dataset"))
    heads = {ref.name: ref.target_commit for ref in refs.branches}
    tags = {ref.name: ref.target_commit for ref in refs.tags}
    head = heads.get(branch) or heads[MAIN]
    files = retrying(repo, lambda: files_at(repo, head))
    before = retrying(repo, partial(_manifest, repo, head)) if MANIFEST_NAME in files else None
    return State(repo, branch, is_private, heads, tags, head, files, before)


def _is_private(api: HfApi, repo: str) -> bool | None:
    try:
        return bool(api.repo_info(repo, repo_type="dataset").private)
    except errors.GatedRepoError:
        raise
    except errors.RepositoryNotFoundError:
        return None


def _manifest(repo: str, head: str) -> Manifest | None:
    try:
        return manifest_at(repo, repo, head)[1]
    except ReleaseError:
        return None  # it is no manifest of ours, or of a newer program
