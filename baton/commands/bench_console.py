"""`baton bench console`: how much an agent's tab weighs, how it scrolls, how soon it is heard."""

import asyncio
import json
import signal
from typing import Any

import aiohttp
import click

from baton.bench.console_tab import measure_first_words, measure_tab
from baton.bench.desk import private_desk
from baton.client.address import wrong_use
from baton.client.errors import ClientError
from baton.client.machine import machine
from baton.launcher.redis_server import NoRedisServer
from baton.launcher.system import CannotRun

#: One agent writes and accepts more than a person could.
_NO_LIMITS = {
    "BATON_MESSAGES_PER_MINUTE": "6000",
    "BATON_MESSAGES_BURST": "1000",
    "BATON_DEMO": "on",
}
#: What a tab may weigh (MB), how many frames a second it must reach, and how soon (ms, p95) the
#: first word after accepting is on the customer's page.
MAX_TAB_MB, MIN_FPS, MAX_SEEN_MS = 200.0, 57.0, 150.0


@click.command("console")
@click.option("--conversations", type=click.IntRange(1, 50), default=50, show_default=True)
@click.option(
    "--messages", type=click.IntRange(1, 200), default=20, show_default=True, help="In each."
)
@click.option(
    "--customers",
    type=click.IntRange(1, 50),
    default=30,
    show_default=True,
    help="Timed one by one.",
)
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(conversations: int, messages: int, customers: int, *, as_json: bool) -> None:
    """Measure the console in a real Chromium, on a private service without the bot.

    The tab of an agent who holds CONVERSATIONS: memory that its process shares with no other, and
    frames a second while the wheel turns through a transcript of 20 times MESSAGES. An agent who
    accepts and writes at once: time until a customer, in Chromium too, sees it. Exit 1: above
    200 MB, below 57 frames a second, or above 150 ms (p95).
    """
    try:
        figures = asyncio.run(_measure(conversations, messages, customers))
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None
    except (CannotRun, ClientError, NoRedisServer, aiohttp.ClientError, OSError) as error:
        raise wrong_use(error) from None
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        for name, value in figures.items():
            click.echo(f"{name:<20} {json.dumps(value)}")
    if not figures["fits"]:
        raise SystemExit(1)


async def _measure(conversations: int, messages: int, customers: int) -> dict[str, Any]:
    this = asyncio.current_task()
    if this:  # told to end, it ends what it started first, as after Ctrl-C
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    async with private_desk(replicas=1, settings=_NO_LIMITS) as desk:
        click.echo("first words …", err=True)
        words = await measure_first_words(desk.urls[0], desk.secret, customers=customers)
    async with private_desk(replicas=1, settings=_NO_LIMITS) as desk:
        click.echo(f"a tab with {conversations} conversations …", err=True)
        tab = await measure_tab(
            desk.urls[0], desk.secret, conversations=conversations, messages=messages
        )
    return {
        "machine": machine(),
        "first_words": words,
        "tab": tab,
        "budget": {"tab_mb": MAX_TAB_MB, "fps": MIN_FPS, "accept_to_seen_p95_ms": MAX_SEEN_MS},
        "fits": tab["tab_mb"] <= MAX_TAB_MB
        and tab["scrolling"]["fps"] >= MIN_FPS
        and words["accept_to_seen_ms"]["p95"] <= MAX_SEEN_MS,
    }
