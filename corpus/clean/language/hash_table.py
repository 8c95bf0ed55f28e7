"""A hash table from whole numbers to rows that is looked up in for many numbers at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.language.letters import Ints

_ROW_BITS = 17
_SLOT_BITS = 18
_ROW = np.uint64((1 << _ROW_BITS) - 1)
_LAST_SLOT = (1 << _SLOT_BITS) - 1
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - _SLOT_BITS)


@dataclass(frozen=True, slots=True)
class HashTable:
    """Keys below 2^46 and rows from 1 to 2^17 - 1, in open addresses; a quarter of a million slots, 2 MB."""

    slots: npt.NDArray[np.uint64]
    """Key and row in one number; 0 is free."""
    probes: int
    """Most slots that a look-up may need to see."""

    @classmethod
    def of(cls, keys: Ints, rows: Ints) -> HashTable:
        """Put every key in the first free slot from its own on; all at once, the first of equals first."""
        slots = np.zeros(_LAST_SLOT + 1, np.uint64)
        content = (keys.view(np.uint64) << np.uint64(_ROW_BITS)) | rows.view(np.uint64)
        slot = _own_slot(keys)
        waiting = np.arange(len(keys))
        probes = 0
        while len(waiting):
            probes += 1
            free = waiting[slots[slot[waiting]] == 0][::-1]
            slots[slot[free]] = content[free]
            waiting = waiting[slots[slot[waiting]] != content[waiting]]
            slot[waiting] = (slot[waiting] + 1) & _LAST_SLOT
        return cls(slots, probes)

    def find(self, keys: Ints) -> Ints:
        """Row of each key, 0 where there is none."""
        slot = _own_slot(keys)
        found = self.slots.take(slot, mode="clip")
        rows = (found & _ROW).view(np.int64)
        others = np.flatnonzero((found >> np.uint64(_ROW_BITS)).view(np.int64) != keys)
        rows[others] = 0
        others = others[found[others] != 0]
        for _ in range(1, self.probes):
            if not len(others):
                break
            slot[others] = (slot[others] + 1) & _LAST_SLOT
            found = self.slots.take(slot[others], mode="clip")
            hit = (found >> np.uint64(_ROW_BITS)).view(np.int64) == keys[others]
            rows[others[hit]] = (found[hit] & _ROW).view(np.int64)
            others = others[~hit & (found != 0)]
        return rows


def _own_slot(keys: Ints) -> Ints:
    slot: Ints = ((keys.view(np.uint64) * _ODD) >> _SHIFT).view(np.int64)
    return slot
