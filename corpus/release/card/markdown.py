"""Markdown in which values stay values, whatever is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus._words import by_count

ROWS = 30
"""A longer table is cut; the manifest has it whole."""

_PLAIN = re.compile(r"[\w./@:+-]+")
# An underscore within a word is one for every reader of Markdown, and addresses need theirs.
_SPECIAL = re.compile(r"[\\`*\[\]<>|~#]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")


def plain(text: str) -> str:
    """Text from a recipe or from data as one line, with nothing in it that Markdown or HTML would act on."""
    line = " ".join(text.split())
    escaped = _SPECIAL.sub(lambda found: "&amp;" if found[0] == "&" else f"\\{found[0]}", line)
    start = re.match(r"\d{1,9}(?=[.)])|(?=[-+=])", escaped)
    return f"{escaped[: start.end()]}\\{escaped[start.end() :]}" if start else escaped


def code(text: str) -> str:
    """A name in the type of code, or as plain text where it has characters that code cannot hold."""
    return f"`{text}`" if _PLAIN.fullmatch(text) else plain(text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]], rest: str = "manifest.json") -> Iterator[str]:
    """A table, cut after `ROWS` rows. Texts are Markdown already.

    Args:
        head: Names of the columns.
        rows: Cells; whole numbers get their thousands apart.
        rest: File that has the rows left out.
    """
    listed = list(rows)
    yield "| " + " | ".join(head) + " |"
    yield "|" + "".join(" --- |" for _ in head)
    for row in listed[:ROWS]:
        yield "| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) + " |"
    yield ""
    if len(listed) > ROWS:
        yield f"And {len(listed) - ROWS:,} more in `{rest}`.\n"


def coded(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Names as code with their counts, the largest first."""
    return [(code(name), n) for name, n in by_count(counts)]


def listing(counts: Mapping[str, int]) -> str:
    """Names with their counts in one line."""
    return ", ".join(f"{name} {n:,}" for name, n in coded(counts))
