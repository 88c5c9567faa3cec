"""One run from start to verdict: people, faults, quiet, comparison."""

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baton.chaos.agents import AgentPlayer
from baton.chaos.breaking import Breaking
from baton.chaos.customers import CustomerPlayer
from baton.chaos.faults import draw
from baton.chaos.judge import judge
from baton.chaos.ledger import Ledger
from baton.chaos.people import Scene
from baton.chaos.plan import Plan
from baton.chaos.stored import Stored, count_archived, read_archived, read_live
from baton.chaos.system import BrokenSystem
from baton.chaos.verdict import Finding, Flaw, Verdict
from baton.chaos.words import Words
from baton.client.accounts import create_account
from baton.client.phrases import LOCALES
from baton.launcher.system import NotReady
from handoff_service.audit.auditor import Auditor
from handoff_service.audit.findings import Fault
from handoff_service.audit.places import Limits
from handoff_service.clock import SystemClock
from handoff_service.errors import StoreUnavailable
from handoff_service.settings import Settings
from handoff_service.store import Store, open_store

#: Room of an agent: some have one, most two or three.
CAPACITIES = (1, 2, 2, 3, 3)
#: Every so manieth agent is a supervisor.
SUPERVISOR_EVERY = 8
#: Agents that sign in at a time.
AT_ONCE = 8
#: Longest time (s) until what somebody wrote is acknowledged once nothing is broken any more.
SETTLED_S = 60.0
#: Longest time (s) until all events are in SQL.
ARCHIVED_S = 60.0
#: Longest time (s) until nobody waits, talks or is owed an answer; and seconds beyond the grace in
#: which a conversation that could be moved must be, before it counts as stuck.
QUIET_S, STUCK_S = 90.0, 12.0
#: Seconds between looks at what tells nobody when it changes.
LOOK_S = 0.5


class NeverRecovered(Exception):
    """All faults are over, and the system is not what it was; names the part and its log."""


@dataclass(slots=True)
class Outcome:
    """A verdict and what one needs to look into it."""

    verdict: Verdict
    faults: list[dict[str, Any]]
    ledgers: list[Ledger]
    stored: Stored


async def run_chaos(plan: Plan, folder: Path, *, say: Callable[[str], None]) -> Outcome:
    """Start a system, let people use it while it is broken, and judge.

    Args:
        plan: what the run is to be.
        folder: data folder of the private system.
        say: is told what happens meanwhile.

    Raises:
        CannotRun, NotReady, NoRedisServer: the system does not start.
        NeverRecovered: it started, and did not come back.
    """
    rng = random.Random(plan.seed)  # noqa: S311 (to be repeated, not to be secret)
    async with AsyncExitStack() as stack:
        say("starting the system …")
        system = await stack.enter_async_context(
            BrokenSystem(
                folder,
                replicas=plan.replicas,
                with_bot=plan.with_bot,
                with_sentinels=plan.with_sentinels,
                settings=plan.settings,
                rng=rng,
                say=say,
            )
        )
        scene = Scene(system.url, plan.timing, Words(rng), plan.with_bot)
        run = _Run(plan, scene, system, stack=stack, say=say)
        await run.hire()
        await run.play()
        return await run.conclude()


class _Run:
    """The people of a run and what happens to them."""

    def __init__(
        self,
        plan: Plan,
        scene: Scene,
        system: BrokenSystem,
        *,
        stack: AsyncExitStack,
        say: Callable[[str], None],
    ) -> None:
        self._plan, self._scene, self._system = plan, scene, system
        self._stack, self._say = stack, say
        self._agents: list[AgentPlayer] = []
        self._customers = [
            CustomerPlayer(scene, number=number, seed=plan.seed, stack=stack)
            for number in range(1, plan.customers + 1)
        ]
        self._working: list[asyncio.Task[None]] = []
        self._faults: list[dict[str, Any]] = []

    async def hire(self) -> None:
        """Make the accounts and sign everybody in; each language is spoken by many."""
        dice = random.Random(self._plan.seed)  # noqa: S311 (to be repeated, not to be secret)
        spoken = itertools.cycle(LOCALES)
        gate = asyncio.Semaphore(AT_ONCE)

        async def hire(number: int) -> AgentPlayer:
            languages = [next(spoken), *dice.sample(LOCALES, dice.randint(0, 3))]
            account = {
                "languages": list(dict.fromkeys(languages)),
                "capacity": dice.choice(CAPACITIES),
                "role": "agent" if number % SUPERVISOR_EVERY else "supervisor",
            }
            async with gate:
                return await self._hire(number, account)

        self._agents = await asyncio.gather(*map(hire, range(1, self._plan.agents + 1)))

    async def _hire(self, number: int, account: dict[str, Any]) -> AgentPlayer:
        credentials = await create_account(
            self._system.url,
            self._system.secret,
            login=f"agent-{number}",
            name=f"Agent {number}",
            **account,
        )
        player = AgentPlayer(
            self._scene,
            credentials=credentials,
            account=account,
            seed=self._plan.seed,
            absence_s=1.5 * self._plan.grace_s,
        )
        await player.arrive()
        self._stack.push_async_callback(player.leave)
        return player

    async def play(self) -> None:
        """Let people live and faults happen, until everything runs again and nobody begins anew."""
        plan = self._plan
        schedule = draw(
            plan.seed,
            seconds=plan.seconds,
            replicas=plan.replicas,
            every_s=plan.every_s,
            parts=self._system.parts,
        )
        self._say(f"{plan.agents} agents, {plan.customers} customers, {len(schedule)} faults:")
        for fault in schedule:
            self._say(f"  {fault}")
        breaking = Breaking(self._system)
        self._faults = breaking.done
        self._working = [asyncio.create_task(agent.play()) for agent in self._agents]
        self._stack.push_async_callback(_end, self._working)
        visiting = [asyncio.create_task(customer.play()) for customer in self._customers]
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(breaking.run(schedule))
                tasks.create_task(_let_pass(plan.seconds, [*visiting, *self._working]))
            self._say("no more faults: everything is brought to an end …")
            await self._system.wait_until_ready()
        except NotReady as error:
            raise NeverRecovered(str(error)) from None
        finally:
            await _end(visiting)

    async def conclude(self) -> Outcome:
        """Bring everything to an end, take the picture and judge."""
        self._scene.settling.set()
        settings = Settings.from_env(self._system.environment(0))
        store = await self._stack.enter_async_context(await open_store(settings))
        try:
            return await self._settle(store, settings)
        except StoreUnavailable as error:  # although /readyz had said otherwise
            raise NeverRecovered(f"Redis went away with no fault any more: {error}") from None

    async def _settle(self, store: Store, settings: Settings) -> Outcome:
        began = time.monotonic()
        unheard = await self._hear_out()
        await self._until(lambda: self._is_quiet(store), within_s=QUIET_S + self._plan.grace_s)
        left_s = began + self._plan.grace_s + STUCK_S - time.monotonic()
        if not await self._is_quiet(store):
            await asyncio.sleep(max(0.0, left_s))
        await self._until(lambda: self._is_archived(store), within_s=ARCHIVED_S)
        unheard += await self._hear_out()
        await _end(self._working)
        stored = await self._live(store)
        stored.archived = await asyncio.to_thread(read_archived, self._system.database)
        verdict = judge(
            self._scene.ledgers,
            stored,
            grace_s=self._plan.grace_s,
            with_bot=self._plan.with_bot,
        )
        verdict.findings += [Finding(Flaw.STUCK, key, why) for key, why in sorted(set(unheard))]
        verdict.findings += await _misplaced(store, settings)
        return Outcome(verdict, self._faults, self._scene.ledgers, stored)

    async def _hear_out(self) -> list[tuple[str, str]]:
        """Have everybody come back and hear everything; return who could not, and why."""
        customers = await asyncio.gather(
            *(customer.return_at_last(deadline_s=SETTLED_S) for customer in self._customers)
        )
        agents = await asyncio.gather(
            *(agent.hear_out(deadline_s=SETTLED_S) for agent in self._agents)
        )
        return [*itertools.chain(*customers), *(("", why) for why in agents if why)]

    async def _live(self, store: Store) -> Stored:
        known = [ledger.conversation_id for ledger in self._scene.ledgers]
        return await read_live(store, filter(None, known), now_ms=time.time_ns() // 1_000_000)

    async def _is_quiet(self, store: Store) -> bool:
        """Tell whether nobody waits, is being offered, talks, or is owed an answer of the bot."""
        stored = await self._live(store)
        return not any(
            talk.state in {"waiting", "offered", "assigned"}
            or (self._plan.with_bot and talk.state == "bot" and talk.owed_turns)
            for talk in stored.talks.values()
        )

    async def _is_archived(self, store: Store) -> bool:
        stored = await self._live(store)
        counts = await asyncio.to_thread(count_archived, self._system.database)
        return all(counts.get(key, 0) >= talk.last_seq for key, talk in stored.talks.items())

    async def _until(self, look: Callable[[], Awaitable[bool]], *, within_s: float) -> None:
        """Wait until it is so, but no longer: what is missing then is a finding."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            if await look():
                return
            await asyncio.sleep(LOOK_S)


async def _misplaced(store: Store, settings: Settings) -> list[Finding]:
    """Return what the service's own audit says of the desk."""
    auditor = Auditor(store, clock=SystemClock(), limits=Limits.of(settings))
    found = [finding async for page in auditor.pages() for finding in page.findings]
    return [
        Finding(Flaw.MISPLACED, one.conversation_id or "", f"{one.fault.value}: {one.wrong}")
        for one in dict.fromkeys(found)
        if one.fault is not Fault.EVENT_ORDER
    ]


async def _let_pass(seconds: float, tasks: Sequence[asyncio.Task[None]]) -> None:
    """Let so much time pass; raise what a player raises, for that is a fault of this program."""
    done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended: one that waits for another may swallow the first word."""
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=1)
