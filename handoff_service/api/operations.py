"""Whether the process is alive, whether it has what it needs, what it counts."""

import asyncio
from pathlib import Path

from aiohttp import ClientError, ClientTimeout, web

from handoff_service.api.bodies import answer
from handoff_service.api.schemas import CheckView, HealthAnswer, ReadyAnswer
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.mails import mail_trouble
from handoff_service.errors import Fault, StoreUnavailable
from handoff_service.metrics import CONTENT_TYPE
from handoff_service.services import SERVICES, Services
from handoff_service.store.health import FAULTS, REMEDIES
from handoff_service.version import VERSION

#: How long a check may take before it counts as failed, in seconds.
CHECK_TIMEOUT_S = 5.0

#: Without these nobody is served; without the others live conversations go on.
VITAL = frozenset({"redis"})

#: Events that may wait for the history. Redis holds them meanwhile, a kilobyte each.
MOST_ARCHIVE_LAG = 50_000
#: What is said, but makes no replica unready: the others would have it, too, and customers nobody.
WARNINGS = frozenset({"archive", "clock", "mail", "settings"})


async def healthz(_request: web.Request) -> web.Response:
    """Say that the process answers."""
    return answer(HealthAnswer(ok=True, version=VERSION))


async def readyz(request: web.Request) -> web.Response:
    """Check everything the service needs; 503 and the reasons unless it can serve.

    A part that was there since the process started and fails now leaves the process "degraded",
    not unready: with the history, the bot or the index away, people go on talking to people. Only
    without Redis does nothing go on.
    """
    services = request.app[SERVICES]
    redis, sql, archive, index, rasa = await asyncio.gather(
        _redis(services),
        _sql(services),
        _archive(services),
        _index(services.settings.kb_path),
        _rasa(services),
    )
    checks = {"redis": redis, "sql": sql, "archive": archive, "index": index} | rasa
    checks["clock"] = _clock(services)
    checks["settings"] = _settings(services)
    if services.settings.sends_mail:
        checks["mail"] = await _mail(services)
    failing = {name for name, check in checks.items() if not check.ok}
    seen = services.seen_ready
    seen |= checks.keys() - failing
    ready = failing.isdisjoint(VITAL) and failing <= seen | WARNINGS
    body = ReadyAnswer(ready=ready, degraded=ready and bool(failing), checks=checks)
    return answer(body, status=200 if ready else 503)


async def show_metrics(request: web.Request) -> web.Response:
    """Write the numbers of this process for Prometheus."""
    services = request.app[SERVICES]
    try:
        services.metrics.queue_length.set((await services.store.queue.stats()).waiting)
        services.metrics.archive_lag.set(await services.store.log.lag())
    except StoreUnavailable:
        # The last known numbers stand; /readyz says that Redis is away.
        pass
    return web.Response(body=services.metrics.text(), headers={"Content-Type": CONTENT_TYPE})


async def _redis(services: Services) -> CheckView:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            health = await services.store.health()
    except StoreUnavailable as error:
        return CheckView(ok=False, why=FAULTS[error.fault])
    except TimeoutError:
        return CheckView(ok=False, why=FAULTS[Fault.AWAY])
    problems = health.problems(services.settings.redis_durability)
    why = "; ".join(REMEDIES[code] for code in problems)
    return CheckView(ok=not why, why=why)


async def _sql(services: Services) -> CheckView:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await services.database.ping()
    except (ArchiveUnavailable, TimeoutError):
        return CheckView(ok=False, why="the database does not answer: look at BATON_SQL_URL")
    return CheckView(ok=True)


async def _archive(services: Services) -> CheckView:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            lag = await services.store.log.lag()
    except (StoreUnavailable, TimeoutError):
        return CheckView(ok=False, why="not known: Redis does not answer")
    if services.metrics.is_archive_interrupted():
        why = (
            f"the database takes no events ({lag} wait in Redis, nothing is lost): see that it "
            "runs, has room on its disk and is not locked; BATON_SQL_URL"
        )
        return CheckView(ok=False, why=why)
    if lag <= MOST_ARCHIVE_LAG:
        return CheckView(ok=True)
    return CheckView(
        ok=False,
        why=f"{lag} events wait in Redis for the history: the database is too slow for them; "
        "run more replicas, or raise BATON_ARCHIVE_BATCH",
    )


async def _mail(services: Services) -> CheckView:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            trouble = await mail_trouble(services.database)
    except (ArchiveUnavailable, TimeoutError):
        return CheckView(ok=False, why="not known: the database does not answer")
    return CheckView(ok=not trouble, why=trouble)


def _settings(services: Services) -> CheckView:
    """Say which area goes by an older version, since the newest cannot be used here."""
    problems = services.settings_keeper.problems
    why = "; ".join(f"{area}: {problem}" for area, problem in problems.items())
    return CheckView(ok=not why, why=why)


def _clock(services: Services) -> CheckView:
    why = services.clock_keeper.problem if services.clock_keeper else ""
    return CheckView(ok=not why, why=why)


async def _index(kb_dir: Path) -> CheckView:
    present = await asyncio.to_thread((kb_dir / "current" / "manifest.json").is_file)
    why = "" if present else "no knowledge base is published: run `baton kb build`"
    return CheckView(ok=present, why=why)


async def _rasa(services: Services) -> dict[str, CheckView]:
    """Ask Rasa, which asks its action server."""
    url = f"{services.settings.rasa_url}/webhooks/baton/health"
    try:
        async with services.http.get(url, timeout=ClientTimeout(CHECK_TIMEOUT_S)) as response:
            body = await response.json(content_type=None)
        reported = {name: _reported(check) for name, check in body["checks"].items()}
    except (ClientError, TimeoutError, ValueError, LookupError, TypeError, AttributeError):
        away = "Rasa does not answer: see that it runs, BATON_RASA_URL"
        unknown = "not known: Rasa, which would ask it, does not answer"
        return {
            "rasa": CheckView(ok=False, why=away),
            "actions": CheckView(ok=False, why=unknown),
        }
    actions = reported.pop("actions", CheckView(ok=False, why="Rasa says nothing about it"))
    bad = [f"{name}: {check.why}" for name, check in reported.items() if not check.ok]
    return {"rasa": CheckView(ok=not bad, why="; ".join(bad)), "actions": actions}


def _reported(check: dict[str, object]) -> CheckView:
    return CheckView(ok=check.get("ok") is True, why=str(check.get("why") or ""))
