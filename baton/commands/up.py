"""`baton up`: set up what is missing, then run a whole system until Ctrl-C."""

import asyncio
import contextlib
import logging
import signal
import sys
import time
from pathlib import Path

import click

from baton.launcher.data_dir import DataDir
from baton.launcher.first_account import create_first_account
from baton.launcher.redis_server import NoRedisServer
from baton.launcher.steps import prepare
from baton.launcher.system import CannotRun, System, check_port


@click.command("up")
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    show_default=True,
    envvar="BATON_DATA_DIR",
    help="Data folder; a private one makes a private copy.",
)
@click.option("--host", default="127.0.0.1", show_default=True, envvar="BATON_HOST")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8080, show_default=True, envvar="BATON_PORT"
)
def command(folder: Path, host: str, port: int) -> None:
    """Run everything on embedded defaults; Ctrl-C stops it all."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    data = DataDir(folder)
    try:
        running = data.running()
        if running:
            raise CannotRun(
                f"Baton already runs from {folder} at {running['url']} (pid {running['pid']}). "
                "Remedy: use that one, stop it, or give --data and --port for a private copy"
            )
        check_port(host, port)
        prepare(data, say=_say)
        asyncio.run(_run(data, host, port))
    except (CannotRun, NoRedisServer) as error:
        raise click.ClickException(str(error)) from None


def _say(line: str) -> None:
    click.echo(line, err=True)


async def _run(data: DataDir, host: str, port: int) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    begun = time.monotonic()
    account = await create_first_account(data)
    if account:  # said before anything can go wrong: it is shown only once
        click.echo(_first_account(*account))
    system = System(data, host=host, port=port)
    try:
        _say("starting redis, rasa, actions, service, learning …")
        start = asyncio.create_task(_start(system))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({start, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not start.done():
            start.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await start
            return
        start.result()
        _say(f"ready in {time.monotonic() - begun:.0f} s")
        click.echo(_addresses(system.url, demo=system.demo == "on"))
        sys.stdout.flush()
        await stopped
    finally:
        _say("stopping …")
        await system.stop()
        _say("stopped")


async def _start(system: System) -> None:
    await system.start()
    shown: set[str] = set()

    def on_wait(missing: dict[str, str]) -> None:
        parts = ", ".join(sorted(missing))
        if parts not in shown:
            shown.add(parts)
            _say(f"waiting for {parts}")

    await system.wait_ready(on_wait)


def _first_account(login: str, password: str) -> str:
    return (
        f"\n  First agent: {login}   password: {password}\n"
        "  (shown once; only its hash is kept. Another: baton account create --help)\n"
    )


def _addresses(url: str, *, demo: bool) -> str:
    pages = (
        f"\n  Demo shop with the widget   {url}/demo"
        f"\n  Set up the widget           {url}/demo/configure"
    )
    return (
        f"{pages if demo else ''}"
        f"\n  Agent console               {url}/console"
        f"\n  Health                      {url}/readyz"
        "\n\n  Ctrl-C stops everything.\n"
    )
