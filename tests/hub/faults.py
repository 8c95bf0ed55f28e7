"""What can go wrong between a client and a Hub, on order."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class Fault:
    """Something that happens to calls of one kind.

    Without `status` and `drop` the call is answered as ever, after `act` and `delay_s`.
    """

    method: str
    """Such as `POST`; `*` is any."""
    path: str
    """A regular expression that is looked for in the path, its %-escapes resolved and without the query."""
    times: int | None = 1
    """How many calls it happens to; None is all of them."""
    status: int | None = None
    """What these calls are answered with."""
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    after: bool = False
    """Whether the call is carried out all the same: its answer alone is lost or replaced."""
    drop: bool = False
    """Whether the connection is closed without an answer, in the middle of the request's body where there is one."""
    cut_bytes: int | None = None
    """Bytes of the answer's body behind which the connection is closed, as if it were lost; None is all of them."""
    delay_s: float = 0
    """Seconds before the call is looked at."""
    act: Callable[[], object] | None = None
    """Is called before the call is carried out."""
    happened: int = 0
    """How many calls it has happened to."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def happens_to(self, method: str, path: str) -> bool:
        """Whether it happens to a call; each time counts."""
        if self.method not in ("*", method) or not re.search(self.path, path):
            return False
        with self._lock:
            if self.times is not None and self.happened >= self.times:
                return False
            self.happened += 1
            return True
