"""The name and type of every Redis key; nothing else spells one."""

#: Consumer group of the bot workers on `jobs`.
BOT_GROUP = "bot"
#: Consumer group that writes the log to SQL.
ARCHIVER_GROUP = "archiver"
#: Field of a stream entry that holds an event's JSON.
EVENT_FIELD = "e"
#: `signals` only wakes readers up: about so many entries are kept; who misses one reads the truth.
SIGNALS_KEPT = 1000
#: `presence` waits for the history: about so many changes of a thousand agents in some days.
CHANGES_KEPT = 100_000
#: `aside` is for whoever looks into what went wrong: about so many of the latest are kept.
ASIDE_KEPT = 1000
#: How many of an agent's lost conversations are kept to be told: the latest.
LOST_KEPT = 50
#: How long, in seconds, an agent's lost conversations are kept to be told: a long holiday.
LOST_KEPT_S = 30 * 86_400
#: How long, in seconds, an agent's list of what they set aside is kept: longer than any time set.
PARKED_KEPT_S = 32 * 86_400
#: How long, in seconds, it is remembered who served a customer.
KNOWN_AGENT_S = 90 * 86_400
#: How long, in seconds, hints of what is unusual stand when nobody looks any more.
HINTS_KEPT_S = 300

#: How long, in seconds, an identified customer finds their conversation again without its token.
GOES_ON_S = 90 * 86_400


class Keys:
    """Key names of one desk. `{desk}` is the hash tag: a desk lives in one slot of a cluster.

    Live keys have no time to live: what is closed is deleted once it is archived (forget.lua).
    """

    def __init__(self, desk: str) -> None:
        """Name the keys of `desk`."""
        self.prefix = f"baton:{{{desk}}}:"
        #: STREAM, group `bot`: {conversation_id} of those owed an answer, each at most once
        self.jobs = f"{self.prefix}jobs"
        #: STREAM, group `archiver`: every event of the desk; trimmed below what is archived
        self.log = f"{self.prefix}log"
        #: STREAM, capped: entries of `log` that could not be archived, {log_id, e}
        self.aside = f"{self.prefix}aside"
        #: ZSET conversation → order of service (lua/_prelude.lua): state `waiting`, next one first
        self.queue = f"{self.prefix}queue"
        #: ZSET conversation → waiting since, ms: state `message_left`
        self.left = f"{self.prefix}left"
        #: ZSET conversation → deadline, ms: state `offered`
        self.offers = f"{self.prefix}offers"
        #: ZSET conversation → when it closes by itself, ms: states `bot` (idle) and `wrap_up`
        self.timers = f"{self.prefix}timers"
        #: HASH added, agreed (ms), by: what is added to the time of Redis (desk_time.py)
        self.clock = f"{self.prefix}clock"
        #: STRING without a meaning, written where replicas must confirm (confirmation.py)
        self.fence = f"{self.prefix}fence"
        #: SET of agents whose presence is `online`
        self.online = f"{self.prefix}online"
        #: ZSET conversation → when an agent wants it back, ms: state `parked`
        self.parked = f"{self.prefix}parked"
        #: ZSET conversation → closed at, ms: state `closed`
        self.closed = f"{self.prefix}closed"
        #: ZSET conversation → its customer was last seen, ms: some of those in `since`. One that
        #: an agent brings back for a customer who is away is not among them.
        self.present = f"{self.prefix}present"
        #: ZSET conversation → waiting since, ms: states `waiting` and `offered`, no left messages
        self.since = f"{self.prefix}since"
        #: SET of all agents who ever registered
        self.agents = f"{self.prefix}agents"
        #: ZSET agent → last heartbeat, ms: agents with an open socket, or lost within the grace
        self.seen = f"{self.prefix}seen"
        #: STREAM, capped: {agent, at, status, reason} of changes that are not in the history yet
        self.presence = f"{self.prefix}presence"
        #: STREAM, capped: things worth a wake-up but not worth keeping (presence, typing)
        self.signals = f"{self.prefix}signals"
        #: STRING, seconds to live: the replica whose router leads
        self.router = f"{self.prefix}router"
        #: STRING, seconds to live: the replica that audits
        self.auditor = f"{self.prefix}auditor"
        #: STRING, seconds to live: the replica that looks for what is unusual
        self.spotter = f"{self.prefix}spotter"
        #: STRING, JSON list, HINTS_KEPT_S to live: what is unusual
        self.hints = f"{self.prefix}hints"
        #: ZSET, capped, JSON (store/pace.py) → noted, ms: how long the latest talks took
        self.handled = f"{self.prefix}handled"
        #: ZSET, capped, JSON → noted, ms: what was promised to those who waited, how long they did
        self.waits = f"{self.prefix}waits"

    @property
    def indexes(self) -> dict[str, str]:
        """Return the sorted sets in which a conversation is found by its state, by name."""
        return {
            "queue": self.queue,
            "left": self.left,
            "offers": self.offers,
            "timers": self.timers,
            "parked": self.parked,
            "closed": self.closed,
            "since": self.since,
            "present": self.present,
        }

    def conversation(self, conversation_id: str) -> str:
        """HASH: the conversation's fields."""
        return f"{self.prefix}conv:{conversation_id}"

    def events(self, conversation_id: str) -> str:
        """STREAM, ids `<seq>-0`: the conversation's events."""
        return f"{self.prefix}conv:{conversation_id}:events"

    def ids(self, conversation_id: str) -> str:
        """HASH message_id → seq: what was stored already."""
        return f"{self.prefix}conv:{conversation_id}:ids"

    def turns(self, conversation_id: str) -> str:
        """LIST: turns that the bot owes, oldest first."""
        return f"{self.prefix}conv:{conversation_id}:turns"

    def viewers(self, conversation_id: str) -> str:
        """HASH tab → who looks at the conversation in it, JSON; to live as long as nobody says so.

        It says nothing of the conversation itself.
        """
        return f"{self.prefix}conv:{conversation_id}:viewers"

    def of_conversation(self, conversation_id: str) -> list[str]:
        """Return the keys that are one conversation's alone."""
        return [
            self.conversation(conversation_id),
            self.events(conversation_id),
            self.ids(conversation_id),
            self.turns(conversation_id),
        ]

    def agent(self, agent_id: str) -> str:
        """HASH: name, languages, skills, teams (JSON), capacity, presence, load, misses."""
        return f"{self.prefix}agent:{agent_id}"

    def held(self, agent_id: str) -> str:
        """ZSET conversation → weight: offered to, held by or being wrapped up by the agent."""
        return f"{self.prefix}agent:{agent_id}:held"

    def lost(self, agent_id: str) -> str:
        """LIST, capped, LOST_KEPT_S to live: what an agent who vanished is told on return."""
        return f"{self.prefix}agent:{agent_id}:lost"

    def parked_by(self, agent_id: str) -> str:
        """ZSET conversation → until, ms, PARKED_KEPT_S to live: what an agent set aside.

        It only says where to look: one that was taken up early stays in it until its time.
        """
        return f"{self.prefix}agent:{agent_id}:parked"

    def agent_of(self, customer_id: str) -> str:
        """STRING, KNOWN_AGENT_S to live: the agent who served this customer last."""
        return f"{self.prefix}customer:{customer_id}:agent"

    def visit_over(self, visit: str) -> str:
        """STRING, as long to live as the longest token: the visit of a browser has ended."""
        return f"{self.prefix}visit:{visit}:over"

    def of_customer(self, customer_id: str) -> str:
        """STRING, GOES_ON_S to live: the conversation that an identified customer goes on with."""
        return f"{self.prefix}customer:{customer_id}:conversation"

    def asked(self, customer_id: str) -> str:
        """HASH survey → asked, ms, as long to live as nothing may be asked again."""
        return f"{self.prefix}customer:{customer_id}:asked"

    def about_customer(self, customer_id: str) -> list[str]:
        """Return the keys that are one customer's alone."""
        return [self.agent_of(customer_id), self.of_customer(customer_id), self.asked(customer_id)]

    def of_transition(self, conversation_id: str, agent_id: str | None = None) -> list[str]:
        """Return KEYS of every transition, in the order that lua/_prelude.lua names them."""
        names = [
            *self.of_conversation(conversation_id),
            self.jobs,
            self.log,
            self.queue,
            self.left,
            self.offers,
            self.timers,
            self.online,
            self.parked,
            self.closed,
            self.present,
            self.since,
        ]
        return names if agent_id is None else [*names, *self.of_agent(agent_id)]

    def of_taken_from(self, agent_id: str) -> list[str]:
        """Return the keys of one from whom somebody else takes a conversation."""
        return [*self.of_agent(agent_id), self.lost(agent_id)]

    def of_agent(self, agent_id: str) -> list[str]:
        """Return the two keys of one agent."""
        return [self.agent(agent_id), self.held(agent_id)]
