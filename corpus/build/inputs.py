"""Raw files and their digests. A file that has not changed since the last build is not read again."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus._files import written
from corpus.build.progress import Progress
from corpus.build.stages import STAGES
from corpus.errors import BadInputError, UsageError
from corpus.read import DEFAULT_PART_BYTES, FileDigest, InputFile, Range, digest_file, find_files
from corpus.recipe import Decontaminate, Recipe, Source

_MEMORY = "inputs.json"
_SETTLED_NS = 2_000_000_000
"""A file changed less than this before it was hashed might change again within the clock's resolution."""


_Stamp = list[int | str]
"""Size, time of the last change, and what else decides about the digest of a file."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All raw files of a recipe."""

    files: Mapping[str, Sequence[InputFile]]
    """By source, in the order of their paths."""
    digests: Mapping[str, FileDigest]
    """By path."""


def take_stock(recipe: Recipe, root: Path, cache: Path, skip: Path, progress: Progress) -> Inputs:
    """Find and hash the raw files of all sources.

    Args:
        recipe: Names the sources.
        root: Folder that their paths are relative to.
        cache: Folder that remembers digests between builds, in `inputs.json`.
        skip: Folder whose files are no inputs, because the work itself writes them.
        progress: Is told when there is much to hash.

    Raises:
        UsageError: a path leads nowhere.
        BadInputError: there is no file at all.
    """
    inputs = _take_stock(recipe.sources, root, cache, skip, progress)
    if not inputs.digests:
        raise BadInputError("no input: the sources of the recipe hold no file")
    return inputs


def take_evaluation_stock(recipe: Recipe, root: Path, cache: Path, skip: Path, progress: Progress) -> Inputs:
    """Find and hash the files of all benchmarks that `decontaminate` names; each stands in the place of a source.

    Args:
        recipe: As with `take_stock`, like all the rest.
        root: Folder that paths are relative to.
        cache: Folder that remembers digests.
        skip: Folder whose files are not read.
        progress: Is told when there is much to hash.

    Raises:
        UsageError: a path leads nowhere.
    """
    try:
        return _take_stock(benchmarks(recipe.decontaminate), root, cache, skip, progress)
    except UsageError as error:
        raise UsageError(f"decontaminate.files: {error}") from None


def benchmarks(part: Decontaminate) -> list[Source]:
    """Each benchmark as a source of its name, in the order of names."""
    return [Source(name=name, path=path) for name, path in sorted(part.files.items())]


def _take_stock(sources: Sequence[Source], root: Path, cache: Path, skip: Path, progress: Progress) -> Inputs:
    files = {source.name: _foreign(source, find_files(source, root), root, skip) for source in sources}
    every = {file.path: file for found in files.values() for file in found}
    known = _remembered(cache / _MEMORY)
    places = {path: str(root.absolute() / path) for path in every}
    stamps: dict[str, _Stamp] = {
        path: [file.size, file.mtime_ns, file.format, STAGES["read"].version] for path, file in every.items()
    }
    digests = {
        path: known[place][1] for path, place in places.items() if place in known and known[place][0] == stamps[path]
    }
    new = [file for path, file in every.items() if path not in digests]
    if new:
        progress.hashing(len(new), sum(file.size for file in new))
        with ThreadPoolExecutor(2) as pool:
            found = pool.map(lambda file: digest_file(file, root, DEFAULT_PART_BYTES), new)
            digests.update(zip([file.path for file in new], found, strict=True))
        settled = time.time_ns() - _SETTLED_NS
        fresh = {
            places[file.path]: (stamps[file.path], digests[file.path])
            for file in new
            if file.mtime_ns < settled and digests[file.path].sha256
        }
        _remember(cache / _MEMORY, known | fresh)
    return Inputs(files, digests)


def forget_digests(cache: Path) -> None:
    """Hash all raw files again in the next build."""
    (cache / _MEMORY).unlink(missing_ok=True)


def _foreign(source: Source, files: Sequence[InputFile], root: Path, skip: Path) -> list[InputFile]:
    """The files of a source but for those that stand in the folder which is written to.

    Raises:
        UsageError: one of these is named itself, so it cannot be left out in silence.
    """
    own = os.path.relpath(skip.resolve(), root.resolve()).replace(os.sep, "/")
    inside = {file.path for file in files if own == "." or file.path.startswith(f"{own}/")}
    named = {os.path.relpath((root / path).resolve(), root.resolve()) for path in source.paths}
    if inside and (inside & named or len(inside) == len(files)):
        raise UsageError(f"{min(inside & named or inside)}: stands in {skip}, which is written to; write elsewhere")
    return [file for file in files if file.path not in inside]


def _remembered(path: Path) -> dict[str, tuple[_Stamp, FileDigest]]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: (stamp, FileDigest(sha256, tuple(Range(**range_) for range_ in ranges)))
            for name, (stamp, sha256, ranges) in raw.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _remember(path: Path, known: Mapping[str, tuple[_Stamp, FileDigest]]) -> None:
    raw = {
        name: [stamp, digest.sha256, [asdict(range_) for range_ in digest.ranges]]
        for name, (stamp, digest) in known.items()
    }
    with written(path) as temporary:
        temporary.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
