"""The card: README.md of a release. Every number in it comes from the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from corpus.release.manifest import Column, Manifest

CARD_NAME = "README.md"

_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M"),
          (10**8, "10M<n<100M"), (10**9, "100M<n<1B"), (10**10, "1B<n<10B"), (10**11, "10B<n<100B"),
          (10**12, "100B<n<1T"))  # fmt: skip
_DTYPES = {"double": "float64", "date32[day]": "date32"}


def write_card(manifest: Manifest) -> str:
    """The card of a release as Markdown with the YAML block that the Hub and `datasets` read.

    Args:
        manifest: Complete but for the entry of the card itself.
    """
    header = yaml.safe_dump(card_data(manifest), sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{header}---\n\n" + "\n".join(_body(manifest)) + "\n"


def card_data(manifest: Manifest) -> dict[str, Any]:
    """The YAML block of the card, as plain Python values."""
    download = sum(entry.bytes for entry in manifest.files if entry.split)
    return {
        "pretty_name": manifest.title,
        "license": manifest.license,
        "language": list(dict.fromkeys(tag.partition("-")[0] for tag in manifest.languages if tag != "und")),
        "size_categories": [_size_category(manifest.accounting.kept)],
        "task_categories": ["text-generation"],
        "tags": ["corpus-press"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": split, "path": f"data/{split}-*.parquet"} for split in manifest.splits],
            }
        ],
        "dataset_info": {
            # `datasets` keys its cache on this block and not on the data: without a digest in it, two
            # corpora of one name and version would be served from each other's cache.
            "description": f"{manifest.dataset}@{manifest.version}#{manifest.rows_digest}",
            "features": [_feature(column) for column in manifest.columns],
            "splits": [
                {"name": name, "num_bytes": split.num_bytes, "num_examples": split.rows}
                for name, split in manifest.splits.items()
            ],
            "download_size": download,
            "dataset_size": sum(split.num_bytes for split in manifest.splits.values()),
        },
    }


def _feature(column: Column) -> dict[str, Any]:
    """A column as `datasets` writes it."""
    if column.fields is not None:
        return {"name": column.name, column.type: [_feature(field) for field in column.fields]}
    return {"name": column.name, "dtype": _DTYPES.get(column.type, column.type)}


def read_card_data(card: str) -> dict[str, Any]:
    """The YAML block of a card.

    Raises:
        ValueError: there is none, or it is not a mapping.
    """
    if not card.startswith("---\n") or "\n---\n" not in card:
        raise ValueError("the card has no YAML block")
    try:
        data = yaml.safe_load(card[4 : card.index("\n---\n")])
    except yaml.YAMLError:
        raise ValueError("the YAML block of the card is not YAML") from None
    if not isinstance(data, dict):
        raise ValueError("the YAML block of the card is not a mapping")
    return data


def _body(manifest: Manifest) -> Iterable[str]:
    accounting = manifest.accounting
    yield f"# {manifest.title}\n"
    yield f"{manifest.description}\n"
    yield f"Release `{manifest.name}` · {_n(accounting.kept, 'document')} · license: {manifest.license}\n"
    path = f"dist/{manifest.dataset}/{manifest.name}"
    yield "## Load it\n"
    yield "```python"
    yield "import corpus"
    yield f'dataset = corpus.load("{path}")  # verified first'
    yield ""
    yield "from datasets import load_dataset"
    yield f'dataset = load_dataset("{path}")'
    yield "```\n"
    yield "## Splits\n"
    yield from _table(("split", "documents"), ((name, split.rows) for name, split in manifest.splits.items()))
    yield "## Sources\n"
    licences = {source["name"]: source["license"] or "" for source in manifest.recipe["sources"]}
    yield from _table(
        ("source", "documents", "characters", "words", "licence"),
        ((name, t.documents, t.chars, t.words, licences[name]) for name, t in manifest.sources.items()),
    )
    yield "## Languages\n"
    yield from _table(
        ("language", "documents", "characters", "words"),
        ((name, t.documents, t.chars, t.words) for name, t in manifest.languages.items()),
    )
    yield "## How it was made\n"
    yield (
        f"{_n(accounting.read, 'document')} read, {accounting.kept:,} kept, "
        f"{sum(accounting.dropped.values()):,} dropped, {sum(accounting.quarantined.values()):,} quarantined. "
        "`ledger/` names the fate of each.\n"
    )
    fates = [("dropped", *item) for item in accounting.dropped.items()]
    fates += [("quarantined", *item) for item in accounting.quarantined.items()]
    if fates:
        yield from _table(("fate", "reason", "documents"), fates)
    lines = sum(accounting.removed_lines.values())
    yield f"Cleaning took out {_n(lines, 'line')} ({accounting.removed_chars:,} characters).\n"
    if lines:
        yield from _table(("rule", "lines"), _by_count(accounting.removed_lines))
    if set(accounting.encodings) != {"utf-8"}:
        yield from _counts("Encodings that the records were in", ("encoding", "records"), accounting.encodings)
    yield from _counts("Documents in which something was mended", ("mended", "documents"), accounting.repaired)
    yield from _counts("Dropped for quality, by the limit that was broken", ("limit", "documents"), accounting.limits)
    yield from _counts("Personal data that was masked", ("kind", "places"), accounting.masked)
    if manifest.contamination:
        what = "dropped" if manifest.recipe["decontaminate"]["action"] == "drop" else "cut out"
        yield f"Evaluation data, which was {what}:\n"
        yield from _table(
            ("benchmark", "items", "items found", "documents that had some"),
            ((name, c.items, c.items_found, c.documents) for name, c in manifest.contamination.items()),
        )
    if any(entry.path.startswith("audit/") for entry in manifest.files):
        yield "`audit/` holds every line that was taken out, with the rule that took it.\n"
    yield "## Columns\n"
    yield from _table(
        ("column", "type", "meaning"),
        ((f"`{name}`", c.type + (", may be null" if c.nullable else ""), c.description) for name, c in _flat(manifest)),
    )
    yield "## Provenance\n"
    made_with = ", ".join(f"{name} {version}" for name, version in manifest.libraries.items())
    yield f"Built by {manifest.program} with {made_with} from the recipe in `manifest.json`. "
    yield f"Digest of the rows: `{manifest.rows_digest}`. `corpus verify` checks every file against the manifest."


def _counts(title: str, head: Sequence[str], counts: Mapping[str, int]) -> Iterable[str]:
    if counts:
        yield f"{title}:\n"
        yield from _table(head, _by_count(counts))


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _flat(manifest: Manifest) -> Iterable[tuple[str, Column]]:
    """Columns and their fields, by the name that says where they are."""
    for column in manifest.columns:
        yield column.name, column
        for field in column.fields or ():
            yield f"{column.name}.{field.name}", field


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterable[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        cells = (f"{cell:,}" if isinstance(cell, int) else str(cell).replace("|", "\\|") for cell in row)
        yield "| " + " | ".join(cells) + " |"
    yield ""


def _n(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _size_category(rows: int) -> str:
    return next((name for limit, name in _SIZES if rows < limit), "n>1T")


def features_of(data: Mapping[str, Any]) -> Any:
    """The features that a card's YAML block declares; None where it declares none."""
    info = data.get("dataset_info")
    return info.get("features") if isinstance(info, dict) else None
