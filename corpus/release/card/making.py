"""Sections on how the data came about: cleaning, copies, evaluation data, personal data, provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus._words import counted
from corpus.clean.cleaned import PRIVACY
from corpus.dedup.exact import EXACT, NEAR, SAME_URL
from corpus.release.card.markdown import code, coded, table
from corpus.release.card.sections import Section
from corpus.release.manifest import Manifest


def cleaning(manifest: Manifest) -> Section:
    """What became of the documents that were read, and of their lines."""
    accounting = manifest.accounting
    lines = [
        f"{counted(accounting.read, 'document')} read, {accounting.kept:,} kept. `ledger/` names the fate of each.\n",
        *_funnel(manifest),
    ]
    removed = sum(accounting.removed_lines.values())
    lines.append(f"Cleaning took out {counted(removed, 'line')} ({counted(accounting.removed_chars, 'character')}).\n")
    if removed:
        lines += table(("rule", "lines"), coded(accounting.removed_lines))
        lines.append("`docs/cleaning.md` of Corpus Press says what each rule takes; `own/` are rules of this recipe.")
        if any(entry.path.startswith("audit/") for entry in manifest.files):
            lines.append("`audit/` holds every line that was taken out, with the rule that took it.")
        lines.append("")
    if set(accounting.encodings) - {"utf-8"}:
        lines += _counts("Encodings that the records were in", ("encoding", "records"), accounting.encodings)
    lines += _counts("Documents in which something was mended", ("mended", "documents"), accounting.repaired)
    lines += _counts("Dropped for quality, by the limit that was broken", ("limit", "documents"), accounting.limits)
    return Section("How it was cleaned", tuple(lines))


def _funnel(manifest: Manifest) -> Iterator[str]:
    left = manifest.accounting.read
    rows: list[Sequence[object]] = []
    for stage, reasons in manifest.accounting.by_stage.items():
        for reason, n in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
            left -= n
            rows.append((code(stage), code(reason), n, left))
    if rows:
        yield from table(("stage", "reason", "documents that went", "documents left"), rows)


def _counts(title: str, head: Sequence[str], counts: Mapping[str, int]) -> Iterator[str]:
    if counts:
        yield f"{title}:\n"
        yield from table(head, coded(counts))


def duplicates(manifest: Manifest) -> Section:
    """What counted as a copy, and how many went."""
    dedup, dropped = manifest.recipe["dedup"], manifest.accounting.dropped
    near = dedup["near"]
    exactly = "the same text but for case, spacing, punctuation and the place of tone marks"
    nearly = (
        f"a Jaccard similarity of at least {near['threshold']:g} between the sets of {near['words']}-grams of words, "
        f"for documents of {near['min_words']} words and more"
        if near
        else ""
    )
    rows = [("versions of one page", "the same address in the same source", dropped.get(SAME_URL, 0))]
    rows.append(("exact copies", exactly if dedup["exact"] else "not looked for", dropped.get(EXACT, 0)))
    rows.append(("near copies", nearly or "not looked for", dropped.get(NEAR, 0)))
    lines = list(table(("copies", "what counts as one", "documents that went"), rows))
    lines.append(
        "Of copies one stays; `duplicates` counts how many documents it stands for, and the ledger names those that "
        "went with the one that stayed. `docs/deduplication.md` of Corpus Press says which one stays.\n"
    )
    return Section("Duplicates", tuple(lines))


def evaluation_data(manifest: Manifest) -> Section:
    """Benchmarks that were looked for."""
    settings = manifest.recipe["decontaminate"]
    if not manifest.contamination:
        return Section("Evaluation data", ("No benchmark was looked for.\n",))
    done = "dropped" if settings["action"] == "drop" else "freed of the lines that hold it"
    rows = [(code(name), c.items, c.items_found, c.documents) for name, c in manifest.contamination.items()]
    lines = [
        f"Documents with {settings['words']} words in a row of these benchmarks were {done}:\n",
        *table(("benchmark", "items", "items found", "documents that had some"), rows),
    ]
    return Section("Evaluation data", tuple(lines))


def personal_data(manifest: Manifest) -> Section:
    """What was done about personal data."""
    privacy = manifest.recipe["privacy"]
    if privacy["mode"] == "off":
        said = "Personal data was neither looked for nor masked."
    else:
        kinds = ", ".join(map(code, privacy["kinds"]))
        dropped = counted(manifest.accounting.dropped.get(PRIVACY, 0), "document")
        done = (
            "Values were replaced by placeholders such as `[EMAIL]`."
            if privacy["mode"] == "mask"
            else f"Documents with such values were dropped: {dropped}."
        )
        said = f"Values of these kinds were looked for by their form: {kinds}. {done} Names and home addresses stay."
    lines = [f"{said} Who finds data about himself or others in it may ask for its removal, as said below.\n"]
    if manifest.accounting.masked:
        lines += _counts("Values masked", ("kind", "places"), manifest.accounting.masked)
    return Section("Personal data", tuple(lines))


def provenance(manifest: Manifest) -> Section:
    """Program, libraries and digests."""
    made_with = ", ".join(f"{name} {version}" for name, version in manifest.libraries.items())
    lines = [
        f"Built by {manifest.program} with {made_with} from the recipe in `manifest.json`; `corpus verify` checks "
        "every file against it.\n",
        *table(
            ("digest", "SHA-256"),
            (
                ("all rows, however they are cut into files", code(manifest.rows_digest)),
                ("the recipe with its defaults", code(manifest.recipe_digest)),
            ),
        ),
    ]
    inputs = [(code(i.source), i.files, i.bytes, code(i.sha256)) for i in manifest.inputs]
    inputs += [(f"{code(i.source)} (benchmark)", i.files, i.bytes, code(i.sha256)) for i in manifest.evaluation_inputs]
    inputs += [(code(other.path), 1, other.bytes, code(other.sha256)) for other in manifest.other_inputs]
    lines += table(("input", "files", "bytes", "SHA-256"), inputs)
    return Section("Provenance", tuple(lines))
