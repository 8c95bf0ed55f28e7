"""Files go to the Hub and come back by Xet storage, as they do for everybody who has set nothing."""

from __future__ import annotations

import random
import signal
import socket
import struct
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.hub.faults import Fault
from tests.hub.hub_helpers import Hub
from tests.hub.xet import Traffic
from tests.hub.xet_helpers import XET, download, refused_upload, sent, start_upload, upload
from tests.support import rows_of, tree

FIRST_VERSIONS = {
    "HF_XET_CLIENT_LEGACY_DIRECT_XORB_UPLOAD": "1",
    "HF_XET_CLIENT_SHARD_API_VERSION": "1",
    "HF_XET_CLIENT_RECONSTRUCTION_API_VERSION": "1",
}
"""What asks for the routes that clients without grants and version 2 ask for."""


@pytest.fixture
def token(hub: Hub) -> str:
    """Of whoever may write to org/pages, which is empty."""
    hub.server.repos.create("org/pages")
    return hub.login("press", "org")


def noise(seed: int, size: int) -> bytes:
    """Bytes that no compression makes smaller."""
    return random.Random(seed).randbytes(size)


def parquet(path: Path, rows: int) -> bytes:
    """A table of which the first rows do not depend on how many follow, written as releases are."""
    texts = [noise(number, 500).hex() for number in range(rows)]
    pq.write_table(
        pa.table({"text": texts}),
        path,
        compression="zstd",
        compression_level=3,
        use_content_defined_chunking=True,
        row_group_size=1_000,
    )
    return path.read_bytes()


def test_files_that_go_by_xet_arrive_byte_for_byte(hub: Hub, token: str) -> None:
    same = noise(1, 400_000)
    files = {"a.parquet": same, "b.parquet": same + b"end", "deep/c.parquet": noise(2, 200_001), "d.txt": b"plain"}

    upload(hub, "org/pages", files, token)

    assert hub.files("org/pages").items() >= files.items()
    assert sent(hub, "POST", "/v2/shards")
    assert not sent(hub, "POST", "/info/lfs/")


@pytest.mark.parametrize(("way", "number"), [("none", 0), ("lz4", 1), ("bg4-lz4", 2)])
def test_every_way_that_the_client_compresses_is_undone(hub: Hub, token: str, way: str, number: int) -> None:
    floats = random.Random(3)
    content = b"".join(struct.pack("<f", floats.randrange(1000)) for _ in range(100_000))
    files = {f"{rest}.bin": content + b"end"[:rest] for rest in range(4)}

    upload(hub, "org/pages", files, token, HF_XET_XORB_COMPRESSION_POLICY=way)

    assert hub.server.xet.compressions() == {number}
    assert hub.files("org/pages").items() >= files.items()


def test_files_come_back_by_xet(hub: Hub, token: str) -> None:
    files = {"a.parquet": noise(4, 400_000), "b.parquet": noise(5, 100)}
    upload(hub, "org/pages", files, token)
    hub.server.seen.clear()

    assert download(hub, "org/pages", token) == files
    assert hub.server.xet.traffic.fetched_bytes >= 400_100
    assert not sent(hub, "GET", "/lfs/")


def test_who_has_no_xet_reads_the_same_files(hub: Hub, token: str) -> None:
    files = {"a.parquet": noise(6, 100_000)}
    upload(hub, "org/pages", files, token)

    assert download(hub, "org/pages", token, HF_HUB_DISABLE_XET="1") == files
    assert hub.server.xet.traffic.fetched_bytes == 0


def test_a_file_that_went_by_lfs_is_not_offered_by_xet(hub: Hub, token: str) -> None:
    files = {"a.parquet": noise(7, 100_000)}
    upload(hub, "org/pages", files, token, HF_HUB_DISABLE_XET="1")

    assert download(hub, "org/pages", token) == files
    assert not sent(hub, "GET", "/xet-read-token/")


def test_routes_of_the_first_version_serve_as_well(hub: Hub, token: str) -> None:
    files = {"a.parquet": noise(8, 400_000)}
    upload(hub, "org/pages", files, token, **FIRST_VERSIONS)

    assert download(hub, "org/pages", token, **FIRST_VERSIONS) == files
    for method, part in (("POST", "/v1/xorbs/"), ("POST", "/v1/shards"), ("GET", "/v1/reconstructions/")):
        assert sent(hub, method, part)
    for part in ("/v1/xorb-grants/", "/v2/shards", "/v2/reconstructions/"):
        assert not sent(hub, "POST", part) + sent(hub, "GET", part)


@pytest.mark.parametrize("same_machine", [True, False])
def test_a_version_with_more_rows_sends_the_new_ones_alone(
    hub: Hub, token: str, tmp_path: Path, same_machine: bool
) -> None:
    first, second = parquet(tmp_path / "first", 6_000), parquet(tmp_path / "second", 6_300)
    upload(hub, "org/pages", {"train.parquet": first}, token)
    assert hub.server.xet.traffic.sent_bytes > 0.95 * len(first)

    hub.server.xet.traffic = Traffic()
    if not same_machine:
        hub.forget()
    upload(hub, "org/pages", {"train.parquet": second}, token)

    assert hub.files("org/pages")["train.parquet"] == second
    assert 0 < hub.server.xet.traffic.sent_bytes < 0.12 * len(second)
    # What a machine has sent it knows; another one asks.
    assert (hub.server.xet.traffic.found > 0) != same_machine


def test_a_file_that_is_there_is_not_sent_again_for_another_repo(hub: Hub, token: str) -> None:
    files = {"a.parquet": noise(9, 400_000)}
    hub.server.repos.create("org/others")
    upload(hub, "org/pages", files, token)
    hub.server.xet.traffic = Traffic()

    upload(hub, "org/others", files, token)

    assert hub.files("org/others")["a.parquet"] == files["a.parquet"]
    assert hub.server.xet.traffic.sent_bytes == 0


def test_a_release_that_came_by_xet_is_verified_and_loaded_by_it(hub: Hub, first: Path) -> None:
    hub.server.repos.create("org/bridges")
    commit = upload(hub, "org/bridges", tree(first), hub.login("press", "org"))
    hub.repo("org/bridges").tag("v1.0.0", commit)

    hub.forget()
    verified = hub.corpus("verify", "org/bridges@1.0.0", **XET)
    assert (verified.returncode, verified.stderr) == (0, "")
    hub.forget()
    rows = hub.python("import corpus\nout = [row['id'] for row in corpus.load('org/bridges', split='train')]", **XET)
    assert rows == [row["id"] for row in rows_of(first)][: len(rows)] != []
    assert not sent(hub, "GET", "/lfs/")


def test_no_token_of_the_hub_goes_to_the_storage(hub: Hub, token: str) -> None:
    files = {"a.parquet": noise(10, 100_000)}
    upload(hub, "org/pages", files, token)
    download(hub, "org/pages", token)

    assert sent(hub, "POST", "/v2/shards")
    assert sent(hub, "GET", "/v2/reconstructions/")
    assert [seen for seen in hub.server.seen if seen.astray] == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST", "/v1/xorb-grants/", times=2, status=503),
        Fault("PUT", "/staged/", times=2, status=503),
        Fault("PUT", "/staged/", times=1, drop=True),
        Fault("PUT", "/staged/", times=None, status=403),
        Fault("POST", "/v1/xorb-commits/", times=1, drop=True),
        Fault("POST", "/v2/shards", times=2, status=500),
        Fault("POST", "/v2/shards", times=1, drop=True, after=True),
        Fault("GET", "/xet-write-token/", times=1, status=503),
        Fault("GET", "/v1/chunks/", times=None, status=403),
    ],
    ids=lambda fault: f"{fault.path} {fault.status or 'dropped'}",
)
def test_an_upload_survives(hub: Hub, token: str, fault: Fault) -> None:
    files = {"a.parquet": noise(11, 200_000)}
    hub.server.faults.append(fault)

    upload(hub, "org/pages", files, token)

    assert fault.happened > 0
    assert hub.files("org/pages")["a.parquet"] == files["a.parquet"]


@pytest.mark.parametrize("path", ["/v2/reconstructions/", "/xorbs/"])
def test_a_download_survives(hub: Hub, token: str, path: str) -> None:
    files = {"a.parquet": noise(12, 200_000)}
    upload(hub, "org/pages", files, token)
    hub.server.faults.append(Fault("GET", path, times=2, status=503))

    assert download(hub, "org/pages", token) == files


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("GET", "/xet-write-token/", times=None, status=404), "404 Not Found"),
        (Fault("POST", "/v1/xorb-grants/", times=None, status=401), "401 Unauthorized"),
        (Fault("POST", "/v1/xorb-grants/", times=None, status=503), "503 Service Unavailable"),
        (Fault("POST", "/v2/shards", times=None, status=400), "400 Bad Request"),
        (Fault("POST", "/v1/xorb-grants/", times=None, drop=True), "error sending request"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_upload_that_fails_leaves_the_repo_as_it_was(hub: Hub, token: str, fault: Fault, told: str) -> None:
    before = hub.files("org/pages")
    hub.server.faults.append(fault)

    kind, message = refused_upload(hub, "org/pages", {"a.parquet": noise(13, 200_000)}, token)

    assert kind == "builtins.ConnectionError"
    assert told in message
    assert hub.files("org/pages") == before


def test_an_upload_that_is_interrupted_leaves_the_repo_as_it_was(hub: Hub, token: str) -> None:
    files = {"a.parquet": noise(14, 200_000)}
    before = hub.files("org/pages")
    arrived, over = threading.Event(), threading.Event()

    def hold() -> None:
        arrived.set()
        over.wait()

    hub.server.faults.append(Fault("PUT", "/staged/", act=hold))
    running = start_upload(hub, "org/pages", files, token)
    assert arrived.wait(60)
    running.send_signal(signal.SIGINT)
    _, message = running.communicate(timeout=60)
    over.set()

    assert message.splitlines()[-1] == "KeyboardInterrupt"
    assert hub.files("org/pages") == before
    upload(hub, "org/pages", files, token)
    assert hub.files("org/pages").items() >= files.items()


def test_an_upload_says_where_the_storage_is_that_does_not_answer(hub: Hub, token: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        hub.server.xet.endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"

        kind, message = refused_upload(hub, "org/pages", {"a.parquet": noise(15, 1_000)}, token)

    assert kind == "builtins.ConnectionError"
    assert f"error sending request for url ({hub.server.xet.endpoint}/" in message
