"""The recipe: the only configuration of a build, as pydantic models read from one YAML file."""

from __future__ import annotations

import codecs
import difflib
import hashlib
import json
import re
from encodings.aliases import aliases
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from corpus import _yaml
from corpus.document import KEPT_TYPES, MAPPABLE_FIELDS, kept_name
from corpus.errors import RecipeError

RECIPE_NAME = "corpus.yaml"
"""File name that `corpus build FOLDER` looks for."""

Format = Literal["text", "jsonl", "csv", "parquet"]
KeptType = Literal["string", "int64", "float64", "bool"]
MappableField = Literal["text", "title", "url", "author", "credit", "published"]
Share = Annotated[float, Field(ge=0, le=1)]

assert set(get_args(KeptType)) == set(KEPT_TYPES)
assert set(get_args(MappableField)) == set(MAPPABLE_FIELDS)


_Model = TypeVar("_Model", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Source(_Part):
    """Raw files of one origin."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")] = Field(
        description="Becomes the column `source` of every document."
    )
    path: str | list[str] = Field(
        description="File, folder or glob (`**` for any depth), relative to the recipe; or a list of these."
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

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths as a tuple, also where the recipe gives a single one."""
        return (self.path,) if isinstance(self.path, str) else tuple(self.path)

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


class LineRule(_Part):
    """A rule of your own about lines: phrases, regular expressions and headings, for some sites or languages or all."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=60)] = Field(
        description="Stands in audits as `own/NAME`."
    )
    phrases: list[str] = Field(
        default_factory=list, description="Whole lines, whatever their case, spacing, bullets and counters."
    )
    patterns: list[str] = Field(
        default_factory=list,
        description="Regular expressions (Python's `re`) that are searched in each line of at most 2000 characters.",
    )
    headings: list[str] = Field(
        default_factory=list, description="Whole lines that open a box of other stories; the box goes with them."
    )
    keep: bool = Field(
        default=False, description="Lines with these phrases or patterns stay, whatever else would take them."
    )
    sites: list[str] = Field(
        default_factory=list, description="Hosts that the rule holds for, with all below them; all where left out."
    )
    languages: list[str] = Field(
        default_factory=list, description="Language tags that the rule holds for; all where left out."
    )

    @field_validator("patterns")
    @classmethod
    def _compile(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"'{pattern}' is no regular expression: {error}") from None
        return patterns

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.phrases or self.patterns or self.headings):
            raise ValueError(f"rule '{self.name}' has neither phrases nor patterns nor headings")
        if self.keep and self.headings:
            raise ValueError(f"rule '{self.name}' keeps lines, so it has no headings")
        return self


class Clean(_Part):
    """What is done to each document."""

    repair: bool = Field(default=True, description="Mend mojibake, entities and control characters with ftfy.")
    boilerplate: bool = Field(default=True, description="Strip related-story boxes, captions, counters, footers.")
    metadata: bool = Field(default=True, description="Lift title, credit, author, date and URL out of the text.")
    model: str | None = Field(
        default=None, description="A line model of your own, made by `corpus train`; relative to the recipe."
    )
    rules: list[LineRule] = Field(default_factory=list, description="Rules of your own about lines.")
    rules_file: str | None = Field(
        default=None, description="A YAML file with more of them under `rules:`; relative to the recipe."
    )

    @field_validator("rules")
    @classmethod
    def _distinct_rules(cls, rules: list[LineRule]) -> list[LineRule]:
        names = [rule.name for rule in rules]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"two rules are named '{min(twice)}'")
        return rules


class Dedup(_Part):
    """Which documents count as copies of one another."""

    exact: bool = Field(default=True, description="Drop documents whose text is the same but for case and spacing.")


class Splits(_Part):
    """Shares of the documents that go into each split; the rest is `train`."""

    validation: Share = Field(default=0.0, description="Share of the documents in the split `validation`.")
    test: Share = Field(default=0.0, description="Share of the documents in the split `test`.")

    @model_validator(mode="after")
    def _leaves_train(self) -> Self:
        if self.validation + self.test >= 1:
            raise ValueError("validation and test together leave nothing for train")
        return self


class Release(_Part):
    """How the release is written."""

    title: str | None = Field(default=None, description="Title of the card.")
    description: str | None = Field(default=None, description="First paragraph of the card.")
    max_shard_mb: Annotated[int, Field(ge=1, le=5000)] = Field(
        default=400, description="Text of at most so many megabytes (10^6 bytes) goes into one Parquet file."
    )
    audit: bool = Field(
        default=True, description="Ship the removed lines with the release, each with the rule that took it."
    )


class Limits(_Part):
    """Bounds on what is taken in."""

    max_bad_share: Share = Field(
        default=0.1, description="Stop with exit code 3 when a larger share of the records cannot be read."
    )
    max_document_mb: Annotated[float, Field(gt=0, le=1000)] = Field(
        default=32, description="Larger records (10^6 bytes) are quarantined unread."
    )


class Recipe(_Part):
    """A recipe: raw files in, one dataset release out."""

    dataset: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)] = Field(
        description="Name of the release: lower-case letters, digits and hyphens."
    )
    version: Annotated[str, Field(pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")] = Field(
        description="Semantic version of the release, such as 1.0.0."
    )
    license: str = Field(default="other", description="Licence of the dataset, by the Hub's identifiers.")
    sources: Annotated[list[Source], Field(min_length=1)] = Field(description="Where the raw text is.")
    clean: Clean = Clean()
    dedup: Dedup = Dedup()
    splits: Splits = Splits()
    release: Release = Release()
    limits: Limits = Limits()

    @field_validator("sources")
    @classmethod
    def _distinct_names(cls, sources: list[Source]) -> list[Source]:
        names = [source.name for source in sources]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"two sources are named '{min(twice)}'")
        return sources

    @model_validator(mode="after")
    def _kept_types_agree(self) -> Self:
        seen: dict[str, str] = {}
        for source in self.sources:
            for column, type_ in source.kept.items():
                name = kept_name(column)
                if seen.setdefault(name, type_) != type_:
                    raise ValueError(f"column '{name}' is kept as {seen[name]} and as {type_}")
                if name != column and name in {c for s in self.sources for c in s.kept}:
                    raise ValueError(f"columns '{column}' and '{name}' would both be kept as '{name}'")
        return self

    @property
    def kept(self) -> dict[str, KeptType]:
        """Carried-along columns of all sources by their name in the release, sorted."""
        columns = {kept_name(c): t for source in self.sources for c, t in source.kept.items()}
        return dict(sorted(columns.items()))

    @property
    def digest(self) -> str:
        """SHA-256 of the recipe with all defaults filled in, so that comments and key order don't count."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def find_recipe(path: Path) -> Path:
    """The recipe file that `path` means: itself, or `corpus.yaml` in it where it is a folder.

    Raises:
        RecipeError: there is no such file.
    """
    if path.is_dir():
        recipe = path / RECIPE_NAME
        if not recipe.is_file():
            raise RecipeError(f"{path}: no {RECIPE_NAME} in this folder; `corpus init {path}` writes one")
        return recipe
    if not path.exists():
        raise RecipeError(f"{path}: no such recipe")
    return path


_SHAPE = "a recipe is a mapping that starts with 'dataset: NAME'"


class _Rules(_Part):
    """A file of rules."""

    rules: list[LineRule]


def load_recipe(path: Path) -> Recipe:
    """Read and check a recipe, with the file of rules that it names.

    Raises:
        RecipeError: it cannot be read or is wrong; one line for each mistake, with file, line and field.
    """
    recipe = _load(path, Recipe, _SHAPE)
    return recipe.model_copy(update={"clean": _with_rules(path, recipe.clean)})


def _with_rules(path: Path, clean: Clean) -> Clean:
    """Put the rules of the file that `clean` names behind its own."""
    if clean.rules_file is None:
        return clean
    found = _load(path.parent / clean.rules_file, _Rules, "a file of rules is a mapping that starts with 'rules:'")
    try:
        rules = [*clean.rules, *found.rules]
        return Clean.model_validate(clean.model_dump() | {"rules": rules, "rules_file": None})
    except ValidationError as error:
        raise RecipeError(f"{path}: clean.rules_file: {error.errors()[0]['ctx']['error']}") from None


class _CleaningFile(_Part):
    """The part of a recipe that a cleaning pass reads, where there is no more of it."""

    clean: Clean = Clean()


def load_cleaning(path: Path) -> Clean:
    """Read how a recipe cleans; a file with nothing but `clean:` will do.

    The path of a line model in it becomes absolute.

    Raises:
        RecipeError: it cannot be read or is wrong.
    """
    file = find_recipe(path)
    whole = re.search(r"^sources\s*:", _read(file), flags=re.MULTILINE)
    clean = load_recipe(file).clean if whole else _with_rules(file, _load(file, _CleaningFile, _SHAPE).clean)
    return clean.model_copy(update={"model": str((file.parent / clean.model).absolute())}) if clean.model else clean


def _load(path: Path, model: type[_Model], shape: str) -> _Model:
    """Read one YAML file as a model."""
    try:
        data, lines = _yaml.load(_read(path))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RecipeError(f"{path}:{line}: not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise RecipeError(f"{path}: not YAML: {error}") from None
    if not isinstance(data, dict):
        raise RecipeError(f"{path}:1: {shape}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = [p for p in error.errors() if not _other_union_member(p)]
        problems = sorted({_explain(model, lines, data, problem) for problem in details})
        raise RecipeError("\n".join(f"{path}:{line}: {words}" for line, words in problems)) from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: cannot be read: {error}") from None


def _other_union_member(problem: Any) -> bool:
    """Whether the complaint is about the shape of a union that the user did not choose."""
    return (problem["type"], type(problem["input"])) in {("list_type", dict), ("dict_type", list)}


def _explain(model: type[BaseModel], lines: dict[_yaml.Location, int], data: Any, problem: Any) -> tuple[int, str]:
    """Line and one sentence for a person out of one pydantic error."""
    location = _yaml_location(problem["loc"], data)
    line = next(lines[location[:n]] for n in range(len(location), -1, -1) if location[:n] in lines)
    field = ".".join(str(step + 1) if isinstance(step, int) else step for step in location)
    message = _message(model, problem, location)
    return line, f"{field}: {message}" if field else message


def _yaml_location(loc: tuple[int | str, ...], data: Any) -> _yaml.Location:
    """The part of a pydantic location that exists in the YAML; pydantic adds names of union members."""
    out: list[int | str] = []
    for step in loc:
        if isinstance(data, dict) and step not in data and len(out) + 1 < len(loc):
            continue
        if not isinstance(data, dict | list):
            break
        out.append(step)
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(step, int) and step < len(data):
            data = data[step]
    return tuple(out)


def _message(model: type[BaseModel], problem: Any, location: _yaml.Location) -> str:
    kind, given = problem["type"], problem["input"]
    if kind == "missing":
        return "is required"
    if kind == "extra_forbidden":
        return "unknown field" + _nearest(str(location[-1]), _field_names(model, location[:-1]))
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", problem["ctx"]["expected"])
        return f"'{given}' is not one of {', '.join(allowed)}" + _nearest(str(given), allowed)
    if kind == "string_type" and isinstance(given, int | float):
        return f"{given} is a number here; put it in quotes"
    if kind == "string_pattern_mismatch":
        hint = {"version": "a version is three numbers, such as 1.0.0"}.get(
            str(location[-1]), "only letters, digits and hyphens, lower case in the name of a dataset"
        )
        return f"'{given}' is not valid: {hint}"
    if kind == "value_error":
        return str(problem["ctx"]["error"])
    shown = json.dumps(given, default=str, ensure_ascii=False)
    return f"{problem['msg'][0].lower()}{problem['msg'][1:]}, not {shown}"


def _nearest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; known here: {', '.join(sorted(known))}"


def _field_names(model: type[BaseModel], location: _yaml.Location) -> list[str]:
    for step in location:
        if isinstance(step, str):
            items: dict[str, type[BaseModel]] = {"sources": Source, "rules": LineRule}
            annotation = items[step] if step in items else model.model_fields[step].annotation
            if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
                return []
            model = annotation
    return list(model.model_fields)
