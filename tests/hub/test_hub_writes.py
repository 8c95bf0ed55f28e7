"""The Hub on loopback takes what the real client writes, as the Hub does, and refuses what the Hub refuses."""

from __future__ import annotations

import hashlib
import json

from tests.hub.client import Client
from tests.hub.hub_helpers import Hub


def made(hub: Hub, repo_id: str) -> str:
    """Make a dataset; answer the commit it starts with."""
    return hub.server.repos.create(repo_id).commit("readme", {"README.md": b"# Bridges\n"})


def sent(hub: Hub, method: str, path: str) -> int:
    """How many calls of a kind came in."""
    return sum(seen.method == method and path in seen.path for seen in hub.server.seen)


def test_account_and_its_organisations_are_told(asked: Hub, client: Client) -> None:
    who = client("api.whoami()")
    assert (who["name"], [org["name"] for org in who["orgs"]]) == ("press", ["org"])
    assert who["auth"]["accessToken"]["role"] == "write"


def test_token_that_nobody_has_is_refused(asked: Hub, client: Client) -> None:
    made(asked, "org/unknown")
    client.token = "hf_nobody"
    for call in ("api.whoami()", "commit('org/unknown', add('a.txt', 'a'))", "api.create_repo('org/new')"):
        _, status, _ = client.refusal(call)
        assert status == 401


def test_repo_is_created_once(asked: Hub, client: Client) -> None:
    url = client("str(api.create_repo('org/once', repo_type='dataset'))")
    assert url == f"{asked.server.endpoint}/datasets/org/once"
    name, status, _ = client.refusal("api.create_repo('org/once', repo_type='dataset')")
    assert (name, status) == ("HfHubHTTPError", 409)
    assert client("str(api.create_repo('org/once', repo_type='dataset', exist_ok=True))") == url


def test_private_repo_is_not_there_for_others(asked: Hub, client: Client) -> None:
    client("str(api.create_repo('org/private', repo_type='dataset', private=True))")
    assert client("api.repo_info('org/private', repo_type='dataset').private") is True
    client.token = asked.login("stranger")
    name, status, _ = client.refusal("commit('org/private', add('a.txt', 'a'))")
    assert (name, status) == ("RepositoryNotFoundError", 404)


def test_repo_is_created_where_the_account_belongs_only(asked: Hub, client: Client) -> None:
    _, status, text = client.refusal("api.create_repo('other/new', repo_type='dataset')")
    assert (status, 'rights to create a dataset under the namespace "other"' in text) == (403, True)
    assert client("str(api.create_repo('own', repo_type='dataset'))").endswith("/datasets/press/own")


def test_model_and_dataset_of_a_name_are_two_repos(asked: Hub, client: Client) -> None:
    client("str(api.create_repo('org/both'))")
    assert client("api.model_info('org/both').id") == "org/both"
    assert client.refusal("api.dataset_info('org/both')")[0] == "RepositoryNotFoundError"
    made(asked, "org/data")
    assert client.refusal("api.model_info('org/data')")[0] == "RepositoryNotFoundError"


def test_repo_is_deleted(asked: Hub, client: Client) -> None:
    made(asked, "org/gone")
    client("api.delete_repo('org/gone', repo_type='dataset')")
    assert client.refusal("api.delete_repo('org/gone', repo_type='dataset')")[0] == "RepositoryNotFoundError"


def test_commit_of_small_and_large_files_holds_their_bytes(asked: Hub, client: Client) -> None:
    start = made(asked, "org/bytes")
    files = "add('ă/b.txt', 'một'), add('data/a.parquet', b'PAR1' * 99)"
    commit = client(f"commit('org/bytes', {files}, message='go').oid")
    assert asked.files("org/bytes")["ă/b.txt"].decode() == "một"
    assert asked.files("org/bytes")["data/a.parquet"] == b"PAR1" * 99
    pointer = asked.repo("org/bytes").entry("main", "data/a.parquet")
    assert pointer is not None
    assert pointer.lfs is not None
    newest, before, *_ = asked.commits("org/bytes")
    assert (newest.oid, newest.title, newest.author, before.oid) == (commit, "go", "press", start)


def test_large_files_go_to_another_host_and_no_token_goes_astray(asked: Hub, client: Client) -> None:
    made(asked, "org/hosts")
    client("commit('org/hosts', add('README.md', '# A'), add('a.parquet', b'PAR1')).oid")
    uploads = [seen for seen in asked.server.seen if seen.method == "PUT"]
    assert {(seen.host.split(":")[0], seen.authorized) for seen in uploads} == {("localhost", False)}
    assert not any(seen.astray for seen in asked.server.seen)
    assert sent(asked, "POST", "/objects/verify") == 1


def test_file_above_a_size_is_sent_in_parts(asked: Hub, client: Client) -> None:
    made(asked, "org/parts")
    asked.server.part_bytes = 1000
    client("commit('org/parts', add('a.parquet', bytes(range(250)) * 10), add('b.parquet', b'PAR1')).oid")
    assert asked.files("org/parts")["a.parquet"] == bytes(range(250)) * 10
    assert asked.files("org/parts")["b.parquet"] == b"PAR1"
    assert sent(asked, "PUT", "/upload/") == 4


def test_file_is_large_by_its_name_its_size_or_its_bytes(asked: Hub, client: Client) -> None:
    made(asked, "org/modes")
    big, text = "'a' * 10_000_001", "'ế' * 400"
    client(f"commit('org/modes', add('big.txt', {big}), add('bytes', b'\\0'), add('text', {text})).oid")
    listed = {entry.path: entry.lfs is not None for entry in asked.repo("org/modes").entries("main")}
    assert listed == {".gitattributes": False, "README.md": False, "big.txt": True, "bytes": True, "text": False}


def test_large_file_that_the_repo_holds_is_not_sent_again(asked: Hub, client: Client) -> None:
    made(asked, "org/again")
    for name in ("a", "b"):
        client(f"commit('org/again', add('{name}.parquet', b'PAR1')).oid")
    assert sent(asked, "PUT", "/upload/") == 1
    assert asked.files("org/again")["b.parquet"] == b"PAR1"


def test_commit_that_changes_nothing_is_not_made(asked: Hub, client: Client) -> None:
    made(asked, "org/same")
    files = "add('a.txt', 'a'), add('a.parquet', b'PAR1')"
    commit = client(f"commit('org/same', {files}).oid")
    assert client(f"commit('org/same', {files}).oid") == commit
    assert sent(asked, "POST", "/commit/main") == 1


def test_commit_on_a_head_that_was_left_behind_is_refused(asked: Hub, client: Client) -> None:
    start = made(asked, "org/stale")
    head = client("commit('org/stale', add('a.txt', 'a')).oid")
    _, status, text = client.refusal(f"commit('org/stale', add('b.txt', 'b'), parent_commit='{start}')")
    assert (status, "A commit has happened since" in text) == (412, True)
    assert asked.repo("org/stale").resolve("main") == head


def test_of_two_commits_on_one_head_one_is_refused(asked: Hub, client: Client) -> None:
    start = made(asked, "org/race")
    one, two = (f"lambda: commit('org/race', add('{n}.txt', '{n}'), parent_commit='{start}').oid" for n in "ab")
    told = client(f"race({one}, {two})")
    [refused] = [answer["error"] for answer in told if "error" in answer]
    [commit] = [answer["answer"] for answer in told if "answer" in answer]
    assert refused[1] == 412
    assert asked.repo("org/race").resolve("main") == commit


def test_of_commits_on_no_certain_head_none_is_lost(asked: Hub, client: Client) -> None:
    made(asked, "org/crowd")
    calls = ", ".join(f"lambda: commit('org/crowd', add('{n}.txt', '{n}')).oid" for n in range(4))
    assert all("answer" in told for told in client(f"race({calls})"))
    assert {f"{n}.txt" for n in range(4)} <= asked.files("org/crowd").keys()


def test_pointer_to_a_file_that_was_not_sent_is_refused(asked: Hub, client: Client) -> None:
    start = made(asked, "org/dangling")
    oid = hashlib.sha256(b"PAR1").hexdigest()
    lines = f"""
        {{"key": "header", "value": {{"summary": "go"}}}}
        {{"key": "lfsFile", "value": {{"path": "a.parquet", "algo": "sha256", "oid": "{oid}", "size": 4}}}}
    """.strip()
    status, text, _ = client(f"raw('POST', '/api/datasets/org/dangling/commit/main', content={lines!r})")
    assert (status, "LFS pointer pointed to a file that does not exist" in text) == (400, True)
    assert asked.repo("org/dangling").resolve("main") == start


def test_bytes_of_another_hash_are_not_taken_for_a_file(asked: Hub, client: Client) -> None:
    made(asked, "org/damaged")
    told = {"oid": hashlib.sha256(b"PAR1").hexdigest(), "size": 4}
    lfs = "/datasets/org/damaged.git/info/lfs/objects"
    batch = {"operation": "upload", "transfers": ["basic"], "objects": [told]}
    answer = json.loads(client(f"raw('POST', '{lfs}/batch', json={batch})")[1])
    address = answer["objects"][0]["actions"]["upload"]["href"]
    assert client(f"raw('PUT', '{address}', content=b'RAP1', headers={{}})")[0] == 200
    assert client(f"raw('POST', '{lfs}/verify', json={told})")[0] == 422
    assert asked.repo("org/damaged").lfs.sizes() == {}


def test_files_and_folders_are_deleted(asked: Hub, client: Client) -> None:
    made(asked, "org/less")
    client("commit('org/less', *(add(path, 'x') for path in ('a.txt', 'd/1', 'd/e/2', 'dd'))).oid")
    client("commit('org/less', remove('a.txt'), remove('d/'), add('d/3', 'new')).oid")
    assert asked.files("org/less").keys() == {".gitattributes", "README.md", "d/3", "dd"}


def test_deleting_what_is_not_there_is_refused(asked: Hub, client: Client) -> None:
    start = made(asked, "org/missing")
    for path in ("none.txt", "none/", "README.md/"):
        name, status, text = client.refusal(f"commit('org/missing', add('a.txt', 'a'), remove('{path}'))")
        assert (name, status, "with this name doesn't exist" in text) == ("RemoteEntryNotFoundError", 404, True)
    assert asked.repo("org/missing").resolve("main") == start


def test_files_that_the_repo_ignores_stay_out(asked: Hub, client: Client) -> None:
    made(asked, "org/ignore")
    client("commit('org/ignore', add('.gitignore', '*.tmp\\n/cache/\\n')).oid")
    client("commit('org/ignore', add('a.tmp', 'a'), add('cache/b', 'b'), add('c/cache', 'c')).oid")
    assert asked.files("org/ignore").keys() - {".gitattributes", "README.md", ".gitignore"} == {"c/cache"}


def test_file_with_a_token_is_refused(asked: Hub, client: Client) -> None:
    start = made(asked, "org/secret")
    _, status, text = client.refusal(f"commit('org/secret', add('ă.txt', 'it is {client.token}'))")
    assert (status, "contains Hugging Face secrets. Offending file: - ă.txt" in text) == (400, True)
    assert asked.repo("org/secret").resolve("main") == start


def test_tag_is_set_once_and_taken_away(asked: Hub, client: Client) -> None:
    start = made(asked, "org/tags")
    client(f"api.create_tag('org/tags', tag='v1.0.0', revision='{start}', repo_type='dataset')")
    client("commit('org/tags', add('a.txt', 'a')).oid")
    assert client.refusal("api.create_tag('org/tags', tag='v1.0.0', repo_type='dataset')")[1] == 409
    client("api.create_tag('org/tags', tag='v1.0.0', repo_type='dataset', exist_ok=True)")
    assert asked.tags("org/tags") == {"v1.0.0": start}
    client("api.delete_tag('org/tags', tag='v1.0.0', repo_type='dataset')")
    assert client.refusal("api.delete_tag('org/tags', tag='v1.0.0', repo_type='dataset')")[0] == "RevisionNotFoundError"


def test_branch_starts_somewhere_and_moves_alone(asked: Hub, client: Client) -> None:
    start = made(asked, "org/branches")
    client("commit('org/branches', add('a.txt', 'a')).oid")
    client(f"api.create_branch('org/branches', branch='a/b', revision='{start}', repo_type='dataset')")
    assert client.refusal("api.create_branch('org/branches', branch='a/b', repo_type='dataset')")[1] == 409
    client("commit('org/branches', add('b.txt', 'b'), revision='a/b').oid")
    assert [change.oid for change in asked.commits("org/branches", "a/b")][1] == start
    assert "b.txt" not in asked.files("org/branches")
    client("api.delete_branch('org/branches', branch='a/b', repo_type='dataset')")
    assert asked.repo("org/branches").refs("heads").keys() == {"main"}
    assert client.refusal("api.delete_branch('org/branches', branch='main', repo_type='dataset')")[1] == 403


def test_commit_to_a_tag_is_refused(asked: Hub, client: Client) -> None:
    start = made(asked, "org/fixed")
    asked.repo("org/fixed").tag("v1.0.0", start)
    name, _, _ = client.refusal("commit('org/fixed', add('a.txt', 'a'), revision='v1.0.0')")
    assert name == "RevisionNotFoundError"


def test_history_comes_newest_first_over_many_pages(asked: Hub, client: Client) -> None:
    made(asked, "org/history")
    for name in "abc":
        client(f"commit('org/history', add('{name}', '{name}'), message='add {name}', commit_description='why').oid")
    asked.server.page_size = 2
    listed = client("api.list_repo_commits('org/history', repo_type='dataset')")
    assert [row["title"] for row in listed] == ["add c", "add b", "add a", "readme", "initial commit"]
    assert (listed[0]["message"], listed[0]["authors"]) == ("why", ["press"])


def test_stranger_proposes_a_change_and_main_stays(asked: Hub, client: Client) -> None:
    start = made(asked, "org/proposed")
    client.token = asked.login("stranger")
    told = client("vars(commit('org/proposed', add('a.txt', 'a'), message='add a', create_pr=True))")
    assert (told["pr_num"], told["pr_revision"]) == (1, "refs/pr/1")
    client("commit('org/proposed', add('b.txt', 'b'), revision='refs/pr/1').oid")
    assert asked.repo("org/proposed").resolve("main") == start
    assert {"a.txt", "b.txt"} <= asked.files("org/proposed", "refs/pr/1").keys()
    refs = client("api.list_repo_refs('org/proposed', repo_type='dataset', include_pull_requests=True)")
    assert [ref["ref"] for ref in refs["pull_requests"]] == ["refs/pr/1"]
    asked.server.page_size = 1
    client("commit('org/proposed', add('c.txt', 'c'), message='add c', create_pr=True).oid")
    listed = client("list(api.get_repo_discussions('org/proposed', repo_type='dataset'))")
    assert [(pull["num"], pull["title"], pull["author"]) for pull in listed] == [
        (2, "add c", "stranger"),
        (1, "add a", "stranger"),
    ]


def test_stranger_writes_nothing(asked: Hub, client: Client) -> None:
    start = made(asked, "org/closed")
    client.token = asked.login("stranger")
    _, status, text = client.refusal("commit('org/closed', add('a.txt', 'a'))")
    assert (status, "pass `create_pr=1`" in text) == (403, True)
    changes = ("create_tag('org/closed', tag='v', ", "create_branch('org/closed', branch='b', ")
    for change in (*changes, "super_squash_history('org/closed', ", "delete_repo('org/closed', "):
        assert client.refusal(f"api.{change}repo_type='dataset')")[1] == 403
    repo = asked.repo("org/closed")
    assert (repo.refs("heads"), repo.refs("tags"), repo.lfs.sizes()) == ({"main": start}, {}, {})


def test_stranger_may_propose_large_files_as_well(asked: Hub, client: Client) -> None:
    start = made(asked, "org/strangers")
    client.token = asked.login("stranger")
    client("commit('org/strangers', add('a.parquet', b'PAR1'), create_pr=True).oid")
    assert asked.files("org/strangers", "refs/pr/1")["a.parquet"] == b"PAR1"
    assert asked.repo("org/strangers").refs("heads") == {"main": start}


def test_token_to_read_with_writes_nothing(asked: Hub, client: Client) -> None:
    start = made(asked, "org/reader")
    client.token = asked.login("reader", "org", may_write=False)
    assert client("api.repo_info('org/reader', repo_type='dataset').sha") == start
    _, status, text = client.refusal("commit('org/reader', add('a.txt', 'a'))")
    assert (status, "You have read access" in text) == (403, True)


def test_squashed_branch_is_one_commit_of_the_same_files(asked: Hub, client: Client) -> None:
    start = made(asked, "org/squash")
    client("commit('org/squash', add('a.txt', 'a'), add('a.parquet', b'PAR1')).oid")
    client(f"api.create_tag('org/squash', tag='v1.0.0', revision='{start}', repo_type='dataset')")
    before = asked.files("org/squash")
    client("api.super_squash_history('org/squash', commit_message='all', repo_type='dataset')")
    assert [change.title for change in asked.commits("org/squash")] == ["all"]
    assert (asked.files("org/squash"), asked.tags("org/squash")) == (before, {"v1.0.0": start})


def test_large_files_of_all_commits_are_listed(asked: Hub, client: Client) -> None:
    made(asked, "org/large")
    for content in ("one", "two"):
        client(f"commit('org/large', add('a.parquet', '{content}')).oid")
    client("commit('org/large', remove('a.parquet')).oid")
    client("api.super_squash_history('org/large', repo_type='dataset')")
    asked.server.page_size = 1
    listed = client("list(api.list_lfs_files('org/large', repo_type='dataset'))")
    told = {(row["file_oid"], row["filename"], row["size"], row["ref"]) for row in listed}
    oids = {hashlib.sha256(content).hexdigest() for content in (b"one", b"two")}
    assert told == {(oid, "a.parquet", 3, "refs/heads/main") for oid in oids}


def test_large_file_that_is_deleted_for_good_is_gone_from_every_commit(asked: Hub, client: Client) -> None:
    made(asked, "org/erased")
    client("commit('org/erased', add('a.parquet', 'one'), add('b.parquet', 'two'), message='both').oid")
    client("api.create_tag('org/erased', tag='v1.0.0', repo_type='dataset')")
    client("commit('org/erased', add('c.txt', 'c'), message='c').oid")
    listed = "[f for f in api.list_lfs_files('org/erased', repo_type='dataset') if f.filename == 'a.parquet']"
    client(f"api.permanently_delete_lfs_files('org/erased', {listed}, repo_type='dataset')")
    for revision in ("main", "v1.0.0"):
        assert "a.parquet" not in asked.files("org/erased", revision)
        assert asked.files("org/erased", revision)["b.parquet"] == b"two"
    assert [change.title for change in asked.commits("org/erased")] == ["c", "both", "readme", "initial commit"]
    assert asked.repo("org/erased").lfs.sizes().keys() == {hashlib.sha256(b"two").hexdigest()}


def test_large_file_may_be_deleted_and_its_pointer_left(asked: Hub, client: Client) -> None:
    made(asked, "org/hollow")
    commit = client("commit('org/hollow', add('a.parquet', 'one')).oid")
    listed = "api.list_lfs_files('org/hollow', repo_type='dataset')"
    client(f"api.permanently_delete_lfs_files('org/hollow', {listed}, repo_type='dataset', rewrite_history=False)")
    assert asked.repo("org/hollow").resolve("main") == commit
    _, status, _ = client.refusal("api.hf_hub_download('org/hollow', 'a.parquet', repo_type='dataset')")
    assert status == 404


def test_repo_has_room_for_so_many_bytes_of_large_files(asked: Hub, client: Client) -> None:
    made(asked, "org/full")
    client("commit('org/full', add('a.parquet', b'a' * 600)).oid")
    asked.server.limits.storage_bytes = 1000
    _, status, text = client.refusal("commit('org/full', add('b.parquet', b'b' * 600))")
    assert (status, "storage limit reached" in text) == (403, True)
    asked.server.limits.storage_bytes = 500
    assert client.refusal("commit('org/full', add('c.txt', 'c'))")[1] == 403
    assert list(asked.repo("org/full").lfs.sizes().values()) == [600]


def test_commit_too_many_may_come_again_later(asked: Hub, client: Client) -> None:
    made(asked, "org/often")
    asked.server.limits.commits, asked.server.limits.window_s = 1, 0.5
    client("commit('org/often', add('a.txt', 'a')).oid")
    lines = '{"key": "header", "value": {"summary": "go"}}'
    status, text, headers = client(f"raw('POST', '/api/datasets/org/often/commit/main', content='{lines}')")
    assert (status, "hourly quotas for action: commit" in text, headers["retry-after"]) == (429, True, "1")
    client("[__import__('time').sleep(1), commit('org/often', add('b.txt', 'b')).oid]")


def test_card_whose_metadata_are_no_yaml_is_refused(asked: Hub, client: Client) -> None:
    start = made(asked, "org/card")
    name, _, text = client.refusal("commit('org/card', add('README.md', '---\\na: [1\\n---\\n# A'))")
    assert (name, "Invalid metadata in README.md" in text) == ("ValueError", True)
    assert asked.repo("org/card").resolve("main") == start
    client("commit('org/card', add('README.md', '---\\na: [1]\\n---\\n# A')).oid")
