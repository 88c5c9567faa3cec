"""Opens the live store: one connection pool, one object a subject."""

from dataclasses import dataclass
from typing import Self

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.maint_notifications import MaintNotificationsConfig

from handoff_service.absence import Absence
from handoff_service.conversation import NeedsOf, plain_needs
from handoff_service.hours import Hours
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.settings import Settings
from handoff_service.store.agents import Agents
from handoff_service.store.annotations import Annotations
from handoff_service.store.audit import AuditReads
from handoff_service.store.confirmation import Confirmation
from handoff_service.store.conversations import Conversations
from handoff_service.store.desk_time import Times
from handoff_service.store.floor_read import FloorReads
from handoff_service.store.handoffs import Handoffs
from handoff_service.store.health import Health, read_health, refuse_unsafe
from handoff_service.store.hints import Hints
from handoff_service.store.holdings import Holdings
from handoff_service.store.keys import BOT_GROUP, Keys
from handoff_service.store.leadership import Leadership
from handoff_service.store.line import Line
from handoff_service.store.log import Log
from handoff_service.store.pace import Paces
from handoff_service.store.past import PastConversations
from handoff_service.store.presence import PresenceChanges
from handoff_service.store.queue import Queue
from handoff_service.store.repairs import Repairs
from handoff_service.store.scripts import Scripts
from handoff_service.store.sending import ending_on_cancel
from handoff_service.store.signals import Signals
from handoff_service.store.streams import ensure_group
from handoff_service.store.surveys import SurveyWrites
from handoff_service.store.transitions import Transitions
from handoff_service.store.transport import Client, translated
from handoff_service.store.turns import Turns
from handoff_service.store.viewers import Viewers
from handoff_service.store.visits import Visits
from handoff_service.store.waits import Waits
from handoff_service.wording import Wording
from live_redis.address import read_address
from live_redis.pool import open_pool

#: A dropped connection or a quick restart is bridged: each script may safely be sent twice. This
#: holds for commands and, within each, for connecting: 16 tries, about a second in all.
_RETRIES = 3
_BACKOFF = ExponentialWithJitterBackoff(base=0.04, cap=0.3)


@dataclass(frozen=True, slots=True)
class Store:
    """The live state of one desk."""

    confirmation: Confirmation
    keys: Keys
    redis: Client
    conversations: Conversations
    turns: Turns
    handoffs: Handoffs
    holdings: Holdings
    annotations: Annotations
    viewers: Viewers
    waits: Waits
    queue: Queue
    agents: Agents
    line: Line
    floor_reads: FloorReads
    hints: Hints
    paces: Paces
    presence: PresenceChanges
    log: Log
    past: PastConversations
    signals: Signals
    leadership: Leadership  #: of who routes
    audit_leadership: Leadership  #: of who audits
    spotter_leadership: Leadership  #: of who looks for what is unusual
    audit: AuditReads
    repairs: Repairs
    times: Times
    visits: Visits
    surveys: SurveyWrites

    async def health(self) -> Health:
        """Return what /readyz should know of Redis, which takes writes now.

        Raises StoreUnavailable, with what is wrong, when it does not.
        """
        await self.confirmation.probe(self.redis)
        return await read_health(self.redis)

    async def aclose(self) -> None:
        """Close every connection."""
        await self.redis.aclose()
        await self.redis.connection_pool.disconnect()

    async def __aenter__(self) -> Self:
        """Return the store itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.aclose()


async def open_store(
    settings: Settings,
    *,
    wording: Wording | None = None,
    hours: Live[Hours] | None = None,
    rules: Live[DeskRules] | None = None,
    needs_of: NeedsOf = plain_needs,
) -> Store:
    """Connect to settings.redis_url and make the desk's groups if they are missing.

    Behind sentinels or in a cluster every connection leads to the server that takes the writes:
    all keys of a desk are in one slot, so one such server has them all.

    The pool blocks when all its connections are busy, instead of failing. `hours`: when
    people are on duty; always, if nobody says. `needs_of`: what a handoff needs. `rules`: how long
    things take; as the environment says, if nobody does.

    Raises StoreUnavailable; StoreUnsafe when Redis does not keep what it acknowledges as
    settings.redis_durability wants.
    """
    keys = Keys(settings.desk)
    waiting_s = settings.redis_wait_ms / 1000 if settings.redis_wait_replicas else 0
    pool = open_pool(
        read_address(settings.redis_url),
        key=keys.prefix,
        finish=ending_on_cancel,
        max_connections=settings.redis_pool_size,
        timeout=settings.redis_timeout_s,
        socket_timeout=settings.redis_timeout_s + waiting_s,
        socket_connect_timeout=settings.redis_timeout_s,
        health_check_interval=30,
        decode_responses=True,
        protocol=2,  # one shape of stream replies, from Redis 7.0 to Valkey 9
        retry=Retry(_BACKOFF, _RETRIES),
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
    )
    redis = Redis(connection_pool=pool)
    absence = Absence(wording or Wording.load(casual=settings.tone), hours or Live(Hours.always()))
    store = build_store(
        redis, keys, settings=settings, absence=absence, needs_of=needs_of, rules=rules
    )
    try:
        refuse_unsafe(await store.health(), settings.redis_durability)
        with translated():
            await ensure_group(redis, keys.jobs, group=BOT_GROUP)
    except BaseException:
        await store.aclose()
        raise
    return store


def build_store(
    redis: Client,
    keys: Keys,
    *,
    settings: Settings,
    absence: Absence,
    needs_of: NeedsOf = plain_needs,
    rules: Live[DeskRules] | None = None,
    scripts: Scripts | None = None,
) -> Store:
    """Wire the parts of the store to one client. `scripts`: others than this package's own."""
    confirmation = Confirmation(
        settings.redis_wait_replicas, settings.redis_wait_ms, fence=keys.fence
    )
    asked = confirmation if confirmation.replicas else None
    scripts = scripts or Scripts(redis, confirmation=asked)
    transitions = Transitions(
        redis, keys, scripts=scripts, rules=rules or Live(DeskRules.of(settings))
    )
    conversations = Conversations(redis, keys, transitions=transitions, confirmation=asked)
    agents = Agents(redis, keys, scripts=scripts)
    queue = Queue(redis, keys)
    return Store(
        confirmation=confirmation,
        keys=keys,
        redis=redis,
        conversations=conversations,
        turns=Turns(
            redis,
            keys,
            scripts=scripts,
            transitions=transitions,
            absence=absence,
            needs_of=needs_of,
        ),
        handoffs=Handoffs(
            conversations,
            keys,
            agents=agents,
            transitions=transitions,
            absence=absence,
            needs_of=needs_of,
        ),
        holdings=Holdings(conversations, keys, transitions=transitions, wording=absence.wording),
        annotations=Annotations(transitions),
        viewers=Viewers(redis, keys),
        waits=Waits(conversations, transitions=transitions, wording=absence.wording),
        queue=queue,
        agents=agents,
        line=Line(redis, keys),
        floor_reads=FloorReads(
            redis, keys, queue=queue, agents=agents, conversations=conversations
        ),
        hints=Hints(redis, keys),
        paces=Paces(redis, keys),
        presence=PresenceChanges(redis, keys, confirmation=asked),
        log=Log(redis, keys, scripts=scripts, confirmation=asked),
        past=PastConversations(redis, keys, scripts=scripts, transitions=transitions),
        signals=Signals(redis, keys),
        leadership=Leadership(keys.router, scripts=scripts),
        audit_leadership=Leadership(keys.auditor, scripts=scripts),
        spotter_leadership=Leadership(keys.spotter, scripts=scripts),
        audit=AuditReads(redis, keys, scripts=scripts),
        repairs=Repairs(keys, scripts=scripts, transitions=transitions),
        times=Times(keys, scripts=scripts),
        visits=Visits(redis, keys, scripts=scripts),
        surveys=SurveyWrites(redis, keys, transitions=transitions),
    )
