"""How likely the bot was wrong: every sign moves it the way it should."""

import dataclasses

import pytest

from handoff_service.archive.learning.review_codes import HALF_LIFE_MS, Reason, score_at
from learning.reviewing.score import Seen, chance_wrong, reasons_of, tally, weight

DAY_MS = 86_400_000
SURE = Seen(
    phrase_id=1, at_ms=1_780_000_000_000, conversation_id="c_1", seq=2, language="en",
    intent="ask_order", intent_confidence=0.95, scope_confidence=0.97, did="answer",
    answer_confidence=0.9, article_id="orders", article_locale="en", vote=None, mark=None,
    handoff_reason=None, helped=None,
)  # fmt: skip


def but(**more):
    return dataclasses.replace(SURE, **more)


@pytest.mark.parametrize(
    ("more", "reasons"),
    [
        ({"vote": -1}, [Reason.VOTED_DOWN_SURE]),
        ({"vote": -1, "answer_confidence": 0.6}, [Reason.VOTED_DOWN]),
        ({"mark": "wrong"}, [Reason.MARKED_WRONG]),
        ({"mark": "missing"}, [Reason.MARKED_MISSING]),
        ({"handoff_reason": "asked"}, [Reason.ANSWERED_THEN_PERSON]),
        ({"helped": False}, [Reason.NOT_HELPED]),
        ({"did": "handoff", "handoff_reason": "low_confidence"}, [Reason.PERSON_NEEDLESSLY]),
        ({"did": "offer_person", "answer_confidence": None}, [Reason.NO_ANSWER]),
        ({"did": "clarify"}, [Reason.ASKED_BACK]),
        ({"answer_confidence": 0.4}, [Reason.UNSURE_ANSWER]),
        ({"intent_confidence": 0.3}, [Reason.UNSURE_INTENT]),
        ({"scope_confidence": 0.2}, [Reason.OUT_OF_SCOPE]),
    ],
)
def test_each_sign_is_a_reason_and_raises_the_chance(more, reasons):
    assert reasons_of(SURE) == []
    assert reasons_of(but(**more)) == reasons
    if more != {"intent_confidence": 0.3}:  # of an answer its own confidence counts
        assert chance_wrong(but(**more)) > chance_wrong(SURE)


def test_what_people_say_is_right_lowers_it():
    doubtful = but(answer_confidence=0.4)
    for more in ({"vote": 1}, {"helped": True}, {"mark": "right"}):
        assert chance_wrong(dataclasses.replace(doubtful, **more)) < chance_wrong(doubtful)
    assert reasons_of(dataclasses.replace(doubtful, mark="right")) == []


def test_a_handoff_that_is_for_people_is_no_mistake():
    alarm = but(did="handoff", handoff_reason="safety", answer_confidence=None)
    assert reasons_of(alarm) == []
    assert chance_wrong(alarm) < chance_wrong(
        dataclasses.replace(alarm, handoff_reason="low_confidence")
    )


def test_many_customers_and_late_ones_weigh_more():
    one, two = but(vote=-1), but(vote=-1, seq=4, conversation_id="c_2")
    late = but(vote=-1, at_ms=SURE.at_ms + HALF_LIFE_MS)

    assert tally([one, two]).mass == pytest.approx(2 * tally([one]).mass)
    assert tally([late]).mass == pytest.approx(2 * tally([one]).mass)
    total = tally([SURE, one, late])
    assert total.strongest() == [Reason.VOTED_DOWN_SURE]
    assert total.shown[-2:] == ("c_1", 2)
    assert (total.turns, len(total.conversations)) == (3, 1)
    # What is kept grows with the clock, what is shown fades: one turn of now is one.
    assert score_at(weight(SURE.at_ms), SURE.at_ms) == pytest.approx(1)
    assert score_at(weight(SURE.at_ms), SURE.at_ms + HALF_LIFE_MS) == pytest.approx(0.5)


def test_turns_of_before_a_decision_are_no_reason_to_ask_again():
    total = tally([but(vote=-1)], since_ms=SURE.at_ms)

    assert (total.mass, total.strongest(), total.turns) == (0, [], 1)
