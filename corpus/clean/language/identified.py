"""The language of documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.clean.language.detector import Detector
from corpus.clean.language.naive_bayes import NaiveBayes
from corpus.clean.language.sample import sample
from corpus.clean.language.shares import Share, find_mixes

DEFAULT = NaiveBayes()


@dataclass(frozen=True, slots=True)
class Language:
    """The languages of a document and how sure we are of the main one."""

    tag: str
    """BCP-47 tag of the main language, such as `vi` or `zh-Hans`; `und` where undetermined."""
    score: float
    """How likely the tag is right, 0 to 1, rounded to 3 digits; see `corpus.clean.language.score`."""
    shares: tuple[Share, ...] = ()
    """Languages with at least 5 % of the characters, largest first; none where undetermined."""


UNDETERMINED = Language("und", 0.0)


def identify(text: str, detector: Detector = DEFAULT) -> Language:
    """The language of one document; see `identify_all`, which is much faster for many."""
    return identify_all([text], detector)[0]


def identify_all(texts: Sequence[str], detector: Detector = DEFAULT) -> list[Language]:
    """The language of each document, found from about 1,000 characters of its prose.

    Where these look as if they were of several languages, all lines are looked at. Takes any strings, also lone
    surrogates; the time grows linearly with their length, and hardly at all beyond 1,000 characters. The result for a
    document does not depend on the others.
    """
    samples = [sample(text) for text in texts]
    if isinstance(detector, NaiveBayes):
        # One look tells both.
        looks = list(detector.look(samples))
        guesses = [guess for look in looks for guess in look.guesses]
        uneven = [flag for look in looks for flag in look.uneven.tolist()]
    else:
        guesses, uneven = detector.identify(samples), DEFAULT.uneven(samples)
    mixed = [index for index, flag in enumerate(uneven) if flag]
    mixes = find_mixes([texts[index] for index in mixed], [guesses[index] for index in mixed], detector)
    found = [_language(guess.tag, guess.score, (Share(guess.tag, 1.0),)) for guess in guesses]
    for index, mix in zip(mixed, mixes, strict=True):
        found[index] = _language(mix.tag, mix.score, mix.shares)
    return found


def _language(tag: str, score: float, shares: tuple[Share, ...]) -> Language:
    return UNDETERMINED if tag == "und" and len(shares) == 1 else Language(tag, score, shares)
