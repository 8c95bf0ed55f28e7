"""The recipe as pydantic models: each part, its fields, their defaults and meanings."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, field_validator, model_validator

from corpus.document import kept_name
from corpus.recipe.dedup import Decontaminate, Dedup
from corpus.recipe.licenses import licenses, nearest_licenses
from corpus.recipe.part import Part, Share
from corpus.recipe.source import KeptType, Source
from corpus.recipe.splits import Splits
from corpus.signals import SIGNALS

Tone = Literal["keep", "old", "new"]
Detector = Literal["profiles", "langdetect", "lingua", "py3langid", "fasttext"]
PresetName = Literal["gopher", "c4", "fineweb", "vi-news"]
PersonalData = Literal["secret", "email", "bank_card", "citizen_id", "tax_code", "bank_account", "phone", "ip_address"]
"""Kinds of personal data and secrets; where two are found in one place, the one that comes first here counts."""

SIGNAL_NAMES = [signal.name for signal in SIGNALS]


class LineRule(Part):
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


class Clean(Part):
    """What is done to each document."""

    repair: bool = Field(default=True, description="Mend mojibake, entities and control characters as ftfy does.")
    vietnamese: bool = Field(
        default=True,
        description="Convert Vietnamese in TCVN3, VNI, VISCII, VPS or VIQR, and put look-alikes of đ right.",
    )
    tone: Tone = Field(
        default="keep", description="Where tone marks stand in Vietnamese text: old is hòa, new is hoà, keep as it is."
    )
    boilerplate: bool = Field(default=True, description="Strip related-story boxes, captions, counters, footers.")
    metadata: bool = Field(default=True, description="Lift title, credit, author, date and URL out of the text.")
    detector: Detector = Field(
        default="profiles",
        description="What names the language; profiles is langdetect's answer at fifty times its speed.",
    )
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


class Bounds(Part):
    """Bounds of a signal, which belong to what is kept themselves; without any, the signal has no limit."""

    min: float | None = Field(default=None, description="Drop documents below.")
    max: float | None = Field(default=None, description="Drop documents above.")
    languages: list[str] = Field(
        default_factory=list, description="Language tags that it holds for, such as `vi`; all where left out."
    )

    @model_validator(mode="after")
    def _leave_something(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}")
        return self


class Quality(Part):
    """Which documents are good enough; what is measured stands in the column `quality` all the same."""

    presets: list[PresetName] = Field(
        default_factory=list, description="Sets of limits; see docs/quality.md. None where left out."
    )
    limits: dict[str, Bounds] = Field(
        default_factory=dict, description="Limits of your own, by signal, in place of those of the presets."
    )

    @field_validator("limits")
    @classmethod
    def _known_signals(cls, limits: dict[str, Bounds]) -> dict[str, Bounds]:
        for name in limits:
            if name not in SIGNAL_NAMES:
                close = difflib.get_close_matches(name, SIGNAL_NAMES, n=1, cutoff=0.5)
                hint = f"; did you mean '{close[0]}'?" if close else "; docs/quality.md lists them"
                raise ValueError(f"'{name}' is not a signal{hint}")
        return limits


class Privacy(Part):
    """What is done about personal data and secrets."""

    mode: Literal["off", "mask", "drop"] = Field(
        default="off", description="`mask` puts [EMAIL] and the like in their place, `drop` drops the document."
    )
    kinds: list[PersonalData] = Field(
        default=list(get_args(PersonalData)),
        description="What is looked for; see docs/privacy.md. All of it by default.",
    )


class Cleaning(Part):
    """All that is done to a document for itself, without looking at others."""

    clean: Clean = Clean()
    quality: Quality = Quality()
    privacy: Privacy = Privacy()


class Release(Part):
    """How the release is written."""

    title: Annotated[str, Field(max_length=200)] | None = Field(default=None, description="Title of the card.")
    description: str | None = Field(default=None, description="First paragraph of the card.")
    max_shard_mb: Annotated[int, Field(ge=1, le=500)] = Field(
        default=200,
        description="One Parquet file holds rows of at most so many megabytes (10^6 bytes) before compression, or one "
        "larger row.",
    )
    min_shards: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=1,
        description="At least so many Parquet files for each split, or as many as it has documents: one or more for "
        "each process that reads in training.",
    )
    audit: bool = Field(
        default=True, description="Ship the removed lines with the release, each with the rule that took it."
    )


class Limits(Part):
    """Bounds on what is taken in."""

    max_bad_share: Share = Field(
        default=0.1, description="Stop with exit code 3 when a larger share of the records cannot be read."
    )
    max_document_mb: Annotated[float, Field(gt=0, le=1000)] = Field(
        default=32, description="Larger records (10^6 bytes) are quarantined unread."
    )


class Recipe(Part):
    """A recipe: raw files in, one dataset release out."""

    dataset: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)] = Field(
        description="Name of the release: lower-case letters, digits and hyphens."
    )
    version: Annotated[str, Field(pattern=r"^(auto|(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*))$")] = Field(
        description="Semantic version of the release, such as 1.0.0; or `auto`, the one that the difference to the "
        "version before calls for."
    )
    license: str = Field(
        default="other",
        description="Licence of the dataset, by the Hub's identifiers, such as `cc-by-4.0`; "
        "docs/release.md says how to name another one.",
    )
    sources: Annotated[list[Source], Field(min_length=1)] = Field(description="Where the raw text is.")
    clean: Clean = Clean()
    quality: Quality = Quality()
    privacy: Privacy = Privacy()
    dedup: Dedup = Dedup()
    decontaminate: Decontaminate = Decontaminate()
    splits: Splits = Splits()
    release: Release = Release()
    limits: Limits = Limits()

    @field_validator("license")
    @classmethod
    def _known_license(cls, license: str) -> str:
        if license not in licenses():
            raise ValueError(f"'{license}' is no licence of the Hub; {nearest_licenses(license)}")
        return license

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

    @model_validator(mode="after")
    def _preferred_sources_exist(self) -> Self:
        names = {source.name for source in self.sources}
        for name in self.dedup.prefer:
            if name not in names:
                raise ValueError(f"dedup.prefer names '{name}', which is no source of this recipe")
        return self

    @model_validator(mode="after")
    def _splits_hold_no_copies(self) -> Self:
        if self.splits.any and self.splits.by != "document" and not self.dedup.near:
            raise ValueError(
                f"splits by {self.splits.by} need dedup.near: near copies that stay would end up in several splits"
            )
        return self

    @property
    def kept(self) -> dict[str, KeptType]:
        """Carried-along columns of all sources by their name in the release, sorted."""
        columns = {kept_name(c): t for source in self.sources for c, t in source.kept.items()}
        return dict(sorted(columns.items()))

    @property
    def cleaning(self) -> Cleaning:
        """The parts that say what is done to each document."""
        return Cleaning(clean=self.clean, quality=self.quality, privacy=self.privacy)

    @property
    def digest(self) -> str:
        """SHA-256 of the recipe with all defaults filled in, so that comments and key order don't count."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()
