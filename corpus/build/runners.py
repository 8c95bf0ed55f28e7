"""Runners: where tasks are executed. A runner gets tasks that don't depend on one another and answers results.

Results may come in any order; no result depends on the runner.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, as_completed
from typing import TYPE_CHECKING, Protocol, Self

from corpus.build.stages import run_task
from corpus.build.task import Context, Result, Task
from corpus.errors import BuildError

if TYPE_CHECKING:
    from loky import ProcessPoolExecutor

INLINE_BYTES = 500_000
"""Stages that read less than this run in the calling process: starting workers would take longer."""


class Runner(Protocol):
    """What executes tasks."""

    def run(self, tasks: Sequence[Task], context: Context) -> Iterator[tuple[Task, Result]]:
        """Execute independent tasks and answer each as it finishes.

        Raises:
            CorpusError: a task failed; tasks that have finished by then stay finished.
        """
        ...


class LocalRunner:
    """A pool of processes on this machine. Use it in a `with` block, which ends them."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or available_cpus()
        self._pool: ProcessPoolExecutor | None = None

    def run(self, tasks: Sequence[Task], context: Context) -> Iterator[tuple[Task, Result]]:
        """Execute tasks, large ones first; in this process where there is too little to share."""
        if self.workers == 1 or len(tasks) == 1 or sum(task.weight for task in tasks) < INLINE_BYTES:
            for task in tasks:
                yield task, run_task(task, context)
            return
        from loky.process_executor import TerminatedWorkerError

        pool = self._start()
        ordered = sorted(tasks, key=lambda task: -task.weight)
        futures = {pool.submit(run_task, task, context): task for task in ordered}
        try:
            for future in as_completed(futures):
                yield futures.pop(future), future.result()
        except (TerminatedWorkerError, CancelledError):
            raise BuildError(
                "a worker was killed, most likely because memory ran out; "
                "build again with fewer --workers (finished tasks are kept)"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Also in the middle of a task: what matters is in the cache, and a failed build should end at once.
        if self._pool is not None:
            self._pool.shutdown(wait=True, kill_workers=True)
            self._pool = None

    def _start(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # loky rather than multiprocessing: scripts that call `corpus.build` need no __main__ guard.
            from loky import ProcessPoolExecutor

            self._pool = ProcessPoolExecutor(self.workers, initializer=_prepare_worker, initargs=(os.getpid(),))
        return self._pool


def available_cpus() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _prepare_worker(parent: int) -> None:
    """Runs first in each worker."""
    import pyarrow as pa

    # Workers are the parallelism: libraries inside them should not start threads for each core.
    pa.set_cpu_count(1)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process soon after its parent has gone: a killed build should not go on in its workers."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
