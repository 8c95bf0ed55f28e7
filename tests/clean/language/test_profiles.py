"""The default detector against langdetect, whose profiles it reads."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.language_score import reliability, trials
from benchmarks.languages import Plain
from benchmarks.sentences import sentences
from corpus.clean.language import DEFAULT, identify, identify_all
from corpus.clean.language.naive_bayes import MOST_CHARS
from corpus.clean.language.profiles import ALPHA, WEIGHT_UNITS, profiles
from corpus.clean.language.tags import tag_of

Article = tuple[str, ...]
PROBE = """
import sys
from corpus.clean.language import identify_all
for found in identify_all(sys.stdin.buffer.read().decode().split("\\n")):
    print(found.tag, found.score)
"""

TEXTS = [sentence.text for sentence in sentences()]


def test_at_least_97_percent_of_labels_are_those_of_seeded_langdetect() -> None:
    tags = {tag_of(name) for name in profiles().languages}
    chosen = [sentence for sentence in sentences() if sentence.tag in tags]
    mine = [guess.tag for guess in DEFAULT.identify([sentence.text for sentence in chosen])]
    theirs = [guess.tag for guess in Plain().identify([sentence.text for sentence in chosen])]
    assert sum(a == b for a, b in zip(mine, theirs, strict=True)) >= 0.97 * len(chosen)
    right, right_there = (
        sum(tag == sentence.tag for tag, sentence in zip(named, chosen, strict=True)) for named in (mine, theirs)
    )
    assert right >= right_there


@pytest.mark.parametrize("gram", ["thu", "ng", " củ", "の", "sch", "zz", "ỳ"])
def test_a_row_holds_the_weights_of_a_letter_and_of_what_ends_with_it(gram: str) -> None:
    from langdetect.detector_factory import DetectorFactory
    from langdetect.utils.ngram import NGram

    plain: DetectorFactory = Plain()._factory
    spelled = "".join(map(NGram.normalize, gram))
    tables = profiles()
    wanted = [0] * len(tables.languages)
    for size in range(1, len(spelled) + 1):
        for column, probability in enumerate(plain.word_lang_prob_map.get(spelled[-size:], wanted)):
            wanted[column] += round(math.log1p(probability / ALPHA) * WEIGHT_UNITS)
    import numpy as np

    codes = np.array([0x20, 0x20, *map(ord, gram)])
    _, numbers = tables.letters.look(codes)
    numbers[:2] = 0
    row = tables.rows(numbers.astype(np.int64))[-1]
    assert tables.languages == tuple(plain.langlist)
    assert tables.weights[row].tolist() == wanted


def test_the_table_is_the_same_on_every_machine() -> None:
    digest = hashlib.sha256(profiles().weights.astype("<i2").tobytes()).hexdigest()
    assert digest == "90f6c2d605655db73a0258d2769020effb0f7050a386a87a583b181849fe8187"


def test_sums_are_exact_in_float32() -> None:
    assert int(profiles().best.max()) * (MOST_CHARS + 1) < 2**24


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TEXTS) | st.text(max_size=80), min_size=1, max_size=12), st.randoms())
def test_a_document_is_called_the_same_in_any_company(texts: list[str], random: object) -> None:
    together = identify_all(texts)
    assert together == [identify(text) for text in texts]
    assert identify_all(texts[::-1]) == together[::-1]


def test_a_large_batch_is_the_same_as_its_documents(vietnamese: Article, english: Article) -> None:
    texts = [*TEXTS, "\n".join([*vietnamese, *english] * 3), "\n".join(vietnamese * 9)]
    assert identify_all(texts) == [found for text in texts for found in identify_all([text])]


def test_no_documents() -> None:
    assert identify_all([]) == []


def test_every_process_gives_the_same_answer(vietnamese: Article, english: Article) -> None:
    mixed = [" ".join(pair) for pair in zip(vietnamese, english, strict=True)]
    probes = "\n".join([*mixed, "El tren va", "Den gamle tog", "Dobra noc", *(line[:25] for line in english)])
    answers = {
        subprocess.run(
            [sys.executable, "-c", PROBE],
            input=probes.encode(),
            capture_output=True,
            check=True,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "OPENBLAS_NUM_THREADS": threads,
            },
        ).stdout
        for seed, threads in (("0", "1"), ("4242", "2"))
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


def test_the_score_is_rounded_and_grows_with_the_text(vietnamese: Article) -> None:
    scores = [identify(vietnamese[0][:size]).score for size in (9, 30, 100)]
    assert scores == [round(score, 3) for score in scores]
    assert scores == sorted(scores)
    assert 0 < scores[0] < scores[-1] <= 1


def test_guesses_of_a_score_are_right_about_as_often_as_it_says() -> None:
    bins = [row for row in reliability(trials()) if row.low > 0]
    assert len(bins) >= 4
    for row in bins:
        assert row.mean == pytest.approx(row.right, abs=0.08)


@pytest.mark.parametrize("tag", ["is", "eo", "eu", "ga", "kk", "zu"])
def test_a_language_without_a_profile_or_close_relative_scores_low(tag: str) -> None:
    assert identify("\n".join(sentence.text for sentence in sentences() if sentence.tag == tag)).score < 0.4
