"""The memory limit: how it is written, what a container allows, and that it changes the workers only."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from corpus.build.memory import DRIVER_MB, container_mb, machine_mb, memory_limit_mb, workers_within
from corpus.build.runners import LocalRunner, cut_batches
from corpus.build.stages import STAGES
from corpus.build.task import Task
from corpus.errors import UsageError
from tests.support import build, run, small_corpus, tree


class TestSizes:
    @pytest.mark.parametrize(
        ("written", "megabytes"),
        [
            ("2GB", 2000),
            ("1500MB", 1500),
            ("1.5gb", 1500),
            (" 3 GB ", 3000),
            ("2GiB", 2147.483648),
            ("700MiB", 734.0032),
            ("0.002TB", 2000),
            ("50%", 4000),
            ("12.5%", 1000),
            ("150%", 12000),
        ],
    )
    def test_are_read_as_people_write_them(self, written: str, megabytes: float) -> None:
        assert memory_limit_mb(written, need_mb=700, total_mb=8000) == pytest.approx(megabytes)

    @pytest.mark.parametrize("written", ["", "2", "GB", "2 giga", "-2GB", "2GB3", "two GB", "1,5GB", "nan%", "2KB"])
    def test_anything_else_is_refused(self, written: str) -> None:
        with pytest.raises(UsageError, match=r"write it like 2GB, 1500MB or 50%"):
            memory_limit_mb(written, need_mb=700, total_mb=8000)

    def test_half_of_what_there_is_by_default(self) -> None:
        assert memory_limit_mb(None, need_mb=700, total_mb=8000) == 4000

    def test_default_is_what_is_needed_where_half_would_be_less(self) -> None:
        assert memory_limit_mb(None, need_mb=700, total_mb=1000) == 700

    def test_machine_without_what_is_needed_is_told_so(self) -> None:
        with pytest.raises(UsageError, match="700 MB of memory are needed at least, and there are 512 MB"):
            memory_limit_mb(None, need_mb=700, total_mb=512)

    def test_limit_below_what_is_needed_is_told_so(self) -> None:
        with pytest.raises(UsageError, match="limit of 400 MB is too small: 700 MB are needed at least"):
            memory_limit_mb("5%", need_mb=700, total_mb=8000)


class TestContainer:
    def groups(self, folder: Path, listing: str, limits: dict[str, str]) -> float | None:
        """What is found in a made-up file system of control groups."""
        for name, limit in limits.items():
            (folder / "fs" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "fs" / name).write_text(f"{limit}\n", encoding="ascii")
        (folder / "own").write_text(listing, encoding="ascii")
        return container_mb(folder / "fs", folder / "own")

    def test_limit_of_version_2(self, tmp_path: Path) -> None:
        assert self.groups(tmp_path, "0::/app\n", {"app/memory.max": "512000000"}) == 512

    def test_limit_of_version_1(self, tmp_path: Path) -> None:
        listing = "5:cpu,cpuacct:/x\n4:memory:/app\n0::/\n"
        assert self.groups(tmp_path, listing, {"memory/app/memory.limit_in_bytes": "256000000"}) == 256

    def test_smallest_limit_on_the_way_up_holds(self, tmp_path: Path) -> None:
        limits = {"a/b/memory.max": "900000000", "a/memory.max": "300000000", "memory.max": "max"}
        assert self.groups(tmp_path, "0::/a/b\n", limits) == 300

    def test_container_that_sees_the_path_of_its_host_reads_its_own_top(self, tmp_path: Path) -> None:
        assert self.groups(tmp_path, "0::/docker/f00d\n", {"memory.max": "800000000"}) == 800

    def test_max_is_no_limit(self, tmp_path: Path) -> None:
        assert self.groups(tmp_path, "0::/\n", {"memory.max": "max"}) is None

    def test_system_without_control_groups_has_no_limit(self, tmp_path: Path) -> None:
        assert container_mb(tmp_path / "fs", tmp_path / "own") is None

    def test_machine_has_some_memory(self) -> None:
        assert 100 < machine_mb() < 1e9


class TestWorkers:
    @pytest.mark.parametrize(
        ("limit", "need", "workers"), [(1000, 400, 2), (999, 400, 1), (599, 400, 1), (9000, 400, 22), (1000, 800, 1)]
    )
    def test_as_many_as_fit_beside_the_driver_and_one_at_least(self, limit: int, need: int, workers: int) -> None:
        assert workers_within(limit, need, driver_mb=200) == workers

    def test_driver_that_has_grown_leaves_room_for_fewer(self) -> None:
        assert [workers_within(2000, 400, driver_mb=mb) for mb in (200, 900, 1900)] == [4, 2, 1]

    def test_every_stage_says_what_it_needs(self) -> None:
        assert all(200 <= stage.memory_mb <= 1000 for stage in STAGES.values())

    def test_release_is_the_same_under_every_limit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("corpus.build.runners.INLINE_BYTES", 0)
        least = DRIVER_MB + max(stage.memory_mb for stage in STAGES.values())
        trees = []
        for number, limit in enumerate((f"{least}MB", "4GB")):
            raw = small_corpus(tmp_path / f"raw{number}", documents=40)
            trees.append(tree(build(raw, tmp_path / f"dist{number}", "--workers", "2", "--memory", limit)))
        assert trees[0] == trees[1]

    def test_build_under_another_limit_finds_everything_in_the_cache(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw")
        build(raw, tmp_path / "dist", "--memory", "1GB")
        again = run("build", raw, "--dist", tmp_path / "dist", "--memory", "3GB")
        assert "nothing to compute" in again.stderr


class TestCommand:
    @pytest.mark.parametrize("command", ["build", "clean"])
    def test_limit_too_small_is_one_line(self, tmp_path: Path, command: str) -> None:
        raw = small_corpus(tmp_path / "raw")
        to = "--dist" if command == "build" else "--out"
        result = run(command, raw, to, tmp_path / "out", "--memory", "100MB")
        assert result.exit_code == 2
        assert result.stderr.startswith("corpus: a memory limit of 100 MB is too small: ")
        assert result.stderr.count("\n") == 1
        assert not list(tmp_path.glob("out/*"))

    def test_limit_can_come_from_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CORPUS_MEMORY", "5MB")
        result = run("build", small_corpus(tmp_path / "raw"), "--dist", tmp_path / "dist")
        assert (result.exit_code, "limit of 5 MB is too small" in result.stderr) == (2, True)

    def test_verbose_build_says_what_it_may_use(self, tmp_path: Path) -> None:
        raw = small_corpus(tmp_path / "raw")
        result = run("build", raw, "--dist", tmp_path / "dist", "--workers", "3", "--memory", "2GB", "-v")
        assert "at most 3 workers, 2,000 MB of memory\n" in result.stderr


def tasks(*weights: int) -> list[Task]:
    return [Task("read", "", {"number": number}, weight=weight) for number, weight in enumerate(weights)]


class TestBatches:
    def test_hold_every_task_once(self) -> None:
        given = tasks(*range(0, 3_000_000, 7001))
        batches = cut_batches(given, workers=3)
        assert sorted(task.params["number"] for batch in batches for task in batch) == list(range(len(given)))
        assert all(batches)

    def test_large_tasks_go_alone_and_first(self) -> None:
        batches = cut_batches(tasks(10, 16_000_000, 20, 16_000_001), workers=2)
        assert [[task.weight for task in batch] for batch in batches] == [[16_000_001], [16_000_000], [20, 10]]

    def test_thousands_of_small_ones_go_together(self) -> None:
        assert 2000 / 30 < len(cut_batches(tasks(*[100] * 2000), workers=2)) < 200

    def test_few_small_ones_are_shared_out(self) -> None:
        assert len(cut_batches(tasks(*[100] * 16), workers=2)) == 16


def test_workers_end_with_the_runner(tmp_path: Path) -> None:
    with LocalRunner(2) as runner:
        pool = runner._pool_of(2, 2, room_mb=100)
        pids = set(pool.map(_pid, range(50)))
        assert pids
        assert all(psutil.pid_exists(pid) for pid in pids)
        assert runner._pool_of(1, 2, room_mb=100) is pool
        assert runner._pool_of(1, 1, room_mb=100) is not pool
    assert not any(psutil.pid_exists(pid) for pid in pids)


def _pid(_: int) -> int:
    return os.getpid()
