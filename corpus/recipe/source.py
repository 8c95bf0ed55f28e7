"""The part of a recipe that names raw files: on this machine, or in a dataset repo on the Hugging Face Hub."""

from __future__ import annotations

import codecs
import difflib
import re
from encodings.aliases import aliases
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    field_validator,
    model_serializer,
)

from corpus.document import KEPT_TYPES, MAPPABLE_FIELDS
from corpus.recipe.part import Part

Format = Literal["text", "jsonl", "csv", "parquet"]
KeptType = Literal["string", "int64", "float64", "bool"]
MappableField = Literal["text", "title", "url", "author", "credit", "published"]

assert set(get_args(KeptType)) == set(KEPT_TYPES)
assert set(get_args(MappableField)) == set(MAPPABLE_FIELDS)

_HUB = re.compile(
    r"(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(@(?P<revision>[\w.-]+(/[\w.-]+)*))?", flags=re.ASCII
)


class Source(Part):
    """Raw files of one origin."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["path"]}, {"required": ["hub"]}]})

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")] = Field(
        description="Becomes the column `source` of every document."
    )
    hub: str | None = Field(
        default=None,
        description="Dataset repo on the Hugging Face Hub that the files are read from, `org/name` or "
        "`org/name@revision`: a branch, tag or commit.",
    )
    path: str | list[str] | None = Field(
        default=None,
        validate_default=True,
        description="File, folder or glob (`**` for any depth), relative to the recipe, or with `hub` to the repo; or "
        "a list of these. Only with `hub` it may be left out; docs/sources.md says what is read then.",
    )
    format: Format | None = Field(default=None, description="Guessed from the file names where left out.")
    fields: dict[MappableField, str] = Field(
        default_factory=dict, description="Our field: the name of the column in the source."
    )
    encoding: str | None = Field(
        default=None,
        description="Encoding of the files, such as `windows-1258`, under any name that Python knows; else found out.",
    )
    keep: list[str] | dict[str, KeptType] = Field(
        default_factory=list,
        description="Columns to carry along: a list of names (kept as strings) or names with their types.",
    )
    license: str | None = Field(default=None, description="Licence of this source, for the card.")

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str | None) -> str | None:
        if encoding is not None and not _is_encoding(encoding):
            raise ValueError(f"'{encoding}' is no encoding of text files{_nearest_encodings(encoding)}")
        return encoding

    @field_validator("hub")
    @classmethod
    def _names_a_repo(cls, hub: str | None) -> str | None:
        if hub is not None and not _HUB.fullmatch(hub):
            raise ValueError(f"'{hub}' is no dataset repo on the Hub, such as org/name or org/name@revision")
        return hub

    @field_validator("path")
    @classmethod
    def _leads_to_files(cls, path: str | list[str] | None, known: ValidationInfo) -> str | list[str] | None:
        if "hub" not in known.data:
            return path
        hub = known.data["hub"]
        if path is None and hub is None:
            raise ValueError("is required, or hub")
        for each in [path] if isinstance(path, str) else path or ():
            if hub and (each.startswith("/") or ".." in PurePosixPath(each).parts):
                raise ValueError(f"'{each}' leads out of the repo {hub}; paths are relative to it")
        return path

    @model_serializer(mode="wrap")
    def _without_what_is_not_asked_for(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Plain values; recipes that name no repo have the same ones, and so digest, as before there were repos."""
        out: dict[str, Any] = serialize(self)
        if self.hub is None:
            out.pop("hub", None)
        return out

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths as a tuple, also where the recipe gives a single one or none."""
        return (self.path,) if isinstance(self.path, str) else tuple(self.path or ())

    @property
    def repo(self) -> str | None:
        """The repo without the revision, if the files are on the Hub."""
        return self.hub.partition("@")[0] if self.hub else None

    @property
    def revision(self) -> str | None:
        """Branch, tag or commit of the repo, where the recipe names one."""
        return self.hub.partition("@")[2] or None if self.hub else None

    @property
    def kept(self) -> dict[str, KeptType]:
        """Columns of the source to carry along, with their types."""
        return dict(self.keep) if isinstance(self.keep, dict) else dict.fromkeys(self.keep, "string")


_NO_ENCODINGS_OF_FILES = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)


def _is_encoding(name: str) -> bool:
    try:
        # Python has codecs that make no text, such as base64, and tells them apart by this alone.
        b"text".decode(name, "replace")
        return codecs.lookup(name).name.replace("_", "-") not in _NO_ENCODINGS_OF_FILES
    except (LookupError, ValueError):
        return False


def _nearest_encodings(name: str) -> str:
    known = sorted({alias.replace("_", "-") for alias in {*aliases, *aliases.values()}})
    close = difflib.get_close_matches(name.lower().replace("_", "-"), filter(_is_encoding, known), n=3)
    return f"; did you mean {' or '.join(close)}?" if close else ", such as utf-8, windows-1258 or shift_jis"
