"""Taking versions back from a repo: their tags, and with the history of the repo also their commits and files.

Whatever stays keeps its name and every byte. A tag cannot be moved on the Hub, it goes and comes back; meanwhile a
branch holds its commit, by which a later run sets it again. What a run left undone any later one finds and does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from huggingface_hub import HfApi, errors

from corpus.errors import ReleaseError
from corpus.hub.retirement import (
    HOLDER,
    Retirement,
    Tree,
    commits_of,
    large_files_to_erase,
    read_refs,
    tree_at,
)
from corpus.hub.retrying import retrying
from corpus.hub.state import MAIN
from corpus.hub.tags import set_tag

_AGAIN = "run the same command again"


def retire(plan: Retirement, doing: Callable[[str], object] = str) -> None:
    """Do what is planned. May be called again after whatever went wrong.

    First what stays gets a history of its own without what goes, then files are erased, and tags go last: as long as
    there is something to do, a new plan knows what.

    Args:
        plan: From `plan_retirement`.
        doing: Is told what is done next.

    Raises:
        UsageError: the Hub refuses who asks.
        ReleaseError: the Hub does not work, or somebody else changed the repo meanwhile.
    """
    repo = plan.repo
    refs = read_refs(repo)
    if changed := [name for name, commit in {**plan.stay, **plan.tags}.items() if refs.named.get(name) != commit]:
        raise ReleaseError(f"{repo}: somebody else changed {', '.join(changed)} meanwhile; {_AGAIN}")
    trees = {name: tree_at(repo, commit) for name, commit in plan.stay.items()}
    for tag in refs.holders.keys() - refs.tags.keys():
        # An interrupted run was about to move it; it did not go before the branch held what it has to.
        doing(f"setting {tag} again")
        set_tag(repo, tag, refs.holders[tag])
    if plan.erase_history:
        for branch in [name for name in refs.branches if name not in plan.branches]:
            doing(f"squashing {branch}")
            _squash(repo, branch, tree_at(repo, refs.branches[branch]))
        for tag, tree in trees.items():
            doing(f"squashing {tag}")
            _squash_tag(repo, tag, tree)
        doing("erasing large files")
        _erase(plan)
    doing("deleting tags")
    for branch in plan.branches:
        _delete_branch(repo, branch)
    for tag in plan.tags:
        _delete_tag(repo, tag)
    for tag in read_refs(repo).holders:
        _delete_branch(repo, HOLDER + tag)
    _check(plan, trees)


def _squash(repo: str, branch: str, tree: Tree) -> None:
    """Make one commit of a branch, of the same files."""
    history = commits_of(repo, branch)
    if len(history) > 1:
        retrying(
            repo,
            lambda: HfApi().super_squash_history(
                repo, branch=branch, commit_message=history[0].title, repo_type="dataset"
            ),
        )
        history = commits_of(repo, branch)
    if len(history) != 1 or tree_at(repo, history[0].commit_id) != tree:
        raise ReleaseError(f"{repo}: somebody else changed {branch} meanwhile; look at it, then {_AGAIN}")


def _squash_tag(repo: str, tag: str, tree: Tree) -> None:
    """Move a tag to a commit of the same files that has no history."""
    refs = read_refs(repo)
    if len(commits_of(repo, refs.tags[tag])) == 1:
        return
    holder, main, held = HOLDER + tag, refs.branches[MAIN], refs.holders.get(tag)
    if held and tree_at(repo, held) != tree:
        # Of a run before the tag was set to something else.
        _delete_branch(repo, holder)
        held = None
    if not held:
        # The tag of what main holds stays where main is.
        start = main if tree_at(repo, main) == tree else refs.tags[tag]
        create = partial(HfApi().create_branch, repo, branch=holder, revision=start, repo_type="dataset")
        retrying(repo, partial(create, exist_ok=True))
    _squash(repo, holder, tree)
    commit = read_refs(repo).holders[tag]
    _delete_tag(repo, tag)
    set_tag(repo, tag, commit)
    _delete_branch(repo, holder)


def _erase(plan: Retirement) -> None:
    """Delete large files for good that nothing which stays has."""
    repo, api = plan.repo, HfApi()
    commits = {*plan.tags.values(), *plan.branches.values()}
    files = large_files_to_erase(repo, read_refs(repo), commits, {file.file_oid for file in plan.large})
    if files:
        retrying(repo, lambda: api.permanently_delete_lfs_files(repo, files, repo_type="dataset"))
    listed = retrying(repo, lambda: list(api.list_lfs_files(repo, repo_type="dataset")))
    if left := {file.file_oid for file in files} & {file.file_oid for file in listed}:
        raise ReleaseError(f"{repo}: the Hub still has {len(left):,} large files that it was told to erase; {_AGAIN}")


def _delete_tag(repo: str, tag: str) -> None:
    retrying(repo, partial(_unless_gone, partial(HfApi().delete_tag, repo, tag=tag, repo_type="dataset")))


def _delete_branch(repo: str, branch: str) -> None:
    retrying(repo, partial(_unless_gone, partial(HfApi().delete_branch, repo, branch=branch, repo_type="dataset")))


def _unless_gone(delete: Callable[[], None]) -> None:
    """Delete something that may be gone, as when the answer to the first attempt was lost."""
    try:
        delete()
    except errors.RepositoryNotFoundError:
        raise
    except errors.HfHubHTTPError as error:
        if error.response.status_code != 404:
            raise


def _check(plan: Retirement, trees: dict[str, Tree]) -> None:
    """See that what had to go is gone, and that what stays holds what it held."""
    repo, refs = plan.repo, read_refs(plan.repo)
    left = [*(plan.tags.keys() & refs.tags.keys()), *(plan.branches.keys() & refs.branches.keys())]
    if left:
        raise ReleaseError(f"{repo}: {', '.join(sorted(left))} is there still, or again; {_AGAIN}")
    for name, tree in trees.items():
        if name not in refs.tags or tree_at(repo, refs.tags[name]) != tree:
            raise ReleaseError(f"{repo}: {name} does not hold what it held before; ask the Hub's support for help")
