"""The line model: exact on every processor, explained, and readable as a file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.clean import Raw, clean, clean_all
from corpus.clean.boilerplate.decide import OUTSIDE
from corpus.clean.boilerplate.lines.page import read_arrays, read_pages
from corpus.clean.boilerplate.model import judge as judging
from corpus.clean.boilerplate.model.features import feature_names, features
from corpus.clean.boilerplate.model.judge import judge
from corpus.clean.boilerplate.model.network import (
    DILATIONS,
    MAX_ACTIVATION_STEPS,
    STEPS,
    Layer,
    Network,
    shipped,
)
from corpus.recipe import Cleaning

PAGES = Path(__file__).parents[1] / "labelled" / "pages"
PAGE = "\n".join(
    [
        "Trang chủ",
        "Thời sự",
        "Đăng nhập",
        "Chuyện bến nước",
        "Chợ quê",
        "Làng ven sông dựng lại cây cầu sau lũ",
        "Sáng nay, hơn một trăm người dân đã cùng nhau dựng lại cây cầu bị nước cuốn trôi hồi tháng tám.",
        "Theo trưởng thôn, cây cầu mới cao hơn cầu cũ nửa mét và có thể chịu được những trận lũ lớn hơn.",
        "Con đường đến trường của lũ trẻ trong làng vì thế ngắn lại gần hai cây số so với đường vòng qua núi.",
        "Gửi ý kiến của bạn cho ban biên tập",
        "Ven Sông số 12",
        "Tin khác",
        "Giá cà phê tăng nhẹ",
        "Lịch cắt điện tuần tới",
        "Bản quyền thuộc về trang tin Ven Sông",
        "Thiết kế: Xưởng Bến Đá",
        "Giấy phép số 12 ngày 3/4/2021",
    ]
)


def test_no_sum_depends_on_its_order() -> None:
    """The same network with its inputs in another order gives the same bits."""
    network = shipped()
    arrays = read_arrays([PAGE])
    matrix = features(arrays)
    order = np.random.default_rng(3).permutation(len(matrix))
    first, *rest = network.layers
    shuffled = Network(
        network.name,
        tuple(network.features[at] for at in order),
        tuple(network.means[at] for at in order),
        (Layer(first.weights[order], first.bias, first.exponents), *rest),
        {},
    )
    one, other = network.look(matrix, arrays.batch.first), shuffled.look(matrix[order], arrays.batch.first)
    assert np.array_equal(one.text, other.text)
    assert np.array_equal(one.headline, other.headline)


def written_out(network: Network, matrix: np.ndarray) -> np.ndarray:
    """Both outputs for one document, in double precision, line by line."""

    def layer(number: int) -> tuple[np.ndarray, np.ndarray]:
        of = network.layers[number]
        weights, bias = of.weights.astype(np.float64), of.bias.astype(np.float64)
        return np.ldexp(weights, -of.exponents), np.ldexp(bias, -of.exponents)

    def active(sums: np.ndarray) -> np.ndarray:
        clipped: np.ndarray = np.clip(np.floor(sums), 0, MAX_ACTIVATION_STEPS)
        return clipped

    w_in, b_in = layer(0)
    state = entry = active(matrix.T.astype(np.float64) @ w_in + b_in)
    lines, size = entry.shape
    for number, dilation in enumerate(DILATIONS, 1):
        kernel, bias = layer(number)
        change = np.tile(bias, (lines, 1))
        for line in range(lines):
            for part, other in enumerate((line - dilation, line, line + dilation)):
                if 0 <= other < lines:
                    change[line] += state[other] @ kernel[part * size : (part + 1) * size]
        state = np.minimum(state + active(change), MAX_ACTIVATION_STEPS)
    page = np.tile(entry.sum(axis=0) // lines, (lines, 1))
    w_hidden, b_hidden = layer(-2)
    w_out, b_out = layer(-1)
    hidden = active(np.concatenate([entry, page, state], axis=1) @ w_hidden + b_hidden)
    outputs: np.ndarray = (hidden @ w_out + b_out) / STEPS
    return outputs


def test_every_output_is_what_exact_arithmetic_gives() -> None:
    """Single precision for documents of all lengths together, against double precision for each alone."""
    network = shipped()
    lines = PAGE.split("\n")
    texts = ["\n".join(lines[:count]) for count in (1, 2, 0, 3, 8, 9, 10, len(lines), 19)]
    arrays = read_arrays(texts)
    look = network.look(features(arrays), arrays.batch.first)
    alone = [written_out(network, features(read_arrays([text]))) for text in texts if text]
    assert np.array_equal(np.stack([look.text, look.headline], axis=1), np.concatenate(alone))


@pytest.mark.parametrize(
    "machine",
    [
        {"OPENBLAS_NUM_THREADS": "1"},
        {"OPENBLAS_NUM_THREADS": "2"},
        {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"},
    ],
)
def test_decisions_and_reasons_do_not_depend_on_hash_seed_threads_or_processor(machine: dict[str, str]) -> None:
    code = "import sys, corpus; print(corpus.clean(sys.stdin.read()).removed)"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            input=PAGE,
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | machine | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] == f"{clean(PAGE).removed}\n"


def test_documents_cleaned_together_come_out_as_alone() -> None:
    texts = [PAGE, "", PAGE.replace("\n", "\n\n"), "Một dòng", PAGE[:200]]
    together = list(clean_all([Raw(text) for text in texts], Cleaning()))
    assert together == [clean(text) for text in texts]


def test_each_line_that_the_model_takes_has_a_score_and_reasons() -> None:
    taken = [line for line in clean(PAGE).removed if line.rule == "line_model_v1"]
    assert taken
    for line in taken:
        assert line.score is not None
        assert 0.5 < line.score <= 1
        assert line.why


def test_reasons_are_what_weighed_most() -> None:
    """Putting the strongest feature of a line back to its average brings the line nearer to the text."""
    network = shipped()
    arrays = read_arrays([PAGE])
    look = network.look(features(arrays), arrays.batch.first)
    low = np.flatnonzero(look.text < OUTSIDE)
    for line, pull in zip(low, look.pull(low), strict=True):
        matrix = features(arrays)
        strongest = int(np.argmax(pull))
        matrix[strongest, line] = network.means[strongest]
        assert network.look(matrix, arrays.batch.first).text[line] > look.text[line]


def test_a_reason_quotes_a_phrase_that_stands_above() -> None:
    quoted = 0
    for path in sorted(PAGES.glob("vi-news-*.txt")):
        text = path.read_text(encoding="utf-8")
        for line in clean(text).removed:
            match = re.search(r"(?:below|since) '(.+?)'(?:;|$)", line.why or "")
            if match:
                quoted += 1
                assert match[1] in [above.strip() for above in text.split("\n")[: line.line - 1]]
    assert quoted


def test_a_long_document_is_judged_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = read_pages(["\n\n".join(f"Dòng thứ {number} của trang." for number in range(50))])
    monkeypatch.setattr(judging, "MAX_LINES", 20)
    judgement = judge(pages, shipped())
    assert [len(look.text) for look in judgement.looks] == [20, 20, 10]
    assert len(judgement.text) == 50
    assert len(list(judgement.reasons([0, 19, 20, 49]))) == 4


def test_a_model_survives_its_file() -> None:
    network = shipped()
    read = Network.from_json(network.to_json())
    assert read.to_json() == network.to_json()
    assert read.features == feature_names()


def test_the_shipped_model_is_a_small_readable_file_that_says_what_it_was_fitted_on() -> None:
    text = shipped().to_json()
    assert len(text.encode()) <= 200_000
    about = json.loads(text)["about"]
    assert len(about["pages"]) > 400
    assert about["languages"] >= 20


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"format": 1', '"format": 2'),
        ('"layers"', '"others"'),
        ('"bias": [', '"bias": ["x",'),
        ('"bias": [', '"bias": [1,'),
    ],
)
def test_a_file_that_is_no_model_is_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"format 2|not a line model|invalid literal|of one size"):
        Network.from_json(shipped().to_json().replace(old, new, 1))


def test_weights_that_could_round_are_refused() -> None:
    layer = Layer(np.array([[1 << 20], [1 << 20]]), np.array([0]), np.array([0]))
    layer.check(max_input=7)
    with pytest.raises(ValueError, match="without rounding"):
        layer.check(max_input=8)
