"""Which files of a dataset repo a source means: by its paths, or else by what the repo says of itself."""

from __future__ import annotations

import difflib
import fnmatch
import json
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import yaml

from corpus.errors import UsageError
from corpus.read.formats import KNOWN_ENDINGS, guess_format
from corpus.recipe import Format, Source
from corpus.release.card import CARD_NAME
from corpus.release.manifest import MANIFEST_NAME

ABOUT = frozenset({"readme", "license", "licence", "changelog", "citation", "notice", "dataset_infos", "croissant"})
"""Names without endings of files that say something about the data."""


def choose(source: Source, where: str, paths: Sequence[str], content: Callable[[str], bytes]) -> dict[str, Format]:
    """The files of a source with their formats, sorted by path.

    Args:
        source: Names a repo, and paths in it or none.
        where: The source and the repo, for messages.
        paths: Of all files of the repo.
        content: Answers the bytes of a file.

    Raises:
        UsageError: a path names no file, the format of one cannot be told, or nothing says which files are meant.
    """
    patterns = list(source.paths) if source.path is not None else _default(where, paths, content)
    if patterns is None:
        chosen = [path for path in paths if _is_wanted(source, path, "") and _stem(path) not in ABOUT]
        if not chosen:
            raise UsageError(f"{where}: no file in the repo has a known ending: {KNOWN_ENDINGS}")
    else:
        chosen = [path for pattern in patterns for path in _named(source, where, pattern, paths)]
    return {path: _format(source, where, path) for path in sorted(set(chosen))}


def _format(source: Source, where: str, path: str) -> Format:
    format_ = source.format or guess_format(path)
    if format_ is None:
        raise UsageError(f"{where}: {path}: the ending tells no format; give 'format': {KNOWN_ENDINGS}")
    return format_


def _named(source: Source, where: str, pattern: str, paths: Sequence[str]) -> list[str]:
    """The files that a path, folder or glob names; the rules are those of sources in folders."""
    pattern = posixpath.normpath(pattern)
    if pattern in paths:
        return [pattern]
    steps = [] if pattern == "." else pattern.split("/")
    found, unknown = [], 0
    for path in paths:
        parts = path.split("/")
        ends = set(_ends(steps, parts, 0))
        if len(parts) in ends:
            known = source.format is not None or guess_format(path) is not None
            found += [path] if known else []
            unknown += not known
        elif any(_is_wanted(source, path, "/".join(parts[:end])) for end in ends):
            found.append(path)
    if found:
        return found
    if unknown:
        raise UsageError(
            f"{where}: {pattern}: matches no file with a known ending; give 'format', or one of {KNOWN_ENDINGS}"
        )
    if set(pattern) & set("*?["):
        raise UsageError(f"{where}: {pattern}: matches no file in the repo{_nearest(pattern, paths)}")
    raise UsageError(f"{where}: {pattern}: no such file or folder in the repo{_nearest(pattern, paths)}")


def _ends(steps: Sequence[str], parts: Sequence[str], at: int) -> Iterator[int]:
    """How many parts of a path a pattern may take up; `**` takes folders, and hidden ones only by their name."""
    if not steps:
        yield at
    elif steps[0] == "**":
        yield from _ends(steps[1:], parts, at)
        if at < len(parts) and not parts[at].startswith("."):
            yield from _ends(steps, parts, at + 1)
    elif (
        at < len(parts)
        and fnmatch.fnmatchcase(parts[at], steps[0])
        and (steps[0].startswith(".") or not parts[at].startswith("."))
    ):
        yield from _ends(steps[1:], parts, at + 1)


def _is_wanted(source: Source, path: str, folder: str) -> bool:
    """Whether a file in a folder belongs to the source, if the folder does."""
    guess = guess_format(path)
    below = path.removeprefix(folder)
    return guess is not None and source.format in (None, guess) and "/." not in f"/{below.lstrip('/')}"


def _nearest(pattern: str, paths: Sequence[str]) -> str:
    folders = {str(folder) for path in paths for folder in PurePosixPath(path).parents} - {"."}
    close = difflib.get_close_matches(pattern, [*paths, *sorted(folders)], n=3, cutoff=0.5)
    some = close or [path for path in paths if guess_format(path)][:3]
    return f"; {'did you mean' if close else 'it holds'} {', '.join(some)}{'?' if close else ''}" if some else ""


def _stem(path: str) -> str:
    return PurePosixPath(path).name.lower().split(".")[0]


def _default(where: str, paths: Sequence[str], content: Callable[[str], bytes]) -> list[str] | None:
    """Patterns of the files that the repo calls its data; None where it does not say."""
    if MANIFEST_NAME in paths and (data := _data_files(content(MANIFEST_NAME))):
        return data
    if CARD_NAME not in paths:
        return None
    config = _default_config(where, _metadata(where, content(CARD_NAME)))
    folder = str(config.get("data_dir") or ".")
    if "data_files" not in config:
        return [folder] if "data_dir" in config else None
    return [posixpath.join(folder, pattern) for pattern in _patterns(config["data_files"])]


def _data_files(manifest: bytes) -> list[str] | None:
    """The data files of a release, if this is its manifest."""
    try:
        files = json.loads(manifest)["files"]
        return [file["path"] for file in files if file.get("split")]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _metadata(where: str, card: bytes) -> Mapping[str, Any]:
    """The YAML at the head of a card."""
    lines = card.decode(errors="replace").splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in (rest := [line.strip() for line in lines[1:]]):
        return {}
    try:
        found = yaml.safe_load("\n".join(lines[1 : rest.index("---") + 1]))
    except yaml.YAMLError:
        raise UsageError(f"{where}: the metadata of its {CARD_NAME} cannot be read; name the files with path") from None
    return found if isinstance(found, dict) else {}


def _default_config(where: str, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the card says of the files that are loaded when nobody says which; of several configs, the default one."""
    listed = metadata.get("configs")
    configs = [config for config in listed if isinstance(config, dict)] if isinstance(listed, list) else []
    if len(configs) < 2:
        return configs[0] if configs else {}
    for config in configs:
        if config.get("default") or config.get("config_name") == "default":
            return config
    names = ", ".join(str(config.get("config_name")) for config in configs[:10])
    more = f" and {len(configs) - 10} more" if len(configs) > 10 else ""
    raise UsageError(f"{where}: its card names several configs, none as default: {names}{more}; name files with path")


def _patterns(data_files: Any) -> Iterable[str]:
    """The patterns in any of the forms that the Hub takes: one, a list, or those of each split."""
    if isinstance(data_files, str):
        yield data_files
    elif isinstance(data_files, dict):
        yield from _patterns(data_files["path"] if "path" in data_files else list(data_files.values()))
    elif isinstance(data_files, list):
        for each in data_files:
            yield from _patterns(each)
