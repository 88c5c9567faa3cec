"""Wires the parts into one aiohttp application; the only place that knows all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial

from aiohttp import ClientSession, web

from handoff_service.api.errors import error_middleware
from handoff_service.api.help_pages.articles import Articles
from handoff_service.api.routes import api_routes
from handoff_service.api.security import security_headers
from handoff_service.api.web_routes import web_routes
from handoff_service.archive.archiver import Archiver
from handoff_service.archive.database import open_database
from handoff_service.archive.retention import Retention
from handoff_service.audit.watch import Watch
from handoff_service.bot.rasa import RasaClient
from handoff_service.bot.worker import BotWorker, TurnDone
from handoff_service.clock import Clock, SystemClock
from handoff_service.clock_keeper import ClockKeeper
from handoff_service.domain import Event, EventType
from handoff_service.gateway.agent import agent_socket
from handoff_service.gateway.customer import customer_socket
from handoff_service.gateway.fanout import Fanout
from handoff_service.gateway.floor import Floor
from handoff_service.gateway.timekeeper import Timekeeper
from handoff_service.gateway.waiting_room import WaitingRoom
from handoff_service.gateway.wire import Connections
from handoff_service.hours_file import find_hours
from handoff_service.identity import IdentityReader
from handoff_service.ids import new_worker_id
from handoff_service.limits import RateLimit
from handoff_service.metrics import Metrics
from handoff_service.routing.needs import needs_of
from handoff_service.routing.router import Router
from handoff_service.routing_file import find_routing
from handoff_service.services import CONNECTIONS, SERVICES, SUPERVISOR, Limits, Services
from handoff_service.settings import Settings
from handoff_service.store import open_store
from handoff_service.store.results import CompleteResult
from handoff_service.supervise import Supervisor
from handoff_service.tokens import TokenSigner
from handoff_service.wording import Wording

#: Largest body of an HTTP request, in bytes: the largest that is expected is a login.
MAX_BODY_BYTES = 64 * 1024


def create_app(settings: Settings, *, clock: Clock | None = None) -> web.Application:
    """Make the whole service: sockets, API, pages, and the work behind them.

    Starting it raises StoreUnavailable, ArchiveUnavailable or ArchiveMisconfigured when Redis or
    the database cannot be used, StoreUnsafe when Redis would lose messages, HoursError or
    RoutingError when the file of business hours or of routing rules cannot.
    """
    app = web.Application(middlewares=[error_middleware], client_max_size=MAX_BODY_BYTES)
    app[CONNECTIONS] = Connections()
    app.add_routes([web.get("/ws/customer", customer_socket), web.get("/ws/agent", agent_socket)])
    app.add_routes(api_routes())
    app.add_routes(web_routes(casual=settings.tone))
    app.on_response_prepare.append(security_headers(settings))
    app.on_shutdown.append(_say_goodbye)
    app.cleanup_ctx.append(_parts(settings, clock or SystemClock()))
    return app


async def _say_goodbye(app: web.Application) -> None:
    await app[CONNECTIONS].close()


def _parts(settings: Settings, clock: Clock) -> Callable[[web.Application], AsyncIterator[None]]:
    """Open what the service works with, start its tasks; close in the opposite order."""

    async def run(app: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            services = await _open(stack, settings, clock)
            await services.fanout.start()
            await services.floor.read()
            app[SERVICES] = services
            app[SUPERVISOR] = supervisor = Supervisor()
            stack.push_async_callback(supervisor.aclose)
            _start(supervisor, services)
            yield

    return run


async def _open(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Services:
    hours = await asyncio.to_thread(find_hours, settings.hours_file)
    routing = await asyncio.to_thread(find_routing, settings.routing_file)
    store = await open_store(settings, hours=hours, needs_of=partial(needs_of, routing))
    await stack.enter_async_context(store)
    database = await open_database(settings.sql_url)
    stack.push_async_callback(database.close)
    http = await stack.enter_async_context(ClientSession())
    articles = await asyncio.to_thread(Articles, settings.kb_path)
    metrics = Metrics()
    timekeeper = Timekeeper(store, clock=clock, metrics=metrics)
    clock_keeper = None
    if isinstance(clock, SystemClock):
        clock_keeper = ClockKeeper(store, clock, replica=new_worker_id(), metrics=metrics)
        await clock_keeper.join()
    waiting_room = WaitingRoom(store, clock=clock, timekeeper=timekeeper)
    return Services(
        settings=settings,
        clock=clock,
        store=store,
        database=database,
        signer=TokenSigner(settings.signing_key),
        identities=IdentityReader(settings.identity_secret),
        limits=_limits(settings),
        metrics=metrics,
        articles=articles,
        hours=hours,
        routing=routing,
        fanout=Fanout(store),
        floor=Floor(store, waiting_room),
        waiting_room=waiting_room,
        timekeeper=timekeeper,
        http=http,
        clock_keeper=clock_keeper,
    )


def _limits(settings: Settings) -> Limits:
    a_minute = settings.ip_messages_per_minute
    return Limits(
        customer=RateLimit(per_minute=settings.messages_per_minute, burst=settings.messages_burst),
        address=RateLimit(per_minute=a_minute, burst=max(a_minute // 2, settings.messages_burst)),
        sessions=RateLimit(
            per_minute=settings.sessions_per_minute, burst=settings.sessions_per_minute
        ),
        # Several tabs and several customers at once; people we know, so as much as an address.
        agent=RateLimit(per_minute=a_minute, burst=max(a_minute // 2, settings.messages_burst)),
    )


def _start(supervisor: Supervisor, services: Services) -> None:
    """Start the work behind the sockets; each part may run in any number of processes."""
    settings, store, clock = services.settings, services.store, services.clock
    metrics, wording = services.metrics, Wording.load(casual=settings.tone)
    rasa = RasaClient(
        services.http,
        url=settings.rasa_url,
        token=settings.rasa_token,
        timeout_s=settings.bot_timeout_s,
    )
    worker = BotWorker(
        store,
        rasa,
        clock=clock,
        settings=settings,
        worker_id=new_worker_id(),
        wording=wording,
        on_turn=_turn_counter(metrics),
    )
    archiver = Archiver(
        store.log,
        services.database,
        consumer=new_worker_id(),
        clock=clock,
        batch=settings.archive_batch,
        keep_ms=settings.log_keep_s * 1000,
        on_archived=_event_counter(metrics),
        on_set_aside=metrics.archive_set_aside.inc,
        on_interrupted=metrics.archive_interrupted.set,
        shorten=partial(store.past.shorten, keep=settings.events_kept),
    )
    router = Router(store, clock=clock, settings=settings, widening=services.routing.widening)
    services.fanout.on_entry(router.note_entry)
    services.fanout.on_signal(router.note_signal)
    services.fanout.on_entry(services.floor.note_entry)
    services.fanout.on_signal(services.floor.note_signal)
    services.fanout.on_entry(services.timekeeper.note_entry)
    work = {
        "fan-out of events": services.fanout.tail_log(),
        "fan-out of signals": services.fanout.tail_signals(),
        "floor": services.floor.run(),
        "router": router.run(),
        "times of talks and waits": services.timekeeper.run(),
        "presence of customers": services.waiting_room.keep_present(),
        "bot worker": worker.run(),
        "archiver": archiver.run(),
        "audit": Watch(
            store, clock=clock, settings=settings, metrics=metrics, replica=new_worker_id()
        ).run(),
        "retention": Retention(store, clock=clock, keep_ms=settings.closed_keep_s * 1000).run(),
    }
    if services.clock_keeper is not None:
        work["clock"] = services.clock_keeper.run()
    for name, job in work.items():
        supervisor.start(name, job)  # type: ignore[unused-awaitable]  # the supervisor owns it


def _turn_counter(metrics: Metrics) -> Callable[[TurnDone], None]:
    def count(done: TurnDone) -> None:
        if done.result is CompleteResult.COMPLETED:
            metrics.turns.inc()
            metrics.turn_seconds.observe(done.ms / 1000)

    return count


def _event_counter(metrics: Metrics) -> Callable[[Sequence[Event]], None]:
    def count(events: Sequence[Event]) -> None:
        for event in events:
            if event.type is EventType.HANDOFF_REQUESTED:
                metrics.count_handoff(str(event.data.get("reason")))
            elif event.type is EventType.HANDOFF_ABANDONED:
                metrics.abandoned.inc()
            elif event.type is EventType.ANSWER_VOTED:
                metrics.count_vote(helpful=event.data["helpful"] is True)

    return count
