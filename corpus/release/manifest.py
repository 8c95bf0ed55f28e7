"""The manifest: what a release consists of, where it came from, and what became of every input document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.document import FIELDS
from corpus.document import Field as DocumentField
from corpus.errors import BuildError, ReleaseError
from corpus.release.reasons import STAGE_OF

MANIFEST_NAME = "manifest.json"
SCHEMA_VERSION = 1

Level = Literal["major", "minor", "patch"]
"""Which number of a version goes up: columns or their meaning changed; documents came or changed, or the recipe did;
documents went, or what is said about them changed."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileEntry(_Part):
    """One file of the release."""

    path: str = Field(description="Relative to the release, posix.")
    sha256: Sha256
    bytes: int
    rows: int | None = Field(default=None, description="Rows, where it is a Parquet file.")
    rows_digest: Sha256 | None = Field(default=None, description="Digest of the rows, where it is a data file.")
    split: str | None = Field(default=None, description="Split that the rows belong to.")


class InputEntry(_Part):
    """The raw files of one source."""

    source: str
    files: int
    bytes: int
    sha256: Sha256 = Field(description="SHA-256 over the lines '<sha256>  <path>' of all files, sorted by path.")
    hub: str | None = Field(default=None, description="Dataset repo on the Hub, where they were read from one.")
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")] | None = Field(
        default=None, description="Commit of that repo which the revision in the recipe was."
    )


class OtherInput(_Part):
    """A file beside the recipe that shapes the release too."""

    path: str = Field(description="Relative to the recipe, posix.")
    bytes: int
    sha256: Sha256


class SplitEntry(_Part):
    """One split of the data."""

    rows: int
    num_bytes: int = Field(description="Size in memory as Arrow buffers without validity bitmaps.")
    rows_digest: Sha256 = Field(description="Sum of the row digests of its files modulo 2^256.")


class Total(_Part):
    """Documents that share a source or a language."""

    documents: int
    chars: int
    words: int


class Column(_Part):
    """One column of the data files."""

    name: str
    type: str = Field(description="Arrow type; `struct`, or `list` of such, with its fields below.")
    nullable: bool
    description: str
    meaning: int = Field(default=1, description="Goes up when the same value comes to mean something else.")
    fields: list[Column] | None = Field(default=None, description="Fields of the struct or of the structs of the list.")


class Accounting(_Part):
    """The fate of every document that was read: read = kept + dropped + quarantined."""

    read: int
    kept: int
    dropped: dict[str, int] = Field(description="By reason.")
    quarantined: dict[str, int] = Field(description="By error.")
    encodings: dict[str, int] = Field(description="Records read, by the encoding that they were in.")
    limits: dict[str, int] = Field(description="Documents dropped for quality, by the limit that they break.")
    repaired: dict[str, int] = Field(
        description="Documents that were read, by what was mended in them; one may count several times."
    )
    masked: dict[str, int] = Field(description="Pieces of personal data masked in documents read, by kind.")
    removed_lines: dict[str, int] = Field(
        description="Lines taken out of documents, by rule; those of withdrawn documents do not count."
    )
    removed_chars: int

    @property
    def by_stage(self) -> dict[str, dict[str, int]]:
        """Documents that each stage took out, by reason, in the order of the stages."""
        out = {"read": dict(self.quarantined)}
        for reason, count in self.dropped.items():
            out.setdefault(STAGE_OF[reason], {})[reason] = count
        return {stage: out[stage] for stage in dict.fromkeys(("read", *STAGE_OF.values())) if out.get(stage)}

    def check(self) -> None:
        """See that the sums add up.

        Raises:
            BuildError: they don't.
        """
        dropped, quarantined = sum(self.dropped.values()), sum(self.quarantined.values())
        if self.read != self.kept + dropped + quarantined:
            raise BuildError(
                f"the accounts do not add up: {self.read} read, but {self.kept} kept + {dropped} dropped + "
                f"{quarantined} quarantined; this is a defect or a damaged cache (`corpus cache --clear`)"
            )


class Contamination(_Part):
    """What of one benchmark was looked for in the documents, and what was found."""

    items: int
    items_too_short: int = Field(description="Items of fewer words than make a hit; they were not looked for.")
    items_common: int = Field(
        description="Items of which nothing was looked for, because the benchmark says all of it in many items."
    )
    items_found: int = Field(description="Items with a hit in some document.")
    documents: int = Field(description="Documents with a hit.")
    ngrams: int = Field(description="Different n-grams with a hit, summed over documents.")


class Changes(_Part):
    """What is different from the version before, in numbers and words."""

    level: Level = Field(description="What kind of version the difference calls for.")
    added: dict[str, int] = Field(description="Documents that the version before does not have, by reason.")
    removed: dict[str, int] = Field(description="Documents that only the version before has, by reason.")
    changed: dict[str, int] = Field(
        description="Documents of both versions with other content, by what is different in them."
    )
    schema_changes: list[str] = Field(description="Columns that came, went or changed, a sentence each.")
    recipe_changes: list[str] = Field(description="Fields of the recipe with another value, such as `dedup.near`.")


class Parent(_Part):
    """A version that came before."""

    version: str
    digest: Sha256 = Field(description="Of its manifest.")
    documents: int
    changes: Changes | None = Field(default=None, description="Against the version before it; the first has none.")


class Withdrawn(_Part):
    """Documents that were taken out on request."""

    sha256: Sha256 = Field(description="Of the list beside the recipe.")
    requests: int
    documents: dict[str, int] = Field(
        description="Documents in the sources of this version that were left out for it, by the reason of the request."
    )


class Manifest(_Part):
    """Everything that a release says about itself."""

    schema_version: Literal[1] = 1
    dataset: str
    version: str
    license: str
    title: str
    description: str
    program: str = Field(description="Name and version of the program that built the release.")
    libraries: dict[str, str] = Field(description="Versions of the libraries that shape text or bytes.")
    recipe: dict[str, Any] = Field(description="The recipe with all defaults filled in.")
    recipe_digest: Sha256
    inputs: list[InputEntry]
    evaluation_inputs: list[InputEntry] = Field(
        default_factory=list, description="Files of the benchmarks; `source` is the benchmark."
    )
    other_inputs: list[OtherInput] = Field(
        default_factory=list, description="Line model, list of withdrawn documents, own paragraphs of the card."
    )
    columns: list[Column]
    splits: dict[str, SplitEntry]
    rows_digest: Sha256 = Field(description="Digest of all rows and their splits; the same for ever.")
    accounting: Accounting
    contamination: dict[str, Contamination] | None = Field(
        default=None, description="By benchmark, where the recipe names any."
    )
    parents: list[Parent] = Field(
        default_factory=list,
        description="The versions that came before, the next one first; of copies, those that it has stay.",
    )
    changes: Changes | None = Field(default=None, description="Against the version before, where there is one.")
    withdrawn: Withdrawn | None = Field(default=None, description="Where a list of withdrawn documents stands.")
    sources: dict[str, Total]
    languages: dict[str, Total]
    files: list[FileEntry] = Field(description="All files but the manifest, sorted by path.")
    digest: Sha256 = Field(default="0" * 64, description="SHA-256 of the manifest's canonical JSON without this field.")

    @property
    def name(self) -> str:
        """Name of the release's folder; its own, because `datasets` caches by it."""
        return f"{self.dataset}-{self.version}"

    def signed(self) -> Self:
        """The manifest with its digest filled in."""
        return self.model_copy(update={"digest": self.computed_digest()})

    def computed_digest(self) -> str:
        """What `digest` has to be."""
        # Fields that a later version adds are null in older manifests, whose digest stays what it was.
        content = self.model_dump(mode="json", exclude={"digest"}, exclude_none=True)
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def to_json(self) -> str:
        """The manifest as the text of `manifest.json`."""
        return json.dumps(self.model_dump(mode="json", exclude_none=True), ensure_ascii=False, indent=2) + "\n"


def read_manifest(release: Path) -> Manifest:
    """Read and check the manifest of a release.

    Raises:
        ReleaseError: there is none, it is of a newer schema, or it was altered.
    """
    path = release / MANIFEST_NAME
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReleaseError(f"{release}: not a release: it holds no {MANIFEST_NAME}") from None
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path}: cannot be read: {error}") from None
    version = raw.get("schema_version") if isinstance(raw, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise ReleaseError(f"{path}: written by a newer corpus-press (schema {version}); upgrade to read it")
    try:
        manifest = Manifest.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ReleaseError(f"{path}: not a valid manifest: {where}: {first['msg']}") from None
    if manifest.digest != manifest.computed_digest():
        raise ReleaseError(f"{path}: the manifest was altered: it does not match its own digest")
    return manifest


def parents_of(before: Manifest) -> list[Parent]:
    """The versions that come before the one that follows on this one, the next one first."""
    own = Parent(version=before.version, digest=before.digest, documents=before.accounting.kept, changes=before.changes)
    return [own, *before.parents]


def columns_of(kept: dict[str, str]) -> list[Column]:
    """The columns of a release that carries these columns along."""
    own = [_column(field) for field in FIELDS]
    carried = [
        Column(
            name=name,
            type={"float64": "double"}.get(type_, type_),
            nullable=True,
            description="Carried along from the source",
        )
        for name, type_ in kept.items()
    ]
    return own + carried


def schema_of(columns: Sequence[Column]) -> pa.Schema:
    """Arrow schema of data files with these columns.

    Raises:
        ReleaseError: one has a type that data files do not have.
    """
    return pa.schema([pa.field(column.name, _type(column), nullable=column.nullable) for column in columns])


def _type(column: Column) -> pa.DataType:
    fields = [(field.name, _type(field)) for field in column.fields or ()]
    if column.type in {"struct", "list"}:
        return pa.struct(fields) if column.type == "struct" else pa.list_(pa.struct(fields))
    try:
        return pa.type_for_alias(column.type)
    except ValueError:
        raise ReleaseError(f"column {column.name}: no type of a data file is called '{column.type}'") from None


def _column(field: DocumentField) -> Column:
    kind = "struct" if pa.types.is_struct(field.type) else "list" if pa.types.is_list(field.type) else str(field.type)
    parts = [_column(part) for part in field.fields] or None
    return Column(
        name=field.name,
        type=kind,
        nullable=field.nullable,
        description=field.description,
        meaning=field.meaning,
        fields=parts,
    )
