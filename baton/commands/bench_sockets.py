"""`baton bench sockets`: what silent customers cost a process, beside a bare aiohttp server."""

import asyncio
import json
import resource
import signal
import sys
from contextlib import AbstractAsyncContextManager
from typing import Any

import click
import uvloop

from baton.bench.desk import Desk, private_desk
from baton.bench.rivals import check_installed, relay
from baton.client.address import wrong_use
from baton.client.machine import cpu_ms, machine, memory_mb
from baton.launcher.redis_server import NoRedisServer
from baton.launcher.system import ROOT, CannotRun

BATON, AIOHTTP = "baton", "aiohttp"
#: Files a process opens beside the sockets.
_OTHER_FILES = 200


@click.command("sockets")
@click.option("--idle", type=click.IntRange(1, 50_000), default=5000, show_default=True)
@click.option("--seconds", type=click.IntRange(1, 3600), default=60, show_default=True)
@click.option("--only", type=click.Choice([BATON, AIOHTTP]), multiple=True, help="Default: both.")
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(idle: int, seconds: int, only: tuple[str, ...], *, as_json: bool) -> None:
    """Hold IDLE customers' sockets in one service process for SECONDS, and weigh it.

    Resident memory before, with all of them open and after the wait, processor time of the wait
    (heartbeats), how fast they were let in; then the same with a bare aiohttp server, which lets
    everybody in without a conversation. Exit 1: a socket was lost.

    The rival needs `make rivals`.
    """
    try:
        figures = uvloop.run(_measure(idle, seconds, only or (BATON, AIOHTTP)))
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None
    except (CannotRun, NoRedisServer, OSError) as error:
        raise wrong_use(error) from None
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        for name, value in figures.items():
            click.echo(f"{name:10} {value}")
    if BATON in figures and figures[BATON]["still_open"] < idle:
        raise SystemExit(1)


async def _measure(idle: int, seconds: int, sides: tuple[str, ...]) -> dict[str, Any]:
    this = asyncio.current_task()
    if this:  # told to end, it ends what it started first, as after Ctrl-C
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    if AIOHTTP in sides:
        check_installed()
    _allow_files(idle + _OTHER_FILES)
    figures: dict[str, Any] = {"machine": machine(), "idle": idle, "seconds": seconds}
    for side in sides:
        click.echo(f"{side} …", err=True)
        opened: AbstractAsyncContextManager[Desk] = (
            private_desk(replicas=1) if side == BATON else relay("aiohttp_pubsub", replicas=1)
        )
        async with opened as desk:
            figures[side] = await _hold(side, desk, idle, seconds)
    return figures


async def _hold(side: str, desk: Desk, idle: int, seconds: int) -> dict[str, Any]:
    name = next(name for name in desk.pids if name != "redis")
    pid = desk.pids[name]
    plan = {"side": side, "urls": desk.urls, "secret": desk.secret, "idle": idle}
    empty_mb = _weigh(pid)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "baton.bench.idle_load",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 (pipes, above)

    async def answer() -> dict[str, float]:
        line = await process.stdout.readline() if process.stdout else b""
        if not line:
            raise CannotRun(f"the load generator of {side} ended early; it says why above")
        said: dict[str, float] = json.loads(line)
        return said

    try:
        process.stdin.write(json.dumps(plan).encode() + b"\n")
        open_s = (await answer())["open_s"]
        full_mb, before = _weigh(pid), cpu_ms({name: pid})
        await asyncio.sleep(seconds)
        after, later_mb = cpu_ms({name: pid}), _weigh(pid)
        process.stdin.write(b"\n")
        still_open = (await answer())["still_open"]
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    return {
        "empty_mb": round(empty_mb, 1),
        "full_mb": round(full_mb, 1),
        "later_mb": round(later_mb, 1),
        "kb_per_socket": round((full_mb - empty_mb) * 1000 / idle, 1),
        "opened_per_s": round(idle / open_s),
        "idle_cpu_percent": round((after[name] - before[name]) / (10 * seconds), 1),
        "still_open": still_open,
    }


def _weigh(pid: int) -> float:
    weight = memory_mb(pid)
    if weight is None:
        raise CannotRun("the service ended, or this system has no /proc to read its memory from")
    return weight


def _allow_files(count: int) -> None:
    """Let this process, and those it starts, open that many files. Raises CannotRun."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise CannotRun(
            f"only {hard} files may be open here, {count} are needed. "
            f"Remedy: raise the hard limit (ulimit -Hn), or give a smaller --idle"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
