"""What the Hub accepts in the YAML block of a dataset card, checked without asking it.

The lists are those of its documentation (licences, tasks) and of `datasets` (creators, sizes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from corpus.recipe.licenses import licenses, nearest_licenses

SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B", "1B<n<10B",
         "10B<n<100B", "100B<n<1T", "n>1T")  # fmt: skip
"""Size categories; each but the last ends at ten times the one before, the first at 1,000."""

MAX_NAME = 200
"""Characters of a name that is shown; the Hub gives no number, longer ones are cut on its pages."""

_ISO_639_3 = re.compile(r"[a-z]{3}")
_LANGUAGE_WORDS = frozenset({"code", "multilingual"})
_CREATORS = ("found", "crowdsourced", "expert-generated", "machine-generated", "other")
_WORDS = {
    "annotations_creators": (*_CREATORS, "no-annotation"),
    "language_creators": _CREATORS,
    "multilinguality": ("monolingual", "multilingual", "translation", "other"),
    "size_categories": (*SIZES, "unknown", "other"),
}
_SOURCE = re.compile(r"original|extended(\|\S+)?|[\w.-]+(/[\w.-]+)?")
_LICENSE_NAME = re.compile(r"[a-z0-9.-]+")
_LICENSE_LINK = re.compile(r"LICENSE(\.md)?|https?://\S+")
_SPLIT = re.compile(r"\w+(\.\w+)*")
_TEXTS = ("paperswithcode_id", "extra_gated_prompt", "extra_gated_heading", "extra_gated_button_content")
_TEXT_LISTS = ("tags", "language_details")


def check_card(data: Mapping[str, Any]) -> list[str]:
    """All that the Hub would not take in the YAML block of a card, a line each that begins with the field."""
    return [f"{field}: {what}" for field, what in problems(data)]


def problems(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The same as pairs of field and complaint."""
    for field, value in data.items():
        for what in _problems_of(field, value):
            yield field, what
    for field in ("license_name", "license_link"):
        if field in data and data.get("license", "other") != "other":
            yield field, f"goes with 'license: other' only; the licence is {data['license']}"


def is_language(code: object) -> bool:
    """Whether the Hub takes this for a language: ISO 639-1, the form of ISO 639-3, `code` or `multilingual`."""
    if not isinstance(code, str):
        return False
    return code in _two_letters() or code in _LANGUAGE_WORDS or bool(_ISO_639_3.fullmatch(code))


@cache
def tasks() -> dict[str, tuple[str, ...]]:
    """The Hub's categories of tasks with their tasks."""
    rows = (line.split("\t") for line in _lines("hub_tasks.tsv")[1:])
    return {category: tuple(ids.split()) for category, ids in rows}


@cache
def _two_letters() -> frozenset[str]:
    return frozenset(_lines("iso_639_1.txt"))


def _lines(name: str) -> list[str]:
    return (Path(__file__).with_name("data") / name).read_text(encoding="utf-8").splitlines()


def _problems_of(field: str, value: Any) -> Iterator[str]:
    if field == "license":
        for name in _listed(value):
            if not isinstance(name, str) or name not in licenses():
                yield f"'{name}' is no licence of the Hub; {nearest_licenses(str(name))}"
    elif field == "license_name":
        if not (isinstance(value, str) and _LICENSE_NAME.fullmatch(value)):
            yield f"'{value}' is not made of lower-case letters, digits, dots and hyphens"
    elif field == "license_link":
        if not (isinstance(value, str) and _LICENSE_LINK.fullmatch(value)):
            yield f"'{value}' is neither an address nor LICENSE or LICENSE.md"
    elif field == "language":
        for code in _listed(value):
            if not is_language(code):
                yield f"'{code}' is no code of ISO 639, such as vi or khm"
    elif field in _WORDS:
        yield from _outside(value, _WORDS[field])
    elif field == "task_categories":
        yield from _outside(value, tuple(tasks()))
    elif field == "task_ids":
        yield from _outside(value, tuple(dict.fromkeys(task for ids in tasks().values() for task in ids)))
    elif field == "source_datasets":
        for name in _listed(value):
            if not (isinstance(name, str) and _SOURCE.fullmatch(name)):
                yield f"'{name}' is neither original, extended nor the name of a dataset"
    elif field == "pretty_name":
        yield from _name(value)
    elif field in _TEXT_LISTS:
        for text in _listed(value):
            yield from _name(text)
    elif field in _TEXTS:
        if not (isinstance(value, str) and value.strip()):
            yield "is no text"
    elif field == "extra_gated_fields":
        if not (isinstance(value, dict) and all(isinstance(name, str) for name in value)):
            yield "is no mapping of names to kinds of fields"
    elif field == "configs":
        yield from _configs(value)
    elif field == "dataset_info":
        for info in _listed(value):
            yield from _info(info)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _outside(value: Any, allowed: tuple[str, ...]) -> Iterator[str]:
    for word in _listed(value):
        if word not in allowed:
            shown = allowed if len(allowed) <= 12 else (*allowed[:3], "...")
            yield f"'{word}' is not one of {', '.join(shown)}"


def _name(value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{value!r} is no text; put it in quotes"
    elif not value.strip() or "\n" in value:
        yield "is not one line of text"
    elif len(value) > MAX_NAME:
        yield f"has {len(value)} characters, more than {MAX_NAME}"


def _configs(value: Any) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(config, dict) for config in value):
        yield "is no list of mappings"
        return
    for config in value:
        if not isinstance(config.get("config_name"), str):
            yield "a configuration has no config_name"
        for entry in _listed(config.get("data_files", [])):
            if isinstance(entry, str):
                continue
            if not isinstance(entry, dict) or set(entry) != {"split", "path"}:
                yield "data_files are paths, or mappings of split and path"
            elif not (isinstance(entry["split"], str) and _SPLIT.fullmatch(entry["split"])):
                yield f"'{entry['split']}' is no name of a split: letters, digits, underscores and dots"
            elif not all(isinstance(path, str) for path in _listed(entry["path"])):
                yield f"split {entry['split']} has no path"


def _info(info: Any) -> Iterator[str]:
    if not isinstance(info, dict):
        yield "is no mapping"
        return
    if not _are_features(info.get("features", [])):
        yield "features are a list of names with a dtype, struct or list each"
    for split in _listed(info.get("splits", [])):
        numbers = [split.get(name) for name in ("num_bytes", "num_examples")] if isinstance(split, dict) else [None]
        if not all(isinstance(number, int) for number in numbers) or not isinstance(split.get("name"), str):
            yield "splits have a name, num_bytes and num_examples"


def _are_features(value: Any) -> bool:
    if not isinstance(value, list):
        return False
    for feature in value:
        if not isinstance(feature, dict) or not isinstance(feature.get("name"), str) or len(feature) != 2:
            return False
        [(kind, of)] = [(kind, of) for kind, of in feature.items() if kind != "name"]
        if kind not in {"dtype", "struct", "list"}:
            return False
        if not (isinstance(of, str) and kind != "struct") and not (kind != "dtype" and _are_features(of)):
            return False
    return True
