"""Presets: limits from the papers, and our own for Vietnamese news.

A limit without languages is neutral: it counts what goes wrong in any script, such as lines that come again. What was
fitted to English holds for English alone; no other language falls back to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.clean.quality.limits import Limit, Preset, nearest
from corpus.signals import DUPLICATE, TOP

UNSPACED_LANGUAGES = ("zh", "ja", "th", "lo", "km", "my")
"""Rows of single letters come again in any text, so that limits for rows of words say nothing here."""
_UNSPACED_COPIES = 0.3

# Gopher, table A1: rows of 2, 3, 4 words; of 5 to 10.
_GOPHER_TOP = (0.2, 0.18, 0.16)
_GOPHER_DUPLICATE = (0.15, 0.14, 0.13, 0.12, 0.11, 0.1)

# FineWeb-2, configs/*.yml of https://github.com/huggingface/fineweb-2; bounds of mean word length are left out where
# they depend on a word segmenter.
_FINEWEB2_TOP = {
    "vi": (0.223, 0.197, 0.171),
    "de": (0.169, 0.153, 0.137),
    "fr": (0.161, 0.149, 0.134),
    "es": (0.077, 0.097, 0.112),
    "ru": (0.184, 0.164, 0.146),
}
_FINEWEB2_DUPLICATE = {
    "vi": (0.178, 0.163, 0.15, 0.136, 0.124, 0.111),
    "de": (0.141, 0.134, 0.126, 0.117, 0.108, 0.098),
    "fr": (0.15, 0.141, 0.131, 0.121, 0.111, 0.1),
    "es": (0.152, 0.137, 0.123, 0.114, 0.107, 0.099),
    "ru": (0.168, 0.156, 0.145, 0.133, 0.121, 0.109),
}
_FINEWEB2_DUPLICATE_LINES = {
    "vi": 0.293,
    "de": 0.263,
    "fr": 0.264,
    "es": 0.265,
    "ru": 0.322,
    "zh": 0.287,
    "ja": 0.375,
}
_FINEWEB2_TERMINAL = {"vi": 0.333, "fr": 0.1, "es": 0.3, "ru": 0.231, "zh": 0.106, "ja": 0.167}
_FINEWEB2_LINE_BREAKS = {"vi": 0.103, "de": 0.152, "fr": 0.185, "es": 0.171, "ru": 0.139}
_FINEWEB2_ALPHA = {"vi": 0.803, "de": 0.774, "fr": 0.812, "es": 0.825, "ru": 0.713}
_FINEWEB2_WORD_LENGTH = {"vi": (None, 11), "de": (None, 15), "fr": (2, 11), "es": (4, 14), "ru": (3, 11)}


def _rows(top: Iterable[float], duplicate: Iterable[float], *languages: str) -> Iterator[Limit]:
    for size, most in zip(TOP, top, strict=True):
        yield Limit(f"top_{size}_gram_char_share", max=most, languages=languages)
    for size, most in zip(DUPLICATE, duplicate, strict=True):
        yield Limit(f"duplicate_{size}_gram_char_share", max=most, languages=languages)


def _unspaced_rows() -> Iterator[Limit]:
    """No limit but for the longest rows, which stand for a phrase."""
    for size in TOP:
        yield Limit(f"top_{size}_gram_char_share", languages=UNSPACED_LANGUAGES)
    for size in DUPLICATE:
        most = _UNSPACED_COPIES if size == DUPLICATE[-1] else None
        yield Limit(f"duplicate_{size}_gram_char_share", max=most, languages=UNSPACED_LANGUAGES)


GOPHER = Preset(
    "gopher",
    "Rules of Gopher, https://arxiv.org/abs/2112.11446: words and symbols (A.1.1), repetition (table A1). For"
    " Vietnamese the counts are in syllables, 1.4 a word, and the share of alphabetic words is FineWeb-2's.",
    (
        Limit("words", 50, 100_000, ("en",)),
        Limit("words", 70, 140_000, ("vi",)),
        Limit("mean_word_length", 3, 10, ("en",)),
        Limit("mean_word_length", 2, 7, ("vi",)),
        Limit("alpha_word_share", 0.8, None, ("en",)),
        Limit("alpha_word_share", 0.803, None, ("vi",)),
        Limit("distinct_stop_words", 2, None, ("en",)),
        Limit("distinct_stop_words", 2, None, ("vi",)),
        Limit("hash_word_ratio", max=0.1),
        Limit("ellipsis_word_ratio", max=0.1),
        Limit("bullet_line_share", max=0.9),
        Limit("ellipsis_line_share", max=0.3),
        Limit("duplicate_line_share", max=0.3),
        Limit("duplicate_line_char_share", max=0.2),
        Limit("duplicate_paragraph_share", max=0.3),
        Limit("duplicate_paragraph_char_share", max=0.2),
        *_rows(_GOPHER_TOP, _GOPHER_DUPLICATE),
        *_unspaced_rows(),
    ),
)

C4 = Preset(
    "c4",
    "Rules of C4, https://arxiv.org/abs/1910.10683, for whole documents: what it does to single lines counts here only"
    " in that three sentences must be left.",
    (
        Limit("lorem_ipsum", max=0),
        Limit("curly_brackets", max=0),
        Limit("c4_sentences", 3, None, ("en",)),
    ),
)

FINEWEB = Preset(
    "fineweb",
    "FineWeb's own rules, https://arxiv.org/abs/2406.17557, for English; for Vietnamese, German, French, Spanish,"
    " Russian, Chinese and Japanese those of FineWeb-2, https://arxiv.org/abs/2506.20920, by language.",
    (
        *(
            Limit("mean_word_length", least, most, (language,))
            for language, (least, most) in _FINEWEB2_WORD_LENGTH.items()
        ),
        *(Limit("alpha_word_share", least, None, (language,)) for language, least in _FINEWEB2_ALPHA.items()),
        Limit("distinct_stop_words", 2, None, tuple(_FINEWEB2_ALPHA)),
        Limit("terminal_line_share", 0.12, None, ("en",)),
        *(Limit("terminal_line_share", least, None, (language,)) for language, least in _FINEWEB2_TERMINAL.items()),
        Limit("short_line_share", None, 0.67, ("en",)),
        *(Limit("line_break_word_ratio", None, most, (tag,)) for tag, most in _FINEWEB2_LINE_BREAKS.items()),
        *(Limit("duplicate_line_share", None, most, (tag,)) for tag, most in _FINEWEB2_DUPLICATE_LINES.items()),
        Limit("duplicate_line_char_share", max=0.1),
        *(
            limit
            for language, top in _FINEWEB2_TOP.items()
            for limit in _rows(top, _FINEWEB2_DUPLICATE[language], language)
        ),
    ),
)

VI_NEWS = Preset(
    "vi-news",
    "Ours, for Vietnamese news: so wide that briefs, interviews, tables of prices and results, and poems stay; what"
    " goes is link lists, repetition, symbols, and Vietnamese without its signs. Other languages have its neutral"
    " part.",
    (
        Limit("words", 20, 200_000),
        Limit("mean_word_length", 2, 7, ("vi",)),
        Limit("alpha_word_share", 0.4),
        Limit("letter_share", 0.5),
        Limit("vietnamese_word_share", 0.15, None, ("vi",)),
        Limit("distinct_stop_words", 2, None, ("vi",)),
        Limit("upper_share", None, 0.5, ("vi",)),
        Limit("hash_word_ratio", max=0.1),
        Limit("ellipsis_word_ratio", max=0.1),
        Limit("bullet_line_share", max=0.95),
        # A dash opens what somebody says in an interview.
        Limit("bullet_line_share", None, None, ("vi",)),
        Limit("ellipsis_line_share", max=0.5),
        Limit("terminal_char_share", 0.02, None, ("vi",)),
        Limit("line_break_word_ratio", None, 0.35, ("vi",)),
        Limit("lorem_ipsum", max=0),
        Limit("duplicate_line_share", max=0.4),
        Limit("duplicate_line_char_share", max=0.3),
        Limit("duplicate_paragraph_share", max=0.4),
        Limit("duplicate_paragraph_char_share", max=0.3),
        *_rows(_GOPHER_TOP, (0.3, 0.28, 0.26, 0.24, 0.22, 0.2)),
        *_unspaced_rows(),
    ),
)

PRESETS = {preset.name: preset for preset in (GOPHER, C4, FINEWEB, VI_NEWS)}


def find_presets(names: Iterable[str]) -> tuple[Preset, ...]:
    """Presets by name.

    Raises:
        ValueError: there is none of that name; the message says which may have been meant.
    """
    found: list[Preset] = []
    for name in names:
        if name not in PRESETS:
            raise ValueError(f"'{name}' is not a preset{nearest(name, PRESETS)}")
        found.append(PRESETS[name])
    return tuple(found)
