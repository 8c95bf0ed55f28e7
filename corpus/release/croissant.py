"""Croissant: the release for programs that read dataset metadata as JSON-LD, version 1.1 of the format.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html; what is written here is what `mlcroissant` reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from corpus.recipe.licenses import license_url
from corpus.release.card import bibtex, card_data, read_own_card
from corpus.release.manifest import Column, FileEntry, Manifest

CROISSANT_NAME = "croissant.json"

_PARQUET = "application/x-parquet"
_RECORDS = "default"
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_DATA_TYPES = {
    "string": "sc:Text",
    "int64": "cr:Int64",
    "double": "cr:Float64",
    "bool": "sc:Boolean",
    "date32[day]": "sc:Date",
}


def write_croissant(manifest: Manifest, own: str | None = None) -> str:
    """The release as Croissant: every data file with its SHA-256, every column, and the split of each record.

    Args:
        manifest: Complete but for the entry of this file itself.
        own: Text of the user's `card.md`; creators, homepage and date of publication come from there or are left out.

    Raises:
        RecipeError: the user's text has a YAML block that cannot be used.
    """
    mine = read_own_card(own or "", manifest.license)
    card = card_data(manifest, mine)
    files = sorted((entry for entry in manifest.files if entry.split), key=lambda entry: entry.path)
    document: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": manifest.dataset,
        "alternateName": card["pretty_name"],
        "description": manifest.description,
        "version": manifest.version,
        "license": license_url(manifest.license) or card.get("license_link") or manifest.license,
        "citeAs": "\n".join(bibtex(manifest, mine)),
        "keywords": card["tags"],
        "inLanguage": card["language"],
        "isLiveDataset": False,
    }
    if mine.creators:
        document["creator"] = [{"@type": "sc:Person", "name": name} for name in mine.creators]
    if mine.date:
        document["datePublished"] = mine.date
    if mine.homepage:
        document["url"] = mine.homepage
    document["distribution"] = [*map(_file, files), *_file_sets(files)]
    document["recordSet"] = [_file_records(), _records(manifest)]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def files_of(croissant: Mapping[str, Any]) -> dict[str, str]:
    """SHA-256 of each file that a Croissant document names, by its path.

    Raises:
        ValueError: it is no Croissant document.
    """
    try:
        objects = [node for node in croissant["distribution"] if node["@type"] == "cr:FileObject"]
        return {node["contentUrl"]: node["sha256"] for node in objects}
    except (KeyError, TypeError):
        raise ValueError("it does not name files with their SHA-256") from None


def fields_of(croissant: Mapping[str, Any]) -> list[str]:
    """Names of the fields of its records that are columns, fields of structs among them, such as `quality.words`.

    Raises:
        ValueError: it is no Croissant document.
    """
    try:
        [records] = [node for node in croissant["recordSet"] if node["@id"] == _RECORDS]
        return _names(field for field in records["field"] if "fileProperty" not in _extract(field))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ValueError("it has no records with fields") from None


def _names(fields: Any, before: str = "") -> list[str]:
    out = []
    for field in fields:
        name = f"{before}{field['name']}"
        out += [name, *_names(field.get("subField", []), f"{name}.")]
    return out


def _extract(field: Mapping[str, Any]) -> Mapping[str, Any]:
    extract: Mapping[str, Any] = field.get("source", {}).get("extract", {})
    return extract


def _file(entry: FileEntry) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": entry.path,
        "name": entry.path,
        "contentUrl": entry.path,
        "contentSize": f"{entry.bytes} B",
        "encodingFormat": _PARQUET,
        "sha256": entry.sha256,
    }


def _file_sets(files: list[FileEntry]) -> list[dict[str, Any]]:
    """All data files twice: for their rows, and as what they are.

    `mlcroissant` reads the rows of files only where they are found in the folder, and compares digests only of files
    that are named. So records take their rows from the first set, and each looks its file up in the second.
    """
    rows = {
        "@type": "cr:FileSet",
        "@id": "rows",
        "name": "rows",
        "description": "All data files, for their rows.",
        "encodingFormat": _PARQUET,
        "includes": ["data/*.parquet"],
    }
    named = {
        "@type": "cr:FileSet",
        "@id": "files",
        "name": "files",
        "description": "The same files with their digests.",
        "containedIn": [{"@id": entry.path} for entry in files],
        "encodingFormat": _PARQUET,
        "includes": ["*.parquet"],
    }
    return [rows, named]


def _file_records() -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": "data_files",
        "name": "data_files",
        "description": "The data files by name.",
        "key": {"@id": "data_files/name"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": "data_files/name",
                "name": "name",
                "description": "Name of the file.",
                "dataType": "sc:Text",
                "source": {"fileSet": {"@id": "files"}, "extract": {"fileProperty": "filename"}},
            }
        ],
    }


def _records(manifest: Manifest) -> dict[str, Any]:
    ids: dict[str, str] = {}
    for column in manifest.columns:
        ids[column.name] = _free(re.sub(r"[^\w.-]", "_", column.name), ids.values())
    in_file = {"fileSet": {"@id": "rows"}, "extract": {"fileProperty": "filename"}}
    file, split = _free("file", ids.values()), _free("split", ids.values())
    splits = "|".join(manifest.splits)
    return {
        "@type": "cr:RecordSet",
        "@id": _RECORDS,
        "name": _RECORDS,
        "description": "The documents of all splits.",
        "key": {"@id": f"{_RECORDS}/id"},
        "field": [
            *(_column(column, ids[column.name]) for column in manifest.columns),
            _field(file, "Name of the data file.")
            | {"dataType": "sc:Text", "source": in_file, "references": {"field": {"@id": "data_files/name"}}},
            # The regular expression has a form that `mlcroissant` can turn into a pattern of file names, for filters.
            _field(split, "Split of the document.")
            | {"dataType": "sc:Text", "source": in_file | {"transform": {"regex": f"({splits})-.+\\.parquet$"}}},
        ],
    }


def _free(name: str, taken: Iterable[str]) -> str:
    """A name that is not taken yet."""
    while name in taken:
        name += "_"
    return name


def _column(column: Column, id_: str) -> dict[str, Any]:
    field = _field(id_, column.description, column.name)
    source = {"fileSet": {"@id": "rows"}, "extract": {"column": column.name}}
    if column.fields is None:
        return field | {"dataType": _DATA_TYPES[column.type], "source": source}
    if column.type == "list":
        field |= {"isArray": True, "arrayShape": "-1"}
    parts = [
        _field(f"{id_}/{part.name}", part.description, part.name)
        | {"dataType": _DATA_TYPES[part.type], "source": source | {"transform": {"jsonPath": f"$.{part.name}"}}}
        for part in column.fields
    ]
    return field | {"subField": parts}


def _field(id_: str, description: str, name: str | None = None) -> dict[str, Any]:
    """What all fields have; identifiers are letters, digits and `_.-` between slashes, names may be any text."""
    return {"@type": "cr:Field", "@id": f"{_RECORDS}/{id_}", "name": name or id_, "description": description}
