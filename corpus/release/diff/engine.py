"""The comparison as a whole."""

from __future__ import annotations

from pathlib import Path

from corpus.release.database import MEMORY, database
from corpus.release.diff import documents as rows
from corpus.release.diff.report import Diff, Version
from corpus.release.diff.shifts import shifts
from corpus.release.diff.sides import Side
from corpus.release.diff.uploads import uploads as measure_uploads
from corpus.release.diff.wording import recipe_changes, said_changes, schema_changes
from corpus.release.loading import Release
from corpus.release.manifest import Manifest


def diff(
    old: Side | Release,
    new: Side | Release,
    *,
    documents: str | Path | None = None,
    uploads: bool = True,
    memory: int = MEMORY,
    folder: str | Path | None = None,
) -> Diff:
    """Compare two releases, of which the later one need not be put together yet.

    Arguments, answer and errors are those of `corpus.diff`, but that nothing has to be opened.
    """
    target = None if documents is None else Path(documents)
    if target is not None:
        rows.check_list(target)
    before, after = (side if isinstance(side, Side) else Side.of(side, whole=uploads) for side in (old, new))
    before.check()
    after.check()
    with database(memory, None if folder is None else Path(folder)) as connection:
        rows.join(connection, before, after)
        if target is not None:
            rows.write_list(connection, before, after, target)
        return Diff(
            old=_version(before.manifest),
            new=_version(after.manifest),
            added=rows.counts(connection, "added"),
            removed=rows.counts(connection, "removed"),
            changed=rows.counts(connection, "changed"),
            columns=rows.changed_columns(connection),
            schema_changes=tuple(schema_changes(before.manifest.columns, after.manifest.columns)),
            recipe_changes=tuple(recipe_changes(before.manifest, after.manifest)),
            said_changes=tuple(said_changes(before.manifest, after.manifest)),
            shifts=shifts(connection, before, after),
            uploads=measure_uploads(before, after) if uploads else None,
        )


def _version(manifest: Manifest) -> Version:
    return Version(manifest.dataset, manifest.version, manifest.digest, manifest.accounting.kept)
