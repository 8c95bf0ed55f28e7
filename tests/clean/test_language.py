"""The language tag, and that it is the same everywhere."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from corpus.clean.language import UNDETERMINED, identify

Article = tuple[str, ...]
PROBE = """
import sys
from corpus.clean.language import identify
for line in sys.stdin.buffer.read().decode().split("\\n"):
    found = identify(line)
    print(found.tag, found.score)
"""


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
    ],
)
def test_languages_are_told_apart_by_bcp47_tags(text: str, tag: str) -> None:
    assert identify(text).tag == tag


@pytest.mark.parametrize("text", ["", "   \n ", "12345 67890 !!!", "ok", "ꦲꦏ꧀ꦱꦫꦗꦮꦲꦏ꧀ꦱꦫꦗꦮ"])
def test_too_little_to_tell_is_undetermined(text: str) -> None:
    assert identify(text) == UNDETERMINED


def test_prose_decides_and_not_the_menu_around_it(vietnamese: Article) -> None:
    menu = ["Home", "News", "Sport", "Subscribe now", "Sign in", "Privacy policy"] * 5
    assert identify("\n".join([*menu, *vietnamese])).tag == "vi"


def test_the_score_is_a_rounded_probability(english: Article) -> None:
    score = identify("\n".join(english)).score
    assert 0 < score <= 1
    assert score == round(score, 3)


def test_every_process_gives_the_same_answer(vietnamese: Article, english: Article) -> None:
    mixed = [" ".join(pair) for pair in zip(vietnamese, english, strict=True)]
    probes = "\n".join([*mixed, "El tren va", "Den gamle tog", "Dobra noc", *(line[:25] for line in english)])
    answers = {
        subprocess.run(
            [sys.executable, "-c", PROBE],
            input=probes.encode(),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(answers) == 1


def test_another_user_of_langdetect_in_the_process_changes_nothing(english: Article) -> None:
    from langdetect import DetectorFactory

    before = identify(english[0][:40])
    DetectorFactory.seed = 99
    try:
        assert identify(english[0][:40]) == before
    finally:
        DetectorFactory.seed = None
