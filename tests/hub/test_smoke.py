"""The walk over the real Hub does what it says, here over the server on loopback."""

from __future__ import annotations

from tests.hub.hub_helpers import Hub


def test_the_smoke_walk_passes_and_leaves_nothing(hub: Hub) -> None:
    done = hub.run("-m", "tests.hub.smoke", "org", HF_TOKEN=hub.login("press", "org"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "ok  all, and the repo is deleted"
    assert list(hub.server.repos) == []
