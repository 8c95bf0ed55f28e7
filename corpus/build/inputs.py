"""Raw files and their digests. A file that has not changed since the last build is not read again."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from corpus._files import written
from corpus.build.progress import Progress
from corpus.build.stages import STAGES
from corpus.errors import BadInputError, UsageError
from corpus.read import DEFAULT_PART_BYTES, FileDigest, InputFile, Range, digest_file, find_files
from corpus.recipe import Decontaminate, Recipe, Source
from corpus.release.card import OWN_CARD_NAME
from corpus.release.manifest import OtherInput
from corpus.release.shards import sha256_of
from corpus.release.withdrawals import LIST_NAME

if TYPE_CHECKING:
    from corpus.hub.sources import HubSource
    from corpus.hub.stretches import HubFiles

MEMORY_NAME = "inputs.jsonl"
"""File of the cache that remembers digests: a line `[place, stamp, SHA-256, ranges]` for each raw file."""
_BESIDE = {LIST_NAME, "card.md"}
"""Files that stand beside a recipe and are never raw."""
_SETTLED_NS = 2_000_000_000
"""A file changed less than this before it was hashed might change again within the clock's resolution."""


_Stamp = list[int | str]
"""Size, time of the last change, and what else decides about the digest of a file."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All raw files of a recipe."""

    files: Mapping[str, Sequence[InputFile]]
    """By source, in the order of their paths."""
    digests: Mapping[str, Mapping[str, FileDigest]]
    """By source and path."""
    places: Mapping[str, HubFiles] = field(default_factory=dict)
    """Repos at a commit, by the source that is read from there."""


def take_stock(recipe: Recipe, root: Path, cache: Path, skip: Path, progress: Progress) -> Inputs:
    """Find and hash the raw files of all sources.

    Args:
        recipe: Names the sources.
        root: Folder that their paths are relative to.
        cache: Folder that remembers digests between builds, in `inputs.jsonl`, and lists of repos.
        skip: Folder whose files are no inputs, because the work itself writes them.
        progress: Is told when there is much to hash, and what sources on the Hub hold.

    Raises:
        UsageError: a path leads nowhere, or there is no such repo or revision.
        ReleaseError: the Hub does not answer, and what a source needs of it is not in the cache.
        BadInputError: there is no file at all.
    """
    inputs = _take_stock(recipe.sources, root, cache, skip, progress)
    if not any(inputs.files.values()):
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


def take_others(recipe: Recipe, root: Path, listed: OtherInput | None) -> list[OtherInput]:
    """The files beside the recipe that shape a release without being sources.

    Args:
        recipe: May name a line model.
        root: Folder of the recipe, in which the user's own part of the card may be.
        listed: The list of what is withdrawn, if there is one.
    """
    paths = [recipe.clean.model] if recipe.clean.model else []
    if (root / OWN_CARD_NAME).is_file():
        paths.append(OWN_CARD_NAME)
    others = [
        OtherInput(path=path, bytes=(root / path).stat().st_size, sha256=sha256_of(root / path)) for path in paths
    ]
    return sorted([*others, *([listed] if listed else [])], key=lambda other: other.path)


def benchmarks(part: Decontaminate) -> list[Source]:
    """Each benchmark as a source of its name, in the order of names."""
    return [Source(name=name, path=path) for name, path in sorted(part.files.items())]


def _take_stock(sources: Sequence[Source], root: Path, cache: Path, skip: Path, progress: Progress) -> Inputs:
    files = {
        source.name: _foreign(source, find_files(source, root), root, skip) for source in sources if not source.hub
    }
    every = {file.path: file for found in files.values() for file in found}
    top = root.absolute()
    by_place = {str(top / path): file for path, file in every.items()}
    digests = {
        by_place[place].path: digest
        for place, stamp, digest in _remembered(cache / MEMORY_NAME)
        if place in by_place and stamp == _stamp(by_place[place])
    }
    new = {place: file for place, file in by_place.items() if file.path not in digests}
    if new:
        progress.hashing(len(new), sum(file.size for file in new.values()))
        digests |= _hashed(list(new.values()), root)
        settled = time.time_ns() - _SETTLED_NS
        fresh = {
            place: digests[file.path]
            for place, file in new.items()
            if file.mtime_ns < settled and digests[file.path].sha256
        }
        _remember(cache / MEMORY_NAME, {place: (_stamp(by_place[place]), digest) for place, digest in fresh.items()})
    by_source: dict[str, Mapping[str, FileDigest]] = dict.fromkeys(files, digests)
    places: dict[str, HubFiles] = {}
    for source in sources:
        if source.hub:
            found = _on_the_hub(source, cache)
            progress.found(source.name, str(found.place), len(found.files), sum(file.size for file in found.files))
            files[source.name], places[source.name] = found.files, found.place
            by_source[source.name] = {f.path: digest_file(f, root, DEFAULT_PART_BYTES) for f in found.files}
    return Inputs(files, by_source, places)


def _on_the_hub(source: Source, cache: Path) -> HubSource:
    # The client takes as long to be imported as a small build takes.
    from corpus.hub.sources import find_hub_files

    return find_hub_files(source, cache)


def forget_digests(cache: Path) -> None:
    """Hash all raw files again in the next build."""
    (cache / MEMORY_NAME).unlink(missing_ok=True)


def _foreign(source: Source, files: Sequence[InputFile], root: Path, skip: Path) -> list[InputFile]:
    """The files of a source but for those that belong to the recipe, or stand in the folder which is written to.

    Raises:
        UsageError: one of these is named itself, so it cannot be left out in silence.
    """
    beside = {file.path for file in files if file.path in _BESIDE}
    files = [file for file in files if file.path not in beside]
    own = os.path.relpath(skip.resolve(), root.resolve()).replace(os.sep, "/")
    inside = {file.path for file in files if own == "." or file.path.startswith(f"{own}/")}
    named = {os.path.relpath((root / path).resolve(), root.resolve()) for path in source.paths}
    if beside & named:
        raise UsageError(f"{min(beside & named)}: belongs to the recipe and is no input; name the raw files otherwise")
    if inside and (inside & named or len(inside) == len(files)):
        raise UsageError(f"{min(inside & named or inside)}: stands in {skip}, which is written to; write elsewhere")
    return [file for file in files if file.path not in inside]


def _stamp(file: InputFile) -> _Stamp:
    return [file.size, file.mtime_ns, file.format, STAGES["read"].version]


def _hashed(files: Sequence[InputFile], root: Path) -> dict[str, FileDigest]:
    """Digests of files by path; a thousand at a time, as each that waits for a thread takes memory."""
    digests: dict[str, FileDigest] = {}
    with ThreadPoolExecutor(2) as pool:
        for start in range(0, len(files), 1000):
            some = files[start : start + 1000]
            found = pool.map(lambda file: digest_file(file, root, DEFAULT_PART_BYTES), some)
            digests.update(zip([file.path for file in some], found, strict=True))
    return digests


def _remembered(path: Path) -> Iterator[tuple[str, _Stamp, FileDigest]]:
    """Place, stamp and digest of each file that is remembered; a line that says something else is passed over."""
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            try:
                place, stamp, sha256, ranges = json.loads(line)
                digest = FileDigest(sha256, tuple(Range(**range_) for range_ in ranges))
            except (ValueError, TypeError):
                continue
            yield place, stamp, digest


def _remember(path: Path, fresh: Mapping[str, tuple[_Stamp, FileDigest]]) -> None:
    """Add what is known of files by place; a line at a time, so that it takes no memory."""
    with written(path) as temporary, temporary.open("w", encoding="utf-8") as out:
        old = ((place, stamp, digest) for place, stamp, digest in _remembered(path) if place not in fresh)
        new = ((place, stamp, digest) for place, (stamp, digest) in fresh.items())
        for place, stamp, digest in chain(new, old):
            entry = [place, stamp, digest.sha256, [asdict(range_) for range_ in digest.ranges]]
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
