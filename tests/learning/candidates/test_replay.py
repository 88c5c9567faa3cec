"""Conversations asked again: what changed, and whether that is known to be better or worse."""

import pytest

from handoff_service.archive.learning.replays import AskedTurn, Known
from learning.candidates.replay import summarise
from learning.candidates.scripts import judge_scripts, read_scripts
from learning.candidates.verdicts import Decision, is_known, verdict_of


def known(**fields):
    usual = {
        "text": "where is it",
        "language": "en",
        "intent": "ask_order",
        "did": "answer",
        "article_id": "tracking",
        "vote": None,
        "mark": None,
        "helped": None,
        "handoff_reason": None,
    }
    return Known(**usual | fields)


TRACKING = Decision("ask_order", "answer", "tracking")
REFUNDS = Decision("ask_refund", "answer", "refunds")
PERSON = Decision("ask_order", "handoff", None, "asked")
BROKEN = Decision(None, "error")


@pytest.mark.parametrize(
    ("then", "before", "after", "verdict"),
    [
        # what helped is not to be changed
        (known(vote=1), TRACKING, REFUNDS, "worse"),
        (known(helped=True), TRACKING, PERSON, "worse"),
        (known(verdict="right"), TRACKING, REFUNDS, "worse"),
        (known(vote=1), TRACKING, Decision("follow_up", "answer", "tracking"), "unknown"),
        # nobody said how it was, or the bot of today did something else already
        (known(), TRACKING, REFUNDS, "unknown"),
        (known(vote=1), REFUNDS, TRACKING, "unknown"),
        (None, TRACKING, REFUNDS, "unknown"),
        # what did not help: a person, where one was called for afterwards
        (known(vote=-1, handoff_reason="asked"), TRACKING, PERSON, "better"),
        (known(vote=-1), TRACKING, REFUNDS, "unknown"),
        # reviewers know
        (known(verdict="intent", right_intent="ask_refund"), TRACKING, REFUNDS, "better"),
        (known(verdict="intent", right_intent="ask_order"), TRACKING, REFUNDS, "worse"),
        (known(verdict="article", right_article="refunds"), TRACKING, REFUNDS, "better"),
        (known(verdict="intent", right_intent="greet"), TRACKING, REFUNDS, "unknown"),
        # failing is worse than anything
        (None, TRACKING, BROKEN, "worse"),
        (None, BROKEN, TRACKING, "better"),
    ],
)
def test_a_change_is_weighed_by_what_is_known(then, before, after, verdict):
    assert verdict_of(then, before, after) == verdict


def test_what_tells_is_known():
    assert is_known(known(vote=1), TRACKING)
    assert not is_known(known(vote=1), REFUNDS)
    assert not is_known(known(), TRACKING)
    assert is_known(known(verdict="article", right_article="refunds"), REFUNDS)


def outcome(intent, kind, article_id=None, handoff=None, ms=5.0):
    message = {"kind": kind, "article_id": article_id, "locale": "en", "confidence": 0.9}
    return {
        "intent": intent,
        "confidence": 0.9,
        "messages": [message],
        "handoff": handoff,
        "ms": ms,
    }


def test_decisions_are_read_by_what_tells_most():
    chat = outcome("greet", "smalltalk")
    both = chat | {"messages": [*chat["messages"], *outcome("x", "answer", "a")["messages"]]}

    assert Decision.read(both) == Decision("greet", "answer", "a")
    assert Decision.read(outcome("ask", "handoff", handoff="asked")).handoff == "asked"
    assert Decision.read(chat | {"messages": []}).did == "none"
    assert Decision.read({"error": "bot_error"}).did == "error"


def test_a_step_of_a_script_is_met_by_kind_article_and_intent(tmp_path):
    folder = tmp_path / "tests" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "broken.yml").write_text("- [")
    (folder / "en.yml").write_text(
        "- scenario: Where is it\n  language: ko\n  flags: [vip]\n  steps:\n"
        "  - say: where is it\n    expect: {kind: [answer, clarify], article: tracking}\n"
        "  - say: thanks\n"
        "  - click: helped\n"
        "  - say: not asked without the click\n"
    )

    steps = read_scripts(tmp_path)

    assert [step.turn.text for step in steps] == ["where is it", "thanks"]
    assert (steps[0].turn.language, steps[0].turn.facts) == ("ko", {"flags": ["vip"]})
    right, wrong = outcome("x", "answer", "tracking"), outcome("x", "answer", "refunds")
    found = judge_scripts(steps, [[right, wrong], [wrong, wrong]])
    assert (found["n"], found["worse"], found["better"]) == (1, 1, 0)
    assert [one["text"] for one in found["turned"]] == ["where is it"]
    assert not steps[0].is_met({"error": "bot_error"})


def test_every_changed_decision_is_listed_the_worse_ones_first_and_only_masked_words():
    def turn(seq, then):
        return AskedTurn(
            conversation_id="c_one",
            seq=seq,
            text="I am Ada Lovelace",
            payload=None,
            language="en",
            waiting=False,
            known=then,
        )

    same = outcome("ask_order", "answer", "tracking", ms=4.0)
    other = outcome("ask_refund", "answer", "refunds", ms=8.0)
    turns = [turn(2, known()), turn(4, known(vote=1)), turn(6, known(vote=1))]

    found = summarise(turns, [[same, other], [same, other], [same, same]])

    assert (found["turns"], found["conversations"], found["changed"]) == (3, 1, 2)
    assert [one["verdict"] for one in found["decisions"]] == ["worse", "unknown"]
    assert (found["judged"]["base"]["n"], found["judged"]["worse"]) == (2, 1)
    assert found["ms"]["ratio"] == 2.0
    assert "Ada" not in str(found)
    assert found["decisions"][0]["conversation_id"] == "c_one", "so that it can be forgotten"
