"""Findings say where and what kind, never what."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.privacy import KINDS, PLACEHOLDERS, Finding, count, find_all, mask, reason
from corpus.clean.privacy.finding import resolve

FINDINGS = st.lists(
    st.builds(
        lambda start, size, kind: Finding(start, start + size, kind),
        st.integers(0, 40),
        st.integers(1, 12),
        st.sampled_from(KINDS),
    ),
    max_size=12,
)


def test_a_finding_does_not_show_its_value() -> None:
    (finding,) = find_all(["Gọi 0912345678"])[0]
    assert repr(finding) == "Finding(start=4, end=14, kind='phone')"


def test_a_finding_takes_the_place_of_its_kind() -> None:
    assert mask("Gọi 0912345678 nhé", [Finding(4, 14, "phone")]) == "Gọi [PHONE] nhé"


def test_each_kind_has_a_placeholder_of_its_own() -> None:
    assert set(PLACEHOLDERS) == set(KINDS)
    assert len(set(PLACEHOLDERS.values())) == len(KINDS)


@pytest.mark.parametrize(
    "findings",
    [
        [Finding(0, 4, "phone"), Finding(3, 6, "email")],
        [Finding(4, 6, "phone"), Finding(0, 2, "email")],
        [Finding(0, 99, "phone")],
        [Finding(2, 2, "phone")],
        [Finding(-1, 2, "phone")],
    ],
)
def test_findings_of_another_text_are_refused_without_a_word_of_the_text(findings: Sequence[Finding]) -> None:
    with pytest.raises(ValueError, match="findings") as error:
        mask("secret words", findings)
    assert "secret" not in str(error.value)


def test_kinds_are_counted_in_their_order() -> None:
    findings = [Finding(0, 1, "phone"), Finding(2, 3, "email"), Finding(4, 5, "phone")]
    assert list(count(findings).items()) == [("email", 1), ("phone", 2)]


def test_a_reason_has_kinds_and_counts() -> None:
    assert reason([Finding(0, 1, "phone"), Finding(2, 3, "email"), Finding(4, 5, "phone")]) == "email 1, phone 2"


def test_of_two_that_overlap_the_first_kind_stays() -> None:
    assert resolve([Finding(0, 9, "phone"), Finding(5, 7, "email")]) == (Finding(5, 7, "email"),)


def test_of_two_of_a_kind_that_overlap_the_longer_stays() -> None:
    assert resolve([Finding(0, 4, "phone"), Finding(2, 9, "phone")]) == (Finding(2, 9, "phone"),)


@given(FINDINGS)
def test_what_is_resolved_is_in_order_without_overlap_and_covers_the_best(findings: list[Finding]) -> None:
    kept = resolve(findings)
    assert all(one.end <= other.start for one, other in pairwise(kept))
    assert set(kept) <= set(findings)
    if findings:
        assert min(KINDS.index(one.kind) for one in findings) == min(KINDS.index(one.kind) for one in kept)
    assert resolve(reversed(findings)) == kept
