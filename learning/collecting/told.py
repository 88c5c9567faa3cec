"""What a conversation's events tell of the turns in it, as it was said: nothing is masked. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

#: The kinds of what the bot says, the most telling first: of several the first one counts.
KINDS = (
    "answer",
    "notice",
    "clarify",
    "triage",
    "offer_person",
    "handoff",
    "back_to_bot",
    "smalltalk",
    "none",
)
#: Intents that ask for nothing, as in the classifier's own list (bot/components/intents.py).
NO_QUESTIONS = frozenset(
    {
        *("greet", "goodbye", "thank_you", "affirm", "deny", "bot_challenge", "ask_help"),
        *("how_are_you", "who_made_you", "joke", "laughter", "insult", "are_you_there"),
        *("back_to_bot", "helped", "not_helped", "none_of_these", "skip", "complaint"),
        "request_person",
    }
)
#: Below this such an intent may well have been taken for a question, or a question for it.
SURE = 0.7
#: Reasons of a handoff that say nothing of what it is about: the question before does.
WISHES = frozenset({"asked", "none_of_these", "displeasure", "disliked_answer", "bot_failed"})


@dataclass(slots=True)
class Told:
    """One typed message that the bot was asked, while its conversation is read."""

    seq: int
    at_ms: int
    text: str
    language: str
    query: str = ""
    intent: str | None = None
    intent_confidence: float | None = None
    scope_confidence: float | None = None
    runner_up: str | None = None
    did: str = "none"
    reply_seq: int | None = None
    answer_confidence: float | None = None
    article_id: str | None = None
    article_locale: str | None = None
    vote: int | None = None
    mark: str | None = None
    handoff_reason: str | None = None
    helped: bool | None = None
    #: What a person wrote on it, by the number of the message.
    words: dict[int, str] = field(default_factory=dict)
    agent_id: str | None = None
    release: str | None = None
    index_version: str | None = None
    #: It answers what the bot asked before a handoff.
    in_triage: bool = False

    @property
    def asks(self) -> bool:
        """Whether it is worth looking at: a question, or what somebody marked as one."""
        if self.mark is not None:
            return True
        if self.in_triage or (self.did == "none" and self.intent is None):
            return False
        if self.did in {"answer", "clarify", "notice"} or self.intent not in NO_QUESTIONS:
            return not (self.did == "handoff" and self.handoff_reason == "asked")
        return self.intent_confidence is not None and self.intent_confidence < SURE


@dataclass(slots=True)
class Account:
    """What a conversation amounts to."""

    site: str = ""
    turns: list[Told] = field(default_factory=list)
    #: Of the customer, as they were given; of agents.
    names: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)  #: an address or a number, with a name perhaps
    agents: set[str] = field(default_factory=set)
