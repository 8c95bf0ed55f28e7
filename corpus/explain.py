"""One document line by line: what stays, what goes, and the rule that took it."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus._line_models import load_line_model
from corpus._words import counted
from corpus.clean import Cleaned, Raw, Removed, clean_all
from corpus.clean.boilerplate.model.network import Network
from corpus.clean.boilerplate.rules.own import PREFIX
from corpus.clean.cleaner import mend_all
from corpus.clean.privacy import find_all, mask
from corpus.dedup.sketch import found_share
from corpus.errors import BadInputError, UsageError
from corpus.read import digest_file, find_files, plan_parts, read_part
from corpus.read.records import Record, Rejected
from corpus.recipe import Cleaning, Limits, Near, Source

_WHOLE_FILE = 1 << 62
_FIELDS = ("title", "url", "author", "credit", "published", "language", "language_score")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cleaned document and the lines that it had before."""

    place: str
    lines: tuple[str, ...]
    """All lines of the repaired text; the first is line 1 of `cleaned.removed`."""
    cleaned: Cleaned

    @property
    def fields(self) -> dict[str, Any]:
        """Fields of the document by name, each as words for a person."""
        cleaned = self.cleaned
        return {
            **{name: getattr(cleaned, name) for name in _FIELDS},
            "languages": ", ".join(f"{share.tag} {share.share:.0%}" for share in cleaned.languages) or None,
            "repaired": ", ".join(cleaned.repaired) or None,
            "masked": ", ".join(f"{kind} {count}" for kind, count in cleaned.masked.items()) or None,
            "dropped": cleaned.dropped,
        }

    @property
    def removed(self) -> dict[int, Removed]:
        """Removed lines by their number."""
        return {line.line: line for line in self.cleaned.removed}

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain values."""
        return {"place": self.place, **asdict(self.cleaned)}


@dataclass(frozen=True, slots=True)
class Found:
    """How likely two documents are found that are so similar."""

    similarity: float
    """Jaccard similarity of their word n-grams."""
    probability: float
    """That they become candidates, which are then compared exactly."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that a rule takes."""

    place: str
    line: int
    """1-based in the repaired text."""
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: line {self.line}: {self.rule}: {self.text}"


def explain_near(near: Near) -> list[Found]:
    """The curve of a recipe's parameters, and the point of its threshold on it."""
    similarities = sorted({*(number / 20 for number in range(4, 21)), near.threshold})
    return [Found(similarity, round(found_share(similarity, near.bands, near.rows), 6)) for similarity in similarities]


def explain_file(file: Path, record: int = 1, options: Cleaning = Cleaning()) -> Explanation:  # noqa: B008 - frozen
    """Clean one document of a file.

    Args:
        file: A file that `corpus clean` takes.
        record: Which of its documents, counted from 1.
        options: How to clean; the path of a line model is absolute.

    Raises:
        UsageError: there is no such file, or it holds fewer documents.
        BadInputError: the document cannot be read.
    """
    if file.is_dir():
        raise UsageError(f"{file}: a folder; name one file")
    found = 0
    for place, item in _records([str(file)]):
        found += 1
        if found < record:
            continue
        if not isinstance(item, Record):
            raise BadInputError(f"{place}: {item.reason}: {item.detail}")
        (cleaned,) = clean_all([Raw(item.text, **item.fields)], options, _network(options))
        (mended,) = mend_all([item.text], options.clean)
        shown = mended.text
        if options.privacy.mode == "mask":
            shown = mask(shown, find_all([shown], options.privacy.kinds)[0])
        return Explanation(place, tuple(shown.split("\n")), cleaned)
    raise UsageError(f"{file}: it holds {counted(found, 'document')}, not {record}")


def lines_of_rule(inputs: Sequence[str], rule: str, options: Cleaning) -> Iterator[Hit]:
    """Lines that a rule takes, in the order of the documents; records that cannot be read are passed over.

    Args:
        inputs: Files, folders or globs, as `corpus clean` takes them.
        rule: Name of a rule, or a pattern such as `own/*`.
        options: How to clean; the path of a line model is absolute.

    Raises:
        UsageError: no such file, or a name that no rule can have.
    """
    own = [PREFIX + known.name for known in options.clean.rules]
    if rule.startswith(PREFIX) and not fnmatch.filter(own, rule):
        raise UsageError(f"no rule '{rule}'; the recipe has {', '.join(own) if own else 'none of its own'}")
    network = _network(options)
    for place, item in _records(inputs):
        if isinstance(item, Record):
            (cleaned,) = clean_all([Raw(item.text, **item.fields)], options, network)
            for line in cleaned.removed:
                if fnmatch.fnmatchcase(line.rule, rule):
                    yield Hit(place, line.line, line.rule, line.text)


def _records(inputs: Sequence[str]) -> Iterator[tuple[str, Record | Rejected]]:
    """Each record of some files with the words for where it is."""
    root = Path.cwd()
    source = Source(name="input", path=list(inputs))
    limit = round(Limits().max_document_mb * 1_000_000)
    for raw in find_files(source, root):
        digests = {raw.path: digest_file(raw, root, _WHOLE_FILE)}
        for part in plan_parts(source, [raw], digests, part_bytes=_WHOLE_FILE, max_document_bytes=limit):
            for item in read_part(part, root):
                yield item.path if item.position is None else f"{item.path}:{item.position}", item


def _network(options: Cleaning) -> Network | None:
    return load_line_model(Path(options.clean.model))[0] if options.clean.model else None
