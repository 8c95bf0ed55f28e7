"""From the paths of a source to its files.

A path is a file, a folder or a glob. A folder gives the files in it, at any depth, whose endings are known. A
glob gives the files it matches, and the folders it matches are read like folders; where the recipe names the
format, the endings don't matter to it. Hidden files are left out unless the pattern itself starts with a dot.

Links to folders are followed after all real folders, and every folder is entered once, so that neither a loop
nor a second way to the same folder does harm.
"""

from __future__ import annotations

import fnmatch
import heapq
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.errors import UsageError
from corpus.read.formats import KNOWN_ENDINGS, guess_format
from corpus.read.records import InputFile
from corpus.recipe import Source

_MAGIC = re.compile(r"[*?[]")


def find_files(source: Source, root: Path) -> list[InputFile]:
    """All files of a source, sorted by path, none twice.

    Args:
        source: a source of the recipe.
        root: the folder that its paths are relative to, usually the recipe's.

    Raises:
        UsageError: a path does not exist, a pattern matches nothing, or a format cannot be told.
    """
    root = root.resolve()
    found: dict[str, InputFile] = {}
    for pattern in source.paths:
        try:
            files = _expand(source, pattern, root)
        except OSError as error:
            raise _problem(source, pattern, f"cannot be looked up: {error.strerror}") from None
        for file in files:
            relative = os.path.relpath(file, root).replace(os.sep, "/")
            if relative not in found:
                found[relative] = _input_file(source, file, relative)
    return sorted(found.values(), key=lambda file: file.path)


def _expand(source: Source, pattern: str, root: Path) -> list[str]:
    """Paths of the files that one pattern names."""
    # The lexical form: `a/../b` means `b` here as it does in the names of the records.
    full = os.path.normpath(root / pattern)
    exists = os.path.lexists(full)
    if not exists and _MAGIC.search(pattern):
        return _expand_glob(source, pattern, full)
    if not Path(full).exists():
        raise _problem(source, pattern, "no such file or folder")
    if Path(full).is_dir():
        files = [file for file in _walk_files(source, full) if _wanted(source, file)]
        if not files:
            raise _problem(source, pattern, f"no file in this folder has a known ending: {KNOWN_ENDINGS}")
        return files
    if not Path(full).is_file():
        raise _problem(source, pattern, "is not a regular file")
    if source.format is None and guess_format(full) is None:
        raise _problem(source, pattern, f"the ending tells no format; give 'format', or rename it: {KNOWN_ENDINGS}")
    return [full]


def _expand_glob(source: Source, pattern: str, full: str) -> list[str]:
    files: list[str] = []
    unknown = 0
    for path in _glob(source, full):
        if Path(path).is_dir():
            files += [file for file in _walk_files(source, path) if _wanted(source, file)]
        elif source.format is not None or guess_format(path) is not None:
            files.append(path)
        else:
            unknown += 1
    if not files and unknown:
        raise _problem(
            source, pattern, f"matches no file with a known ending; give 'format', or one of {KNOWN_ENDINGS}"
        )
    if not files:
        raise _problem(source, pattern, "matches no file")
    return files


def _wanted(source: Source, path: str) -> bool:
    """Whether a file found in a folder belongs to the source."""
    guess = guess_format(path)
    return guess is not None and source.format in (None, guess)


def _glob(source: Source, full: str) -> Iterable[str]:
    """Files and folders that an absolute pattern matches."""
    anchor, *steps = Path(full).parts
    paths = [anchor]
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        if step == "**":
            paths = [f for p in paths for f in (_walk_files(source, p) if last else _walk_folders(source, p))]
        elif _MAGIC.search(step):
            paths = [path for folder in paths for path in _matching(source, folder, step, last)]
        else:
            paths = [path for folder in paths if os.path.lexists(path := os.path.join(folder, step))]  # noqa: PTH118
    return dict.fromkeys(paths)


def _matching(source: Source, folder: str, pattern: str, last: bool) -> Iterator[str]:
    """Entries of a folder whose names match; only folders unless it is the last step of the pattern."""
    for entry in _entries(source, folder, hidden=pattern.startswith(".")):
        if fnmatch.fnmatchcase(entry.name, pattern) and (_is_folder(entry) or (last and _is_file(entry))):
            yield entry.path


def _walk_files(source: Source, top: str) -> Iterator[str]:
    for folder in _walk_folders(source, top):
        for entry in _entries(source, folder):
            if _is_file(entry):
                yield entry.path


def _walk_folders(source: Source, top: str) -> Iterator[str]:
    """A folder and all below it; links come last, and no folder twice."""
    if not Path(top).is_dir():
        return
    entered: set[tuple[int, int]] = set()
    real, links = [top], list[str]()
    while real or links:
        folder = real.pop() if real else heapq.heappop(links)
        status = Path(folder).stat()
        if (status.st_dev, status.st_ino) in entered:
            continue
        entered.add((status.st_dev, status.st_ino))
        yield folder
        for entry in _entries(source, folder):
            if _is_folder(entry) and entry.is_symlink():
                # A heap, so that the name under which a folder is found doesn't depend on the order on disk.
                heapq.heappush(links, entry.path)
            elif _is_folder(entry):
                real.append(entry.path)


def _entries(source: Source, folder: str, hidden: bool = False) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if hidden or not entry.name.startswith(".")]
    except NotADirectoryError:
        return []
    except OSError as error:
        raise _problem(source, folder, f"cannot be listed: {error.strerror}") from None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _input_file(source: Source, path: str, relative: str) -> InputFile:
    try:
        relative.encode()
    except UnicodeEncodeError:
        raise _problem(source, ascii(relative), "the name of this file is not UTF-8; rename it") from None
    format_ = source.format or guess_format(path)
    if format_ is None:
        raise _problem(source, relative, f"the ending tells no format: {KNOWN_ENDINGS}")
    try:
        status = Path(path).stat()
    except OSError as error:
        raise _problem(source, relative, f"cannot be read: {error.strerror}") from None
    return InputFile(source.name, relative, format_, status.st_size, status.st_mtime_ns)


def _problem(source: Source, pattern: str, words: str) -> UsageError:
    return UsageError(f"source '{source.name}': {pattern}: {words}")
