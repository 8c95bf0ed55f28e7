"""From the columns of a source to our fields."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any, Protocol, cast

import xxhash

from corpus.document import MAPPABLE_FIELDS, kept_name
from corpus.read._dates import parse_day
from corpus.read.records import Fields, FieldValue, KeptValue, Part, Record, RejectedError, short

_TEXT_COLUMNS = ("text", "content", "body")
"""Columns tried for the text, in this order, where the recipe names none."""
_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,19}\s*")
_FLOAT = re.compile(r"\s*[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|nan|inf)\s*", re.IGNORECASE)
_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Reading(Protocol):
    """What becomes of the columns of a row."""

    def used(self, present: Collection[str]) -> list[str]:
        """Those of the columns of a table that are read, without repetition."""

    def record(
        self, row: Mapping[str, Any], path: str, position: int, raw_hash: str, encoding: str = "utf-8"
    ) -> Record:
        """A record out of one row."""


class Columns:
    """Which columns of a source fill which fields, and how."""

    def __init__(self, part: Part) -> None:
        theirs = dict(part.fields)
        self._text = (theirs["text"],) if "text" in theirs else _TEXT_COLUMNS
        self._fields = tuple((ours, theirs.get(ours, ours)) for ours in MAPPABLE_FIELDS if ours != "text")
        self._kept = tuple((column, kept_name(column), type_) for column, type_ in part.keep)

    def used(self, present: Collection[str]) -> list[str]:
        """Those of the columns of a table that are read, without repetition.

        Raises:
            RejectedError: no_text.
        """
        wanted = [self._text_column(present), *(c for _, c in self._fields), *(c for c, _, _ in self._kept)]
        return [column for column in dict.fromkeys(wanted) if column in present]

    def record(
        self, row: Mapping[str, Any], path: str, position: int, raw_hash: str, encoding: str = "utf-8"
    ) -> Record:
        """A record out of one row.

        Raises:
            RejectedError: no_text, or bad_field.
        """
        column = self._text_column(row)
        text = row[column]
        if text is None:
            raise RejectedError("no_text", f"'{short(column)}' is null")
        if not isinstance(text, str):
            raise RejectedError("bad_field", f"'{short(column)}' is not text but {_shown(text)}")
        fields = {ours: _field(ours, row[theirs]) for ours, theirs in self._fields if theirs in row}
        kept = {name: _kept(column, row.get(column), type_) for column, name, type_ in self._kept}
        return Record(path, position, text, raw_hash, cast(Fields, fields), kept, encoding)

    def _text_column(self, present: Collection[str]) -> str:
        for column in self._text:
            if column in present:
                return column
        wanted = " or ".join(f"'{short(column)}'" for column in self._text)
        there = ", ".join(short(str(column)) for column in list(present)[:10]) or "none"
        raise RejectedError("no_text", f"no field {wanted}; the fields are: {there}")


def hash_row(row: Mapping[str, Any]) -> str:
    """Digest of the used values of a row, whatever the order of the columns and the layout of the file."""
    canonical = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return xxhash.xxh3_128_hexdigest(canonical.encode())


def without_surrogates(value: Any) -> Any:
    """JSON data with U+FFFD for every half of a surrogate pair, which no encoding can write."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(item) for key, item in value.items()}
    return value


def _field(name: str, value: Any) -> FieldValue:
    """A field's value; a day that cannot be understood is null, it is not worth the document."""
    if name == "published":
        return parse_day(value)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value) or None
    if isinstance(value, int | float):
        return json.dumps(value)
    raise RejectedError("bad_field", f"'{name}' is not text but {_shown(value)}")


def _kept(column: str, value: Any, type_: str) -> KeptValue:
    if value is None:
        return None
    if type_ == "string":
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, str) and not value.strip():
        return None
    converted = _CONVERSIONS[type_](value)
    if converted is None:
        raise RejectedError("bad_field", f"'{short(column)}' is kept as {type_} and holds {_shown(value)}")
    return converted


def _int64(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    return value if isinstance(value, int) and -(2**63) <= value < 2**63 else None


def _float64(value: Any) -> float | None:
    if isinstance(value, str) and _FLOAT.fullmatch(value):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _bool(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | str):
        return _BOOLEANS.get(str(value).strip().lower())
    return None


_CONVERSIONS = {"int64": _int64, "float64": _float64, "bool": _bool}


def _shown(value: Any) -> str:
    """A value for a message: its kind, and its start."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return short(json.dumps(value[:50] if isinstance(value, str) else value, ensure_ascii=False, default=str))
