"""Where a release stands in the line of its versions: what comes before it, and which number it has to have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from corpus._words import counted
from corpus.build.task import Result
from corpus.errors import UsageError
from corpus.recipe import Recipe
from corpus.release.assemble import Draft, assemble
from corpus.release.changelog import documents_in_short
from corpus.release.diff import Side, diff
from corpus.release.diff.wording import schema_changes
from corpus.release.loading import Release, find_parent
from corpus.release.manifest import Changes, Level, Parent, columns_of, parents_of
from corpus.release.versions import AUTO, FIRST, following, numbers, understates


@dataclass(frozen=True, slots=True)
class Line:
    """A release that is to be built, and the version before it."""

    recipe: Recipe
    parent: Release | None
    version: str
    """Its version; with `auto`, the one that it has if it has any new document."""

    @classmethod
    def of(cls, recipe: Recipe, dist: Path, parent: Release | None) -> Self:
        """Find the version before.

        Args:
            recipe: What is to be built.
            dist: Folder of all releases.
            parent: The version before where the user names it; else it is looked for in `dist`.

        Raises:
            UsageError: what the user names is of another dataset, or of no earlier version.
            ReleaseError: the version before was altered.
        """
        explicit = None if recipe.version == AUTO else recipe.version
        if parent is None:
            parent = find_parent(dist / recipe.dataset, explicit)
        elif parent.manifest.dataset != recipe.dataset:
            raise UsageError(f"{parent.path}: a release of {parent.manifest.dataset}, not of {recipe.dataset}")
        elif explicit and numbers(parent.manifest.version) >= numbers(explicit):
            raise UsageError(f"{parent.path}: version {parent.manifest.version} does not come before {explicit}")
        if parent:
            parent.fetch(entry for entry in parent.manifest.files if entry.split)
        if explicit:
            return cls(recipe, parent, explicit)
        if parent is None:
            return cls(recipe, None, FIRST)
        other = schema_changes(parent.manifest.columns, columns_of(dict(recipe.kept)))
        return cls(recipe, parent, following(parent.manifest.version, "major" if other else "minor"))

    @property
    def parents(self) -> list[Parent]:
        """All versions before, the next one first."""
        return parents_of(self.parent.manifest) if self.parent else []

    @property
    def warnings(self) -> list[str]:
        """What is probably not meant."""
        if self.parent or self.version in {FIRST, "1.0.0"} or numbers(self.version)[1:] == (0, 0):
            return []
        return [
            f"no version before {self.version} is at hand, so this release follows on none; --parent names one that is "
            "elsewhere"
        ]

    def check(self, placed: Sequence[Result]) -> None:
        """See, before any file is written, that the version says enough about the documents.

        Raises:
            UsageError: it understates what has changed.
        """
        if self.parent and self.recipe.version != AUTO:
            added, changed = (sum(result.counts[what] for result in placed) for what in ("added", "changed"))
            if added or changed:
                self._check("minor", f"{counted(added, 'document')} came and {changed:,} changed")

    def release(self, plan: Draft, dist: Path) -> tuple[Path, bool, Changes | None]:
        """Put the release together under the version that its changes call for.

        Returns:
            Its folder, whether it is new, and what is different from the version before. With `auto`, where nothing
            is, that is the version before.

        Raises:
            UsageError: the version of the recipe understates the changes, or exists with other content.
            BuildError: the files cannot be written.
        """
        if self.parent is None:
            return *assemble(plan, None, dist), None
        found = diff(Side.of(self.parent, whole=False), Side(plan.manifest, plan.files), uploads=False)
        changes = found.changes()
        if self.recipe.version != AUTO:
            if changes:
                self._check(changes.level, _in_words(changes))
            return *assemble(plan, changes, dist), changes
        if changes is None:
            return self.parent.path, False, None
        version = following(self.parent.manifest.version, changes.level)
        plan = replace(plan, manifest=plan.manifest.model_copy(update={"version": version}))
        return *assemble(plan, changes, dist), changes

    def _check(self, level: Level, why: str) -> None:
        if self.parent is None:
            return
        before = self.parent.manifest.version
        if understates(before, self.recipe.version, level):
            raise UsageError(
                f"version {self.recipe.version} says too little about what has changed since {before}: {why}; "
                f"that is a {level} version: {following(before, level)}, or 'version: auto' in the recipe"
            )


def _in_words(changes: Changes) -> str:
    """What has changed, in a clause."""
    short = documents_in_short(changes)
    words = [f"documents: {short}"] if short else []
    words += changes.schema_changes
    if changes.recipe_changes:
        words.append(f"the recipe has other {', '.join(changes.recipe_changes)}")
    return "; ".join(words) or "what is said about it"
