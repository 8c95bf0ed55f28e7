"""Reading recipes from YAML, with mistakes told by file, line and field."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from corpus import _yaml
from corpus.errors import RecipeError
from corpus.recipe.model import Clean, Cleaning, LineRule, Recipe
from corpus.recipe.part import Part
from corpus.recipe.source import Source

RECIPE_NAME = "corpus.yaml"
"""File name that `corpus build FOLDER` looks for."""

_Model = TypeVar("_Model", bound=BaseModel)


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


class _Rules(Part):
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


def load_cleaning(path: Path) -> Cleaning:
    """Read how a recipe cleans; a file with nothing but `clean:`, `quality:` or `privacy:` will do.

    The path of a line model in it becomes absolute.

    Raises:
        RecipeError: it cannot be read or is wrong.
    """
    file = find_recipe(path)
    whole = re.search(r"^sources\s*:", _read(file), flags=re.MULTILINE)
    cleaning = load_recipe(file).cleaning if whole else _load(file, Cleaning, _SHAPE)
    clean = cleaning.clean if whole else _with_rules(file, cleaning.clean)
    if clean.model:
        clean = clean.model_copy(update={"model": str((file.parent / clean.model).absolute())})
    return cleaning.model_copy(update={"clean": clean})


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
        hint = {"version": "a version is three numbers, such as 1.0.0, or auto"}.get(
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
            # A part that can be switched off is a union of itself and None.
            parts = [part for part in (annotation, *get_args(annotation)) if isinstance(part, type)]
            models = [part for part in parts if issubclass(part, BaseModel)]
            if not models:
                return []
            model = models[0]
    return list(model.model_fields)
