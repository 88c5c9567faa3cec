"""The launcher keeps its children alive, and leaves none behind."""

import asyncio
import os
import signal
import sys

import pytest

from baton.launcher.processes import ProcessGroup, Program


def program(tmp_path, name, code):
    return Program(
        name, [sys.executable, "-c", code], dict(os.environ), tmp_path, tmp_path / f"{name}.log"
    )


SLEEP = "import time; time.sleep(60)"
IGNORE_TERM = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('up', flush=True); time.sleep(60)"
)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def wait_until(condition, what):
    for _ in range(200):
        if condition():
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"never: {what}")


async def test_a_killed_child_is_started_again(tmp_path):
    group = ProcessGroup()
    await group.start(program(tmp_path, "sleeper", SLEEP))
    first = group.pids["sleeper"]

    os.kill(first, signal.SIGKILL)

    await wait_until(lambda: group.pids["sleeper"] != first, "another process")
    assert alive(group.pids["sleeper"])
    await group.stop()


async def test_stop_leaves_no_process(tmp_path):
    group = ProcessGroup()
    for name in ("one", "two"):
        await group.start(program(tmp_path, name, SLEEP))
    pids = list(group.pids.values())

    await group.stop()

    assert len(pids) == 2
    assert not any(alive(pid) for pid in pids)


async def test_a_child_that_ignores_the_polite_signal_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("baton.launcher.processes.STOP_GRACE_S", 0.3)
    group = ProcessGroup()
    stubborn = program(tmp_path, "stubborn", IGNORE_TERM)
    await group.start(stubborn)
    await wait_until(lambda: stubborn.log.read_text() == "up\n", "the handler is in place")
    pid = group.pids["stubborn"]

    await group.stop()

    assert not alive(pid)


async def test_a_program_that_does_not_exist_is_an_error_at_once(tmp_path):
    group = ProcessGroup()
    missing = Program("ghost", [str(tmp_path / "ghost")], {}, tmp_path, tmp_path / "ghost.log")

    with pytest.raises(FileNotFoundError, match="ghost"):
        await group.start(missing)

    await group.stop()


async def test_every_start_is_told(tmp_path):
    seen = []
    group = ProcessGroup(on_change=lambda: seen.append(1))
    await group.start(program(tmp_path, "sleeper", SLEEP))

    os.kill(group.pids["sleeper"], signal.SIGKILL)

    await wait_until(lambda: len(seen) == 2, "a second call")
    await group.stop()
