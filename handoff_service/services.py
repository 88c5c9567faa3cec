"""What handlers of the sockets and of the HTTP API work with: one object, made by `app`."""

from asyncio import Lock
from dataclasses import dataclass, field

from aiohttp import ClientSession, web

from handoff_service.api.help_pages.articles import Articles
from handoff_service.archive.database import Database
from handoff_service.archive.passwords import PasswordRules
from handoff_service.archive.second_factor import SecondFactors
from handoff_service.asking import Asking
from handoff_service.attachments.uploads import Attachments
from handoff_service.bot.passages import Suggestions
from handoff_service.clock import Clock
from handoff_service.clock_keeper import ClockKeeper
from handoff_service.erasure import Eraser
from handoff_service.floor.reader import FloorReader
from handoff_service.gateway.fanout import Fanout
from handoff_service.gateway.floor import Floor
from handoff_service.gateway.timekeeper import Timekeeper
from handoff_service.gateway.waiting_room import WaitingRoom
from handoff_service.gateway.watching import Watching
from handoff_service.gateway.wire import Connections
from handoff_service.hours import Hours
from handoff_service.identity import IdentityReader
from handoff_service.limits import RateLimit
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.live_settings.keeper import SettingsKeeper
from handoff_service.metrics import Metrics
from handoff_service.notice_board import NoticeBoard
from handoff_service.oidc.provider import OidcProvider
from handoff_service.proactive import FirstWords
from handoff_service.replies.catalogue import Replies
from handoff_service.retention.night import RetentionNight
from handoff_service.settings import Settings
from handoff_service.sites import Sites
from handoff_service.store import Store
from handoff_service.supervise import Supervisor
from handoff_service.tokens import TokenSigner
from handoff_service.wording import Wording


@dataclass(frozen=True, slots=True)
class Limits:
    """What is counted, each per caller."""

    #: Frames of one customer.
    customer: RateLimit
    #: Frames from one address.
    address: RateLimit
    #: Chat sessions opened from one address.
    sessions: RateLimit
    #: Files of one customer, of one agent, from one address.
    uploads: RateLimit
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
    wording: Wording
    eraser: Eraser
    retention_night: RetentionNight
    articles: Articles
    attachments: Attachments
    settings_keeper: SettingsKeeper
    suggestions: Suggestions
    asking: Asking
    fanout: Fanout
    floor: Floor
    floor_reader: FloorReader
    watching: Watching
    waiting_room: WaitingRoom
    timekeeper: Timekeeper
    notices: NoticeBoard
    factors: SecondFactors
    password_rules: PasswordRules
    oidc: OidcProvider | None  #: None: people sign in with passwords only
    http: ClientSession
    clock_keeper: ClockKeeper | None  #: None: a clock that nobody steers
    #: One report at a time: each may keep a core busy, which people who chat need, too.
    reporting: Lock = field(default_factory=Lock)
    #: Parts that /readyz has found working since the process started.
    seen_ready: set[str] = field(default_factory=set)

    @property
    def hours(self) -> Hours:
        """When people are on duty, as it is now; so with all that follow."""
        return self.settings_keeper.hours.now

    @property
    def sites(self) -> Sites:
        """The websites that show the widget."""
        return self.settings_keeper.sites.now

    @property
    def first_words(self) -> FirstWords:
        """What they say first."""
        return self.settings_keeper.proactive.now

    @property
    def rules(self) -> DeskRules:
        """How long things take, and which words agents choose from."""
        return self.settings_keeper.desk.now

    @property
    def replies(self) -> Replies:
        """What agents need not write anew, at this moment."""
        return self.settings_keeper.replies.now


SERVICES = web.AppKey("services", Services)
CONNECTIONS = web.AppKey("connections", Connections)
SUPERVISOR = web.AppKey("supervisor", Supervisor)
