"""What holds for every text: offsets, masking, grouping, time."""

from __future__ import annotations

import base64
import hashlib
import random
import time
from bisect import bisect_left
from itertools import accumulate
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.privacy import read_cases
from corpus.clean.privacy import KINDS, PLACEHOLDERS, Finding, Kind, find_all, mask, suspects

CASES = read_cases()
VALUES = sorted({case.text[one.start : one.end] for case in CASES for one in case.expected})
PIECES = st.one_of(
    st.sampled_from(VALUES),
    st.sampled_from([case.text for case in CASES]),
    st.sampled_from(list("0123456789.,:;/-+()@#=[]\"' \n\tđ東\ud800\u0301")),
    st.sampled_from(
        [
            "STK ",
            "CMND: ",
            "MST ",
            "SĐT: ",
            "gọi ",
            "mã ",
            "ISBN ",
            "số ",
            "IP ",
            "v",
            "password=",
            "://",
            "www.",
            "[PHONE]",
        ]
    ),
    st.text(max_size=6),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


@given(TEXTS)
@settings(max_examples=300)
def test_a_masked_text_yields_no_findings(text: str) -> None:
    masked = mask(text, find_all([text])[0])
    assert find_all([masked]) == [()]


@given(TEXTS, st.sets(st.sampled_from(KINDS), min_size=1))
def test_a_text_masked_for_some_kinds_yields_none_of_these(text: str, kinds: set[str]) -> None:
    chosen = [kind for kind in KINDS if kind in kinds]
    found = find_all([text], chosen)[0]
    assert {one.kind for one in found} <= kinds
    assert find_all([mask(text, found)], chosen) == [()]


@given(TEXTS)
def test_everything_outside_of_findings_stays(text: str) -> None:
    found = find_all([text])[0]
    rest = mask(text, found)
    for one in reversed(found):
        at = one.start + sum(
            len(PLACEHOLDERS[other.kind]) - (other.end - other.start) for other in found if other.start < one.start
        )
        placeholder = PLACEHOLDERS[one.kind]
        assert rest[at : at + len(placeholder)] == placeholder
        rest = rest[:at] + text[one.start : one.end] + rest[at + len(placeholder) :]
    assert rest == text


@given(st.lists(TEXTS, max_size=6))
def test_a_document_has_the_same_findings_alone_and_among_others(texts: list[str]) -> None:
    assert find_all(texts) == [find_all([text])[0] for text in texts]


@given(st.lists(TEXTS, min_size=1, max_size=6), st.sets(st.sampled_from(KINDS), min_size=1))
def test_texts_without_suspects_have_no_findings(texts: list[str], kinds: set[Kind]) -> None:
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    ends = list(accumulate(len(part) + 1 for part in parts))
    suspected = {bisect_left(ends, offset + 1) for offset in suspects(b"\n".join(parts), kinds)}
    assert {index for index, found in enumerate(find_all(texts, kinds)) if found} <= suspected


def test_hashes_and_base64_do_not_exhaust_the_memory_of_the_gates(capfd: pytest.CaptureFixture[str]) -> None:
    hashes = " ".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(2000))
    encoded = base64.b64encode(random.Random(1).randbytes(100_000)).decode()
    assert find_all([hashes, encoded], ["secret"]) == [(), ()]
    assert capfd.readouterr().err == ""  # RE2 writes there when it falls back on its slow way.


def test_offsets_count_characters() -> None:
    for case in CASES:
        for before in ("", "Đường 𝄞 東京 \ud800 é: "):
            moved = tuple(Finding(one.start + len(before), one.end + len(before), one.kind) for one in case.expected)
            found = find_all([before + "\n" + case.text])[0]
            right = {Finding(one.start + 1, one.end + 1, one.kind) for one in moved}
            # What a case misses alone it misses here too.
            alone = set(find_all([case.text])[0])
            assert {one for one in found if one in right} == {
                Finding(one.start + len(before) + 1, one.end + len(before) + 1, one.kind)
                for one in alone & set(case.expected)
            }


def test_no_texts_have_no_findings() -> None:
    assert find_all([]) == []
    assert find_all(["", "\n"]) == [(), ()]


def test_without_kinds_nothing_is_found() -> None:
    assert find_all(["0912345678"], []) == [()]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        find_all(["x"], [cast(Kind, "shoe_size")])


HOSTILE = [
    "1", "01", "0 ", "(0", "1.1.", "@", "a@", "a@a.", "a@a.vn", "a.", ".", "+84", "(84) ", "2001:", "::", "eyJ",
    "eyJaaaaaaaaaaaa.", "eyJaaaaaaaaaaaa-", "-----BEGIN " + "PRIVATE KEY-----", "STK ", "CMND 1", "SĐT: ", "password=",
    "api_key: ", "a://b:c@", "xoxb-", "xoxb-AKIA", "DE89 ", "(at)", "a at b dot ", "0912345678/", "203.0.113.7 ",
    "4111 1111 1111 1111 ", "CMND 012345678, ", "0" * 32 + "-us1 ", "https://a/0912345678", "mật khẩu: a1b2c3d4e5 ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_text_takes_twice_the_time(piece: str) -> None:
    def seconds(characters: int) -> float:
        text = piece * (characters // len(piece))
        started = time.process_time()
        find_all([text])
        return time.process_time() - started

    small, large = (min(seconds(characters) for _ in range(3)) for characters in (30_000, 120_000))
    # 16 times where time is quadratic.
    assert large < 9 * small + 0.05


@pytest.mark.parametrize("piece", ["7", "@", "a.", "."])
def test_ten_million_characters_of_one_kind(piece: str) -> None:
    assert find_all([piece * (10_000_000 // len(piece))]) == [()]
