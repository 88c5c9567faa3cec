"""Gets one turn answered: retries, a kind word when it is late, an apology when it cannot be."""

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import Protocol

from handoff_service.bot.facts import is_waiting
from handoff_service.bot.rasa import BotAnswer
from handoff_service.clock import Clock
from handoff_service.errors import (
    BotError,
    BotFaulty,
    BotRefused,
    BotUnavailable,
    NoSuchConversation,
)
from handoff_service.settings import Settings
from handoff_service.store import Store
from handoff_service.store.patience import persist
from handoff_service.store.turns import Job, Work
from handoff_service.turn import Reply, Turn
from handoff_service.wording import Wording

logger = logging.getLogger(__name__)

#: Pauses between tries, seconds; the last one repeats. Rasa needs some 8 s to start: the first
#: answer after a restart comes at most 2 s later than it could.
PAUSES_S = (0.1, 0.25, 0.5, 1.0, 2.0)
#: Tries of a turn over which the engine stumbles, before the customer gets an apology.
FAULTY_TRIES = 4


class Bot(Protocol):
    """Whoever answers turns."""

    async def ask(self, work: Work, *, now_ms: int) -> BotAnswer:
        """Return the answer to a turn. Raises BotUnavailable, BotFaulty, BotRefused."""


class Asker:
    """Asks Rasa about the turns of claimed jobs, a bounded number at the same time."""

    def __init__(
        self, store: Store, bot: Bot, *, clock: Clock, settings: Settings, wording: Wording
    ) -> None:
        """Take the number of requests at a time and the patience from `settings`."""
        self._store = store
        self._bot = bot
        self._clock = clock
        self._wording = wording
        self._note_ms = settings.bot_delay_note_s * 1000
        self._slots = asyncio.Semaphore(settings.bot_concurrency)

    async def ask(self, job: Job) -> tuple[Work, BotAnswer] | None:
        """Return the oldest owed turn with its answer; None when none is owed any more.

        Tries for as long as it takes: the customer is told, and can ask for a person meanwhile,
        which ends the turn.
        """
        while (work := await self._next(job)) is not None:
            async with asyncio.TaskGroup() as tasks:
                note = tasks.create_task(self._note_when_late(work))
                answer = await self._until_answered(job, work)
                note.cancel()
            if answer is not None:
                return work, answer
        return None

    async def _until_answered(self, job: Job, work: Work) -> BotAnswer | None:
        """Return the answer; None when this turn is not owed any more."""
        if work.turn.files and not work.turn.text:
            return self._beg_for_words(work)
        tries = faults = 0
        while True:
            try:
                async with self._slots:
                    answer = await self._bot.ask(work, now_ms=self._clock.now_ms())
                return self._beg_for_words(work) if _is_chat_about_files(work, answer) else answer
            except BotUnavailable as error:
                if tries == 0:
                    logger.warning("turn %d of %s has to wait: %s", *_name(work.turn), error)
            except BotFaulty as error:
                faults += 1
                if faults >= FAULTY_TRIES:
                    return self._apologise(work, error)
            except BotRefused as error:
                return self._apologise(work, error)
            await asyncio.sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)])
            tries += 1
            present = await self._next(job)
            if present is None or present.turn != work.turn:
                return None

    async def _next(self, job: Job) -> Work | None:
        return await persist(
            lambda: self._store.turns.next(job, now_ms=self._clock.now_ms()),
            what=f"the next turn of {job.conversation_id}",
        )

    async def _note_when_late(self, work: Work) -> None:
        await self._clock.sleep_until(work.turn.at_ms + self._note_ms)
        note = partial(
            self._store.turns.note_delay,
            work.turn,
            language=work.conversation.language,
            now_ms=self._clock.now_ms(),
        )
        with suppress(NoSuchConversation):
            await persist(note, what="a note of delay")

    def _apologise(self, work: Work, error: BotError) -> BotAnswer:
        logger.error("turn %d of %s cannot be answered: %s", *_name(work.turn), error)
        return self._offer_person(work, "bot.apology")

    def _beg_for_words(self, work: Work) -> BotAnswer:
        """Answer files that came without a question: the engine cannot look at them."""
        if is_waiting(work):  # a person is on the way who can look at them
            return BotAnswer(replies=(), handoff=None, language=None, intent=None)
        return self._offer_person(work, "bot.only_files")

    def _offer_person(self, work: Work, sentence: str) -> BotAnswer:
        language = work.conversation.language
        button = {
            "title": self._wording.sentence("button.request_person", language),
            "payload": {"action": "request_person"},
        }
        text = self._wording.sentence(sentence, language)
        reply = Reply("offer_person", text, buttons=(button,))
        return BotAnswer(replies=(reply,), handoff=None, language=None, intent=None)


def _is_chat_about_files(work: Work, answer: BotAnswer) -> bool:
    """Whether words like "see what I get" beside a file were taken for small talk."""
    chat = all(reply.kind == "smalltalk" for reply in answer.replies)
    return bool(work.turn.files and answer.replies and chat and answer.handoff is None)


def _name(turn: Turn) -> tuple[int, str]:
    return turn.turn, turn.conversation_id
