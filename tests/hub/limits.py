"""How much a Hub takes from its users, and how often."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field

from tests.hub.call import RefusedError
from tests.hub.repos import Repo


@dataclass
class Limits:
    """None is without limit."""

    storage_bytes: int | None = None
    """Of the large files of one repo."""
    commits: int | None = None
    """How many there may be in `window_s`."""
    window_s: float = 3600
    _commits_at: list[float] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def check_storage(self, repo: Repo, more: int) -> None:
        """Refuse bytes for which a repo has no room."""
        if self.storage_bytes is not None and sum(repo.lfs.sizes().values()) + more > self.storage_bytes:
            message = "Private repository storage limit reached, please upgrade your plan to increase your limit."
            raise RefusedError(403, message=message)

    def count_commit(self) -> None:
        """Count a commit, or refuse it and say in how many seconds it may come again."""
        if self.commits is None:
            return
        with self._lock:
            now = time.monotonic()
            self._commits_at = [at for at in self._commits_at if at > now - self.window_s]
            if len(self._commits_at) >= self.commits:
                wait_s = math.ceil(self._commits_at[-self.commits] + self.window_s - now) if self.commits else 3600
                message = "You have exceeded our hourly quotas for action: commit. We invite you to retry later."
                raise RefusedError(429, message=message, Retry_After=str(wait_s))
            self._commits_at.append(now)
