"""The scores of the shipped cleaner on a pinned set may not fall.

The pinned pages were written for this purpose and no model was fitted on them. `floors.json` holds the digest of the
set and the scores that it must reach. A larger labelled set that cannot be shipped is scored too, where $CORPUS_GOLD or
the folder `shared/gold` beside the checkout has one; the shipped model was fitted on it, so that its floors guard
against a fall only.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.labelled.pages import LabelledPage, read_pages
from corpus.labelled.score import PageScore, score
from corpus.labelled.train import score_pages
from corpus.recipe import Clean

HERE = Path(__file__).parent
PINNED = HERE / "pages"
GOLD = Path(os.environ.get("CORPUS_GOLD", HERE.parents[2] / "shared" / "gold"))
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
GROUPS: dict[str, Callable[[LabelledPage], bool]] = {
    "all": lambda _: True,
    "vietnamese": lambda page: page.language == "vi",
    "other": lambda page: page.language != "vi",
    "hand": lambda page: page.set == "hand",
    "auto": lambda page: page.set == "auto",
}


@pytest.fixture(scope="module")
def pinned() -> list[PageScore]:
    return list(score_pages(read_pages([PINNED]), Clean()))


def reaches(scores: list[PageScore], floors: dict[str, dict[str, float]]) -> None:
    for name, floor in floors.items():
        group = score(one for one in scores if GROUPS[name](one.page))
        assert group.f1 >= floor["f1"], f"{name}: line F1 {group.f1:.4f} is below {floor['f1']}"
        assert group.harmed <= floor["harmed"], f"{name}: {group.harmed} pages harmed, more than {floor['harmed']}"


def test_the_pinned_set_is_the_one_that_the_floors_were_measured_on() -> None:
    digests = sorted(page.digest for page in read_pages([PINNED]))
    assert hashlib.sha256("".join(digests).encode()).hexdigest() == FLOORS["digest"]


def test_the_pinned_set_is_broad() -> None:
    pages = read_pages([PINNED])
    languages = [page.language for page in pages]
    assert len(pages) >= 40
    assert languages.count("vi") >= 20
    assert len(set(languages)) >= 8


def test_no_model_was_fitted_on_a_pinned_page() -> None:
    about = json.loads((HERE.parents[1] / "corpus/clean/boilerplate/model/line_model.json").read_text(encoding="utf-8"))
    fitted = {line.rpartition(" ")[2] for line in about["about"]["pages"]}
    assert not fitted & {page.digest[:12] for page in read_pages([PINNED])}


def test_scores_on_the_pinned_set_do_not_fall(pinned: list[PageScore]) -> None:
    reaches(pinned, FLOORS["pinned"])


@pytest.mark.skipif(not (GOLD / "dev").is_dir(), reason="there is no larger labelled set beside the checkout")
@pytest.mark.parametrize("view", ["dev", "dev_seedlike"])
def test_scores_on_a_larger_set_do_not_fall(view: str) -> None:
    reaches(list(score_pages(read_pages([GOLD / view]), Clean())), FLOORS[view])
