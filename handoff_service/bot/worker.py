"""Answers what the bot owes: claims jobs, asks Rasa until it answers, completes each turn once."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from handoff_service.asking import Asking
from handoff_service.bot.ask import Asker, Bot
from handoff_service.bot.rasa import BotAnswer
from handoff_service.clock import Clock
from handoff_service.domain import LOCALES
from handoff_service.errors import NoSuchConversation, StoreUnavailable
from handoff_service.settings import Settings
from handoff_service.store import Store
from handoff_service.store.patience import persist
from handoff_service.store.results import CompleteResult
from handoff_service.store.turns import Job, Work
from handoff_service.wording import Wording

logger = logging.getLogger(__name__)

#: A claim is renewed this many times before it could be taken over.
RENEWALS = 3


@dataclass(frozen=True, slots=True)
class TurnDone:
    """What metrics want to know of a turn."""

    result: CompleteResult
    ms: int  #: from the customer's message to the stored answer


class BotWorker:
    """One a process. Any number may run: a job belongs to one of them at a time.

    Claims are cheap and many, requests to Rasa few: a customer whose turn waits for Rasa is told so
    when it is late, whatever the turns before it do.
    """

    def __init__(
        self,
        store: Store,
        bot: Bot,
        *,
        clock: Clock,
        settings: Settings,
        worker_id: str,
        wording: Wording,
        on_turn: Callable[[TurnDone], None] = lambda _: None,
        asking: Asking | None = None,
    ) -> None:
        """`worker_id` is new for each start of a process: what an old one left is taken over."""
        self._store = store
        self._clock = clock
        self._worker_id = worker_id
        self._most = settings.bot_claims
        self._takeover_s = settings.bot_takeover_s
        self._on_turn = on_turn
        self._asking = asking
        self._asker = Asker(store, bot, clock=clock, settings=settings, wording=wording)
        self._running: dict[str, tuple[Job, asyncio.Task[None]]] = {}
        self._cut_off: list[Job] = []  # cancelled in mid-work since claims were last renewed
        self._room = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled; leave unfinished jobs to the others then."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._keep_claims(tasks))
                tasks.create_task(self._claim(tasks))
        finally:
            await self._leave(self._cut_off)

    async def _claim(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            free = await self._free_places()
            claim = partial(self._store.turns.claim, self._worker_id, count=free)
            self._begin(await persist(claim, what="bot jobs"), tasks)

    async def _free_places(self) -> int:
        while (free := self._most - len(self._running)) <= 0:
            self._room.clear()
            await self._room.wait()
        return free

    async def _keep_claims(self, tasks: asyncio.TaskGroup) -> None:
        """Renew claims, stop work that was taken over, take over what others left."""
        while True:
            await persist(self._renew, what="bot claims")
            if free := max(0, self._most - len(self._running)):
                take_over = partial(
                    self._store.turns.take_over,
                    self._worker_id,
                    idle_ms=self._takeover_s * 1000,
                    count=free,
                )
                self._begin(await persist(take_over, what="bot claims"), tasks)
            await asyncio.sleep(self._takeover_s / RENEWALS)

    async def _renew(self) -> None:
        self._cut_off.clear()
        jobs = [job for job, _ in self._running.values()]
        kept = await self._store.turns.keep(self._worker_id, jobs)
        for job in jobs:
            if job.job_id not in kept and job.job_id in self._running:
                # Finished this very moment, or another worker thought us dead: either way not ours.
                self._running[job.job_id][1].cancel()

    def _begin(self, jobs: list[Job], tasks: asyncio.TaskGroup) -> None:
        for job in jobs:
            if job.job_id not in self._running:
                task = tasks.create_task(self._answer(job), name=f"turn of {job.conversation_id}")
                self._running[job.job_id] = job, task
                task.add_done_callback(partial(self._end, job))

    def _end(self, job: Job, task: asyncio.Task[None]) -> None:
        self._running.pop(job.job_id, None)
        if task.cancelled():
            self._cut_off.append(job)
        self._room.set()

    async def _answer(self, job: Job) -> None:
        answered = await self._asker.ask(job)
        if answered is None:
            return
        work, answer = answered
        turn, now_ms = work.turn, self._clock.now_ms()
        try:
            outcome = await persist(
                partial(
                    self._store.turns.complete,
                    job,
                    turn,
                    replies=answer.replies,
                    now_ms=now_ms,
                    language=_language(answer, work),
                    intent=answer.intent,
                    origin=answer.origin,
                    understood=answer.understood,
                    handoff=answer.handoff,
                    identity=work.conversation.identity,
                    utc_offset_min=work.conversation.utc_offset_min,
                ),
                what=f"the answer to {job.conversation_id}",
            )
        except NoSuchConversation:
            logger.warning("conversation %s is gone, its answer is dropped", job.conversation_id)
            return
        if outcome.result is not CompleteResult.COMPLETED:
            logger.info(
                "answer to turn %d of %s: %s", turn.turn, job.conversation_id, outcome.result
            )
        elif self._asking is not None:
            await self._asking.after_answer(work.conversation, intent=answer.intent)
        self._on_turn(TurnDone(outcome.result, now_ms - turn.at_ms))

    async def _leave(self, jobs: list[Job]) -> None:
        try:
            await self._store.turns.give_up(self._worker_id, jobs)
            await self._store.turns.forget_worker(self._worker_id)
        except StoreUnavailable as error:
            logger.warning("jobs are left to their time-out: %s", error)


def _language(answer: BotAnswer, work: Work) -> str:
    """Return what the turn was recognised as; what the conversation was in when that is unknown."""
    return answer.language if answer.language in LOCALES else work.conversation.language
