"""The YAML block of the card, which the Hub and `datasets` read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import yaml

from corpus.release.card.own import OwnCard
from corpus.release.hub_rules import SIZES, is_language
from corpus.release.manifest import Column, Manifest

_DTYPES = {"double": "float64", "float": "float32", "date32[day]": "date32"}


def card_data(manifest: Manifest, own: OwnCard | None = None) -> dict[str, Any]:
    """The YAML block of the card, as plain Python values.

    Args:
        manifest: The manifest.
        own: What the user says in `card.md`; it fills fields or adds to them, and leaves alone what follows from data.
    """
    mine = own.metadata if own else {}
    languages = [tag.partition("-")[0] for tag in manifest.languages]
    data: dict[str, Any] = {
        "pretty_name": " ".join(manifest.title.split()),
        "license": manifest.license,
        "language": [code for code in languages if code != "und" and is_language(code)],
        "size_categories": [_size_category(manifest.accounting.kept)],
        "task_categories": ["text-generation"],
        "tags": ["corpus-press"],
    }
    for name, value in mine.items():
        adds = name in {"language", "tags"}
        data[name] = [*data[name], *(value if isinstance(value, list) else [value])] if adds else value
    for name in ("language", "tags"):
        data[name] = list(dict.fromkeys(data[name]))
    return data | {
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
            "download_size": sum(entry.bytes for entry in manifest.files if entry.split),
            "dataset_size": sum(split.num_bytes for split in manifest.splits.values()),
        },
    }


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


def features_of(data: Mapping[str, Any]) -> Any:
    """The features that a card's YAML block declares; None where it declares none."""
    info = data.get("dataset_info")
    return info.get("features") if isinstance(info, dict) else None


def features_of_schema(schema: pa.Schema) -> list[dict[str, Any]]:
    """The features that `datasets` would write down for files of this schema.

    Types are those that documents can have: strings, numbers, booleans, dates, structs, and lists of them.
    """
    return [{"name": field.name} | _of_type(field.type) for field in schema]


def _of_type(type_: pa.DataType) -> dict[str, Any]:
    if pa.types.is_struct(type_):
        return {"struct": [{"name": field.name} | _of_type(field.type) for field in type_]}
    if pa.types.is_list(type_):
        inner = _of_type(type_.value_type)
        return {"list": inner.get("dtype") or inner.get("struct") or inner}
    return {"dtype": _DTYPES.get(str(type_), str(type_))}


def _feature(column: Column) -> dict[str, Any]:
    """A column as `datasets` writes it."""
    if column.fields is not None:
        return {"name": column.name, column.type: [_feature(field) for field in column.fields]}
    return {"name": column.name, "dtype": _DTYPES.get(column.type, column.type)}


def _size_category(rows: int) -> str:
    return next((name for power, name in enumerate(SIZES, 3) if rows < 10**power), SIZES[-1])
