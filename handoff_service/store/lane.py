"""Lets calls that come at the same time share a round trip, as a bus does."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

C = TypeVar("C")
A = TypeVar("A")

#: Batches on the way at the same time. With one, a call that just missed it waits for a whole round
#: trip; with many, each takes one call, and a busy process spends its time on round trips.
AT_ONCE = 2
#: Largest batch: Redis does nothing else while it works on what came in one piece.
MOST = 100


class Lane(Generic[C, A]):
    """Sends calls in batches: at once while there is little to do, together when there is much.

    Calls of one batch are carried out in the order they came; two batches in any order, as two
    calls on two connections are.
    """

    def __init__(self, send: Callable[[Sequence[C]], Awaitable[Sequence[A | Exception]]]) -> None:
        """`send` answers each call of a batch, by its place, with an answer or its error."""
        self._send = send
        self._waiting: list[tuple[C, asyncio.Future[A]]] = []
        self._running = 0
        self._batches: set[asyncio.Task[None]] = set()  # so that none is collected unfinished

    async def call(self, call: C) -> A:
        """Return the answer, or raise the error, that the call got in its batch.

        Whoever is cancelled meanwhile does not know whether the call was carried out.
        """
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, answer))
        if self._running < AT_ONCE:  # begins after this turn of the loop, with all its calls
            self._running += 1
            batch = asyncio.create_task(self._run())
            self._batches.add(batch)
            batch.add_done_callback(self._batches.discard)
        return await answer

    async def _run(self) -> None:
        try:
            await self._send_all()
        finally:
            # In the step that found nothing to send: the task's callbacks come after those whom
            # its last answers wake, and what these call must find the lane free.
            self._running -= 1

    async def _send_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            wanted = [(call, answer) for call, answer in batch if not answer.done()]
            try:
                answers = await self._send([call for call, _ in wanted])
            except Exception as error:  # noqa: BLE001 - each caller is told
                answers = [error] * len(wanted)
            except BaseException:
                for _, answer in wanted:
                    answer.cancel()
                raise
            for (_, answer), outcome in zip(wanted, answers, strict=True):
                if answer.done():
                    continue  # whoever asked has gone
                if isinstance(outcome, Exception):
                    answer.set_exception(outcome)
                else:
                    answer.set_result(outcome)
