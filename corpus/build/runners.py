"""Runners: where tasks are executed. A runner gets tasks that don't depend on one another and answers results.

Results may come in any order; no result depends on the runner.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from typing import TYPE_CHECKING, Protocol, Self

from corpus.build.memory import DRIVER_MB, memory_limit_mb, workers_within
from corpus.build.stages import STAGES, run_task
from corpus.build.task import Context, Result, Task
from corpus.errors import BuildError

if TYPE_CHECKING:
    from loky import ProcessPoolExecutor

INLINE_BYTES = 500_000
"""Stages that cost less than this run in the calling process: starting workers would take longer."""
TASK_BYTES = 50_000
"""A task without anything to read costs as much as reading so many bytes."""
BATCH_BYTES = 1_000_000
"""Small tasks go to a worker together, until they cost so much or would be too few to share out."""
BATCHES_PER_WORKER = 8


class Runner(Protocol):
    """What executes tasks."""

    def run(self, tasks: Sequence[Task], context: Context) -> Iterator[tuple[Task, Result]]:
        """Execute independent tasks and answer each as it finishes.

        Args:
            tasks: Tasks of one stage.
            context: What they need to run.

        Raises:
            CorpusError: a task failed; tasks that have finished by then stay finished.
        """
        ...


class LocalRunner:
    """Processes on this machine, as many at once as the memory limit allows.

    They stay from stage to stage, unless they have grown or another number of them fits, and end with the `with`
    block, or at once when a task fails or the build is interrupted.
    """

    def __init__(self, workers: int | None = None, memory: str | None = None) -> None:
        """Find out what may be used.

        Args:
            workers: Processes that work at once; all processors by default.
            memory: Limit of all processes together, such as `2GB` or `50%`; half of what there is by default.

        Raises:
            UsageError: `memory` is no size, or not even one worker fits.
        """
        self.workers = workers or available_cpus()
        self.memory_mb = memory_limit_mb(memory, DRIVER_MB + max(stage.memory_mb for stage in STAGES.values()))
        self._pool: ProcessPoolExecutor | None = None
        self._pool_size = 0
        self._grown_mb = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, tasks: Sequence[Task], context: Context) -> Iterator[tuple[Task, Result]]:
        """Execute tasks, large ones first; in this process where there is too little to do."""
        if sum(map(_cost, tasks)) < INLINE_BYTES:
            for task in tasks:
                yield task, run_task(task, context)
            return
        need = max(STAGES[name].memory_mb for name in {task.stage for task in tasks})
        driver_mb = max(DRIVER_MB, resident_mb())
        workers = min(self.workers, workers_within(self.memory_mb, need, driver_mb))
        # What each may have kept from tasks that it has done before.
        room_mb = max(0.0, (self.memory_mb - driver_mb) / workers - need)
        from loky.process_executor import TerminatedWorkerError

        batches = cut_batches(tasks, workers)
        pool = self._pool_of(min(workers, len(batches)), workers, room_mb)
        done = False
        try:
            futures = {pool.submit(_run_batch, batch, context): batch for batch in batches}
            for future in as_completed(futures):
                results, grown = future.result()
                self._grown_mb = max(self._grown_mb, grown)
                yield from zip(futures.pop(future), results, strict=True)
            done = True
        except TerminatedWorkerError:
            raise BuildError(
                "a worker was killed, most likely because memory ran out; build again with fewer --workers "
                "or less --memory (finished tasks are kept)"
            ) from None
        finally:
            if not done:
                # Also in the middle of a task: what matters is in the cache, and a failed build should end at once.
                self.close()

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, kill_workers=True)
            self._pool, self._grown_mb = None, 0.0

    def _pool_of(self, least: int, most: int, room_mb: float) -> ProcessPoolExecutor:
        """Workers: those that are there, or new ones where they are too few, too many or have grown."""
        if self._pool is None or not least <= self._pool_size <= most or self._grown_mb > room_mb:
            self.close()
            # loky rather than multiprocessing: scripts that call `corpus.build` need no __main__ guard.
            from loky import ProcessPoolExecutor

            # As many as there may be, for the stages to come; one that has no work takes little.
            self._pool_size = most
            self._pool = ProcessPoolExecutor(most, initializer=_prepare_worker, initargs=(os.getpid(),), env=_ENV)
        return self._pool


def available_cpus() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cut_batches(tasks: Sequence[Task], workers: int) -> list[list[Task]]:
    """Tasks in the groups that go to a worker together: large ones alone and first, small ones many at a time."""
    ordered = sorted(tasks, key=lambda task: -_cost(task))
    full = min(BATCH_BYTES, sum(map(_cost, tasks)) / (workers * BATCHES_PER_WORKER))
    batches: list[list[Task]] = []
    room = 0.0
    for task in ordered:
        if room < _cost(task):
            batches.append([])
            room = full
        batches[-1].append(task)
        room -= _cost(task)
    return batches


def resident_mb() -> float:
    """Resident memory of this process in megabytes, with the libraries that it shares with others."""
    import psutil

    return float(psutil.Process().memory_info().rss / 1e6)


def _cost(task: Task) -> int:
    return task.weight + TASK_BYTES


def _run_batch(tasks: Sequence[Task], context: Context) -> tuple[list[Result], float]:
    """Runs in a worker; answers the results and by how many megabytes the worker has grown since it began."""
    results = [run_task(task, context) for task in tasks]
    return results, resident_mb() - _began_with


_began_with = 0.0
"""Resident memory of a worker at its start, in megabytes."""

# Workers are the parallelism. Threads of the BLAS library, which NumPy starts for each core, wait for work in loops.
_ENV = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def _prepare_worker(parent: int) -> None:
    """Runs first in each worker."""
    # Ctrl-C reaches the whole process group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import pyarrow as pa

    pa.set_cpu_count(1)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    global _began_with
    _began_with = resident_mb()


def _end_with(parent: int) -> None:
    """End this process soon after its parent has gone: a killed build should not go on in its workers."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
