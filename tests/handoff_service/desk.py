"""A desk for tests: puts conversations in any state by the moves that lead there."""

import asyncio
import itertools

from handoff_service.conversation import Handoff
from handoff_service.domain import ClosedBy, Presence, State
from handoff_service.store.holdings import Target
from handoff_service.turn import Reply

#: How long a test waits for what must happen, seconds; a limit, not a measurement.
DEADLINE_S = 30
OFFER_MS = 30_000
PARK_MS = 3_600_000
TEAM = Target("team", "returns", "Returns")


class Desk:
    """A store, a clock, and short ways to common situations."""

    def __init__(self, store, clock):
        self.store, self.clock = store, clock
        self._numbers = itertools.count(1)

    @property
    def now(self):
        return self.clock.now_ms()

    def new(self, prefix):
        return f"{prefix}{next(self._numbers)}"

    async def agent(
        self, agent_id="anna", *, capacity=5, languages=("en",), presence="online", **more
    ):
        await self.store.agents.register(
            agent_id,
            name=agent_id.title(),
            languages=languages,
            capacity=capacity,
            presence=Presence(presence),
            now_ms=self.now,
            **more,
        )
        return agent_id

    async def talk(self, state=State.BOT, *, agent_id="anna", locale="en"):
        """Start a conversation and bring it into `state`; return its id."""
        name = self.new("talk")
        await self.store.conversations.start(
            name, customer_id=f"of-{name}", locale=locale, now_ms=self.now
        )
        for step in PATHS[State(state)]:
            await getattr(self, step)(name, agent_id)
        assert await self.state(name) is State(state)
        return name

    async def get(self, name):
        return await self.store.conversations.get(name)

    async def state(self, name):
        return (await self.get(name)).state

    async def epoch(self, name):
        return (await self.get(name)).epoch

    async def types(self, name):
        return [event.type.value for event in await self.store.conversations.events(name)]

    async def say(self, name, text="hello", *, message_id=None, payload=None):
        return await self.store.conversations.post_customer_message(
            name,
            message_id=message_id or self.new("m"),
            text=text,
            locale="en",
            payload=payload,
            now_ms=self.now,
        )

    async def request(self, name, _agent_id=None):
        return await self.store.handoffs.request(name, message_id=self.new("m"), now_ms=self.now)

    async def offer(self, name, agent_id="anna"):
        return await self.store.handoffs.offer(
            name,
            agent_id=agent_id,
            epoch=await self.epoch(name),
            deadline_ms=self.now + OFFER_MS,
            now_ms=self.now,
        )

    async def accept(self, name, agent_id="anna"):
        return await self.store.handoffs.accept(
            name, agent_id=agent_id, epoch=await self.epoch(name), now_ms=self.now
        )

    async def decline(self, name, agent_id="anna"):
        return await self.store.handoffs.decline(
            name, agent_id=agent_id, epoch=await self.epoch(name), reason="busy", now_ms=self.now
        )

    async def park(self, name, agent_id="anna", *, until_ms=None, note=None):
        return await self.store.holdings.park(
            name,
            agent_id=agent_id,
            epoch=await self.epoch(name),
            until_ms=until_ms or self.now + PARK_MS,
            note=note,
            now_ms=self.now,
        )

    async def transfer(self, name, agent_id="anna", *, to=TEAM, note=None):
        return await self.store.holdings.transfer(
            name,
            agent_id=agent_id,
            epoch=await self.epoch(name),
            target=to,
            note=note,
            now_ms=self.now,
        )

    async def take_over(self, name, agent_id="anna"):
        return await self.store.holdings.take_over(name, agent_id=agent_id, now_ms=self.now)

    async def resume(self, name, agent_id="anna"):
        return await self.store.holdings.resume(name, agent_id=agent_id, now_ms=self.now)

    async def wrap_up(self, name, agent_id="anna"):
        return await self.store.handoffs.wrap_up(
            name,
            agent_id=agent_id,
            epoch=await self.epoch(name),
            disposition="solved",
            ends_ms=self.now + OFFER_MS,
            now_ms=self.now,
        )

    async def close(self, name, _agent_id=None):
        return await self.store.conversations.close(
            name, by=ClosedBy.CUSTOMER, reason="done", now_ms=self.now
        )

    async def leave(self, name, _agent_id=None):
        return await self.store.handoffs.leave_message(
            name, message_id=self.new("m"), contact="a@b.example", text="call me", now_ms=self.now
        )

    async def work(self, worker="w1"):
        """Claim one job and return it with its turn."""
        [job] = await self.store.turns.claim(worker, count=1)
        return job, (await self.store.turns.next(job, now_ms=self.now)).turn

    async def complete(self, job, turn, *texts, kind="answer", **more):
        return await self.store.turns.complete(
            job,
            turn,
            replies=[Reply(kind, text) for text in texts],
            now_ms=self.now,
            **more,
        )

    async def answer(self, name, **more):
        """Let the bot answer a question from an article; return the answer's seq."""
        await self.say(name)
        job, turn = await self.work()
        answer = Reply(**{"kind": "answer", "text": "Ask.", "sources": (SOURCE,), **more})
        outcome = await self.store.turns.complete(job, turn, replies=[answer], now_ms=self.now)
        return outcome.seq

    async def wait_for(self, event_type, *, name=None, count=1):
        """Return the `count`-th event of the type in the desk's log, once it is there."""
        async with asyncio.timeout(DEADLINE_S):
            async for entry in self.store.log.tail("0-0"):
                if entry.event.type == event_type and name in {None, entry.event.conversation_id}:
                    count -= 1
                    if count == 0:
                        return entry.event
        raise AssertionError("the log never ends")


PATHS = {
    State.BOT: (),
    State.WAITING: ("request",),
    State.OFFERED: ("request", "offer"),
    State.ASSIGNED: ("request", "offer", "accept"),
    State.WRAP_UP: ("request", "offer", "accept", "wrap_up"),
    State.CLOSED: ("close",),
    State.MESSAGE_LEFT: ("request", "leave"),
    State.PARKED: ("request", "offer", "accept", "park"),
}

SOURCE = {
    "article_id": "reset", "title": "Reset", "url": "/help/en/reset", "quote": "Ask for a link.",
    "locale": "en", "updated": "2026-09-22",
}  # fmt: skip
ASKED = Handoff(reason="asked", topic="ask_setup", language="en", summary="help")
