"""What becomes of documents when several rounds of merging follow one another."""

from __future__ import annotations

import math

import numpy as np

from corpus.dedup.fates import Links, settle

Fate = tuple[int, int, str, float | None]


def fates(*links: tuple[int, int, str, float | None]) -> dict[int, Fate]:
    """Id of what stays (a document's number plus 100), size of the cluster, reason and similarity, by document."""
    kept = np.array([link[1] for link in links], np.int64)
    found = settle(
        Links(
            np.array([link[0] for link in links], np.int64),
            kept,
            (np.zeros(len(kept), np.uint64), (kept + 100).astype(np.uint64)),
            np.array([link[2] for link in links], "<U20"),
            np.array([math.nan if link[3] is None else link[3] for link in links]),
        )
    )
    rows = zip(found.doc, found.kept_id[1], found.copies, found.reason, found.similarity, strict=True)
    return {int(d): (int(i), int(n), str(r), None if math.isnan(s) else float(s)) for d, i, n, r, s in rows}


def test_without_copies_there_is_nothing_to_say() -> None:
    assert fates() == {}


def test_what_stays_counts_all_its_copies_and_itself() -> None:
    assert fates((1, 5, "exact_duplicate", None), (9, 5, "exact_duplicate", None)) == {
        1: (105, 3, "exact_duplicate", None),
        5: (105, 3, "", None),
        9: (105, 3, "exact_duplicate", None),
    }


def test_a_copy_of_a_near_copy_is_a_near_copy_of_what_stays() -> None:
    found = fates((1, 2, "exact_duplicate", None), (2, 3, "near_duplicate", 0.9))
    assert found[1] == (103, 3, "near_duplicate", 0.9)
    assert found[3] == (103, 3, "", None)


def test_a_version_of_a_page_stays_one_whatever_became_of_the_other_version() -> None:
    found = fates((1, 2, "same_url", None), (2, 3, "exact_duplicate", None), (3, 4, "near_duplicate", 0.8))
    assert found[1] == (104, 4, "same_url", None)
    assert found[2] == (104, 4, "near_duplicate", 0.8)
