"""langdetect's profiles as tables: how much each letter with the two before it speaks for each language.

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
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from corpus.clean.language.letters import SPACE_ID, Ints, Letters

ALPHA = 0.5 / 10_000
"""Probability that stands in for n-grams which a language does not have; langdetect's."""
WEIGHT_UNITS = 256
"""Units of a weight in one nat."""
_BITS = 12
"""Of the number of a character in a key."""
_MASK = (1 << _BITS) - 1
_PAIR = _MASK << (2 * _BITS)
"""In place of the first of three characters: there are only two."""
_ROW_BITS = 17
_SLOT_BITS = 18
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - _SLOT_BITS)


@dataclass(frozen=True, slots=True)
class Profiles:
    """Rows of weights and the way from three characters to a row."""

    languages: tuple[str, ...]
    """langdetect's names, sorted; columns of `weights`."""
    letters: Letters
    weights: npt.NDArray[np.int16]
    """Row by language. Row 0 is of no language."""
    best: npt.NDArray[np.int16]
    """Greatest weight of each row."""
    single: npt.NDArray[np.int32]
    """Row of each character alone, by its number."""
    slots: npt.NDArray[np.uint64]
    """Hash table with open addresses: key and row in one number."""
    probes: int
    """Most slots that a look-up may need to see."""

    def rows(self, numbers: Ints) -> Ints:
        """The row of each character from the third on."""
        last = numbers[2:]
        pair = (numbers[1:-1] << _BITS) | last
        rows = self._find((numbers[:-2] << (2 * _BITS)) | pair)
        missing = np.flatnonzero(rows == 0)
        found = self._find(pair[missing] | _PAIR)
        alone = found == 0
        found[alone] = self.single[last[missing[alone]]]
        rows[missing] = found
        return rows

    def _find(self, keys: Ints) -> Ints:
        """Row of each key, 0 where there is none."""
        wanted = keys.view(np.uint64)
        slot = ((wanted * _ODD) >> _SHIFT).view(np.int64)
        content = self.slots.take(slot, mode="clip")
        rows = (content & np.uint64((1 << _ROW_BITS) - 1)).view(np.int64)
        other = np.flatnonzero((content >> np.uint64(_ROW_BITS)) != wanted)
        rows[other] = 0
        other = other[content[other] != 0]
        for _ in range(1, self.probes):
            if not len(other):
                break
            slot[other] = (slot[other] + 1) & ((1 << _SLOT_BITS) - 1)
            content = self.slots.take(slot[other], mode="clip")
            hit = (content >> np.uint64(_ROW_BITS)) == wanted[other]
            rows[other[hit]] = (content[hit] & np.uint64((1 << _ROW_BITS) - 1)).view(np.int64)
            other = other[~hit & (content != 0)]
        return rows


@cache
def profiles() -> Profiles:
    """Read langdetect's profiles, which takes about a fifth of a second."""
    folder = resources.files("langdetect") / "profiles"
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith((".", "_")))
    grams: dict[str, int] = {}
    rows: list[int] = []
    columns: list[npt.NDArray[np.int64]] = []
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


def _index(languages: tuple[str, ...], grams: dict[str, int], table: npt.NDArray[np.int16]) -> Profiles:
    letters = Letters({char for gram in grams for char in gram} - {" "})
    by_length: list[tuple[Ints, Ints]] = []
    for length in (1, 2, 3):
        chosen = [gram for gram in grams if len(gram) == length]
        codes = np.frombuffer("".join(chosen).encode("utf-32-le"), np.uint32)
        number_of = np.zeros(max(map(ord, letters.numbers)) + 1, np.int64)
        number_of[[ord(char) for char in letters.numbers]] = list(letters.numbers.values())
        number_of[ord(" ")] = SPACE_ID
        row = np.fromiter(map(grams.__getitem__, chosen), np.int64, len(chosen))
        by_length.append((number_of[codes].reshape(-1, length), row))
    (ones, one_rows), (twos, two_rows), (threes, three_rows) = by_length
    single = np.zeros(1 << _BITS, np.int32)
    single[ones[:, 0]] = one_rows
    pair_keys = (twos[:, 0] << _BITS) | twos[:, 1] | _PAIR
    triple_keys = (threes[:, 0] << (2 * _BITS)) | (threes[:, 1] << _BITS) | threes[:, 2]
    table[two_rows] += table[single[twos[:, 1]]]
    found = Profiles(languages, letters, table, table.max(1), single, *_hash_table(pair_keys, two_rows))
    ends = found._find((triple_keys & ((1 << (2 * _BITS)) - 1)) | _PAIR)
    ends = np.where(ends == 0, single[threes[:, 2]], ends)
    table[three_rows] += table[ends]
    slots, probes = _hash_table(np.concatenate((pair_keys, triple_keys)), np.concatenate((two_rows, three_rows)))
    return Profiles(languages, letters, table, table.max(1), single, slots, probes)


def _hash_table(keys: Ints, rows: Ints) -> tuple[npt.NDArray[np.uint64], int]:
    """Put every key in the first free slot from its own on; all at once, the first of equals first."""
    slots = np.zeros(1 << _SLOT_BITS, np.uint64)
    content = (keys.view(np.uint64) << np.uint64(_ROW_BITS)) | rows.view(np.uint64)
    slot = ((keys.view(np.uint64) * _ODD) >> _SHIFT).view(np.int64)
    waiting = np.arange(len(keys))
    probes = 0
    while len(waiting):
        probes += 1
        free = waiting[slots[slot[waiting]] == 0]
        slots[slot[free[::-1]]] = content[free[::-1]]
        waiting = waiting[slots[slot[waiting]] != content[waiting]]
        slot[waiting] = (slot[waiting] + 1) & ((1 << _SLOT_BITS) - 1)
    return slots, probes
