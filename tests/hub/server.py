"""A Hub on loopback: real git repositories, large files in stores of their own, the calls of the real clients.

It answers by what `huggingface_hub` asks and by what users report of the Hub. What it does not show of the Hub:

- It takes far more than the Hub does: it has no limit on the number of files, their size, or calls a minute unless
  a test sets one, no scan for malware, and of the scan for secrets only the tokens it knows itself.
- The card's metadata must be YAML; which licences, languages or task names the Hub accepts, it does not know.
- Nothing takes place later: no viewer, no conversion to Parquet, no recount of storage, no cache in between that
  still has what was deleted. What was deleted for good is gone at once; commits that no ref leads to stay readable by
  their id, as they do on the Hub until it cleans up.
- A repo that is deleted and made anew is new. On the Hub large files of the old one may be in the way for a while.
- Messages and statuses of refusals are those that users quote; the Hub words them anew now and then.
- Roles are two: who belongs to a namespace writes to all of its repos, others read what is public. Resource groups,
  fine-grained tokens, paid storage and the review of access to gated repos are not there.
- Pull requests are made and listed, not merged, commented or closed.
- Commits that name no parent follow one another; the Hub may answer one of two at once with 412 all the same.
- A file that came by LFS is read from there: it does not get into Xet storage later. What one repo sent to Xet storage
  tells every client which chunks are there, and hashes of chunks, xorbs and files are taken as the client gives them.
- A PUT of any bytes is taken for the file until it is verified, as S3 would; addresses of uploads do not expire.
"""

from __future__ import annotations

import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.hub.accounts import Account
from tests.hub.call import Seen
from tests.hub.faults import Fault
from tests.hub.handler import HubHandler
from tests.hub.limits import Limits
from tests.hub.repos import Repos
from tests.hub.uploading import Uploads
from tests.hub.xet import XetStore


class HubServer(ThreadingHTTPServer):
    """Serves from its own thread until it is stopped."""

    daemon_threads = True
    request_queue_size = 64
    page_size = 1000
    """Entries of a list that come in one answer."""
    part_bytes = 16_000_000
    """Larger files are sent in parts of so many bytes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), HubHandler)
        self.repos = Repos(folder / "repos")
        self.uploads = Uploads()
        self.xet = XetStore(folder / "xet")
        self.limits = Limits()
        self.tokens: dict[str, Account] = {}
        self.seen: list[Seen] = []
        self.faults: list[Fault] = []
        """What goes wrong with a call is the first of these that happens to it."""
        self.crashes: list[BaseException] = []
        """What went wrong in the server itself, which a client takes for a lost connection."""
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def storage_endpoint(self) -> str:
        """The same under another name, where large files are."""
        return f"http://localhost:{self.server_port}"

    def handle_error(self, *_arguments: object) -> None:
        """A client that is gone is no error of the server."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            self.crashes.append(error)

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
