"""The language tag of a document, and what has no say in it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from benchmarks.languages import HEADINGS, without_diacritics
from benchmarks.sentences import sentences
from corpus.clean.language import DEFAULT, UNDETERMINED, Share, identify, identify_all

Article = tuple[str, ...]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Cây cầu tre mới sẽ cao hơn cầu cũ một mét và có thêm lan can.", "vi"),
        ("The curator says that nobody regrets a penny of it.", "en"),
        ("Die alte Lokomotive steht seit dem Winter im Schuppen und wartet auf Kohle.", "de"),
        ("La vieille locomotive attend son charbon depuis le début de l'hiver.", "fr"),
        ("Старый паровоз с зимы стоит в сарае и ждёт угля.", "ru"),
        ("古い機関車は冬から車庫の中で石炭を待っています。", "ja"),
        ("낡은 기관차는 겨울부터 창고에서 석탄을 기다리고 있습니다.", "ko"),
        ("这台旧机车从冬天起就停在车库里等待煤炭，没有人来过问。", "zh-Hans"),
        ("這台舊機車從冬天起就停在車庫裡等待煤炭，沒有人來過問。", "zh-Hant"),
        ("Den gamle lokomotiven har stått i skjulet siden vinteren og venter på kull.", "no"),
    ],
)
def test_languages_are_told_apart_by_bcp47_tags(text: str, tag: str) -> None:
    assert identify(text).tag == tag


@pytest.mark.parametrize("text", ["", "   \n ", "12345 67890 !!!", "ok", "Huế", "😀" * 200, "\u0301" * 500, "a\u0301 "])
def test_too_little_to_tell_is_undetermined(text: str) -> None:
    assert identify(text) == UNDETERMINED


@pytest.mark.parametrize(
    "text",
    [
        "ꦲꦏ꧀ꦱꦫꦗꦮꦲꦏ꧀ꦱꦫꦗꦮ",
        "მატარებელი დილის შვიდ საათზე გადის სადგურიდან.",
        "Գնացքը մեկնում է առավոտյան ժամը յոթին։",
        "រថភ្លើងចេញដំណើរនៅម៉ោងប្រាំពីរព្រឹក",
    ],
)
def test_a_script_that_no_profile_knows_is_undetermined(text: str) -> None:
    assert identify(text) == UNDETERMINED


def test_latin_names_do_not_make_an_unknown_script_known() -> None:
    assert identify("მატარებელი დილის შვიდ საათზე გადის სადგურიდან Gare du Nord.").tag == "und"


def test_a_document_in_one_language_has_one_share(vietnamese: Article) -> None:
    assert identify("\n".join(vietnamese)).shares == (Share("vi", 1.0),)
    assert UNDETERMINED.shares == ()


def test_prose_decides_and_not_the_menu_around_it(vietnamese: Article) -> None:
    menu = ["Home", "News", "Sport", "Subscribe now", "Sign in", "Privacy policy"] * 5
    found = identify("\n".join([*menu, *vietnamese]))
    assert (found.tag, found.shares) == ("vi", (Share("vi", 1.0),))


def test_addresses_and_markup_do_not_count(vietnamese: Article) -> None:
    line = vietnamese[0]
    noise = (
        "https://news.example/the-little-railway-museum-opened-its-doors-again-on-saturday "
        "someone.with.an.english.name@railway-museum.example "
        '<div class="the headline of this page" title="and what it is about"> &nbsp;&ndash;&hellip; '
    )
    assert identify(noise) == UNDETERMINED
    assert identify(noise * 2 + line) == identify(" " + line)


def test_digits_do_not_count() -> None:
    assert identify("1234567890 " * 20 + "Giá vàng tăng").tag == "vi"


def test_decomposed_text_is_the_same(vietnamese: Article) -> None:
    for line in vietnamese:
        assert identify(unicodedata.normalize("NFD", line)) == identify(line)


def test_capitals_are_read_as_small_letters(vietnamese: Article, english: Article) -> None:
    for line in (*vietnamese, *english):
        assert identify(line.upper()) == identify(line.lower())


@pytest.mark.parametrize("change", [str, str.upper, lambda text: unicodedata.normalize("NFD", text)])
def test_vietnamese_headings_of_three_syllables(change: type[str]) -> None:
    for heading in HEADINGS.read_text(encoding="utf-8").splitlines():
        assert identify(change(heading)).tag == "vi", heading


def test_vietnamese_without_diacritics(vietnamese: Article) -> None:
    found = identify(without_diacritics("\n".join(vietnamese)))
    assert (found.tag, found.shares) == ("vi", (Share("vi", 1.0),))


def test_code_and_names_within_chinese_do_not_count() -> None:
    text = (
        "这个函数先读取文件，再把每一行写进数据库。为了节省内存，文件不会一次全部读入。\n"
        "for line in open(path): database.insert(line.strip())\n"
        "如果出错，请检查 PostgreSQL 和 SQLAlchemy 的版本。"
    )
    assert identify(text).tag == "zh-Hans"


def test_korean_and_japanese_are_never_in_ideographs_only() -> None:
    for sentence in sentences():
        if sentence.tag.startswith("zh"):
            assert identify(sentence.text).tag == sentence.tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("大統領は昨日、首都で記者会見を開き、新しい経済政策を発表した。", "ja"),
        ("大統領(대통령)은 어제 수도에서 기자회견을 열고 새로운 정책을 발표했다.", "ko"),
        ("日本人气歌手「あいみょん」将于下个月在上海举行首场演唱会，门票已经全部售完，主办方正在考虑加演。", "zh-Hans"),
        (
            "日本人氣歌手「あいみょん」將於下個月在臺北舉行首場演唱會，門票已經全部售完，主辦單位正在考慮加演。",
            "zh-Hant",
        ),
    ],
)
def test_ideographs_among_kana_and_hangul(text: str, tag: str) -> None:
    assert identify(text).tag == tag


def test_all_of_a_long_document_has_a_say(vietnamese: Article, english: Article) -> None:
    assert identify("\n".join([*english, *vietnamese * 40])).tag == "vi"


def test_every_language_is_known_by_eight_sentences() -> None:
    texts: dict[str, list[str]] = {}
    for sentence in sentences():
        texts.setdefault(sentence.tag, []).append(sentence.text)
    strangers = {"az", "be", "eo", "eu", "ga", "gl", "hy", "is", "ka", "kk", "ms", "nn", "sr", "sr-Latn", "uz", "zu"}
    known = [tag for tag in texts if tag not in strangers]
    assert len(known) == 55
    assert [found.tag for found in identify_all(["\n".join(texts[tag]) for tag in known])] == known


def test_there_are_sentences_enough() -> None:
    folder = Path(__file__).parents[3] / "benchmarks" / "sentences"
    for path in folder.glob("*.tsv"):
        assert len(set(path.read_text(encoding="utf-8").splitlines())) >= 8, path.name


def test_runs_of_capitals_are_no_words() -> None:
    known = [
        look.letters.tolist() for name in ("UNESCO", "UNO") for look in DEFAULT.look([f"Ngày mai {name} sẽ họp ở Huế."])
    ]
    assert known[0] == known[1]


def test_stray_marks_do_not_make_a_script_unknown(vietnamese: Article) -> None:
    assert identify(vietnamese[0] + "\u0334" * 400).tag == "vi"


def test_what_taiwan_is_about_is_simplified_where_it_is_written_so() -> None:
    assert identify("台湾总统府发言人在台北对记者说明台湾的经济发展。").tag == "zh-Hans"
    assert identify("中國外交部發言人在北京對記者說明中國的經濟發展。").tag == "zh-Hant"
