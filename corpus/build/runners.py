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
from typing import Protocol

from corpus.build.stages import run_task
from corpus.build.task import Context, Result, Task
from corpus.errors import BuildError

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
    """Processes on this machine, started for each stage and gone after it, so that none keeps another's memory."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or available_cpus()

    def run(self, tasks: Sequence[Task], context: Context) -> Iterator[tuple[Task, Result]]:
        """Execute tasks, large ones first; in this process where there is too little to do."""
        if self.workers == 1 or sum(task.weight for task in tasks) < INLINE_BYTES:
            for task in tasks:
                yield task, run_task(task, context)
            return
        # loky rather than multiprocessing: scripts that call `corpus.build` need no __main__ guard.
        from loky import ProcessPoolExecutor
        from loky.process_executor import TerminatedWorkerError

        workers = min(self.workers, len(tasks))
        pool = ProcessPoolExecutor(workers, initializer=_prepare_worker, initargs=(os.getpid(),), env=_ONE_THREAD)
        try:
            ordered = sorted(tasks, key=lambda task: -task.weight)
            futures = {pool.submit(run_task, task, context): task for task in ordered}
            for future in as_completed(futures):
                yield futures.pop(future), future.result()
        except TerminatedWorkerError:
            raise BuildError(
                "a worker was killed, most likely because memory ran out; "
                "build again with fewer --workers (finished tasks are kept)"
            ) from None
        finally:
            # Also in the middle of a task: what matters is in the cache, and a failed build should end at once.
            pool.shutdown(wait=True, kill_workers=True)


def available_cpus() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# Workers are the parallelism. Threads of the BLAS library, which NumPy starts for each core, wait for work in loops.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def _prepare_worker(parent: int) -> None:
    """Runs first in each worker."""
    # Ctrl-C reaches the whole process group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import pyarrow as pa

    pa.set_cpu_count(1)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process soon after its parent has gone: a killed build should not go on in its workers."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
