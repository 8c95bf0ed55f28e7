"""Routes by which a client changes what is in a repo: which files go where, commits, pull requests."""

from __future__ import annotations

import base64
import codecs
import json
from typing import Any

from tests.hub.call import REPO, REVISION, Answer, Call, RefusedError, routes
from tests.hub.lfs import Pointer
from tests.hub.reading import date
from tests.hub.repos import NONE, PullRequest, Repo, StaleError

MAX_REGULAR_BYTES = 10_000_000
"""Larger files have to be in LFS."""


def is_text(sample: bytes) -> bool:
    """Whether the first bytes of a file are text; the last character may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return b"\0" not in sample


def _preupload(call: Call, repo: str, revision: str) -> Answer:
    found = _changeable(call, repo, revision)
    commit = call.commit_of(found, revision)
    body = call.json()
    paths = [file["path"] for file in body["files"]]
    ignore = body["gitIgnore"].encode() if "gitIgnore" in body else None
    large, ignored = found.attributes(commit, paths, ignore)
    there = {entry.path: entry for entry in found.entries(commit, recursive=True)}
    out = []
    for file in body["files"]:
        path, sample = file["path"], base64.b64decode(file["sample"])
        is_large = path in large or file["size"] > MAX_REGULAR_BYTES or not is_text(sample)
        old = there.get(path)
        told: dict[str, Any] = {
            "path": path,
            "uploadMode": "lfs" if is_large else "regular",
            "shouldIgnore": path in ignored,
        }
        if old is not None and old.type == "file":
            told["oid"] = old.lfs.oid if old.lfs else old.oid
        out.append(told)
    return Answer.json({"files": out})


def _commit(call: Call, repo: str, revision: str) -> Answer:
    as_pull_request = "create_pr" in call.query
    found = _changeable(call, repo, revision)
    account = call.known_account()
    lines = [json.loads(line) for line in call.content.splitlines()]
    header = next(line["value"] for line in lines if line["key"] == "header")
    message = f"{header['summary']}\n\n{header.get('description', '')}".strip()
    with found.lock:
        ref, head = _ref(found, revision)
        parent = header.get("parentCommit", head)
        if found.resolve(parent) != parent:
            raise RefusedError(404, "RevisionNotFound", f"Invalid rev id: {parent}")
        files, deleted = _changes(call, found, parent, lines)
        call.server.limits.check_storage(found, sum(map(len, files.values())))
        call.server.limits.count_commit()
        commit = found.write(message, files, deleted, parent=parent, author=account.name)
        if as_pull_request:
            number = len(found.pull_requests) + 1
            ref, old = f"refs/pr/{number}", NONE
        else:
            old = parent
        try:
            found.move(ref, commit, old)
        except StaleError as error:
            message = "A commit has happened since. Please refresh and try again."
            raise RefusedError(412, message=message) from error
        if as_pull_request:
            found.pull_requests.append(PullRequest(number, header["summary"], account.name))
    out = {
        "success": True,
        "commitOid": commit,
        "commitUrl": f"{call.server.endpoint}/{repo}/commit/{commit}",
        "hookOutput": "",
    }
    if as_pull_request:
        out["pullRequestUrl"] = f"{call.server.endpoint}/{repo}/discussions/{number}"
    return Answer.json(out)


def _changeable(call: Call, key: str, revision: str) -> Repo:
    """The repo, if whoever asks may propose the change or make it there; a pull request is its author's as well."""
    repo = call.readable(key)
    account = call.known_account()
    own = any(f"refs/pr/{pull.number}" == revision and pull.author == account.name for pull in repo.pull_requests)
    return repo if own or "create_pr" in call.query else call.writable(key)


def _ref(repo: Repo, revision: str) -> tuple[str, str]:
    """The ref that a commit goes to, and where it is; there is none for a tag or a commit."""
    ref = revision if revision.startswith("refs/pr/") else f"refs/heads/{revision}"
    commit = repo.resolve(ref)
    if commit is None:
        raise RefusedError(404, "RevisionNotFound", f"Invalid rev id: {revision}")
    return ref, commit


def _changes(call: Call, repo: Repo, parent: str, lines: list[Any]) -> tuple[dict[str, bytes], set[str]]:
    """What git is to hold by path, pointers in place of large files, and what goes; or why that cannot be."""
    there = {entry.path: entry for entry in repo.entries(parent, recursive=True)}
    files: dict[str, bytes] = {}
    deleted: set[str] = set()
    for key, value in ((line["key"], line["value"]) for line in lines):
        if key == "header":
            continue
        path = value["path"].rstrip("/")
        if not path or any(part in ("", ".", "..", ".git") for part in path.split("/")):
            raise RefusedError(400, message=f"Invalid path: {path}")
        if key == "file":
            files[path] = base64.b64decode(value["content"]) if value.get("encoding") == "base64" else value["content"]
        elif key == "lfsFile":
            size = value.get("size", repo.lfs.sizes().get(value["oid"], 0))
            files[path] = Pointer(value["oid"], size).to_bytes()
        elif key in ("deletedFile", "deletedFolder"):
            wanted = "file" if key == "deletedFile" else "directory"
            if path not in there or there[path].type != wanted:
                kind = {"file": "file", "directory": "folder"}[wanted]
                raise RefusedError(404, "EntryNotFound", f"A {kind} with this name doesn't exist", parent)
            gone = {path} if wanted == "file" else {e.path for e in there.values() if e.path.startswith(f"{path}/")}
            deleted |= {name for name in gone if there[name].type == "file"}
            files = {name: content for name, content in files.items() if name not in gone}
        else:
            raise RefusedError(400, message=f"Unknown key: {key}")
    _check(call, repo, files)
    return files, deleted


def _check(call: Call, repo: Repo, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        pointer = Pointer.read(content)
        if pointer is not None and not (repo.lfs.holds(pointer) or call.server.xet.deliver(repo, pointer)):
            message = (
                "Your push was rejected because an LFS pointer pointed to a file that does not exist. For instance, "
                f"this can happen if you used git push --no-verify to push your changes. Offending file: - {path}"
            )
            raise RefusedError(400, message=message)
        if len(content) > MAX_REGULAR_BYTES:
            message = f"Your push was rejected because it contains files larger than 10 MB. Offending file: - {path}"
            raise RefusedError(400, message=message)
        if any(token.encode() in content for token in call.server.tokens):
            message = f"Your push was rejected because it contains Hugging Face secrets. Offending file: - {path}"
            raise RefusedError(400, message=message)


def _discussions(call: Call, repo: str) -> Answer:
    """Pull requests; nobody opens other discussions here."""
    found = call.readable(repo)
    query = call.query
    wanted = query.get("type", "all") in ("all", "pull_request") and query.get("status", "all") in ("all", "open")
    listed = [
        {
            "title": pull.title,
            "num": pull.number,
            "author": {"name": pull.author},
            "createdAt": date(found.committed_at(f"refs/pr/{pull.number}")),
            "status": "open",
            "repo": {"name": found.id, "type": repo.split("/")[0].removesuffix("s")},
            "isPullRequest": True,
        }
        for pull in reversed(found.pull_requests)
        if wanted and query.get("author", pull.author) == pull.author
    ]
    start = int(query.get("p", "0")) * call.server.page_size
    page = listed[start : start + call.server.page_size]
    return Answer.json({"discussions": page, "count": len(listed), "start": start})


ROUTES = routes(
    ("POST", f"/api/{REPO}/preupload/{REVISION}", _preupload),
    ("POST", f"/api/{REPO}/commit/{REVISION}", _commit),
    ("GET", f"/api/{REPO}/discussions", _discussions),
)
