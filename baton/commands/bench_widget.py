"""`baton bench widget`: what the widget costs a page and a customer on a slow phone."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import click

from baton.bench.desk import private_desk
from baton.bench.widget_bytes import GOAL_ALL, MAX_ALL, MAX_LOADER, RIVALS, weigh
from baton.bench.widget_visit import Line, chromium, median_of, visit, visit_plain
from baton.client.address import wrong_use
from baton.client.machine import machine
from baton.launcher.redis_server import NoRedisServer
from baton.launcher.system import CannotRun


@click.command("widget")
@click.option("--url", help="A running service; default: a private one, without the bot.")
@click.option("--site", default="", help="Whose widget is weighed; default: the default site's.")
@click.option("--visits", type=click.IntRange(1, 100), default=5, show_default=True)
@click.option(
    "--kbit", type=click.IntRange(50, 1_000_000), default=1_600, show_default=True, help="kbit/s."
)
@click.option(
    "--rtt", type=click.IntRange(0, 5_000), default=150, show_default=True, help="Round trip, ms."
)
@click.option(
    "--cpu", type=click.FloatRange(1, 20), default=4.0, show_default=True, help="Times slower."
)
@click.option("--bytes-only", is_flag=True, help="Weigh the files; no Chromium is needed.")
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(
    url: str | None,
    site: str,
    visits: int,
    kbit: int,
    rtt: int,
    cpu: float,
    *,
    bytes_only: bool,
    as_json: bool,
) -> None:
    """Weigh the widget in five languages, and time it in a throttled Chromium.

    Bytes by file and in all, after gzip and after brotli. Medians of VISITS by a browser that was
    never there and comes back once: time to the button; from the pointer on the button to the
    greeting painted and the conversation connected; what long tasks block (above 50 ms each)
    before and after; and the same page without the widget, by turns. The widget runs in the
    page's own process here, which on a shop of another site it does not. Exit 1: more than
    3,000 bytes of loader or 31,500 bytes in all after gzip.
    """
    line = Line(kbit_s=kbit, rtt_ms=rtt, cpu=cpu)
    try:
        figures = asyncio.run(_measure(url, site, 0 if bytes_only else visits, line))
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None
    except (CannotRun, NoRedisServer, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise wrong_use(error) from None
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        _print(figures)
    if not figures["bytes"]["fits"]:
        raise SystemExit(1)


async def _measure(url: str | None, site: str, visits: int, line: Line) -> dict[str, Any]:
    this = asyncio.current_task()
    if this:  # told to end, it ends what it started first, as after Ctrl-C
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    async with _service(url) as address:
        figures: dict[str, Any] = {
            "machine": machine(),
            "bytes": await weigh(address, site=site),
            "budget_gzip": {"loader": MAX_LOADER, "all": MAX_ALL, "goal": GOAL_ALL},
            "others_gzip_kb": {
                name: {"kb": size, "source": source} for name, (size, source) in RIVALS.items()
            },
        }
        if visits:
            figures |= await _visit(address, visits, line)
    return figures


@asynccontextmanager
async def _service(url: str | None) -> AsyncIterator[str]:
    if url:
        yield url.rstrip("/")
        return
    async with private_desk(replicas=1) as desk:
        yield desk.urls[0]


async def _visit(url: str, visits: int, line: Line) -> dict[str, Any]:
    with_widget, plain = [], []
    async with chromium() as browser:
        await visit(browser, url, line)  # the first finds nothing compressed yet
        for number in range(1, visits + 1):
            click.echo(f"visit {number} of {visits} …", err=True)
            plain.append(await visit_plain(browser, url, line))
            with_widget.append(await visit(browser, url, line))
    widget, without = median_of(with_widget), median_of(plain)
    return {
        "line": {"kbit_s": line.kbit_s, "rtt_ms": line.rtt_ms, "cpu": line.cpu, "visits": visits},
        "with_widget": widget,
        "without": without,
        "paint_ratio": round(widget["paint_ms"] / max(without["paint_ms"], 0.1), 2),
    }


def _print(figures: dict[str, Any]) -> None:
    weights = figures["bytes"]
    click.echo(
        f"{'bytes after gzip (brotli)':40}" + "".join(f"{name:>16}" for name in weights["files"])
    )
    for path in dict.fromkeys(path for found in weights["files"].values() for path in found):
        row = [found.get(path) for found in weights["files"].values()]
        cells = (f"{each['gzip']:>7} ({each['brotli']})" if each else "" for each in row)
        click.echo(f"{path:40}" + "".join(f"{cell:>16}" for cell in cells))
    totals = zip(weights["total_gzip"].values(), weights["total_brotli"].values(), strict=True)
    click.echo(f"{'in all':40}" + "".join(f"{f'{one} ({other})':>16}" for one, other in totals))
    click.echo(f"{'budget':40}{MAX_LOADER:>16} of loader, {MAX_ALL} in all (goal {GOAL_ALL})")
    for name, other in figures["others_gzip_kb"].items():
        click.echo(f"{name:40}{other['kb']:>13} KB  {other['source']}")
    for part in ("with_widget", "without"):
        for name, value in figures.get(part, {}).items():
            click.echo(f"{part + ' ' + name:40}{value:>16}")
    if "paint_ratio" in figures:
        click.echo(f"{'first paint, with ÷ without':40}{figures['paint_ratio']:>16}")
