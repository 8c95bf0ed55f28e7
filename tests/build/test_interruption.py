"""Builds that are killed, run side by side, or find their cache damaged."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from corpus.build.stages import STAGES
from tests.support import article, build, rows_of, run, run_json, small_corpus, start, tree, write_jsonl, write_recipe


def many_sources(folder: Path, sources: int = 8, documents: int = 60) -> Path:
    """A corpus of which each source is a task of its own."""
    for source in range(sources):
        rows = [{"text": article(1000 * source + n, paragraphs=5)} for n in range(documents)]
        write_jsonl(folder / f"{source}.jsonl", rows)
    write_recipe(folder, [{"name": f"s{n}", "path": f"{n}.jsonl"} for n in range(sources)])
    return folder


def finished(raw: Path, stage: str) -> set[str]:
    return {path.parent.name for path in raw.glob(f".corpus/tasks/{stage}/*/result.json")}


@pytest.mark.parametrize(
    ("stage", "tasks"),
    [
        ("read", 3),
        ("clean", 6),
        ("lines", 3),
        ("keys", 4),
        ("candidates", 1),
        ("shingles", 2),
        ("select", 4),
        ("pack", 1),
    ],
)
def test_build_goes_on_where_it_was_killed(tmp_path: Path, stage: str, tasks: int) -> None:
    expected = tree(build(many_sources(tmp_path / "whole"), tmp_path / "expected"))
    raw = many_sources(tmp_path / "raw")
    victim = start("build", raw, "--dist", tmp_path / "dist", "--workers", "1")
    deadline = time.monotonic() + 60
    while len(finished(raw, stage)) < tasks and victim.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(victim.pid, signal.SIGKILL)
    victim.wait()
    done = {stage: finished(raw, stage) for stage in STAGES}
    inodes = {path: path.stat().st_ino for path in raw.glob(".corpus/tasks/*/*/result.json")}

    report = run_json("build", raw, "--dist", tmp_path / "dist", "--workers", "1")

    assert tree(Path(report["release"])) == expected
    for each in report["stages"]:
        assert each["cached"] == len(done[each["stage"]]), each
    assert {path: path.stat().st_ino for path in inodes} == inodes
    assert not list((tmp_path / "dist").glob("*/.*.tmp"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_build(tmp_path: Path, how: signal.Signals) -> None:
    raw = many_sources(tmp_path / "raw", documents=800)
    victim = start("build", raw, "--dist", tmp_path / "dist", "--workers", "2")
    deadline = time.monotonic() + 60
    while len(finished(raw, "clean")) < 1 and victim.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert victim.poll() is None, "the build was faster than the test"
    victim.send_signal(how)
    _, errors = victim.communicate(timeout=60)
    assert "Traceback" not in errors
    if how == signal.SIGINT:
        assert victim.returncode == 130
        assert "interrupted; what has finished is kept" in errors
    assert _gone(victim.pid), "a worker goes on without its build"


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_in_a_terminal_ends_all_with_one_line(tmp_path: Path, times: int) -> None:
    """There the workers get the signal too, and an impatient user presses the keys again."""
    raw = many_sources(tmp_path / "raw", documents=800)
    victim = start("build", raw, "--dist", tmp_path / "dist", "--workers", "2", "-q")
    deadline = time.monotonic() + 60
    while len(finished(raw, "clean")) < 1 and victim.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert victim.poll() is None, "the build was faster than the test"
    for _ in range(times):
        os.killpg(victim.pid, signal.SIGINT)
        time.sleep(0.05)
    _, errors = victim.communicate(timeout=60)
    assert victim.returncode == 130
    assert errors == "corpus: interrupted; what has finished is kept, so the same command goes on from there\n"
    assert _gone(victim.pid), "a worker goes on without its build"


def test_killed_worker_is_one_line(tmp_path: Path) -> None:
    raw = many_sources(tmp_path / "raw", documents=800)
    victim = start("build", raw, "--dist", tmp_path / "dist", "--workers", "2")
    deadline = time.monotonic() + 60
    while len(finished(raw, "clean")) < 1 and victim.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    workers = subprocess.run(["pgrep", "-g", str(victim.pid), "-f", "LokyProcess"], capture_output=True, check=True)
    os.kill(int(workers.stdout.split()[0]), signal.SIGKILL)
    _, errors = victim.communicate(timeout=60)
    assert victim.returncode == 1
    assert "a worker was killed, most likely because memory ran out" in errors
    assert "Traceback" not in errors


def _gone(group: int) -> bool:
    """Whether nobody of a process group is left, within ten seconds."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_two_builds_at_once_on_one_cache_make_the_same_release(tmp_path: Path) -> None:
    raw = many_sources(tmp_path / "raw")
    builds = [start("build", raw, "--dist", tmp_path / "dist") for _ in range(2)]
    for each in builds:
        _, errors = each.communicate(timeout=120)
        assert each.returncode == 0, errors
    release = next((tmp_path / "dist" / "bridges").glob("bridges-*"))
    assert run("verify", release).exit_code == 0
    assert run_json("build", raw, "--dist", tmp_path / "dist")["computed_tasks"] == 0


def test_cache_is_not_emptied_under_a_running_build(tmp_path: Path) -> None:
    raw = many_sources(tmp_path / "raw")
    running = start("build", raw, "--dist", tmp_path / "dist", "--workers", "1")
    while not finished(raw, "read") and running.poll() is None:
        time.sleep(0.01)
    result = run("cache", raw, "--clear")
    assert running.wait() == 0
    assert (result.exit_code, "a build is using this cache" in result.stderr) == (2, True)


def test_shortened_result_is_computed_again(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    expected = tree(build(raw, tmp_path / "one"))
    [damaged] = raw.glob(".corpus/tasks/clean/*/documents.parquet")
    damaged.write_bytes(damaged.read_bytes()[:-10])
    report = run_json("build", raw, "--dist", tmp_path / "two")
    assert {s["stage"]: s["to_run"] for s in report["stages"]}["clean"] == 1
    assert tree(Path(report["release"])) == expected


def test_altered_shard_in_the_cache_never_becomes_a_release(tmp_path: Path) -> None:
    raw = small_corpus(tmp_path / "raw")
    expected = tree(build(raw, tmp_path / "one"))
    [shard] = raw.glob(".corpus/tasks/pack/*/shard.parquet")
    content = bytearray(shard.read_bytes())
    content[len(content) // 3] ^= 1
    shard.write_bytes(content)
    result = run("build", raw, "--dist", tmp_path / "two")
    assert (result.exit_code, "damaged in the cache" in result.stderr) == (1, True)
    assert not list(tmp_path.glob("two/*/bridges-*"))
    assert tree(build(raw, tmp_path / "two")) == expected


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("stage", "name"),
    [("read", "part-00000"), ("clean", "documents"), ("clean", "facts"), ("keys", "by_id"), ("place", "kept")],
)
def test_altered_intermediate_never_shapes_a_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, name: str, workers: str
) -> None:
    monkeypatch.setattr("corpus.build.runners.INLINE_BYTES", 0)
    raw = small_corpus(tmp_path / "raw", documents=40)
    expected = tree(build(raw, tmp_path / "one"))
    [file] = raw.glob(f".corpus/tasks/{stage}/*/{name}.parquet")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1  # one bit, so that the size tells nothing
    file.write_bytes(content)
    order = list(STAGES)
    for later in order[order.index(stage) + 1 :]:
        shutil.rmtree(raw / ".corpus" / "tasks" / later, ignore_errors=True)
    failed = run("build", raw, "--dist", tmp_path / "two", "--workers", workers)
    assert (failed.exit_code, "damaged in the cache; it has been removed, so build again" in failed.stderr) == (1, True)
    assert not list(tmp_path.glob("two/*/bridges-*"))
    assert tree(build(raw, tmp_path / "two")) == expected


@pytest.mark.parametrize("workers", ["1", "2"])
def test_file_that_is_not_what_was_hashed_stops_one_build_and_not_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    monkeypatch.setattr("corpus.build.runners.INLINE_BYTES", 0)
    raw = small_corpus(tmp_path / "raw")
    os.utime(raw / "pages.jsonl", (1_000_000, 1_000_000))
    build(raw, tmp_path / "one")
    content = (raw / "pages.jsonl").read_text(encoding="utf-8").replace("số 0 trong", "số 9 trong")
    (raw / "pages.jsonl").write_text(content, encoding="utf-8")
    os.utime(raw / "pages.jsonl", (1_000_000, 1_000_000))  # as large and as old as before
    shutil.rmtree(raw / ".corpus" / "tasks" / "read")
    failed = run("build", raw, "--dist", tmp_path / "two", "--workers", workers, "-q")
    assert failed.exit_code == 1
    assert failed.stderr == "corpus: pages.jsonl: changed while it was being read; build again when it is still\n"
    texts = [row["text"] for row in rows_of(build(raw, tmp_path / "two"))]
    assert "số 9 trong" in texts[0]


@pytest.mark.parametrize(("stage", "count"), [("select", "kept"), ("read", "records"), ("clean", "removed_lines")])
def test_build_fails_when_its_sums_do_not_add_up(tmp_path: Path, stage: str, count: str) -> None:
    raw = small_corpus(tmp_path / "raw")
    build(raw, tmp_path / "one")
    [path] = raw.glob(f".corpus/tasks/{stage}/*/result.json")
    result = json.loads(path.read_text(encoding="utf-8"))
    result["counts"][count] = {"image_name_v1": 3} if count == "removed_lines" else result["counts"][count] + 1
    path.write_text(json.dumps(result), encoding="utf-8")
    failed = run("build", raw, "--dist", tmp_path / "two")
    assert (failed.exit_code, "the accounts do not add up" in failed.stderr) == (1, True)
    assert not list(tmp_path.glob("two/*/bridges-*"))
