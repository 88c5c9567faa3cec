"""The bot's work: claim a conversation's job, take its oldest turn, complete it once."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from handoff_service.absence import Absence
from handoff_service.conversation import Conversation, Handoff, Identity, NeedsOf, plain_needs
from handoff_service.domain import LOCALES
from handoff_service.store import streams
from handoff_service.store.codec import (
    bot_messages,
    read_conversation,
    read_turn,
    to_json,
    without_none,
)
from handoff_service.store.keys import BOT_GROUP, Keys
from handoff_service.store.results import CompleteResult, NoteResult, Outcome
from handoff_service.store.scripts import Scripts
from handoff_service.store.transitions import Transitions
from handoff_service.store.transport import Client, translated
from handoff_service.turn import BACK_TO_BOT, UNNAMED, Origin, Reply, Turn, Understood

#: Longer than any take-over setting.
_FOR_EVER_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Job:
    """A claim on a conversation that owes answers."""

    job_id: str
    conversation_id: str


@dataclass(frozen=True, slots=True)
class Work:
    """The oldest owed turn of a claimed conversation, with the conversation as it is."""

    turn: Turn
    conversation: Conversation
    on_duty: bool  #: an agent is online


class _Settled(StrEnum):
    """settle_job."""

    SETTLED = "SETTLED"


class Turns:
    """A conversation has at most one job; whoever has claimed the job answers its turns in order.

    A claim that is not kept fresh is taken over by another worker. All raise StoreUnavailable.
    """

    def __init__(
        self,
        redis: Client,
        keys: Keys,
        *,
        scripts: Scripts,
        transitions: Transitions,
        absence: Absence,
        needs_of: NeedsOf = plain_needs,
    ) -> None:
        """`absence`: the sentences customers read, and when people are on duty."""
        self._redis = redis
        self._keys = keys
        self._scripts = scripts
        self._transitions = transitions
        self._wording = absence.wording
        self._absence = absence
        self._needs_of = needs_of

    async def claim(
        self, worker: str, *, count: int, block_ms: int = streams.BLOCK_MS
    ) -> list[Job]:
        """Return jobs nobody has claimed, [] after `block_ms` without any."""
        entries = await streams.read_group(
            self._redis,
            self._keys.jobs,
            group=BOT_GROUP,
            consumer=worker,
            count=count,
            block_ms=block_ms,
        )
        return [_job(entry) for entry in entries]

    async def take_over(self, worker: str, *, idle_ms: int, count: int) -> list[Job]:
        """Claim jobs whose worker has not kept them fresh for `idle_ms`."""
        entries = await streams.reclaim(
            self._redis,
            self._keys.jobs,
            group=BOT_GROUP,
            consumer=worker,
            idle_ms=idle_ms,
            count=count,
        )
        return [_job(entry) for entry in entries]

    async def keep(self, worker: str, jobs: Sequence[Job]) -> set[str]:
        """Keep the worker's claims fresh; return the ids of the jobs that still are."""
        return await self._mark(worker, jobs, silent_ms=0)

    async def give_up(self, worker: str, jobs: Sequence[Job]) -> None:
        """Leave jobs to whoever takes them over next: this worker stops."""
        await self._mark(worker, jobs, silent_ms=_FOR_EVER_MS)

    async def forget_worker(self, worker: str) -> None:
        """Remove a worker that stops for good, unless it leaves claims to be taken over."""
        await self._scripts.call("forget_worker", [self._keys.jobs], args=[BOT_GROUP, worker])

    async def next(self, job: Job, *, now_ms: int) -> Work | None:
        """Return the oldest turn owed; None, and the job is over, when none is."""
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.hgetall(self._keys.conversation(job.conversation_id))
                pipe.lindex(self._keys.turns(job.conversation_id), 0)
                pipe.scard(self._keys.online)
                fields, head, online = await pipe.execute()
        if head is None or "state" not in fields:
            await self._settle(job, now_ms=now_ms)
            return None
        return Work(
            read_turn(job.conversation_id, head),
            read_conversation(job.conversation_id, fields),
            on_duty=online > 0,
        )

    async def complete(
        self,
        job: Job,
        turn: Turn,
        *,
        replies: Sequence[Reply],
        now_ms: int,
        language: str | None = None,
        intent: str | None = None,
        origin: Origin = UNNAMED,
        understood: Understood | None = None,
        handoff: Handoff | None = None,
        identity: Identity | None = None,
        utc_offset_min: int | None = None,
    ) -> Outcome[CompleteResult]:
        """Append the answer to a turn, and hand over if `handoff`: all in one step, once per turn.

        Ends the job; if more turns are owed, there is a new one. COMPLETED, REPEATED or STALE.
        While the customer waits for a person only replies of kind `answer` are appended and
        `handoff` is left out; a reply of kind `back_to_bot` ends the waiting and is said.
        `language`: what the turn was recognised as; unknown locales are ignored. `origin`: which
        bot it was. `understood` goes with the first message, or with the request for a person
        if nothing else is said. Replies without text are left out: the sentence of a handoff is
        written here, in the time of the customer's clock (`utc_offset_min`: minutes ahead of UTC).
        Raises NoSuchConversation.
        """
        messages = bot_messages(turn, replies, intent=intent, origin=origin, understood=understood)
        asked = without_none(
            {"intent": intent, "turn": turn.turn}
            | {"understood": understood and understood.to_json()}
        )
        known = language if language in LOCALES else None
        spoken = known or turn.locale
        args: list[str | int] = [
            job.job_id,
            turn.turn,
            turn.epoch,
            known or "",
            to_json(handoff.to_json() | origin.to_json() | ({} if messages else asked))
            if handoff
            else "",
            to_json(self._needs_of(handoff, identity).to_json()) if handoff else "",
            self._wording.sentence("handoff.queued", spoken),
            self._absence.of(handoff, language=spoken, now_ms=now_ms, utc_offset_min=utc_offset_min)
            if handoff
            else "",
            *messages,
        ]
        # The agent to whom it is offered matters only to an answer that may end the offer.
        if any(reply.kind == BACK_TO_BOT for reply in replies):
            return await self._transitions.run_on_holder(
                "complete_turn",
                job.conversation_id,
                now_ms=now_ms,
                args=args,
                result=CompleteResult,
            )
        return await self._transitions.run(
            "complete_turn",
            job.conversation_id,
            now_ms=now_ms,
            args=["", *args],
            result=CompleteResult,
        )

    async def note_delay(self, turn: Turn, *, language: str, now_ms: int) -> Outcome[NoteResult]:
        """Tell the customer, once per turn, that the answer is late. Raises NoSuchConversation."""
        return await self._transitions.run(
            "note_delay",
            turn.conversation_id,
            now_ms=now_ms,
            args=[turn.turn, turn.epoch, self._wording.sentence("bot.delayed", language)],
            result=NoteResult,
        )

    async def _mark(self, worker: str, jobs: Sequence[Job], *, silent_ms: int) -> set[str]:
        if not jobs:
            return set()
        ids = [job.job_id for job in jobs]
        return set(
            await self._scripts.call(
                "keep_job", [self._keys.jobs], args=[BOT_GROUP, worker, silent_ms, *ids]
            )
        )

    async def _settle(self, job: Job, *, now_ms: int) -> None:
        await self._transitions.run(
            "settle_job",
            job.conversation_id,
            now_ms=now_ms,
            args=[job.job_id],
            result=_Settled,
        )


def _job(entry: streams.Entry) -> Job:
    job_id, fields = entry
    return Job(job_id, fields["conversation_id"])
