"""A Hub on loopback: real git repositories, large files in a store of their own, the calls that clients read by."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.hub.handler import HubHandler, Seen
from tests.hub.lfs import LfsStore
from tests.hub.repos import Repos


class HubServer(ThreadingHTTPServer):
    """Serves from its own thread until it is stopped."""

    daemon_threads = True
    page_size = 1000
    """Entries of a folder that come in one answer."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), HubHandler)
        self.repos = Repos(folder / "repos")
        self.lfs = LfsStore(folder / "lfs")
        self.tokens: dict[str, str] = {}
        """Organisation that the owner of a token belongs to."""
        self.seen: list[Seen] = []
        self.failing: dict[str, int] = {}
        """Status that requests are answered with, by the start of their path."""
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def storage_endpoint(self) -> str:
        """The same under another name, where large files are."""
        return f"http://localhost:{self.server_port}"

    def stop(self) -> None:
        """Stop answering; connections are refused from now on."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread.is_alive():
            self.stop()
