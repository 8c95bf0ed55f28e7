"""What a Hub answers: the calls by which `huggingface_hub` and `datasets` read dataset repos.

https://huggingface.co/docs/hub/api, and the clients themselves where that page is silent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from tests.hub.repos import Entry, Repo
    from tests.hub.server import HubServer

_ID = r"(?P<id>[^/]+/[^/]+)"
_REVISION = r"(?P<revision>refs%2Fconvert%2Fparquet|[^/]+)"


class RefusedError(Exception):
    """An answer that says no."""

    def __init__(self, status: int, code: str = "", message: str = "", commit: str = "") -> None:
        super().__init__(message)
        self.status = status
        headers = {"X-Error-Code": code, "X-Error-Message": message, "X-Repo-Commit": commit}
        self.headers = {name: value for name, value in headers.items() if value}


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came in."""

    method: str
    host: str
    path: str
    authorized: bool
    """Whether it carried a token."""
    range: str | None


class HubHandler(BaseHTTPRequestHandler):
    """Answers one request at a time of one connection."""

    server: HubServer
    protocol_version = "HTTP/1.1"
    routes: ClassVar[list[tuple[str, re.Pattern[str], str]]] = [
        (method, re.compile(pattern), answer)
        for method, pattern, answer in (
            ("GET", f"/api/datasets/{_ID}", "info"),
            ("GET", f"/api/datasets/{_ID}/revision/{_REVISION}", "info"),
            ("GET", f"/api/datasets/{_ID}/refs", "refs"),
            ("GET", f"/api/datasets/{_ID}/tree/{_REVISION}(?:/(?P<path>.+))?", "tree"),
            ("POST", f"/api/datasets/{_ID}/paths-info/{_REVISION}", "paths_info"),
            ("GET", f"/datasets/{_ID}/resolve/{_REVISION}/(?P<path>.+)", "file"),
            ("GET", "/lfs/(?P<oid>[0-9a-f]{64})", "large_file"),
        )
    ]

    def do_GET(self) -> None:
        self._answer("GET")

    def do_HEAD(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def info(self, id: str, revision: str = "main") -> None:
        repo, commit = self._commit(id, revision)
        changed = datetime.fromtimestamp(repo.committed_at(commit), UTC)
        self._send_json(
            {
                "id": repo.id,
                "sha": commit,
                "lastModified": f"{changed:%Y-%m-%dT%H:%M:%S.000Z}",
                "private": repo.private,
                "gated": "manual" if repo.gated else False,
                "disabled": False,
                "tags": [],
                "downloads": 0,
                "likes": 0,
                "siblings": [
                    {"rfilename": entry.path} for entry in repo.entries(commit, recursive=True) if entry.type == "file"
                ],
            }
        )

    def refs(self, id: str) -> None:
        repo = self._repo(id)
        named = {
            kind: [{"name": n, "ref": f"refs/{kind}/{n}", "targetCommit": oid} for n, oid in repo.refs(kind).items()]
            for kind in ("heads", "tags")
        }
        self._send_json({"branches": named["heads"], "tags": named["tags"], "converts": []})

    def tree(self, id: str, revision: str, path: str | None = None) -> None:
        """Files and folders, so many at a time; the header `Link` has the address of the next ones."""
        repo, commit = self._commit(id, revision)
        folder = repo.entry(commit, path) if path else None
        if path and (folder is None or folder.type == "file"):
            raise RefusedError(404, "EntryNotFound", f"{path} does not exist on {revision}", commit)
        query = self._query()
        start = int(query.get("cursor", "0"))
        entries = list(repo.entries(commit, path or "", recursive=query.get("recursive", "").lower() in ("true", "1")))
        stop = start + self.server.page_size
        headers = {}
        if stop < len(entries):
            following = f"{self.server.endpoint}{urlsplit(self.path).path}?{urlencode(query | {'cursor': stop})}"
            headers["Link"] = f'<{following}>; rel="next"'
        self._send_json([_described(entry) for entry in entries[start:stop]], headers)

    def paths_info(self, id: str, revision: str) -> None:
        repo, commit = self._commit(id, revision)
        body = self._body()
        is_json = self.headers.get_content_type() == "application/json"
        paths = json.loads(body)["paths"] if is_json else parse_qs(body.decode()).get("paths", [])
        found = (repo.entry(commit, path) for path in paths)
        self._send_json([_described(entry) for entry in found if entry is not None])

    def file(self, id: str, revision: str, path: str) -> None:
        repo, commit = self._commit(id, revision)
        entry = repo.entry(commit, path)
        if entry is None or entry.type != "file":
            raise RefusedError(404, "EntryNotFound", "Entry not found", commit)
        headers = {"X-Repo-Commit": commit, "ETag": f'"{entry.oid}"', "Accept-Ranges": "bytes"}
        if entry.lfs is None:
            self._send_content(repo.blob(entry.oid), headers)
            return
        headers |= {
            "ETag": f'"{entry.oid}"',
            "X-Linked-ETag": f'"{entry.lfs.oid}"',
            "X-Linked-Size": str(entry.lfs.size),
            # Another host, as a content network is: the client must not send its token there.
            "Location": f"{self.server.storage_endpoint}/lfs/{entry.lfs.oid}",
        }
        self._send(302, b"", headers)

    def large_file(self, oid: str) -> None:
        path = self.server.lfs.path(oid)
        if not path.exists():
            raise RefusedError(404)
        self._send_content(path.read_bytes(), {"ETag": f'"{oid}"', "Accept-Ranges": "bytes"})

    def log_message(self, *_arguments: object) -> None:
        """Nobody reads a log."""

    def _answer(self, method: str) -> None:
        path = urlsplit(self.path).path
        authorized = "Authorization" in self.headers
        host = self.headers["Host"]
        self.server.seen.append(Seen(self.command, host, unquote(path), authorized, self.headers["Range"]))
        try:
            for start, status in self.server.failing.items():
                if path.startswith(start):
                    raise RefusedError(status)
            for wanted, pattern, answer in self.routes:
                found = pattern.fullmatch(path)
                if found and wanted == method:
                    parts = {name: unquote(value) for name, value in found.groupdict().items() if value is not None}
                    call: Callable[..., None] = getattr(self, answer)
                    call(**parts)
                    return
            raise RefusedError(404)
        except RefusedError as refused:
            self._body()
            content = json.dumps({"error": str(refused)}).encode()
            self._send(refused.status, content, {"Content-Type": "application/json"} | refused.headers)

    def _repo(self, id: str) -> Repo:
        """The repo, if whoever asks may read it."""
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        if token and token not in self.server.tokens:
            raise RefusedError(401, message="Invalid credentials in Authorization header")
        repo = self.server.repos.get(id)
        if repo is None or (repo.private and id.split("/")[0] != self.server.tokens.get(token)):
            # Who is not logged in is not told whether there is such a repo.
            raise RefusedError(404 if token else 401, "RepoNotFound", "Repository not found")
        if repo.gated and id.split("/")[0] != self.server.tokens.get(token):
            raise RefusedError(403 if token else 401, "GatedRepo", f"Access to dataset {id} is restricted")
        return repo

    def _commit(self, id: str, revision: str) -> tuple[Repo, str]:
        repo = self._repo(id)
        commit = repo.resolve(revision)
        if commit is None:
            raise RefusedError(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return repo, commit

    def _query(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def _body(self) -> bytes:
        """The body of the request; nothing when it was read before."""
        length = int(self.headers.get("Content-Length") or 0)
        del self.headers["Content-Length"]
        return self.rfile.read(length)

    def _send_json(self, value: Any, headers: Mapping[str, str] | None = None) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"} | dict(headers or {}))

    def _send_content(self, content: bytes, headers: Mapping[str, str]) -> None:
        """Bytes, or the range of them that was asked for."""
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range") or "")
        if not asked or asked[0] == "bytes=-":
            self._send(200, content, headers)
            return
        size = len(content)
        start = int(asked[1]) if asked[1] else max(size - int(asked[2]), 0)
        stop = min(int(asked[2]) + 1, size) if asked[1] and asked[2] else size
        if start >= size:
            self._send(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b"", {"Content-Range": f"bytes */{size}"})
            return
        self._send(206, content[start:stop], dict(headers) | {"Content-Range": f"bytes {start}-{stop - 1}/{size}"})

    def _send(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _described(entry: Entry) -> dict[str, Any]:
    """A file or folder as the Hub lists it."""
    out: dict[str, Any] = {"type": entry.type, "oid": entry.oid, "size": entry.size, "path": entry.path}
    if entry.lfs is not None:
        out["size"] = entry.lfs.size
        out["lfs"] = {"oid": entry.lfs.oid, "size": entry.lfs.size, "pointerSize": entry.size}
    return out
