"""The scores of the shipped cleaner on a pinned set may not fall.

The pinned pages were written for this purpose and no model was fitted on them. `floors.json` holds the digest of the
set and the scores that it must reach. A larger labelled set that cannot be shipped is held to floors too, where
$CORPUS_GOLD names it or the folder `shared/gold` stands beside the checkout; the shipped model was fitted on it, so
that those guard against a fall only.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.labelled.pages import LabelledPage, read_pages
from corpus.labelled.score import score
from corpus.labelled.train import score_pages
from corpus.recipe import Cleaning

HERE = Path(__file__).parent
PINNED = HERE / "pages"
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
_GOLD = os.environ.get("CORPUS_GOLD")
_VIEWS = {view: Path(_GOLD or HERE.parents[2] / "shared" / "gold") / view for view in ("dev", "dev_seedlike")}
SETS = {"pinned": PINNED} | {view: folder for view, folder in _VIEWS.items() if _GOLD or folder.is_dir()}
GROUPS: dict[str, Callable[[LabelledPage], bool]] = {
    "all": lambda _: True,
    "vietnamese": lambda page: page.language == "vi",
    "other": lambda page: page.language != "vi",
    "hand": lambda page: page.set == "hand",
    "auto": lambda page: page.set == "auto",
}


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


@pytest.mark.parametrize("name", SETS)
def test_scores_do_not_fall(name: str) -> None:
    scores = list(score_pages(read_pages([SETS[name]]), Cleaning()))
    for group, floor in FLOORS[name].items():
        found = score(one for one in scores if GROUPS[group](one.page))
        assert found.f1 >= floor["f1"], f"{group}: line F1 {found.f1:.4f} is below {floor['f1']}"
        assert found.harmed <= floor["harmed"], f"{group}: {found.harmed} pages harmed, more than {floor['harmed']}"
