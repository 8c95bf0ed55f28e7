"""The changelog of a release, from its manifest alone: each version with what is different from the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corpus._words import by_count, counted
from corpus.release.manifest import Changes, Manifest, Withdrawn

CHANGELOG_NAME = "CHANGELOG.md"


def write_changelog(manifest: Manifest) -> str:
    """The text of `CHANGELOG.md`: the newest version first, without dates, as the same inputs give the same release."""
    lines = [f"# Changelog of {manifest.dataset}", ""]
    lines += _version(manifest.version, manifest.accounting.kept, manifest.changes, first=not manifest.parents)
    if not manifest.parents:
        lines += _contents(manifest)
    if manifest.withdrawn and manifest.withdrawn.documents:
        lines += _withdrawn(manifest.withdrawn)
    lines.append("")
    for number, parent in enumerate(manifest.parents, start=1):
        first = number == len(manifest.parents)
        lines += [*_version(parent.version, parent.documents, parent.changes, first=first), ""]
    return "\n".join(lines).rstrip() + "\n"


def documents_in_short(changes: Changes) -> str:
    """How many documents a version added, removed and changed; empty where it has the same."""
    counts = ((changes.added, "added"), (changes.removed, "removed"), (changes.changed, "changed"))
    return ", ".join(f"{sum(documents.values()):,} {verb}" for documents, verb in counts if documents)


def _summary(changes: Changes) -> str:
    short = documents_in_short(changes)
    return f"Documents: {short}." if short else "The documents are the same."


def _version(version: str, documents: int, changes: Changes | None, *, first: bool) -> Iterator[str]:
    yield f"## {version}"
    yield ""
    if changes is None:
        yield f"{counted(documents, 'document')}. {'The first version.' if first else 'Its changes are not recorded.'}"
        return
    yield f"{counted(documents, 'document')}. A {changes.level} version. {_summary(changes)}"
    lines = list(_changes(changes))
    if lines:
        yield ""
        yield from lines


def _changes(changes: Changes) -> Iterator[str]:
    for verb, documents in (("Added", changes.added), ("Removed", changes.removed), ("Changed", changes.changed)):
        if documents:
            yield f"- {verb}: {_reasons(documents)}."
    for sentence in changes.schema_changes:
        yield f"- Schema: {sentence}."
    if changes.recipe_changes:
        yield f"- Recipe: {', '.join(f'`{field}`' for field in changes.recipe_changes)}."


def _contents(manifest: Manifest) -> Iterator[str]:
    """What the first version is made of."""
    yield ""
    for label, totals in (("Sources", manifest.sources), ("Languages", manifest.languages)):
        counts = {name: total.documents for name, total in totals.items()}
        if counts:
            yield f"- {label}: {', '.join(f'`{name}` {n:,}' for name, n in by_count(counts))}."


def _withdrawn(withdrawn: Withdrawn) -> Iterator[str]:
    total = sum(withdrawn.documents.values())
    reasons = "; ".join(f"{' '.join(reason.split())}: {n:,}" for reason, n in by_count(withdrawn.documents))
    yield ""
    yield f"Left out on request, of what the sources still hold: {counted(total, 'document')} ({reasons})."


def _reasons(documents: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {reason.replace('_', ' ')}" for reason, n in by_count(documents))
