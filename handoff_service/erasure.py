"""Deletes all that is known of a customer, wherever it is, however often it is interrupted."""

import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from handoff_service.archive.database import Database
from handoff_service.archive.erasures import (
    Erasure,
    conversations_of,
    delete_history,
    erasures_of,
    find_open,
    note_done,
    note_removed,
    note_wish,
)
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.traces import look_for
from handoff_service.attachments.errors import StorageUnavailable
from handoff_service.clock import Clock
from handoff_service.domain import Json
from handoff_service.errors import BotError, NoSuchConversation, StoreUnavailable
from handoff_service.store import Store

logger = logging.getLogger(__name__)

#: How long a wish is left to whoever took it, before anybody else carries it out, and how often
#: open ones are looked for, in milliseconds.
LOOK_MS = 15_000
#: What may pass: the wish stands in the database and is carried out later.
PASSING = (ArchiveUnavailable, StoreUnavailable, StorageUnavailable, BotError)

#: Deletes what one part keeps of conversations, and tells how many things that were; it may be
#: told of them twice.
Forget = Callable[[Sequence[str]], Awaitable[int]]


def hash_of(name: str, *, key: str) -> str:
    """Return what stands for an id where nobody shall read it: HMAC-SHA-256, hexadecimal."""
    return hmac.new(key.encode(), f"erased:{name}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a wish is carried out."""

    erasure_id: str
    #: False: what was away is deleted when it is back.
    done: bool


class Eraser:
    """Any number may run, in any number of processes: each step may be done twice."""

    def __init__(
        self,
        database: Database,
        store: Store,
        *,
        clock: Clock,
        signing_key: str,
        elsewhere: Mapping[str, Forget],
    ) -> None:
        """`elsewhere`: name → what deletes dialogues, files and whatever other parts keep."""
        self._signing_key = signing_key
        self._database = database
        self._store = store
        self._clock = clock
        self._elsewhere = elsewhere

    async def erase(
        self,
        customer_id: str,
        *,
        actor: str,
        conversation_ids: Sequence[str] = (),
        proven: bool = False,
    ) -> Outcome:
        """Delete a customer; which wish that is, and whether all of it is done already.

        `conversation_ids`: those that the history may not have heard of yet; `proven`: look for
        the customer in every table afterwards, which reads all of them. On return nothing is
        shown to anybody any more, or the wish is on the disk and carried out as soon as what is
        away (SQL after this step, Redis, Rasa) is back.

        Raises:
            ArchiveUnavailable: nothing was deleted, and the wish is not known; ask again.
        """
        erasure = await note_wish(
            self._database,
            customer_id,
            customer_hash=hash_of(customer_id, key=self._signing_key),
            conversation_ids=conversation_ids,
            proven=proven,
            actor=actor,
            now_ms=self._clock.now_ms(),
        )
        return Outcome(erasure.erasure_id, await self._attempt(erasure))

    async def run(self) -> None:
        """Carry out what was interrupted, for ever."""
        while True:
            with suppress(ArchiveUnavailable):
                asked_until_ms = self._clock.now_ms() - LOOK_MS
                for erasure in await find_open(self._database, asked_until_ms=asked_until_ms):
                    await self._attempt(erasure)
            await self._clock.sleep_until(self._clock.now_ms() + LOOK_MS)

    async def _attempt(self, erasure: Erasure) -> bool:
        try:
            await self._carry_out(erasure)
        except PASSING as error:
            logger.warning("erasure %s goes on later: %s", erasure.erasure_id, type(error).__name__)
            return False
        logger.info("erasure %s is done", erasure.erasure_id)
        return True

    async def _carry_out(self, erasure: Erasure) -> None:
        """Delete step by step, the mark that it is done last.

        The history goes first: from then on the live store cannot bring anything back from it, nor
        write anything into it again.
        """
        conversation_ids = await conversations_of(self._database, erasure)
        await delete_history(self._database, erasure, conversation_ids)
        live = 0
        for conversation_id in conversation_ids:
            with suppress(NoSuchConversation):
                await self._store.past.erase(conversation_id, now_ms=self._clock.now_ms())
                live += 1
        live += await self._store.past.forget_customer(erasure.customer_id)
        await note_removed(self._database, erasure, {"live": live})
        for name, forget in self._elsewhere.items():
            await note_removed(self._database, erasure, {name: await forget(conversation_ids)})
        found = await self._look(erasure, conversation_ids) if erasure.traces.ids else {}
        await note_done(self._database, erasure, found=found, now_ms=self._clock.now_ms())
        with suppress(ArchiveUnavailable):
            await self._database.settle()

    async def _look(self, erasure: Erasure, conversation_ids: Sequence[str]) -> Json:
        """Count what is left of the customer, of what earlier wishes were about, too."""
        name = hash_of(erasure.customer_id, key=self._signing_key)
        earlier = await erasures_of(self._database, name)
        ids = sorted({*conversation_ids, *(i for each in earlier for i in each.conversation_ids)})
        found = await look_for(self._database, erasure.traces, ids)
        live = len(await self._store.past.still_there(ids))
        live += await self._store.past.known_of(erasure.customer_id)
        return {**found, "left": found["left"] | ({"live": live} if live else {})}
