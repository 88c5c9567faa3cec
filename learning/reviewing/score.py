"""How likely the bot was wrong in a turn, by everything that is known of it. Pure.

Evidence is added up as log-odds (Good, Probability and the Weighing of Evidence, 1950): the bot's
own doubt first, then what customers and agents made of it. A weight is the logarithm of how many
times as often the sign is seen where the bot was wrong as where it was right. How much better 50
decisions a week become by them is measured with `scripts/measure_review_order.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from handoff_service.archive.learning.review_codes import DECAY_FROM_MS, HALF_LIFE_MS, Reason

#: A bot is never believed to be surer than this: an intent that it does not know looks like one
#: that it does.
SUREST = 0.95
#: Doubt where the bot gave no figure: of releases of before there was one.
UNKNOWN_DOUBT = 0.3
#: Doubt in what it did instead of answering; it is told to do so where it is not sure.
DOUBT_BY_DEED = {"clarify": 0.6, "offer_person": 0.8, "none": 0.8, "handoff": 0.6}
#: Below this a confidence is a reason; above the other one the bot was sure.
UNSURE, SURE = 0.5, 0.7
#: Reasons of a handoff that is right however well the bot understands (data/handoff_rules.yml).
FOR_PEOPLE = frozenset({"safety", "security", "legal", "payment_dispute", "vip", "asked"})
#: Doubt in such a handoff.
RIGHT_HANDOFF = 0.1

#: Log-odds of the signs.
VOTED_DOWN, VOTED_UP = 1.8, -1.8
MARKED = {"wrong": 3.9, "missing": 3.0, "right": -4.0}
THEN_PERSON = 1.6
NOT_HELPED, HELPED = 1.5, -1.5


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a turn that asked something; what the fields mean: `LearnTurnRow`."""

    phrase_id: int
    at_ms: int
    conversation_id: str
    seq: int
    language: str
    intent: str | None
    intent_confidence: float | None
    scope_confidence: float | None
    did: str
    answer_confidence: float | None
    article_id: str | None
    article_locale: str | None
    vote: int | None
    mark: str | None
    handoff_reason: str | None
    helped: bool | None


@dataclass(slots=True)
class Tally:
    """What the turns of a group add up to."""

    mass: float = 0.0  #: turns in which the bot was probably wrong, recent ones more: see `weight`
    turns: int = 0
    last_ms: int = 0
    conversations: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    reasons: dict[Reason, float] = field(default_factory=dict)
    intents: dict[str, float] = field(default_factory=dict)
    articles: dict[tuple[str, str], float] = field(default_factory=dict)
    #: The turn that shows best why it is asked about: with a reason, of the example, wrong, late.
    shown: tuple[bool, bool, float, int, str, int] = (False, False, -1.0, 0, "", 0)

    def add(self, turn: Seen, *, example: int = 0, since_ms: int = 0) -> None:
        """Count a turn; one of before the last decision is no reason to ask again."""
        self.turns += 1
        self.last_ms = max(self.last_ms, turn.at_ms)
        self.conversations.add(turn.conversation_id)
        self.languages.add(turn.language)
        wrong = chance_wrong(turn)
        if turn.intent:
            sure = (turn.intent_confidence or 0.0) * (1 - wrong)
            self.intents[turn.intent] = self.intents.get(turn.intent, 0.0) + sure
        if turn.article_id:
            article = (turn.article_id, turn.article_locale or "")
            self.articles[article] = self.articles.get(article, 0.0) + 1 - wrong
        if turn.at_ms <= since_ms:
            return
        heavy = weight(turn.at_ms)
        self.mass += heavy * wrong
        reasons = reasons_of(turn)
        for reason in reasons:
            self.reasons[reason] = self.reasons.get(reason, 0.0) + heavy * wrong
        place = (turn.at_ms, turn.conversation_id, turn.seq)
        is_example = turn.phrase_id == example
        self.shown = max(self.shown, (bool(reasons), is_example, heavy * wrong, *place))

    def strongest(self) -> list[Reason]:
        """Return the reasons, the one that weighs most first."""
        return sorted(self.reasons, key=lambda reason: (-self.reasons[reason], reason.value))


def tally(turns: Iterable[Seen], *, example: int = 0, since_ms: int = 0) -> Tally:
    """Add up the turns of a group, shown by its example where that gives reason to."""
    total = Tally()
    for turn in turns:
        total.add(turn, example=example, since_ms=since_ms)
    return total


def weight(at_ms: int) -> float:
    """Return how much a turn counts: twice as much as one of a half-life before.

    The later ones grow instead of the earlier ones fading, so that what is stored stays right as
    time goes by (forward decay: Cormode, Shkapenyuk, Srivastava, Xu, ICDE 2009).
    """
    return float(2.0 ** ((at_ms - DECAY_FROM_MS) / HALF_LIFE_MS))


def chance_wrong(turn: Seen) -> float:
    """Return how likely the bot was wrong in a turn, or gave no help that it could have: 0..1."""
    odds = _log_odds(_doubt(turn))
    if turn.vote:
        odds += VOTED_DOWN if turn.vote < 0 else VOTED_UP
    odds += MARKED.get(turn.mark or "", 0.0)
    if turn.did == "answer" and turn.handoff_reason:
        odds += THEN_PERSON
    if turn.helped is not None:
        odds += HELPED if turn.helped else NOT_HELPED
    return 1 / (1 + math.exp(-odds))


def reasons_of(turn: Seen) -> list[Reason]:
    """Return why a turn gives to think."""
    if turn.mark == "right":
        return []
    found = [*_said_by_people(turn), *_said_by_bot(turn)]
    if turn.handoff_reason and turn.handoff_reason not in FOR_PEOPLE and _understood(turn):
        found.append(Reason.PERSON_NEEDLESSLY)
    return found


def _said_by_people(turn: Seen) -> list[Reason]:
    found = []
    if turn.vote is not None and turn.vote < 0:
        found.append(Reason.VOTED_DOWN_SURE if _doubt(turn) <= 1 - SURE else Reason.VOTED_DOWN)
    if turn.mark == "wrong":
        found.append(Reason.MARKED_WRONG)
    if turn.mark == "missing":
        found.append(Reason.MARKED_MISSING)
    if turn.did == "answer" and turn.handoff_reason:
        found.append(Reason.ANSWERED_THEN_PERSON)
    if turn.helped is False:
        found.append(Reason.NOT_HELPED)
    return found


def _said_by_bot(turn: Seen) -> list[Reason]:
    found = []
    if turn.did in {"offer_person", "none"}:
        found.append(Reason.NO_ANSWER)
    if turn.did == "clarify":
        found.append(Reason.ASKED_BACK)
    if turn.answer_confidence is not None and turn.answer_confidence < UNSURE:
        found.append(Reason.UNSURE_ANSWER)
    if turn.intent_confidence is not None and turn.intent_confidence < UNSURE:
        found.append(Reason.UNSURE_INTENT)
    if turn.scope_confidence is not None and turn.scope_confidence < UNSURE:
        found.append(Reason.OUT_OF_SCOPE)
    return found


def _understood(turn: Seen) -> bool:
    """Whether a person was called though the bot knew what it was about."""
    sure = turn.intent_confidence is not None and turn.intent_confidence >= SURE
    fits = turn.answer_confidence is not None and turn.answer_confidence >= UNSURE
    return turn.did != "answer" and (sure or fits)


def _doubt(turn: Seen) -> float:
    """Return how much the bot doubted: of what it did and of its figures the one that says most."""
    if turn.did == "handoff" and turn.handoff_reason in FOR_PEOPLE:
        return RIGHT_HANDOFF
    doubts = [DOUBT_BY_DEED.get(turn.did, 0.0)]
    if turn.did == "answer" and turn.answer_confidence is not None:
        doubts.append(1 - turn.answer_confidence)
    elif turn.intent_confidence is not None:
        doubts.append(1 - turn.intent_confidence)
    else:
        doubts.append(UNKNOWN_DOUBT)
    if turn.scope_confidence is not None:
        doubts.append(1 - turn.scope_confidence)
    return min(max(*doubts, 1 - SUREST), SUREST)


def _log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))
