"""What agents are shown of a conversation: in a list, in an offer. No I/O here."""

from dataclasses import dataclass, field

from handoff_service.contact import asks_for_call
from handoff_service.conversation import Conversation, Handoff
from handoff_service.domain import Event, Json


@dataclass(frozen=True, slots=True)
class Summary:
    """What an agent's list shows of a conversation."""

    conversation: Conversation

    def to_json(self) -> Json:
        """Return the shape the agent socket and the API send."""
        talk = self.conversation
        handoff = talk.handoff or Handoff(reason="", topic="", language=talk.language)
        signed = talk.identity.to_json() if talk.identity else {}
        customer = {
            "customer_id": talk.customer_id,
            "page": talk.page,
            "device": talk.device,
            "utc_offset_min": talk.utc_offset_min,
        } | signed
        return {
            "conversation_id": talk.conversation_id,
            "state": talk.state.value,
            "epoch": talk.epoch,
            "language": talk.language,
            "site": talk.site,
            "topic": handoff.topic,
            "reason": handoff.reason,
            "triage": list(handoff.triage),
            "tried": list(handoff.tried),
            "summary": handoff.summary,
            "contact": handoff.contact,
            "callback": handoff.callback or asks_for_call(handoff.contact),
            "when": handoff.when,
            "waiting_since_ms": talk.waiting_since_ms,
            "assigned_ms": talk.assigned_ms,
            "last_seq": talk.last_seq,
            "agent_id": talk.agent_id,
            "parked_until_ms": talk.parked_until_ms,
            "draft": talk.draft,
            "needs": talk.needs.to_json(),
            "seen_seq": talk.seen_seq,
            "tags": list(talk.tags),
            "customer": {k: v for k, v in customer.items() if v is not None},
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """A waiting conversation put before one agent with a deadline."""

    summary: Summary
    deadline_ms: int
    transcript: tuple[Event, ...] = field(default=())

    def to_json(self) -> Json:
        """Return the summary with the deadline and the whole transcript."""
        transcript = [event.to_json() for event in self.transcript]
        return self.summary.to_json() | {"deadline_ms": self.deadline_ms, "transcript": transcript}
