"""What speaks against a publication, by what the repo holds: reasons to refuse it, and what to warn of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from huggingface_hub import hf_hub_download

from corpus._words import counted
from corpus.errors import CorpusError, UsageError
from corpus.hub.retrying import retrying
from corpus.hub.served import still_served
from corpus.hub.state import MAIN, State
from corpus.hub.tree import compare, entries_of, files_at
from corpus.release.card import CARD_NAME, OWN_CARD_NAME
from corpus.release.loading import Release
from corpus.release.manifest import MANIFEST_NAME, Manifest
from corpus.release.shards import sha256_of
from corpus.release.versions import numbers

_BEGUN = frozenset({".gitattributes", "README.md", ".gitignore", "LICENSE"})
"""What a repo may hold that somebody has begun by hand and that nothing was published to yet."""
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


def find_tagged(release: Release, state: State) -> str | None:
    """The commit of the version's tag, where there is one.

    Raises:
        UsageError: it holds something else than the release.
    """
    version = release.manifest.version
    tag = state.tags.get(f"v{version}")
    if tag is None:
        return None
    found = state.files if tag == state.head else retrying(state.repo, partial(files_at, state.repo, tag))
    if difference := compare(release.path, entries_of(release.path, release.manifest), found):
        raise UsageError(
            f"{state.repo}: has a version {version} already, with other content ({difference}); a version never "
            "changes, so build this under a higher one"
        )
    return tag


def check(release: Release, options: Options, state: State, commit: str | None) -> None:
    """See that nothing speaks against the publication.

    Args:
        release: What is to be published.
        options: How.
        state: Of the repo.
        commit: One that holds the release already, if there is one.

    Raises:
        UsageError: something does.
    """
    if options.private and not state.is_private:
        raise UsageError(f"{state.repo}: is public; --private is for a repo that does not exist yet")
    if commit is None:
        _check_order(release, options, state)
        _check_foreign(options, state)
    elif commit not in (state.head, state.tags.get(f"v{release.manifest.version}")):
        _check_not_retired(release, state)


def warnings(release: Release, options: Options, state: State | None) -> Iterator[str]:
    """What whoever publishes should know, and may go on in spite of; `state` is None where the repo is new."""
    own = release.manifest
    if state is not None and state.before is not None:
        before = state.before
        if before.digest not in {own.digest, *(parent.digest for parent in own.parents)}:
            yield f"{own.version} was not built on {before.version}, which {options.branch} holds now"
        known = {MANIFEST_NAME, *_BEGUN, *(entry.path for entry in (*before.files, *own.files))}
        for path in sorted(state.files.keys() - known):
            yield f"{path} is in the repo, but of no release; it goes"
        if _is_edited(state, before):
            yield f"{CARD_NAME} was edited on the Hub, and is replaced; {OWN_CARD_NAME} keeps such paragraphs"
    if len(own.files) > _MOST_FILES:
        yield f"the Hub gets slow with more than {_MOST_FILES:,} files in a repo; raise release.max_shard_mb"
    folders = [entry.path.rpartition("/")[0] for entry in own.files]
    for folder in sorted(set(folders)):
        if folders.count(folder) > _MOST_IN_FOLDER:
            yield f"the Hub gets slow with more than {_MOST_IN_FOLDER:,} files in {folder}/; raise release.max_shard_mb"


def _check_order(release: Release, options: Options, state: State) -> None:
    own, before, repo = release.manifest, state.before, state.repo
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


def _check_foreign(options: Options, state: State) -> None:
    foreign = sorted(state.files.keys() - _BEGUN)
    if foreign and state.before is None and not options.replace:
        raise UsageError(
            f"{state.repo}: holds {counted(len(foreign), 'file')} of no release, such as {foreign[0]}; --replace takes "
            "them out, and puts this release in their place"
        )


def _check_not_retired(release: Release, state: State) -> None:
    """See that a version which others follow on, and which has no tag, is not one that was taken back."""
    later = state.before
    if later is not None and still_served(later, [f"v{release.manifest.version}"]):
        raise UsageError(
            f"{state.repo}: {later.version} follows on {release.manifest.version} there and took documents out of it "
            "on request, so it gets no tag any more"
        )


def _is_edited(state: State, before: Manifest) -> bool:
    """Whether the card is another one than was published. Of so small a file the Hub does not know the SHA-256."""
    card = next((entry for entry in before.files if entry.path == CARD_NAME), None)
    try:
        path = retrying(
            state.repo,
            partial(hf_hub_download, state.repo, CARD_NAME, repo_type="dataset", revision=state.head),
        )
    except CorpusError:
        return False
    return card is not None and sha256_of(Path(path)) != card.sha256
