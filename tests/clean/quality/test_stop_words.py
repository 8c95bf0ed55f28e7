"""The tables of function words."""

from __future__ import annotations

import unicodedata
from importlib import resources

import numpy as np
import pytest

from corpus.clean.quality import measure
from corpus.clean.quality.stopwords import stop_words, word_hashes
from tests.clean.quality.reference import fold, split_words

WITHOUT_WORDS = {"th"}
"""Written without spaces, and its function words have several letters."""


def test_every_language_that_is_told_apart_has_a_table() -> None:
    profiles = {profile.name.split("-")[0] for profile in (resources.files("langdetect") / "profiles").iterdir()}
    assert profiles - set(stop_words()) - {"__init__.py", "__pycache__"} == WITHOUT_WORDS
    assert len(stop_words()) >= 30


@pytest.mark.parametrize("language", sorted(stop_words()))
def test_the_words_of_a_table_are_single_distinct_and_composed(language: str) -> None:
    words = stop_words()[language]
    assert len(words) >= 18
    assert all(split_words(word) == [word] for word in words)
    assert len({fold(word) for word in words}) == len(words)
    assert len(np.unique(word_hashes(words))) == len(words)
    assert all(unicodedata.is_normalized("NFC", word) for word in words)


@pytest.mark.parametrize("language", sorted(stop_words()))
def test_every_word_of_a_table_is_found_and_no_other(language: str) -> None:
    words = stop_words()[language]
    row = measure([" ".join([*words, *words, "xqzw", "qwzx"])], [language]).rows()[0]
    assert row["stop_words"] == 2 * len(words)
    assert row["distinct_stop_words"] == len(words)
