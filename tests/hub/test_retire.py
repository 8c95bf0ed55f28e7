"""Versions that were taken back are gone from the Hub, as far as they can be; all others stay as they were."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from corpus.release.manifest import read_manifest
from tests.hub.client import Client
from tests.hub.faults import Fault
from tests.hub.hub_helpers import Hub
from tests.hub.repos import ATTRIBUTES, NONE, PullRequest, Repo
from tests.support import article, build, run, tree, write_jsonl, write_recipe

CHANGES = r"/(?:tag|branch|super-squash)/|/lfs-files/batch$"
"""Paths of all calls by which a retirement changes anything."""
HIDDEN = "corpus-retire-"


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three versions: 1.0.1 takes a page of 1.0.0 out on request, 1.1.0 has more pages."""
    folder = tmp_path_factory.mktemp("line")
    out = {}
    for version, pages in (("1.0.0", 6), ("1.0.1", 6), ("1.1.0", 9)):
        rows = [{"url": f"https://a.example/{n}", "text": article(n)} for n in range(pages)]
        write_jsonl(folder / "raw" / "pages.jsonl", rows)
        write_recipe(folder / "raw", [{"name": "press", "path": "*.jsonl"}], version=version)
        out[version] = build(folder / "raw", folder / "dist")
        if version == "1.0.0":
            asked = ("--url", "https://a.example/3", "--reason", "asked", "--dist", folder / "dist")
            assert run("withdraw", folder / "raw", *asked).exit_code == 0
    return out


@pytest.fixture
def repo_id(request: pytest.FixtureRequest, asked: Hub, client: Client, line: dict[str, Path]) -> str:
    """A repo of its own for a test, with the three versions."""
    imports = "from corpus.hub.retiring import retire; from corpus.hub.retirement import plan_retirement"
    client(f"exec({imports!r}, globals())")
    repo_id = f"org/{request.node.name[:90].replace('[', '-').replace(']', '')}"
    for version, release in line.items():
        asked.publish(repo_id, release, f"v{version}")
    return repo_id


def plan(client: Client, repo_id: str, *versions: str, erase: bool = True) -> Any:
    call = f"plan_retirement({repo_id!r}, {versions!r}, erase_history={erase})"
    fields = "lines=plan.lines, gone=plan.gone, tags=plan.tags, bytes=plan.bytes, is_done=plan.is_done"
    return client(f"(lambda plan: dict({fields}))({call})")


def retire(client: Client, repo_id: str, *versions: str, erase: bool = True) -> None:
    client(f"retire(plan_retirement({repo_id!r}, {versions!r}, erase_history={erase}))")


def refusal(client: Client, repo_id: str, *versions: str, erase: bool = True) -> str:
    call = f"retire(plan_retirement({repo_id!r}, {versions!r}, erase_history={erase}))"
    return client.refusal(call)[2]


def holds(hub: Hub, repo_id: str, version: str, release: Path) -> bool:
    """Whether a version is served, and just as it was published."""
    return hub.files(repo_id, f"v{version}") == tree(release) | {".gitattributes": ATTRIBUTES}


def large(repo: Repo, revision: str) -> set[str]:
    """SHA-256 of the large files of a revision."""
    return {entry.lfs.oid for entry in repo.entries(revision, recursive=True) if entry.lfs}


def status(url: str) -> int:
    """What a stranger who knows an address is answered with."""
    try:
        with urllib.request.urlopen(url) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_tag_goes_and_everything_else_stays(repo_id: str, asked: Hub, client: Client, line: dict[str, Path]) -> None:
    before = asked.tags(repo_id)
    history = asked.commits(repo_id)
    retire(client, repo_id, "v1.0.0", erase=False)
    assert asked.tags(repo_id) == {name: commit for name, commit in before.items() if name != "v1.0.0"}
    assert asked.commits(repo_id) == history
    assert holds(asked, repo_id, "1.0.1", line["1.0.1"])
    retire(client, repo_id, "1.0.0", erase=False)


def test_erased_version_cannot_be_had_by_any_name_nor_by_the_address_of_its_files(
    repo_id: str, asked: Hub, client: Client, line: dict[str, Path]
) -> None:
    repo = asked.repo(repo_id)
    old = asked.tags(repo_id)["v1.0.0"]
    gone = large(repo, old) - large(repo, "v1.0.1") - large(repo, "main")
    (data,) = (entry for entry in repo.entries(old, recursive=True) if entry.path.startswith("data/") and entry.lfs)
    assert data.lfs
    assert data.lfs.oid in gone
    by_commit = f"{asked.server.endpoint}/datasets/{repo_id}/resolve/{old}/{data.path}"
    assert status(by_commit) == 200
    retire(client, repo_id, "1.0.0")
    assert status(by_commit) in (401, 404)
    assert not any(repo.lfs.path(oid).exists() for oid in gone)
    names = {**repo.refs("heads"), **repo.refs("tags")}
    assert names.keys() == {"main", "v1.0.1", "v1.1.0"}
    assert all(len(repo.history(commit)) == 1 for commit in names.values())
    assert not any(large(repo, commit) & gone for commit in names.values())


def test_versions_that_stay_are_byte_for_byte_what_they_were(
    repo_id: str, asked: Hub, client: Client, line: dict[str, Path], tmp_path: Path
) -> None:
    code = (
        "import corpus\n"
        f"out = [corpus.load('{repo_id}', version=v, split='train').num_rows for v in ('1.0.1', '1.1.0')]"
    )
    cache = {"HF_HOME": str(tmp_path / "hf"), "HF_DATASETS_CACHE": str(tmp_path / "hf" / "datasets")}
    rows = [read_manifest(line[version]).accounting.kept for version in ("1.0.1", "1.1.0")]
    assert asked.python(code, **cache) == rows
    retire(client, repo_id, "1.0.0")
    assert holds(asked, repo_id, "1.0.1", line["1.0.1"])
    assert holds(asked, repo_id, "1.1.0", line["1.1.0"])
    assert asked.tags(repo_id)["v1.1.0"] == asked.repo(repo_id).resolve("main")
    # For who has loaded them before, and for who has not.
    assert asked.python(code, **cache) == rows
    assert asked.python(code) == rows


def test_publication_finds_what_stays(repo_id: str, asked: Hub, client: Client, line: dict[str, Path]) -> None:
    retire(client, repo_id, "1.0.0")
    before = asked.repo(repo_id).refs("heads")
    for version in ("1.1.0", "1.0.1"):
        done = asked.corpus("publish", str(line[version]), "--repo", repo_id, HF_TOKEN=str(client.token))
        assert (done.returncode, "was there already" in done.stderr) == (0, True), done.stderr
    assert asked.repo(repo_id).refs("heads") == before


def test_commit_that_stays_keeps_its_title(repo_id: str, asked: Hub, client: Client) -> None:
    titles = [asked.commits(repo_id, name)[0].title for name in ("main", "v1.0.1")]
    retire(client, repo_id, "1.0.0")
    assert [asked.commits(repo_id, name)[0].title for name in ("main", "v1.0.1")] == titles


def test_several_versions_go_at_once(repo_id: str, asked: Hub, client: Client, line: dict[str, Path]) -> None:
    retire(client, repo_id, "1.0.1", "v1.0.0")
    assert asked.tags(repo_id).keys() == {"v1.1.0"}
    repo = asked.repo(repo_id)
    assert set(repo.lfs.sizes()) == large(repo, "main")


def test_history_can_be_erased_when_the_tag_is_gone_already(repo_id: str, asked: Hub, client: Client) -> None:
    repo = asked.repo(repo_id)
    gone = large(repo, "v1.0.0") - large(repo, "v1.0.1") - large(repo, "main")
    retire(client, repo_id, "1.0.0", erase=False)
    assert plan(client, repo_id, "1.0.0")["gone"] == ["1.0.0"]
    retire(client, repo_id, "1.0.0")
    assert gone
    assert not gone & repo.lfs.sizes().keys()


def test_what_main_holds_is_not_retired(repo_id: str, asked: Hub, client: Client) -> None:
    before = asked.tags(repo_id)
    said = refusal(client, repo_id, "1.0.0", "1.1.0")
    assert said == f"{repo_id}: 1.1.0 is what main holds, so it cannot be retired; publish a release without it first"
    assert asked.tags(repo_id) == before


def test_version_that_was_never_there_is_refused_with_those_that_are(repo_id: str, client: Client) -> None:
    assert refusal(client, repo_id, "3.0.0") == f"{repo_id}: no version 3.0.0 in the repo; it has 1.0.0, 1.0.1, 1.1.0"
    assert refusal(client, repo_id, "latest") == "'latest' is not a version such as v1.2.0"


def test_repo_of_somebody_else_is_refused_and_left_alone(repo_id: str, asked: Hub, client: Client) -> None:
    before = asked.tags(repo_id)
    client.token = asked.login("stranger", "elsewhere")
    for erase in (True, False):
        assert "the Hub refuses to write there (403" in refusal(client, repo_id, "1.0.0", erase=erase)
    assert asked.tags(repo_id) == before


def test_branch_that_ends_at_the_version_goes_and_others_are_squashed(repo_id: str, asked: Hub, client: Client) -> None:
    repo = asked.repo(repo_id)
    repo.move("refs/heads/1.0.x", repo.resolve("v1.0.0"), NONE)
    other = repo.write("notes", {"NOTES.md": b"x"}, parent=repo.resolve("v1.0.1"))
    repo.move("refs/heads/notes", other, NONE)
    before = {entry.path: entry.oid for entry in repo.entries("notes", recursive=True)}
    assert "branch 1.0.x (" in "\n".join(plan(client, repo_id, "1.0.0")["lines"])
    retire(client, repo_id, "1.0.0")
    assert repo.refs("heads").keys() == {"main", "notes"}
    assert {entry.path: entry.oid for entry in repo.entries("notes", recursive=True)} == before
    assert len(repo.history("notes")) == 1


def propose(hub: Hub, repo_id: str, base: str) -> bytes:
    """Open a pull request with a large file of its own; answer the file."""
    repo, content = hub.repo(repo_id), f"proposed on {base}".encode() * 50
    pointer = repo.lfs.put(content)
    commit = repo.write("more", {"data/more.parquet": pointer.to_bytes()}, parent=repo.resolve(base))
    repo.move("refs/pr/1", commit, NONE)
    repo.pull_requests.append(PullRequest(1, "more", "press"))
    return content


def test_file_of_a_pull_request_stays_but_what_it_has_of_the_version_goes(
    repo_id: str, asked: Hub, client: Client
) -> None:
    repo = asked.repo(repo_id)
    content = propose(asked, repo_id, "v1.0.0")
    gone = large(repo, "v1.0.0") - large(repo, "v1.0.1") - large(repo, "main")
    shown = plan(client, repo_id, "1.0.0", erase=False)["lines"]
    assert any(said.endswith("from main, refs/pr/1") for said in shown)
    retire(client, repo_id, "1.0.0")
    assert not gone & repo.lfs.sizes().keys()
    assert asked.files(repo_id, "refs/pr/1")["data/more.parquet"] == content


def test_plan_names_what_goes_with_its_bytes_and_changes_nothing(repo_id: str, asked: Hub, client: Client) -> None:
    repo = asked.repo(repo_id)
    gone = large(repo, "v1.0.0") - large(repo, "v1.0.1") - large(repo, "main")
    before, sizes = repo.refs("tags") | repo.refs("heads"), repo.lfs.sizes()
    found = plan(client, repo_id, "1.0.0")
    assert found["bytes"] == sum(sizes[oid] for oid in gone)
    shown = "\n".join(found["lines"])
    assert f"to delete  tag v1.0.0 ({before['v1.0.0'][:8]})" in shown
    assert "to stay    v1.0.1, v1.1.0" in shown
    assert f"to erase   {len(gone)} large files" in shown
    assert "to squash  main, v1.0.1, v1.1.0" in shown
    assert (repo.refs("tags") | repo.refs("heads"), repo.lfs.sizes()) == (before, sizes)
    assert "--erase-history removes these" in "\n".join(plan(client, repo_id, "1.0.0", erase=False)["lines"])


@pytest.mark.parametrize("lost", [False, True])
def test_interrupted_between_any_two_changes_it_goes_on_where_it_was(
    lost: bool, repo_id: str, asked: Hub, client: Client, line: dict[str, Path]
) -> None:
    """Each run makes one change and ends: with the next one, or because the answer to its own is lost."""
    repo = asked.repo(repo_id)
    gone = large(repo, "v1.0.0") - large(repo, "v1.0.1") - large(repo, "main")
    trees = {version: large(repo, f"v{version}") for version in ("1.0.1", "1.1.0")}
    one = (
        [Fault("*", CHANGES, status=400, after=True)]
        if lost
        else [Fault("*", CHANGES), Fault("*", CHANGES, status=400)]
    )

    def nothing_is_lost() -> None:
        tags, branches = repo.refs("tags"), repo.refs("heads")
        for version, files in trees.items():
            name = f"v{version}"
            assert large(repo, tags.get(name) or branches[HIDDEN + name]) == files
            assert files <= repo.lfs.sizes().keys()

    call = f"retire(plan_retirement({repo_id!r}, ['1.0.0'], erase_history=True))"
    told: dict[str, Any] = {"error": ()}
    runs = 0
    while "error" in told and runs < 40:
        asked.server.faults[:] = [Fault(f.method, f.path, status=f.status, after=f.after) for f in one]
        told = client(f"attempt(lambda: {call})")
        assert "answer" in told or "(400" in told["error"][2], told
        nothing_is_lost()
        runs += 1
    assert 10 <= runs < 40
    assert repo.refs("heads").keys() == {"main"}
    assert repo.refs("tags").keys() == {"v1.0.1", "v1.1.0"}
    assert holds(asked, repo_id, "1.0.1", line["1.0.1"])
    assert holds(asked, repo_id, "1.1.0", line["1.1.0"])
    assert not gone & repo.lfs.sizes().keys()
    assert all(len(repo.history(name)) == 1 for name in ("main", "v1.0.1", "v1.1.0"))


@pytest.mark.parametrize("after", [False, True])
def test_every_change_that_fails_for_a_while_is_made_again(
    after: bool, repo_id: str, asked: Hub, client: Client, line: dict[str, Path]
) -> None:
    kinds = [("POST", "/tag/"), ("DELETE", "/tag/"), ("POST", "/branch/"), ("DELETE", "/branch/")]
    kinds += [("POST", "/super-squash/"), ("POST", "/lfs-files/batch$")]
    soon = {"Retry-After": "0"}
    asked.server.faults[:] = [Fault(*kind, times=2, status=503, headers=soon, after=after) for kind in kinds]
    retire(client, repo_id, "1.0.0")
    assert all(fault.happened == 2 for fault in asked.server.faults)
    assert asked.tags(repo_id).keys() == {"v1.0.1", "v1.1.0"}
    assert holds(asked, repo_id, "1.0.1", line["1.0.1"])
    assert asked.repo(repo_id).refs("heads").keys() == {"main"}


def test_commit_of_somebody_else_in_between_is_seen_and_kept(repo_id: str, asked: Hub, client: Client) -> None:
    repo = asked.repo(repo_id)

    def push() -> None:
        repo.commit("mine", {"NOTES.md": b"x"})

    asked.server.faults[:] = [Fault("POST", "/super-squash/main", act=push)]
    assert "somebody else changed main meanwhile" in refusal(client, repo_id, "1.0.0")
    assert "v1.0.0" in asked.tags(repo_id)
    assert asked.files(repo_id)["NOTES.md"] == b"x"


def test_when_all_is_done_another_run_changes_nothing(repo_id: str, asked: Hub, client: Client) -> None:
    retire(client, repo_id, "1.0.0")
    repo = asked.repo(repo_id)
    before = repo.refs("tags") | repo.refs("heads")
    asked.server.seen.clear()
    retire(client, repo_id, "1.0.0")
    assert repo.refs("tags") | repo.refs("heads") == before
    assert {seen.method for seen in asked.server.seen} <= {"GET", "HEAD"}
    found = plan(client, repo_id, "1.0.0")
    assert (found["is_done"], found["lines"][-1]) == (True, "  nothing is left to do")


def test_tag_of_an_interrupted_run_is_set_again_by_any_later_one(
    repo_id: str, asked: Hub, client: Client, line: dict[str, Path]
) -> None:
    asked.server.faults[:] = [Fault("POST", "/tag/", status=400)]
    assert "(400" in refusal(client, repo_id, "1.0.0")
    assert "v1.0.1" not in asked.tags(repo_id)
    shown = plan(client, repo_id, "1.0.0", erase=False)["lines"]
    assert "  to finish  v1.0.1, which an interrupted run was about to move" in shown
    retire(client, repo_id, "1.0.0", erase=False)
    assert holds(asked, repo_id, "1.0.1", line["1.0.1"])
    assert asked.repo(repo_id).refs("heads").keys() == {"main"}
