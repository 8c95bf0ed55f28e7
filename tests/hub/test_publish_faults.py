"""`corpus publish` when something goes wrong: it completes or says why, nothing twice, no tag on half a release."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.hub.faults import Fault
from tests.hub.hub_helpers import Hub, running_hub
from tests.hub.test_publish import REPO, contents
from tests.support import tree

CREATE, PREUPLOAD, BATCH = ("POST", "/repos/create$"), ("POST", "/preupload/"), ("POST", "/objects/batch$")
UPLOAD, COMMIT, TAG = ("PUT", "^/upload/"), ("POST", "/commit/"), ("POST", "/tag/")
WRITES = [CREATE, PREUPLOAD, BATCH, UPLOAD, COMMIT, TAG]
READS = [("GET", "/whoami-v2$"), ("GET", "^/api/datasets/org/bridges$"), ("GET", "/refs$"), ("GET", "/tree/")]
AT_ONCE = {"Retry-After": "0"}


@pytest.fixture
def hub(warm: Hub) -> Hub:
    """A Hub whose commands take no start of Python."""
    return warm


@pytest.fixture
def token(hub: Hub) -> str:
    return hub.login("press", "org")


def publish(hub: Hub, release: Path, token: str, *options: str) -> subprocess.CompletedProcess[str]:
    return hub.corpus("publish", str(release), "--repo", REPO, *options, HF_TOKEN=token)


def refused(hub: Hub, release: Path, token: str, *options: str) -> tuple[int, str]:
    """Exit code and last line of a publication that has to fail, and of nothing that should not be said."""
    done = publish(hub, release, token, *options)
    assert done.returncode != 0
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert token not in done.stderr
    assert not any(seen.astray for seen in hub.server.seen)
    return done.returncode, done.stderr.splitlines()[-1]


def assert_published_once(hub: Hub, release: Path, tag: str = "v1.0.0", repo: str = REPO) -> None:
    """One commit beside the first empty one, the content of the release, its tag there."""
    commits = hub.commits(repo)
    assert [commit.title for commit in commits] == ["bridges 1.0.0", "initial commit"]
    assert hub.tags(repo) == {tag: commits[0].oid}
    assert contents(hub, tag, repo) == tree(release)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_hub_that_has_no_time_is_asked_again(hub: Hub, first: Path, token: str, status: int) -> None:
    hub.server.faults += [Fault(*call, status=status, headers=AT_ONCE) for call in [*WRITES, *READS]]
    done = publish(hub, first, token)
    assert done.returncode == 0, done.stderr
    assert all(fault.happened for fault in hub.server.faults)
    assert_published_once(hub, first)


def test_dropped_connections_are_made_again(hub: Hub, first: Path, token: str) -> None:
    hub.server.faults += [Fault(*call, drop=True) for call in [*WRITES, *READS]]
    done = publish(hub, first, token)
    assert done.returncode == 0, done.stderr
    assert all(fault.happened for fault in hub.server.faults)
    assert_published_once(hub, first)


@pytest.mark.parametrize("status", [None, 500, 504])
def test_answers_lost_after_the_work_was_done_do_no_work_twice(
    hub: Hub, first: Path, token: str, status: int | None
) -> None:
    calls = [CREATE, UPLOAD, COMMIT, TAG]
    hub.server.faults += [
        Fault(*call, after=True, drop=status is None, status=status, headers=AT_ONCE) for call in calls
    ]
    done = publish(hub, first, token)
    assert done.returncode == 0, done.stderr
    assert all(fault.happened for fault in hub.server.faults)
    assert_published_once(hub, first)


def test_a_commit_whose_answer_was_lost_is_found_below_that_of_somebody_else(hub: Hub, first: Path, token: str) -> None:
    def push() -> None:
        hub.commit(REPO, {"README.md": b"# edited\n"})

    # The answer to the commit is lost, and before the branch is looked at again, another commit is there.
    hub.server.faults += [Fault(*COMMIT, after=True, status=504, headers=AT_ONCE), Fault("GET", "/refs$", act=push)]
    done = publish(hub, first, token)
    assert done.returncode == 0, done.stderr
    assert [commit.title for commit in hub.commits(REPO)][1:] == ["bridges 1.0.0", "initial commit"]
    assert contents(hub, "v1.0.0") == tree(first)


@pytest.mark.parametrize("call", [COMMIT, TAG], ids=["commit", "tag"])
def test_a_hub_that_never_has_time_is_given_up_after_some_attempts(
    hub: Hub, first: Path, token: str, call: tuple[str, str]
) -> None:
    fault = Fault(*call, times=None, status=503, headers=AT_ONCE)
    hub.server.faults.append(fault)
    code, line = refused(hub, first, token)
    assert (code, "answered 503 again and again" in line, fault.happened) == (1, True, 5)
    assert "run the same command again" in line
    assert hub.tags(REPO) == {}
    hub.server.faults.clear()
    assert publish(hub, first, token).returncode == 0
    assert_published_once(hub, first)


def test_it_waits_as_long_as_the_hub_asks_for(hub: Hub, first: Path, token: str) -> None:
    moments: list[float] = []
    again = Fault(*TAG, act=lambda: moments.append(time.monotonic()))
    wait = Fault(*TAG, status=429, headers={"Retry-After": "2"}, act=lambda: moments.append(time.monotonic()))
    hub.server.faults += [wait, again]
    assert publish(hub, first, token).returncode == 0
    before, after = moments
    assert after - before >= 2


def test_a_wait_within_the_client_is_told_without_addresses(hub: Hub, first: Path, token: str) -> None:
    hub.server.faults += [Fault(*call, status=429, headers={"Retry-After": "1"}) for call in (PREUPLOAD, UPLOAD)]
    done = hub.run("-m", "corpus", "publish", str(first), "--repo", REPO, HF_TOKEN=token)
    assert done.returncode == 0
    assert done.stderr.count("Rate limited. Waiting 2.0s") == 2
    assert "/upload/" not in done.stderr


def test_a_hub_that_asks_for_an_hour_is_left_alone(hub: Hub, first: Path, token: str) -> None:
    fault = Fault(*COMMIT, times=None, status=429, headers={"RateLimit": '"api";r=0;t=3600'})
    hub.server.faults.append(fault)
    code, line = refused(hub, first, token)
    assert (code, "asks to wait 60 minutes" in line, fault.happened) == (1, True, 1)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", WRITES, ids=["create", "preupload", "batch", "upload", "commit", "tag"])
def test_killed_at_any_point_the_next_run_completes_it(
    hub: Hub, first: Path, token: str, call: tuple[str, str], after: bool
) -> None:
    # The answer is held back, so that the command is killed while it waits for it.
    fault = Fault(*call, delay_s=60) if not after else Fault(*call, after=True, drop=True)
    running: list[subprocess.Popen[str]] = []

    def kill() -> None:
        while not running:
            time.sleep(0.01)
        os.killpg(running[0].pid, signal.SIGKILL)

    fault = Fault(*call, act=kill, drop=True, after=after)
    hub.server.faults.append(fault)
    running.append(hub.start("publish", str(first), "--repo", REPO, HF_TOKEN=token))
    running[0].communicate()
    assert (running[0].returncode, fault.happened) == (-signal.SIGKILL, 1)
    assert call == TAG or hub.server.repos.get(REPO) is None or hub.tags(REPO) == {}
    done = publish(hub, first, token)
    assert done.returncode == 0, done.stderr
    assert_published_once(hub, first)


def test_ctrl_c_ends_it_in_one_line(hub: Hub, first: Path, token: str) -> None:
    running: list[subprocess.Popen[str]] = []

    def interrupt() -> None:
        while not running:
            time.sleep(0.01)
        os.kill(running[0].pid, signal.SIGINT)

    hub.server.faults.append(Fault(*UPLOAD, act=interrupt, delay_s=0.5))
    running.append(hub.start("publish", str(first), "--repo", REPO, "-q", HF_TOKEN=token))
    _, stderr = running[0].communicate()
    assert running[0].returncode == 130
    assert stderr == "corpus: interrupted; what has finished is kept, so the same command goes on from there\n"


def test_somebody_else_who_commits_meanwhile_wins(hub: Hub, first: Path, token: str) -> None:
    hub.server.repos.create(REPO)
    hub.server.faults.append(Fault(*COMMIT, act=lambda: hub.commit(REPO, {"README.md": b"# theirs\n"})))
    code, line = refused(hub, first, token)
    assert (code, "somebody else changed main meanwhile" in line) == (1, True)
    assert contents(hub) == {"README.md": b"# theirs\n"}
    assert hub.tags(REPO) == {}
    assert publish(hub, first, token).returncode == 0
    assert contents(hub, "v1.0.0") == tree(first)


def test_two_who_publish_the_same_at_once_make_one_commit(hub: Hub, first: Path, token: str) -> None:
    hub.server.repos.create(REPO)

    def other() -> None:
        assert publish(hub, first, token).returncode == 0

    hub.server.faults.append(Fault(*COMMIT, act=other))
    done = publish(hub, first, token)
    assert done.returncode == 0, done.stderr
    assert_published_once(hub, first)


def test_a_tag_that_somebody_else_sets_elsewhere_meanwhile_is_no_success(hub: Hub, first: Path, token: str) -> None:
    def tag() -> None:
        hub.repo(REPO).tag("v1.0.0", hub.commits(REPO)[-1].oid)

    hub.server.faults.append(Fault(*TAG, act=tag))
    code, line = refused(hub, first, token)
    assert (code, "somebody else has set it meanwhile" in line) == (1, True)


def test_what_the_hub_holds_is_compared_before_it_is_tagged(
    hub: Hub, first: Path, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = hub.server.repos.create(REPO)
    plain = repo.write

    def meddling(message: str, files: dict[str, bytes], deleted: set[str], *, parent: str, author: str) -> str:
        return plain(message, files | {"data/more.txt": b"x"}, deleted, parent=parent, author=author)

    monkeypatch.setattr(repo, "write", meddling)
    code, line = refused(hub, first, token)
    assert (code, "data/more.txt is too much; it got no tag" in line) == (1, True)
    assert hub.tags(REPO) == {}


def test_a_file_that_changes_while_it_is_sent_is_not_committed(hub: Hub, copy: Path, token: str) -> None:
    data = next(copy.glob("data/*.parquet"))
    content = data.read_bytes()
    hub.server.faults.append(Fault(*PREUPLOAD, act=lambda: data.write_bytes(content[:-9] + b"!" + content[-8:])))
    code, line = refused(hub, copy, token)
    assert (code, "changed while it was sent; nothing was published" in line) == (1, True)
    assert [commit.title for commit in hub.commits(REPO)] == ["initial commit"]


@pytest.mark.parametrize("call", [PREUPLOAD, BATCH], ids=["before it is hashed", "before it is sent"])
def test_a_file_that_vanishes_meanwhile_is_named_in_a_line(
    hub: Hub, copy: Path, token: str, call: tuple[str, str]
) -> None:
    data = next(copy.glob("data/*.parquet"))
    hub.server.faults.append(Fault(*call, act=data.unlink))
    code, line = refused(hub, copy, token)
    assert (code, data.name in line, "No such file" in line) == (1, True, True)
    assert [commit.title for commit in hub.commits(REPO)] == ["initial commit"]


def test_a_card_that_the_hub_refuses_is_said_in_its_words(hub: Hub, first: Path, token: str) -> None:
    hub.server.faults.append(Fault("POST", "/validate-yaml$", times=None, status=400, message="no such licence"))
    code, line = refused(hub, first, token)
    assert (code, "refuses what was sent (400: no such licence)" in line) == (1, True)
    assert hub.tags(REPO) == {}


def test_who_is_not_logged_in_is_told_how(hub: Hub, first: Path) -> None:
    code, line = hub.refusal("publish", str(first), "--repo", REPO)
    assert (code, "not logged in" in line, "hf auth login" in line) == (2, True, True)


def test_a_wrong_token_is_named_without_being_printed(hub: Hub, first: Path) -> None:
    wrong = "hf_" + "wrongWRONG" * 4
    code, line = refused(hub, first, wrong, "-v")
    assert (code, "does not know the token" in line) == (2, True)


def test_a_token_that_may_only_read_is_refused_before_anything_is_sent(hub: Hub, first: Path) -> None:
    code, line = refused(hub, first, hub.login("reader", "org", may_write=False))
    assert (code, "the token of reader may only read" in line) == (2, True)
    assert {seen.method for seen in hub.server.seen} == {"GET"}


def test_the_repo_of_somebody_else_is_refused(hub: Hub, first: Path) -> None:
    hub.server.repos.create(REPO)
    code, line = refused(hub, first, hub.login("stranger"))
    assert (code, "refuses to write there (403" in line) == (2, True)
    assert contents(hub) == {}


def test_the_namespace_of_somebody_else_is_refused(hub: Hub, first: Path) -> None:
    code, line = refused(hub, first, hub.login("stranger"))
    assert (code, "refuses to write there (403" in line) == (2, True)


def test_storage_that_is_used_up_is_said_in_the_hubs_words(hub: Hub, first: Path, token: str) -> None:
    message = "Private repository storage limit reached"
    hub.server.faults.append(Fault(*BATCH, times=None, status=403, message=message))
    code, line = refused(hub, first, token)
    assert (code, message in line) == (2, True)


def test_a_hub_that_cannot_be_reached_is_one_line(tmp_path: Path, first: Path) -> None:
    with running_hub(tmp_path) as hub:
        hub.server.stop()
        code, line = hub.refusal("publish", str(first), "--repo", REPO, HF_TOKEN=hub.login("press"))
    assert (code, "cannot be reached" in line) == (1, True)


def test_offline_nothing_is_tried(hub: Hub, first: Path, token: str) -> None:
    code, line = hub.refusal("publish", str(first), "--repo", REPO, HF_TOKEN=token, HF_HUB_OFFLINE="1")
    assert (code, "HF_HUB_OFFLINE is set" in line) == (1, True)


def test_a_token_that_the_hub_sends_back_is_not_printed(hub: Hub, first: Path, token: str) -> None:
    hub.server.faults.append(Fault(*COMMIT, times=None, status=400, message=f"your token {token} is odd"))
    code, line = refused(hub, first, token, "-v")
    assert (code, "your token hf_*** is odd" in line) == (1, True)


def test_the_token_stands_in_no_list_of_processes(hub: Hub, first: Path, token: str) -> None:
    seen: list[bytes] = []

    def look() -> None:
        seen.extend(path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists())

    hub.server.faults.append(Fault(*COMMIT, act=look))
    assert hub.run("-m", "corpus", "publish", str(first), "--repo", REPO, HF_TOKEN=token).returncode == 0
    assert any(b"publish" in line for line in seen)
    assert not any(token.encode() in line for line in seen)


def test_a_pull_request_whose_answer_was_lost_is_not_opened_twice(
    hub: Hub, first: Path, second: Path, token: str
) -> None:
    assert publish(hub, first, token).returncode == 0
    hub.server.faults.append(Fault(*COMMIT, after=True, drop=True))
    done = publish(hub, second, token, "--create-pr")
    assert (done.returncode, done.stdout) == (0, f"{hub.server.endpoint}/datasets/{REPO}/discussions/1\n")
    assert list(hub.repo(REPO).refs("pr")) == ["1"]
