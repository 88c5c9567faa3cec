"""What handlers of the sockets and of the HTTP API work with: one object, made by `app`."""

from dataclasses import dataclass, field

from aiohttp import ClientSession, web

from handoff_service.api.help_pages.articles import Articles
from handoff_service.archive.database import Database
from handoff_service.clock import Clock
from handoff_service.clock_keeper import ClockKeeper
from handoff_service.gateway.fanout import Fanout
from handoff_service.gateway.floor import Floor
from handoff_service.gateway.timekeeper import Timekeeper
from handoff_service.gateway.waiting_room import WaitingRoom
from handoff_service.gateway.wire import Connections
from handoff_service.hours import Hours
from handoff_service.identity import IdentityReader
from handoff_service.limits import RateLimit
from handoff_service.metrics import Metrics
from handoff_service.routing.needs import RoutingRules
from handoff_service.settings import Settings
from handoff_service.store import Store
from handoff_service.supervise import Supervisor
from handoff_service.tokens import TokenSigner


@dataclass(frozen=True, slots=True)
class Limits:
    """What is counted, each per caller."""

    #: Frames of one customer.
    customer: RateLimit
    #: Frames from one address.
    address: RateLimit
    #: Chat sessions opened from one address.
    sessions: RateLimit
    #: Frames of one agent.
    agent: RateLimit


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running service."""

    settings: Settings
    clock: Clock
    store: Store
    database: Database
    signer: TokenSigner
    identities: IdentityReader
    limits: Limits
    metrics: Metrics
    articles: Articles
    hours: Hours
    routing: RoutingRules
    fanout: Fanout
    floor: Floor
    waiting_room: WaitingRoom
    timekeeper: Timekeeper
    http: ClientSession
    clock_keeper: ClockKeeper | None  #: None: a clock that nobody steers
    #: Parts that /readyz has found working since the process started.
    seen_ready: set[str] = field(default_factory=set)


SERVICES = web.AppKey("services", Services)
CONNECTIONS = web.AppKey("connections", Connections)
SUPERVISOR = web.AppKey("supervisor", Supervisor)
