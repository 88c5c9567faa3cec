"""Runs one process of the service: `python -m handoff_service`, told by the environment."""

import asyncio
import contextlib
import gc
import logging
import os
import resource
import signal
import sys
from typing import Any

import uvloop
from aiohttp import web

from handoff_service.app import create_app
from handoff_service.archive.errors import ArchiveError
from handoff_service.errors import (
    HoursError,
    ProactiveError,
    RepliesError,
    RetentionError,
    RoutingError,
    SettingsError,
    SitesError,
    StoreUnavailable,
    StoreUnsafe,
)
from handoff_service.services import SUPERVISOR
from handoff_service.settings import Settings
from handoff_service.store.health import FAULTS

logger = logging.getLogger("handoff_service")

#: How long open requests may take to end when the process is told to stop, in seconds.
SHUTDOWN_S = 5.0
#: How many objects more there must be before the collector of cycles looks at the young ones, and
#: how often it does before it looks at older ones. With Python's own 700, 10 and 10, a process that
#: holds thousands of sockets stops every few seconds to look at all of them.
GC_THRESHOLD = (20_000, 20, 50)


def main() -> int:
    """Serve until told to stop; 0 then, 1 when something broke, 2 when the settings are wrong."""
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 (there is no log yet)
        return 2
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    _allow_files()
    try:
        return uvloop.run(serve(settings))
    except StoreUnavailable as error:
        why = FAULTS[error.fault]
    except ArchiveError as error:
        why = f"the history database cannot be used ({error}). Remedy: check BATON_SQL_URL"
    except (
        HoursError, ProactiveError, RepliesError, RetentionError, RoutingError, SettingsError,
        SitesError, StoreUnsafe,
    ) as error:  # fmt: skip
        print(error, file=sys.stderr)  # noqa: T201 (several lines, as with the settings)
        return 2
    except OSError as error:
        why = f"cannot listen on {settings.host}:{settings.port}: {error.strerror}"
    logger.critical(why)
    return 1


async def serve(settings: Settings) -> int:
    """Run the service until SIGINT or SIGTERM, or until one of its tasks ends by itself."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    app = create_app(settings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        _spare_collector()
        await web.TCPSite(runner, settings.host, settings.port).start()
        logger.info("listening on %s", ", ".join(str(address) for address in runner.addresses))
        failed: asyncio.Future[Any] = app[SUPERVISOR].failed
        stopped: asyncio.Future[Any] = asyncio.ensure_future(stop.wait())
        await asyncio.wait({failed, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        return 1 if failed.done() else 0
    finally:
        await runner.cleanup()


def _allow_files() -> None:
    """Let this process open as many files as it may: each socket is one, and 1,024 are not many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):  # some systems have a lower limit than they say
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _spare_collector() -> None:
    """Have the collector of cycles leave alone what was loaded at the start, and come seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLD)


if __name__ == "__main__":
    sys.exit(main())
