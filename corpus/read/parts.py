"""Files and their ranges made into units of work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import xxhash

from corpus.read.encoding import canonical
from corpus.read.records import FileDigest, InputFile, Part, Slice
from corpus.recipe import Format, Source

MAX_GROUP_FILES = 4096
"""Small files in one part, at most."""
_GROUP_MODULUS = 256
"""One in so many paths ends a group, so that groups stay as they are when files come and go elsewhere."""


def plan_parts(
    source: Source,
    files: Sequence[InputFile],
    digests: Mapping[str, FileDigest],
    *,
    part_bytes: int,
    max_document_bytes: int,
) -> list[Part]:
    """The parts of a source, in the order of path and offset.

    Every range of a large file is a part of its own. Small files are grouped; where a group ends depends on
    the names of the files in it, so that a new file changes the group it falls in and, only where groups are
    cut by size, those up to the next name that ends one. The times and sizes that the file system tells play
    no role.

    Args:
        source: the source that the files are of.
        files: as `find_files` gives them, in any order.
        digests: the digest of every file by its path.
        part_bytes: a file of so many bytes, or a group of files, is a part.
        max_document_bytes: larger records are rejected unread.
    """
    fields = tuple(sorted((str(ours), theirs) for ours, theirs in source.fields.items()))
    keep = tuple(sorted((column, str(type_)) for column, type_ in source.kept.items()))
    encoding = None if source.encoding is None else canonical(source.encoding)
    return [
        Part(source.name, format_, slices, fields, keep, max_document_bytes, encoding)
        for format_, slices in _groups(files, digests, part_bytes)
    ]


def _groups(
    files: Sequence[InputFile], digests: Mapping[str, FileDigest], part_bytes: int
) -> Iterator[tuple[Format, tuple[Slice, ...]]]:
    group: list[Slice] = []
    group_bytes = 0
    group_format: Format = "text"
    for file in sorted(files, key=lambda file: file.path):
        slices = _slices(file.path, digests[file.path])
        large = len(slices) > 1 or slices[-1].end >= part_bytes
        if group and (large or file.format != group_format):
            yield group_format, tuple(group)
            group, group_bytes = [], 0
        if large:
            yield from ((file.format, (slice_,)) for slice_ in slices)
            continue
        group_format = file.format
        group += slices
        group_bytes += slices[-1].end
        if _ends_group(file.path) or len(group) >= MAX_GROUP_FILES or group_bytes >= part_bytes:
            yield group_format, tuple(group)
            group, group_bytes = [], 0
    if group:
        yield group_format, tuple(group)


def _slices(path: str, digest: FileDigest) -> list[Slice]:
    return [Slice(path, r.start, r.end, r.first_line, r.digest) for r in digest.ranges]


def _ends_group(path: str) -> bool:
    return xxhash.xxh3_64_intdigest(path.encode()) % _GROUP_MODULUS == 0
