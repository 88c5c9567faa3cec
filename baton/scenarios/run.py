"""Runs scenarios against a system: several at a time, each conversation in order."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from baton.client.accounts import temporary_account
from baton.client.agent import Agent
from baton.client.customer import Customer
from baton.client.errors import ClientError
from baton.client.identity import sign_identity
from baton.client.phrases import LOCALES
from baton.client.report import Failed
from baton.scenarios.checks import Seen, failures, wish
from baton.scenarios.errors import AgentsOnline
from baton.scenarios.model import Scenario, Step
from baton.scenarios.play import Play

#: Conversations at a time: what two cores answer without anybody waiting long.
AT_ONCE = 4
#: Conversations that the agent of the scenarios may hold or be offered.
CAPACITY = 50
#: Characters of the bot's words shown with a failure.
SHOWN = 160


@dataclass(frozen=True, slots=True)
class Miss:
    """A step whose expectations did not hold, or that could not be done."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one scenario went; `seconds` from opening the chat to leaving it."""

    scenario: Scenario
    misses: tuple[Miss, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        return not self.misses


async def run_scenarios(
    url: str,
    scenarios: Sequence[Scenario],
    *,
    secret: str,
    identity_secret: str | None = None,
    at_once: int = AT_ONCE,
    on_done: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """Run them all: first those with nobody on duty, then those with an agent online.

    Args:
        url: address of the system.
        scenarios: what to run.
        secret: of the operator's routes; makes the agent's account, and lifts the rate limits.
        identity_secret: the site's, which signs the flags of customers; None: nobody has flags.
        at_once: conversations at a time.
        on_done: is told each outcome as it comes.

    Returns:
        The outcomes, in the order of `scenarios`.

    Raises:
        AgentsOnline: real agents are at work.
        ClientError: the system cannot be reached, or refuses the account.
    """
    outcomes: dict[int, Outcome] = {}
    places = asyncio.Semaphore(at_once)

    async def one(scenario: Scenario, agent: Agent) -> None:
        async with places:
            identity = _identity(scenario, identity_secret)
            outcome = await _run(url, scenario, agent=agent, secret=secret, identity=identity)
        outcomes[id(scenario)] = outcome
        on_done(outcome)

    async def all_of(some: Sequence[Scenario], agent: Agent) -> None:
        async with asyncio.TaskGroup() as tasks:
            for scenario in some:
                tasks.create_task(one(scenario, agent))

    async with (
        temporary_account(
            url,
            secret,
            login="scenarios",
            name="Ann",
            languages=list(LOCALES),
            role="supervisor",
            capacity=CAPACITY,
        ) as credentials,
        Agent(url, login=credentials.login, password=credentials.password) as agent,
    ):
        await _check_nobody_works(url, secret)
        await all_of([scenario for scenario in scenarios if not scenario.on_duty], agent)
        staffed = [scenario for scenario in scenarios if scenario.on_duty]
        if staffed:
            await agent.set_presence("online")
            await all_of(staffed, agent)
            await agent.set_presence("offline")
    return [outcomes[id(scenario)] for scenario in scenarios]


async def _check_nobody_works(url: str, secret: str) -> None:
    async with Customer(url, secret=secret) as customer:
        if customer.on_duty:
            raise AgentsOnline(url)


def _identity(scenario: Scenario, secret: str | None) -> str | None:
    if secret is None or not scenario.flags:
        return None
    customer_id = f"scenario-{secrets.token_hex(8)}"
    return sign_identity(secret, customer_id=customer_id, flags=scenario.flags)


async def _run(
    url: str, scenario: Scenario, *, agent: Agent, secret: str, identity: str | None
) -> Outcome:
    begun = time.perf_counter()
    misses: list[Miss] = []
    line = scenario.line
    try:
        async with Customer(
            url,
            locale=scenario.language,
            secret=secret,
            page=dict(scenario.page),
            identity=identity,
        ) as customer:
            play = Play(customer, agent)
            try:
                for step in scenario.steps:
                    line = step.line
                    miss = _miss(step, await play.take(step))
                    misses += [miss] if miss else []
            finally:
                await play.leave()
    except (ClientError, Failed) as error:
        misses.append(Miss(line, f"this step could not be done: {error}"))
    return Outcome(scenario, tuple(misses), time.perf_counter() - begun)


def _miss(step: Step, seen: Seen) -> Miss | None:
    """Return what does not hold at a step, in one sentence; None where all holds."""
    failed = failures(step, seen)
    if not failed:
        return None
    words = " ".join(seen.said.split())
    words = words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
    expected = "; ".join(wish(check) for check, _ in failed)
    got = "; ".join(got for _, got in failed)
    said = f" · «{words}»" if words else ""
    return Miss(failed[0][0].line, f"expected {expected}, got {got}{said}")
