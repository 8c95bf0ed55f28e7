"""The JSON Schemas of recipe, manifest and document, generated from their models.

`python -m corpus.schemas FOLDER` writes them; a test holds the written ones equal to the models.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from corpus.document import FIELDS, Field
from corpus.recipe import Recipe
from corpus.release.manifest import Manifest

_JSON_TYPES = {
    "string": {"type": "string"},
    "int64": {"type": "integer"},
    "double": {"type": "number"},
    "date32[day]": {"type": "string", "format": "date"},
}


def schemas() -> dict[str, dict[str, Any]]:
    """Each schema by its file name."""
    return {
        "recipe.schema.json": _titled(Recipe.model_json_schema(), "A Corpus Press recipe"),
        "manifest.schema.json": _titled(Manifest.model_json_schema(), "The manifest of a Corpus Press release"),
        "document.schema.json": _document_schema(),
    }


def as_text(schema: dict[str, Any]) -> str:
    """A schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _titled(schema: dict[str, Any], title: str) -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def _document_schema() -> dict[str, Any]:
    return _titled(
        {
            **_object(FIELDS),
            "additionalProperties": {"description": "Columns that the recipe carries along."},
        },
        "A document of a Corpus Press release",
    )


def _object(fields: Sequence[Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.name: _described(field) for field in fields},
        "required": [field.name for field in fields],
    }


def _described(field: Field) -> dict[str, Any]:
    if not field.fields:
        kind: dict[str, Any] = dict(_JSON_TYPES[str(field.type)])
    elif pa.types.is_list(field.type):
        kind = {"type": "array", "items": _object(field.fields)}
    else:
        kind = _object(field.fields)
    if field.nullable:
        kind["type"] = [kind["type"], "null"]
    return {**kind, "description": field.description}


if __name__ == "__main__":
    for name, schema in schemas().items():
        (Path(sys.argv[1]) / name).write_text(as_text(schema), encoding="utf-8")
