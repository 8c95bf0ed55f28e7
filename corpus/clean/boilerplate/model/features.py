"""The input of the line model: for each line of a batch, what it looks like and where it stands, in whole numbers."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean.boilerplate.lines.columns import Columns
from corpus.clean.boilerplate.lines.page import Pages, read_pages
from corpus.clean.boilerplate.model.place import place_columns


def features(pages: Pages) -> npt.NDArray[np.float32]:
    """A row a feature in the order of `feature_names`, a column a line; whole numbers from 0 to 128."""
    shape, place = pages.shape.columns, _place(pages)
    matrix = np.empty((len(shape.names) + len(place.names), len(pages.batch.doc)), np.float32)
    shape.write(matrix[: len(shape.names)])
    place.write(matrix[len(shape.names) :])
    return matrix


@cache
def feature_names() -> tuple[str, ...]:
    """The name of each feature."""
    pages = read_pages(["a"])
    return (*pages.shape.columns.names, *_place(pages).names)


def _place(pages: Pages) -> Columns:
    return place_columns(pages.batch, pages.shape, pages.core, pages.copies)
