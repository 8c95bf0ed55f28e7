"""Words of documents too long to be looked at in one go."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.clean.quality.words import read_batch, word_hashes_of

# Letters, digits, Thai letters and marks, ideographs, kana, Burmese, white space, punctuation, combining marks, Hindi, a
# lone surrogate, an emoji.
characters = st.sampled_from("aÂb9 \n\t\u3000ก็ำั漢字かなမြ.-“”'\u0301\u0e38हिन\ud800😀") | st.characters()
texts = st.text(characters, max_size=60)


@settings(deadline=None)
@given(texts, st.integers(1, 9))
@example("漢字かな漢字", 1)
@example("ก็็็็็็็็abc", 2)
@example("......abc.....def", 3)
@example("\u3000\u3000abc\u3000", 1)
def test_pieces_of_any_size_give_the_words_of_the_whole(text: str, piece_chars: int) -> None:
    whole = read_batch([text]).words.hashes
    assert np.array_equal(word_hashes_of(text, piece_chars), whole)


@settings(deadline=None)
@given(st.text("abcÂ9.-\u0301😀", min_size=5, max_size=80), st.integers(1, 4))
def test_a_word_may_be_longer_than_many_pieces(text: str, piece_chars: int) -> None:
    whole = read_batch([f"trước {text} sau"]).words.hashes
    assert np.array_equal(word_hashes_of(f"trước {text} sau", piece_chars), whole)


def test_a_long_text_is_read_in_pieces_by_default() -> None:
    text = "Một câu dài, rồi thêm 漢字 và ภาษาไทย nữa. " * 10_000
    assert np.array_equal(word_hashes_of(text), read_batch([text]).words.hashes)
