"""The signals: what is measured of a document, under the names of the papers that came up with it."""

from __future__ import annotations

from dataclasses import dataclass

SOURCES = {
    "Gopher": "Rae et al. 2021, https://arxiv.org/abs/2112.11446, section A.1.1 and table A1",
    "C4": "Raffel et al. 2020, https://arxiv.org/abs/1910.10683, section 2.2",
    "FineWeb": "Penedo et al. 2024, https://arxiv.org/abs/2406.17557, section 3.6",
    "FineWeb-2": "Penedo et al. 2025, https://arxiv.org/abs/2506.20920",
    "ours": "Corpus Press",
}
"""Where a signal or limit comes from."""

TOP = (2, 3, 4)
"""Lengths of rows of words of which the most frequent one is measured."""
DUPLICATE = (5, 6, 7, 8, 9, 10)
"""Lengths of rows of words of which all that come back are measured."""
SHORT_LINE_CHARS = 30
C4_LINE_WORDS = 5
C4_WORD_CHARS = 1000
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Signal:
    """One number about a document."""

    name: str
    type: type[int] | type[float]
    """A count, or a ratio of two counts, rounded to `DECIMALS`; 0 where there is nothing to divide by."""
    description: str
    """What it is, and its unit, in one line."""
    source: str
    """Key of `SOURCES`."""


def _rows() -> tuple[Signal, ...]:
    top = (
        Signal(
            f"top_{size}_gram_char_share",
            float,
            f"characters in the most frequent row of {size} words / characters of words; 0 if no row comes twice",
            "Gopher",
        )
        for size in TOP
    )
    duplicate = (
        Signal(
            f"duplicate_{size}_gram_char_share",
            float,
            f"characters in rows of {size} words that stood in the text before / characters of words",
            "Gopher",
        )
        for size in DUPLICATE
    )
    return (*top, *duplicate)


SIGNALS: tuple[Signal, ...] = (
    Signal("characters", int, "characters (Unicode code points), white space included", "Gopher"),
    Signal(
        "words", int, "runs of characters that are no white space; every letter in scripts without spaces", "Gopher"
    ),
    Signal("lines", int, "lines that are not blank", "FineWeb"),
    Signal("paragraphs", int, "groups of lines between blank lines", "Gopher"),
    Signal("sentences", int, "places where terminal punctuation ends a sentence", "C4"),
    Signal("c4_sentences", int, "those in lines that C4 keeps", "C4"),
    Signal("mean_word_length", float, "characters of words / words", "Gopher"),
    Signal("longest_word", int, "characters of the longest word", "C4"),
    Signal("alpha_word_share", float, "words with a letter of any script / words", "Gopher"),
    Signal("stop_words", int, "words that are function words of the language; 0 if it has no table", "Gopher"),
    Signal("distinct_stop_words", int, "different ones among them", "Gopher"),
    Signal("stop_word_share", float, "stop words / words", "ours"),
    Signal("vietnamese_word_share", float, "words with a letter such as ă, ơ, ế, đ / words with a letter", "ours"),
    Signal("letter_share", float, "letters and combining marks / characters of words", "ours"),
    Signal("digit_share", float, "digits / characters of words", "ours"),
    Signal("upper_share", float, "upper-case letters / letters and combining marks", "ours"),
    Signal("hash_word_ratio", float, "# / words", "Gopher"),
    Signal("ellipsis_word_ratio", float, "… and ... / words", "Gopher"),
    Signal("bullet_line_share", float, "lines that begin with a bullet, * or - / lines", "Gopher"),
    Signal("ellipsis_line_share", float, "lines that end in … or ... / lines", "Gopher"),
    Signal(
        "terminal_line_share",
        float,
        "lines that end in terminal punctuation of any script, or a quotation mark / lines",
        "FineWeb",
    ),
    Signal("terminal_char_share", float, "characters of those lines / characters of lines", "ours"),
    Signal("short_line_share", float, f"lines of at most {SHORT_LINE_CHARS} characters / lines", "FineWeb"),
    Signal("line_break_word_ratio", float, "line breaks, blank lines aside / words", "FineWeb"),
    Signal("duplicate_line_share", float, "lines that are the same as an earlier one / lines", "Gopher"),
    Signal("duplicate_line_char_share", float, "characters of those lines / characters of lines", "Gopher"),
    Signal("duplicate_paragraph_share", float, "paragraphs that are the same as an earlier one / paragraphs", "Gopher"),
    Signal(
        "duplicate_paragraph_char_share", float, "characters of those paragraphs / characters of paragraphs", "Gopher"
    ),
    *_rows(),
    Signal("curly_brackets", int, "{ and }", "C4"),
    Signal("lorem_ipsum", int, "the words lorem ipsum", "C4"),
    Signal("javascript_line_share", float, "lines with the word JavaScript / lines", "C4"),
)
"""All signals, in the order of their columns."""

BY_NAME = {signal.name: signal for signal in SIGNALS}
