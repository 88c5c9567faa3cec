"""What customers notice while the bot changes its model to and fro: times, and turns gone wrong."""

import asyncio
import os
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from baton.client.customer import Customer
from baton.client.events import MESSAGE, REQUESTED, Event
from baton.client.load import Asking, Talk, measure
from baton.client.percentile import percentile
from baton.client.phrases import LOCALES
from baton.client.questions import ROOT, read_questions
from learning.live import swap

#: A turn slower than this is an error (s).
TURN_DEADLINE_S = 20.0
#: Time between two changes (s): turns go on before, between and after.
PAUSE_S = 2.0


@dataclass(slots=True)
class _Talk:
    """A customer whose every turn is noted with its time."""

    locale: str
    customer: Customer
    turns: list[tuple[float, float]] = field(default_factory=list)  #: begun, seconds

    async def ask(self, text: str) -> tuple[float, str]:
        begun = time.perf_counter()
        answers = await self.customer.say(text, deadline_s=TURN_DEADLINE_S)
        seconds = self.customer.arrived[answers[0].seq] - begun
        self.turns.append((begun, seconds))
        if answers[-1].type == REQUESTED:
            await self.customer.cancel_handoff()
        return seconds, answers[-1].kind or "none"


class _Crowd:
    """Opens customers of one system and keeps their talks, to be looked at afterwards."""

    def __init__(self, url: str, *, secret: str | None) -> None:
        self.talks: list[_Talk] = []
        self._url, self._secret = url, secret

    @asynccontextmanager
    async def __call__(self, customers: int) -> AsyncIterator[Sequence[Talk]]:
        async with AsyncExitStack() as stack:
            for number in range(customers):
                locale = LOCALES[number % len(LOCALES)]
                customer = Customer(self._url, locale=locale, secret=self._secret)
                self.talks.append(_Talk(locale, await stack.enter_async_context(customer)))
            yield self.talks


async def measure_swaps(
    url: str,
    rasa_url: str,
    *,
    token: str,
    model: Path,
    secret: str | None,
    customers: int,
    turns: int,
    swaps: int,
) -> dict[str, Any]:
    """Let customers ask, first in peace, then while `model` is exchanged for its twin and back.

    The twin has the same content under another name, so that nothing else changes than that it is
    loaded. At the end the model serves again that served before.

    Returns:
        {"before": figures, "during": figures, "overlapping_p95_ms": of the turns that were on their
        way during a change, "swap_ms": of each change, "wrong": what no turn may be, by code}.
        Times in milliseconds.

    Raises:
        SwapFailed: Rasa did not take the model.
        NotReachable: no system answers.
    """
    asking = Asking(read_questions(ROOT))
    quiet, busy = _Crowd(url, secret=secret), _Crowd(url, secret=secret)
    before = await measure(quiet, asking, customers=customers, turns=turns)
    changes: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(dir=model.parent) as folder:
        twin = Path(folder) / "twin.tar.gz"
        os.link(model, twin)
        async with asyncio.TaskGroup() as tasks:
            exchange = tasks.create_task(
                _to_and_fro(rasa_url, token=token, model=model, twin=twin, swaps=swaps, out=changes)
            )
            during = await measure(busy, asking, customers=customers, turns=turns)
            await exchange
    on_the_way = [
        1000 * seconds
        for talk in busy.talks
        for begun, seconds in talk.turns
        if any(begun < end and begun + seconds > start for start, end in changes)
    ]
    return {
        "before": before.figures(),
        "during": during.figures(),
        "overlapping_turns": len(on_the_way),
        "overlapping_p95_ms": round(percentile(on_the_way, 95), 1) if on_the_way else None,
        "swap_ms": [round(1000 * (end - start)) for start, end in changes],
        "wrong": dict(sum((_wrong(talk.customer.transcript()) for talk in busy.talks), Counter())),
    }


async def _to_and_fro(
    rasa_url: str,
    *,
    token: str,
    model: Path,
    twin: Path,
    swaps: int,
    out: list[tuple[float, float]],
) -> None:
    """Change the model an even number of times, so that at last the first one serves again."""
    for number in range(2 * ((swaps + 1) // 2)):
        await asyncio.sleep(PAUSE_S)
        new, old = (twin, model) if number % 2 == 0 else (model, twin)
        begun = time.perf_counter()
        await asyncio.to_thread(swap, rasa_url, token=token, new=new, old=old)
        out.append((begun, time.perf_counter()))


def _wrong(events: Sequence[Event]) -> Counter[str]:
    """Count what may not be: turns without an answer, with two, out of order, late, apologies."""
    found: Counter[str] = Counter()
    said = [event for event in events if event.type == MESSAGE]
    ids = Counter(event.data["message_id"] for event in said)
    found["twice"] = sum(count - 1 for count in ids.values())
    open_turn: int | None = None
    for event in events:
        if event.author == "customer":
            found["unanswered"] += open_turn is not None
            open_turn = event.data.get("turn")
        elif event.ends_a_turn:
            turn = event.data.get("turn", open_turn)
            found["out_of_order"] += open_turn is not None and turn != open_turn
            found["apology"] += event.author == "bot" and not event.data.get("release")
            open_turn = None
        elif event.type == "bot.delayed":
            found["delayed"] += 1
    found["unanswered"] += open_turn is not None
    return +found
