"""Many customers asking at once, each waiting for the answer before asking again."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from baton.client.errors import ClientError
from baton.client.percentile import percentile
from baton.client.questions import Question

#: Turns of each customer that are not counted: caches fill, connections open.
WARM_UP_TURNS = 2
#: Turns of a conversation whose times are given apart: no slower late than early.
EARLY, LATE = range(5, 15), range(100, 110)


class Talk(Protocol):
    """One customer's conversation with a bot."""

    locale: str

    async def ask(self, text: str) -> tuple[float, str]:
        """Return the seconds until the answer, and its kind. Raises ClientError."""


#: Opens that many customers' conversations with one bot, and closes them.
Crowd: TypeAlias = Callable[[int], AbstractAsyncContextManager[Sequence[Talk]]]


@dataclass(slots=True)
class Tally:
    """Counted turns: their times, the kinds of answers, the errors by code."""

    #: (number of the turn in its conversation, seconds)
    times: list[tuple[int, float]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    #: Length of the counted part (s).
    wall_s: float = 0.0

    def figures(self) -> dict[str, Any]:
        """Return p50_ms, p95_ms, p99_ms, max_ms, early_p50_ms, late_p50_ms, turns_per_s and counts.

        Milliseconds by nearest rank over the answered turns, None without any; `early` are the
        turns 5 to 14 of a conversation, `late` those from 100 to 109; `turns_per_s` over the wall
        time of the counted part.
        """
        return {
            **{f"p{rank}_ms": _ms(self.times, rank) for rank in (50, 95, 99)},
            "max_ms": _ms(self.times, 100),
            "early_p50_ms": _ms([timed for timed in self.times if timed[0] in EARLY], 50),
            "late_p50_ms": _ms([timed for timed in self.times if timed[0] in LATE], 50),
            "turns_per_s": round(len(self.times) / self.wall_s, 2) if self.wall_s else None,
            "errors": self.errors.total(),
            "turns": len(self.times) + self.errors.total(),
            "kinds": dict(self.kinds),
            "error_codes": dict(self.errors),
        }


def _ms(times: Sequence[tuple[int, float]], rank: float) -> float | None:
    return round(percentile([1000 * s for _, s in times], rank), 1) if times else None


class Asking:
    """Hands out questions by language, each again only when all were asked."""

    def __init__(self, questions: Sequence[Question]) -> None:
        by_locale: dict[str, list[str]] = {}
        for question in questions:
            by_locale.setdefault(question.locale, []).append(question.text)
        self._texts: dict[str, Iterator[str]] = {
            locale: itertools.cycle(texts) for locale, texts in by_locale.items()
        }

    def next(self, locale: str) -> str:
        """Return the next question of a language that has some."""
        return next(self._texts[locale])


async def measure(
    crowd: Crowd,
    asking: Asking,
    *,
    customers: int,
    turns: int,
    on_turn: Callable[[], None] = lambda: None,
) -> Tally:
    """Measure message out → answer in, `turns` turns of each customer after some to warm up.

    Args:
        crowd: opens the conversations.
        asking: where the questions come from.
        customers: how many at the same time.
        turns: counted turns of each.
        on_turn: called after each turn, warm-up included.

    Raises:
        NotReachable: nothing answers.
    """
    tally = Tally()
    async with crowd(customers) as talks:
        warm_up = range(1, WARM_UP_TURNS + 1)
        await _all_ask(talks, asking, numbers=warm_up, tally=Tally(), on_turn=on_turn)
        begun = time.perf_counter()
        counted = range(WARM_UP_TURNS + 1, WARM_UP_TURNS + turns + 1)
        await _all_ask(talks, asking, numbers=counted, tally=tally, on_turn=on_turn)
        tally.wall_s = time.perf_counter() - begun
    return tally


async def _all_ask(
    talks: Sequence[Talk],
    asking: Asking,
    *,
    numbers: range,
    tally: Tally,
    on_turn: Callable[[], None],
) -> None:
    async def ask_all(talk: Talk) -> None:
        for number in numbers:
            try:
                seconds, kind = await talk.ask(asking.next(talk.locale))
            except ClientError as error:
                tally.errors[getattr(error, "code", type(error).__name__)] += 1
            else:
                tally.times.append((number, seconds))
                tally.kinds[kind] += 1
            on_turn()

    async with asyncio.TaskGroup() as tasks:
        for talk in talks:
            tasks.create_task(ask_all(talk))
