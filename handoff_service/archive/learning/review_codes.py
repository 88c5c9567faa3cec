"""Names for what reviews are about, and the bits by which the queue is filtered."""

from collections.abc import Iterable
from enum import StrEnum

from handoff_service.domain import LOCALES


class Reason(StrEnum):
    """Why a group is asked about. Bits go by the order: new ones come at the end."""

    VOTED_DOWN_SURE = "voted_down_sure"  # the bot was sure, and customers say no
    VOTED_DOWN = "voted_down"
    MARKED_WRONG = "marked_wrong"  # by an agent
    MARKED_MISSING = "marked_missing"
    ANSWERED_THEN_PERSON = "answered_then_person"  # the answer did not do
    PERSON_NEEDLESSLY = "person_needlessly"  # a handoff that the bot should have answered
    NOT_HELPED = "not_helped"  # the customer said so, or asked again
    NO_ANSWER = "no_answer"  # a person was offered, or nothing said
    ASKED_BACK = "asked_back"
    UNSURE_ANSWER = "unsure_answer"  # answered with little confidence
    UNSURE_INTENT = "unsure_intent"
    OUT_OF_SCOPE = "out_of_scope"  # as far as the bot could tell
    AGAIN = "again"  # went wrong since it was decided


#: A bit for every reason.
REASON_BITS = {reason.value: 1 << place for place, reason in enumerate(Reason)}
#: A bit for every language of ours, one for all others.
LANGUAGE_BITS = {locale: 1 << place for place, locale in enumerate(LOCALES)}
OTHER_LANGUAGE = 1 << len(LOCALES)


def reason_bits(reasons: Iterable[str]) -> int:
    """Return the bits of reasons."""
    return sum(REASON_BITS[reason] for reason in set(reasons))


def language_bits(languages: Iterable[str]) -> int:
    """Return the bits of languages."""
    bits = 0
    for language in languages:
        bits |= LANGUAGE_BITS.get(language, OTHER_LANGUAGE)
    return bits


#: After so long a turn counts half as much, in ms: 30 days, a season's questions fade with it.
HALF_LIFE_MS = 30 * 86_400_000
#: 2026-01-01: what counts one. Any fixed day would do.
DECAY_FROM_MS = 1_767_225_600_000


def score_at(score: float, now_ms: int) -> float:
    """Return a score as it counts now, in turns: what is kept grows with the clock."""
    return float(score * 2.0 ** ((DECAY_FROM_MS - now_ms) / HALF_LIFE_MS))
