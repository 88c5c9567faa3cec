"""What a measurement ran on, and what it cost in processor time."""

import os
from collections.abc import Mapping
from typing import Any

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def machine() -> dict[str, Any]:
    """Return {"cores", "load_1min"}: a load near the cores makes every time an upper bound."""
    return {"cores": os.cpu_count(), "load_1min": round(os.getloadavg()[0], 2)}


def cpu_ms(pids: Mapping[str, int]) -> dict[str, float]:
    """Return the processor time (ms, user and system) of each named process up to now.

    Empty where there is no /proc, or when a process is another user's or gone.
    """
    try:
        return {name: _cpu_ms(pid) for name, pid in pids.items()}
    except OSError:
        return {}


def _cpu_ms(pid: int) -> float:
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS_PER_S


def memory_mb(pid: int) -> float | None:
    """Return the resident memory (MB of 10⁶ bytes) of a process; None where there is no /proc."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return None


def cpu_ms_per_turn(
    before: Mapping[str, float], after: Mapping[str, float], turns: int
) -> dict[str, float]:
    """Return the processor time (ms) a turn of each process; steadier than times when busy."""
    return {
        name: round((after[name] - before[name]) / turns, 2)
        for name in before
        if name in after and after[name] >= before[name]
    }
