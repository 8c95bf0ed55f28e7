"""How likely a guess is right, from how far ahead it is, how well it fits, and how much text there is.

The posterior of naive Bayes is of no use as a score: it takes neighbouring n-grams for independent and says 1.000
after a few words. Instead a logistic function, fitted by `python -m benchmarks.language_score` to right and wrong
guesses on the benchmark's sentences and parts of them. Languages that no profile knows are among them, weighted to
about one guess in thirty: a score holds where such text is that rare.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

COEFFICIENTS = (0.5, 1.2, 0.96, 0.75, -0.9, -2.97)
"""Of what `measures` gives."""
_ENOUGH_LETTERS = 300.0
"""More letters make a guess no surer."""
_COMMON_REGRET = 1.2
"""Nats a letter. Text in a language that has a profile seldom has more, the less the longer it is."""


def measures(margin: Floats, regret: Floats, letters: Floats, odd: Floats) -> tuple[Floats, ...]:
    """What the score rests on, an array for each coefficient.

    Args:
        margin: nats by which the best language is ahead of the second, per letter.
        regret: nats by which each letter's own best language is ahead of the best of all, per letter.
        letters: letters that any profile knows.
        odd: letters of a known script that no profile has.
    """
    amount = np.log(np.minimum(letters, _ENOUGH_LETTERS) + 1.0)
    strange = np.maximum(regret - _COMMON_REGRET, 0.0) * amount
    unheard = np.log(1.0 + 100.0 * odd / (letters + odd + 1.0))
    return np.ones_like(margin), np.log(margin + 0.01), regret, amount, strange, unheard


def score(margin: Floats, regret: Floats, letters: Floats, odd: Floats) -> Floats:
    """Probability that the guess is right, rounded to 3 digits."""
    odds = np.zeros_like(margin)
    # One product after another: those of BLAS may differ in the last bit with the number of rows.
    for coefficient, measure in zip(COEFFICIENTS, measures(margin, regret, letters, odd), strict=True):
        odds += coefficient * measure
    probability: Floats = np.round(1.0 / (1.0 + np.exp(-odds)), 3)
    return probability
