"""Requests to take documents out: the list beside the recipe, and the table that travels with a release.

The list, `withdrawn.jsonl`, is for whoever makes releases. The table, `ledger/withdrawn`, is for whoever has one: it
says which documents may not be in it, without a word of their text, and without addresses or names.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, Self

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from corpus.clean.url import canonical_url, site_of
from corpus.dedup.fingerprint import FINGERPRINT_BYTES
from corpus.errors import RecipeError

LIST_NAME = "withdrawn.jsonl"
"""The list; it stands beside the recipe."""
DOCUMENTS_A_LINE = 1000
"""A request that meets more documents goes on in another line with the same kind and value."""

Kind = Literal["id", "url", "site", "hash"]

WITHDRAWALS = pa.schema(
    [
        pa.field("request", pa.int32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("date", pa.date32()),
        pa.field("id", pa.string()),
        pa.field("content_hash", pa.string()),
        pa.field("fingerprint", pa.binary()),
    ]
)
"""The table: a row for each document of each request, or one without a document. `request` counts requests from 0;
`value` is an id, a content hash, or the SHA-256 of an address or a host; `fingerprint` as `corpus.dedup.fingerprint`
makes it, null for short documents."""

_DIGITS = re.compile(r"[0-9a-f]{32}")
_HOST = re.compile(r"[^\s/?#@:]+")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WithdrawnDocument(_Part):
    """A document of some release that a request meets."""

    id: str
    content_hash: str
    fingerprint: str | None = Field(default=None, description="Base64 of the fingerprint; null for short documents.")

    @field_validator("id", "content_hash")
    @classmethod
    def _digits(cls, value: str) -> str:
        return _checked_digits(value)

    @field_validator("fingerprint")
    @classmethod
    def _whole(cls, value: str | None) -> str | None:
        if value is not None and len(_decoded(value)) != FINGERPRINT_BYTES:
            raise ValueError(f"is not {FINGERPRINT_BYTES} bytes as base64")
        return value


class Request(_Part):
    """A line of the list."""

    date: datetime.date | None = Field(default=None, description="Day of the request.")
    reason: str = Field(description="Why; it stands in the ledger of later releases.")
    by: str | None = Field(default=None, description="Who asked; it stands nowhere else.")
    kind: Kind
    value: str = Field(description="An id, a content hash, the address of a page, or a host.")
    documents: list[WithdrawnDocument] = Field(default_factory=list, description="Those of releases, when it was made.")

    @field_validator("reason")
    @classmethod
    def _said(cls, reason: str) -> str:
        reason = " ".join(reason.split())
        if not reason:
            raise ValueError("is empty")
        return reason

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        value = canonical_value(self.kind, self.value)
        return self if value == self.value else self.model_copy(update={"value": value})


def canonical_value(kind: Kind, value: str) -> str:
    """The one form of what a request names.

    Raises:
        ValueError: it cannot be of that kind.
    """
    value = value.strip()
    if kind in {"id", "hash"}:
        return _checked_digits(value)
    if kind == "url":
        if site_of(value) is None:
            raise ValueError(f"'{value}' is no address of a page: it begins with http:// or https://")
        return canonical_url(value)
    host = value.lower().removeprefix("http://").removeprefix("https://").removesuffix("/")
    site = site_of(f"https://{host}") if _HOST.fullmatch(host) else None
    if site is None:
        raise ValueError(f"'{value}' is no host, such as news.example")
    return site


def value_digest(kind: Kind, value: str) -> str:
    """What stands for a value where it is not to be told: itself, or the SHA-256 of an address or a host."""
    return value if kind in {"id", "hash"} else hashlib.sha256(value.encode()).hexdigest()


def read_list(path: Path) -> Iterator[Request]:
    """The lines of a list, in their order; nothing where there is no list.

    Raises:
        RecipeError: it cannot be read, or a line is none; the message names file and line.
    """
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _request(path, number, line)
    except FileNotFoundError:
        return
    except OSError as error:
        raise RecipeError(f"{path}: cannot be read: {error.strerror}") from None


def table_rows(requests: Iterable[Request]) -> Iterator[dict[str, Any]]:
    """The rows of the table that a list makes; lines of one kind and value are one request."""
    numbers: dict[str, tuple[int, str, datetime.date | None]] = {}
    for line in requests:
        value = value_digest(line.kind, line.value)
        # The reason is that of the first line; what follows only has more documents.
        number, reason, day = numbers.setdefault(f"{line.kind} {value}", (len(numbers), line.reason, line.date))
        row = {"request": number, "kind": line.kind, "value": value, "reason": reason, "date": day}
        for document in line.documents:
            print_ = document.fingerprint
            yield row | {
                "id": document.id,
                "content_hash": document.content_hash,
                "fingerprint": None if print_ is None else _decoded(print_),
            }
        if not line.documents:
            yield row | {"id": None, "content_hash": None, "fingerprint": None}


def _request(path: Path, number: int, line: bytes) -> Request:
    try:
        return Request.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        words = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"]
        raise RecipeError(f"{path}:{number}: {f'{where}: ' if where else ''}{words}") from None


def _checked_digits(value: str) -> str:
    value = value.strip().lower()
    if not _DIGITS.fullmatch(value):
        raise ValueError(f"'{value}' is not 32 hex digits")
    return value


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("is not base64") from None
