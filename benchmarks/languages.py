"""Language detectors side by side: `python -m benchmarks.languages [--write docs/languages.md]`.

Accuracy on the sentences in `benchmarks/sentences`, on hard forms of Vietnamese and on documents in two languages;
CPU time a document. Detectors whose package is not installed are left out.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.language_score import reliability, trials
from benchmarks.sentences import Sentence, sentences
from benchmarks.texts import pages
from benchmarks.timing import cpu_seconds
from corpus.clean.language import DETECTORS, Detector, Guess, detector, identify_all
from corpus.clean.language.profiles import profiles
from corpus.clean.language.tags import tag_of

HEADINGS = Path(__file__).parent / "headings.tsv"
PLAIN = "langdetect"
SIZES = (200, 1000, 5000)
BATCH = 100
MARKS = ("<!-- languages -->\n", "<!-- /languages -->\n")
_RUNS = 15
_SAME = {"nn": {"nn", "no"}}


class Plain:
    """langdetect as it is, with a fixed seed, and its profiles in sorted order."""

    name = PLAIN

    def __init__(self) -> None:
        from importlib import resources

        from langdetect.detector_factory import DetectorFactory

        folder = resources.files("langdetect") / "profiles"
        names = sorted(entry.name for entry in folder.iterdir())
        self._factory = DetectorFactory()
        self._factory.load_json_profile([(folder / name).read_text(encoding="utf-8") for name in names])
        self._factory.seed = 0

    def identify(self, samples: Sequence[str]) -> list[Guess]:
        return [self._guess(text) for text in samples]

    def _guess(self, text: str) -> Guess:
        from langdetect.lang_detect_exception import LangDetectException

        found = self._factory.create()
        found.append(text)
        try:
            best = found.get_probabilities()
        except LangDetectException:
            return Guess("und", 0.0)
        return Guess(tag_of(best[0].lang), round(best[0].prob, 3)) if best else Guess("und", 0.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A detector and how a document is put to it."""

    name: str
    detector: Detector
    run: Callable[[Sequence[str]], object]


def main() -> None:
    """Print the tables, or write them into a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE")
    page: Path | None = parser.parse_args().write
    lines = list(report(candidates()))
    if page is None:
        print("\n".join(lines))
        return
    before, rest = page.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    page.write_text(before + MARKS[0] + "\n".join(lines) + "\n" + MARKS[1] + after, encoding="utf-8")


def candidates() -> list[Candidate]:
    """The default, langdetect as it is, and what else is installed."""
    found: list[Candidate] = []
    for name in DETECTORS:
        if name == PLAIN:
            plain = Plain()
            found.append(Candidate(name, plain, plain.identify))
            continue
        known = detector(name)
        found.append(Candidate(name, known, partial(identify_all, detector=known)))
    return found


def report(compared: Sequence[Candidate]) -> Iterator[str]:
    """The tables in Markdown."""
    every = sentences()
    known = {tag_of(name) for name in profiles().languages}
    guesses = {one.name: [g.tag for g in one.detector.identify([s.text for s in every])] for one in compared}
    of_known = [index for index, sentence in enumerate(every) if sentence.tag in known]
    yield from _summary(compared, every, of_known, guesses)
    yield from _by_language(compared, every, of_known, guesses)
    yield from _differences(every, of_known, guesses)
    yield from _strangers(every, known, guesses)
    yield from _mixtures(every, known)
    yield from _scores()


def _summary(
    compared: Sequence[Candidate],
    every: Sequence[Sentence],
    of_known: Sequence[int],
    guesses: dict[str, list[str]],
) -> Iterator[str]:
    rows = {
        f"right, {len({every[i].tag for i in of_known})} languages of langdetect, {len(of_known)} sentences": {
            one.name: _share(guesses[one.name][i] == every[i].tag for i in of_known) for one in compared
        },
        "same as langdetect, these": {
            one.name: _share(guesses[one.name][i] == guesses[PLAIN][i] for i in of_known) for one in compared
        },
        f"same as langdetect, all {len(every)} sentences": {
            one.name: _share(a == b for a, b in zip(guesses[one.name], guesses[PLAIN], strict=True)) for one in compared
        },
    }
    vietnamese = [sentence.text for sentence in every if sentence.tag == "vi"]
    headings = HEADINGS.read_text(encoding="utf-8").splitlines()
    for label, texts in (
        ("vi, NFD", [unicodedata.normalize("NFD", text) for text in vietnamese]),
        ("vi, UPPER CASE", [text.upper() for text in vietnamese]),
        ("vi, without diacritics", [without_diacritics(text) for text in vietnamese]),
        (f"vi, {len(headings)} headings of 3 or 4 syllables", headings),
        ("vi, these in UPPER CASE", [text.upper() for text in headings]),
    ):
        rows[label] = {
            one.name: _share(guess.tag == "vi" for guess in one.detector.identify(texts)) for one in compared
        }
    documents = [page["text"] for page in islice(pages(1), BATCH)]
    for size in SIZES:
        cut = [text.encode()[:size].decode(errors="ignore") for text in documents]
        alone = {one.name: _microseconds(partial(one.run, cut[:1]), 1) for one in compared}
        rows[f"µs a document of {_bytes(size)}, alone"] = {name: f"{value:,.0f}" for name, value in alone.items()}
    batch = {
        one.name: _microseconds(partial(one.run, documents), len(documents), 15 if one is compared[0] else 1)
        for one in compared
    }
    rows[f"µs a document of 5 KB, {BATCH} at once"] = {name: f"{value:,.0f}" for name, value in batch.items()}
    yield from ["### Side by side", "", f"| | {' | '.join(one.name for one in compared)} |"]
    yield "|---|" + "---|" * len(compared)
    for label, row in rows.items():
        yield f"| {label} | {' | '.join(row[one.name] for one in compared)} |"
    yield ""


def _by_language(
    compared: Sequence[Candidate],
    every: Sequence[Sentence],
    of_known: Sequence[int],
    guesses: dict[str, list[str]],
) -> Iterator[str]:
    """Sentences that are right by language, only where any detector is wrong."""
    right: dict[str, Counter[str]] = defaultdict(Counter)
    count: Counter[str] = Counter()
    for index in of_known:
        tag = every[index].tag
        count[tag] += 1
        for one in compared:
            right[tag][one.name] += guesses[one.name][index] == tag
    perfect = [tag for tag in count if all(right[tag][one.name] == count[tag] for one in compared)]
    yield from ["### By language", "", f"Sentences right of {max(count.values())}.", ""]
    yield f"| | {' | '.join(one.name for one in compared)} |"
    yield "|---|" + "---|" * len(compared)
    for tag in count:
        if tag not in perfect:
            yield f"| {tag} | {' | '.join(str(right[tag][one.name]) for one in compared)} |"
    yield from ["", f"All right for all of them: {', '.join(perfect)}.", ""]


def _differences(every: Sequence[Sentence], of_known: Sequence[int], guesses: dict[str, list[str]]) -> Iterator[str]:
    yield from ["### Where the default and langdetect differ, or both are wrong", ""]
    yield from ["| language | profiles | langdetect | sentence |", "|---|---|---|---|"]
    for index in of_known:
        mine, theirs, tag = guesses["profiles"][index], guesses[PLAIN][index], every[index].tag
        if not mine == theirs == tag:
            yield f"| {tag} | {mine} | {theirs} | {every[index].text} |"
    yield ""


def _strangers(every: Sequence[Sentence], known: set[str], guesses: dict[str, list[str]]) -> Iterator[str]:
    yield from ["### Languages that langdetect has no profile of", "", "What the sentences are called.", ""]
    yield f"| | {' | '.join(guesses)} |"
    yield "|---|" + "---|" * len(guesses)
    for tag in dict.fromkeys(sentence.tag for sentence in every if sentence.tag not in known):
        cells = []
        for named in guesses.values():
            found = Counter(name for name, sentence in zip(named, every, strict=True) if sentence.tag == tag)
            cells.append(", ".join(f"{name} {number}" for name, number in found.most_common(3)))
        yield f"| {tag} | {' | '.join(cells)} |"
    yield ""


def _mixtures(every: Sequence[Sentence], known: set[str]) -> Iterator[str]:
    """Documents of two languages, in two blocks and line by line."""
    by_tag: dict[str, list[str]] = defaultdict(list)
    for sentence in every:
        if sentence.tag in known:
            by_tag[sentence.tag].append(sentence.text)
    alone = identify_all(["\n".join(lines * 4) for lines in by_tag.values()])
    pairs = [(a, b) for a in by_tag for b in by_tag if a < b]
    yield from ["### Documents in two languages", "", "| | both languages and no other | mean error of the share |"]
    yield "|---|---|---|"
    for label, choose in (
        ("Vietnamese and each other", [pair for pair in pairs if "vi" in pair]),
        ("English and each other", [pair for pair in pairs if "en" in pair]),
        ("all pairs", pairs),
    ):
        for form in ("two blocks", "line by line"):
            texts, truth = [], []
            for a, b in choose:
                first, second = by_tag[a] * 2, by_tag[b] * 2
                lines = [*first, *second]
                if form == "line by line":
                    lines = [line for pair in zip(first, second, strict=True) for line in pair]
                texts.append("\n".join(lines))
                truth.append((a, sum(map(len, first)) / sum(map(len, lines))))
            found = identify_all(texts)
            both = [{share.tag for share in one.shares} == set(pair) for one, pair in zip(found, choose, strict=True)]
            errors = [
                abs(dict((share.tag, share.share) for share in one.shares)[tag] - part)  # noqa: C402
                for one, ok, (tag, part) in zip(found, both, truth, strict=True)
                if ok
            ]
            yield f"| {label}, {form} | {_share(both)} | {sum(errors) / len(errors):.3f} |"
    mixed = sum(len(one.shares) != 1 for one in alone)
    yield from ["", f"Documents in one language that are called mixed: {mixed} of {len(alone)}.", ""]


def _scores() -> Iterator[str]:
    yield from ["### Scores of the default", "", "| score | guesses | mean score | right |", "|---|---|---|---|"]
    for row in reliability(trials()):
        yield f"| from {row.low:.2f} | {row.guesses} | {row.mean:.3f} | {row.right:.3f} |"


def without_diacritics(text: str) -> str:
    """As Vietnamese is typed on a keyboard that has only ASCII."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def _share(flags: Sequence[bool] | Iterator[bool]) -> str:
    values = list(flags)
    return f"{sum(values) / len(values):.3f}"


def _bytes(size: int) -> str:
    return f"{size} B" if size < 1000 else f"{size // 1000} KB"


def _microseconds(call: Callable[[], object], documents: int, runs: int = _RUNS) -> float:
    return cpu_seconds(call, runs=runs)[0] / documents * 1e6


if __name__ == "__main__":
    main()
