"""Routes by which large files come in and go for good.

https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md; the Hub's transfer `multipart` is what
`huggingface_hub.lfs` makes of it.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
from dataclasses import dataclass, field

from tests.hub.call import REPO, Answer, Call, RefusedError, routes
from tests.hub.lfs import Pointer
from tests.hub.reading import date
from tests.hub.repos import Repo

_TICKET = r"(?P<ticket>\d+)"


@dataclass
class Upload:
    """A large file that may be sent."""

    repo: Repo
    pointer: Pointer
    parts: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """What may be sent, by the ticket that stands in its address, as a signature does at the Hub."""

    def __init__(self) -> None:
        self._uploads: dict[str, Upload] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def allow(self, repo: Repo, pointer: Pointer) -> str:
        """The ticket to send a file with."""
        with self._lock:
            ticket = str(next(self._numbers))
            self._uploads[ticket] = Upload(repo, pointer)
            return ticket

    def of(self, ticket: str) -> Upload:
        if ticket not in self._uploads:
            raise RefusedError(403, message="Request has expired")
        return self._uploads[ticket]


def _batch(call: Call, repo: str) -> Answer:
    """What of some files is to be sent, and where to."""
    body = call.json()
    # Without a branch it is for a pull request, which whoever may read can open.
    found = call.writable(repo) if "ref" in body else call.readable(repo)
    call.known_account()
    pointers = [Pointer(entry["oid"], entry["size"]) for entry in body["objects"]]
    missing = [pointer for pointer in pointers if not found.lfs.holds(pointer)]
    call.server.limits.check_storage(found, sum(pointer.size for pointer in missing))
    parts = max((-(-pointer.size // call.server.part_bytes) for pointer in missing), default=1)
    multipart = "multipart" in body["transfers"] and parts > 1
    objects = []
    for pointer in pointers:
        told: dict[str, object] = {"oid": pointer.oid, "size": pointer.size}
        if pointer in missing:
            told |= {"authenticated": True, "actions": _actions(call, repo, found, pointer, multipart=multipart)}
        objects.append(told)
    return Answer.json({"transfer": "multipart" if multipart else "basic", "objects": objects})


def _actions(call: Call, key: str, repo: Repo, pointer: Pointer, *, multipart: bool) -> dict[str, object]:
    server = call.server
    ticket = server.uploads.allow(repo, pointer)
    # Another host, as a storage network is: the client must not send its token there.
    address = f"{server.storage_endpoint}/upload/{ticket}"
    upload: dict[str, object] = {"href": address}
    if multipart and pointer.size > server.part_bytes:
        parts = range(1, -(-pointer.size // server.part_bytes) + 1)
        header = {"chunk_size": str(server.part_bytes)} | {str(part): f"{address}/{part}" for part in parts}
        upload = {"href": f"{server.endpoint}/upload/{ticket}/complete", "header": header}
    return {"upload": upload, "verify": {"href": f"{server.endpoint}/{key}.git/info/lfs/objects/verify"}}


def _file(call: Call, ticket: str) -> Answer:
    upload = call.server.uploads.of(ticket)
    upload.repo.lfs.receive(upload.pointer.oid, [call.content])
    return Answer()


def _part(call: Call, ticket: str, part: str) -> Answer:
    call.server.uploads.of(ticket).parts[int(part)] = call.content
    return Answer(headers={"ETag": _etag(call.content)})


def _complete(call: Call, ticket: str) -> Answer:
    upload = call.server.uploads.of(ticket)
    told = {part["partNumber"]: part["etag"] for part in call.json()["parts"]}
    if told != {number: _etag(content) for number, content in upload.parts.items()}:
        raise RefusedError(400, message="One or more of the specified parts could not be found")
    upload.repo.lfs.receive(upload.pointer.oid, (content for _, content in sorted(upload.parts.items())))
    upload.parts.clear()
    return Answer.json({})


def _etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def _verify(call: Call, repo: str) -> Answer:
    found = call.readable(repo)
    body = call.json()
    if not found.lfs.accept(Pointer(body["oid"], body["size"])):
        raise RefusedError(422, message=f"The content of {body['oid']} is not what was announced")
    return Answer.json({})


def _list(call: Call, repo: str) -> Answer:
    """Large files that any commit ever held, also one that no branch or tag leads to any more."""
    found = call.writable(repo)
    held = found.lfs.sizes()
    return call.page(
        [
            {
                "fileOid": oid,
                "oid": oid,
                "filename": pushed.filename,
                "pushedAt": date(found.committed_at("main")),
                "ref": pushed.ref,
                "size": pushed.size,
            }
            for oid, pushed in sorted(found.pushed.items())
            if oid in held
        ]
    )


def _delete(call: Call, repo: str) -> Answer:
    found = call.writable(repo)
    asked = call.json()["deletions"]
    found.forget(asked["sha"], rewrite=asked["rewriteHistory"])
    return Answer.json({})


ROUTES = routes(
    ("POST", rf"/{REPO}\.git/info/lfs/objects/batch", _batch),
    ("POST", rf"/{REPO}\.git/info/lfs/objects/verify", _verify),
    ("PUT", f"/upload/{_TICKET}", _file),
    ("PUT", rf"/upload/{_TICKET}/(?P<part>\d+)", _part),
    ("POST", f"/upload/{_TICKET}/complete", _complete),
    ("GET", f"/api/{REPO}/lfs-files", _list),
    ("POST", f"/api/{REPO}/lfs-files/batch", _delete),
)
