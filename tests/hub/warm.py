"""A Hub and a machine that stay between tests, and are made as new for each: a command costs no start of Python."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hub.client import Client
from tests.hub.hub_helpers import Hub
from tests.hub.limits import Limits
from tests.hub.server import HubServer


class WarmHub(Hub):
    """Runs the command in a process that is there already, unless it needs an environment of its own."""

    def __init__(self, server: HubServer, folder: Path) -> None:
        super().__init__(server, folder)
        self._client = Client(self)
        self._free = threading.Lock()

    def corpus(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        if environment.keys() - {"HF_TOKEN"}:
            return super().corpus(*arguments, **environment)
        if not self._free.acquire(blocking=False):
            # It waits for an answer, and something happens before that.
            return super().corpus(*arguments, **environment)
        try:
            self._client.token = environment.get("HF_TOKEN")
            code, out, err = self._client(f"command(*{arguments!r})")
        finally:
            self._free.release()
        return subprocess.CompletedProcess(arguments, code, out, err)

    def renew(self) -> None:
        """Forget all that was there."""
        self.server.repos.clear()
        self.server.faults.clear()
        self.server.seen.clear()
        self.server.tokens.clear()
        self.server.limits = Limits()
        self.forget()

    def close(self) -> None:
        """End the process."""
        self._client.__exit__(None, None, None)


@contextmanager
def warm_hub(folder: Path) -> Iterator[WarmHub]:
    with HubServer(folder / "server") as server:
        hub = WarmHub(server, folder / "machine")
        yield hub
        hub.close()
