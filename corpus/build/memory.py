"""How much memory a command may take, and how many workers that allows. No result depends on it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from corpus.errors import UsageError

DRIVER_MB = 200
"""What the process that hands out tasks takes, in megabytes (10^6 bytes)."""
WORKER_MB = 150
"""What of a worker's memory is taken before its task has anything: the program and its libraries."""

_UNITS = {"mb": 1.0, "gb": 1e3, "tb": 1e6, "mib": 1.048576, "gib": 1.073741824e3, "tib": 1.099511627776e6}
_SIZE = re.compile(rf"(\d+(?:\.\d+)?)\s*({'|'.join(_UNITS)}|%)", re.IGNORECASE)


def memory_limit_mb(wanted: str | None, need_mb: int, total_mb: float | None = None) -> float:
    """The limit that a user sets, or half of what there is.

    Args:
        wanted: Such as `2GB`, `1500MB`, `1.5GiB` or `50%` of what there is; None for half of it.
        need_mb: Megabytes without which nothing can run. Where half of what there is would be less, and nobody
            has said how much to take, these are taken.
        total_mb: What there is; by default what this machine or its container has.

    Raises:
        UsageError: `wanted` is no size or less than is needed, or there is not so much.
    """
    total = total_mb or machine_mb()
    if wanted is None:
        if total < need_mb:
            raise UsageError(f"{need_mb:,} MB of memory are needed at least, and there are {total:,.0f} MB")
        return max(total / 2, need_mb)
    match = _SIZE.fullmatch(wanted.strip())
    if match is None:
        raise UsageError(f"'{wanted}' is no size of memory: write it like 2GB, 1500MB or 50%")
    unit = match[2].lower()
    limit = float(match[1]) * (total / 100 if unit == "%" else _UNITS[unit])
    if limit < need_mb:
        raise UsageError(f"a memory limit of {limit:,.0f} MB is too small: {need_mb:,} MB are needed at least")
    return limit


def workers_within(limit_mb: float, need_mb: int, driver_mb: float = DRIVER_MB) -> int:
    """How many tasks of a need may run at once beside the process that hands them out; one at least."""
    return max(1, int((limit_mb - driver_mb) / need_mb))


def machine_mb() -> float:
    """Memory of this machine, or of the container where that has less, in megabytes."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    return min(machine, container_mb() or machine)


def container_mb(groups: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> float | None:
    """The smallest limit of the control groups that this process is in, in megabytes; None where there is none.

    Both versions of control groups are read (https://docs.kernel.org/admin-guide/cgroup-v2.html, `memory.max`).

    Args:
        groups: Where their file system is mounted.
        own: File that lists the groups of this process, as `number:controllers:/path` lines.
    """
    limits = []
    for top, name, path in _memory_groups(groups, own):
        # Within a container the path may be the host's, which is not there; the container's own group is the top.
        steps = path.strip("/").split("/")
        for depth in range(len(steps) + 1):
            file = top.joinpath(*steps[:depth]) / name
            try:
                content = file.read_text(encoding="ascii").strip()
            except OSError:
                continue
            if content.isdecimal():
                limits.append(int(content) / 1e6)
    return min(limits, default=None)


def _memory_groups(groups: Path, own: Path) -> list[tuple[Path, str, str]]:
    """Where the limits are, the name of their file, and the path of the group of this process below it."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    out = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            out.append((groups, "memory.max", path))
        elif "memory" in controllers.split(","):
            out.append((groups / "memory", "memory.limit_in_bytes", path))
    return out
