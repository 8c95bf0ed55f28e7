"""The input of the line model: for each line of a batch, what it looks like and where it stands, in whole numbers."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean.boilerplate.lines.page import Pages, read_pages
from corpus.clean.boilerplate.model.place import place_columns


def features(pages: Pages) -> npt.NDArray[np.float32]:
    """A row a feature in the order of `feature_names`, a column a line; whole numbers from 0 to 128."""
    columns = pages.shape.columns | place_columns(pages.batch, pages.shape, pages.core, pages.copies)
    matrix = np.empty((len(columns), len(pages.batch.doc)), np.float32)
    for row, values in enumerate(columns.values()):
        matrix[row] = values
    return matrix


@cache
def feature_names() -> tuple[str, ...]:
    """The name of each feature."""
    pages = read_pages(["a"])
    return tuple(pages.shape.columns | place_columns(pages.batch, pages.shape, pages.core, pages.copies))
