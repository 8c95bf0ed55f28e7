"""A Hub for each test, and two versions of a dataset to put on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.client import Client
from tests.hub.hub_helpers import Hub, running_hub
from tests.hub.limits import Limits
from tests.hub.server import HubServer
from tests.hub.warm import WarmHub, warm_hub
from tests.support import article, build, write_jsonl, write_recipe


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `bridges` of two releases: 1.0.0 of twelve pages, 1.1.0 of fifteen."""
    folder = tmp_path_factory.mktemp("versions")
    for version, pages in (("1.0.0", 12), ("1.1.0", 15)):
        rows = [{"url": f"https://a.example/{n}", "text": article(n)} for n in range(pages)]
        write_jsonl(folder / "raw" / "pages.jsonl", rows)
        source = {"name": "press", "path": "*.jsonl"}
        write_recipe(folder / "raw", [source], version=version, splits={"validation": 0.4})
        build(folder / "raw", folder / "dist")
    return folder / "dist" / "bridges"


@pytest.fixture(scope="session")
def first(versions: Path) -> Path:
    return versions / "bridges-1.0.0"


@pytest.fixture(scope="session")
def second(versions: Path) -> Path:
    return versions / "bridges-1.1.0"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An empty Hub."""
    with running_hub(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture(scope="session")
def warm_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmHub]:
    with warm_hub(tmp_path_factory.mktemp("warm") / "hub") as hub:
        yield hub


@pytest.fixture
def warm(warm_machine: WarmHub) -> Hub:
    """An empty Hub whose commands take no start of Python; not for tests that stop it."""
    warm_machine.renew()
    return warm_machine


@pytest.fixture(scope="module")
def shared_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, Client]]:
    """A Hub and a client for all tests of a module, each of which makes repos of its own."""
    with running_hub(tmp_path_factory.mktemp("hub") / "hub") as hub, Client(hub) as client:
        yield hub, client
        for repo in hub.server.repos:
            repo.git("fsck", "--strict", "--no-dangling")


@pytest.fixture
def asked(shared_client: tuple[Hub, Client]) -> Hub:
    """The Hub that `client` asks: nothing goes wrong with it, and it has no limits."""
    hub, client = shared_client
    hub.server.faults.clear()
    hub.server.seen.clear()
    hub.server.limits = Limits()
    hub.server.page_size, hub.server.part_bytes = HubServer.page_size, HubServer.part_bytes
    client.token = hub.login("press", "org")
    return hub


@pytest.fixture
def client(asked: Hub, shared_client: tuple[Hub, Client]) -> Client:
    """A client with a token of a member of `org`."""
    return shared_client[1]


@pytest.fixture
def published(hub: Hub, first: Path, second: Path) -> Hub:
    """A Hub that holds both versions as org/bridges."""
    hub.publish("org/bridges", first, "v1.0.0")
    hub.publish("org/bridges", second, "v1.1.0")
    return hub


@pytest.fixture
def copy(first: Path, tmp_path: Path) -> Path:
    """A copy of the first version that may be changed."""
    return Path(shutil.copytree(first, tmp_path / "copy" / first.name))
