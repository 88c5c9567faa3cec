"""Writes conversations as the service does, to collect turns from."""

from tests.handoff_service.archive.talks import T0, Talk

SURE = {"intent_confidence": 0.9, "scope_confidence": 0.8, "runner_up": ["ask_wifi", 0.05]}
SOURCE = {"article_id": "reset", "locale": "en", "title": "Reset", "url": "/help/en/reset"}


class Chat(Talk):
    """Writes what a live conversation would."""

    def __init__(self, conversation_id="c_1", at_ms=T0):
        super().__init__(conversation_id, at_ms)
        self.turn = 0
        self.add("conversation.started", customer_id="u_1", locale="en", site="shop")

    def ask(self, text, **more):
        self.turn += 1
        return self.said("customer", text, turn=self.turn, **more)

    def click(self, action, **more):
        return self.ask("a button", payload={"action": action, **more})

    def reply(self, kind="answer", text="So.", intent="ask_password", **more):
        more = {"understood": SURE, "release": "r1", "index_version": "v1"} | more
        return self.said("bot", text, kind=kind, turn=self.turn, intent=intent, **more)

    def answer(self, **more):
        told = {"sources": [SOURCE], "confidence": 0.7, "query": "reset password"}
        return self.reply(**told | more)

    def handoff(self, reason="low_confidence", **more):
        self.add("handoff.requested", owner_changes=True, reason=reason, topic="", **more)
        return self.add("handoff.assigned", owner_changes=True, agent_id="a1", agent_name="Ann")

    def agent(self, text):
        return self.said("agent", text, agent_id="a1", author_name="Ann")

    def close(self):
        return self.add("conversation.closed", by="system", reason="idle")
