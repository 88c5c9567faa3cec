"""Fills a private desk before it is measured: signed-in agents, and people who wait."""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handoff_service.archive.database import open_database
from handoff_service.archive.models import AccountRow, AccountSessionRow
from handoff_service.archive.sessions import digest
from handoff_service.conversation import Handoff, Needs
from handoff_service.domain import Presence
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.settings import Settings
from handoff_service.store import open_store
from handoff_service.store.codec import to_json
from handoff_service.store.results import RequestResult, StartResult
from handoff_service.store.scripts import Scripts
from handoff_service.store.transitions import Call, Transitions

#: Scripts sent in one round trip.
BATCH = 500
#: A working day: no session ends while anything is measured.
_SESSION_MS = 12 * 3_600_000
SKILLS = (None, "billing", "orders", "technical", "accounts")
PRIORITIES = (5, 5, 5, 6, 8)


@dataclass(frozen=True, slots=True)
class Seat:
    """One agent to come: what they speak, how many they may hold, and the cookie they bring."""

    agent_id: str
    languages: tuple[str, ...]
    capacity: int
    cookie: str


def seats(count: int, *, languages: tuple[str, ...], capacity: int, prefix: str) -> list[Seat]:
    """Return that many equal agents."""
    return [
        Seat(f"{prefix}-{number}", languages, capacity, secrets.token_urlsafe(32))
        for number in range(count)
    ]


async def sign_in_all(sql_url: str, agents: Sequence[Seat]) -> None:
    """Give every agent an account and a session, past the price of a thousand passwords."""
    now_ms = _now_ms()
    database = await open_database(sql_url)
    try:
        async with database.session() as session:
            session.add_all(
                AccountRow(
                    id=seat.agent_id,
                    login=seat.agent_id,
                    name="Bench",
                    role="agent",
                    languages=list(seat.languages),
                    capacity=seat.capacity,
                    skills={},
                    teams=[],
                    password_hash="",
                    created_ms=now_ms,
                )
                for seat in agents
            )
            await session.flush()
            session.add_all(
                AccountSessionRow(
                    id=secrets.token_urlsafe(12),
                    token_hash=digest(seat.cookie),
                    account_id=seat.agent_id,
                    created_ms=now_ms,
                    expires_ms=now_ms + _SESSION_MS,
                )
                for seat in agents
            )
    finally:
        await database.close()


async def put_online(redis_url: str, agents: Sequence[Seat]) -> None:
    """Have agents come to the desk without a socket of their own."""
    async with await open_store(settings_of(redis_url)) as store:
        for seat in agents:
            await store.agents.register(
                seat.agent_id,
                name="Bench",
                languages=seat.languages,
                capacity=seat.capacity,
                presence=Presence.ONLINE,
                now_ms=_now_ms(),
            )


async def queue_up(redis_url: str, count: int, *, language: str) -> None:
    """Put that many conversations in the queue, of several skills and priorities.

    Every one goes through the two scripts of the store; what they wrote to the log is dropped, as
    if history had taken it long ago.
    """
    async with await open_store(settings_of(redis_url)) as store:
        scripts = Scripts(store.redis)
        patient = Live(
            replace(DeskRules.of(settings_of(redis_url)), idle_close_s=_SESSION_MS // 1000)
        )
        steps = Transitions(store.redis, store.keys, scripts=scripts, rules=patient)
        for start in range(0, count, BATCH):
            numbers = range(start, min(start + BATCH, count))
            await _queue_up(steps, numbers, language=language)
        await store.redis.xtrim(store.keys.log, maxlen=0, approximate=False)


async def _queue_up(steps: Transitions, numbers: Sequence[int], *, language: str) -> None:
    now_ms = _now_ms()
    names = [f"w-{number}" for number in numbers]
    started: list[Call] = [
        (name, None, ["{}", language, "customer_id", f"of-{name}"]) for name in names
    ]
    await steps.run_many("start_conversation", started, now_ms=now_ms, result=StartResult)
    handoff = to_json(Handoff(reason="asked", topic="", language=language).to_json())
    nobody = to_json({"text": "", "fields": "", "left": ""})
    asked: list[Call] = [
        (name, None, ["m", handoff, to_json(needs.to_json()), "", nobody])
        for name, needs in zip(names, _needs(numbers), strict=True)
    ]
    await steps.run_many("request_handoff", asked, now_ms=now_ms, result=RequestResult)


def _needs(numbers: Sequence[int]) -> Iterator[Needs]:
    for number in numbers:
        skill = SKILLS[number % len(SKILLS)]
        yield replace(Needs(), skill=skill, priority=PRIORITIES[number // 7 % len(PRIORITIES)])


def settings_of(redis_url: str) -> Settings:
    """Return settings good enough to open the store."""
    environment: Mapping[str, str] = dict.fromkeys(
        ("BATON_INTERNAL_SECRET", "BATON_SIGNING_KEY", "BATON_RASA_TOKEN"), secrets.token_hex(16)
    )
    return Settings.from_env({**environment, "BATON_REDIS_URL": redis_url})


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
