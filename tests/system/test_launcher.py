"""One whole system started, refused, killed and stopped."""

import os
import shutil
import signal
from pathlib import Path

from baton.client.customer import Customer
from baton.client.phrases import phrases
from baton.client.system import PrivateSystem, looks
from baton.launcher.system import free_port


def alive(pid):
    """Tell whether a process runs; one that ended and was not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def until_gone(pids):
    """Wait until none of the processes lives."""
    async for _ in looks(30, f"end of {pids}"):
        if not any(map(alive, pids)):
            return


async def test_a_second_start_from_the_same_folder_is_refused(ready, baton):
    code, _, err = await baton("up", "--data", str(ready.folder), "--port", str(free_port()))

    assert code == 1
    assert f"already runs from {ready.folder} at {ready.url}" in err
    assert "Remedy" in err
    assert "Traceback" not in err


async def test_a_taken_port_is_named_with_another_one(ready, baton, tmp_path):
    code, _, err = await baton("up", "--data", str(tmp_path / "d"), "--port", str(ready.port))

    assert code == 1
    assert f"port {ready.port} on 127.0.0.1 is taken" in err
    assert f"--port {ready.port + 1}" in err
    assert "Traceback" not in err


async def test_doctor_finds_a_running_system_well(ready, baton):
    code, out, err = await baton("doctor", "--data", str(ready.folder), "--port", str(ready.port))

    assert code == 0, out + err
    assert "BAD" not in out


def take_over(source, target):
    """Give a new data folder the artefacts of another, by hard links."""
    for name in ("models", "kb", "rasa"):
        shutil.copytree(source / name, target / name, symlinks=True, copy_function=os.link)


async def test_a_killed_launcher_loses_nothing_and_ctrl_c_leaves_no_process(ready, tmp_path):
    take_over(ready.folder, tmp_path / "data")
    system = PrivateSystem(tmp_path / "data", port=free_port())
    async with system:
        async with Customer(system.url, locale="ru") as customer:
            await customer.say(phrases("ru").question)
            before = customer.transcript()
        pids = list(system.pids().values())
        assert len(pids) == 5

        await system.stop(how=signal.SIGKILL)
        await until_gone(pids)
        await system.start()

        token = customer.visitor_token
        async with Customer(system.url, locale="ru", visitor_token=token) as again:
            await again.until_event("message.posted", what="history", after=before[-1].seq - 1)
            assert again.transcript() == before
        pids = list(system.pids().values())

        code = await system.stop()

        assert code == 0
        assert not any(map(alive, pids))
        assert not (system.folder / "run.json").exists()
