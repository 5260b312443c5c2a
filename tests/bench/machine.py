"""What the processes cost, as Linux counts it in /proc (proc(5))."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nlu.bench.table import markdown

_TICKS = os.sysconf("SC_CLK_TCK")
_AFTER_NAME = 2
"""Number of the field in /proc/<pid>/stat that follows the name, which may hold blanks and brackets."""
_UTIME, _STIME = 14, 15
KIB_PER_MB = 1024


@dataclass(frozen=True)
class Usage:
    """CPU seconds since the process began; the most memory it has had (VmHWM) and what it has now (VmRSS), in MB."""

    cpu: float
    peak: float
    memory: float = 0.0


def usage(pid: int) -> Usage:
    """What a process has used so far, its children left out."""
    folder = Path("/proc", str(pid))
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    ticks = sum(int(fields[number - _AFTER_NAME - 1]) for number in (_UTIME, _STIME))
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    peak, memory = (int(status[name].split()[0]) / KIB_PER_MB for name in ("VmHWM", "VmRSS"))
    return Usage(ticks / _TICKS, peak, memory)


def busy() -> float:
    """CPU seconds that all programs together have used since the machine began; waiting for a disk left out."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    user, nice, system, _, _, irq, softirq, steal = fields[:8]
    return (user + nice + system + irq + softirq + steal) / _TICKS


def others(before: Mapping[str, Usage], after: Mapping[str, Usage], busy_seconds: float) -> float:
    """Of the machine's CPU seconds between two looks, those of programs that were not looked at."""
    return max(busy_seconds - sum(after[name].cpu - before[name].cpu for name in after), 0.0)


def described() -> str:
    """One line about the machine; the load tells who else was at work before."""
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, load before {os.getloadavg()[0]:.2f}"


def costs(before: Mapping[str, Usage], after: Mapping[str, Usage], seconds: float, steps: int) -> Iterator[str]:
    """What each process used between two looks, as lines of Markdown; in all, in cores and for each step."""
    used = {name: after[name].cpu - before[name].cpu for name in after}
    rows = [
        (name, f"{cpu:.1f}", f"{cpu / seconds:.2f}", f"{cpu / max(steps, 1) * 1000:.1f}",
         f"{before[name].memory:.0f}", f"{after[name].memory:.0f}", f"{after[name].peak:.0f}")
        for name, cpu in used.items()
    ]  # fmt: skip
    return markdown(("process", "CPU s", "cores", "ms a step", "MB before", "MB after", "peak MB"), rows)
