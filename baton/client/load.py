"""Many customers asking at once, each waiting for the answer before asking again."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from baton.client.customer import Customer
from baton.client.errors import ClientError
from baton.client.events import REQUESTED
from baton.client.percentile import percentile
from baton.client.phrases import LOCALES

#: Folder of the project: its demo questions lie in data/.
ROOT = Path(__file__).resolve().parents[2]
#: Turns of each customer that are not counted: caches fill, connections open.
WARM_UP_TURNS = 2
#: Sockets opened at the same time: the system is to be measured, not its accept queue.
OPENING_AT_ONCE = 16
#: A turn slower than this is an error (s).
TURN_DEADLINE_S = 20.0


@dataclass(frozen=True, slots=True)
class Question:
    """A knowledge-base question in its language."""

    text: str
    locale: str


@dataclass(slots=True)
class Tally:
    """Counted turns: their times in seconds, the kinds of answers, the errors by code."""

    times_s: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)


def read_questions(root: Path) -> list[Question]:
    """Return the golden questions of `root`/data/eval, else its articles' titles, mixed by locale.

    Raises:
        ValueError: the folder holds neither.
    """
    by_locale: dict[str, list[Question]] = {locale: [] for locale in LOCALES}
    for file in sorted((root / "data" / "eval").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            if item.get("gold") and item.get("locale") in by_locale:
                by_locale[item["locale"]].append(Question(item["question"], item["locale"]))
    for locale in LOCALES:
        if not by_locale[locale]:
            by_locale[locale] = _titles(root / "data" / "kb" / locale, locale)
    rounds = max(map(len, by_locale.values()))
    mixed = [
        questions[number % len(questions)]
        for number in range(rounds)
        for questions in by_locale.values()
        if questions
    ]
    if not mixed:
        raise ValueError(f"neither data/eval/*.jsonl nor data/kb/*/*.md under {root}")
    return mixed


def _titles(folder: Path, locale: str) -> list[Question]:
    lines = (
        line
        for file in sorted(folder.glob("*.md"))
        for line in file.read_text(encoding="utf-8").splitlines()
    )
    return [
        Question(li.partition(":")[2].strip(), locale) for li in lines if li.startswith("title:")
    ]


async def measure_turns(
    url: str,
    questions: Sequence[Question],
    *,
    customers: int,
    turns: int,
    secret: str | None = None,
    on_turn: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Measure frame out → the bot's event in.

    Args:
        url: address of the system.
        questions: asked by turns, each customer in one language, as people are.
        customers: how many at the same time.
        turns: counted turns of each.
        secret: the operator's secret, which lifts the rate limits.
        on_turn: called after each turn, warm-up included.

    Returns:
        {"p50_ms","p95_ms","p99_ms","max_ms","turns_per_s","errors","customers","turns","kinds",
        "error_codes"}: milliseconds by nearest rank over the answered turns; `turns_per_s` over
        the wall time of the counted part.

    Raises:
        NotReachable: nothing answers.
    """
    tally = Tally()
    async with AsyncExitStack() as stack:
        crowd = await _open_all(stack, url, customers=customers, secret=secret)
        by_locale = {c: [q for q in questions if q.locale == c.locale] for c in crowd}
        await _all_ask(crowd, by_locale, turns=WARM_UP_TURNS, tally=Tally(), on_turn=on_turn)
        begun = time.perf_counter()
        await _all_ask(crowd, by_locale, turns=turns, tally=tally, on_turn=on_turn)
        wall_s = time.perf_counter() - begun
    return _summary(tally, wall_s=wall_s, customers=customers)


async def _open_all(
    stack: AsyncExitStack, url: str, *, customers: int, secret: str | None
) -> list[Customer]:
    gate = asyncio.Semaphore(OPENING_AT_ONCE)

    async def enter(number: int) -> Customer:
        async with gate:
            customer = Customer(url, locale=LOCALES[number % len(LOCALES)], secret=secret)
            return await stack.enter_async_context(customer)

    return list(await asyncio.gather(*(enter(number) for number in range(customers))))


async def _all_ask(
    crowd: Sequence[Customer],
    questions: dict[Customer, list[Question]],
    *,
    turns: int,
    tally: Tally,
    on_turn: Callable[[], None],
) -> None:
    async def ask_all(number: int, customer: Customer) -> None:
        own = questions[customer]
        for turn in range(turns):
            await _ask(customer, own[(number * turns + turn) % len(own)], tally)
            on_turn()

    await asyncio.gather(*(ask_all(number, customer) for number, customer in enumerate(crowd)))


async def _ask(customer: Customer, question: Question, tally: Tally) -> None:
    begun = time.perf_counter()
    try:
        answers = await customer.say(question.text, deadline_s=TURN_DEADLINE_S)
    except ClientError as error:
        tally.errors[getattr(error, "code", type(error).__name__)] += 1
        return
    tally.times_s.append(customer.arrived[answers[0].seq] - begun)
    tally.kinds[answers[-1].kind or "none"] += 1
    if answers[-1].type == REQUESTED:  # nobody is there to be helped; the bot goes on
        await customer.cancel_handoff()


def _summary(tally: Tally, *, wall_s: float, customers: int) -> dict[str, Any]:
    ms = [1000 * time_s for time_s in tally.times_s]
    ranks = {f"p{percent}_ms": percent for percent in (50, 95, 99)} | {"max_ms": 100}
    return {
        **{name: round(percentile(ms, rank), 1) if ms else None for name, rank in ranks.items()},
        "turns_per_s": round(len(ms) / wall_s, 2),
        "errors": tally.errors.total(),
        "customers": customers,
        "turns": len(ms) + tally.errors.total(),
        "kinds": dict(tally.kinds),
        "error_codes": dict(tally.errors),
    }
