"""One desk at a time on a real Redis, each command of which may be cut short or sent twice."""

import asyncio
import itertools
from pathlib import Path

import uvloop
from redis.asyncio import Redis

from handoff_service.absence import Absence
from handoff_service.audit.auditor import Auditor
from handoff_service.audit.places import Limits
from handoff_service.clock import ManualClock
from handoff_service.conversation import Needs
from handoff_service.domain import Author, Event, EventType, State
from handoff_service.store.connection import build_store
from handoff_service.store.keys import BOT_GROUP, EVENT_FIELD, Keys
from handoff_service.store.streams import ensure_group
from handoff_service.wording import Wording
from tests.handoff_service.machine.watched import CallerCrashed, WatchedScripts

#: How a command meets its end: (calls carried out before the caller crashes, whether the last of
#: them was the one it waits for), None: it does not crash; and whether each call is sent twice.
WHOLE, TWICE = "whole", "twice"
CUT = {f"cut before call {n + 1}": (n, False) for n in range(3)} | {
    f"cut after call {n + 1}": (n, True) for n in range(3)
}
#: Most commands reach their end: a desk where nothing works shows little.
FATES = (*[WHOLE] * 12, *[TWICE] * 3, *CUT)


class Server:
    """The loop and the connection that all examples share."""

    def __init__(self, url, settings, *, scripts_folder=None):
        self.runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self.settings = settings
        self.absence = Absence(Wording.load())
        self.redis = Redis.from_url(url, decode_responses=True, protocol=2)
        self.more = {"folder": Path(scripts_folder)} if scripts_folder else {}
        self.numbers = itertools.count(1)

    def run(self, awaitable):
        async def wait():
            return await awaitable

        return self.runner.run(wait())

    def close(self):
        self.run(self.redis.aclose())
        self.runner.close()


class World:
    """A fresh desk, its clock, its auditor, and what it has acknowledged so far."""

    def __init__(self, server):
        self.server, self.clock = server, ManualClock()
        self.keys = Keys(f"m{next(server.numbers)}")
        self.run(server.redis.flushdb())
        self.scripts = WatchedScripts(
            server.redis, prefix=self.keys.prefix, on_answer=self._hear, **server.more
        )
        self.store = build_store(
            server.redis,
            self.keys,
            settings=server.settings,
            absence=server.absence,
            needs_of=_needs_of,
            scripts=self.scripts,
        )
        self.run(ensure_group(server.redis, self.keys.jobs, group=BOT_GROUP))
        self.auditor = Auditor(self.store, clock=self.clock, limits=Limits.of(server.settings))
        self.said = {}  #: conversation → what customer and agents said, as it was acknowledged
        self.names = []  #: of the conversations that began
        self.owed = False  #: whether there are jobs for the bot's workers
        self.talks = {}  #: as they were at the last check

    @property
    def now(self):
        return self.clock.now_ms()

    def run(self, awaitable):
        return self.server.run(awaitable)

    def talk(self, name):
        """Return a conversation as it is."""
        return self.run(self.store.conversations.get(name))

    def send(self, command, fate=WHOLE):
        """Carry a command out as far as its fate allows; return the answer, if anybody got it."""
        self.scripts.twice = fate == TWICE
        if fate in CUT:
            self.scripts.calls_left, self.scripts.crash_answered = CUT[fate]
        try:
            return self.run(command())
        except (CallerCrashed, ExceptionGroup) as error:  # noqa: F821 - tests run on 3.11 and later
            if isinstance(error, CallerCrashed) or error.split(CallerCrashed)[1] is None:
                return None  # one call, or one of several made at once, was the last
            raise
        finally:
            self.scripts.calls_left, self.scripts.twice = None, False

    def _hear(self, name, args, words):
        """Keep what was acknowledged: from here on it must stay, once and in its place."""
        if name == "start_conversation" and words[0] == "STARTED":
            self.names.append(args[0])
        if name in SAID:
            author, agent_at, id_at = SAID[name]
            said = self.said.setdefault(args[0], [])
            message = (author, args[id_at])
            if words[0] in {"POSTED", "LEFT", "ANSWERED"}:
                assert message not in said, f"{message} was stored twice"
                said.append(message)
                if agent_at is not None:
                    assert words[2] == str(args[agent_at + 1]), "written under another epoch"
            elif words[0] == "REPEATED":
                assert message in said, f"{message} acknowledged, but never stored"

    def check(self):
        """Fail unless everything is where it should be, and everything acknowledged is there."""
        self.run(self._check())

    async def _check(self):
        findings = [finding async for page in self.auditor.pages() for finding in page.findings]
        assert not findings, findings
        names, keys, logged = self.names, self.keys, {}
        async with self.server.redis.pipeline() as pipe:
            pipe.xlen(keys.jobs)
            pipe.xrange(keys.log)
            for name in names:
                pipe.xrange(keys.events(name))
            jobs, log, *streams = await pipe.execute()
        for _, fields in log:
            logged.setdefault(fields["c"], []).append(fields[EVENT_FIELD])
        self.owed = jobs > 0
        before = self.talks
        self.talks = {
            talk.conversation_id: talk for talk in await self.store.conversations.get_many(names)
        }
        assert set(self.talks) == set(names), "a conversation is gone"
        for name, entries in zip(names, streams, strict=True):
            texts = [fields[EVENT_FIELD] for _, fields in entries]
            assert texts == logged.get(name, []), "the log and the conversation disagree"
            assert _said([Event.parse(text) for text in texts]) == self.said.get(name, [])
            if name in before:
                _check_step(before[name], self.talks[name])


def _needs_of(handoff, _identity):
    """Return that what the bot hands over weighs more and is urgent, what is clicked is not."""
    return Needs(weight=2, priority=8, sla_ms=60_000) if handoff.topic else Needs()


def _check_step(before, after):
    """What no single step may change."""
    assert before.epoch <= after.epoch
    if before.state is not State.CLOSED and before.waiting_since_ms and after.waiting_since_ms:
        assert before.waiting_since_ms == after.waiting_since_ms, "lost the time already waited"


#: Scripts that store what somebody said: who, where the agent's id stands in ARGV (the epoch stands
#: after it), where the message's id stands.
SAID = {
    "post_customer_message": ("customer", None, 3),
    "leave_message": ("customer", None, 4),
    "consent": ("customer", None, 3),
    "post_agent_message": ("agent", 3, 5),
}


def _said(events):
    """Return author and id of what customer and agents said, in order; an agent's as it is kept."""
    posted = [event.data for event in events if event.type == EventType.MESSAGE_POSTED]
    return [
        (data["author"], data["message_id"])
        if data["author"] == Author.CUSTOMER
        else (data["author"], f"{data['agent_id']}:{data['message_id']}")
        for data in posted
        if data["author"] != Author.BOT
    ]
