"""The Markdown of the card: its sections in their order."""

from __future__ import annotations

from collections.abc import Iterator

from corpus._words import counted
from corpus.release.card import making, reading, rights
from corpus.release.card.markdown import code, plain
from corpus.release.card.own import OwnCard
from corpus.release.card.sections import put_together
from corpus.release.manifest import Manifest


def body(manifest: Manifest, own: OwnCard) -> Iterator[str]:
    """The card below its YAML block, as lines."""
    total = sum(total.chars for total in manifest.sources.values())
    yield f"# {plain(manifest.title)}\n"
    yield f"{plain(manifest.description)}\n"
    yield (
        f"Release {code(manifest.name)}: {counted(manifest.accounting.kept, 'document')}, "
        f"{counted(total, 'character')}, licence {rights.licence(manifest, own)}.\n"
    )
    if own.opening:
        yield f"{own.opening}\n"
    sections = (
        reading.load(manifest),
        reading.versions(manifest),
        reading.columns(manifest),
        reading.splits(manifest),
        rights.sources(manifest, own),
        reading.languages(manifest),
        making.cleaning(manifest),
        making.duplicates(manifest),
        making.evaluation_data(manifest),
        making.personal_data(manifest),
        rights.uses(),
        rights.limits(manifest),
        rights.removal(manifest),
        making.provenance(manifest),
        rights.citation(manifest, own),
    )
    yield from put_together(sections, own)
