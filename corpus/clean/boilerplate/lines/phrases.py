"""The headings and buttons of web pages, by language, out of the tables in `data/`.

A table has the columns `language`, `kind` and `phrase`. To teach a phrase, add a row. Kinds:

- `related`: opens a box of other stories
- `comments`: opens the readers' comments
- `control`, `ad`, `footer`: a button, an advertising label, a link of the site's footer
- `weak`: a word that is a menu entry on one page and a subheading on the next
- `photo`, `credit`, `byline`: words before a colon and the name of a photographer, a source, an author
- `per`, `by`: the same for a source and an author where no colon is needed
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

KINDS = ("related", "comments", "weak", "control", "ad", "footer")
"""Kinds that fill a line; where languages differ, the first one wins."""
MAX_PHRASE_CHARS = 60
"""Longer lines are never taken for a phrase."""

_BEFORE = re.compile(r"^[\s>»›→▶►•·*|+\-–—]+")
_AFTER = re.compile(r"[\s:：>»›→▶►▼▾+…|.!]*(?:[(\[]\s*\d[\d.,]*\s*[)\]]|\s\d[\d.,]*)?[\s:：>»›→▶►▼▾+…|.]*$")


def phrase_key(text: str) -> str:
    """A short line as the tables have it: folded, without arrows, bullets, or a counter behind it."""
    folded = " ".join(text.casefold().split())
    return _AFTER.sub("", _BEFORE.sub("", folded)) or folded


@cache
def whole_lines() -> dict[str, str]:
    """Phrase key to kind, for the kinds that fill a line."""
    phrases: dict[str, str] = {}
    for kind in KINDS:
        for row_kind, phrase in _rows():
            if row_kind == kind:
                phrases.setdefault(phrase_key(phrase), kind)
    return phrases


@cache
def words_before(kind: str) -> tuple[str, ...]:
    """Folded words of a kind that stands before a name, of all languages, longest first."""
    words = {phrase.casefold() for row_kind, phrase in _rows() if row_kind == kind}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    folder = resources.files(__package__) / "data"
    rows: list[tuple[str, str]] = []
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".tsv")):
        for line in (folder / name).read_text(encoding="utf-8").splitlines()[1:]:
            _, kind, phrase = line.split("\t")
            rows.append((kind, phrase))
    return tuple(rows)
