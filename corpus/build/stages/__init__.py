"""The stages, one module each: a pure function from Parquet (or raw files) to Parquet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import metadata, resources
from pathlib import Path

import pyarrow as pa

from corpus.build.cache import Cache
from corpus.build.stages import (
    clean,
    decontaminate,
    keys,
    lines,
    merge,
    near,
    pack,
    place,
    read,
    released,
    revise,
    select,
    slices,
    withdraw,
)
from corpus.build.task import Context, Json, Result, Task, digest_of
from corpus.errors import BuildError


@dataclass(frozen=True)
class Stage:
    """One kind of task."""

    run: Callable[[Task, Context, Path], Mapping[str, Json]]
    """Writes Parquet files into the folder it gets; answers with counts."""
    rooms: tuple[str, ...]
    """Modules and packages of `corpus` whose code shapes the result."""
    libraries: tuple[str, ...] = ()
    """Distributions whose version shapes the result."""
    memory_mb: int = 400
    """What a worker takes at most for one task of ordinary parts, libraries included, in megabytes (10^6 bytes)."""

    @cached_property
    def version(self) -> str:
        """Digest of the code and the libraries that the stage runs, so that no stale result is ever used."""
        versions = {name: metadata.version(name) for name in self.libraries}
        return digest_of([versions, [_room_digest(room) for room in (*self.rooms, *_EVERYWHERE)]])


_EVERYWHERE = ("_tables", "document", "signals", "build/schemas")
_WORDS = ("clean/characters", "clean/quality", "dedup/reading", "build/stages/_parts")
"""What turns documents into hashed words."""
_LISTED = ("release/listed", "release/withdrawals", "clean/url", "dedup/fingerprint", "dedup/sketch")
"""What looks documents up in the list of those that are withdrawn."""
_CLEANING = ("ftfy", "langdetect", "python-stdnum")

STAGES: dict[str, Stage] = {
    "read": Stage(read.run, ("read", "build/stages/read"), ("chardet",), memory_mb=300),
    "clean": Stage(clean.run, ("clean", "recipe", "_line_models", "build/stages/clean"), _CLEANING),
    "lines": Stage(lines.run_lines, (*_WORDS, "dedup/lines", "dedup/sketch", "build/stages/lines")),
    "site_pages": Stage(lines.run_site_pages, ("dedup/site_lines", "dedup/buckets", "build/stages/lines")),
    "site_lines": Stage(
        lines.run_site_lines, ("dedup/site_lines", "dedup/buckets", "build/stages/lines"), memory_mb=600
    ),
    "part_lines": Stage(slices.run, ("build/stages/slices",), memory_mb=250),
    "benchmarks": Stage(
        decontaminate.run_grams,
        ("read", "clean", "recipe", "dedup/contamination", "dedup/reading", "build/stages/decontaminate"),
        ("chardet", *_CLEANING),
    ),
    "contamination": Stage(
        decontaminate.run_hits,
        (*_WORDS, "_words", "clean/vietnamese", "dedup/contamination", "build/stages/decontaminate"),
    ),
    "revise": Stage(
        revise.run, ("clean", "recipe", "dedup/template", "build/stages/_parts", "build/stages/revise"), _CLEANING
    ),
    "keys": Stage(keys.run, (*_WORDS, "dedup/sketch", "build/stages/keys")),
    "released": Stage(released.run, ("release/splits", "build/stages/released", "build/stages/_parts")),
    "same_id": Stage(merge.run_same_id, ("dedup/exact", "dedup/buckets", "build/stages/merge")),
    "same_text": Stage(merge.run_same_text, ("dedup/exact", "dedup/buckets", "build/stages/merge")),
    "candidates": Stage(
        merge.run_candidates, ("dedup/components", "dedup/buckets", "build/stages/merge"), memory_mb=600
    ),
    "components": Stage(merge.run_components, ("dedup/components", "dedup/buckets", "build/stages/merge")),
    "part_members": Stage(slices.run, ("build/stages/slices",), memory_mb=250),
    "shingles": Stage(near.run_shingles, (*_WORDS, "dedup/sketch", "build/stages/near")),
    "near": Stage(near.run_near, ("dedup", "build/stages/merge", "build/stages/near"), memory_mb=600),
    "fates": Stage(merge.run_fates, ("dedup/fates", "dedup/buckets", "build/stages/merge")),
    "paragraphs": Stage(lines.run_paragraphs, ("dedup/paragraphs", "dedup/buckets", "build/stages/lines")),
    "part_paragraphs": Stage(slices.run, ("build/stages/slices",), memory_mb=250),
    "withdrawals": Stage(withdraw.run_withdrawals, (*_LISTED, "release/held", "build/stages/withdraw"), memory_mb=300),
    "fingerprints": Stage(
        withdraw.run_fingerprints, (*_WORDS, "dedup/sketch", "dedup/fingerprint", "build/stages/withdraw")
    ),
    "named": Stage(withdraw.run_named, (*_LISTED, "build/stages/withdraw")),
    "sought": Stage(withdraw.run_sought, (*_LISTED, "build/stages/withdraw")),
    "alike": Stage(withdraw.run_alike, (*_LISTED, "build/stages/withdraw")),
    "withdrawn": Stage(withdraw.run_withdrawn, (*_LISTED, "dedup/buckets", "build/stages/withdraw")),
    "part_withdrawn": Stage(slices.run, ("build/stages/slices",), memory_mb=250),
    "redact": Stage(withdraw.run_redact, ("clean/cleaned", "build/stages/withdraw"), memory_mb=300),
    "part_fates": Stage(slices.run, ("build/stages/slices",), memory_mb=250),
    "select": Stage(select.run, ("release/reasons", "build/stages/_parts", "build/stages/select"), memory_mb=300),
    "groups": Stage(place.run_groups, ("dedup/components", "dedup/buckets", "build/stages/place")),
    "part_released": Stage(slices.run, ("build/stages/slices",), memory_mb=250),
    "part_groups": Stage(slices.run, ("build/stages/slices",), memory_mb=250),
    "place": Stage(
        place.run, ("clean/characters", "recipe/splits", "release/splits", "build/stages/place"), memory_mb=250
    ),
    "pack": Stage(
        pack.run_pack, ("release/shards", "build/stages/_parts", "build/stages/pack"), ("pyarrow",), memory_mb=450
    ),
    "concat": Stage(pack.run_concat, ("release/withdrawals", "build/stages/pack"), ("pyarrow",), memory_mb=250),
}
"""In the order in which a build runs them."""


def run_task(task: Task, context: Context) -> Result:
    """Run one task and keep its result. This is what every runner calls, in whatever process.

    Raises:
        CorpusError: the task failed for a reason that a user can act on.
    """
    stage = STAGES[task.stage]
    try:
        return Cache(context.cache).make(task, lambda folder: stage.run(task, context, folder))
    except (OSError, MemoryError) as error:
        # A full disk or too little memory.
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BuildError(f"{task.stage}{f' {task.label}' if task.label else ''}: {reason}") from error
    finally:
        # Arrow keeps what it freed for the next task; several workers should not each keep their largest one.
        pa.default_memory_pool().release_unused()


@cache
def _room_digest(room: str) -> str:
    """SHA-256 over the source and data files of a module or package of `corpus`."""
    digest = hashlib.sha256()
    top = Path(str(resources.files("corpus"))) / room
    files = sorted(top.rglob("*")) if top.is_dir() else [top.with_suffix(".py")]
    for file in files:
        if file.is_file() and file.suffix != ".pyc":
            name = file.relative_to(top.parent).as_posix()
            digest.update(f"{name}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()
