"""`corpus publish` over Xet storage, which is what users have who set nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.hub.faults import Fault
from tests.hub.hub_helpers import Hub
from tests.hub.test_publish import REPO, contents
from tests.hub.test_publish_faults import assert_published_once
from tests.hub.xet_helpers import XET
from tests.support import tree


@pytest.fixture
def token(hub: Hub) -> str:
    return hub.login("press", "org")


def publish(hub: Hub, release: Path, token: str, *options: str) -> subprocess.CompletedProcess[str]:
    return hub.corpus("publish", str(release), "--repo", REPO, *options, HF_TOKEN=token, **XET)


def test_a_release_that_goes_by_xet_is_the_release(hub: Hub, first: Path, token: str) -> None:
    done = publish(hub, first, token)
    assert done.returncode == 0, done.stderr
    assert_published_once(hub, first)
    assert hub.server.xet.traffic.xorbs
    assert not any(seen.method == "PUT" and seen.path.startswith("/upload/") for seen in hub.server.seen)
    assert not any(seen.astray for seen in hub.server.seen)
    assert not any(token.encode() in content for content in tree(hub.folder).values())


def test_the_next_version_says_what_the_storage_lacks(hub: Hub, first: Path, second: Path, token: str) -> None:
    publish(hub, first, token)
    before = hub.server.xet.traffic.sent_bytes
    done = publish(hub, second, token)
    assert "of these the Hub lacks about" in done.stderr
    assert contents(hub, "v1.1.0") == tree(second)
    changed = {path for path, content in tree(second).items() if tree(first).get(path) != content}
    sizes = sum(len(tree(second)[path]) for path in changed if path.endswith(".parquet"))
    assert 0 < hub.server.xet.traffic.sent_bytes - before < sizes + 2_000


def test_killed_while_the_storage_takes_files_the_next_run_completes_it(hub: Hub, first: Path, token: str) -> None:
    running: list[subprocess.Popen[str]] = []

    def kill() -> None:
        while not running:
            time.sleep(0.01)
        os.killpg(running[0].pid, signal.SIGKILL)

    hub.server.faults.append(Fault("POST", "/v2/shards", act=kill, drop=True))
    running.append(hub.start("publish", str(first), "--repo", REPO, HF_TOKEN=token, **XET))
    running[0].communicate()
    assert running[0].returncode == -signal.SIGKILL
    assert publish(hub, first, token).returncode == 0
    assert_published_once(hub, first)


def test_a_server_without_xet_says_how_to_do_without(hub: Hub, first: Path, token: str) -> None:
    hub.server.faults.append(Fault("GET", "/xet-write-token/", times=None, status=404))
    done = publish(hub, first, token, "-q")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "has no Xet storage; with HF_HUB_DISABLE_XET=1 it gets whole files instead" in done.stderr


def test_a_storage_that_takes_nothing_is_one_line(hub: Hub, first: Path, token: str) -> None:
    hub.server.faults.append(Fault("POST", "/v2/shards", times=None, status=503))
    done = publish(hub, first, token, "-q")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "the Hub's storage does not take the files" in done.stderr
    assert hub.tags(REPO) == {}
    hub.server.faults.clear()
    assert publish(hub, first, token).returncode == 0
    assert_published_once(hub, first)


@pytest.mark.parametrize("command", ["verify", "load"])
def test_a_storage_that_gives_nothing_is_one_line(hub: Hub, first: Path, token: str, command: str) -> None:
    assert publish(hub, first, token).returncode == 0
    hub.forget()
    hub.server.faults.append(Fault("GET", "/reconstructions/", times=None, status=403))
    code, line = hub.refusal(command, f"{REPO}@1.0.0", **XET)
    assert (code, "the Hub's storage does not give the files" in line) == (1, True)
