"""The Hub on loopback fails in the ways that are ordered, and so that the real client meets them."""

from __future__ import annotations

import socket
import subprocess

from tests.hub.client import Client
from tests.hub.faults import Fault
from tests.hub.hub_helpers import Hub


def made(hub: Hub, repo_id: str) -> str:
    """Make a dataset; answer the commit it starts with."""
    hub.server.repos.create(repo_id)
    head = hub.repo(repo_id).resolve("main")
    assert head is not None
    return head


def test_call_is_answered_with_a_status_and_not_carried_out(asked: Hub, client: Client) -> None:
    start = made(asked, "org/status")
    fault = Fault("POST", "/commit/main$", status=500, message="It is not your fault", headers={"X-Request-Id": "r7"})
    asked.server.faults.append(fault)
    _, status, text = client.refusal("commit('org/status', add('a.txt', 'a'))")
    assert (status, "It is not your fault" in text, "Request ID: r7" in text) == (500, True, True), text
    assert asked.repo("org/status").resolve("main") == start
    client("commit('org/status', add('a.txt', 'a')).oid")
    assert fault.happened == 1


def test_call_is_carried_out_and_answered_with_a_status(asked: Hub, client: Client) -> None:
    made(asked, "org/after")
    asked.server.faults.append(Fault("POST", "/commit/main$", status=500, after=True))
    assert client.refusal("commit('org/after', add('a.txt', 'a'))")[1] == 500
    assert asked.files("org/after")["a.txt"] == b"a"


def test_call_is_carried_out_and_its_answer_lost(asked: Hub, client: Client) -> None:
    made(asked, "org/lost")
    asked.server.faults.append(Fault("POST", "/commit/main$", drop=True, after=True))
    assert client.refusal("commit('org/lost', add('a.txt', 'a'))")[0] == "RemoteProtocolError"
    assert asked.files("org/lost")["a.txt"] == b"a"


def test_connection_is_closed_before_the_call_is_looked_at(asked: Hub, client: Client) -> None:
    start = made(asked, "org/closed")
    asked.server.faults.append(Fault("POST", "/commit/main$", drop=True))
    assert client.refusal("commit('org/closed', add('a.txt', 'a'))")[1] is None
    assert asked.repo("org/closed").resolve("main") == start


def test_connection_that_is_closed_in_the_middle_of_an_upload_keeps_nothing_of_it(asked: Hub, client: Client) -> None:
    made(asked, "org/middle")
    fault = Fault("PUT", "/upload/", drop=True)
    asked.server.faults.append(fault)
    address = f"{asked.server.storage_endpoint}/upload/1"
    name, status, _ = client.refusal(f"raw('PUT', '{address}', content=b'a' * 5_000_000, headers={{}})")
    assert (fault.happened, status) == (1, None)
    assert name in ("ReadError", "WriteError", "RemoteProtocolError")
    assert asked.repo("org/middle").lfs.sizes() == {}


def test_client_sends_a_file_again_whose_upload_broke(asked: Hub, client: Client) -> None:
    made(asked, "org/resent")
    asked.server.faults.append(Fault("PUT", "/upload/", drop=True))
    client("commit('org/resent', add('a.parquet', b'a' * 3_000_000)).oid")
    assert asked.files("org/resent")["a.parquet"] == b"a" * 3_000_000


def test_somebody_else_pushes_before_the_call(asked: Hub, client: Client) -> None:
    start = made(asked, "org/pushed")
    push = Fault("POST", "/commit/main$", act=lambda: asked.commit("org/pushed", {"theirs.txt": b"theirs"}))
    asked.server.faults.append(push)
    assert client.refusal(f"commit('org/pushed', add('a.txt', 'a'), parent_commit='{start}')")[1] == 412
    assert asked.files("org/pushed").keys() == {".gitattributes", "theirs.txt"}


def test_call_that_a_client_breaks_off_is_not_carried_out(asked: Hub, client: Client) -> None:
    start = made(asked, "org/broken")
    lines = b'{"key": "header", "value": {"summary": "go"}}\n'
    with socket.create_connection(("127.0.0.1", asked.server.server_port)) as connection:
        head = "POST /api/datasets/org/broken/commit/main HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        head += f"Authorization: Bearer {client.token}\r\nContent-Length: {len(lines) + 1}\r\n\r\n"
        connection.sendall(head.encode() + lines)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert asked.repo("org/broken").resolve("main") == start


def test_call_waits_longer_than_the_client(asked: Hub, client: Client) -> None:
    asked.server.faults.append(Fault("GET", "whoami", delay_s=1))
    assert client.refusal("raw('GET', '/api/whoami-v2', timeout=0.1)")[0] == "ReadTimeout"


def test_fault_happens_so_often_also_to_calls_at_once(asked: Hub, client: Client) -> None:
    asked.server.faults.append(Fault("*", "^/api/whoami-v2$", times=3, status=503))
    told = client("race(*[lambda: raw('GET', '/api/whoami-v2')] * 8)")
    assert sorted(answer["answer"][0] for answer in told) == [200] * 5 + [503] * 3


def test_token_that_goes_astray_is_seen(asked: Hub, client: Client) -> None:
    abroad = f"raw('GET', '{asked.server.storage_endpoint}/lfs/none')"
    inside = f"raw('POST', '/api/validate-yaml', json={{'content': '{client.token}'}})"
    named = f"raw('GET', '/api/whoami-v2?token={client.token}')"
    other = f"raw('GET', '/api/whoami-v2', headers={{'X-Token': '{client.token}'}})"
    for call in (abroad, inside, named, other):
        client(call)
    assert [seen.astray for seen in asked.server.seen] == [True] * 4
    client("raw('GET', '/api/whoami-v2')")
    assert not asked.server.seen[-1].astray


def test_repo_is_sound_after_all_that_can_happen_to_it(asked: Hub, client: Client) -> None:
    start = made(asked, "org/sound")
    asked.server.faults.append(Fault("POST", "/commit/main$", drop=True, after=True))
    client("attempt(lambda: commit('org/sound', add('a.parquet', b'one'), add('b/c.parquet', b'two')))")
    client("race(*[lambda n=n: commit('org/sound', add(f'{n}.txt', 'x')).oid for n in range(3)])")
    client("commit('org/sound', remove('b/'), create_pr=True).oid")
    client(f"api.create_tag('org/sound', tag='v1.0.0', revision='{start}', repo_type='dataset')")
    client("api.super_squash_history('org/sound', repo_type='dataset')")
    listed = "list(api.list_lfs_files('org/sound', repo_type='dataset'))"
    client(f"api.permanently_delete_lfs_files('org/sound', {listed}, repo_type='dataset')")
    checked = asked.repo("org/sound").git("fsck", "--strict", "--full", "--no-dangling", "--no-progress")
    assert checked == b""
    assert asked.files("org/sound").keys() == {".gitattributes", "0.txt", "1.txt", "2.txt"}


def test_clone_by_git_has_what_the_client_wrote(asked: Hub, client: Client) -> None:
    made(asked, "org/clone")
    head = client("commit('org/clone', add('a.txt', 'a')).oid")
    target = asked.folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(asked.repo("org/clone").folder), str(target)], check=True)
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=target, check=True, capture_output=True, text=True)
    assert (done.stdout.strip(), (target / "a.txt").read_text()) == (head, "a")
