"""Routes by which `huggingface_hub` and `datasets` read repos.

https://huggingface.co/docs/hub/api, and the clients themselves where that page is silent.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from tests.hub.call import REPO, REVISION, Answer, Call, RefusedError, routes
from tests.hub.repos import Entry, Repo


def date(seconds: int) -> str:
    """Seconds since 1970 as the Hub writes them."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S.000Z}"


def described(call: Call, repo: Repo, entry: Entry) -> dict[str, Any]:
    """A file or folder as the Hub lists it."""
    out: dict[str, Any] = {"type": entry.type, "oid": entry.oid, "size": entry.size, "path": entry.path}
    if entry.lfs is not None:
        out["size"] = entry.lfs.size
        out["lfs"] = {"oid": entry.lfs.oid, "size": entry.lfs.size, "pointerSize": entry.size}
        xet_hash = call.server.xet.hash_of(repo, entry.lfs.oid)
        out |= {"xetHash": xet_hash} if xet_hash else {}
    return out


def _info(call: Call, repo: str, revision: str = "main") -> Answer:
    found, commit = call.at_revision(repo, revision)
    files = [entry.path for entry in found.entries(commit, recursive=True) if entry.type == "file"]
    return Answer.json(
        {
            "id": found.id,
            "sha": commit,
            "lastModified": date(found.committed_at(commit)),
            "private": found.private,
            "gated": "manual" if found.gated else False,
            "disabled": False,
            "tags": [],
            "downloads": 0,
            "likes": 0,
            "siblings": [{"rfilename": path} for path in files],
        }
    )


def _refs(call: Call, repo: str) -> Answer:
    found = call.readable(repo)

    def named(kind: str) -> list[dict[str, str]]:
        return [
            {"name": name, "ref": f"refs/{kind}/{name}", "targetCommit": oid} for name, oid in found.refs(kind).items()
        ]

    out = {"branches": named("heads"), "tags": named("tags"), "converts": []}
    return Answer.json(out | ({"pullRequests": named("pr")} if "include_prs" in call.query else {}))


def _commits(call: Call, repo: str, revision: str) -> Answer:
    found, commit = call.at_revision(repo, revision)
    return call.page(
        [
            {
                "id": change.oid,
                "title": change.title,
                "message": change.message,
                "authors": [{"user": change.author}],
                "date": date(change.at),
            }
            for change in found.history(commit)
        ]
    )


def _tree(call: Call, repo: str, revision: str, path: str | None = None) -> Answer:
    found, commit = call.at_revision(repo, revision)
    folder = found.entry(commit, path) if path else None
    if path and (folder is None or folder.type == "file"):
        raise RefusedError(404, "EntryNotFound", f"{path} does not exist on {revision}", commit)
    recursive = call.query.get("recursive", "").lower() in ("true", "1")
    return call.page(
        [described(call, found, entry) for entry in found.entries(commit, path or "", recursive=recursive)]
    )


def _paths_info(call: Call, repo: str, revision: str) -> Answer:
    found, commit = call.at_revision(repo, revision)
    is_json = call.headers.get_content_type() == "application/json"
    paths = json.loads(call.content)["paths"] if is_json else parse_qs(call.content.decode()).get("paths", [])
    entries = (found.entry(commit, path) for path in paths)
    return Answer.json([described(call, found, entry) for entry in entries if entry is not None])


def _file(call: Call, repo: str, revision: str, path: str) -> Answer:
    found, commit = call.at_revision(repo, revision)
    entry = found.entry(commit, path)
    if entry is None or entry.type != "file":
        raise RefusedError(404, "EntryNotFound", "Entry not found", commit)
    headers = {"X-Repo-Commit": commit, "ETag": f'"{entry.oid}"', "Accept-Ranges": "bytes"}
    if entry.lfs is None:
        return call.ranged(found.blob(entry.oid), headers)
    headers |= {
        "X-Linked-ETag": f'"{entry.lfs.oid}"',
        "X-Linked-Size": str(entry.lfs.size),
        # Another host, as a content network is: the client must not send its token there.
        "Location": f"{call.server.storage_endpoint}/lfs/{repo}/{entry.lfs.oid}",
    }
    xet_hash = call.server.xet.hash_of(found, entry.lfs.oid)
    if xet_hash:
        token = f"{call.server.endpoint}/api/{repo}/xet-read-token/{commit}"
        headers |= {"X-Xet-Hash": xet_hash, "Link": f'<{token}>; rel="xet-auth"'}
    return Answer(302, b"", headers)


def _large_file(call: Call, repo: str, oid: str) -> Answer:
    found = call.server.repos.at(repo)
    if found is None or not found.lfs.path(oid).exists():
        raise RefusedError(404)
    return call.ranged(found.lfs.path(oid).read_bytes(), {"ETag": f'"{oid}"', "Accept-Ranges": "bytes"})


ROUTES = routes(
    ("GET", f"/api/{REPO}", _info),
    ("GET", f"/api/{REPO}/revision/{REVISION}", _info),
    ("GET", f"/api/{REPO}/refs", _refs),
    ("GET", f"/api/{REPO}/commits/{REVISION}", _commits),
    ("GET", f"/api/{REPO}/tree/{REVISION}(?:/(?P<path>.+))?", _tree),
    ("POST", f"/api/{REPO}/paths-info/{REVISION}", _paths_info),
    ("GET", f"/{REPO}/resolve/{REVISION}/(?P<path>.+)", _file),
    ("GET", f"/lfs/{REPO}/(?P<oid>[0-9a-f]{{64}})", _large_file),
)
