"""`baton bench handoff`: how soon somebody who asks for a person is put before one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import click

from baton.launcher.redis_server import NoRedisServer
from baton.launcher.system import CannotRun

if TYPE_CHECKING:
    from baton.bench.handoff import Figures

SECTIONS = ("offers", "growth", "burst", "starts", "replicas")


def _sections(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in value.split(",") if part.strip())
    unknown = [part for part in chosen if part not in SECTIONS]
    if unknown or not chosen:
        given, known = ", ".join(unknown) or "nothing", ", ".join(SECTIONS)
        raise click.BadParameter(f"{given}; expected {known}")
    return chosen


@click.command("handoff")
@click.option("--agents", type=click.IntRange(10, 5_000), default=1_000, show_default=True)
@click.option("--waiting", type=click.IntRange(1, 200_000), default=10_000, show_default=True)
@click.option("--replicas", type=click.IntRange(1, 4), default=1, show_default=True)
@click.option(
    "--only",
    callback=_sections,
    default=",".join(SECTIONS),
    show_default=True,
    help="Sections to measure, separated by commas.",
)
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(
    agents: int, waiting: int, replicas: int, only: tuple[str, ...], *, as_json: bool
) -> None:
    """Measure offers, freed slots and chat starts on a private desk.

    Redis (every write on disk before it is answered) and service processes of its own, agents and
    customers on real sockets played by another process. No bot runs: a handoff by click needs none.
    offers: AGENTS agents, WAITING conversations in line. growth: processor time an assignment with
    100 to 100,000 waiting, beside a bare pop-and-assign script. burst: 20 chats in a second for one
    agent. starts: start → assigned when idle, and chat starts a second. replicas: the latter with
    one process and with two.
    """
    try:
        figures = asyncio.run(_measure(agents, waiting, replicas, only))
    except (NoRedisServer, CannotRun, RuntimeError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(figures, indent=1))
        return
    for name, value in figures.items():
        click.echo(f"{name:<32} {json.dumps(value)}")


async def _measure(agents: int, waiting: int, replicas: int, only: tuple[str, ...]) -> Figures:
    from baton.bench import handoff
    from baton.client.machine import machine

    figures: dict[str, Any] = {"machine": machine(), "agents": agents, "waiting": waiting}

    async def section(name: str, measure: Callable[[], Awaitable[Figures]]) -> None:
        if name in only:
            click.echo(f"{name} …", err=True)
            figures.update(await measure())

    async def growth() -> Figures:
        rows = [await handoff.measure_growth(length) for length in handoff.GROWTH]
        at = min(rows, key=lambda row: abs(row["waiting"] - waiting))
        return {
            "assignments_per_s": at["assignments_per_s"],
            "router_cpu_us_per_assignment": at["us_per_assignment"],
            "growth": rows,
            "pop_and_assign": await handoff.measure_pop_and_assign(),
        }

    async def burst() -> Figures:
        return {"burst_20": await handoff.measure_burst()}

    async def starts() -> Figures:
        return await handoff.measure_starts(replicas=replicas)

    async def two() -> Figures:
        one, both = [await handoff.measure_starts(replicas=count) for count in (1, 2)]
        ratio = round(both["starts_per_s"] / one["starts_per_s"], 2)
        return {"replicas": {"one": one, "two": both, "ratio": ratio}}

    await section("offers", lambda: handoff.measure_offers(agents, waiting, replicas=replicas))
    await section("growth", growth)
    await section("burst", burst)
    await section("starts", starts)
    await section("replicas", two)
    return figures
