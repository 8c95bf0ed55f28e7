"""Vietnamese written without its marks: Viet Nam."""

from __future__ import annotations

WITHOUT_MARKS_TAG = "vi-t-d0-ascii"
"""BCP-47 for Vietnamese turned into ASCII: extension T (RFC 6497) with the destination that CLDR registers."""
MAX_SHARE = 0.04
"""News has .7 to .9, a text without marks next to nothing, but for names that were copied."""
MIN_WORDS = 20
"""Shorter texts, such as headlines and names, can do without marks by chance."""


def lacks_marks(words: int, marked_share: float) -> bool:
    """Whether a text, if it is Vietnamese, is written without marks as a whole.

    A text that is so in part, such as an article with comments below, is not.

    Args:
        words: number of words.
        marked_share: words among them that hold a letter which Vietnamese has and ASCII lacks, 0 to 1.
    """
    return words >= MIN_WORDS and marked_share <= MAX_SHARE
