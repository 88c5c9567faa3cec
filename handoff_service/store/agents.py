"""Agents in the live store: who is there, who has room, who has vanished."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from handoff_service.domain import Agent, Json, Presence
from handoff_service.errors import NoSuchAgent
from handoff_service.store.codec import read_agent, to_json
from handoff_service.store.keys import CHANGES_KEPT, KNOWN_AGENT_S, SIGNALS_KEPT, Keys
from handoff_service.store.scripts import Scripts
from handoff_service.store.transport import Client, translated

#: So many agents are read in one round trip: a thousand at once would hold up everybody else of the
#: process for some 60 ms.
READ_AT_ONCE = 100
#: Of an agent without any: serves every skill at level 1.
NO_SKILLS: Mapping[str, int] = MappingProxyType({})


class Agents:
    """All methods raise StoreUnavailable."""

    def __init__(self, redis: Client, keys: Keys, *, scripts: Scripts) -> None:
        """Use the agents of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys
        self._scripts = scripts

    async def register(
        self,
        agent_id: str,
        *,
        name: str,
        languages: Sequence[str],
        capacity: int,
        now_ms: int,
        presence: Presence | None = None,
        skills: Mapping[str, int] = NO_SKILLS,
        teams: Sequence[str] = (),
    ) -> None:
        """Make an agent known, or renew what is known, at each sign-in. Counts as a heartbeat.

        `presence`: None leaves it as it was; offline at first.
        """
        fields = {
            "name": name,
            "languages": json.dumps(list(languages)),
            "capacity": str(capacity),
            "skills": json.dumps(dict(skills)),
            "teams": json.dumps(list(teams)),
        }
        pairs = [word for pair in fields.items() for word in pair]
        await self._set_presence(
            agent_id, presence=presence, reason="registered", now_ms=now_ms, pairs=pairs
        )

    async def set_presence(
        self, agent_id: str, *, presence: Presence, now_ms: int, reason: str = "asked"
    ) -> None:
        """Change whether the agent takes conversations; every replica is told. A heartbeat, too.

        An agent who goes away or offline keeps what is held; take what is offered to them back
        with `handoffs.withdraw_offers`. Raises NoSuchAgent.
        """
        await self._set_presence(
            agent_id, presence=presence, reason=reason, now_ms=now_ms, pairs=[]
        )

    async def set_capacity(self, agent_id: str, *, capacity: int | None) -> None:
        """Raise or lower how much the agent may hold until they go offline; None: as usual.

        What is held already stays. Raises NoSuchAgent.
        """
        await self._scripts.change_agent(
            "set_capacity",
            [self._keys.agent(agent_id), self._keys.signals],
            args=[agent_id, "" if capacity is None else capacity, SIGNALS_KEPT],
        )

    async def heartbeat(self, agent_id: str, *, now_ms: int) -> None:
        """Note that the agent's socket is alive, whatever the presence; every few seconds."""
        with translated():
            await self._redis.zadd(self._keys.seen, {agent_id: now_ms}, gt=True)

    async def get(self, agent_id: str) -> Agent:
        """Return an agent. Raises NoSuchAgent."""
        found = await self.get_many([agent_id])
        if not found:
            raise NoSuchAgent(agent_id)
        return found[0]

    async def get_many(self, agent_ids: Sequence[str]) -> list[Agent]:
        """Return those who are known, in the order asked for."""
        return [
            agent
            for start in range(0, len(agent_ids), READ_AT_ONCE)
            for agent in await self._read(agent_ids[start : start + READ_AT_ONCE])
        ]

    async def online(self) -> list[Agent]:
        """Return the agents who take conversations, in no order."""
        with translated():
            agent_ids = await self._redis.smembers(self._keys.online)
        return await self.get_many(sorted(agent_ids))

    async def ids_online(self) -> list[str]:
        """Return the ids of the agents who take conversations, in no order."""
        with translated():
            return list(await self._redis.smembers(self._keys.online))

    async def everyone(self) -> list[Agent]:
        """Return every agent who ever registered, whatever the presence."""
        with translated():
            agent_ids = await self._redis.smembers(self._keys.agents)
        return await self.get_many(sorted(agent_ids))

    async def anyone_on_duty(self) -> bool:
        """Return whether at least one agent is online."""
        with translated():
            return bool(await self._redis.scard(self._keys.online))

    async def held(self, agent_id: str) -> list[str]:
        """Return conversations offered to, held by or being wrapped up by the agent."""
        with translated():
            return sorted(await self._redis.zrange(self._keys.held(agent_id), 0, -1))

    async def parked(self, agent_id: str) -> list[str]:
        """Return what the agent set aside, the next one due first; some may be taken up again."""
        with translated():
            return list(await self._redis.zrange(self._keys.parked_by(agent_id), 0, -1))

    async def lost(self, agent_id: str) -> list[Json]:
        """Return what was taken from the agent while they were away, latest first.

        Each {"conversation_id","reason","at_ms"}; kept until `forget_lost`.
        """
        with translated():
            raw = await self._redis.lrange(self._keys.lost(agent_id), 0, -1)
        return [json.loads(text) for text in raw]

    async def forget_lost(self, agent_id: str) -> None:
        """Forget what the agent has been told."""
        with translated():
            await self._redis.delete(self._keys.lost(agent_id))

    async def note_served(self, customer_id: str, *, agent_id: str) -> None:
        """Remember who served a customer last: a hint for whom to ask first next time."""
        with translated():
            await self._redis.set(self._keys.agent_of(customer_id), agent_id, ex=KNOWN_AGENT_S)

    async def mark_lost(self, agent_id: str, *, lost_at_ms: int, now_ms: int) -> bool:
        """Set an agent offline who was last seen at `lost_at_ms` or before: no more offers.

        Returns False when they are back, or still hold conversations: take those, and say it again.
        """
        signal = {"agent_id": agent_id, "status": Presence.OFFLINE.value, "reason": "lost"}
        word = await self._scripts.change_agent(
            "mark_lost",
            [
                *self._keys.of_agent(agent_id),
                self._keys.online,
                self._keys.seen,
                self._keys.signals,
                self._keys.presence,
            ],
            args=[agent_id, lost_at_ms, to_json(signal), SIGNALS_KEPT, now_ms, CHANGES_KEPT],
        )
        return word == "LOST"

    async def _read(self, agent_ids: Sequence[str]) -> list[Agent]:
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for agent_id in agent_ids:
                    pipe.hgetall(self._keys.agent(agent_id))
                pipe.zmscore(self._keys.seen, list(agent_ids))
                *hashes, seen = await pipe.execute()
        return [
            read_agent(agent_id, fields, last_seen_ms=last_seen)
            for agent_id, fields, last_seen in zip(agent_ids, hashes, seen, strict=True)
            if "name" in fields
        ]

    async def _set_presence(
        self,
        agent_id: str,
        *,
        presence: Presence | None,
        reason: str,
        now_ms: int,
        pairs: list[str],
    ) -> None:
        keys = [
            *self._keys.of_agent(agent_id),
            self._keys.agents,
            self._keys.online,
            self._keys.seen,
            self._keys.signals,
            self._keys.presence,
        ]
        await self._scripts.change_agent(
            "set_presence",
            keys,
            args=[
                agent_id,
                now_ms,
                presence.value if presence else "",
                reason,
                SIGNALS_KEPT,
                CHANGES_KEPT,
                *pairs,
            ],
        )
