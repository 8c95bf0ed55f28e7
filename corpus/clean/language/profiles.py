"""langdetect's profiles as a table: how much each letter with the two before it speaks for each language.

The profiles count letters, pairs and triples of letters in the Wikipedias of 55 languages
(https://github.com/shuyo/language-detection, Nakatani Shuyo, 2010). langdetect draws some of a text's n-grams by
chance and multiplies their probabilities. Here all of them count, once each: the naive Bayes posterior that
langdetect samples. Per language, an n-gram of probability p adds log(1 + p / alpha), which is 0 where the language
does not have it, up to a sum that is the same for all languages. Weights are whole numbers, so that sums are exact in
any order.

A letter, the pair that ends with it and the triple that ends with it always come together where the triple is
known. Therefore the row of a triple holds the sum of all three, and each letter of a text takes one row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from corpus.clean.language.hash_table import HashTable
from corpus.clean.language.letters import SPACE_ID, Ints, Letters
from corpus.clean.language.tags import tag_of

ALPHA = 0.5 / 10_000
"""Probability that stands in for n-grams which a language does not have; langdetect's."""
WEIGHT_UNITS = 256
"""Units of a weight in one nat."""
_BITS = 12
"""Of the number of a character in a key."""
_NONE = (1 << _BITS) - 1
"""In place of the first of three characters: there are only two."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """Rows of weights and the way from three characters to a row."""

    languages: tuple[str, ...]
    """langdetect's names, sorted; columns of `weights`."""
    tags: tuple[str, ...]
    """Of the languages, by BCP-47."""
    letters: Letters
    weights: npt.NDArray[np.int16]
    """Row by language. Row 0 is of no language."""
    best: npt.NDArray[np.int16]
    """Greatest weight of each row."""
    single: npt.NDArray[np.int32]
    """Row of each character alone, by its number."""
    table: HashTable
    """Rows of pairs and triples."""

    def rows(self, numbers: Ints) -> Ints:
        """The row of each character from the third on: of the triple, else of the pair, else of itself."""
        first, second, last = numbers[:-2], numbers[1:-1], numbers[2:]
        rows = self.table.find(_key(first, second, last))
        rest = np.flatnonzero(rows == 0)
        pairs = self.table.find(_key(_NONE, second[rest], last[rest]))
        rows[rest] = np.where(pairs == 0, self.single[last[rest]], pairs)
        return rows


@cache
def profiles() -> Profiles:
    """Read langdetect's profiles, which takes a sixth of a second."""
    folder = resources.files("langdetect") / "profiles"
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith((".", "_")))
    grams: dict[str, int] = {}
    rows: list[int] = []
    columns: list[Ints] = []
    weights: list[npt.NDArray[np.float64]] = []
    for column, name in enumerate(names):
        profile = json.loads((folder / name).read_text(encoding="utf-8"))
        counts = profile["freq"]
        rows += [grams.setdefault(gram, len(grams) + 1) for gram in counts]
        total = np.array([1, *profile["n_words"]], np.float64)[np.fromiter(map(len, counts), np.int64, len(counts))]
        weights.append(np.log1p(np.fromiter(counts.values(), np.float64, len(counts)) / total / ALPHA))
        columns.append(np.full(len(counts), column))
    table = np.zeros((len(grams) + 1, len(names)), np.int16)
    table[rows, np.concatenate(columns)] = np.rint(np.concatenate(weights) * WEIGHT_UNITS)
    return _index(tuple(names), grams, table)


def _index(languages: tuple[str, ...], grams: dict[str, int], weights: npt.NDArray[np.int16]) -> Profiles:
    letters = Letters({char for gram in grams for char in gram} - {" "})
    ones, twos, threes = ([gram for gram in grams if len(gram) == length] for length in (1, 2, 3))
    one, two, three = (_numbers(chosen, letters) for chosen in (ones, twos, threes))
    two_rows, three_rows = _rows(twos, grams), _rows(threes, grams)
    single = np.zeros(1 << _BITS, np.int32)
    single[one[0]] = _rows(ones, grams)
    weights[two_rows] += weights[single[two[1]]]
    pairs = HashTable.of(_key(_NONE, *two), two_rows)
    ends = pairs.find(_key(_NONE, three[1], three[2]))
    weights[three_rows] += weights[np.where(ends == 0, single[three[2]], ends)]
    keys = np.concatenate((_key(_NONE, *two), _key(*three)))
    table = HashTable.of(keys, np.concatenate((two_rows, three_rows)))
    return Profiles(languages, tuple(map(tag_of, languages)), letters, weights, weights.max(1), single, table)


def _numbers(grams: Iterable[str], letters: Letters) -> list[Ints]:
    """Numbers of the first characters of n-grams of one length, of the second, and so on."""
    number_of = np.zeros(max(map(ord, letters.numbers)) + 1, np.int64)
    number_of[[ord(char) for char in letters.numbers]] = list(letters.numbers.values())
    number_of[ord(" ")] = SPACE_ID
    return [number_of[[ord(char) for char in chars]] for chars in zip(*grams, strict=True)]


def _rows(grams: list[str], rows: dict[str, int]) -> Ints:
    return np.fromiter(map(rows.__getitem__, grams), np.int64, len(grams))


def _key(first: Ints | int, second: Ints, last: Ints) -> Ints:
    key: Ints = (first << (2 * _BITS)) | (second << _BITS) | last
    return key
