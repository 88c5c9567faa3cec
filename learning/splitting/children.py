"""Child processes that end with this one, at the usual priority although this one is niced."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

#: Seconds that a child has to end by itself.
STOP_S = 10.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Children:
    """Starts programs from a thread of its own, which is as old as this object.

    On Linux a thread hands its niceness on to its children: made before this process is niced, they
    answer customers as fast as the live bot's processes do. They end when that thread does.
    """

    def __init__(self) -> None:
        """Make the thread."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="children")
        self._thread.submit(lambda: None).result()

    def start(
        self, argv: Sequence[str], *, environment: Mapping[str, str], folder: Path, log: Path
    ) -> subprocess.Popen[bytes]:
        """Start a program that writes to `log`. Raises OSError."""
        return self._thread.submit(_spawn, argv, environment, folder, log).result()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a child and wait for it; what does not end by itself is killed. Blocks."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _spawn(
    argv: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603 (our own programs)
            argv,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=_end_with_parent if _libc else None,  # noqa: PLW1509 (one call, no locks)
        )


def _end_with_parent() -> None:
    assert _libc is not None  # noqa: S101 (only passed where it is)
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
