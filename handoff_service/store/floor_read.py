"""Reads the whole floor of a desk in a few round trips, bounded; changes nothing."""

from collections.abc import Sequence

from handoff_service.conversation import Conversation
from handoff_service.domain import Presence, State
from handoff_service.floor.rows import Read
from handoff_service.routing.policy import Waiting
from handoff_service.store.agents import Agents
from handoff_service.store.conversations import Conversations
from handoff_service.store.keys import Keys
from handoff_service.store.queue import Queue
from handoff_service.store.transport import Client, translated

#: So many of those in line are looked at, head first: longer is no line that anybody reads.
MOST_WAITING = 2_000
#: Of so many what they asked is read as well, and so many are shown.
MOST_SHOWN = 200
#: So many agents are read; and so many conversations that they have.
MOST_AGENTS = 500
MOST_TALKS = 2_000
#: So many hashes are read in one round trip, which holds up the others some 5 ms.
AT_ONCE = 100


class FloorReads:
    """All methods raise StoreUnavailable."""

    def __init__(
        self,
        redis: Client,
        keys: Keys,
        *,
        queue: Queue,
        agents: Agents,
        conversations: Conversations,
    ) -> None:
        """Read the desk that `keys` names."""
        self._redis, self._keys = redis, keys
        self._queue, self._agents, self._conversations = queue, agents, conversations

    async def read(self) -> Read:
        """Read who waits, who is there, and what they have.

        It is no snapshot: what moves between the round trips may be missing, or be there twice.
        """
        keys = self._keys
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.zrange(keys.queue, 0, MOST_WAITING - 1)
                pipe.zcard(keys.queue)
                pipe.zrange(keys.offers, 0, MOST_SHOWN - 1)
                pipe.zcard(keys.left)
                pipe.zcard(keys.parked)
                pipe.smembers(keys.online)
                pipe.zrange(keys.seen, 0, -1)
                line, waiting, offered, left, parked, online, seen = await pipe.execute()
        there = [*sorted(online), *sorted(set(seen) - set(online))]
        agents = await self._agents.get_many(there[:MOST_AGENTS])
        held = await self._held([agent.agent_id for agent in agents])
        agents = [
            agent
            for agent in agents
            if agent.presence is not Presence.OFFLINE or held[agent.agent_id]
        ]
        rows = await self._waiting(line)
        wanted = [name for names in held.values() for name in names][:MOST_TALKS]
        talks = await self._talks({*line[:MOST_SHOWN], *offered, *wanted})
        before = [name for name in offered if name in talks and talks[name].state is State.OFFERED]
        return Read(
            waiting_count=waiting,
            left_count=left,
            parked_count=parked,
            line=rows,
            offered=before,
            agents=agents,
            more_agents=max(0, len(there) - MOST_AGENTS),
            held=held,
            talks=talks,
        )

    async def _held(self, agent_ids: Sequence[str]) -> dict[str, list[str]]:
        held: dict[str, list[str]] = {}
        for start in range(0, len(agent_ids), AT_ONCE):
            some = agent_ids[start : start + AT_ONCE]
            with translated():
                async with self._redis.pipeline(transaction=False) as pipe:
                    for agent_id in some:
                        pipe.zrange(self._keys.held(agent_id), 0, -1)
                    held |= dict(zip(some, await pipe.execute(), strict=True))
        return held

    async def _waiting(self, line: Sequence[str]) -> list[Waiting]:
        found: dict[str, Waiting] = {}
        for start in range(0, len(line), AT_ONCE):
            found |= await self._queue.read(line[start : start + AT_ONCE])
        return [found[name] for name in line if name in found]

    async def _talks(self, names: set[str]) -> dict[str, Conversation]:
        ordered, talks = sorted(names), {}
        for start in range(0, len(ordered), AT_ONCE):
            for talk in await self._conversations.get_many(ordered[start : start + AT_ONCE]):
                talks[talk.conversation_id] = talk
        return talks
