"""Decides which agent is offered which waiting conversation. Pure: no I/O, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handoff_service.domain import Agent, Conversation, Presence

#: A conversation goes to an agent who does not speak its language only when no agent who does is
#: online at all: a wait for the right one is better than a talk that nobody understands, and that
#: is better than silence.
OTHER_LANGUAGE_WHEN_NOBODY_SPEAKS_IT = True
#: An agent who passed on a conversation is not asked again sooner than this, not even as the only
#: one: long enough to read the offer's reason to decline and go away, short for a customer.
PAUSE_AFTER_PASS_MS = 10_000


@dataclass(frozen=True, slots=True)
class Match:
    """A conversation and the agent it should be offered to."""

    conversation: Conversation
    agent: Agent


@dataclass(frozen=True, slots=True)
class Plan:
    """What to offer now, and when another look is due although nothing happens."""

    matches: tuple[Match, ...]
    look_again_ms: int | None


def plan_offers(waiting: Sequence[Conversation], agents: Sequence[Agent], *, now_ms: int) -> Plan:
    """Match waiting conversations, longest waiting first, with agents who are online and have room.

    A conversation that fits nobody now does not hold up those behind it.
    """
    room = {agent.agent_id: agent for agent in agents}
    matches: list[Match] = []
    pauses: list[int] = []
    for conversation in waiting:
        agent = choose_agent(conversation, list(room.values()), now_ms=now_ms)
        if agent is not None:
            matches.append(Match(conversation, agent))
            room[agent.agent_id] = replace(agent, load=agent.load + 1, last_assigned_ms=now_ms)
        elif conversation.passed_ms is not None:
            pauses.append(conversation.passed_ms + PAUSE_AFTER_PASS_MS)
    later = [pause for pause in pauses if pause > now_ms]
    return Plan(tuple(matches), min(later, default=None))


def choose_agent(
    conversation: Conversation, agents: Sequence[Agent], *, now_ms: int
) -> Agent | None:
    """Return the agent to offer the conversation to; None when it has to wait.

    Fitting agents are online, speak the language and have room. Those who passed on it come after
    all others, the one who passed last at the very end, and only after a pause. Then: least loaded
    in proportion to capacity, longest without a new conversation, agent id.
    """
    online = [agent for agent in agents if agent.presence is Presence.ONLINE]
    speakers = [agent for agent in online if conversation.language in agent.languages]
    if not speakers and OTHER_LANGUAGE_WHEN_NOBODY_SPEAKS_IT:
        speakers = online
    paused_until = (conversation.passed_ms or 0) + PAUSE_AFTER_PASS_MS
    fitting = [
        agent
        for agent in speakers
        if agent.load < agent.capacity
        and (agent.agent_id not in conversation.passed_by or now_ms >= paused_until)
    ]
    return min(fitting, key=lambda agent: _rank(agent, conversation), default=None)


def _rank(agent: Agent, conversation: Conversation) -> tuple[int, float, int, str]:
    passed = conversation.passed_by
    turn = passed.index(agent.agent_id) + 1 if agent.agent_id in passed else 0
    return turn, agent.load / agent.capacity, agent.last_assigned_ms, agent.agent_id
