"""Sections for those who use the data: loading, versions, columns, splits, languages."""

from __future__ import annotations

from collections.abc import Iterator

from corpus._words import counted
from corpus.release.card.markdown import code, listing, plain, table
from corpus.release.card.sections import Section
from corpus.release.manifest import Changes, Column, Manifest


def load(manifest: Manifest) -> Section:
    """How to load it, with lines that work as they stand where the release's folder lies."""
    name, split = manifest.name, _first_split(manifest)
    files = sum(1 for entry in manifest.files if entry.split == split)
    shard = f"data/{split}-{{n:05d}}-of-{files:05d}.parquet"
    return Section(
        "Load it",
        (
            f"From a copy of the folder `{name}`; `corpus.load` verifies every file first:\n",
            "```python",
            "import corpus",
            "",
            f'dataset = corpus.load("{name}")',
            "```\n",
            "```python",
            "from datasets import load_dataset",
            "",
            f'dataset = load_dataset("{name}", split="{split}")',
            f'stream = load_dataset("{name}", split="{split}", streaming=True)',
            "```\n",
            "Without either library. Where the dataset is published on the Hub, put its name there, `ORG/NAME`, in the",
            "place of the folder above, and `hf://datasets/ORG/NAME` in its place below:\n",
            "```python",
            "import pandas",
            "",
            f'shards = [f"{name}/{shard}" for n in range({files})]',
            "frame = pandas.concat(map(pandas.read_parquet, shards), ignore_index=True)",
            "```\n",
            "```python",
            "import polars",
            "",
            f'frame = polars.scan_parquet("{name}/data/{split}-*.parquet").collect()',
            "```\n",
            "```python",
            "import duckdb",
            "",
            f"rows = duckdb.sql(\"SELECT * FROM '{name}/data/{split}-*.parquet'\")",
            "```\n",
        ),
    )


def versions(manifest: Manifest) -> Section:
    """This version, those before it, and what changed."""
    rows = [(f"{code(manifest.version)} (this one)", manifest.accounting.kept, manifest.changes)]
    rows += [(code(parent.version), parent.documents, parent.changes) for parent in manifest.parents]
    levels = [changes.level if changes else "" for *_, changes in rows]
    levels[-1] = levels[-1] or "the first"
    lines = list(
        table(("version", "documents", "kind"), ((*row[:2], level) for row, level in zip(rows, levels, strict=True)))
    )
    if manifest.changes and manifest.parents:
        lines += _changes(manifest.changes, manifest.parents[0].version)
    lines.append(
        "A version never changes once it is built. A major one changes columns or their meaning, a minor one adds "
        "documents or follows another recipe, a patch takes documents out or mends what is said about them.\n"
    )
    return Section("Versions", tuple(lines))


def _changes(changes: Changes, before: str) -> Iterator[str]:
    yield f"What is different from {code(before)}; `CHANGELOG.md` says it in full:\n"
    for what in ("added", "removed", "changed"):
        counts: dict[str, int] = getattr(changes, what)
        if counts:
            yield f"- {counted(sum(counts.values()), 'document')} {what}: {listing(counts)}"
    if changes.schema_changes:
        yield f"- columns: {plain('; '.join(changes.schema_changes))}"
    if changes.recipe_changes:
        yield f"- fields of the recipe with another value: {', '.join(map(code, changes.recipe_changes))}"
    if not any((changes.added, changes.removed, changes.changed, changes.schema_changes, changes.recipe_changes)):
        yield "- the documents are the same, but not all that is said about them"
    yield ""


def columns(manifest: Manifest) -> Section:
    """Every column and every field in a column."""
    fields = [
        (code(name), _type(column) + (", may be null" if column.nullable else ""), plain(column.description))
        for name, column in _flat(manifest.columns)
    ]
    # A column that nobody can look up would be no column, so this table is never cut.
    head, rule = "| column | type | meaning |", "| --- | --- | --- |"
    lines = [head, rule, *(f"| {' | '.join(cells)} |" for cells in fields), ""]
    return Section("Columns", tuple(lines))


def _flat(columns: list[Column], before: str = "") -> Iterator[tuple[str, Column]]:
    for column in columns:
        yield f"{before}{column.name}", column
        yield from _flat(column.fields or [], f"{before}{column.name}.")


def _type(column: Column) -> str:
    name = {"date32[day]": "date", "double": "float64"}.get(column.type, column.type)
    return "list of structs" if column.fields and name == "list" else name


def splits(manifest: Manifest) -> Section:
    """Splits with their sizes, and how a document comes into one."""
    rows = []
    for name, split in manifest.splits.items():
        files = [entry for entry in manifest.files if entry.split == name]
        rows.append((code(name), split.rows, len(files), sum(entry.bytes for entry in files)))
    lines = list(table(("split", "documents", "files", "bytes"), rows))
    lines.append(_how_split(manifest))
    return Section("Splits", tuple(lines))


def _how_split(manifest: Manifest) -> str:
    if len(manifest.splits) == 1:
        return "Nothing is held out: whoever needs documents for evaluation has to choose them.\n"
    how = {
        "document": "A hash of its id decides about the split of a document.",
        "site": "All documents of a site are in one split, so test documents come from sites that training has not "
        "seen.",
        "time": "Splits follow the day of publication: what is held out is later than what is trained on.",
    }
    stays = "No near copy of a document is in another split, and whoever is in `validation` or `test` stays there."
    return f"{how[manifest.recipe['splits'].get('by', 'document')]} {stays}\n"


def languages(manifest: Manifest) -> Section:
    """Documents by language."""
    ordered = sorted(manifest.languages.items(), key=lambda item: (-item[1].documents, item[0]))
    rows = [(code(tag), t.documents, t.chars, t.words) for tag, t in ordered]
    lines = list(table(("language", "documents", "characters", "words"), rows))
    lines.append(
        f"BCP-47 tags of the main language of each document, set by a program (`{_detector(manifest)}`); `und` where "
        "it found none. `language_score` says how likely a tag is right, `languages` has the shares of documents in "
        "several.\n"
    )
    return Section("Languages", tuple(lines))


def _detector(manifest: Manifest) -> str:
    return str(manifest.recipe["clean"]["detector"])


def _first_split(manifest: Manifest) -> str:
    return "train" if "train" in manifest.splits else next(iter(manifest.splits))
