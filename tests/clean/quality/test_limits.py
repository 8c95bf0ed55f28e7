"""Limits, presets, and what they say of a document."""

from __future__ import annotations

import pytest

from corpus.clean.quality import PRESETS, SIGNALS, Limit, Preset, Verdict, find_presets, judge
from corpus.clean.quality.presets import UNSPACED_LANGUAGES

Row = dict[str, int | float]
LONG = Preset("long", "At least two words; five in English.", (Limit("words", 2), Limit("words", 5, 9, ("en",))))


def row(**values: float) -> Row:
    return {signal.name: 0 for signal in SIGNALS} | values


def test_a_verdict_names_preset_signal_value_and_limit() -> None:
    assert str(judge(row(words=1), "vi", [LONG])) == "long.words 1 < 2"
    assert judge(row(words=10), "en", [LONG]) == Verdict("long", "words", 10, 9, below=False)
    assert str(judge(row(words=10), "en", [LONG])) == "long.words 10 > 9"
    assert str(Verdict("gopher", "mean_word_length", 2.9, 3, below=True)) == "gopher.mean_word_length 2.9 < 3"


def test_a_bound_belongs_to_what_is_kept() -> None:
    assert judge(row(words=2), "vi", [LONG]) is None
    assert judge(row(words=9), "en", [LONG]) is None


def test_a_limit_for_a_language_takes_the_place_of_the_neutral_one() -> None:
    assert judge(row(words=4), "en-GB", [LONG]) is not None
    assert judge(row(words=4), "und", [LONG]) is None
    assert judge(row(words=100), "de", [LONG]) is None


def test_a_limit_without_bounds_is_none() -> None:
    preset = Preset("but", "Two words but in English.", (Limit("words", 2), Limit("words", languages=("en",))))
    assert judge(row(words=1), "en", [preset]) is None
    assert judge(row(words=1), "de", [preset]) is not None


def test_the_first_broken_limit_counts_in_the_order_of_presets() -> None:
    other = Preset("other", "Ten lines.", (Limit("lines", 10),))
    assert str(judge(row(), "vi", [other, LONG])) == "other.lines 0 < 10"
    assert str(judge(row(lines=10), "vi", [other, LONG])) == "long.words 0 < 2"
    assert judge(row(), "vi", []) is None


def test_a_limit_of_the_recipe_holds_alone_for_its_signal() -> None:
    assert judge(row(words=1), "vi", [LONG], [Limit("words", 1)]) is None
    assert str(judge(row(words=20), "en", [LONG], [Limit("words", max=15)])) == "recipe.words 20 > 15"
    assert judge(row(), "vi", [LONG], [Limit("words")]) is None
    assert str(judge(row(), "vi", [LONG], [Limit("lines", 1)])) == "recipe.lines 0 < 1"


def test_a_limit_of_the_recipe_may_be_for_some_languages() -> None:
    overrides = [Limit("words", 3, languages=("vi",))]
    assert str(judge(row(words=2), "vi", [LONG], overrides)) == "recipe.words 2 < 3"
    assert judge(row(words=2), "de", [LONG], overrides) is None


@pytest.mark.parametrize(
    ("signal", "message"),
    [("mean_word_lenght", "did you mean 'mean_word_length'?"), ("qqqq", "known are alpha_word_share, bullet_line")],
)
def test_an_unknown_signal_is_refused_with_what_may_be_meant(signal: str, message: str) -> None:
    with pytest.raises(ValueError, match="is not a signal") as caught:
        Limit(signal, 1)
    assert message in str(caught.value)


def test_an_unknown_preset_is_refused_with_what_may_be_meant() -> None:
    with pytest.raises(ValueError, match=r"'vi_news' is not a preset; did you mean 'vi-news'\?"):
        find_presets(["gopher", "vi_news"])
    assert find_presets(["vi-news", "c4"]) == (PRESETS["vi-news"], PRESETS["c4"])


def test_bounds_that_leave_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="words: min 3 is above max 2"):
        Limit("words", 3, 2)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_a_preset_has_one_limit_a_signal_for_each_language(preset: Preset) -> None:
    cases = [(limit.signal, language) for limit in preset.limits for language in limit.languages or ("",)]
    assert len(set(cases)) == len(cases)
    assert all(language in {"", *TAGS} for _, language in cases)


TAGS = ("en", "vi", "de", "fr", "es", "ru", *UNSPACED_LANGUAGES)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_no_language_falls_back_to_what_was_fitted_to_english(preset: Preset) -> None:
    english = {limit for limit in preset.limits if "en" in limit.languages}
    neutral = {limit for limit in preset.limits if not limit.languages}
    assert set(preset.limits_for("sw")) <= neutral
    for language in ("vi", "sw", "zh-Hans", "und"):
        assert not english & set(preset.limits_for(language))


def test_rows_of_letters_are_no_rows_of_words() -> None:
    """Chinese and its like repeat five letters in any text."""
    for name in ("gopher", "fineweb", "vi-news"):
        for language in ("zh-Hant", "ja", "th"):
            signals = {limit.signal for limit in PRESETS[name].limits_for(language) if "_gram_" in limit.signal}
            assert signals <= {"duplicate_10_gram_char_share"}


def bounds(preset: str, language: str) -> dict[str, tuple[float | None, float | None]]:
    return {limit.signal: (limit.min, limit.max) for limit in PRESETS[preset].limits_for(language)}


def test_values_of_the_papers() -> None:
    repeated = zip(range(5, 11), (0.15, 0.14, 0.13, 0.12, 0.11, 0.1), strict=True)
    frequent = zip((2, 3, 4), (0.2, 0.18, 0.16), strict=True)
    assert bounds("gopher", "en") == {
        "words": (50, 100_000),
        "mean_word_length": (3, 10),
        "alpha_word_share": (0.8, None),
        "distinct_stop_words": (2, None),
        "hash_word_ratio": (None, 0.1),
        "ellipsis_word_ratio": (None, 0.1),
        "bullet_line_share": (None, 0.9),
        "ellipsis_line_share": (None, 0.3),
        "duplicate_line_share": (None, 0.3),
        "duplicate_line_char_share": (None, 0.2),
        "duplicate_paragraph_share": (None, 0.3),
        "duplicate_paragraph_char_share": (None, 0.2),
        **{f"top_{size}_gram_char_share": (None, most) for size, most in frequent},
        **{f"duplicate_{size}_gram_char_share": (None, most) for size, most in repeated},
    }
    assert bounds("c4", "en") == {"lorem_ipsum": (None, 0), "curly_brackets": (None, 0), "c4_sentences": (3, None)}
    assert bounds("fineweb", "en") == {
        "terminal_line_share": (0.12, None),
        "short_line_share": (None, 0.67),
        "duplicate_line_char_share": (None, 0.1),
    }
