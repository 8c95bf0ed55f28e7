"""One call of a client: who asks, for what, and how it is answered. What it is about stands in tables of routes."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from tests.hub.accounts import Account
    from tests.hub.faults import Fault
    from tests.hub.repos import Repo
    from tests.hub.server import HubServer

REPO = r"(?P<repo>(?:datasets|models)/[^/]+/[^/]+)"
"""`datasets/org/name` in the pattern of a route."""
REVISION = r"(?P<revision>[^/]+)"
"""A branch, tag, commit or `refs%2Fpr%2F1` in the pattern of a route."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client gets back."""

    status: int = 200
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: Any, headers: Mapping[str, str] | None = None, status: int = 200) -> Answer:
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"} | dict(headers or {}))


class RefusedError(Exception):
    """An answer that says no."""

    def __init__(self, status: int, code: str = "", message: str = "", commit: str = "", **headers: str) -> None:
        super().__init__(message)
        named = {"X-Error-Code": code, "X-Error-Message": message, "X-Repo-Commit": commit}
        kept = {name: value for name, value in named.items() if value}
        self.answer = Answer.json(
            {"error": message}, kept | {n.replace("_", "-"): v for n, v in headers.items()}, status
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came in."""

    method: str
    host: str
    path: str
    authorized: bool
    """Whether it carried a token where one is carried."""
    range: str | None
    astray: bool
    """Whether a token went where none belongs: into the address, the body, another header, or to another host."""


Route = tuple[str, re.Pattern[str], Callable[..., Answer]]


def routes(*rows: tuple[str, str, Callable[..., Answer]]) -> list[Route]:
    """A table of method, pattern of the path, and function.

    The function is called with the call and with the named groups of the pattern, %-escapes resolved.
    """
    return [(method, re.compile(pattern), function) for method, pattern, function in rows]


class Call(BaseHTTPRequestHandler):
    """Answers one request at a time of one connection."""

    server: HubServer
    protocol_version = "HTTP/1.1"
    routes: ClassVar[Sequence[Route]] = ()
    content: bytes = b""
    """The body of the request."""

    def do_GET(self) -> None:
        self._take("GET")

    def do_HEAD(self) -> None:
        self._take("GET")

    def do_POST(self) -> None:
        self._take("POST")

    def do_PUT(self) -> None:
        self._take("PUT")

    def do_DELETE(self) -> None:
        self._take("DELETE")

    def log_message(self, *_arguments: object) -> None:
        """Nobody reads a log."""

    # What routes ask of it.

    @property
    def query(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def json(self) -> Any:
        """The body as JSON; an empty mapping without one."""
        return json.loads(self.content or b"{}")

    def account(self) -> Account | None:
        """Whose token it carries, if it carries one."""
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        if not token:
            return None
        if token not in self.server.tokens:
            raise RefusedError(401, message="Invalid credentials in Authorization header")
        return self.server.tokens[token]

    def known_account(self) -> Account:
        account = self.account()
        if account is None:
            raise RefusedError(401, message="Invalid username or password.")
        return account

    def readable(self, key: str) -> Repo:
        """The repo `datasets/org/name`, if whoever asks may read it."""
        account = self.account()
        repo = self.server.repos.at(key)
        belongs = repo is not None and account is not None and account.belongs_to(repo.namespace)
        if repo is None or (repo.private and not belongs):
            # Who is not logged in is not told whether there is such a repo.
            raise RefusedError(404 if account else 401, "RepoNotFound", "Repository not found")
        if repo.gated and not belongs:
            raise RefusedError(403 if account else 401, "GatedRepo", f"Access to dataset {repo.id} is restricted")
        return repo

    def writable(self, key: str) -> Repo:
        """The repo, if whoever asks may write to it."""
        repo = self.readable(key)
        account = self.known_account()
        if not account.belongs_to(repo.namespace):
            message = "Forbidden: pass `create_pr=1` as a query parameter to create a Pull Request."
            raise RefusedError(403, message=message)
        self.may_write(account)
        return repo

    def may_write(self, account: Account) -> None:
        if not account.may_write:
            raise RefusedError(403, message="You have read access but not the required permissions for this operation")

    def at_revision(self, key: str, revision: str) -> tuple[Repo, str]:
        """A repo that may be read, and the commit of a revision of it."""
        repo = self.readable(key)
        return repo, self.commit_of(repo, revision)

    def commit_of(self, repo: Repo, revision: str) -> str:
        commit = repo.resolve(revision)
        if commit is None:
            raise RefusedError(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return commit

    def page(self, values: Sequence[Any]) -> Answer:
        """So many values at a time; the header `Link` has the address of the next ones."""
        query = self.query
        start = int(query.get("cursor", "0"))
        stop = start + self.server.page_size
        headers = {}
        if stop < len(values):
            following = f"{self.server.endpoint}{urlsplit(self.path).path}?{urlencode(query | {'cursor': stop})}"
            headers["Link"] = f'<{following}>; rel="next"'
        return Answer.json(values[start:stop], headers)

    def ranged(self, content: bytes, headers: Mapping[str, str]) -> Answer:
        """Bytes, or the range of them that was asked for."""
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range") or "")
        if not asked or asked[0] == "bytes=-":
            return Answer(200, content, headers)
        size = len(content)
        start = int(asked[1]) if asked[1] else max(size - int(asked[2]), 0)
        stop = min(int(asked[2]) + 1, size) if asked[1] and asked[2] else size
        if start >= size:
            return Answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b"", {"Content-Range": f"bytes */{size}"})
        where = {"Content-Range": f"bytes {start}-{stop - 1}/{size}"}
        return Answer(206, content[start:stop], dict(headers) | where)

    # How it is answered.

    def _take(self, method: str) -> None:
        path = unquote(urlsplit(self.path).path)
        fault = next((fault for fault in self.server.faults if fault.happens_to(self.command, path)), None)
        length = int(self.headers.get("Content-Length") or 0)
        dropped = fault is not None and fault.drop and not fault.after
        self.content = self.rfile.read(length // 2 if dropped else length)
        self.server.seen.append(self._seen(path))
        if len(self.content) < length and not dropped:  # The client is gone.
            self.close_connection = True
            return
        answer = self._answer(method) if fault is None else self._answer_in_spite_of(fault, method)
        if answer is None:
            self.close_connection = True
        else:
            self._send(answer, None if fault is None else fault.cut_bytes)

    def _answer_in_spite_of(self, fault: Fault, method: str) -> Answer | None:
        time.sleep(fault.delay_s)
        if fault.act is not None:
            fault.act()
        replaced = fault.drop or fault.status is not None
        answer = self._answer(method) if fault.after or not replaced else None
        if fault.status is None:
            return None if fault.drop else answer
        message = {"X-Error-Message": fault.message} if fault.message else {}
        return Answer.json({"error": fault.message}, message | dict(fault.headers), fault.status)

    def _answer(self, method: str) -> Answer:
        path = urlsplit(self.path).path
        try:
            for wanted, pattern, function in self.routes:
                found = pattern.fullmatch(path) if wanted == method else None
                if found:
                    parts = {name: unquote(value) for name, value in found.groupdict().items() if value is not None}
                    return function(self, **parts)
            raise RefusedError(404)
        except RefusedError as refused:
            return refused.answer

    def _seen(self, path: str) -> Seen:
        tokens = [token.encode() for token in self.server.tokens]
        others = " ".join(value for name, value in self.headers.items() if name.lower() != "authorization")
        elsewhere = self.content + unquote(self.path).encode() + others.encode()
        authorized = "Authorization" in self.headers
        own = (self.headers["Authorization"] or "").removeprefix("Bearer ") in self.server.tokens
        abroad = own and f"http://{self.headers['Host']}" != self.server.endpoint
        astray = abroad or any(token in elsewhere for token in tokens)
        return Seen(self.command, self.headers["Host"], path, authorized, self.headers["Range"], astray)

    def _send(self, answer: Answer, cut_bytes: int | None) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value.encode("ascii", "replace").decode())
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content[:cut_bytes])
            self.close_connection |= cut_bytes is not None
