"""The default detector: naive Bayes over langdetect's profiles, for a whole batch of samples at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.language import letters as kind
from corpus.clean.language.detector import MIN_LETTERS, UNKNOWN, Guess
from corpus.clean.language.letters import Ints
from corpus.clean.language.profiles import WEIGHT_UNITS, Profiles, profiles
from corpus.clean.language.reading import Bools, Reading, Scripts, read
from corpus.clean.language.sample import WINDOWS, without_noise
from corpus.clean.language.score import Floats, score

MOST_CHARS = 2000
"""More of a sample is not looked at. Sums stay whole numbers below 2^24, which float32 holds exactly."""
_CHUNK_SAMPLES = 128
_CHUNK_CHARS = 100_000
_ONE_THREAD = 1 << 18
"""Multiplications up to which OpenBLAS does a matrix product itself. With more it wakes other threads, who burn a
hundred times the work in waiting where all cores are busy."""
_MIN_WINDOW_LETTERS = 30
_UNEVEN_NATS = 1.0
"""Windows of one language differ less in how well it fits them, per letter."""
_UNFIT_NATS = 1.9
"""A sample of one language has less regret per letter, unless no profile knows the language."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at some samples tells, one entry a sample."""

    guesses: list[Guess]
    uneven: Bools
    """Whether the windows of the sample look as if they were not all of one language."""
    margin: Floats
    """Nats a letter by which the best language is ahead of the second."""
    regret: Floats
    """Nats a letter by which the best for each letter is ahead of the best for all."""
    letters: Ints
    """Letters that any profile knows."""
    odd: Ints
    """Letters of a known script that no profile has."""
    spread: Floats
    """Nats a letter between the windows that the language fits best and worst."""


class NaiveBayes:
    """Exact posterior over all n-grams of a sample: the same for a sample in any company, on any machine."""

    name = "profiles"

    def identify(self, samples: Sequence[str]) -> list[Guess]:
        """The language of each sample."""
        return [guess for look in self.look(samples) for guess in look.guesses]

    def uneven(self, samples: Sequence[str]) -> list[bool]:
        """Whether each sample looks as if it were not all of one language."""
        return [uneven for look in self.look(samples) for uneven in look.uneven.tolist()]

    def look(self, samples: Sequence[str]) -> Iterator[Look]:
        """Look at samples, some of them at a time."""
        for chunk in _chunks(without_noise(samples, MOST_CHARS)):
            yield _look(chunk, profiles())


def _chunks(samples: Sequence[str]) -> Iterator[list[str]]:
    """Samples that are looked at together, so that arrays stay small."""
    chunk: list[str] = []
    size = 0
    for sample in samples:
        if chunk and (len(chunk) == _CHUNK_SAMPLES or size + len(sample) > _CHUNK_CHARS):
            yield chunk
            chunk, size = [], 0
        chunk.append(sample)
        size += len(sample)
    if chunk:
        yield chunk


def _look(samples: Sequence[str], tables: Profiles) -> Look:
    reading = read(samples, tables.letters)
    rows = tables.rows(reading.numbers)
    rows[reading.silent] = 0
    # Only rows that occur, numbered anew.
    occurs = np.zeros(len(tables.weights), np.bool_)
    occurs[rows] = True
    distinct = np.flatnonzero(occurs)
    new_number = np.empty(len(occurs), np.int64)
    new_number[distinct] = np.arange(len(distinct))
    column = new_number.take(rows)
    weights = tables.weights.take(distinct, axis=0)
    per_sample = reading.sizes.reshape(-1, WINDOWS).sum(1)
    counts = _counts(column, per_sample, len(distinct))
    sums = _product(counts, weights)

    best, margin = _decide(sums, reading.samples, tables.languages)
    known = (rows != 0).astype(np.int64)
    chosen = weights.ravel().take(column * len(tables.languages) + np.repeat(best, per_sample))
    regret = tables.best.take(distinct).take(column).astype(np.int64) - chosen
    edges = np.cumsum(reading.sizes) - reading.sizes
    window_letters = _window_sums(known, edges, reading.sizes)
    window_regret = _window_sums(regret, edges, reading.sizes)
    letters = window_letters.sum(1)
    per_letter = 1.0 / (np.maximum(letters, 1) * WEIGHT_UNITS)
    margin_nats, regret_nats = margin * per_letter, window_regret.sum(1) * per_letter
    spread = _spread(window_regret, window_letters)
    odd = reading.samples.number_of((kind.ODD,))
    scores = score(margin_nats, regret_nats, letters.astype(np.float64), odd.astype(np.float64))
    undetermined = (reading.samples.letters < MIN_LETTERS) | reading.samples.foreign | (letters == 0)
    undetermined |= _is_monotonous(counts, distinct, reading.samples)
    guesses = [
        UNKNOWN if unknown else Guess(tables.tags[index], value)
        for index, value, unknown in zip(best.tolist(), scores.tolist(), undetermined.tolist(), strict=True)
    ]
    uneven = (spread > _UNEVEN_NATS) | (regret_nats > _UNFIT_NATS) | _mixes_scripts(reading)
    return Look(guesses, uneven, margin_nats, regret_nats, letters, odd, spread)


def _counts(column: Ints, sizes: Ints, width: int) -> Ints:
    """How often each row occurs in each sample."""
    at = np.repeat(np.arange(len(sizes)) * width, sizes)
    at += column
    return np.bincount(at, minlength=len(sizes) * width).reshape(-1, width)


def _product(counts: Ints, weights: npt.NDArray[np.int16]) -> Ints:
    """Sum of the weights of each sample, by language."""
    exact_counts, exact_weights = counts.astype(np.float32), weights.astype(np.float32)
    sums = np.zeros((len(counts), weights.shape[1]), np.float32)
    step = max(_ONE_THREAD // sums.size, 1)
    for start in range(0, len(weights), step):
        sums += exact_counts[:, start : start + step] @ exact_weights[start : start + step]
    return sums.astype(np.int64)


def _is_monotonous(counts: Ints, distinct: Ints, scripts: Scripts) -> Bools:
    """Whether a sample is the same few letters again and again; profiles spell all kana, and all Hangul, the same."""
    some = np.count_nonzero(counts, axis=1) - (counts[:, 0] > 0) * (distinct[0] == 0)
    monotonous: Bools = (some < MIN_LETTERS) & (scripts.number_of(kind.WIDE) == 0)
    return monotonous


def _decide(sums: Ints, scripts: Scripts, languages: Sequence[str]) -> tuple[Ints, Ints]:
    """Column of the best language of each sample, and how far it is ahead of the second."""
    ideographs = scripts.number_of(kind.IDEOGRAPHS) > 0
    # These profiles know ideographs, but nobody writes Korean or Japanese in nothing else.
    sums[ideographs & (scripts.counts[:, kind.HANGUL] == 0), languages.index("ko")] = -1
    sums[ideographs & (scripts.counts[:, kind.KANA] == 0), languages.index("ja")] = -1
    every = np.arange(len(sums))
    best = sums.argmax(1)
    most = sums[every, best]
    simplified, traditional = languages.index("zh-cn"), languages.index("zh-tw")
    chinese = (best == simplified) | (best == traditional)
    rest = sums.copy()
    rest[every, best] = -1
    if chinese.any():
        # Two ways of writing are no two languages; characters that only one of them has tell better than profiles.
        rest[np.ix_(chinese, [simplified, traditional])] = -1
        more = scripts.counts[:, kind.SIMPLIFIED] - scripts.counts[:, kind.TRADITIONAL]
        best[chinese & (more > 0)] = simplified
        best[chinese & (more < 0)] = traditional
    return best, most - np.maximum(rest.max(1), 0)


def _window_sums(values: Ints, edges: Ints, sizes: Ints) -> Ints:
    """Sum of each window, sample by window; windows of very short samples may be empty."""
    sums = np.add.reduceat(values, np.minimum(edges, len(values) - 1))
    sums[sizes == 0] = 0
    return sums.reshape(-1, WINDOWS)


def _spread(regret: Ints, letters: Ints) -> Floats:
    """Between the windows that fit worst and best, per letter; 0 where fewer than two have enough letters."""
    enough = letters >= _MIN_WINDOW_LETTERS
    nats = regret / (np.maximum(letters, 1) * WEIGHT_UNITS)
    worst = np.where(enough, nats, -np.inf).max(1)
    best = np.where(enough, nats, np.inf).min(1)
    return np.where(enough.sum(1) > 1, worst - best, 0.0)


def _mixes_scripts(reading: Reading) -> Bools:
    """Whether a window is mostly of a script that has no say in the whole sample, or only there."""
    samples, windows = reading.samples, reading.windows
    long = windows.letters >= _MIN_WINDOW_LETTERS
    differs = (windows.hidden != samples.hidden[:, None]) & _has_latin(windows, samples)
    differs |= windows.foreign != samples.foreign[:, None]
    mixed: Bools = (long & differs).any(1)
    return mixed


def _has_latin(windows: Scripts, samples: Scripts) -> Bools:
    """A window that hides nothing differs only where the sample hides something, or the other way round."""
    latin = windows.number_of(kind.ASCII)
    return np.where(samples.hidden[:, None], latin >= _MIN_WINDOW_LETTERS, windows.hidden)
