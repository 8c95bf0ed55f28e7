"""What a comparison found, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from corpus.release.diff.reasons import DUPLICATES
from corpus.release.diff.shifts import Shifts
from corpus.release.diff.uploads import Uploads
from corpus.release.diff.wording import FieldChange
from corpus.release.manifest import Changes, Level


@dataclass(frozen=True, slots=True)
class Counted:
    """Documents that came, went or changed for one reason."""

    reason: str
    """A reason of the ledger, or one of `corpus.release.diff.reasons`."""
    stage: str
    documents: int


@dataclass(frozen=True, slots=True)
class Version:
    """One of the two releases."""

    dataset: str
    version: str
    digest: str
    """Of its manifest."""
    documents: int


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences between two releases; single documents stand in the file that `documents` asks for."""

    old: Version
    new: Version
    added: tuple[Counted, ...]
    """By reason, the most frequent one first; so are the next two."""
    removed: tuple[Counted, ...]
    changed: tuple[Counted, ...]
    columns: dict[str, int]
    """Documents of both releases that differ in a column, by column."""
    schema_changes: tuple[str, ...]
    """Columns that came, went or changed, a sentence each."""
    recipe_changes: tuple[FieldChange, ...]
    said_changes: tuple[str, ...]
    """Fields of the manifest that say something else about documents, inputs or columns."""
    shifts: Shifts
    uploads: Uploads | None
    """None where they were not asked for."""

    @property
    def level(self) -> Level | None:
        """Which number of the version has to go up; None where nothing is different.

        Major: the columns are others. Minor: documents came, changed or moved to another split, or the recipe has
        other values. Patch: documents went, more or fewer copies were merged, or what is said about them changed.
        """
        if self.schema_changes:
            return "major"
        content = any(counted.reason != DUPLICATES for counted in self.changed)
        if self.added or content or any(not change.metadata for change in self.recipe_changes):
            return "minor"
        if self.removed or self.changed or self.recipe_changes or self.said_changes:
            return "patch"
        return None

    def changes(self) -> Changes | None:
        """The difference as a manifest keeps it; None where there is none."""
        if self.level is None:
            return None
        return Changes(
            level=self.level,
            added=_by_reason(self.added),
            removed=_by_reason(self.removed),
            changed=_by_reason(self.changed),
            schema_changes=list(self.schema_changes),
            recipe_changes=[change.field for change in self.recipe_changes],
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, with the level."""
        return {"level": self.level, **asdict(self)}


def _by_reason(counts: Iterable[Counted]) -> dict[str, int]:
    return {counted.reason: counted.documents for counted in counts}
