"""Features of lines as whole numbers, gathered by kind and turned into a matrix at once.

Only integers: sums and logarithms of floats differ in their last bits between processors, and a decision must not.
Every value is small enough to be exact in single precision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ONE = 64
"""What a yes and a share of 1 are counted as."""
FAR = 120
"""The largest value of `log_scale`."""
_LOG = np.array([round(10 * float(np.log2(1 + number))) for number in range(4096)], np.int64)

_LOG_FLOATS = _LOG.astype(np.float32)


def log_scale(numbers: Ints) -> Ints:
    """Ten times the binary logarithm of 1 + n, rounded; at most 120."""
    return _LOG.take(np.minimum(numbers, len(_LOG) - 1))


def share(part: Ints, whole: Ints) -> Ints:
    """`part / whole` in 64ths, rounded down; 0 of 0 is 0."""
    return part * ONE // np.maximum(whole, 1)


@dataclass(frozen=True, slots=True)
class Columns:
    """Features by name, an entry a line each."""

    flags: Mapping[str, Bools]
    """64 where true."""
    shares: Mapping[str, tuple[Ints, Ints]]
    """Part and whole, as `share` makes of them; the part is below 2^18."""
    logs: Mapping[str, Ints]
    """Numbers, as `log_scale` makes of them."""
    plain: Mapping[str, Ints]
    """Numbers as they are, 0 to 128."""

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each row of the matrix."""
        return (*self.flags, *self.shares, *self.logs, *self.plain)

    def write(self, out: npt.NDArray[np.float32]) -> None:
        """Fill a matrix with a row a feature and a column a line."""
        rows = iter(out)
        for flags in self.flags.values():
            row = next(rows)
            row[...] = flags
            row *= np.float32(ONE)
        whole = np.empty(out.shape[1:], np.float32)
        for part, of in self.shares.values():
            row = next(rows)
            row[...] = part
            row *= np.float32(ONE)
            whole[...] = of
            row /= np.maximum(whole, np.float32(1), out=whole)
            # The quotient of whole numbers below 2^24 is never rounded up to the next whole number.
            np.floor(row, out=row)
        for numbers in self.logs.values():
            _LOG_FLOATS.take(numbers, out=next(rows), mode="clip")
        for numbers in self.plain.values():
            next(rows)[...] = numbers
