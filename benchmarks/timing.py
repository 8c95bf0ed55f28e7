"""CPU time of calls, the shortest of many runs: other programs on the machine only make it longer."""

from __future__ import annotations

import time
from collections.abc import Callable


def cpu_seconds(*calls: Callable[[], object], runs: int) -> list[float]:
    """Seconds that each call takes. They take turns, and each runs once before it counts."""
    for call in calls:
        call()
    best = [float("inf")] * len(calls)
    for _ in range(runs):
        for place, call in enumerate(calls):
            started = time.process_time()
            call()
            best[place] = min(best[place], time.process_time() - started)
    return best
