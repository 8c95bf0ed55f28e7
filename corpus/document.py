"""The record: what a document is, as one table of fields and the Arrow schemas made from it.

Everything that names a column imports it from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from corpus.signals import SIGNALS


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a release."""

    name: str
    type: pa.DataType
    description: str
    """Meaning and unit, for the card and the JSON Schema."""
    nullable: bool = False
    meaning: int = 1
    """Goes up when the same value comes to mean something else: a new major version for every release."""
    fields: tuple[Field, ...] = ()
    """Fields of a struct, or of the structs of a list."""


_SIGNAL_TYPES: dict[type, pa.DataType] = {int: pa.int64(), float: pa.float64()}

FIELDS: tuple[Field, ...] = (
    Field("id", pa.string(), "Stable id: 32 hex digits of the source and the canonical URL, or of the raw bytes"),
    Field("text", pa.string(), "The cleaned text, Unicode NFC, paragraphs separated as in the source"),
    Field("title", pa.string(), "Headline; null where the page names none", nullable=True),
    Field("url", pa.string(), "Address of the page", nullable=True),
    Field("site", pa.string(), "Host of the address without 'www.'", nullable=True),
    Field("source", pa.string(), "Name of the source in the recipe"),
    Field("author", pa.string(), "Byline", nullable=True),
    Field("credit", pa.string(), "Agency or paper that the text names as its origin", nullable=True),
    Field("published", pa.date32(), "Day of publication", nullable=True),
    Field("language", pa.string(), "BCP-47 tag of the main language; 'und' where undetermined"),
    Field("language_score", pa.float64(), "How likely that language is right, 0 to 1, rounded to 3 digits"),
    Field(
        "languages",
        pa.list_(pa.struct([("tag", pa.string()), ("share", pa.float64())])),
        "Languages with at least 5 % of the characters, largest share first",
        fields=(
            Field("tag", pa.string(), "BCP-47 tag"),
            Field("share", pa.float64(), "Share of the characters, 0 to 1, rounded to 2 digits"),
        ),
    ),
    Field("n_chars", pa.int64(), "Length of the text in Unicode code points"),
    Field("n_words", pa.int64(), "Runs of non-white-space characters in the text"),
    Field(
        "quality",
        pa.struct([(signal.name, _SIGNAL_TYPES[signal.type]) for signal in SIGNALS]),
        "Signals of quality, measured on the text before personal data was masked",
        fields=tuple(Field(signal.name, _SIGNAL_TYPES[signal.type], signal.description) for signal in SIGNALS),
    ),
    Field("duplicates", pa.int64(), "Copies merged into this document, itself included"),
    Field(
        "first_version",
        pa.string(),
        "Version since which a document of this id has always been in the dataset",
    ),
    Field("content_hash", pa.string(), "XXH3-128 of the comparison key of the text, 32 hex digits"),
    Field("raw_hash", pa.string(), "XXH3-128 of the raw record, 32 hex digits"),
)

FIELD_NAMES: frozenset[str] = frozenset(field.name for field in FIELDS)
_TAKEN = FIELD_NAMES | {"path", "position"}

MAPPABLE_FIELDS: tuple[str, ...] = ("text", "title", "url", "author", "credit", "published")
"""Fields that a recipe can fill from a source's own columns."""

KEPT_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
}
"""Types that a carried-along column may have in a release."""


def kept_name(column: str) -> str:
    """Name of a carried-along column in the release: its own, or `raw_<name>` where that is taken."""
    return f"raw_{column}" if column in _TAKEN else column


def document_id(source: str, origin: str) -> str:
    """Id of a document, 32 hex digits.

    Args:
        source: Name of its source.
        origin: Its canonical address, or `raw:` and its raw hash where it has none.
    """
    return hashlib.sha256(f"{source}\0{origin}".encode()).hexdigest()[:32]


PLACE: tuple[pa.Field, ...] = (
    pa.field("source", pa.string(), nullable=False),
    pa.field("path", pa.string(), nullable=False),
    pa.field("position", pa.int64(), nullable=False),
)
"""Where a raw record stands: source, file (relative, posix), and its 1-based line, row or record in the file.

The order of all documents everywhere is the order of these three.
"""


def row_bytes(row: Mapping[str, object]) -> int:
    """About how many bytes a row takes in a data file before it is compressed, never much less."""
    total = 0
    for value in row.values():
        if isinstance(value, str):
            total += 4 + len(value.encode())
        else:
            # Numbers and dates; a struct has one for each field, and `languages` a short tag beside each.
            total += 8 * len(value) if isinstance(value, dict) else 16 * len(value) if isinstance(value, list) else 8
    return total


def raw_schema(kept: dict[str, pa.DataType]) -> pa.Schema:
    """Arrow schema of raw records as `read` writes them; `kept` maps release names to types."""
    return pa.schema(
        [
            *PLACE,
            pa.field("raw_hash", pa.string(), nullable=False),
            pa.field("text", pa.string(), nullable=False),
            *(
                pa.field(name, pa.date32() if name == "published" else pa.string())
                for name in MAPPABLE_FIELDS
                if name != "text"
            ),
            *(pa.field(name, type_) for name, type_ in kept.items()),
        ]
    )


def document_schema(kept: dict[str, pa.DataType]) -> pa.Schema:
    """Arrow schema of a release's data files; `kept` maps release names to types."""
    return pa.schema(
        [pa.field(f.name, f.type, nullable=f.nullable) for f in FIELDS]
        + [pa.field(name, type_) for name, type_ in kept.items()]
    )
