"""Corpus Press: raw scraped text in, verified dataset releases out.

corpus.clean(text)      one document: its text without boilerplate, its fields, the removed lines
corpus.build(recipe)    a recipe to a release
corpus.diff(old, new)   two releases: what came, went and changed, and why
corpus.publish(release, repo)   a release to a dataset repo on the Hub
corpus.load(release)    a release, in a folder or on the Hub, to a `datasets` dataset, verified first
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus._version import __version__

if TYPE_CHECKING:
    from corpus.build import build
    from corpus.clean import Cleaned, Removed, clean
    from corpus.errors import CorpusError
    from corpus.hub import diff, load
    from corpus.hub.publishing import publish
    from corpus.recipe import Recipe
    from corpus.release.diff import Diff
    from corpus.release.loading import Release

__all__ = [
    "Cleaned",
    "CorpusError",
    "Diff",
    "Recipe",
    "Release",
    "Removed",
    "__version__",
    "build",
    "clean",
    "diff",
    "load",
    "publish",
]

_HOMES = {
    "Cleaned": "corpus.clean",
    "CorpusError": "corpus.errors",
    "Diff": "corpus.release.diff",
    "Recipe": "corpus.recipe",
    "Release": "corpus.release.loading",
    "Removed": "corpus.clean",
    "diff": "corpus.hub",
    "load": "corpus.hub",
    "publish": "corpus.hub.publishing",
}

_VERBS = ("build", "clean")
"""Packages that can be called; see `corpus._callable`."""


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `corpus --help` answers at once."""
    from importlib import import_module

    if name in _VERBS:
        return import_module(f"corpus.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
