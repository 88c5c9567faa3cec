"""Each expectation holds where it should, and fails, saying what was there, where it should."""

import re
from xml.etree import ElementTree

import pytest

from baton.client.events import MESSAGE, REQUESTED, Event
from baton.scenarios.checks import JUDGES, Seen, failures, wish
from baton.scenarios.model import Check, Scenario, Step
from baton.scenarios.reader import CHECKS
from baton.scenarios.report import to_json, to_junit, to_text
from baton.scenarios.run import Miss, Outcome


def said(kind, *, article=None, choices=(), **data):
    sources = [{"article_id": article, "title": "T", "url": "/u", "quote": "q"}] if article else []
    buttons = [
        {"title": c.title(), "payload": {"action": "show_article", "article_id": c}}
        for c in choices
    ]
    base = {"author": "bot", "kind": kind, "text": "words", "sources": sources, "buttons": buttons}
    return Event("c", 1, MESSAGE, 0, 1, base | data)


HANDOFF = Event("c", 2, REQUESTED, 0, 2, {"text": "A person will come."})
SEEN = Seen(
    replies=(said("answer", article="refunds"), said("answer", article="warranty"), HANDOFF),
    said="Here is what\nwe know. A person will come.",
    intent="ask_refund",
    language="ko",
    state="offered",
    contact="me@example.org",
    refused="too_long",
    handoff={
        "reason": "asked",
        "topic": "ask_refund",
        "summary": "My parcel is wet",
        "tried": [{"article_id": "refunds"}],
        "triage": [
            {"field": "product", "question": "?", "answer": "Hub 2 (white)"},
            {"field": "since_when", "question": "?", "answer": None},
        ],
    },
)
CHOICES = Seen(replies=(said("clarify", choices=["refunds", "warranty"]),))

#: Expectation, what was seen, a wish that holds, one that does not, what is said of that.
TABLE = [
    ("kind", SEEN, ("handoff", "answer"), ("answer",), "handoff"),
    ("kind", Seen(), None, ("answer",), "no reply"),
    ("kinds", SEEN, ("answer", "answer", "handoff"), ("answer", "handoff"), "answer, answer"),
    ("article", SEEN, ("privacy", "refunds"), ("warranty",), "refunds"),
    ("article", CHOICES, None, ("refunds",), "no article"),
    ("articles", SEEN, ("warranty", "refunds"), ("warranty", "privacy"), "refunds, warranty"),
    ("finds", SEEN, ("warranty",), ("privacy",), "refunds, warranty"),
    ("finds", CHOICES, ("warranty",), ("privacy",), "refunds, warranty"),
    ("intent", SEEN, ("greet", "ask_refund"), ("greet",), "ask_refund"),
    ("language", SEEN, "ko", "en", "ko"),
    ("state", SEEN, "waiting", "bot", "offered"),
    ("state", SEEN, "offered", "assigned", "offered"),
    ("reason", SEEN, ("asked",), ("legal", "vip"), "asked"),
    ("reason", Seen(), None, ("legal",), "none"),
    ("topic", SEEN, ("ask_refund",), ("ask_order",), "ask_refund"),
    ("triage", SEEN, {"product": "hub 2"}, {"product": "Plug"}, "product: Hub 2 (white)"),
    ("triage", SEEN, {"since_when": None}, {"since_when": "yesterday"}, "since_when: None"),
    ("triage", SEEN, {"version": None}, {"product": None}, "product: Hub 2 (white)"),
    ("tried", SEEN, ("refunds",), ("warranty",), "refunds"),
    ("summary_contains", SEEN, ("parcel", "WET"), ("dry",), "no dry"),
    ("contact", SEEN, "me@example.org", "you@example.org", "me@example.org"),
    ("text_contains", SEEN, ("a person", "we know"), ("we know", "never"), "no never"),
    ("text_lacks", SEEN, ("never",), ("a PERSON",), "a PERSON"),
    ("text_matches", SEEN, re.compile("per.on"), re.compile("never"), "no match"),
    ("buttons", CHOICES, ("Refunds", "show_article"), ("skip",), "Refunds, show_article"),
    ("silence", Seen(), True, False, "silence"),
    ("silence", SEEN, False, True, "answer, answer, handoff"),
    ("refused", SEEN, "too_long", "rate_limited", "too_long"),
]


@pytest.mark.parametrize(("name", "seen", "holds", "fails", "got"), TABLE)
def test_an_expectation_holds_or_says_what_was_there(name, seen, holds, fails, got):
    if holds is not None:
        assert failures(Step(1, "say", "x", (Check(name, holds, 2),)), seen) == []

    check = Check(name, fails, 2)
    ((failed, words),) = failures(Step(1, "say", "x", (check,)), seen)

    assert failed is check
    assert got in words


def test_every_expectation_is_judged_and_tried_here():
    assert set(JUDGES) == set(CHECKS) == {row[0] for row in TABLE}


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (Check("kind", ("answer", "clarify"), 1), "kind answer or clarify"),
        (Check("kinds", ("answer", "triage"), 1), "kinds answer, triage"),
        (Check("silence", True, 1), "silence yes"),
        (Check("triage", {"product": "Hub", "version": None}, 1), "product: Hub, version: (none)"),
        (Check("text_matches", re.compile("a+"), 1), "text_matches a+"),
    ],
)
def test_a_wish_is_said_in_words(check, words):
    assert wish(check).endswith(words)


@pytest.fixture
def outcomes(tmp_path):
    good = Scenario("Good", tmp_path / "a.yml", 1, "en", ())
    bad = Scenario("Bad", tmp_path / "a.yml", 9, "ko", ())
    misses = (Miss(11, "expected kind answer, got <triage>"), Miss(12, "expected …"))
    return [Outcome(good, (), 0.5), Outcome(bad, misses, 1.25)]


def test_the_report_names_file_line_and_words(outcomes, tmp_path):
    lines = to_text(outcomes).splitlines()

    assert lines[0] == f"{tmp_path}/a.yml:11: Bad: expected kind answer, got <triage>"
    assert lines[-1] == "1 passed, 1 failed (en 1/1, ko 0/1)"


def test_the_report_as_json_and_junit_counts_the_same(outcomes):
    result, suite = to_json(outcomes), ElementTree.fromstring(to_junit(outcomes))[0]  # noqa: S314 (our own)

    assert (result["passed"], result["failed"]) == (1, 1)
    assert result["languages"]["ko"] == {"passed": 0, "failed": 1}
    assert result["scenarios"][1]["failures"][0]["line"] == 11
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert "got <triage>" in suite[1][0].get("message")
    assert "a.yml:12: expected" in suite[1][0].text
