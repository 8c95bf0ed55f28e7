"""Fit the score of the default language detector, and show how often guesses of each score are right.

`python -m benchmarks.language_score` prints the coefficients for `corpus/clean/language/score.py`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from benchmarks.sentences import sentences
from corpus.clean.language.detector import MIN_LETTERS
from corpus.clean.language.naive_bayes import Look, NaiveBayes
from corpus.clean.language.profiles import profiles
from corpus.clean.language.sample import letters_of
from corpus.clean.language.score import measures
from corpus.clean.language.shares import SURE
from corpus.clean.language.tags import tag_of

Floats = npt.NDArray[np.float64]

EDGES = (0.0, 0.25, 0.5, 0.75, SURE, 0.97, 1.01)
_RIDGE = 1e-3
_SAME = {"nn": "no"}
"""Languages whose text may go under another tag."""
_STRANGER_WEIGHT = 0.2
"""Languages without a profile are a sixth of the benchmark's and far less of most corpora."""


@dataclass(frozen=True, slots=True)
class Trials:
    """Guesses on sentences, parts of sentences and several sentences."""

    measured: Floats
    right: npt.NDArray[np.bool_]
    weight: Floats
    fold: npt.NDArray[np.int64]
    """0 or 1, by sentence."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Guesses with a score between two edges."""

    low: float
    guesses: int
    mean: float
    """Of their scores."""
    right: float
    """Share that is right."""


def trials() -> Trials:
    """What the detector makes of every sentence and its parts."""
    by_tag: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences():
        by_tag[sentence.tag].append(sentence.text)
    texts: list[str] = []
    tags: list[str] = []
    folds: list[int] = []
    for tag, group in by_tag.items():
        for fold in (0, 1):
            half = group[fold::2]
            parts = [part for text in half for part in _parts(text)]
            parts += [" ".join(half[:2]), " ".join(half[2:]), " ".join(half)]
            texts += parts
            tags += [tag] * len(parts)
            folds += [fold] * len(parts)
    looks = list(NaiveBayes().look(texts))
    guesses = [guess for look in looks for guess in look.guesses]
    told = np.array([guess.tag != "und" for guess in guesses])
    right = np.array([guess.tag == _SAME.get(tag, tag) for guess, tag in zip(guesses, tags, strict=True)])
    measured = np.concatenate([_measures(look) for look in looks])
    known = {tag_of(name) for name in profiles().languages} | set(_SAME)
    weight = np.array([1.0 if tag in known else _STRANGER_WEIGHT for tag in tags])
    return Trials(measured[told], right[told], weight[told], np.array(folds)[told])


def _measures(look: Look) -> Floats:
    letters, odd = look.letters.astype(np.float64), look.odd.astype(np.float64)
    return np.stack(measures(look.margin, look.regret, letters, odd), axis=-1)


def _parts(text: str) -> list[str]:
    """The text, its halves and its first words, without those that are too short for a guess."""
    words = text.split(" ")
    if len(words) < 4:
        parts = [text, text[: len(text) // 2], text[len(text) // 2 :], text[:5]]
    else:
        middle = len(words) // 2
        parts = [text, " ".join(words[:middle]), " ".join(words[middle:]), " ".join(words[:3])]
    return [part for part in parts if letters_of(part) >= MIN_LETTERS]


def fit(measured: Floats, right: npt.NDArray[np.bool_], weight: Floats) -> Floats:
    """Logistic regression by Newton's method."""
    weights = np.zeros(measured.shape[1])
    for _ in range(50):
        probability = 1.0 / (1.0 + np.exp(-(measured @ weights)))
        gradient = measured.T @ (weight * (right - probability)) - _RIDGE * weights
        curvature = (measured.T * (weight * probability * (1 - probability))) @ measured + _RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(curvature, gradient)
    return weights


def reliability(trial: Trials) -> list[Bin]:
    """How often guesses are right by their score, each half of the sentences scored as fitted to the other half."""
    probability = np.zeros(len(trial.right))
    for fold in (0, 1):
        other = trial.fold != fold
        weights = fit(trial.measured[other], trial.right[other], trial.weight[other])
        probability[~other] = 1.0 / (1.0 + np.exp(-(trial.measured[~other] @ weights)))
    bins = []
    for low, high in pairwise(EDGES):
        inside = (probability >= low) & (probability < high)
        if inside.any():
            mean, right = (
                float(np.average(values[inside], weights=trial.weight[inside])) for values in (probability, trial.right)
            )
            bins.append(Bin(low, int(inside.sum()), mean, right))
    return bins


def main() -> None:
    """Print coefficients and reliability."""
    trial = trials()
    print("COEFFICIENTS =", tuple(round(float(value), 2) for value in fit(trial.measured, trial.right, trial.weight)))
    for row in reliability(trial):
        print(f"score from {row.low:.2f}: {row.guesses:5} guesses, mean score {row.mean:.3f}, right {row.right:.3f}")


if __name__ == "__main__":
    main()
