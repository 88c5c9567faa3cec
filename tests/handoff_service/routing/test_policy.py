"""Who is served next, and by whom, as tables."""

import pytest

from handoff_service.routing.policy import (
    PAUSE_AFTER_PASS_MS,
    Widening,
    asks_consent_ms,
    choose_agent,
    next_widening_ms,
    order,
    requirement,
    widened,
    without_absent,
)
from tests.handoff_service.routing.floors import NOW, agent, talk

LONG_AGO = NOW - PAUSE_AFTER_PASS_MS
JUST_NOW = NOW - PAUSE_AFTER_PASS_MS + 1
WIDENING = Widening(
    level_ms=10_000, skill_ms=20_000, team_ms=30_000, wanted_agent_ms=40_000, language_ms=50_000
)

WHO = {
    # Presence and room
    "nobody there": (talk(), [], None),
    "the only one": (talk(), [agent("a")], "a"),
    "away is not there": (talk(), [agent("a", presence="away")], None),
    "offline is not there": (talk(), [agent("a", presence="offline")], None),
    "no room": (talk(), [agent("a", load=2)], None),
    "a heavy one needs more room": (
        talk(weight=2), [agent("a", load=1), agent("b", load=6, capacity=8)], "b"),
    "a heavy one waits for enough room": (talk(weight=2), [agent("a", load=1)], None),
    "heavier than a whole agent: one who holds nothing": (
        talk(weight=5), [agent("a", load=1, capacity=5), agent("b", capacity=2)], "b"),
    # Language
    "speaks the language": (talk(language="ko"), [agent("a"), agent("b", "en ko")], "b"),
    "waits for the busy speaker": (
        talk(language="ko"), [agent("a"), agent("b", "ko", load=2)], None),
    "no other language without consent, though no speaker is online": (
        talk(language="ko"), [agent("a"), agent("b", "ko", presence="away")], None),
    "any language with consent": (talk(language="ko", any_language=True), [agent("a")], "a"),
    "the two Chinese scripts are two languages": (
        talk(language="zh-Hant"), [agent("a", "zh-Hans"), agent("b", "zh-Hant", load=1)], "b"),
    "a left message goes to another language when no speaker is online": (
        talk(language="ko", left=True), [agent("a"), agent("b", "ko", presence="away")], "a"),
    "a left message waits for the busy speaker": (
        talk(language="ko", left=True), [agent("a"), agent("b", "ko", load=2)], None),
    # Skill, team, wanted agent
    "has the skill": (talk(skill="billing"), [agent("a", skills={"tech": 5}),
                                              agent("b", skills={"billing": 1})], "b"),
    "has the skill at the level": (
        talk(skill="billing", level=3),
        [agent("a", skills={"billing": 2}), agent("b", skills={"billing": 3}, load=1)], "b"),
    "without any skills listed: every skill at level 1": (talk(skill="billing"), [agent("a")], "a"),
    "without any skills listed: no higher level": (
        talk(skill="billing", level=2), [agent("a")], None),
    "after the wait for a level: any level": (
        talk(skill="billing", level=3, since=NOW - 10_000), [agent("a")], "a"),
    "not before": (talk(skill="billing", level=3, since=NOW - 9_999), [agent("a")], None),
    "after the wait for a skill: without it": (
        talk(skill="billing", since=NOW - 20_000), [agent("a", skills={"tech": 5})], "a"),
    "is in the team": (talk(team="nord"), [agent("a"), agent("b", teams="sued nord")], "b"),
    "after the wait for a team: another": (
        talk(team="nord", since=NOW - 30_000), [agent("a")], "a"),
    "the agent it was passed to, however busy": (
        talk(wanted_agent="b"), [agent("a"), agent("b", load=1)], "b"),
    "the agent it was passed to, whatever they speak or know": (
        talk(wanted_agent="b", skill="billing", team="nord"),
        [agent("a", skills={"billing": 1}, teams="nord"), agent("b", languages="ko")],
        "b",
    ),
    "waits for that agent": (
        talk(wanted_agent="b"), [agent("a"), agent("b", load=2)], None),
    "not for one who is not there": (
        talk(wanted_agent="b"), [agent("a"), agent("b", presence="away")], "a"),
    "after the wait for that agent: another": (
        talk(wanted_agent="b", since=NOW - 40_000), [agent("a"), agent("b", load=2)], "a"),
    "when that agent passed on it: another at once": (
        talk(wanted_agent="b", passed_by="b", passed_ms=JUST_NOW), [agent("a"), agent("b")], "a"),
    "a transfer waits anew, though the customer has waited long": (
        talk(team="nord", since=NOW - 900_000, needs_since=NOW), [agent("a")], None),
    "never another language by waiting": (
        talk(language="ko", since=NOW - 10**7), [agent("a")], None),
    # Among those who fit
    "who knows the customer, though busier": (
        talk(known_agent="b"), [agent("a"), agent("b", load=1)], "b"),
    "who knows the customer has no room": (
        talk(known_agent="b"), [agent("a"), agent("b", load=2)], "a"),
    "who knows the customer does not fit": (
        talk(known_agent="b", skill="tech"), [agent("a"), agent("b", skills={"x": 1})], "a"),
    "least loaded": (talk(), [agent("a", load=1), agent("b")], "b"),
    "least loaded in proportion to capacity": (
        talk(), [agent("a", load=1, capacity=2), agent("b", load=2, capacity=8)], "b"),
    "then longest idle": (talk(), [agent("a", idle_since=9), agent("b", idle_since=5)], "b"),
    "never had one is longest idle": (talk(), [agent("a", idle_since=1), agent("b")], "b"),
    "then by name": (talk(), [agent("b"), agent("a")], "a"),
    # Who passed on it
    "not back to who passed while another fits": (
        talk(passed_by="a", passed_ms=LONG_AGO), [agent("a"), agent("b", load=1)], "b"),
    "not even to who knows the customer": (
        talk(passed_by="a", passed_ms=LONG_AGO, known_agent="a"),
        [agent("a"), agent("b", load=1)], "b"),
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


@pytest.mark.parametrize("case", WHO)
def test_the_agent_who_is_asked(case):
    waiting, agents, expected = WHO[case]
    online = {one.agent_id: one for one in agents if one.presence == "online"}
    need = without_absent(requirement(waiting, WIDENING, now_ms=NOW), online)
    spoken = any(waiting.language in one.languages for one in online.values())

    chosen = choose_agent(waiting, agents, need=need, now_ms=NOW, spoken=spoken)

    assert (chosen.agent_id if chosen else None) == expected


FIRST = {
    "longest waiting": (talk("b", since=1), talk("a", since=2)),
    "priority before time": (talk(priority=6, since=2), talk(priority=5, since=1)),
    "priority before promise": (talk(priority=6), talk(priority=5, sla_ms=1)),
    "nearest breach before time": (talk(sla_ms=60_000, since=2), talk(sla_ms=120_000, since=1)),
    "promised before not promised": (talk(sla_ms=60_000, since=2), talk(since=1)),
    "same breach: original time": (
        talk("b", sla_ms=60_001, since=1), talk("a", sla_ms=60_000, since=2)),
    "same time: id": (talk("a"), talk("b")),
    "whose agent was lost before any priority": (
        talk(returned=True, priority=0, since=2), talk(priority=9, sla_ms=1, since=1)),
    "whose agents were lost: by the original time": (
        talk(returned=True, priority=0, since=1), talk(returned=True, priority=9, since=2)),
    "left messages last": (talk(since=2, priority=0), talk(left=True, since=1, priority=9)),
}  # fmt: skip


@pytest.mark.parametrize("case", FIRST)
def test_who_is_served_first(case):
    first, second = FIRST[case]

    assert order(first) < order(second)


def test_a_conversation_asks_for_less_step_by_step_and_only_for_what_it_has():
    waiting = talk(skill="billing", level=3, team="nord", wanted_agent="anna")

    given_up = [widened(waiting, WIDENING, now_ms=NOW + s * 1000) for s in (9, 10, 20, 30, 40)]

    everything = ("level", "skill", "team", "wanted_agent")
    assert given_up == [everything[:count] for count in range(5)]
    assert widened(talk(team="nord"), WIDENING, now_ms=NOW + 10**9) == ("team",)
    assert next_widening_ms(waiting, WIDENING, now_ms=NOW + 10_000) == NOW + 20_000
    assert next_widening_ms(talk(), WIDENING, now_ms=NOW) is None


ASK = {
    "after the wait for the language": (talk("c", "ko"), True, NOW + 50_000),
    "at once when nobody online speaks it": (talk("c", "ko"), False, 0),
    "once": (talk("c", "ko", consent_asked=True), False, None),
    "not who agreed": (talk("c", "ko", any_language=True), False, None),
    "not who left a message": (talk("c", "ko", left=True), False, None),
}


@pytest.mark.parametrize("case", ASK)
def test_when_a_customer_is_asked_whether_another_language_will_do(case):
    waiting, spoken, expected = ASK[case]

    assert asks_consent_ms(waiting, WIDENING, spoken=spoken) == expected
