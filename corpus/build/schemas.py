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
        pa.field("site", pa.string()),
        pa.field("language", pa.string(), nullable=False),
        pa.field("published", pa.date32()),
        pa.field("n_chars", pa.int64(), nullable=False),
        pa.field("n_words", pa.int64(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("dropped", pa.string()),
        pa.field("detail", pa.string()),
        pa.field("lines", pa.list_(pa.int32()), nullable=False),
    ]
)
"""Row by row beside the documents of a part: what the decision about each needs, the `bytes` of its row.

`dropped` is the reason for which a document goes whatever the others are, and `detail` says more; `lines` has the line
in the mended raw text of each non-blank line.
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

_KEYS = {
    "id_high": pa.uint64(),
    "id_low": pa.uint64(),
    "text_high": pa.uint64(),
    "text_low": pa.uint64(),
    "n_chars": pa.int64(),
    "published": pa.int32(),
    "row": pa.int32(),
}


def _sorted_by(key: str, fields: Mapping[str, pa.DataType]) -> pa.Schema:
    return pa.schema([pa.field(name, fields[name], nullable=False) for name in (key, *(n for n in fields if n != key))])


KEYS_BY_ID = _sorted_by("id_high", _KEYS)
KEYS_BY_TEXT = _sorted_by("text_high", _KEYS)
"""What documents of a part are compared by, sorted by the first column: halves of the id and of the content hash,
length, day of publication (`NO_DATE` where there is none), row in `documents`. Dropped documents are not among them."""

BANDS = _sorted_by("hash", {"hash": pa.uint64(), "row": pa.int32()})
"""Hashes of the bands of each document's MinHash signature, sorted."""

MERGED = pa.schema(
    [
        pa.field("doc", pa.int64(), nullable=False),
        pa.field("kept", pa.int64(), nullable=False),
        pa.field("kept_high", pa.uint64(), nullable=False),
        pa.field("kept_low", pa.uint64(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("similarity", pa.float64()),
    ]
)
"""Documents that go, ascending by number, and what stays instead: number, halves of the id."""

EDGES = pa.schema(
    [
        pa.field("hash", pa.uint64(), nullable=False),
        pa.field("one", pa.int64(), nullable=False),
        pa.field("other", pa.int64(), nullable=False),
    ]
)
"""Pairs of documents that share a band."""

MEMBERS = pa.schema([pa.field("doc", pa.int64(), nullable=False), pa.field("component", pa.uint64(), nullable=False)])
"""Documents that share a band with any other, ascending by number, and the name of what they hang together with."""

SHINGLES = pa.schema(
    [
        pa.field("component", pa.uint64(), nullable=False),
        pa.field("row", pa.int32(), nullable=False),
        pa.field("id_high", pa.uint64(), nullable=False),
        pa.field("id_low", pa.uint64(), nullable=False),
        pa.field("n_chars", pa.int64(), nullable=False),
        pa.field("published", pa.int32(), nullable=False),
        pa.field("count", pa.int64(), nullable=False),
        pa.field("bands", pa.list_(pa.uint64()), nullable=False),
        pa.field("shingles", pa.list_(pa.uint32()), nullable=False),
    ]
)
"""Candidates for near-duplicates, sorted by component and id, with what they are compared by: number of shingles,
hashes of bands, upper halves of the hashes of shingles."""

FATES = pa.schema(
    [
        pa.field("doc", pa.int64(), nullable=False),
        pa.field("kept_id", pa.string(), nullable=False),
        pa.field("copies", pa.int64(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("similarity", pa.float64()),
    ]
)
"""Documents that have copies, ascending by number: id of the one that stays, size of the cluster, and why this one
goes; null where it stays itself."""

LINES = pa.schema(
    [
        pa.field("hash", pa.uint64(), nullable=False),
        pa.field("next", pa.uint64(), nullable=False),
        pa.field("site", pa.uint64(), nullable=False),
        pa.field("page", pa.uint64(), nullable=False),
        pa.field("row", pa.int32(), nullable=False),
        pa.field("index", pa.int32(), nullable=False),
        pa.field("words", pa.int32(), nullable=False),
    ]
)
"""Every line with a letter or digit of a part's documents, sorted by `hash`, then by row and index: hash of its words;
that of the next one in the document, or 0; hash of the site, or of the source where there is none; what tells the page
from others but not from copies; row in `documents`; index among the non-blank lines of the text; number of words."""

PAGES = pa.schema([pa.field("site", pa.uint64(), nullable=False), pa.field("page", pa.uint64(), nullable=False)])
"""Different pages of a part, sorted by site."""

SITES = pa.schema(
    [
        pa.field("site", pa.uint64(), nullable=False),
        pa.field("pages", pa.int64(), nullable=False),
        pa.field("longest", pa.bool_(), nullable=False),
    ]
)
"""How many different pages each site has, and whether they are told apart by their longest lines."""

FREQUENT = pa.schema(
    [
        pa.field("doc", pa.int64(), nullable=False),
        pa.field("index", pa.int32(), nullable=False),
        pa.field("level", pa.int8(), nullable=False),
    ]
)
"""Lines that a site repeats, and how much, ascending by document."""

REPEATED = pa.schema([pa.field("doc", pa.int64(), nullable=False), pa.field("index", pa.int32(), nullable=False)])
"""Lines that an earlier document has, ascending by document."""

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

FINGERPRINTS = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("fingerprint", pa.binary()),
    ]
)
"""What copies of a part's documents are known by, those without words left out; short ones have no fingerprint."""

NAMED = pa.schema([pa.field("row", pa.int32(), nullable=False), pa.field("request", pa.int32(), nullable=False)])
"""Rows of a part's documents that are withdrawn, and the first request that asks for it."""

WITHDRAWN = pa.schema([pa.field("doc", pa.int64(), nullable=False), pa.field("reason", pa.string(), nullable=False)])
"""Documents that are withdrawn with all their copies, ascending by number, and what the request says."""

LEDGER = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("position", pa.int64()),
        pa.field("id", pa.string()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("detail", pa.string()),
        pa.field("cluster", pa.string()),
        pa.field("cluster_size", pa.int64()),
        pa.field("similarity", pa.float64()),
    ]
)
"""The fate of every raw record: kept, dropped (`detail` names what stays instead, or the signal) or quarantined (the
error). `cluster` is the id of the document that stays of all its copies, itself included, and `cluster_size` counts
them; null where it has none. `similarity` to what stays is that of near-duplicates, 0 to 1."""

SELECTED = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("id_high", pa.uint64(), nullable=False),
        pa.field("text_high", pa.uint64(), nullable=False),
        pa.field("text_low", pa.uint64(), nullable=False),
        pa.field("site", pa.uint64(), nullable=False),
        pa.field("published", pa.int32(), nullable=False),
        pa.field("duplicates", pa.int64(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
    ]
)
"""Rows of a part's documents that go into the release, ascending: upper half of the id, content hash, hash of the site
or of the source where there is none, day of publication or `NO_DATE`, copies merged into it, bytes of its row."""

RELEASED = _sorted_by(
    "id_high",
    {
        "id_high": pa.uint64(),
        "id_low": pa.uint64(),
        "text_high": pa.uint64(),
        "text_low": pa.uint64(),
        "split": pa.int8(),
        "first_version": pa.string(),
    },
)
"""Documents of the version before, sorted: halves of the id and of the content hash, place of the split among all
splits."""

RELEASED_HERE = pa.schema(
    [pa.field("doc", pa.int64(), nullable=False), *(RELEASED.field(name) for name in RELEASED.names[2:])]
)
"""The same of documents that are here again, ascending by number."""

RELEASED_TEXTS = _sorted_by("text_high", {"text_high": pa.uint64(), "text_low": pa.uint64(), "split": pa.int8()})
"""Texts of the version before, sorted: halves of the content hash, place of the split."""

SPLIT_BEFORE = pa.schema([pa.field("doc", pa.int64(), nullable=False), pa.field("split", pa.int8(), nullable=False)])
"""Documents whose text the version before has, ascending by number, and the place of its split."""

GROUPS = pa.schema(
    [
        pa.field("doc", pa.int64(), nullable=False),
        pa.field("group", pa.uint64(), nullable=False),
        pa.field("split", pa.int8(), nullable=False),
    ]
)
"""Documents that have copies, merged or not, ascending by number: what they all have in common, and the place of the
last split that any of them was released in, or 0. Those without copies whose text was released are there too, of no
group: 0."""

KEPT = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("split", pa.string(), nullable=False),
        pa.field("first_version", pa.string(), nullable=False),
        pa.field("duplicates", pa.int64(), nullable=False),
        pa.field("key", pa.uint64(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
    ]
)
"""Rows of a part's documents that go into the release, ascending, and where they go; `key` is a hash of the id."""


def raw_schema(kept: Mapping[str, str]) -> pa.Schema:
    """Raw records; `kept` maps carried-along columns to the names of their types."""
    return document.raw_schema(_arrow(kept))


def release_schema(kept: Mapping[str, str]) -> pa.Schema:
    """Documents as they are released."""
    return document.document_schema(_arrow(kept))


def documents_schema(kept: Mapping[str, str]) -> pa.Schema:
    """Documents as they are cleaned: all columns of a release but those that only the whole corpus decides about."""
    return pa.schema([field for field in release_schema(kept) if field.name not in {"duplicates", "first_version"}])


def revised_schema(kept: Mapping[str, str]) -> pa.Schema:
    """Documents that lost lines after they were cleaned, with the number of their row in `documents`."""
    return documents_schema(kept).append(pa.field("row", pa.int32(), nullable=False))


def _arrow(kept: Mapping[str, str]) -> dict[str, pa.DataType]:
    return {name: KEPT_TYPES[type_] for name, type_ in kept.items()}
