"""Routes of Xet storage: what the Hub tells of it, and what the storage itself answers.

The storage is on another host than the Hub and takes tokens of its own. https://huggingface.co/docs/xet/api;
grants, by which xorbs go to yet another storage and are checked when they are there, and answers of version 2
are what `hf_xet` asks for first.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.hub.call import REPO, Answer, Call, RefusedError, routes
from tests.hub.xet import Pass, Term
from tests.hub.xet_formats import MalformedError

_HASH = "(?P<name>[0-9a-f]{64})"
_GRANT = "(?P<grant>[0-9a-f]{32})"
_REVISION = "(?P<revision>.+)"


def _read_token(call: Call, repo: str, revision: str) -> Answer:
    found, _ = call.at_revision(repo, revision)
    return _token(call, call.server.xet.issue(found, may_write=False))


def _write_token(call: Call, repo: str, revision: str) -> Answer:
    if "create_pr" in call.query:
        call.known_account()
        return _token(call, call.server.xet.issue(call.readable(repo), may_write=True))
    found = call.writable(repo)
    call.commit_of(found, revision)
    return _token(call, call.server.xet.issue(found, may_write=True))


def _token(call: Call, given: Pass) -> Answer:
    endpoint = call.server.xet.endpoint or call.server.storage_endpoint
    headers = {
        "X-Xet-Cas-Url": endpoint,
        "X-Xet-Access-Token": given.token,
        "X-Xet-Token-Expiration": str(given.expires),
    }
    return Answer.json({"casUrl": endpoint, "accessToken": given.token, "exp": given.expires}, headers)


def _pass(call: Call, *, may_write: bool = False) -> Pass:
    """What whoever asks the storage may do; tokens of the Hub are worth nothing there."""
    given = call.server.xet.allowed((call.headers["Authorization"] or "").removeprefix("Bearer "))
    if given is None:
        raise RefusedError(401, message="Invalid or expired token")
    if may_write and not given.may_write:
        raise RefusedError(403, message="This token does not allow to write")
    return given


def _grant(call: Call, name: str) -> Answer:
    """An address that a xorb may be sent to; none if the xorb is there."""
    _pass(call, may_write=True)
    if call.server.xet.has_xorb(name):
        return Answer.json({})
    grant = call.server.xet.grant(call.json()["length"])
    url = f"{call.server.storage_endpoint}/staged/{grant}"
    return Answer.json({"id": grant, "method": "PUT", "url": url, "headers": {}}, status=201)


def _stage(call: Call, grant: str) -> Answer:
    """Take in what a grant allows; who has the address needs no token."""
    if not call.server.xet.stage(grant, call.content):
        raise RefusedError(403)
    return Answer()


def _put_staged(call: Call, name: str, grant: str) -> Answer:
    _pass(call, may_write=True)
    content = call.server.xet.staged(grant)
    if content is None:
        raise RefusedError(404)
    _take(call, name, content)
    return Answer.json({})


def _put_xorb(call: Call, name: str) -> Answer:
    _pass(call, may_write=True)
    return Answer.json({"was_inserted": _take(call, name, call.content)})


def _take(call: Call, name: str, xorb: bytes) -> bool:
    try:
        return call.server.xet.put_xorb(name, xorb)
    except MalformedError as error:
        raise RefusedError(400, message=str(error)) from None


def _put_shard(call: Call) -> Answer:
    given = _pass(call, may_write=True)
    try:
        call.server.xet.put_shard(given.repo, call.content)
    except MalformedError as error:
        raise RefusedError(400, message=str(error)) from None
    return Answer.json({"result": 1})


def _put_shard_in_steps(call: Call) -> Answer:
    """The same, told as it goes, a line a step."""
    _put_shard(call)
    steps = ({"type": "committing", "stage": "syncing"}, {"type": "result"})
    content = "".join(f"{json.dumps(step)}\n" for step in steps).encode()
    return Answer(200, content, {"Content-Type": "application/x-ndjson"})


def _chunk(call: Call, name: str) -> Answer:
    _pass(call)
    shard = call.server.xet.chunk(name)
    if shard is None:
        raise RefusedError(404)
    return Answer(200, shard, {"Content-Type": "application/octet-stream"})


def _reconstruction(call: Call, version: str, name: str) -> Answer:
    """Which chunks make a file, or a range of it, and where they are."""
    file = call.server.xet.file(_pass(call).repo, name)
    if file is None:
        raise RefusedError(404)
    size = sum(segment.size for segment in file.segments)
    asked = re.fullmatch(r"bytes=(\d+)-(\d+)", call.headers["Range"] or "")
    start, stop = (int(asked[1]), min(int(asked[2]) + 1, size)) if asked else (0, size)
    if asked and start >= size:
        raise RefusedError(416)
    before, terms = call.server.xet.terms(file, start, stop)
    addresses: dict[str, list[dict[str, Any]]] = {}
    for term in terms:
        addresses.setdefault(term.xorb, []).append(_address(call, term, version))
    listed = [
        {"hash": term.xorb, "unpacked_length": term.size, "range": {"start": term.first, "end": term.stop}}
        for term in terms
    ]
    where = "fetch_info" if version == "1" else "xorbs"
    return Answer.json({"offset_into_first_range": before, "terms": listed, where: addresses})


def _address(call: Call, term: Term, version: str) -> dict[str, Any]:
    last = term.stop_byte - 1
    signed = call.server.xet.signature(term.xorb, term.start_byte, last)
    url = f"{call.server.storage_endpoint}/xorbs/{term.xorb}/{term.start_byte}-{last}/{signed}"
    chunks, data = {"start": term.first, "end": term.stop}, {"start": term.start_byte, "end": last}
    if version == "1":
        return {"range": chunks, "url": url, "url_range": data}
    return {"url": url, "ranges": [{"chunks": chunks, "bytes": data}]}


def _xorb(call: Call, name: str, start: str, last: str, signature: str) -> Answer:
    """Bytes of a xorb, to whoever has an address that says which, and asks for just these."""
    signed = call.server.xet.signature(name, int(start), int(last))
    if signature != signed or call.headers["Range"] != f"bytes={start}-{last}":
        raise RefusedError(403)
    content = call.server.xet.xorb(name, int(start), int(last) + 1)
    return Answer(206, content, {"Content-Range": f"bytes {start}-{last}/*"})


ROUTES = routes(
    ("GET", f"/api/{REPO}/xet-read-token/{_REVISION}", _read_token),
    ("GET", f"/api/{REPO}/xet-write-token/{_REVISION}", _write_token),
    ("POST", f"/v1/xorb-grants/default/{_HASH}", _grant),
    ("PUT", f"/staged/{_GRANT}", _stage),
    ("POST", f"/v1/xorb-commits/default/{_HASH}/grant/{_GRANT}", _put_staged),
    ("POST", f"/v1/xorbs/default/{_HASH}", _put_xorb),
    ("POST", "/v1/shards", _put_shard),
    ("POST", "/v2/shards", _put_shard_in_steps),
    # The documentation has the first; the client asks for the second.
    ("GET", f"/v1/chunks/default(?:-merkledb)?/{_HASH}", _chunk),
    ("GET", f"/v(?P<version>1|2)/reconstructions/{_HASH}", _reconstruction),
    ("GET", rf"/xorbs/{_HASH}/(?P<start>\d+)-(?P<last>\d+)/(?P<signature>[0-9a-f]{{64}})", _xorb),
)
