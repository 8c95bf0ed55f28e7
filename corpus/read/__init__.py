"""Raw files to records: finding files, splitting them into parts, and reading a part.

What cannot be read is answered as a rejected record with its place and reason, never as a crash.
"""

from corpus.read.digest import check_unchanged, digest_file
from corpus.read.files import find_files
from corpus.read.parts import plan_parts
from corpus.read.reader import read_part
from corpus.read.records import (
    DEFAULT_PART_BYTES,
    GIT_BLOB,
    SHA256,
    FileDigest,
    InputFile,
    Part,
    Range,
    Record,
    Rejected,
    Slice,
)
from corpus.read.remote import Remote, RemoteFiles, Root
from corpus.read.strings import read_strings

__all__ = [
    "DEFAULT_PART_BYTES",
    "GIT_BLOB",
    "SHA256",
    "FileDigest",
    "InputFile",
    "Part",
    "Range",
    "Record",
    "Rejected",
    "Remote",
    "RemoteFiles",
    "Root",
    "Slice",
    "check_unchanged",
    "digest_file",
    "find_files",
    "plan_parts",
    "read_part",
    "read_strings",
]
