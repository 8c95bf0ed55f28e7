"""`corpus publish`: what a repo holds afterwards, and what is refused before anything is sent."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from corpus.hub.objections import Options, warnings
from corpus.release.loading import Release
from corpus.release.manifest import read_manifest
from tests.hub.hub_helpers import Hub
from tests.support import article, build, small_corpus, tree, write_jsonl, write_recipe

REPO = "org/bridges"
KEY = "ghp_" + "aB3dE5gH7j" * 3 + "k9M1n2"
"""Has the form of a key, and opens nothing."""


def contents(hub: Hub, revision: str = "main", repo: str = REPO) -> dict[str, bytes]:
    """What a revision holds, but for what the Hub puts there itself."""
    return {path: content for path, content in hub.files(repo, revision).items() if path != ".gitattributes"}


def uploads(hub: Hub) -> int:
    return sum(seen.method == "PUT" for seen in hub.server.seen)


def writes(hub: Hub) -> list[str]:
    """Calls that change something."""
    return [seen.path for seen in hub.server.seen if seen.method != "GET" and seen.method != "HEAD"]


@pytest.fixture
def hub(warm: Hub) -> Hub:
    """A Hub whose commands take no start of Python."""
    return warm


@pytest.fixture
def token(hub: Hub) -> str:
    return hub.login("press", "org")


@pytest.fixture
def first_there(hub: Hub, first: Path, token: str) -> Hub:
    """A Hub on which the first version was published."""
    done = hub.corpus("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert done.returncode == 0, done.stderr
    hub.server.seen.clear()
    return hub


def test_a_published_repo_holds_the_files_of_the_release(first_there: Hub, first: Path) -> None:
    assert contents(first_there) == tree(first)


def test_a_publication_is_one_commit_with_the_tag_of_its_version(first_there: Hub) -> None:
    commits = first_there.commits(REPO)
    assert [commit.title for commit in commits] == ["bridges 1.0.0", "initial commit"]
    assert first_there.tags(REPO) == {"v1.0.0": commits[0].oid}


def test_it_ends_with_the_address_and_the_line_that_loads_it(hub: Hub, first: Path, token: str) -> None:
    done = hub.corpus("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    address, line = done.stdout.splitlines()
    assert address == f"{hub.server.endpoint}/datasets/{REPO}/tree/v1.0.0"
    rows = hub.python(f"import corpus\n{line}\nout = {{name: len(rows) for name, rows in dataset.items()}}")
    manifest = json.loads((first / "manifest.json").read_text())
    assert rows == {name: split["rows"] for name, split in manifest["splits"].items()}


def test_it_says_what_is_sent_and_how_much_is_there(first_there: Hub, second: Path, token: str) -> None:
    done = first_there.corpus("publish", str(second), "--repo", REPO, HF_TOKEN=token)
    sent = len(tree(second)) - len(set(tree(second).items()) & set(contents(first_there, "v1.0.0").items()))
    assert f"to send    {sent} files" in done.stderr
    assert "there already" in done.stderr


def test_of_the_next_version_only_changed_files_are_sent(
    first_there: Hub, first: Path, second: Path, token: str
) -> None:
    first_there.corpus("publish", str(second), "--repo", REPO, HF_TOKEN=token)
    changed = {path for path, content in tree(second).items() if tree(first).get(path) != content}
    assert uploads(first_there) == sum(path.endswith(".parquet") for path in changed)
    assert contents(first_there) == tree(second)
    assert contents(first_there, "v1.0.0") == tree(first)


def test_files_that_the_release_does_not_have_go(hub: Hub, first: Path, token: str) -> None:
    hub.publish(REPO, first)
    hub.commit(REPO, {"data/train-00009.parquet": b"old"})
    done = hub.corpus("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert "to remove  data/train-00009.parquet" in done.stderr
    assert "data/train-00009.parquet" not in contents(hub)


def test_publishing_again_does_nothing(first_there: Hub, first: Path, token: str) -> None:
    done = first_there.corpus("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert done.returncode == 0
    assert "was there already" in done.stderr
    assert "corpus.load" in done.stdout
    assert writes(first_there) == []


def test_the_folder_of_all_versions_stands_for_the_highest(hub: Hub, versions: Path, token: str) -> None:
    hub.corpus("publish", str(versions), "--repo", REPO, HF_TOKEN=token)
    assert list(hub.tags(REPO)) == ["v1.1.0"]


def test_a_version_behind_the_folder_of_all_versions_is_that_one(hub: Hub, versions: Path, token: str) -> None:
    hub.corpus("publish", f"{versions}@1.0.0", "--repo", REPO, HF_TOKEN=token)
    assert list(hub.tags(REPO)) == ["v1.0.0"]


def test_a_release_on_the_hub_is_not_published_from_there(first_there: Hub, token: str) -> None:
    code, line = first_there.refusal("publish", REPO, "--repo", "org/copy", HF_TOKEN=token)
    assert (code, "has to be in a folder" in line) == (2, True)


def test_private_makes_a_repo_that_others_do_not_see(hub: Hub, first: Path, token: str) -> None:
    hub.corpus("publish", str(first), "--repo", REPO, "--private", HF_TOKEN=token)
    assert hub.repo(REPO).private
    assert contents(hub) == tree(first)


def test_private_is_refused_for_a_repo_that_is_public(first_there: Hub, second: Path, token: str) -> None:
    code, line = first_there.refusal("publish", str(second), "--repo", REPO, "--private", HF_TOKEN=token)
    assert (code, "is public" in line) == (2, True)
    assert writes(first_there) == []


def test_a_revision_is_a_branch_of_its_own(first_there: Hub, first: Path, second: Path, token: str) -> None:
    first_there.corpus("publish", str(second), "--repo", REPO, "--revision", "next", HF_TOKEN=token)
    assert contents(first_there, "next") == contents(first_there, "v1.1.0") == tree(second)
    assert contents(first_there) == tree(first)


def test_a_dry_run_changes_nothing(first_there: Hub, second: Path, token: str) -> None:
    done = first_there.corpus("publish", str(second), "--repo", REPO, "--dry-run", HF_TOKEN=token)
    assert (done.returncode, "to send" in done.stderr) == (0, True)
    assert writes(first_there) == []


def test_a_dry_run_needs_no_login(hub: Hub, first: Path) -> None:
    done = hub.corpus("publish", str(first), "--repo", REPO, "--dry-run")
    assert (done.returncode, "a new repo" in done.stderr) == (0, True)
    assert hub.server.repos.get(REPO) is None


def test_a_dry_run_says_when_all_is_there(first_there: Hub, first: Path) -> None:
    done = first_there.corpus("publish", str(first), "--repo", REPO, "--dry-run")
    assert "holds bridges-1.0.0 already" in done.stdout


def test_the_outcome_as_json(hub: Hub, first: Path, token: str) -> None:
    done = hub.corpus("publish", str(first), "--repo", REPO, "--json", HF_TOKEN=token)
    found = json.loads(done.stdout)
    assert done.stderr == ""
    assert sorted(found["send"]) == sorted(tree(first))
    assert found["published"]["commit"] == hub.tags(REPO)["v1.0.0"]


def test_the_same_in_python(hub: Hub, first: Path, token: str) -> None:
    code = (
        f"import corpus\ndone = corpus.publish({str(first)!r}, {REPO!r})\nout = [done.commit, done.tag, done.was_there]"
    )
    assert hub.python(code, HF_TOKEN=token) == [hub.tags(REPO)["v1.0.0"], "v1.0.0", False]


def test_a_pull_request_gets_no_tag_and_leaves_main_alone(
    first_there: Hub, first: Path, second: Path, token: str
) -> None:
    done = first_there.corpus("publish", str(second), "--repo", REPO, "--create-pr", HF_TOKEN=token)
    assert done.stdout == f"{first_there.server.endpoint}/datasets/{REPO}/discussions/1\n"
    assert contents(first_there, "refs/pr/1") == tree(second)
    assert contents(first_there) == tree(first)
    assert list(first_there.tags(REPO)) == ["v1.0.0"]


def test_a_pull_request_is_not_opened_twice(first_there: Hub, second: Path, token: str) -> None:
    for _ in range(2):
        done = first_there.corpus("publish", str(second), "--repo", REPO, "--create-pr", HF_TOKEN=token)
        assert done.stdout.endswith("/discussions/1\n")


def test_a_merged_pull_request_is_tagged_without_another_commit(first_there: Hub, second: Path, token: str) -> None:
    first_there.corpus("publish", str(second), "--repo", REPO, "--create-pr", HF_TOKEN=token)
    repo = first_there.repo(REPO)
    merged = repo.resolve("refs/pr/1")
    assert merged is not None
    repo.git("update-ref", "refs/heads/main", merged)
    first_there.corpus("publish", str(second), "--repo", REPO, HF_TOKEN=token)
    assert first_there.tags(REPO)["v1.1.0"] == repo.resolve("main") == merged


def test_a_merged_pull_request_is_not_proposed_again(first_there: Hub, first: Path, second: Path, token: str) -> None:
    first_there.corpus("publish", str(second), "--repo", REPO, "--create-pr", HF_TOKEN=token)
    repo = first_there.repo(REPO)
    repo.git("update-ref", "refs/heads/main", "refs/pr/1")
    reader = first_there.login("reader")
    done = first_there.corpus("publish", str(second), "--repo", REPO, "--create-pr", HF_TOKEN=reader)
    assert (done.returncode, "main holds it already" in done.stderr) == (0, True)
    assert (list(repo.refs("pr")), list(first_there.tags(REPO))) == (["1"], ["v1.0.0"])


def test_who_may_not_write_can_propose(first_there: Hub, second: Path) -> None:
    done = first_there.corpus(
        "publish", str(second), "--repo", REPO, "--create-pr", HF_TOKEN=first_there.login("reader")
    )
    assert done.stdout.endswith("/discussions/1\n")


def test_a_pull_request_needs_a_repo(hub: Hub, first: Path, token: str) -> None:
    code, line = hub.refusal("publish", str(first), "--repo", REPO, "--create-pr", HF_TOKEN=token)
    assert (code, "no such dataset" in line) == (2, True)


def test_a_repo_that_somebody_began_with_a_card_is_filled(hub: Hub, first: Path, token: str) -> None:
    hub.server.repos.create(REPO)
    hub.commit(REPO, {"README.md": b"# to come", ".gitignore": b"*.md\ndata/\n"})
    done = hub.corpus("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert (done.returncode, contents(hub)) == (0, tree(first))


def test_files_of_no_release_stay_unless_they_are_to_be_replaced(hub: Hub, first: Path, token: str) -> None:
    hub.server.repos.create(REPO)
    hub.commit(REPO, {"my-only-copy.csv": b"1,2,3\n"})
    code, line = hub.refusal("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert (code, "my-only-copy.csv" in line, "--replace" in line) == (2, True, True)
    assert "my-only-copy.csv" in contents(hub)
    hub.corpus("publish", str(first), "--repo", REPO, "--replace", HF_TOKEN=token)
    assert contents(hub) == tree(first)


def test_a_file_that_was_added_to_a_release_goes_with_a_warning(first_there: Hub, second: Path, token: str) -> None:
    first_there.commit(REPO, {"picture.txt": b"o"})
    done = first_there.corpus("publish", str(second), "--repo", REPO, HF_TOKEN=token)
    assert "warning: picture.txt is in the repo, but of no release; it goes" in done.stderr


def test_an_edited_card_is_replaced_with_a_warning(first_there: Hub, second: Path, token: str) -> None:
    first_there.commit(REPO, {"README.md": b"# Bridges, told better\n"})
    done = first_there.corpus("publish", str(second), "--repo", REPO, HF_TOKEN=token)
    assert "warning: README.md was edited on the Hub" in done.stderr
    assert contents(first_there) == tree(second)


def test_a_release_that_follows_on_another_than_the_repo_holds_is_published_with_a_warning(
    hub: Hub, first: Path, tmp_path: Path, token: str
) -> None:
    hub.publish(REPO, first)
    small_corpus(tmp_path / "raw", version="2.0.0")
    other = build(tmp_path / "raw", tmp_path / "dist")
    done = hub.corpus("publish", str(other), "--repo", REPO, HF_TOKEN=token)
    assert (done.returncode, contents(hub)) == (0, tree(other))
    assert "warning: 2.0.0 was not built on 1.0.0, which main holds now" in done.stderr


def test_the_next_version_is_published_without_a_warning(first_there: Hub, second: Path, token: str) -> None:
    assert "warning" not in first_there.corpus("publish", str(second), "--repo", REPO, HF_TOKEN=token).stderr


def test_more_files_than_the_hub_likes_in_a_folder_are_warned_of(first: Path) -> None:
    manifest = read_manifest(first)
    many = [manifest.files[0].model_copy(update={"path": f"data/{number}.parquet"}) for number in range(10_001)]
    crowded = Release(first, manifest.model_copy(update={"files": many}))
    assert [*warnings(crowded, Options(), None)] == [
        "the Hub gets slow with more than 10,000 files in data/; raise release.max_shard_mb"
    ]
    assert [*warnings(Release(first, manifest), Options(), None)] == []


def test_a_later_version_on_main_is_not_replaced_by_an_earlier_one(
    hub: Hub, first: Path, second: Path, token: str
) -> None:
    hub.publish(REPO, second)
    code, line = hub.refusal("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert (code, "main holds version 1.1.0, which is later than 1.0.0" in line) == (2, True)


def test_an_earlier_version_goes_to_a_branch_of_its_own(hub: Hub, first: Path, second: Path, token: str) -> None:
    hub.publish(REPO, second, "v1.1.0")
    hub.repo(REPO).git("branch", "old", "main~1")
    done = hub.corpus("publish", str(first), "--repo", REPO, "--revision", "old", HF_TOKEN=token)
    assert (done.returncode, contents(hub, "v1.0.0")) == (0, tree(first))


def test_a_version_that_has_other_content_is_refused(hub: Hub, first: Path, second: Path, token: str) -> None:
    hub.publish(REPO, second, "v1.0.0")
    code, line = hub.refusal("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert (code, "has a version 1.0.0 already, with other content" in line) == (2, True)


def test_a_version_whose_tag_is_there_is_known_though_others_followed(
    hub: Hub, first: Path, second: Path, token: str
) -> None:
    hub.publish(REPO, first, "v1.0.0")
    hub.publish(REPO, second, "v1.1.0")
    done = hub.corpus("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert (done.returncode, "was there already" in done.stderr, writes(hub)) == (0, True, [])


def test_another_dataset_is_refused(hub: Hub, first: Path, token: str) -> None:
    seeds = Path(__file__).parents[2] / "dist" / "vi-news-seeds" / "vi-news-seeds-0.1.0"
    hub.publish(REPO, seeds)
    code, line = hub.refusal("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert (code, "holds the dataset vi-news-seeds, and not bridges" in line) == (2, True)


def test_a_model_is_refused(hub: Hub, first: Path, token: str) -> None:
    hub.server.repos.create(REPO, kind="models")
    code, line = hub.refusal("publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert (code, "is a model" in line) == (2, True)


@pytest.mark.parametrize("repo", ["bridges", "org/", "org/a/b", "org/ä", "../x", "org/-x", "org/a--b", "org/a.git"])
def test_what_is_no_name_of_a_repo_is_refused(hub: Hub, first: Path, token: str, repo: str) -> None:
    code, line = hub.refusal("publish", str(first), "--repo", repo, HF_TOKEN=token)
    assert (code, "no name" in line) == (2, True)
    assert writes(hub) == []


def test_a_damaged_release_is_not_published(hub: Hub, copy: Path, token: str) -> None:
    (copy / "CHANGELOG.md").write_text("# Changed\n", encoding="utf-8")
    code, line = hub.refusal("publish", str(copy), "--repo", REPO, "-q", HF_TOKEN=token)
    assert (code, "not sound, so not published: CHANGELOG.md" in line) == (1, True)
    assert writes(hub) == []


def test_a_folder_that_is_no_release_is_refused(hub: Hub, tmp_path: Path, token: str) -> None:
    code, line = hub.refusal("publish", str(tmp_path), "--repo", REPO, HF_TOKEN=token)
    assert (code, "not a release" in line) == (1, True)


def test_a_release_elsewhere_than_its_name_says_is_published_all_the_same(
    hub: Hub, copy: Path, tmp_path: Path, token: str
) -> None:
    moved = Path(shutil.move(copy, tmp_path / "anywhere"))
    hub.corpus("publish", str(moved), "--repo", REPO, HF_TOKEN=token)
    assert contents(hub, "v1.0.0") == tree(moved)


@pytest.fixture
def leaking(tmp_path: Path) -> Path:
    """A release with a key in a document."""
    rows = [{"url": f"https://a.example/{n}", "text": article(n)} for n in range(3)]
    rows[1]["text"] += f"\n\nMã truy cập của trang là {KEY} và còn dùng được."
    write_jsonl(tmp_path / "raw" / "pages.jsonl", rows)
    write_recipe(tmp_path / "raw", [{"name": "press", "path": "*.jsonl"}], version="1.0.0")
    build(tmp_path / "raw", tmp_path / "dist")
    return tmp_path / "dist" / "bridges" / "bridges-1.0.0"


def test_a_release_with_a_key_in_it_is_not_published(hub: Hub, leaking: Path, token: str) -> None:
    done = hub.corpus("publish", str(leaking), "--repo", REPO, HF_TOKEN=token)
    assert done.returncode == 1
    assert "1 text looks as if there were a password or a key in it" in done.stderr
    assert re.search(r"data/train-\S+ row \d \(id [0-9a-f]+\): text", done.stderr)
    assert KEY not in done.stderr
    assert writes(hub) == []


def test_what_is_no_secret_can_be_published(hub: Hub, leaking: Path, token: str) -> None:
    done = hub.corpus("publish", str(leaking), "--repo", REPO, "--allow-secrets", HF_TOKEN=token)
    assert (done.returncode, contents(hub)) == (0, tree(leaking))
