"""Makes conversations as the live store writes them."""

from handoff_service.domain import Event, event_type

T0 = 1_780_000_000_000


class Talk:
    """Writes the events of one conversation."""

    def __init__(self, conversation_id="c_1", at_ms=T0):
        self.id, self.events, self.at_ms, self.epoch = conversation_id, [], at_ms, 1

    def add(self, type, /, *, owner_changes=False, **data):
        self.epoch += owner_changes
        self.at_ms += 1000
        self.events.append(
            Event(self.id, len(self.events) + 1, event_type(type), self.at_ms, self.epoch, data)
        )
        return self

    def said(self, author, text, **data):
        number = len(self.events) + 1
        return self.add("message.posted", message_id=f"m{number}", author=author, text=text, **data)


def whole(conversation_id="c_1", at_ms=T0):
    """From hello to rating."""
    return (
        Talk(conversation_id, at_ms)
        .add("conversation.started", customer_id="u_1", locale="ko", page={"title": "Shop"})
        .said("customer", "허브가 고장났어요", payload=None)
        .add("language.changed", language="ko")
        .said("bot", "Which one?", kind="triage", turn=1)
        .add("handoff.requested", owner_changes=True, reason="technical_issue", topic="hub",
             language="ko", triage=[{"field": "product"}], tried=[], summary="broken", place=1,
             on_duty=True, text="…")
        .add("handoff.offered", agent_id="a_1", deadline_ms=at_ms)
        .add("handoff.assigned", owner_changes=True, agent_id="a_1", agent_name="Ann", text="…")
        .said("agent", "안녕하세요", agent_id="a_1")
        .add("conversation.wrapped_up", agent_id="a_1", disposition="solved", text="…")
        .add("conversation.rated", stars=4, comment="좋아요")
        .add("conversation.closed", by="agent", reason="done")
    )  # fmt: skip
