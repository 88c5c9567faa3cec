"""Mends what a crash or a foreign hand left half-done; each call is one atomic step."""

from handoff_service.store.keys import Keys
from handoff_service.store.results import RepairResult
from handoff_service.store.scripts import Scripts
from handoff_service.store.transitions import Transitions


class Repairs:
    """Each may be repeated: what is in order is left alone. All raise StoreUnavailable."""

    def __init__(self, keys: Keys, *, scripts: Scripts, transitions: Transitions) -> None:
        """Mend the desk that `keys` names."""
        self._keys = keys
        self._scripts = scripts
        self._transitions = transitions

    async def place(
        self, conversation_id: str, *, latest_deadline_ms: int, latest_end_ms: int, now_ms: int
    ) -> RepairResult:
        """Put a conversation into the indexes of its state, at a moment that can come."""
        outcome = await self._transitions.run(
            "repair_place",
            conversation_id,
            now_ms=now_ms,
            args=[latest_deadline_ms, latest_end_ms],
            result=RepairResult,
        )
        return outcome.result

    async def hold(self, conversation_id: str, *, agent_id: str, now_ms: int) -> RepairResult:
        """Make what the agent holds agree with who has the conversation."""
        outcome = await self._transitions.run(
            "repair_hold",
            conversation_id,
            now_ms=now_ms,
            args=[agent_id],
            agent_id=agent_id,
            result=RepairResult,
        )
        return outcome.result

    async def turns(self, conversation_id: str, *, now_ms: int) -> RepairResult:
        """Make sure that a worker hears of what the bot owes. Raises NoSuchConversation."""
        outcome = await self._transitions.run(
            "repair_turns", conversation_id, now_ms=now_ms, result=RepairResult
        )
        return outcome.result

    async def agent(self, agent_id: str, *, now_ms: int) -> RepairResult:
        """Make an agent's load, presence and heartbeat agree."""
        keys = [
            *self._keys.of_agent(agent_id),
            self._keys.agents,
            self._keys.online,
            self._keys.seen,
        ]
        word, *_ = await self._scripts.call("repair_agent", keys, args=[agent_id, now_ms])
        return RepairResult(word)
