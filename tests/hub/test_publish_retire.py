"""Withdrawn documents on the Hub, as a user meets them: the warning, `--retire`, and the questions before it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hub.hub_helpers import Hub
from tests.hub.test_publish import REPO, contents, writes
from tests.support import article, build, run, tree, write_jsonl, write_recipe


@pytest.fixture
def hub(warm: Hub) -> Hub:
    """A Hub whose commands take no start of Python."""
    return warm


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two versions: 1.0.1 lacks a page of 1.0.0 that was withdrawn."""
    folder = tmp_path_factory.mktemp("withdrawn")
    write_jsonl(
        folder / "raw" / "pages.jsonl", [{"url": f"https://a.example/{n}", "text": article(n)} for n in range(8)]
    )
    out = {}
    for version in ("1.0.0", "1.0.1"):
        write_recipe(folder / "raw", [{"name": "press", "path": "*.jsonl"}], version=version)
        out[version] = build(folder / "raw", folder / "dist")
        asked = ("--url", "https://a.example/3", "--reason", "asked", "--dist", folder / "dist")
        assert run("withdraw", folder / "raw", *asked).exit_code == 0
    return out


@pytest.fixture
def token(hub: Hub) -> str:
    return hub.login("press", "org")


@pytest.fixture
def both(hub: Hub, line: dict[str, Path], token: str) -> Hub:
    """A Hub on which both versions were published."""
    for version, release in line.items():
        commit = hub.publish(REPO, release, f"v{version}")
        assert commit
    return hub


def retire(hub: Hub, token: str, *options: str) -> subprocess.CompletedProcess[str]:
    return hub.corpus("publish", "--repo", REPO, "--retire", "v1.0.0", *options, HF_TOKEN=token)


def answering(hub: Hub, token: str, answers: str, *options: str) -> str:
    """What a terminal shows on which somebody answers."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "corpus", "publish", "--repo", REPO, "--retire", "v1.0.0", *options]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=hub.folder, env=hub.environment(HF_TOKEN=token)
    ) as running:
        os.close(theirs)
        os.write(ours, answers.encode())
        shown = b""
        try:
            while chunk := os.read(ours, 10_000):
                shown += chunk
        except OSError:
            pass  # how a terminal says that the other side has gone
        running.wait()
    os.close(ours)
    return shown.decode()


def test_a_release_says_which_versions_still_serve_what_it_took_out(
    hub: Hub, line: dict[str, Path], token: str
) -> None:
    hub.publish(REPO, line["1.0.0"], "v1.0.0")
    done = hub.corpus("publish", str(line["1.0.1"]), "--repo", REPO, HF_TOKEN=token)
    assert done.returncode == 0
    assert f"warning: {REPO} still serves documents that were withdrawn, in 1 older version: 1.0.0" in done.stderr
    assert "--retire v1.0.0" in done.stderr


def test_json_names_them(both: Hub, line: dict[str, Path], token: str) -> None:
    done = both.corpus("publish", str(line["1.0.1"]), "--repo", REPO, "--json", HF_TOKEN=token)
    assert json.loads(done.stdout)["still_serve_withdrawn"] == ["1.0.0"]


def test_nothing_is_said_when_no_version_does(hub: Hub, line: dict[str, Path], token: str) -> None:
    done = hub.corpus("publish", str(line["1.0.1"]), "--repo", REPO, HF_TOKEN=token)
    assert "withdrawn" not in done.stderr


def test_retiring_takes_the_tag(both: Hub, line: dict[str, Path], token: str) -> None:
    done = retire(both, token, "--yes")
    assert done.returncode == 0, done.stderr
    assert "serves 1.0.0 no more" in done.stdout
    assert list(both.tags(REPO)) == ["v1.0.1"]
    assert contents(both, "v1.0.1") == tree(line["1.0.1"])


def test_retiring_again_asks_nothing_and_does_nothing(both: Hub, token: str) -> None:
    retire(both, token, "--yes")
    both.server.seen.clear()
    done = retire(both, token)
    assert (done.returncode, "nothing is left to do" in done.stderr, writes(both)) == (0, True, [])


def test_a_dry_run_shows_what_would_go(both: Hub, token: str) -> None:
    done = retire(both, token, "--erase-history", "--dry-run")
    assert (done.returncode, "to delete  tag v1.0.0" in done.stderr, writes(both)) == (0, True, [])


def test_retiring_as_json(both: Hub, token: str) -> None:
    tags = both.tags(REPO)
    found = json.loads(retire(both, token, "--yes", "--json").stdout)
    assert (found["delete_tags"], list(found["keep_tags"])) == ({"v1.0.0": tags["v1.0.0"]}, ["v1.0.1"])
    assert (found["erase_history"], found["large_bytes"] > 0) == (False, True)


def test_where_nobody_can_be_asked_nothing_is_done(both: Hub, token: str) -> None:
    done = retire(both, token)
    assert (done.returncode, "--yes says so beforehand" in done.stderr, writes(both)) == (2, True, [])


def test_erasing_history_needs_the_name_of_the_repo(both: Hub, token: str) -> None:
    for options in ([], ["--confirm", "org/other"]):
        done = retire(both, token, "--yes", "--erase-history", *options)
        assert (done.returncode, "--confirm" in done.stderr, writes(both)) == (2, True, [])


def test_erasing_history_leaves_one_commit_and_no_file_of_the_version(
    both: Hub, line: dict[str, Path], token: str
) -> None:
    repo = both.repo(REPO)
    old = {entry.lfs for entry in repo.entries("v1.0.0", recursive=True) if entry.lfs}
    kept = {entry.lfs for entry in repo.entries("v1.0.1", recursive=True) if entry.lfs}
    done = retire(both, token, "--yes", "--erase-history", "--confirm", REPO)
    assert done.returncode == 0, done.stderr
    assert [pointer for pointer in old - kept if repo.lfs.path(pointer.oid).exists()] == []
    assert len(both.commits(REPO)) == 1
    assert contents(both) == contents(both, "v1.0.1") == tree(line["1.0.1"])


@pytest.mark.parametrize("answers", ["n\n", f"y\n{REPO}s\n", "y\n\x04"], ids=["no", "another name", "end of input"])
def test_who_does_not_say_yes_twice_keeps_all(both: Hub, token: str, answers: str) -> None:
    answering(both, token, answers, "--erase-history")
    assert writes(both) == []


def test_who_says_yes_and_names_the_repo_erases(both: Hub, token: str) -> None:
    shown = answering(both, token, f"y\n{REPO}\n", "--erase-history")
    assert "take these versions back?" in shown
    assert "serves 1.0.0 no more" in shown
    assert len(both.commits(REPO)) == 1


def test_a_version_that_was_retired_is_not_published_again(hub: Hub, line: dict[str, Path], token: str) -> None:
    for release in line.values():
        assert hub.corpus("publish", str(release), "--repo", REPO, HF_TOKEN=token).returncode == 0
    retire(hub, token, "--yes")
    code, refused = hub.refusal("publish", str(line["1.0.0"]), "--repo", REPO, HF_TOKEN=token)
    assert (code, "took documents out of it on request" in refused) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--retire", "v1.0.1"], "is what main holds"),
        (["--retire", "v9.0.0"], "no version 9.0.0"),
        (["--retire", "latest"], "is not a version"),
        (["here", "--retire", "v1.0.0"], "either a release to publish, or --retire"),
        (["here", "--erase-history"], "--erase-history goes with --retire"),
        ([], "which release?"),
    ],
)
def test_what_makes_no_sense_is_refused(both: Hub, token: str, arguments: list[str], said: str) -> None:
    done = both.corpus("publish", "--repo", REPO, "--yes", *arguments, HF_TOKEN=token)
    assert (done.returncode, said in done.stderr, writes(both)) == (2, True, [])
