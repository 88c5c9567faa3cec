"""What may go live: falls beyond chance, falls too deep, labels that contradict, slow models."""

from pathlib import Path

import pytest

from learning.candidates.gate import why_refused
from learning.candidates.rules import Rules, read_gate
from learning.candidates.statistics import area_under_risk, chance_of, median, wilson
from learning.candidates.understanding import Compared, Understood, compare, contradictions
from learning.errors import DataBroken

ROOT = Path(__file__).resolve().parents[3]


def rows(intent, *, both=0, worse=0, better=0, language="en"):
    """Texts of an intent by who understands them."""
    right, wrong = Understood(intent, 0.9, 0.9), Understood("other", 0.8, 0.8)
    kinds = [(right, right)] * both + [(right, wrong)] * worse + [(wrong, right)] * better
    return [
        Compared(f"{intent} {n}", intent, language, base, candidate)
        for n, (base, candidate) in enumerate(kinds)
    ]


def codes(report, rules=None):
    return [reason.code for reason in why_refused(report, rules or Rules())]


def known(*groups):
    return {"understanding": {"known": compare([one for group in groups for one in group])}}


def test_an_interval_of_a_share_is_wilsons():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 0) == (0, 1)
    assert wilson(10, 10)[1] == pytest.approx(1)


def test_a_fall_is_weighed_by_the_texts_that_changed():
    assert chance_of(5, 0) == pytest.approx(1 / 32)
    assert chance_of(0, 0) == 1
    assert chance_of(2, 1) == pytest.approx(0.5)


def test_the_area_under_risk_is_small_when_the_wrong_ones_are_the_least_sure():
    assert area_under_risk([True, True, False], [3, 2, 1]) == pytest.approx(1 / 9)
    assert area_under_risk([False, True, True], [3, 2, 1]) == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert area_under_risk([True, False], [1, 1]) == pytest.approx((0.5 + 0.5) / 2)
    assert area_under_risk([], []) is None


def test_the_median_of_two_is_their_mean():
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 3]) == 2.5


def test_what_is_as_good_as_before_may_go_live():
    report = known(rows("greet", both=100), rows("order", both=100, worse=2, better=2))

    assert codes(report) == []


def test_a_fall_beyond_chance_is_refused_and_named_by_intent():
    report = known(rows("greet", both=400), rows("order", both=60, worse=12))

    reasons = why_refused(report, Rules())

    assert [one.code for one in reasons] == ["known_phrases_lost", "intent_lost", "language_lost"]
    assert reasons[1].args["intent"] == "order"
    assert reasons[1].args["worse"] == 12
    assert "12 got worse and 0 better" in reasons[1].text


def test_a_fall_hidden_by_gains_elsewhere_is_still_found():
    report = known(rows("greet", both=400, better=20), rows("order", both=60, worse=12))

    assert codes(report) == ["intent_lost"]


def test_out_of_scope_counts_as_understood_when_it_is_refused():
    refused, taken = Understood("nlu_fallback", 0.9, 0.1), Understood("greet", 0.9, 0.9)
    outside = [
        Compared(f"x {n}", "out_of_scope", "en", refused, refused if n > 8 else taken)
        for n in range(40)
    ]

    found = compare(outside)

    assert found["out_of_scope"]["recall"]["candidate"]["hits"] == 31
    assert "out_of_scope_lost" in codes({"understanding": {"known": found}})


def test_labels_that_all_others_contradict_are_refused():
    sure = Understood("greet", 0.9, 0.9)
    new = [Compared(f"n {n}", "order", "en", sure, sure) for n in range(10)]

    assert len(contradictions(new, sure=0.5)) == 10
    assert contradictions(new, sure=0.95) == []
    assert codes({"labels": {"n": 10, "contradicted": 8}}) == ["labels_contradicted"]
    assert codes({"labels": {"n": 10, "contradicted": 3}}) == []
    assert codes({"labels": {"n": 4, "contradicted": 4}}) == []


def test_slow_models_and_worse_indexes_are_refused():
    slow = {"texts": 100, "ratio": 1.5, "base": 2, "candidate": 3}

    assert codes({"latency": slow}) == ["slower"]
    assert codes({"latency": slow | {"texts": 10}}) == []
    assert codes({"golden": {"reasons": ["9 questions got worse"]}}) == ["golden_questions"]


def test_a_rule_can_be_switched_off(tmp_path):
    (tmp_path / "gate.yml").write_text("latency: {skip: true}\nintents: {least: 30}\n")

    rules = read_gate(tmp_path)

    assert codes({"latency": {"texts": 100, "ratio": 9.0}}, rules) == []
    assert rules.intents.least == 30
    assert rules.intents.lost_share == Rules().intents.lost_share


def test_without_a_file_the_rules_are_those_of_the_project():
    assert read_gate(ROOT / "data") == Rules()
    assert read_gate(ROOT / "nowhere") == Rules()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("intents:\n  least: none\n", r"gate\.yml:2: intents\.least: input should be a valid int"),
        (
            "intents:\n  leest: 3\n",
            r"gate\.yml:2: intents\.leest: unknown name\. Remedy: one of skip",
        ),
        ("intent: {}\n", r"gate\.yml:1: intent: unknown name\. Remedy: one of known_phrases"),
        ("held_out: [\n", r"gate\.yml:2: not YAML"),
        ("latency:\n  slower: 0.5\n", r"gate\.yml:2: latency\.slower: input should be greater"),
    ],
)
def test_a_fault_in_the_rules_is_told_with_its_line(tmp_path, text, said):
    (tmp_path / "gate.yml").write_text(text)

    with pytest.raises(DataBroken, match=said):
        read_gate(tmp_path)
