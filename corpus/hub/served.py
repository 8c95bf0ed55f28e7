"""Versions on the Hub that still serve documents which a later one has taken out on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus._words import counted
from corpus.release.manifest import Manifest
from corpus.release.reasons import WITHDRAWN
from corpus.release.versions import in_order, is_version, numbers


@dataclass(frozen=True, slots=True)
class Served:
    """A version whose tag is there still."""

    version: str
    documents: int
    """Documents that later versions took out on request. It may hold fewer, as some may have come after it."""

    def __str__(self) -> str:
        return f"{self.version} (up to {self.documents:,})"


def still_served(manifest: Manifest, tags: Iterable[str]) -> tuple[Served, ...]:
    """The versions in a repo that may hold documents which a release, or one that it follows, left out on request.

    The manifest knows how many documents each version of its line took out, and not which versions before had them:
    all lower ones are named. `corpus verify --withdrawn` tells of one version what it holds.

    Args:
        manifest: Of the release.
        tags: Names of all tags of the repo.

    Returns:
        The oldest first.
    """
    gone = dict(_withdrawn(manifest))
    versions = in_order(tag[1:] for tag in set(tags) if tag.startswith("v") and is_version(tag[1:]))
    counts = {version: sum(n for later, n in gone.items() if numbers(later) > numbers(version)) for version in versions}
    return tuple(Served(version, n) for version, n in counts.items() if n)


def served_lines(repo: str, served: Sequence[Served]) -> list[str]:
    """What a person is told of it; nothing where there is nothing."""
    if not served:
        return []
    named = ", ".join(map(str, served))
    options = " ".join(f"--retire v{one.version}" for one in served)
    return [
        f"{repo} still serves documents that were withdrawn, in {counted(len(served), 'older version')}: {named}",
        f"`corpus publish --repo {repo} {options}` takes these versions back; --erase-history their files too",
    ]


def _withdrawn(manifest: Manifest) -> Iterator[tuple[str, int]]:
    """Versions of the line, each with the number of documents that it took out of the version before."""
    steps = [(manifest.version, manifest.changes), *((parent.version, parent.changes) for parent in manifest.parents)]
    for version, changes in steps:
        if changes is not None:
            yield version, changes.removed.get(WITHDRAWN, 0)
    if manifest.changes is None and manifest.withdrawn is not None:
        # It follows on no other, so nothing is known but what it left out itself.
        yield manifest.version, sum(manifest.withdrawn.documents.values())
