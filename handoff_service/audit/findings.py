"""What the audit can find wrong, and what helps. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """A kind of disagreement; the label of the metric."""

    INDEX_MISSING = "index_missing"  #: not in the sorted set that its state is found in
    INDEX_STRAY = "index_stray"  #: in a sorted set of another state, or without a conversation
    INDEX_SCORE = "index_score"  #: sorted there by another moment than the conversation says
    TIMER_ABSURD = "timer_absurd"  #: due later than any setting allows: a clock jumped
    HOLDER_MISSING = "holder_missing"  #: in a state of an agent, but of no agent
    HELD_MISSING = "held_missing"  #: not among what its agent holds, or with another weight
    HELD_STRAY = "held_stray"  #: among what an agent holds who does not have it
    LOAD_WRONG = "load_wrong"  #: an agent's load is not the sum of what is held
    ONLINE_WRONG = "online_wrong"  #: presence and the set of those online disagree
    AGENT_UNLISTED = "agent_unlisted"  #: an agent who is not in the list of all agents
    HEARTBEAT_MISSING = "heartbeat_missing"  #: nobody would notice that the agent vanished
    HEARTBEAT_FUTURE = "heartbeat_future"  #: the agent could not be lost for too long
    JOB_MISSING = "job_missing"  #: the bot owes an answer and no worker will hear of it
    TURN_STALE = "turn_stale"  #: a turn owed under another epoch: its answer would be refused
    TURN_STRAY = "turn_stray"  #: a turn owed although the bot may not speak
    EVENT_GAP = "event_gap"  #: events are not numbered one by one up to the latest
    EVENT_ORDER = "event_order"  #: an event long before the one it follows
    EVENT_UNREADABLE = "event_unreadable"  #: not an event of this conversation
    EPOCH_WRONG = "epoch_wrong"  #: the epoch fell, or did not rise with a change of owner
    STATE_DIFFERS = "state_differs"  #: the events lead to another state
    BOT_AFTER_HANDOFF = "bot_after_handoff"  #: the bot spoke after a person had accepted
    SENTENCE_MISSING = "sentence_missing"  #: a change of owner that the customer was not told of
    MESSAGE_REPEATED = "message_repeated"  #: one message stored twice
    LOG_DIFFERS = "log_differs"  #: the desk's log and the conversation disagree
    UNREADABLE = "unreadable"  #: the conversation itself cannot be read


class Repair(StrEnum):
    """What mends a fault: the name of a script under store/lua."""

    PLACE = "repair_place"
    HOLD = "repair_hold"
    TURNS = "repair_turns"
    AGENT = "repair_agent"


#: Faults that a script can mend without inventing anything. The others are history: they are told.
REPAIRS: Mapping[Fault, Repair] = {
    Fault.INDEX_MISSING: Repair.PLACE,
    Fault.INDEX_STRAY: Repair.PLACE,
    Fault.INDEX_SCORE: Repair.PLACE,
    Fault.TIMER_ABSURD: Repair.PLACE,
    Fault.HELD_MISSING: Repair.HOLD,
    Fault.HELD_STRAY: Repair.HOLD,
    Fault.LOAD_WRONG: Repair.AGENT,
    Fault.ONLINE_WRONG: Repair.AGENT,
    Fault.AGENT_UNLISTED: Repair.AGENT,
    Fault.HEARTBEAT_MISSING: Repair.AGENT,
    Fault.HEARTBEAT_FUTURE: Repair.AGENT,
    Fault.JOB_MISSING: Repair.TURNS,
    Fault.TURN_STALE: Repair.TURNS,
    Fault.TURN_STRAY: Repair.TURNS,
}

_BY_ITSELF = "baton queue audit --repair, or wait: the service mends it"
_REMEDIES: Mapping[Fault, str] = {
    Fault.HOLDER_MISSING: "a supervisor takes it over, or the customer writes again once it closed",
    Fault.EVENT_GAP: "read it in the history (baton transcripts); restore Redis from its backup",
    Fault.LOG_DIFFERS: "the history may lack it: keep Redis's files, and report it",
    Fault.BOT_AFTER_HANDOFF: "report it with the conversation's events: no setting allows it",
    Fault.UNREADABLE: "was it written by a newer version? Then upgrade this replica",
}
_REPORT = "report it with the conversation's events: nothing a service does leads here"


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement, with whom it concerns."""

    fault: Fault
    wrong: str  #: what stands there and what should
    conversation_id: str | None = None
    agent_id: str | None = None

    @property
    def repair(self) -> Repair | None:
        """Return what mends it, None when nothing may."""
        return REPAIRS.get(self.fault)

    @property
    def remedy(self) -> str:
        """Return what a person can do."""
        return _BY_ITSELF if self.repair else _REMEDIES.get(self.fault, _REPORT)

    def to_json(self) -> dict[str, str | None]:
        """Return the shape that `baton queue audit --json` prints."""
        return {
            "code": self.fault.value,
            "conversation_id": self.conversation_id,
            "agent_id": self.agent_id,
            "wrong": self.wrong,
            "remedy": self.remedy,
        }
