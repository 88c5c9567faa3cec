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
from handoff_service.archive.passwords import PasswordRules, read_breach_list
from handoff_service.archive.presence import PresenceKeeper
from handoff_service.archive.retention import Retention
from handoff_service.archive.second_factor import SecondFactors
from handoff_service.asking import Asking
from handoff_service.attachments.storage import open_storage
from handoff_service.attachments.sweep import Sweep
from handoff_service.attachments.uploads import Attachments
from handoff_service.audit.watch import Watch
from handoff_service.bot.arms import Arms
from handoff_service.bot.notices import NoticeVoice
from handoff_service.bot.passages import Suggestions
from handoff_service.bot.rasa import RasaClient
from handoff_service.bot.worker import BotWorker, TurnDone
from handoff_service.clock import Clock, SystemClock
from handoff_service.clock_keeper import ClockKeeper
from handoff_service.domain import Event, EventType
from handoff_service.erasure import Eraser
from handoff_service.floor.reader import FloorReader
from handoff_service.floor.spotter import Spotter
from handoff_service.floor.vectors import Vectors
from handoff_service.gateway.agent import agent_socket
from handoff_service.gateway.customer_socket import customer_socket
from handoff_service.gateway.fanout import Fanout
from handoff_service.gateway.floor import Floor
from handoff_service.gateway.timekeeper import Timekeeper
from handoff_service.gateway.waiting_room import WaitingRoom
from handoff_service.gateway.watching import Watching
from handoff_service.gateway.watching_jobs import watch_jobs
from handoff_service.gateway.wire import Connections
from handoff_service.identity import IdentityReader
from handoff_service.ids import new_worker_id
from handoff_service.limits import RateLimit
from handoff_service.live_settings.areas import Areas
from handoff_service.live_settings.keeper import SettingsKeeper
from handoff_service.mail.sender import MailSender
from handoff_service.mail.server import MailServer
from handoff_service.metrics import Metrics
from handoff_service.notice_board import NoticeBoard
from handoff_service.oidc.provider import OidcProvider
from handoff_service.reports.counting import Counter
from handoff_service.reports.mailer import ReportMailer
from handoff_service.retention.file import find_times
from handoff_service.retention.going import OldData
from handoff_service.retention.night import RetentionNight
from handoff_service.routing.needs import needs_of
from handoff_service.routing.router import Router
from handoff_service.services import CONNECTIONS, SERVICES, SUPERVISOR, Limits, Services
from handoff_service.settings import Settings
from handoff_service.store import open_store
from handoff_service.store.results import CompleteResult
from handoff_service.supervise import Supervisor
from handoff_service.tokens import TokenSigner
from handoff_service.wording import Wording

#: Largest body of an HTTP request, in bytes: the largest that is expected is a login.
MAX_BODY_BYTES = 64 * 1024
#: Seconds for one answer of a candidate, at most: then the live bot answers the turn.
CANDIDATE_TIMEOUT_S = 5


def create_app(settings: Settings, *, clock: Clock | None = None) -> web.Application:
    """Make the whole service: sockets, API, pages, and the work behind them.

    Starting it raises StoreUnavailable, ArchiveUnavailable or ArchiveMisconfigured when Redis or
    the database cannot be used, StoreUnsafe when Redis would lose messages, HoursError,
    RoutingError, SitesError, ProactiveError, RepliesError or RetentionError when the file of
    business hours, of routing rules, of the widget's sites, of what they say first, of canned
    replies, of how long data is kept cannot.
    """
    app = web.Application(middlewares=[error_middleware], client_max_size=MAX_BODY_BYTES)
    app[CONNECTIONS] = Connections()
    app.add_routes([web.get("/ws/customer", customer_socket), web.get("/ws/agent", agent_socket)])
    app.add_routes(api_routes())
    app.add_routes(web_routes(small=settings.small_pages, casual=settings.tone, demo=settings.demo))
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
            await services.notices.read()
            app[SERVICES] = services
            app[SUPERVISOR] = supervisor = Supervisor()
            stack.push_async_callback(supervisor.aclose)
            _start(supervisor, services)
            yield

    return run


async def _open(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Services:
    areas = await asyncio.to_thread(Areas.of, settings)
    keeper = SettingsKeeper(areas, from_files=settings.settings_from == "files")
    await asyncio.to_thread(find_times, settings.retention_file)  # told now, not in the night
    database = await open_database(settings.sql_url)
    stack.push_async_callback(database.close)
    await keeper.read(database)
    store = await open_store(
        settings,
        hours=keeper.hours,
        rules=keeper.desk,
        needs_of=lambda handoff, identity: needs_of(keeper.routing.now, handoff, identity),
    )
    await stack.enter_async_context(store)
    http = await stack.enter_async_context(ClientSession())
    articles = await asyncio.to_thread(Articles, settings.kb_path)
    metrics = Metrics()
    rasa = _rasa(settings, http)
    timekeeper = Timekeeper(store, clock=clock, metrics=metrics)
    clock_keeper = None
    if isinstance(clock, SystemClock):
        clock_keeper = ClockKeeper(store, clock, replica=new_worker_id(), metrics=metrics)
        await clock_keeper.join()
    waiting_room = WaitingRoom(store, clock=clock, timekeeper=timekeeper)
    wording = Wording.load(casual=settings.tone)
    storage = open_storage(settings, http)
    attachments = Attachments(storage, database, clock=clock, settings=settings, sites=keeper.sites)
    return Services(
        settings=settings,
        clock=clock,
        store=store,
        database=database,
        signer=TokenSigner(settings.signing_key),
        identities=IdentityReader(settings.identity_secret),
        limits=_limits(settings),
        metrics=metrics,
        wording=wording,
        retention_night=RetentionNight(
            database,
            OldData(
                database,
                store,
                attachments,
                data_dir=settings.data_dir,
                forget_dialogues=rasa.forget,
            ),
            hours=lambda: keeper.hours.now,
            file=settings.retention_file,
            clock=clock,
            holder=new_worker_id(),
        ),
        eraser=Eraser(
            database,
            store,
            clock=clock,
            signing_key=settings.signing_key,
            elsewhere={"files": attachments.forget, "dialogues": rasa.forget},
        ),
        articles=articles,
        attachments=attachments,
        settings_keeper=keeper,
        suggestions=Suggestions(http, url=settings.actions_url, token=settings.rasa_token),
        asking=Asking(store, keeper.sites, wording, clock),
        fanout=Fanout(store),
        floor=Floor(store, waiting_room),
        floor_reader=FloorReader(
            store,
            database,
            clock=clock,
            timekeeper=timekeeper,
            widening=lambda: keeper.routing.now.widening,
        ),
        watching=Watching(store),
        waiting_room=waiting_room,
        timekeeper=timekeeper,
        factors=SecondFactors(database, signing_key=settings.signing_key),
        password_rules=await asyncio.to_thread(_password_rules, settings),
        oidc=OidcProvider.of(settings, http),
        notices=NoticeBoard(database, store.signals, clock=clock),
        http=http,
        clock_keeper=clock_keeper,
    )


def _password_rules(settings: Settings) -> PasswordRules:
    """Read the list of breached passwords, if one is set. Raises SettingsError."""
    path = settings.breached_passwords_file
    return PasswordRules(
        min_chars=settings.password_min_chars,
        breached=read_breach_list(path) if path else None,
    )


def _rasa(
    settings: Settings, http: ClientSession, *, notices: NoticeVoice | None = None
) -> RasaClient:
    return RasaClient(
        http,
        url=settings.rasa_url,
        token=settings.rasa_token,
        timeout_s=settings.bot_timeout_s,
        notices=notices,
    )


def _arms(services: Services) -> Arms:
    """Make who answers turns: the live bot and, in a split, a candidate."""
    settings, metrics = services.settings, services.metrics
    notices = NoticeVoice(services.notices, services.wording)
    return Arms(
        _rasa(settings, services.http, notices=notices),
        lambda url: RasaClient(
            services.http,
            url=url,
            token=settings.rasa_token,
            timeout_s=min(settings.bot_timeout_s, CANDIDATE_TIMEOUT_S),
            notices=notices,
        ),
        clock=services.clock,
        index_version=services.articles.version,
        on_turn=lambda arm, by: metrics.split_turns.labels(arm=arm, answered_by=by).inc(),
        on_change=services.watching.note_learning,
    )


def _limits(settings: Settings) -> Limits:
    a_minute = settings.ip_messages_per_minute
    return Limits(
        customer=RateLimit(per_minute=settings.messages_per_minute, burst=settings.messages_burst),
        address=RateLimit(per_minute=a_minute, burst=max(a_minute // 2, settings.messages_burst)),
        sessions=RateLimit(
            per_minute=settings.sessions_per_minute, burst=settings.sessions_per_minute
        ),
        uploads=RateLimit(per_minute=20, burst=20),
        # Several tabs and several customers at once; people we know, so as much as an address.
        agent=RateLimit(per_minute=a_minute, burst=max(a_minute // 2, settings.messages_burst)),
    )


def _start(supervisor: Supervisor, services: Services) -> None:
    """Start the work behind the sockets; each part may run in any number of processes."""
    settings, store, clock = services.settings, services.store, services.clock
    keeper = services.settings_keeper
    metrics, wording = services.metrics, services.wording
    arms = _arms(services)
    worker = BotWorker(
        store,
        arms,
        clock=clock,
        settings=settings,
        worker_id=new_worker_id(),
        wording=wording,
        on_turn=_turn_counter(metrics),
        asking=services.asking,
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
        mail_after_ms=settings.mail_settle_s * 1000 if settings.sends_mail else None,
        shorten=partial(store.past.shorten, keep=settings.events_kept),
    )
    router = Router(store, clock=clock, rules=keeper.desk, routing=keeper.routing)
    presence = PresenceKeeper(store.presence, services.database)
    services.fanout.on_signal(presence.note_signal)
    services.fanout.on_signal(keeper.note_signal)
    services.fanout.on_entry(router.note_entry)
    services.fanout.on_signal(router.note_signal)
    services.fanout.on_entry(services.floor.note_entry)
    services.fanout.on_signal(services.floor.note_signal)
    services.fanout.on_entry(services.watching.note_entry)
    services.fanout.on_signal(services.watching.note_signal)
    services.fanout.on_signal(services.notices.note_signal)
    services.fanout.on_entry(services.timekeeper.note_entry)
    services.timekeeper.on_news(services.floor.touch)
    work = {
        "fan-out of events": services.fanout.tail_log(),
        "fan-out of signals": services.fanout.tail_signals(),
        "floor": services.floor.run(),
        "watched lists": services.watching.run(),
        "watched jobs": watch_jobs(services.watching, services.database),
        "notices": services.notices.run(),
        "settings": keeper.run(services.database),
        "router": router.run(),
        "times of talks and waits": services.timekeeper.run(),
        "presence of customers": services.waiting_room.keep_present(),
        "bot worker": worker.run(),
        "splits": arms.run(services.database),
        "archiver": archiver.run(),
        "presence of agents": presence.run(),
        "reports": Counter(services.database, clock=clock).run(),
        "audit": Watch(
            store, clock=clock, settings=settings, metrics=metrics, replica=new_worker_id()
        ).run(),
        "look-out": Spotter(
            store,
            services.database,
            Vectors(services.http, url=settings.rasa_url, token=settings.rasa_token),
            clock=clock,
            replica=new_worker_id(),
        ).run(),
        "files nobody sent": Sweep(
            services.attachments, store, services.database, clock=clock
        ).run(),
        "retention": Retention(store, clock=clock, keep_ms=settings.closed_keep_s * 1000).run(),
    }
    work["erasures"] = services.eraser.run()
    work["what is old"] = services.retention_night.run()
    if settings.smtp_url is not None:
        work["e-mail"] = _mail_sender(services, settings.smtp_url).run()
        work["reports by e-mail"] = ReportMailer(
            services.database,
            lambda: services.hours,
            public_url=settings.public_url,
            clock=clock,
        ).run()
    if services.clock_keeper is not None:
        work["clock"] = services.clock_keeper.run()
    for name, job in work.items():
        supervisor.start(name, job)  # type: ignore[unused-awaitable]  # the supervisor owns it


def _mail_sender(services: Services, smtp_url: str) -> MailSender:
    return MailSender(
        services.database,
        MailServer.parse(smtp_url),
        store=services.store,
        signer=services.signer,
        wording=services.wording,
        settings=services.settings,
        clock=services.clock,
        metrics=services.metrics,
    )


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
            elif event.type in {EventType.SURVEY_ASKED, EventType.SURVEY_ANSWERED}:
                metrics.count_survey(event)

    return count
