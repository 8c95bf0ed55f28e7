"""The Hub on loopback answers the real clients as the Hub does."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from tests.hub.hub_helpers import Hub
from tests.support import rows_of, tree


def calls(hub: Hub, expression: str, **environment: str) -> Any:
    """What an expression over the client `api` answers."""
    return hub.python(f"from huggingface_hub import *\napi = HfApi()\nout = {expression}", **environment)


def error(hub: Hub, call: str, **environment: str) -> str:
    """The name of the error that a call of the client `api` raises."""
    code = (
        f"from huggingface_hub import *\ntry:\n    out = HfApi().{call}\n"
        "except Exception as e:\n    out = type(e).__name__"
    )
    name: str = hub.python(code, **environment)
    return name


def test_client_downloads_a_repo_byte_for_byte(hub: Hub, first: Path) -> None:
    hub.publish("org/bridges", first, "v1.0.0")
    folder = calls(hub, "snapshot_download('org/bridges', repo_type='dataset', revision='v1.0.0')")
    content = tree(Path(folder))
    assert content.pop(".gitattributes")
    assert content == tree(first)


def test_client_lists_files_with_size_and_sha256_over_many_pages(hub: Hub, first: Path) -> None:
    hub.publish("org/bridges", first)
    hub.server.page_size = 3
    listed = calls(
        hub,
        "[(f.path, f.size, f.lfs and f.lfs.sha256) for f in api.list_repo_tree('org/bridges', repo_type='dataset', "
        "recursive=True) if isinstance(f, RepoFile)]",
    )
    assert sorted(path for path, _, _ in listed) == sorted([".gitattributes", *tree(first)])
    for path, size, sha256 in listed:
        if path.endswith(".parquet"):
            content = (first / path).read_bytes()
            assert (size, sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert sum(seen.path.endswith("/tree/main") for seen in hub.server.seen) > 1


def test_client_asks_for_some_paths(hub: Hub, first: Path) -> None:
    hub.publish("org/bridges", first)
    found = calls(
        hub,
        "[(type(i).__name__, i.path) for i in api.get_paths_info('org/bridges', ['data', 'README.md', 'none'], "
        "repo_type='dataset')]",
    )
    assert sorted(found) == [["RepoFile", "README.md"], ["RepoFolder", "data"]]


def test_client_sees_branches_tags_and_their_commits(hub: Hub, first: Path, second: Path) -> None:
    old = hub.publish("org/bridges", first, "v1.0.0")
    new = hub.publish("org/bridges", second, "v1.1.0")
    refs = calls(
        hub,
        "[(r.name, r.target_commit) for refs in [api.list_repo_refs('org/bridges', repo_type='dataset')] "
        "for r in refs.branches + refs.tags]",
    )
    assert refs == [["main", new], ["v1.0.0", old], ["v1.1.0", new]]
    assert calls(hub, "api.repo_info('org/bridges', repo_type='dataset', revision='v1.0.0').sha") == old


def test_client_reads_a_range_of_a_large_file(hub: Hub, first: Path) -> None:
    hub.publish("org/bridges", first)
    [shard] = first.glob("data/train-*")
    url = f"hf_hub_url('org/bridges', 'data/{shard.name}', repo_type='dataset')"
    asked = f"[get_session().get({url}, headers={{'Range': 'bytes=100-139'}}, follow_redirects=True)]"
    status, where, content = calls(
        hub, f"[[r.status_code, r.headers['Content-Range'], r.content.hex()] for r in {asked}][0]"
    )
    assert (status, where) == (206, f"bytes 100-139/{shard.stat().st_size}")
    assert bytes.fromhex(content) == shard.read_bytes()[100:140]


def test_client_tells_what_is_not_there(hub: Hub, first: Path) -> None:
    hub.publish("org/bridges", first)
    assert error(hub, "repo_info('org/none', repo_type='dataset')") == "RepositoryNotFoundError"
    assert error(hub, "repo_info('org/bridges', repo_type='dataset', revision='v9')") == "RevisionNotFoundError"
    assert error(hub, "hf_hub_download('org/bridges', 'none', repo_type='dataset')") == "RemoteEntryNotFoundError"


def test_private_repos_are_for_tokens_of_their_organisation(hub: Hub, first: Path) -> None:
    hub.server.repos.create("org/bridges", private=True)
    hub.publish("org/bridges", first)
    ours, theirs = hub.login("us", "org"), hub.login("them", "other")
    asked = "repo_info('org/bridges', repo_type='dataset').private"
    assert error(hub, asked) == "RepositoryNotFoundError"
    assert error(hub, asked, HF_TOKEN=theirs) == "RepositoryNotFoundError"
    assert error(hub, asked, HF_TOKEN="unknown") == "HfHubHTTPError"
    assert calls(hub, f"api.{asked}", HF_TOKEN=ours) is True


def test_client_sends_no_token_to_the_host_of_large_files(hub: Hub, first: Path) -> None:
    hub.server.repos.create("org/bridges", private=True)
    hub.publish("org/bridges", first)
    ours = hub.login("us", "org")
    calls(hub, "snapshot_download('org/bridges', repo_type='dataset')", HF_TOKEN=ours)
    large = [seen for seen in hub.server.seen if seen.path.startswith("/lfs/")]
    assert {seen.host.split(":")[0] for seen in large} == {"localhost"}
    assert not any(seen.authorized for seen in large)
    assert not any(seen.astray for seen in hub.server.seen)
    assert all(seen.authorized for seen in hub.server.seen if seen.path.startswith("/datasets/"))


def test_datasets_loads_and_streams_a_tag(hub: Hub, first: Path, second: Path) -> None:
    hub.publish("org/bridges", first, "v1.0.0")
    hub.publish("org/bridges", second, "v1.1.0")
    loaded, streamed = hub.python(
        "import datasets\n"
        "load = lambda **how: datasets.load_dataset('org/bridges', revision='v1.0.0', **how)\n"
        "out = [[row['id'] for split in load(**how).values() for row in split] for how in ({}, {'streaming': True})]"
    )
    assert loaded == streamed == [row["id"] for row in rows_of(first)]
