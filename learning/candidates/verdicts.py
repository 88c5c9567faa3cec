"""Whether another decision is better or worse than the one before, as far as is known. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from handoff_service.archive.learning.replays import Known

Verdict = Literal["better", "worse", "unknown"]

#: Kinds of messages that say more of a turn than those beside them, the most telling first.
_TELLING = ("handoff", "answer", "notice", "clarify", "offer_person", "triage", "back_to_bot")


@dataclass(frozen=True, slots=True)
class Decision:
    """What the bot did with a turn; equal ones are the same to the customer."""

    intent: str | None
    did: str  #: kind of message, "none" for silence, "error"
    article_id: str | None = None
    handoff: str | None = None

    @classmethod
    def read(cls, outcome: dict[str, Any]) -> Decision:
        """Read what bot/replay.py tells of one model."""
        if "error" in outcome:
            return cls(None, "error")
        messages = outcome["messages"]
        kinds = [message["kind"] for message in messages]
        if outcome["handoff"]:
            return cls(outcome["intent"], "handoff", None, outcome["handoff"])
        told = [kind for kind in _TELLING if kind in kinds]
        did = told[0] if told else kinds[0] if kinds else "none"
        quoted = [one["article_id"] for one in messages if one["kind"] == did == "answer"]
        return cls(outcome["intent"], did, quoted[0] if quoted else None)

    def as_json(self) -> dict[str, Any]:
        """Return it as kept."""
        return {
            "intent": self.intent,
            "did": self.did,
            "article_id": self.article_id,
            "handoff": self.handoff,
        }


def is_known(known: Known | None, before: Decision) -> bool:
    """Whether it is known how good the decision before was."""
    return known is not None and (_wanted(known) or _was_good(known, before) is not None)


def verdict_of(known: Known | None, before: Decision, after: Decision) -> Verdict:
    """Weigh a change by what reviewers decided, else by what customers and agents said then.

    Reviewers named the intent or article: who has it is right. Else, where the model that serves
    does again what was done then: what helped is not to be changed; and where it did not help,
    another answer, or a person where the customer asked for one afterwards, may be better.
    """
    if after.did == "error":
        return "worse"
    if before.did == "error":
        return "better"
    if known is None:
        return "unknown"
    if _wanted(known):
        had, has = _is_wanted(known, before), _is_wanted(known, after)
        if had != has:
            return "better" if has else "worse"
        return "unknown"
    good = _was_good(known, before)
    if good is True and not _as_good(before, after):
        return "worse"
    if good is False and known.handoff_reason and after.did == "handoff":
        return "better"
    return "unknown"


def _wanted(known: Known) -> bool:
    return known.verdict in {"intent", "article"} and bool(
        known.right_intent or known.right_article
    )


def _is_wanted(known: Known, decision: Decision) -> bool:
    if known.verdict == "article":
        return decision.article_id == known.right_article
    return decision.intent == known.right_intent


def _was_good(known: Known, before: Decision) -> bool | None:
    """Whether what was done then was good; None: not known, or another thing is done today."""
    if (before.did, before.article_id) != (known.did, known.article_id):
        return None
    if known.verdict == "right" or known.mark == "right":
        return True
    if known.mark in {"wrong", "missing"} or known.vote == -1 or known.helped is False:
        return False
    if known.vote == 1 or known.helped is True:
        return True
    return None


def _as_good(before: Decision, after: Decision) -> bool:
    """Whether the customer gets the same, by whatever way."""
    return (before.did, before.article_id, before.handoff) == (
        after.did,
        after.article_id,
        after.handoff,
    )
