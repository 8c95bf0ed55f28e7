"""The input of the line model: for each line of a batch, what it looks like and where it stands, in whole numbers."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean.boilerplate.lines.columns import Columns
from corpus.clean.boilerplate.lines.page import Arrays, read_arrays
from corpus.clean.boilerplate.model.place import place_columns


def features(arrays: Arrays) -> npt.NDArray[np.float32]:
    """A row a feature in the order of `feature_names`, a column a line; whole numbers from 0 to 128."""
    shape, place = arrays.shape.columns, _place(arrays)
    matrix = np.empty((len(shape.names) + len(place.names), len(arrays.batch.doc)), np.float32)
    shape.write(matrix[: len(shape.names)])
    place.write(matrix[len(shape.names) :])
    return matrix


@cache
def feature_names() -> tuple[str, ...]:
    """The name of each feature."""
    arrays = read_arrays(["a"])
    return (*arrays.shape.columns.names, *_place(arrays).names)


def _place(arrays: Arrays) -> Columns:
    return place_columns(arrays.batch, arrays.shape, arrays.core, arrays.copies)
