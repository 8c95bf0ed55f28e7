"""How likely a guess is right, from how far ahead it is, how well it fits, and how much text there is.

The posterior of naive Bayes is of no use as a score: it takes neighbouring n-grams for independent and says 1.000
after a few words. Instead a logistic function, fitted by `python -m benchmarks.languages --fit` to right and wrong
guesses on the benchmark's sentences and parts of them. Languages that no profile knows are among them, weighted to
about one guess in thirty: a score holds where such text is that rare.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

COEFFICIENTS = (2.08, 1.22, -0.41, 0.54)
"""Of the columns of `measures`."""


def measures(margin: Floats, regret: Floats, letters: Floats) -> Floats:
    """What the score rests on, one row a guess.

    Args:
        margin: nats by which the best language is ahead of the second, per letter.
        regret: nats by which each letter's own best language is ahead of the best of all, per letter.
        letters: letters that any profile knows.
    """
    return np.stack(
        [
            np.ones_like(margin),
            np.log(margin + 0.01),
            regret,
            np.log(letters + 1.0),
        ],
        axis=-1,
    )


def score(margin: Floats, regret: Floats, letters: Floats) -> Floats:
    """Probability that the guess is right, rounded to 3 digits."""
    odds = measures(margin, regret, letters) @ np.array(COEFFICIENTS)
    probability: Floats = np.round(1.0 / (1.0 + np.exp(-odds)), 3)
    return probability
