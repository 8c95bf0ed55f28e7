"""`revise`: documents of one part without lines that others speak against -> `revised`, `facts`, `removed`.

Only the documents that change stand in `revised`, with the number of their row; `facts` has all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from corpus._tables import RowWriter, row_groups, table_rows
from corpus.build.schemas import FACTS, REMOVED, revised_schema
from corpus.build.stages._parts import documents_of
from corpus.build.task import Context, Json, Task
from corpus.clean.boilerplate.rules.own import OwnRules
from corpus.clean.cleaned import QUALITY, Dropped, Judged
from corpus.clean.cleaner import judge_all
from corpus.clean.comparison import Compared, compare_all
from corpus.dedup.paragraphs import RULE as REPEATED_PARAGRAPH
from corpus.dedup.template import template_lines, why
from corpus.document import PLACE, row_bytes
from corpus.recipe import Cleaning, SiteLines
from corpus.release.reasons import CONTAMINATED

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that goes: its index among the non-blank lines of the text, and why."""

    index: int
    rule: str
    why: str | None


@dataclass(frozen=True, slots=True)
class _Change:
    """A document before and after."""

    row: int
    document: Row
    facts: Row
    gone: Sequence[_Line]
    text: str


def run(task: Task, context: Context, out: Path) -> Mapping[str, Json]:
    """Revise one part; counts documents `revised`, `removed_lines` by rule, `removed_chars` and `limits` broken now."""
    options = Cleaning.model_validate(task.params["cleaning"])
    said = _Said(task, context, options)
    earlier = {row for (row,) in _columns(context.paths(task, "revised"), "row")}
    removed_lines: Counter[str] = Counter()
    limits: Counter[str] = Counter()
    removed_chars = revised = 0
    with (
        RowWriter(out / "revised.parquet", revised_schema(task.params["kept"])) as documents,
        RowWriter(out / "removed.parquet", REMOVED) as audit,
        RowWriter(out / "facts.parquet", FACTS) as facts,
    ):
        known = table_rows(context.paths(task, "facts")[0])
        for start, group in documents_of(task, context):
            of_group = [next(known) for _ in range(len(group))]
            after: dict[int, Row] = {row: {} for row in range(start, start + len(group)) if row in earlier}
            changes = list(said.changes(start, group, of_group))
            for change, (document, fact) in zip(changes, _judged(changes, options), strict=True):
                after[change.row] = document
                of_group[change.row - start] = fact
                revised += 1
                if fact["dropped"] == QUALITY:
                    limits[fact["detail"].partition(" ")[0]] += 1
                for entry in _audited(change):
                    removed_lines[entry["rule"]] += 1
                    removed_chars += len(entry["text"])
                    audit.add(entry, len(entry["text"]))
            for row in sorted(after):
                document = after[row] or group.slice(row - start, 1).to_pylist()[0]
                documents.add(document | {"row": row}, len(document["text"].encode()))
            for fact in of_group:
                facts.add(fact, 4 * len(fact["lines"]))
    return {
        "revised": revised,
        "removed_chars": removed_chars,
        "removed_lines": dict(sorted(removed_lines.items())),
        "limits": dict(sorted(limits.items())),
    }


class _Said:
    """What is said against documents of a part and their lines, by row."""

    def __init__(self, task: Task, context: Context, options: Cleaning) -> None:
        self._rule = SiteLines.model_validate(task.params["site_lines"] or {})
        self._own = OwnRules(options.clean.rules)
        self._levels: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for row, index, level in _columns(context.paths(task, "frequent"), "row", "index", "level"):
            self._levels[row][index] = level
        self._gone: defaultdict[int, list[_Line]] = defaultdict(list)
        for row, index, rule, reason in _columns(context.paths(task, "removals"), "row", "index", "rule", "why"):
            self._gone[row].append(_Line(index, rule, reason))
        for row, index in _columns(context.paths(task, "repeated"), "row", "index"):
            self._gone[row].append(_Line(index, REPEATED_PARAGRAPH, None))
        self._contaminated = dict(_columns(context.paths(task, "contaminated"), "row", "detail"))
        self._rows = set(self._levels) | set(self._gone) | set(self._contaminated)

    def changes(self, start: int, group: pa.Table, facts: Sequence[Row]) -> Iterator[_Change]:
        """The documents of a group that change."""
        wanted = [at for at, fact in enumerate(facts) if start + at in self._rows and not fact["dropped"]]
        documents: list[Row] = group.take(pa.array(wanted, pa.int64())).to_pylist()
        for at, document in zip(wanted, documents, strict=True):
            row, fact = start + at, facts[at]
            if row in self._contaminated:
                dropped = {"dropped": CONTAMINATED, "detail": self._contaminated[row]}
                yield _Change(row, document, fact | dropped, (), document["text"])
                continue
            gone = self._lines(row, document)
            if gone:
                yield _Change(row, document, fact, gone, _without(document["text"], {line.index for line in gone}))

    def _lines(self, row: int, document: Row) -> list[_Line]:
        found = {line.index: line for line in self._gone[row]}
        if row in self._levels:
            lines = [line for line in document["text"].split("\n") if line]
            kept = self._own.kept(lines, document["site"], document["language"])
            for line in template_lines(lines, self._levels[row], document["title"], kept):
                found.setdefault(line.index, _Line(line.index, line.rule, why(line, self._rule)))
        return [found[index] for index in sorted(found)]


def _judged(changes: Sequence[_Change], options: Cleaning) -> Iterator[tuple[Row, Row]]:
    """Documents and facts with all that follows from the text."""
    texts = [change.text for change in changes]
    for change, judged, compared in zip(changes, judge_all(texts, options), compare_all(texts), strict=True):
        if not change.gone:
            yield change.document, change.facts
            continue
        yield _with_text(change, judged, compared)


def _with_text(change: _Change, judged: Judged, compared: Compared) -> tuple[Row, Row]:
    new: Row = {
        "text": change.text,
        "language": judged.language,
        "language_score": judged.language_score,
        "languages": [{"tag": share.tag, "share": share.share} for share in judged.languages],
        "quality": judged.quality,
        "n_chars": len(change.text),
        "n_words": compared.n_words,
        "content_hash": compared.content_hash,
    }
    dropped = judged.dropped or Dropped("")
    gone = {line.index for line in change.gone}
    fact = {
        "bytes": row_bytes(change.document | new),
        "dropped": dropped.reason or None,
        "detail": dropped.detail,
        "lines": [number for index, number in enumerate(change.facts["lines"]) if index not in gone],
    }
    shared = {name: new[name] for name in ("language", "n_chars", "n_words", "content_hash")}
    return change.document | new, change.facts | shared | fact


def _audited(change: _Change) -> Iterator[Row]:
    """What the audit says about each line that goes."""
    lines = [line for line in change.document["text"].split("\n") if line]
    place = {name: change.facts[name] for name in (*(field.name for field in PLACE), "id")}
    for line in change.gone:
        found = {"line": change.facts["lines"][line.index], "text": lines[line.index].strip()}
        yield place | found | {"rule": line.rule, "why": line.why}


def _without(text: str, gone: set[int]) -> str:
    """A text without some of its non-blank lines, with one blank line wherever there was any between two that stay."""
    kept: list[str] = []
    index = 0
    blank = False
    for line in text.split("\n"):
        if not line:
            blank = bool(kept)
            continue
        if index not in gone:
            kept += ["", line] if blank else [line]
            blank = False
        index += 1
    return "\n".join(kept)


def _columns(paths: Sequence[Path], *names: str) -> Iterator[tuple[Any, ...]]:
    for path in paths:
        for group in row_groups(path, names):
            yield from zip(*(group[name].to_pylist() for name in names), strict=True)
