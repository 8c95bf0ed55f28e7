"""A line model out of labelled pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from corpus._version import __version__
from corpus.clean import Raw, clean_all
from corpus.clean.boilerplate.lines.page import read_arrays
from corpus.clean.boilerplate.model.features import feature_names, features
from corpus.clean.boilerplate.model.network import Network
from corpus.errors import UsageError
from corpus.labelled.fit import EPOCHS, Example, Told, fit, silent
from corpus.labelled.pages import TITLE, LabelledLine, LabelledPage
from corpus.labelled.score import PageScore, score_page
from corpus.labelled.variants import NO_HEADLINE, WEIGHTS, donors, variants
from corpus.recipe import Cleaning

NAME = re.compile(r"[a-z][a-z0-9_]*_v\d+")
"""What a model may be called: its name stands in audits, so it carries a version."""

_HAND = 2.0
"""Pages that a person read count so many times."""
_USUAL_LINES, _MIN_LINES = 60, 10
"""The weight of a line falls with the root of the lines of its page, so that long menus do not outweigh texts."""


def train(
    pages: Sequence[LabelledPage], *, name: str, seed: int = 0, epochs: int = EPOCHS, told: Told = silent
) -> Network:
    """Fit a line model.

    Args:
        pages: What to learn from.
        name: What stands in audits, such as `line_model_v1`.
        seed: The same seed and pages give the same model, on one machine.
        epochs: How often each page is seen.
        told: Is told how far it is.

    Raises:
        UsageError: the name is none, or the pages don't hold both text and boilerplate.
    """
    if not NAME.fullmatch(name):
        raise UsageError(f"'{name}': a model's name is small letters and digits with a version behind, such as news_v1")
    keeps = {line.keep for page in pages for line in page.lines}
    if not {True, False} <= keeps:
        raise UsageError("the labelled pages must hold lines to keep and lines to drop")
    examples = list(_examples(pages))
    told(f"{len(examples):,} shapes of {len(pages):,} pages")
    layers, means = fit(examples, seed=seed, epochs=epochs, told=told)
    return Network(name, feature_names(), means, layers, _about(pages, seed, epochs))


def cross_validate(
    pages: Sequence[LabelledPage],
    *,
    folds: int,
    also: Sequence[LabelledPage] = (),
    options: Cleaning = Cleaning(),  # noqa: B008 - frozen
    told: Told = silent,
) -> list[PageScore]:
    """Score each page by a model that has seen no page of its site.

    Args:
        pages: What to score, and in other folds to learn from.
        folds: How many models are fitted, each on the pages of the other folds.
        also: Pages to learn from in every fold.
        options: How to clean.
        told: Is told how far it is.
    """
    fold_of = folds_by_site(pages, folds)
    scores: dict[int, PageScore] = {}
    for fold in range(folds):
        learnt = [page for page in pages if fold_of[page.site] != fold]
        held = [index for index, page in enumerate(pages) if fold_of[page.site] == fold]
        told(f"fold {fold + 1} of {folds}")
        network = train([*learnt, *also], name="line_model_v1", told=told)
        for index, scored in zip(held, score_pages([pages[index] for index in held], options, network), strict=True):
            scores[index] = scored
    return [scores[index] for index in range(len(pages))]


def folds_by_site(pages: Sequence[LabelledPage], folds: int) -> dict[str, int]:
    """The fold of each site: all pages of a site in one, sites that people labelled spread evenly.

    Raises:
        UsageError: there are fewer sites than folds.
    """
    by_hand = {page.site for page in pages if page.set == "hand"}
    sites = sorted({page.site for page in pages}, key=lambda site: (site not in by_hand, _digest(site)))
    if len(sites) < max(folds, 2) or folds < 2:
        raise UsageError(f"{folds} folds of {len(sites)} sites: at least 2, and no more than there are sites")
    return {site: number % folds for number, site in enumerate(sites)}


def score_pages(
    pages: Sequence[LabelledPage], options: Cleaning, network: Network | None = None
) -> Iterator[PageScore]:
    """Clean pages and score them."""
    for page, cleaned in zip(pages, clean_all((Raw(page.text) for page in pages), options, network), strict=True):
        yield score_page(page, cleaned)


def _examples(pages: Sequence[LabelledPage]) -> Iterator[Example]:
    lenders = donors(pages)
    seen: set[str] = set()
    # The shortest form of a page comes first, which is the one that begins with the article.
    for page in sorted(pages, key=lambda page: (page.id, len(page.lines))):
        for variant, lines in variants(page, lenders, article=page.id not in seen):
            if lines:
                yield _example(page, variant, lines)
        seen.add(page.id)


def _example(page: LabelledPage, variant: str, lines: Sequence[LabelledLine]) -> Example:
    text = "\n".join("\n" * line.blanks + line.text for line in lines)
    weight = WEIGHTS[variant] * (_HAND if page.set == "hand" else 1.0)
    weight *= (_USUAL_LINES / max(len(lines), _MIN_LINES)) ** 0.5
    titles = {line.text for line in page.lines if line.keep and line.label == TITLE}
    targets = np.array([[bool(line.keep), bool(line.keep) and line.text in titles] for line in lines], np.float32)
    scored = np.array([line.keep is not None for line in lines], np.float32) * np.float32(weight)
    headline = scored * np.float32(variant not in NO_HEADLINE)
    matrix = np.ascontiguousarray(features(read_arrays([text])).T)
    return Example(matrix, targets, np.stack([scored, headline], axis=1))


def _about(pages: Sequence[LabelledPage], seed: int, epochs: int) -> dict[str, Any]:
    return {
        "program": __version__,
        "seed": seed,
        "epochs": epochs,
        "sites": len({page.site for page in pages}),
        "languages": len({page.language for page in pages}),
        "pages": [f"{page.id} {page.digest[:12]}" for page in sorted(pages, key=lambda page: (page.id, page.digest))],
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
