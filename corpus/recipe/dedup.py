"""The parts of a recipe that look at other documents: what counts as a copy, and evaluation data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from corpus.recipe.part import Part, Share


class SiteLines(Part):
    """Which lines belong to a site's template rather than to its pages."""

    pages: Annotated[int, Field(ge=2)] = Field(
        default=10, description="The line stands on so many different pages of the site; copies count once."
    )
    share: Share = Field(
        default=0.2, description="Sentences, and lines amid the text, stand on this share of its pages as well."
    )


class Near(Part):
    """Which documents are near-duplicates: MinHash-LSH finds candidates, which are then compared exactly."""

    threshold: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.8, description="Jaccard similarity of the sets of word n-grams from which documents are copies."
    )
    words: Annotated[int, Field(ge=1, le=20)] = Field(default=5, description="Words of an n-gram.")
    bands: Annotated[int, Field(ge=1, le=64)] = Field(
        default=18, description="Bands of the signature; `corpus explain --dedup` shows what is found."
    )
    rows: Annotated[int, Field(ge=1, le=64)] = Field(default=7, description="MinHash values of a band.")
    min_words: Annotated[int, Field(ge=1)] = Field(
        default=20, description="Shorter documents are near-duplicates of none: one number makes another text of them."
    )


class Paragraphs(Part):
    """Which paragraphs stay only where they come first in the corpus."""

    min_words: Annotated[int, Field(ge=1)] = Field(default=20, description="Shorter lines may repeat.")


def _switched(value: object) -> object:
    """`false` and `true` for a part that is left out or has its defaults."""
    return {} if value is True else None if value is False else value


class Dedup(Part):
    """What counts as a copy, of documents and within them, and which copy stays."""

    site_lines: Annotated[
        SiteLines | None, BeforeValidator(_switched, json_schema_input_type=SiteLines | bool | None)
    ] = Field(default=SiteLines(), description="Take out lines that a site prints on many pages; false for not.")
    exact: bool = Field(
        default=True, description="Merge documents whose text is the same but for case, spacing and punctuation."
    )
    near: Annotated[Near | None, BeforeValidator(_switched, json_schema_input_type=Near | bool | None)] = Field(
        default=Near(), description="Merge near-duplicates; false for not."
    )
    paragraphs: Annotated[
        Paragraphs | None, BeforeValidator(_switched, json_schema_input_type=Paragraphs | bool | None)
    ] = Field(default=None, description="Take out paragraphs that an earlier document has; true for the defaults.")
    keep: list[Literal["longest", "earliest", "source"]] = Field(
        default=["longest", "earliest", "source"],
        description="Which copy stays, by the first of these that differs; then the one with the smallest id. "
        "One that an earlier version released comes before all.",
    )
    prefer: list[str] = Field(
        default_factory=list, description="Names of sources, the preferred one first, for `source` in `keep`."
    )


class Decontaminate(Part):
    """Evaluation data that must not be in the dataset."""

    files: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")], str | list[str]] = Field(
        default_factory=dict,
        description="Name of a benchmark: its files, folders or globs, relative to the recipe; all their text counts.",
    )
    words: Annotated[int, Field(ge=4, le=100)] = Field(
        default=13, description="A document is contaminated that has so many words in a row of a benchmark."
    )
    action: Literal["drop", "cut"] = Field(
        default="drop", description="Drop such documents, or `cut` the lines out of them."
    )
