"""A first recipe for a folder of raw files."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from corpus._files import make_folder, written
from corpus.errors import UsageError
from corpus.read import find_files
from corpus.recipe import RECIPE_NAME, Source
from corpus.schemas import as_text, schemas

SCHEMA_NAME = "recipe.schema.json"

_TEMPLATE = """\
# yaml-language-server: $schema={schema}
# A recipe for `corpus build`. Whatever is left out has the value that stands here behind a '#'.

# name of the release: lower-case letters, digits, hyphens
dataset: {name}
# the next one that the difference to the last release calls for, from 0.1.0 on; or a number of your own
version: auto
# licence of the whole, by the Hub's identifiers: cc-by-4.0, other, ...
license: other

sources:
    # becomes the column `source`
  - name: {name}
    # file, folder or glob, relative to this file; or a list of these
    path: {path}
    # text | jsonl | csv | parquet; guessed from the names of the files
    # format: {format}
    # of the files, such as windows-1258; told from their bytes
    # encoding: utf-8
    # our field: the column in your files
    # fields: {{text: content, url: link, published: date}}
    # columns to carry along
    # keep: [section]

# clean: {{repair: true, vietnamese: true, tone: keep, boilerplate: true, metadata: true}}
# drop what is not good enough: gopher, c4, fineweb, vi-news
# quality: {{presets: []}}
# personal data: off, mask or drop
# privacy: {{mode: off}}
# copies: near ones from a Jaccard similarity of 0.8; which one stays
# dedup: {{exact: true, near: {{threshold: 0.8}}, keep: [longest, earliest, source]}}
# evaluation data that must not be in the dataset
# decontaminate: {{files: {{mmlu: eval/mmlu/*.jsonl}}}}
# shares, or numbers of documents; by document, site or time
# splits: {{by: document, validation: 0.0, test: 0.0}}
# limits: {{max_bad_share: 0.1, max_document_mb: 32}}
"""


def write_recipe(folder: Path, *, force: bool = False) -> Path:
    """Write `corpus.yaml` and the schema that editors complete it from into a folder of raw files.

    Args:
        folder: Its files decide about the format; an empty or new folder gets a recipe for text files.
        force: Replace a recipe that is there.

    Raises:
        UsageError: there is a recipe already, or the folder cannot be written.
    """
    make_folder(folder, "the folder")
    path = folder / RECIPE_NAME
    if path.exists() and not force:
        raise UsageError(f"{path}: there is a recipe already; --force replaces it")
    pattern, format_ = _pattern(folder)
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "my-corpus"
    text = _TEMPLATE.format(schema=SCHEMA_NAME, name=name[:80], path=json.dumps(pattern), format=format_)
    with written(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    with written(folder / SCHEMA_NAME) as temporary:
        temporary.write_text(as_text(schemas()[SCHEMA_NAME]), encoding="utf-8")
    return path


def _pattern(folder: Path) -> tuple[str, str]:
    """A glob for the most frequent kind of raw file in the folder, and its format."""
    try:
        files = find_files(Source(name="files", path="."), folder)
    except UsageError:
        files = []
    endings = Counter(
        (re.sub(r"^.*?(\.[^./]+(?:\.(?:gz|zst|xz|bz2))?)$", r"\1", Path(file.path).name), file.format)
        for file in files
        if file.path != SCHEMA_NAME
    )
    if not endings:
        return "*.txt", "text"
    (ending, format_), _ = max(endings.items(), key=lambda item: (item[1], item[0]))
    nested = any("/" in file.path for file in files)
    return ("**/*" if nested else "*") + ending, format_
