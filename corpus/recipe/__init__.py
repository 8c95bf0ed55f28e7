"""The recipe: the only configuration of a build, read from one YAML file.

`model` and `dedup` say what can be configured, `load` reads it and tells mistakes. What the parts do is the business
of others.
"""

from corpus.recipe.dedup import Decontaminate, Dedup, Near, Paragraphs, SiteLines
from corpus.recipe.load import RECIPE_NAME, find_recipe, load_cleaning, load_recipe
from corpus.recipe.model import (
    Bounds,
    Clean,
    Cleaning,
    Detector,
    Limits,
    LineRule,
    PersonalData,
    PresetName,
    Privacy,
    Quality,
    Recipe,
    Release,
    Tone,
)
from corpus.recipe.source import Format, KeptType, Source
from corpus.recipe.splits import Splits

__all__ = [
    "RECIPE_NAME",
    "Bounds",
    "Clean",
    "Cleaning",
    "Decontaminate",
    "Dedup",
    "Detector",
    "Format",
    "KeptType",
    "Limits",
    "LineRule",
    "Near",
    "Paragraphs",
    "PersonalData",
    "PresetName",
    "Privacy",
    "Quality",
    "Recipe",
    "Release",
    "SiteLines",
    "Source",
    "Splits",
    "Tone",
    "find_recipe",
    "load_cleaning",
    "load_recipe",
]
