"""Customers, the bot and agents of a soak: straight on the live store, each step a real script."""

import asyncio

from handoff_service.clock import Clock
from handoff_service.domain import ClosedBy, Presence
from handoff_service.store import Store
from handoff_service.store.turns import Job
from handoff_service.turn import Reply

#: Conversations that go on at the same time.
AT_ONCE = 200
#: Every so many-th conversation is handed to a person.
HANDED_OVER = 5
AGENTS = 20
#: Enough for all conversations at once to be with a person.
CAPACITY = AT_ONCE // AGENTS

QUESTION = "My hub restarts every night at three, and the lamps in the hall stay on until noon."
ANSWER = Reply(
    kind="answer",
    text="Open the app, choose Devices, hold the hub for five seconds and choose Restart plan. "
    "There you can turn off the nightly restart, or move it to another hour of the day.",
    sources=(
        {
            "article_id": "hub-restarts",
            "title": "The hub restarts by itself",
            "url": "/help/en/hub-restarts",
            "quote": "Open the app, choose Devices, hold the hub for five seconds.",
            "locale": "en",
            "updated": "2026-09-22",
        },
    ),
    confidence=0.9,
    query=QUESTION,
)


class Players:
    """Everybody who talks."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Talk on `store`."""
        self.store = store
        self._clock = clock
        self._answered: dict[str, asyncio.Event] = {}
        self._next = 0
        #: Cleared while nobody may begin another conversation.
        self.gate = asyncio.Event()
        self.gate.set()

    async def sit_down(self) -> None:
        """Let the agents come to work."""
        for number in range(AGENTS):
            await self.store.agents.register(
                _agent(number),
                name=f"Agent {number}",
                languages=("en",),
                capacity=CAPACITY,
                presence=Presence.ONLINE,
                now_ms=self._clock.now_ms(),
            )

    async def play(self, until: int) -> None:
        """Go on, from hello to the end, until so many conversations are over in all."""
        async with asyncio.TaskGroup() as everybody:
            bot = everybody.create_task(self._answer())
            async with asyncio.TaskGroup() as customers:
                for seat in range(AT_ONCE):
                    customers.create_task(self._talk_on(_agent(seat % AGENTS), until))
            bot.cancel()

    async def _talk_on(self, agent_id: str, until: int) -> None:
        while (number := self._next) < until:
            self._next += 1
            await self.gate.wait()
            await self._talk(f"c_{number}", agent_id if number % HANDED_OVER == 0 else None)

    async def _talk(self, name: str, agent_id: str | None) -> None:
        conversations, clock = self.store.conversations, self._clock
        self._answered[name] = asyncio.Event()
        await conversations.start(name, customer_id=f"u_{name}", locale="en", now_ms=clock.now_ms())
        await conversations.post_customer_message(
            name, message_id="m1", text=QUESTION, locale="en", now_ms=clock.now_ms()
        )
        await self._answered[name].wait()
        del self._answered[name]
        if agent_id is not None:
            await self._meet(name, agent_id)
        await conversations.close(name, by=ClosedBy.CUSTOMER, reason="done", now_ms=clock.now_ms())

    async def _meet(self, name: str, agent_id: str) -> None:
        handoffs, now_ms = self.store.handoffs, self._clock.now_ms
        asked = await handoffs.request(name, message_id="p1", now_ms=now_ms())
        offered = await handoffs.offer(
            name,
            agent_id=agent_id,
            epoch=asked.epoch,
            deadline_ms=now_ms() + 60_000,
            now_ms=now_ms(),
        )
        taken = await handoffs.accept(name, agent_id=agent_id, epoch=offered.epoch, now_ms=now_ms())
        await self.store.conversations.post_agent_message(
            name,
            agent_id=agent_id,
            epoch=taken.epoch,
            message_id="a1",
            text="Hello! I have turned the nightly restart off for you.",
            now_ms=now_ms(),
        )

    async def _answer(self) -> None:
        while True:
            jobs = await self.store.turns.claim("bot", count=AT_ONCE)
            await asyncio.gather(*map(self._complete, jobs))

    async def _complete(self, job: Job) -> None:
        work = await self.store.turns.next(job, now_ms=self._clock.now_ms())
        if work is not None:
            await self.store.turns.complete(
                job, work.turn, replies=[ANSWER], now_ms=self._clock.now_ms()
            )
        self._answered[job.conversation_id].set()


def _agent(number: int) -> str:
    return f"agent-{number}"
