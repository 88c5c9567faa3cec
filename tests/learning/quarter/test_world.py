"""A simulated quarter: the same for every reviewer, and nobody is tested on what they asked."""

import random
from collections import Counter

import pytest

from learning.errors import InputBroken
from learning.metrics import OOS
from learning.nlu_evaluation import Labelled
from learning.quarter.bot import Understood, intent_name
from learning.quarter.figure import draw
from learning.quarter.oracle import Oracle, Verdict
from learning.quarter.outcomes import outcome_of
from learning.quarter.world import Shape, make_world

SHAPE = Shape(weeks=6, customers=200)


@pytest.fixture(scope="module")
def texts():
    return [Labelled(f"{name} {n}", name) for name in "abcdefghi" for n in range(90)]


@pytest.fixture(scope="module")
def outside():
    return [Labelled(f"foreign {n}", OOS) for n in range(30)]


def test_the_same_seed_makes_the_same_quarter(texts, outside):
    assert make_world(texts, outside, SHAPE, seed=1) == make_world(texts, outside, SHAPE, seed=1)
    assert make_world(texts, outside, SHAPE, seed=1) != make_world(texts, outside, SHAPE, seed=2)


def test_a_third_is_known_and_what_is_tested_is_never_asked(texts, outside):
    world = make_world(texts, outside, SHAPE, seed=1)

    assert (len(world.intents), len(world.known)) == (9, 3)
    assert Counter(one.intent for one in world.begins_with) == dict.fromkeys(world.known, 8)
    tested = {one.text for one in world.test}
    asked = [one for week in world.weeks for one in week]
    assert not tested & {one.text for one in (*asked, *world.begins_with)}
    assert [len(week) for week in world.weeks] == [200] * 6
    often = Counter(one.intent for one in asked).most_common()
    assert often[0][1] > 3 * often[-1][1], "a few intents make most of the traffic"
    assert len({one.text for one in world.weeks[0]}) < 190, "some repeat what others said"
    assert 0 < sum(one.intent == OOS for one in asked) < 200


def test_too_few_intents_are_refused(outside):
    with pytest.raises(InputBroken, match="only 1 intents have 24 texts"):
        make_world([Labelled(f"x {n}", "x") for n in range(50)], outside, SHAPE, seed=1)


@pytest.mark.parametrize(
    ("label", "taken_for", "did", "right"),
    [
        ("refund", "ask_refund", "answer", True),
        ("refund", "ask_order", "answer", False),
        ("refund", OOS, "offer_person", False),
        (OOS, OOS, "offer_person", True),
        (OOS, "ask_refund", "answer", False),
    ],
)
def test_what_is_not_understood_is_contained_by_luck_alone(label, taken_for, did, right):
    outcome = outcome_of(label, Understood(taken_for, 0.9, 0.9, None), random.Random(3))

    assert (outcome.did, outcome.right) == (did, right)
    if right:
        assert outcome.contained
    elif did == "offer_person":
        assert not outcome.contained


def test_the_reviewer_takes_out_what_does_not_belong_and_swaps_in_a_bad_week():
    meant = {"r1": "refund", "r2": "refund", "o1": "order", "x": OOS}
    group = [(1, "r1"), (2, "r2"), (3, "o1")]
    oracle = Oracle(meant, random.Random(1))

    assert oracle.review(group, {"ask_refund"}) == Verdict("intent", "ask_refund", (3,))
    assert oracle.review(group, set()) == Verdict("new_intent", "ask_refund", (3,))
    assert oracle.review([(4, "x")], set()) == Verdict("ignore")
    bad = Oracle(meant, random.Random(1), swapped={"refund": "order", "order": "refund"})
    assert bad.review(group, {"ask_order"}) == Verdict("intent", "ask_order", (3,))
    wrong = Oracle(meant, random.Random(1), mistaken=1.0)
    assert wrong.review(group, {"ask_other"}).intent == "ask_other"


def test_names_and_the_figure():
    assert intent_name("Change order") == "ask_change_order"
    assert intent_name(OOS) == OOS
    svg = draw("Understood", {"baton": [[0.4, 0.8], [0.5, 0.9]], "random": [[0.4, 0.6]]})
    assert "baton 85%" in svg
    assert svg.count("<polyline") == 2
