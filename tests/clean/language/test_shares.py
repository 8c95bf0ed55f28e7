"""Documents in several languages."""

from __future__ import annotations

import pytest

from benchmarks.sentences import sentences
from corpus.clean.language import DEFAULT, Guess, Share, identify, identify_all
from corpus.clean.language.shares import find_mixes

Article = tuple[str, ...]


def lines(tag: str) -> list[str]:
    return [sentence.text for sentence in sentences() if sentence.tag == tag]


def test_shares_are_those_of_the_characters(vietnamese: Article, english: Article) -> None:
    first, second = "\n".join(vietnamese * 2), "\n".join(english * 4)
    found = identify(first + "\n" + second)
    part = len(first) / (len(first) + len(second))
    assert [share.tag for share in found.shares] == ["en", "vi"]
    assert found.shares[1].share == pytest.approx(part, abs=0.02)
    assert found.tag == "en"
    assert found.score > 0.9


@pytest.mark.parametrize("part", [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
def test_any_mix_of_paragraphs_is_told(vietnamese: Article, english: Article, part: float) -> None:
    first = ("\n".join(vietnamese) + "\n") * 8
    second = ("\n".join(english) + "\n") * 11
    text = first[: int(4000 * part)] + "\n" + second[: int(4000 * (1 - part))]
    found = {share.tag: share.share for share in identify(text).shares}
    assert found == {"vi": pytest.approx(part, abs=0.05), "en": pytest.approx(1 - part, abs=0.05)}


def test_translations_line_by_line_are_told(vietnamese: Article, english: Article) -> None:
    text = "\n".join(line for pair in zip(vietnamese, english, strict=True) for line in pair)
    assert {share.tag for share in identify(text * 3).shares} == {"en", "vi"}


def test_languages_within_one_long_line_are_told(vietnamese: Article, english: Article) -> None:
    text = " ".join([*vietnamese * 2, *english * 2])
    assert {share.tag for share in identify(text).shares} == {"en", "vi"}


@pytest.mark.parametrize(
    "line",
    [
        "University of Social Sciences and Humanities",
        "“We will be back,” he said.",
        "Manchester United – Crystal Palace 2-1",
        "Copyright 2026 Example Media Group. All rights reserved.",
    ],
)
def test_a_name_or_quote_is_no_second_language(vietnamese: Article, line: str) -> None:
    text = "\n".join([*vietnamese[:2], line, *vietnamese[2:]])
    assert identify(text).shares == (Share("vi", 1.0),)


def test_less_than_a_twentieth_is_not_reported(vietnamese: Article, english: Article) -> None:
    assert identify("\n".join([*vietnamese * 8, *english[:2]])).shares == (Share("vi", 1.0),)


def test_no_language_is_taken_for_two() -> None:
    known: dict[str, list[str]] = {}
    for sentence in sentences():
        known.setdefault(sentence.tag, []).append(sentence.text)
    for strange in ("az", "be", "eo", "eu", "ga", "gl", "is", "kk", "uz", "zu"):
        del known[strange]
    for tag, found in zip(known, identify_all(["\n".join(text) for text in known.values()]), strict=True):
        assert len(found.shares) <= 1, (tag, found)


@pytest.mark.parametrize("tag", ["fr", "de", "ru", "ar", "th", "ko", "id", "ja", "zh-Hans"])
def test_vietnamese_beside_other_languages(tag: str) -> None:
    found = identify("\n".join([*lines("vi") * 2, *lines(tag) * 3]))
    assert {share.tag for share in found.shares} == {"vi", tag}


def test_an_unknown_script_has_a_share_as_undetermined() -> None:
    found = identify("\n".join([*lines("ka"), *lines("en")]))
    assert {share.tag for share in found.shares} == {"und", "en"}


def test_shares_sum_to_one_largest_first() -> None:
    for other in ("en", "ru", "ja", "ar"):
        shares = [share.share for share in identify("\n".join([*lines("vi"), *lines(other) * 2])).shares]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1, abs=0.011)


def test_close_languages_line_by_line_are_told() -> None:
    text = "\n".join(line for pair in zip(lines("de"), lines("en"), strict=True) for line in pair)
    assert {share.tag for share in identify((text + "\n") * 8).shares} == {"de", "en"}


def test_short_lines_before_long_ones_stand_for_themselves(english: Article) -> None:
    text = "\n".join(f"Đêm qua trời mưa rất to ở làng\n{line}" for line in english)
    # Straight to the vote: short lines have no say in whether there is one.
    found = {share.tag: share.share for share in find_mixes([text], [Guess("en", 0.5)], DEFAULT)[0].shares}
    assert found == {"en": pytest.approx(0.8, abs=0.05), "vi": pytest.approx(0.2, abs=0.05)}


def test_some_english_does_not_make_a_strange_language_english(english: Article) -> None:
    text = "\n".join([*lines("zu") * 2, *english[:2]])
    found = find_mixes([text], [Guess("sw", 0.2)], DEFAULT)[0]
    assert [share.tag for share in found.shares] == ["sw", "en"]
