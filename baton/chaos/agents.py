"""An agent of a run: takes offers or lets them pass, answers, ends talks, goes, vanishes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from baton.chaos.ledger import AGENT
from baton.chaos.people import Person, Scene, attempt, insist
from baton.chaos.replay import ASSIGNED
from baton.client.accounts import Credentials
from baton.client.agent import Agent
from baton.client.errors import ClientError, NotInTime

#: Shares of offers that are not accepted.
DECLINES, MISSES = 0.08, 0.06
#: Time (s, before pace) to accept or decline an offer.
DECIDES_S = 4.0
#: Replies of a talk.
REPLIES = (2, 6)
#: How a talk ends, in proportion.
ENDS = {"wrap_up": 6, "close": 1, "hand_back": 2, "transfer": 2, "park": 1}
#: What an agent does beside, in proportion, about every so many messages' time; a supervisor takes
#: over and whispers, too.
MOODS = {"stay": 3, "away": 2, "blink": 2, "crash": 1, "home": 1}
OF_SUPERVISORS = {"take_over": 3, "whisper": 3}
#: Share of replies that are drafted first.
DRAFTS = 0.3
MOOD_EVERY = 4
#: How long a tab is closed by accident (s, before pace).
BLINK_S = 3.0
#: Longest wait for news (s) before looking again: for what tells nobody.
LOOK_S = 1.0


class AgentPlayer(Person):
    """One person in front of the console.

    Args:
        scene: what all share.
        credentials: of the account.
        account: languages, capacity and role.
        seed: of the run.
        absence_s: how long a crashed agent stays away: longer than the grace.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        credentials: Credentials,
        account: dict[str, Any],
        seed: int,
        absence_s: float,
    ) -> None:
        super().__init__(scene, who=credentials.login, seed=seed)
        ledger = scene.new_ledger(self.who, AGENT)
        self.agent = Agent(
            scene.url, login=credentials.login, password=credentials.password, tap=ledger.tap
        )
        self._ledger = ledger
        self._account = account
        supervises = account["role"] == "supervisor"
        self._moods = MOODS | (OF_SUPERVISORS if supervises else {})
        self._absence_s = absence_s
        self._busy: set[tuple[str, str]] = set()  # what is being seen to: (what, conversation)
        self._off = False  # away or gone by own will
        self._tasks: set[asyncio.Task[None]] = set()

    async def arrive(self) -> None:
        """Sign in and open the console, however long that takes."""
        await insist(self.agent.__aenter__)
        self._ledger.account = self._account | {"agent_id": self.agent.agent["agent_id"]}
        self.scene.agents.append(self.agent)

    async def play(self) -> None:
        """Work until cancelled; what was begun ends with it."""
        self._see_to("presence", "", self._change_mood)
        try:
            while True:
                self._look()
                await self._news()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def leave(self) -> None:
        """Close everything."""
        await self.agent.__aexit__(None, None, None)

    def _look(self) -> None:
        """Begin what there is to do."""
        for conversation_id in list(self.agent.offers):
            self._see_to("offer", conversation_id, partial(self._consider, conversation_id))
        for conversation_id, summary in list(self.agent.conversations.items()):
            if summary["state"] == ASSIGNED:
                self._see_to("talk", conversation_id, partial(self._talk, conversation_id))
        if self.agent.presence != "online" and not self._off and not self.agent.away:
            self._see_to("presence", "online", self._go_online)

    async def _news(self) -> None:
        before = self.agent.connections, len(self.agent.offers), len(self.agent.conversations)
        try:
            await self.agent.changes.until(
                lambda: (
                    (self.agent.connections, len(self.agent.offers), len(self.agent.conversations))
                    != before
                    or None
                ),
                what="news",
                deadline_s=LOOK_S,
            )
        except NotInTime:
            return

    def _see_to(self, what: str, about: str, act: Callable[[], Awaitable[None]]) -> None:
        if (what, about) in self._busy:
            return
        self._busy.add((what, about))

        async def run() -> None:
            try:
                await act()
            except (ClientError, OSError, KeyError):
                await asyncio.sleep(LOOK_S)  # refused or too late; the next look sees what is left
            finally:
                self._busy.discard((what, about))

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ── conversations ─────────────────────────────────────────────────────────────────────────

    async def _consider(self, conversation_id: str) -> None:
        settling = self.scene.settling.is_set()
        dice = self.rng.random()
        if not settling:
            await self.pause(DECIDES_S)
        offer = self.agent.offers.get(conversation_id)
        if offer is None:
            return
        if dice < DECLINES and not settling:
            await self.agent.decline(conversation_id)
        elif dice < DECLINES + MISSES and not settling:
            await self._until_gone(conversation_id)
        else:
            await self.agent.accept(conversation_id)

    async def _until_gone(self, conversation_id: str) -> None:
        await self.agent.changes.until(
            lambda: conversation_id not in self.agent.offers or None, what="end of the offer"
        )

    async def _talk(self, conversation_id: str) -> None:
        language = self.agent.conversations[conversation_id]["language"]
        for _ in range(self.rng.randint(*REPLIES)):
            if self.scene.settling.is_set():
                break
            words = self.scene.words.from_agent(language)
            if self.odds(DRAFTS):
                await self.agent.draft(conversation_id, words)
            await self._think_or_settle()
            await self.agent.write(conversation_id, words)
        if self.scene.settling.is_set():
            await self.agent.say(conversation_id, self.scene.words.from_agent(language))
            await self.agent.close_conversation(conversation_id)
        else:
            await self._end(conversation_id)

    async def _think_or_settle(self) -> None:
        try:
            async with asyncio.timeout(self.scene.timing.gap_s(self.rng)):
                await self.scene.settling.wait()
        except TimeoutError:
            return

    async def _end(self, conversation_id: str) -> None:
        how = self.rng.choices(list(ENDS), list(ENDS.values()))[0]
        if how == "wrap_up":
            await self.agent.wrap_up(conversation_id)
        elif how == "close":
            await self.agent.close_conversation(conversation_id)
        elif how == "transfer":
            colleague = self._colleague().agent["agent_id"]
            await self.agent.transfer(conversation_id, "agent", colleague, note="please")
        elif how == "park":
            until_ms = time.time_ns() // 1_000_000 + round(1000 * self.scene.timing.gap_s(self.rng))
            await self.agent.park(conversation_id, until_ms, note="later")
        else:
            await self.agent.hand_back(conversation_id, "all said")

    # ── presence ──────────────────────────────────────────────────────────────────────────────

    async def _go_online(self) -> None:
        if not self.scene.settling.is_set():
            await self.pause(DECIDES_S)
        await self.agent.set_presence("online")

    async def _change_mood(self) -> None:
        while not self.scene.settling.is_set():
            for _ in range(MOOD_EVERY):
                await self._think_or_settle()
            mood = self.rng.choices(list(self._moods), list(self._moods.values()))[0]
            if mood in OF_SUPERVISORS:
                await attempt(self._supervise(mood))
            elif mood != "stay" and not self.scene.settling.is_set():
                self._off = True
                try:
                    await self._be(mood)
                finally:
                    self._off = False

    async def _be(self, mood: str) -> None:
        if mood in {"away", "home"}:
            status = "away" if mood == "away" else "offline"
            if await attempt(self.agent.set_presence(status)):
                await self._think_or_settle()
            return
        await self.agent.go_away()
        try:
            if mood == "blink":
                await self.pause(BLINK_S)
            else:
                await asyncio.sleep(self._absence_s)
        finally:
            await insist(self.agent.come_back)

    # ── supervisors ───────────────────────────────────────────────────────────────────────────

    def _colleague(self) -> Agent:
        return self.rng.choice([a for a in self.scene.agents if a is not self.agent])

    async def _supervise(self, how: str) -> None:
        """Step into a colleague's conversation, if there is one."""
        held = list(self._colleague().conversations)
        if held and how == "take_over":
            await self.agent.take_over(self.rng.choice(held))
        elif held:
            await self.agent.whisper(self.rng.choice(held), self.scene.words.from_agent("en"))

    async def hear_out(self, *, deadline_s: float) -> str | None:
        """Wait until everything is acknowledged and has arrived; return why not."""
        try:
            if self.agent.away:
                await insist(self.agent.come_back)
            await self.agent.settled(deadline_s=deadline_s)
            await self.agent.drain()
        except ClientError as error:
            return f"{self.who}: {error!r}"
        return None
