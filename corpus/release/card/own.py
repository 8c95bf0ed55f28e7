"""The user's own card: paragraphs and metadata in `card.md` beside the recipe."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from corpus import _yaml
from corpus.errors import RecipeError
from corpus.release.hub_rules import problems

OWN_CARD_NAME = "card.md"

METADATA = (
    "pretty_name", "tags", "task_categories", "task_ids", "language", "language_details", "multilinguality",
    "license_name", "license_link", "annotations_creators", "language_creators", "source_datasets", "paperswithcode_id",
    "extra_gated_heading", "extra_gated_prompt", "extra_gated_fields", "extra_gated_button_content",
)  # fmt: skip
"""Fields of the card's YAML block that the user may set; `tags` and `language` add to ours."""

_FROM_RECIPE = {"license", "configs", "dataset_info", "size_categories"}
_CITED = ("creators", "date", "homepage")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_HEADING = re.compile(r" {0,3}##[ \t]+(?P<name>.*?)(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<info>.*)")


@dataclass(frozen=True, slots=True)
class OwnCard:
    """What a user says about the dataset himself."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Fields for the YAML block of the card."""
    creators: tuple[str, ...] = ()
    date: str | None = None
    """Year, month or day of publication in the form of ISO 8601."""
    homepage: str | None = None
    opening: str = ""
    """Markdown before the first heading."""
    sections: tuple[tuple[str, str], ...] = ()
    """Headings of the second level with the Markdown below them, in their order."""

    def under(self, heading: str) -> str:
        """Markdown under a heading, whatever its case; empty where there is none."""
        return "\n\n".join(text for name, text in self.sections if name.casefold() == heading.casefold() and text)


def read_own_card(text: str, license: str, name: str = OWN_CARD_NAME) -> OwnCard:
    """Read a user's card: an optional YAML block between two lines `---`, then Markdown.

    Args:
        text: The file.
        license: Licence of the recipe.
        name: Its path, for messages.

    Raises:
        RecipeError: the YAML block cannot be used; one line for each mistake, with file and line.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    block, body = _cut(lines, name)
    data = _metadata(block, license, name)
    opening, *sections = _sections(body)
    return OwnCard(
        metadata={field: data[field] for field in data if field in METADATA},
        creators=tuple(_listed(data.get("creators", []))),
        date=None if data.get("date") is None else str(data["date"]),
        homepage=data.get("homepage"),
        opening=opening[1],
        sections=tuple(sections),
    )


def find_own_card(folder: Path, license: str) -> str | None:
    """Text of the card that a user keeps beside his recipe; None where there is none.

    Args:
        folder: Folder of the recipe.
        license: Its licence.

    Raises:
        RecipeError: it cannot be read, or its YAML block cannot be used.
    """
    path = folder / OWN_CARD_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: cannot be read: {error}") from None
    read_own_card(text, license, str(path))
    return text


def _cut(lines: list[str], name: str) -> tuple[str, list[str]]:
    """The YAML block, with the line of its first mark as an empty one, and the lines behind it."""
    if lines[0].rstrip() != "---":
        return "", lines
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(["", *lines[1:number]]), lines[number + 1 :]
    raise RecipeError(f"{name}:1: the YAML block that opens here is not closed by a line '---'")


def _metadata(block: str, license: str, name: str) -> dict[str, Any]:
    try:
        data, lines = _yaml.load(block)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RecipeError(f"{name}:{line}: not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise RecipeError(f"{name}: not YAML: {error}") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise RecipeError(f"{name}:2: the YAML block is a mapping of fields, such as 'tags: [news]'")
    found = sorted({(lines.get((str(key),), 2), f"{key}: {what}") for key, what in _mistakes(data, license)})
    if found:
        raise RecipeError("\n".join(f"{name}:{line}: {what}" for line, what in found))
    return data


def _mistakes(data: Mapping[Any, Any], license: str) -> Iterator[tuple[Any, str]]:
    for key in data:
        if key in _FROM_RECIPE:
            yield key, "follows from the recipe and the data, so it cannot be set here"
        elif key not in METADATA and key not in _CITED:
            close = difflib.get_close_matches(str(key), [*METADATA, *_CITED], n=1, cutoff=0.5)
            yield key, f"unknown field; did you mean '{close[0]}'?" if close else "unknown field"
    own = {key: value for key, value in data.items() if key in METADATA}
    yield from ((key, what) for key, what in problems(own | {"license": license}) if key in data)
    if not all(isinstance(person, str) and person.strip() for person in _listed(data.get("creators", []))):
        yield "creators", "is a name, or a list of names"
    if "date" in data and not _DATE.fullmatch(str(data["date"])):
        yield "date", f"'{data['date']}' is no year, month or day such as 2026, 2026-05 or 2026-05-31"
    if "homepage" in data and not re.fullmatch(r"https?://\S+", str(data["homepage"])):
        yield "homepage", f"'{data['homepage']}' is no address"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _sections(lines: list[str]) -> list[tuple[str, str]]:
    """Headings of the second level with what stands below each, word for word; first what comes before all of them."""
    out: list[tuple[str, list[str]]] = [("", [])]
    fence = ""
    for line in lines:
        mark = _FENCE.fullmatch(line)
        heading = None if fence else _HEADING.fullmatch(line)
        if heading:
            out.append((heading["name"].strip(), []))
            continue
        if mark and not fence:
            fence = mark["marks"]
        elif mark and mark["marks"].startswith(fence) and not mark["info"].strip():
            fence = ""
        out[-1][1].append(line)
    return [(name, "\n".join(below).strip("\n")) for name, below in out]
