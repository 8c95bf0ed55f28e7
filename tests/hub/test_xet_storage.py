"""What Xet storage keeps to itself, and what it does not take."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.hub.hub_helpers import Hub
from tests.hub.xet_formats import chunks_of, data_of, read_shard
from tests.hub.xet_helpers import XET, refused_upload, sent, upload

CONTENT = random.Random(1).randbytes(400_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def token(hub: Hub) -> str:
    """Of whoever sent org/pages its only large file, by Xet."""
    hub.server.repos.create("org/pages")
    token = hub.login("press", "org")
    upload(hub, "org/pages", {"a.parquet": CONTENT}, token)
    return token


@pytest.fixture
def web() -> Iterator[httpx2.Client]:
    with httpx2.Client() as web:
        yield web


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def xet_token(hub: Hub, web: httpx2.Client, token: str, kind: str, repo: str = "org/pages") -> str:
    """A token for the storage, from the Hub."""
    asked = web.get(f"{hub.server.endpoint}/api/datasets/{repo}/xet-{kind}-token/main", headers=bearer(token))
    return str(asked.json()["accessToken"])


def file_hash(hub: Hub) -> str:
    """Of the file in org/pages."""
    found = hub.server.xet.hash_of(hub.repo("org/pages"), SHA256)
    assert found is not None
    return found


def reconstruction(hub: Hub, web: httpx2.Client, token: str, name: str, **headers: str) -> httpx2.Response:
    return web.get(f"{hub.server.storage_endpoint}/v2/reconstructions/{name}", headers=bearer(token) | headers)


def content_of(web: httpx2.Client, answer: dict[str, Any]) -> bytes:
    """What the chunks hold that an answer names, from the byte on that it names."""
    parts = []
    for term in answer["terms"]:
        (found,) = [
            (address["url"], part["bytes"])
            for address in answer["xorbs"][term["hash"]]
            for part in address["ranges"]
            if part["chunks"] == term["range"]
        ]
        url, place = found
        packed = web.get(url, headers={"Range": f"bytes={place['start']}-{place['end']}"}).content
        parts.append(b"".join(data_of(packed, chunk) for chunk in chunks_of(packed)))
        assert len(parts[-1]) == term["unpacked_length"]
    return b"".join(parts)[answer["offset_into_first_range"] :]


@pytest.mark.parametrize("start", [0, 1, 70_000, 399_999])
@pytest.mark.parametrize("size", [1, 100_000, 400_000])
def test_a_range_of_a_file_comes_in_the_chunks_that_hold_it(
    hub: Hub, token: str, web: httpx2.Client, start: int, size: int
) -> None:
    reader = xet_token(hub, web, token, "read")
    asked = reconstruction(hub, web, reader, file_hash(hub), Range=f"bytes={start}-{start + size - 1}")

    content = content_of(web, asked.json())
    wanted = CONTENT[start : start + size]
    assert content.startswith(wanted)
    # Chunks are of 128 KiB at most; none comes that has nothing of the range.
    assert len(content) < len(wanted) + 131_072


def test_a_range_behind_the_end_is_refused(hub: Hub, token: str, web: httpx2.Client) -> None:
    reader = xet_token(hub, web, token, "read")
    assert reconstruction(hub, web, reader, file_hash(hub), Range="bytes=400000-400001").status_code == 416


@pytest.mark.parametrize(
    ("organisation", "may_write", "private", "status", "error"),
    [
        ("org", False, False, 403, "HfHubHTTPError"),
        ("others", True, False, 403, "HfHubHTTPError"),
        ("others", True, True, 404, "RepositoryNotFoundError"),
    ],
)
def test_who_may_not_write_sends_nothing(
    hub: Hub, web: httpx2.Client, organisation: str, may_write: bool, private: bool, status: int, error: str
) -> None:
    hub.server.repos.create("org/pages", private=private)
    token = hub.login("someone", organisation, may_write=may_write)

    kind, _ = refused_upload(hub, "org/pages", {"a.parquet": CONTENT}, token)
    address = f"{hub.server.endpoint}/api/datasets/org/pages/xet-write-token/main"

    assert kind == f"huggingface_hub.errors.{error}"
    assert web.get(address, headers=bearer(token)).status_code == status
    assert hub.server.xet.traffic.xorbs == 0


def test_who_may_not_read_gets_no_token_to_read(hub: Hub, web: httpx2.Client) -> None:
    hub.server.repos.create("org/pages", private=True)
    address = f"{hub.server.endpoint}/api/datasets/org/pages/xet-read-token/main"

    assert web.get(address).status_code == 401
    assert web.get(address, headers=bearer(hub.login("stranger"))).status_code == 404


def test_a_token_to_read_does_not_write(hub: Hub, token: str, web: httpx2.Client) -> None:
    reader = bearer(xet_token(hub, web, token, "read"))
    for path in (f"/v1/xorbs/default/{'0' * 64}", f"/v1/xorb-grants/default/{'0' * 64}", "/v1/shards", "/v2/shards"):
        assert web.post(f"{hub.server.storage_endpoint}{path}", headers=reader).status_code == 403


def test_the_storage_does_not_know_tokens_of_the_hub(hub: Hub, token: str, web: httpx2.Client) -> None:
    assert reconstruction(hub, web, token, file_hash(hub)).status_code == 401
    assert reconstruction(hub, web, "nobody", file_hash(hub)).status_code == 401


def test_a_token_lasts_for_minutes(hub: Hub, token: str, web: httpx2.Client) -> None:
    reader = xet_token(hub, web, token, "read")
    given = hub.server.xet.passes[reader]
    assert reconstruction(hub, web, reader, file_hash(hub)).status_code == 200

    hub.server.xet.passes[reader] = replace(given, expires=given.expires - 15 * 60)
    assert reconstruction(hub, web, reader, file_hash(hub)).status_code == 401


def test_a_token_is_good_for_its_repo_alone(hub: Hub, token: str, web: httpx2.Client) -> None:
    hub.server.repos.create("org/others")
    reader = xet_token(hub, web, token, "read", "org/others")
    assert reconstruction(hub, web, reader, file_hash(hub)).status_code == 404


def test_an_address_is_good_for_its_bytes_alone(hub: Hub, token: str, web: httpx2.Client) -> None:
    reader = xet_token(hub, web, token, "read")
    answer = reconstruction(hub, web, reader, file_hash(hub), Range="bytes=0-9").json()
    ((address,),) = answer["xorbs"].values()
    last = address["ranges"][0]["bytes"]["end"]

    assert web.get(address["url"], headers={"Range": f"bytes=0-{last}"}).status_code == 206
    assert web.get(address["url"], headers={"Range": f"bytes=0-{last + 1}"}).status_code == 403
    assert web.get(address["url"]).status_code == 403
    further = address["url"].replace(f"/0-{last}/", f"/0-{last + 1}/")
    assert web.get(further, headers={"Range": f"bytes=0-{last + 1}"}).status_code == 403


def commit_naming(hub: Hub, web: httpx2.Client, token: str, repo: str, oid: str) -> httpx2.Response:
    """Commit a large file by name alone."""
    lines = [
        {"key": "header", "value": {"summary": "by name"}},
        {"key": "lfsFile", "value": {"path": "a.parquet", "algo": "sha256", "oid": oid, "size": len(CONTENT)}},
    ]
    content = "\n".join(map(json.dumps, lines))
    address = f"{hub.server.endpoint}/api/datasets/{repo}/commit/main"
    return web.post(address, content=content, headers=bearer(token) | {"Content-Type": "application/x-ndjson"})


def test_the_name_of_a_file_does_not_get_it_into_another_repo(hub: Hub, token: str, web: httpx2.Client) -> None:
    hub.server.repos.create("thief/loot")
    thief = hub.login("thief")

    assert commit_naming(hub, web, thief, "thief/loot", SHA256).status_code == 400
    assert commit_naming(hub, web, token, "org/pages", SHA256).status_code == 200


def test_a_file_that_is_not_of_its_sha256_is_not_committed(hub: Hub, web: httpx2.Client, tmp_path: Path) -> None:
    hub.server.repos.create("org/pages")
    token = hub.login("press", "org")
    claimed = "5" * 64
    (tmp_path / "file").write_bytes(CONTENT)
    hub.python(
        f"""
import hf_xet
session = hf_xet.XetSession()
address = "{hub.server.endpoint}/api/datasets/org/pages/xet-write-token/main"
with session.new_upload_commit(token_refresh_url=address, token_refresh_headers={bearer(token)!r}) as upload:
    upload.start_upload_file({str(tmp_path / "file")!r}, sha256="{claimed}")
out = None
""",
        **XET,
    )
    assert sent(hub, "POST", "/v2/shards")

    refused = commit_naming(hub, web, token, "org/pages", claimed)
    assert (refused.status_code, "does not exist" in refused.text) == (400, True)
    # What it really is nobody said.
    assert commit_naming(hub, web, token, "org/pages", SHA256).status_code == 400


def test_what_was_deleted_for_good_is_not_read_by_xet_either(hub: Hub, token: str, web: httpx2.Client) -> None:
    name, reader = file_hash(hub), xet_token(hub, web, token, "read")
    assert reconstruction(hub, web, reader, name).status_code == 200

    hub.repo("org/pages").lfs.delete([SHA256])
    assert reconstruction(hub, web, reader, name).status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"\1\3\0\0\0\3\0\0abc",  # another version
        b"\0\3\0\0\3\3\0\0abc",  # another compression
        b"\0\4\0\0\0\4\0\0abc",  # cut
        b"\0\3\0\0\0\4\0\0abc",  # less data than it says
        b"\0\3\0\0\1\3\0\0abc",  # not compressed as it says
        b"\0\3\0",
    ],
)
def test_what_is_no_xorb_is_refused(hub: Hub, token: str, web: httpx2.Client, content: bytes) -> None:
    writer = bearer(xet_token(hub, web, token, "write"))
    address = f"{hub.server.storage_endpoint}/v1/xorbs/default/{'1' * 64}"

    assert web.post(address, content=content, headers=writer).status_code == 400
    assert web.post(address, content=b"\0\3\0\0\0\3\0\0abc", headers=writer).json() == {"was_inserted": True}


def test_what_is_no_shard_is_refused(hub: Hub, token: str, web: httpx2.Client) -> None:
    writer = bearer(xet_token(hub, web, token, "write"))
    address = f"{hub.server.storage_endpoint}/v1/shards"
    good = shard_about(hub)

    # A byte of another version, a part of it, a xorb that is not there.
    other = good[:32] + b"\3" + good[33:]
    unknown = good.replace(read_shard(good).xorbs[0].block[:32], b"\7" * 32)
    for content in (b"", other, good[:100], unknown):
        assert web.post(address, content=content, headers=writer).status_code == 400
    assert web.post(address, content=good, headers=writer).status_code == 200


def shard_about(hub: Hub) -> bytes:
    """What the storage tells of the xorb that is there."""
    (query,) = {seen.path.rpartition("/")[2] for seen in sent(hub, "GET", "/v1/chunks/")}
    shard = hub.server.xet.chunk(query)
    assert shard is not None
    return shard
