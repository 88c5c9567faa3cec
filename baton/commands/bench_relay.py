"""`baton bench relay`: how long a customer's message takes to the agent, beside other relays."""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import click
import uvloop

from baton.bench.desk import Desk, private_desk
from baton.bench.rivals import RELAYS, WORKERS, check_installed, job_times, relay
from baton.client.address import wrong_use
from baton.client.machine import cpu_ms, machine
from baton.client.percentile import percentile
from baton.launcher.redis_server import NoRedisServer
from baton.launcher.system import ROOT, CannotRun

BATON = "baton"
SIDES = (BATON, *RELAYS, *WORKERS)


@dataclass(frozen=True, slots=True)
class Load:
    """What every side is put under."""

    rate: int
    seconds: int
    replicas: int
    customers: int
    agents: int
    job_rate: int


@click.command("relay")
@click.option("--rate", type=click.IntRange(1, 20_000), default=1000, show_default=True)
@click.option("--seconds", type=click.IntRange(1, 3600), default=20, show_default=True)
@click.option("--replicas", type=click.IntRange(1, 16), default=2, show_default=True)
@click.option("--customers", type=click.IntRange(1, 2000), default=200, show_default=True)
@click.option("--agents", type=click.IntRange(1, 500), default=20, show_default=True)
@click.option("--job-rate", type=click.IntRange(1, 20_000), default=100, show_default=True)
@click.option("--only", type=click.Choice(SIDES), multiple=True, help="Some sides; default: all.")
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(*, only: tuple[str, ...], as_json: bool, **load: int) -> None:
    """Time messages of customers until their agent's socket has them.

    RATE messages a second through REPLICAS service processes of a private system, whose Redis has
    each on disk before it is acknowledged; half of them cross from one process to another. Then
    the same load on a bare aiohttp relay with Redis pub/sub and on python-socketio with its Redis
    manager, which store nothing; then JOB_RATE jobs a second through arq and Celery, from enqueued
    to started. Exit 1: Baton lost or doubled a message.

    The load comes from one process on the same machine, which shares its processors. The rivals
    need `make rivals`.
    """
    try:
        figures = uvloop.run(_measure(Load(**load), only or SIDES))
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None
    except (CannotRun, NoRedisServer, OSError) as error:
        raise wrong_use(error) from None
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        for name, value in figures.items():
            click.echo(f"{name:16} {value}")
    ours = figures.get(BATON, {})
    if ours.get("lost") or ours.get("duplicated"):
        raise SystemExit(1)


async def _measure(load: Load, sides: Sequence[str]) -> dict[str, Any]:
    this = asyncio.current_task()
    if this:  # told to end, it ends what it started first, as after Ctrl-C
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    if set(sides) - {BATON}:
        check_installed()
    figures: dict[str, Any] = {"machine": machine(), "load": asdict(load)}
    for side in sides:
        click.echo(f"{side} …", err=True)
        figures[side] = await _measure_side(side, load)
    return figures


async def _measure_side(side: str, load: Load) -> dict[str, Any]:
    if side in WORKERS:
        jobs = load.job_rate * load.seconds
        times = await job_times(side, workers=load.replicas, jobs=jobs, rate=load.job_rate)
        if not times:
            raise CannotRun(f"{side} started none of {jobs} jobs. Remedy: a lower --job-rate")
        ranks = {f"p{rank}_ms": 1000 * percentile(times, rank) for rank in (50, 95, 99)}
        return {**_rounded(ranks), "jobs": jobs, "lost": jobs - len(times)}
    opened = private_desk if side == BATON else _relay_of(side)
    async with opened(replicas=load.replicas) as desk:
        return await _pour(side, desk, load)


def _relay_of(side: str) -> Any:  # a function with the keywords of private_desk
    return lambda *, replicas: relay(side, replicas=replicas)


async def _pour(side: str, desk: Desk, load: Load) -> dict[str, Any]:
    plan = asdict(load) | {"road": side, "urls": desk.urls, "secret": desk.secret}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "baton.bench.relay_load",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 (pipes, above)
        process.stdin.write(json.dumps(plan).encode())
        process.stdin.close()
        await process.stdout.readline()  # it has warmed up, and counts from now on
        pids = {**desk.pids, "load": process.pid}
        before = cpu_ms(pids)
        line = await process.stdout.readline()
        after = cpu_ms(pids)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    if not line:
        raise CannotRun(f"the load generator of {side} ended early; it says why above")
    figures: dict[str, Any] = json.loads(line)
    return figures | {"cpu_percent": _busy(before, after, load)}


def _busy(before: Mapping[str, float], after: Mapping[str, float], load: Load) -> dict[str, int]:
    """Return the share (%) of one processor that each process used: who is the bound."""
    whole_ms = 10 * load.seconds
    return {name: round((ms - before[name]) / whole_ms) for name, ms in after.items()}


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in figures.items()}
