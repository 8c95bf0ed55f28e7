"""Arrow schemas of what stages hand to one another. A release's own columns stand in `corpus.document`."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from corpus import document
from corpus.document import KEPT_TYPES, PLACE

FACTS = pa.schema(
    [
        *PLACE,
        pa.field("id", pa.string(), nullable=False),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("language", pa.string(), nullable=False),
        pa.field("n_chars", pa.int64(), nullable=False),
        pa.field("n_words", pa.int64(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("dropped", pa.string()),
        pa.field("detail", pa.string()),
    ]
)
"""Row by row beside the documents of a part: what the decision about each needs, `bytes` of UTF-8 text.

`dropped` is the reason for which cleaning alone drops a document, and `detail` says more.
"""

REMOVED = pa.schema(
    [
        *PLACE,
        pa.field("id", pa.string(), nullable=False),
        pa.field("line", pa.int64(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("score", pa.float64()),
        pa.field("why", pa.string()),
        pa.field("text", pa.string(), nullable=False),
    ]
)
"""The audit: every line that cleaning took out, with the rule that took it."""

LINES = pa.schema(
    [
        pa.field("hash", pa.uint64(), nullable=False),
        pa.field("site", pa.uint64(), nullable=False),
        pa.field("page", pa.uint64(), nullable=False),
        pa.field("row", pa.int32(), nullable=False),
        pa.field("index", pa.int32(), nullable=False),
        pa.field("words", pa.int32(), nullable=False),
    ]
)
"""Every line with a letter or digit of a part's documents, sorted by `hash`, then by row and index: hash of its words;
hash of the site, or of the source where there is none; a MinHash value of the page, which copies mostly share; row in
`documents`; index among the non-blank lines of the text; number of words."""

REMOVALS = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("index", pa.int32(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("why", pa.string()),
    ]
)
"""What other documents say against lines of a part's documents: row, index among the non-blank lines of the text."""

CONTAMINATED = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("detail", pa.string(), nullable=False),
    ]
)
"""Rows of a part's documents that hold evaluation data, and of which benchmarks."""

LEDGER = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("position", pa.int64()),
        pa.field("id", pa.string()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("detail", pa.string()),
    ]
)
"""The fate of every raw record: kept, dropped (`detail` names what stays instead, or the signal) or quarantined (the
error)."""

KEPT = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("split", pa.string(), nullable=False),
        pa.field("duplicates", pa.int64(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
    ]
)
"""Rows of a part's documents that go into the release."""


def raw_schema(kept: Mapping[str, str]) -> pa.Schema:
    """Raw records; `kept` maps carried-along columns to the names of their types."""
    return document.raw_schema(_arrow(kept))


def release_schema(kept: Mapping[str, str]) -> pa.Schema:
    """Documents as they are released."""
    return document.document_schema(_arrow(kept))


def documents_schema(kept: Mapping[str, str]) -> pa.Schema:
    """Documents before deduplication: all columns of a release but `duplicates`."""
    schema = release_schema(kept)
    return schema.remove(schema.get_field_index("duplicates"))


def _arrow(kept: Mapping[str, str]) -> dict[str, pa.DataType]:
    return {name: KEPT_TYPES[type_] for name, type_ in kept.items()}
