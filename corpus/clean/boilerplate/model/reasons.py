"""The features of a line in words that a person understands.

A feature that is above its average pulls for one reason and below it for another; features that say the same in words
count together.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean.boilerplate.model.features import feature_names
from corpus.clean.boilerplate.model.network import Floats

WORDS: dict[str, tuple[str, str]] = {
    "width": ("short line", "long line"),
    "words": ("few words", "many words"),
    "ended": ("no final stop", "ends with a stop"),
    "stop_last": ("no final stop", "ends with a stop"),
    "closer_last": ("no closing quote or bracket", "ends with a quote or bracket"),
    "alnum_last": ("ends with punctuation", "ends with a bare word"),
    "colon_last": ("no final colon", "ends with a colon"),
    "ellipsis": ("not cut off", "cut off with an ellipsis"),
    "long_ended": ("no full paragraph", "full paragraph"),
    "prose": ("no running text", "running text"),
    "short": ("not short", "short line"),
    "starts_lower": ("no small first letter", "small first letter"),
    "starts_digit": ("no figure in front", "begins with a figure"),
    "bullet": ("no bullet", "begins with a bullet"),
    "opens_quote": ("no quote in front", "begins with a quote"),
    "commas": ("few commas", "many commas"),
    "punctuation": ("little punctuation", "much punctuation"),
    "digits": ("few figures", "many figures"),
    "upper": ("few capitals", "many capitals"),
    "wide": ("script with spaces", "script without spaces"),
    "capital_words": ("few words with capitals", "many words with capitals"),
    "figure_words": ("few figures", "many figures"),
    "word_length": ("short words", "long words"),
    "only_figures": ("not just a figure", "nothing but a figure"),
    "sentences": ("no sentence inside", "holds sentences"),
    "dates": ("no date", "holds a date"),
    "times": ("no time of day", "holds a time of day"),
    "years": ("no year", "holds a year"),
    "dotted": ("no address or file name", "holds an address or file name"),
    "at_sign": ("no mail address", "holds a mail address"),
    "slashes": ("no slashes", "slashes"),
    "brackets": ("no brackets", "brackets"),
    "bars": ("no bars or dashes", "bars or dashes"),
    "questions": ("no question", "question"),
    "copyright": ("no copyright sign", "copyright sign"),
    "credit_words": ("no word of a credit", "word of a credit"),
    "phrase": ("no known phrase", "known phrase"),
    "related_phrase": ("no known phrase", "known phrase"),
    "comments_phrase": ("no known phrase", "known phrase"),
    "weak_phrase": ("no known phrase", "known phrase"),
    "control_phrase": ("no known phrase", "known phrase"),
    "footer_phrase": ("no known phrase", "known phrase"),
    "phrase_start": ("begins with no known phrase", "begins with a known phrase"),
    "blank_above": ("no blank line above", "blank lines above"),
    "blank_below": ("no blank line below", "blank lines below"),
    "no_blanks": ("page with blank lines", "page without blank lines"),
    "copies": ("occurs once", "occurs several times"),
    "first_copy": ("repeats a line above", "no repeat of a line above"),
    "same_above": ("differs from the line above", "same as the line above"),
    "same_below": ("differs from the line below", "same as the line below"),
    "copy_distance": ("occurs several times", "occurs once"),
    "position": ("early in the page", "late in the page"),
    "from_start": ("early in the page", "late in the page"),
    "from_end": ("late in the page", "far from the end"),
    "lines": ("page of few lines", "page of many lines"),
    "prose_above": ("little text above", "much text above"),
    "prose_below": ("little text below", "much text below"),
    "prose_total": ("page of little text", "page of much text"),
    "prose_above_share": ("most text is below", "most text is above"),
    "prose_lines": ("few lines of text on the page", "mostly text on the page"),
    "in_core": ("outside the article", "inside the article"),
    "above_core": ("not above the article", "above the article"),
    "below_core": ("not below the article", "below the article"),
    "width_to_usual": ("shorter than the page's paragraphs", "as long as the page's paragraphs"),
    "phrases_above": ("few known phrases above", "known phrases above"),
    "phrases_below": ("few known phrases below", "known phrases below"),
    "phrases_share": ("page with few known phrases", "page with many known phrases"),
    "phrases_outside": ("few known phrases on this side of the article", "known phrases on this side of the article"),
    "same_first_word": ("begins unlike its neighbours", "begins like a neighbour"),
    "first_line": ("not the first line", "first line"),
    "below_phrase": ("near below {phrase}", "far from any known phrase"),
    "prose_since_phrase": ("no text since {phrase}", "text since the last known phrase"),
    "below_related": ("near below {related}", "far from any heading of related stories"),
    "prose_since_related": ("no text since {related}", "text since the last heading of related stories"),
    "echo": ("words that the text does not use", "words of the text"),
    "core_echo": ("words that the article does not use", "words of the article"),
    "common_words": ("few common words", "many common words"),
    "title": ("no headline of the text", "headline of the text"),
    "title_echo": ("not on the headline's subject", "on the headline's subject"),
}
"""For each feature what it says when it is low, and when it is high."""
_MOST = 3


def reasons(values: Floats, means: Sequence[int], pull: npt.NDArray[np.float64]) -> list[list[str]]:
    """For each line the words whose features pulled it out of the text most, strongest first.

    Args:
        values: Features, a row a line.
        means: Features of an average line.
        pull: How far each feature pulled.
    """
    words, low, high = _grouped()
    above = values > np.array(means, np.float32)
    weights = np.where(above, 0.0, pull) @ low + np.where(above, pull, 0.0) @ high
    best = np.argsort(-weights, axis=1, kind="stable")[:, :_MOST]
    strengths = np.take_along_axis(weights, best, axis=1)
    return [
        [words[at] for at, strength in zip(row, strong, strict=True) if strength > 0]
        for row, strong in zip(best.tolist(), strengths.tolist(), strict=True)
    ]


@cache
def _grouped() -> tuple[list[str], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """All words, and which of them each feature says when it is low, and when it is high."""
    names = feature_names()
    words = sorted({said for name in names for said in WORDS[name]})
    low, high = np.zeros((2, len(names), len(words)))
    for row, name in enumerate(names):
        low[row, words.index(WORDS[name][0])] = 1
        high[row, words.index(WORDS[name][1])] = 1
    return words, low, high
