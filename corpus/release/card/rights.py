"""Sections on what may be done with the data: licences, uses, limits, removal, citation."""

from __future__ import annotations

from collections.abc import Iterator

from corpus._words import counted
from corpus.recipe.licenses import license_url
from corpus.release.card.markdown import code, plain, table
from corpus.release.card.own import OwnCard
from corpus.release.card.sections import Section
from corpus.release.manifest import Manifest

NO_LICENSE = ("other", "unknown")
"""Identifiers that say nothing of what may be done."""


def licence(manifest: Manifest, own: OwnCard) -> str:
    """The licence as Markdown, with a link where its text is known."""
    name, url = manifest.license, license_url(manifest.license)
    if name in NO_LICENSE:
        name, url = own.metadata.get("license_name", name), own.metadata.get("license_link")
    return f"[{plain(name)}]({url})" if url else code(name)


def sources(manifest: Manifest, own: OwnCard) -> Section:
    """Sources with their licences and sizes."""
    licences = {source["name"]: source["license"] or "" for source in manifest.recipe["sources"]}
    ordered = sorted(manifest.sources.items(), key=lambda item: (-item[1].documents, item[0]))
    rows = [
        (code(name), t.documents, t.chars, t.words, plain(licences.get(name, "")) or "not named") for name, t in ordered
    ]
    lines = list(table(("source", "documents", "characters", "words", "licence"), rows))
    for entry in manifest.inputs:
        if entry.hub:
            address = f"https://huggingface.co/datasets/{entry.hub}/tree/{entry.commit}"
            lines.append(f"{code(entry.source)} was read from [{entry.hub}]({address}) at {code(str(entry.commit))}.\n")
    lines.append(f"Licence of the whole: {licence(manifest, own)}. The rights of the sources hold beside it.\n")
    return Section("Licence and sources", tuple(lines))


def uses() -> Section:
    """What it is for and what not."""
    words = (
        "Made for training and evaluating language models, and for research on language.\n",
        "Not made for finding out about persons, nor as a source of facts: texts say what their sources said, and "
        "nobody has checked it.\n",
    )
    return Section("Uses", words=words)


def limits(manifest: Manifest) -> Section:
    """What a user has to know before he relies on it, as far as recipe and accounts tell."""
    return Section("Known limits", (*(f"- {limit}" for limit in _limits(manifest)), ""))


def _limits(manifest: Manifest) -> Iterator[str]:
    recipe, accounting = manifest.recipe, manifest.accounting
    clean, dedup, quality = recipe["clean"], recipe["dedup"], recipe["quality"]
    if manifest.license in NO_LICENSE:
        yield "No licence of the Hub's list is named for the whole: ask the publisher what may be done with it."
    if without := [code(source["name"]) for source in recipe["sources"] if not source["license"]]:
        yield f"{counted(len(without), 'source has', 'sources have')} no licence named here: {_some(without)}."
    if recipe["privacy"]["mode"] == "off":
        yield "Personal data may be inside: names, addresses, telephone numbers."
    else:
        yield "Personal data of other kinds than those looked for, and names, may be inside; some values are missed."
    if clean["boilerplate"]:
        yield "Boilerplate is taken out by rules and a model; some stays, and now and then a line of text went with it."
    else:
        yield "Boilerplate was not taken out."
    if not quality["presets"] and not quality["limits"]:
        yield "No document was dropped for its quality; the column `quality` has what to choose by."
    if not dedup["exact"]:
        yield "Exact copies were not looked for."
    if not dedup["near"]:
        yield "Near copies were not looked for."
    if not dedup["paragraphs"]:
        yield "A paragraph may stand in several documents."
    if not manifest.contamination:
        yield "Evaluation data may be inside: no benchmark was looked for."
    if len(manifest.splits) == 1:
        yield "There is no held-out split."
    yield "Languages, titles, authors and days of publication are found by a program and may be wrong or missing."
    tags = [tag for tag in manifest.languages if tag != "und"]
    if len(tags) == 1:
        yield f"All documents whose language was found are in one: {code(tags[0])}."
    if undetermined := manifest.languages.get("und"):
        yield f"The language of {counted(undetermined.documents, 'document')} was not found."
    if quarantined := sum(accounting.quarantined.values()):
        yield f"{counted(quarantined, 'record')} could not be read, so nothing of them is inside; the ledger says why."
    if manifest.withdrawn and (withdrawn := sum(manifest.withdrawn.documents.values())):
        yield f"Of the sources, {counted(withdrawn, 'document')} had to be left out on request."


def _some(names: list[str], most: int = 5) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def removal(manifest: Manifest) -> Section:
    """How to ask for removal, and how many documents went on request."""
    words = (
        "Whoever wants a document taken out tells the publisher its `id` or `url`; on the Hub, in a discussion of this "
        "dataset. The next version leaves it out, together with near copies of it, and so do all later ones. The "
        "versions before it do not change.\n",
    )
    facts: list[str] = []
    if manifest.withdrawn:
        withdrawn = manifest.withdrawn.documents
        facts.append(
            f"{counted(manifest.withdrawn.requests, 'request')} on the list, "
            f"{counted(sum(withdrawn.values()), 'document')} left out of this version for them.\n"
        )
        if withdrawn:
            rows = [(plain(reason), n) for reason, n in sorted(withdrawn.items(), key=lambda i: (-i[1], i[0]))]
            facts += table(("reason of the request", "documents"), rows)
    return Section("Removal", tuple(facts), words)


def citation(manifest: Manifest, own: OwnCard) -> Section:
    """An entry for a bibliography."""
    return Section("Citation", words=("```bibtex", *bibtex(manifest, own), "```\n"))


def bibtex(manifest: Manifest, own: OwnCard) -> list[str]:
    """A BibTeX entry, line by line; with a year only where the user gives one."""
    fields = {"title": f"{{{_tex(manifest.title)}}}", "version": manifest.version}
    if own.creators:
        fields["author"] = " and ".join(f"{{{_tex(name)}}}" for name in own.creators)
    if own.date:
        fields["year"] = own.date[:4]
    if own.homepage:
        fields["url"] = own.homepage
    fields["note"] = f"SHA-256 of its rows: {manifest.rows_digest}"
    width = max(map(len, fields))
    return [
        f"@misc{{{manifest.name},",
        *(f"  {name:<{width}} = {{{value}}}," for name, value in fields.items()),
        "}",
    ]


def _tex(text: str) -> str:
    """Text with what TeX would act on escaped; braces and backslashes, which would end the field, are left out."""
    line = " ".join(text.translate(dict.fromkeys(map(ord, "{}\\"))).split())
    return "".join(f"\\{letter}" if letter in "#$%&_" else letter for letter in line)
