"""Says what the machine did: times in order, memory of this process, size of files."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

_MIB = 1024 * 1024


@dataclass(slots=True)
class Stopwatch:
    """Times calls in the caller's thread: by the clock, and by what they had of a core.

    On a busy machine the clock also counts waiting for a core; the other figure does not.
    """

    clock: list[float] = field(default_factory=list)
    core: list[float] = field(default_factory=list)

    @contextmanager
    def lap(self) -> Iterator[None]:
        """Time one call."""
        started, worked = time.perf_counter(), time.thread_time()
        yield
        self.core.append(time.thread_time() - worked)
        self.clock.append(time.perf_counter() - started)

    def summary(self) -> dict[str, float]:
        """Return the median and the 95th percentile in milliseconds, nearest rank."""
        clock, core = (
            np.percentile(np.array(one) * 1000, [50, 95], method="inverted_cdf").round(3).tolist()
            for one in (self.clock, self.core)
        )
        return dict(
            zip(("p50_ms", "p95_ms", "core_p50_ms", "core_p95_ms"), clock + core, strict=True)
        )


def memory() -> dict[str, int]:
    """Return the memory of this process, in MiB.

    `resident` is all; `own` belongs to this process alone; `mapped` belongs to files, is there once
    for all processes that map them, and can be given up when memory is short. `proportional` counts
    what is shared now by the number of sharers.
    """
    kilobytes = {
        name.rstrip(":"): int(rest[0])
        for name, *rest in map(str.split, Path("/proc/self/smaps_rollup").read_text().splitlines())
        if rest[-1:] == ["kB"]
    }
    resident, own = kilobytes["Rss"], kilobytes["Anonymous"]
    return {
        "resident_mib": round(resident / 1024),
        "own_mib": round(own / 1024),
        "mapped_mib": round((resident - own) / 1024),
        "proportional_mib": round(kilobytes["Pss"] / 1024),
    }


def size(path: Path) -> float:
    """Return the size of a file or folder, in MiB."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return round(sum(one.stat().st_size for one in files) / _MIB, 1)


def load() -> float:
    """Return how many processes wanted a core in the last minute, on average."""
    return round(os.getloadavg()[0], 2)
