"""Which question is asked, of whom, when: rules without chance."""

from dataclasses import replace

import pytest

from handoff_service.reports.proportion import Proportion
from handoff_service.reports.surveys import difference_interval
from handoff_service.sites import SurveyAfter, SurveyRule, SurveyRules
from handoff_service.surveys import DAY_MS, Kind, choose_survey

PERSON, ANSWER = SurveyAfter.PERSON, SurveyAfter.ANSWER
NOW = 1_800_000_000_000


def rule(*after, share=1.0, again_days=30):
    return SurveyRule(after=frozenset(after or {PERSON}), share=share, again_days=again_days)


RULES = SurveyRules(
    csat=rule(PERSON, ANSWER), ces=rule(share=0.2), nps=rule(share=0.1, again_days=90)
)


def ask(customer_id="u", rules=RULES, after=PERSON, now_ms=NOW, **asked):
    return choose_survey(rules, after=after, customer_id=customer_id, asked=asked, now_ms=now_ms)


def test_each_question_reaches_its_share_and_the_rarest_goes_first():
    asked = [ask(f"customer-{number}") for number in range(5000)]

    shares = {kind: asked.count(kind) / len(asked) for kind in Kind}
    assert shares[Kind.NPS] == pytest.approx(0.1, abs=0.015)
    assert shares[Kind.CES] == pytest.approx(0.2 * 0.9, abs=0.02)
    assert shares[Kind.CSAT] == pytest.approx(0.8 * 0.9, abs=0.025)
    assert asked == [ask(f"customer-{number}") for number in range(5000)], "not by chance"


@pytest.mark.parametrize(
    ("rules", "after", "kind"),
    [
        (SurveyRules(), PERSON, None),
        (SurveyRules(csat=rule(PERSON)), ANSWER, None),
        (SurveyRules(csat=rule(ANSWER)), ANSWER, Kind.CSAT),
        (SurveyRules(csat=rule(share=0.0)), PERSON, None),
    ],
)
def test_only_what_the_site_asks_after_what_it_says(rules, after, kind):
    assert ask(rules=rules, after=after) is kind


def test_nobody_is_asked_anything_twice_in_the_set_time_nor_the_same_in_its_own():
    rules = replace(RULES, ces=None, nps=rule(again_days=90))
    day = NOW + 30 * DAY_MS

    assert ask(rules=rules, nps=NOW, now_ms=day - 1) is None
    assert ask(rules=rules, nps=NOW, now_ms=day) is Kind.CSAT
    assert ask(rules=rules, nps=NOW, csat=NOW, now_ms=NOW + 90 * DAY_MS - 1) is Kind.CSAT
    assert ask(rules=replace(rules, csat=None), nps=NOW, now_ms=NOW + 90 * DAY_MS) is Kind.NPS


def test_the_interval_of_a_difference_holds_it_and_narrows_with_answers():
    few = difference_interval(Proportion(6, 10), Proportion(2, 10))
    many = difference_interval(Proportion(600, 1000), Proportion(200, 1000))

    assert few[0] < many[0] < 0.4 < many[1] < few[1]
    # Normal approximation of the multinomial: 0.4 ± 1.96 √((0.8 − 0.4²) / 1000)
    assert many == pytest.approx((0.3504, 0.4496), abs=0.003)
    assert difference_interval(Proportion(0, 0), Proportion(0, 0)) is None
    assert difference_interval(Proportion(3, 3), Proportion(0, 3))[0] < 0.6
