"""Who is asked first, as a table."""

from dataclasses import replace

import pytest

from handoff_service.domain import Agent, Conversation, Presence, State
from handoff_service.routing.policy import PAUSE_AFTER_PASS_MS, choose_agent, plan_offers

NOW = 1_000_000


def agent(name, languages="en", *, load=0, capacity=2, idle_since=0, presence="online"):
    return Agent(
        agent_id=name,
        name=name,
        languages=tuple(languages.split()),
        capacity=capacity,
        presence=Presence(presence),
        load=load,
        last_assigned_ms=idle_since,
    )


def talk(name="c", language="en", *, passed_by="", passed_ms=None):
    return Conversation(
        conversation_id=name,
        customer_id="u",
        state=State.WAITING,
        epoch=2,
        last_seq=1,
        language=language,
        started_ms=0,
        passed_by=tuple(passed_by.split()),
        passed_ms=passed_ms,
    )


LONG_AGO = NOW - PAUSE_AFTER_PASS_MS
JUST_NOW = NOW - PAUSE_AFTER_PASS_MS + 1

TABLE = {
    "nobody there": (talk(), [], None),
    "the only one": (talk(), [agent("a")], "a"),
    "away is not there": (talk(), [agent("a", presence="away")], None),
    "offline is not there": (talk(), [agent("a", presence="offline")], None),
    "no room": (talk(), [agent("a", load=2)], None),
    "speaks the language": (talk(language="ko"), [agent("a"), agent("b", "en ko")], "b"),
    "waits for the busy speaker": (
        talk(language="ko"), [agent("a"), agent("b", "ko", load=2)], None),
    "another language when no speaker is online": (
        talk(language="ko"), [agent("a"), agent("b", "ko", presence="away")], "a"),
    "the two Chinese scripts are two languages": (
        talk(language="zh-Hant"), [agent("a", "zh-Hans"), agent("b", "zh-Hant", load=1)], "b"),
    "least loaded": (talk(), [agent("a", load=1), agent("b")], "b"),
    "least loaded in proportion to capacity": (
        talk(), [agent("a", load=1, capacity=2), agent("b", load=2, capacity=8)], "b"),
    "then longest idle": (talk(), [agent("a", idle_since=9), agent("b", idle_since=5)], "b"),
    "never had one is longest idle": (talk(), [agent("a", idle_since=1), agent("b")], "b"),
    "then by name": (talk(), [agent("b"), agent("a")], "a"),
    "not back to who passed while another fits": (
        talk(passed_by="a", passed_ms=LONG_AGO), [agent("a"), agent("b", load=1)], "b"),
    "back to who passed longest ago when all passed": (
        talk(passed_by="b a", passed_ms=LONG_AGO), [agent("a"), agent("b", load=1)], "b"),
    "back to the only one after a pause": (
        talk(passed_by="a", passed_ms=LONG_AGO), [agent("a")], "a"),
    "not back to the only one at once": (
        talk(passed_by="a", passed_ms=JUST_NOW), [agent("a")], None),
    "not to another language because the speaker passed": (
        talk(language="ko", passed_by="b", passed_ms=JUST_NOW),
        [agent("a"), agent("b", "ko")], None),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_the_agent_who_is_asked(case):
    conversation, agents, expected = TABLE[case]

    chosen = choose_agent(conversation, agents, now_ms=NOW)

    assert (chosen.agent_id if chosen else None) == expected


def _pairs(plan):
    return [(match.conversation.conversation_id, match.agent.agent_id) for match in plan.matches]


def test_the_longest_waiting_comes_first_and_load_counts_at_once():
    agents = [agent("a", capacity=2), agent("b", capacity=1)]

    plan = plan_offers([talk("1"), talk("2"), talk("3"), talk("4")], agents, now_ms=NOW)

    assert _pairs(plan) == [("1", "a"), ("2", "b"), ("3", "a")]


def test_a_conversation_nobody_fits_does_not_hold_up_the_others():
    agents = [agent("a", "en"), agent("b", "ko", load=2)]

    plan = plan_offers([talk("korean", "ko"), talk("english")], agents, now_ms=NOW)

    assert _pairs(plan) == [("english", "a")]


def test_a_plan_says_when_a_pause_ends():
    waiting = [
        talk("1", passed_by="a", passed_ms=NOW - 10),
        talk("2", passed_by="a", passed_ms=NOW),
    ]

    plan = plan_offers(waiting, [agent("a")], now_ms=NOW)

    assert plan.matches == ()
    assert plan.look_again_ms == NOW - 10 + PAUSE_AFTER_PASS_MS


def test_a_plan_changes_none_of_its_arguments():
    agents = [agent("a")]
    before = [replace(one) for one in agents]

    plan_offers([talk()], agents, now_ms=NOW)

    assert agents == before
