"""Makes conversations of a year of a busy desk: quickly, the same for the same number."""

from __future__ import annotations

import random
from collections.abc import Iterator

from handoff_service.domain import Event

DAY_MS = 86_400_000
#: 2026-01-01 00:00 UTC.
BEGIN_MS = 1_767_225_600_000
DAYS = 365
AGENTS = tuple(f"a_{number:02}" for number in range(40))
TEAMS = ("billing", "returns", "hubs", "sales")
TOPICS = tuple(f"topic_{number:02}" for number in range(20))
ARTICLES = tuple(f"article-{number:03}" for number in range(120))
REASONS = (
    "asked",
    "low_confidence",
    "technical_issue",
    "none_of_these",
    "displeasure",
    "complaint",
)
LANGUAGES = ("en", "ru", "ko", "zh-Hans", "zh-Hant")
LANGUAGE_SHARES = (60, 15, 10, 10, 5)
#: Share of conversations that ask for a person.
HANDED = 0.3


def talks(count: int, *, seed: int = 7) -> Iterator[list[Event]]:
    """Yield `count` conversations over DAYS days, the earliest first."""
    chance = random.Random(seed)  # noqa: S311 (drawn the same each time, on purpose)
    for number in range(count):
        place = number / count * DAYS
        hour = min(max(chance.gauss(14, 4), 0), 23.99)  # most write in the afternoon
        at_ms = BEGIN_MS + int(place) * DAY_MS + int(hour * 3_600_000)
        yield _Talk(chance, number, at_ms, customers=max(count * 6 // 10, 1), day=place).whole()


class _Talk:
    def __init__(
        self, chance: random.Random, number: int, at_ms: int, *, customers: int, day: float
    ) -> None:
        self._chance, self._name, self._at_ms = chance, f"c_{number:08}", at_ms
        self._customer = f"u_{chance.randrange(customers)}"
        self._index, self._release = f"i{int(day) // 30:02}", f"r{int(day) // 45:02}"
        self._events: list[Event] = []
        self._epoch = 1

    def whole(self) -> list[Event]:
        chance = self._chance
        language = chance.choices(LANGUAGES, LANGUAGE_SHARES)[0]
        self._add(0, "conversation.started", customer_id=self._customer, locale=language)
        for _ in range(chance.choice((1, 1, 2, 3))):
            self._turn()
        if chance.random() < HANDED:
            self._hand_over()
        self._add(chance.randint(60, 1800), "conversation.closed", by="system", reason="idle")
        return self._events

    def _turn(self) -> None:
        chance = self._chance
        self._add(20, "message.posted", author="customer", text="How do I pay?", turn=1)
        kind = "answer" if chance.random() < 0.75 else "clarify"
        more = {}
        if kind == "answer":
            article = ARTICLES[min(int(chance.expovariate(0.06)), len(ARTICLES) - 1)]
            source = {"article_id": article, "title": "Pay", "locale": "en", "url": "/help/pay"}
            more = {"sources": [source], "index_version": self._index, "confidence": 0.8}
        answer = self._add(
            2, "message.posted", author="bot", text="Like this.", kind=kind, intent="ask",
            release=self._release, **more,
        )  # fmt: skip
        if kind == "answer" and chance.random() < 0.2:
            self._add(8, "answer.voted", seq=answer.seq, helpful=chance.random() < 0.7)

    def _hand_over(self) -> None:
        chance, agent = self._chance, self._chance.choice(AGENTS)
        team = chance.choice(TEAMS)
        self._add(
            5, "handoff.requested", reason=chance.choice(REASONS), topic=chance.choice(TOPICS),
            language="en", needs={"team": team, "priority": 5, "sla_ms": 120_000}, place=1,
        )  # fmt: skip
        if chance.random() < 0.08:
            self._add(chance.randint(30, 900), "handoff.abandoned", waited_ms=1)
            return
        self._add(int(chance.expovariate(1 / 60)), "handoff.offered", agent_id=agent)
        self._take(4, agent)
        if chance.random() < 0.05:
            to = {"kind": "team", "id": chance.choice(TEAMS)}
            self._add(60, "handoff.transferred", agent_id=agent, to=to)
            agent = chance.choice(AGENTS)
            self._take(30, agent)
        for _ in range(chance.randint(1, 4)):
            self._add(25, "message.posted", author="agent", text="Let me see.", agent_id=agent)
            self._add(40, "message.posted", author="customer", text="Thank you.")
        end = self._add(10, "conversation.wrapped_up", agent_id=agent, disposition="solved")
        if chance.random() < 0.5:
            about = {"kind": "csat", "after": "person", "about": end.seq, "agent_id": agent}
            self._add(1, "survey.asked", **about)
            if chance.random() < 0.4:
                self._add(30, "survey.answered", score=chance.choice((1, 3, 4, 5, 5)), **about)

    def _take(self, seconds: int, agent: str) -> None:
        self._add(seconds, "handoff.assigned", agent_id=agent, agent_name=agent, text="")

    def _add(self, seconds: int, type_: str, /, **data: object) -> Event:
        self._at_ms += seconds * 1000 + self._chance.randrange(1000)
        event = Event(self._name, len(self._events) + 1, type_, self._at_ms, self._epoch, data)
        self._events.append(event)
        return event
