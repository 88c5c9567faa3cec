"""Which questions are asked, by topic, by what is known and by who is there."""

import pytest
import yaml

from actions.questions import BY_TOPIC, COMBINED, CONTACT, FIELDS, MOST_QUESTIONS, next_question
from tests.bot.conftest import ROOT

DOMAIN = yaml.safe_load((ROOT / "bot" / "domain" / "domain.yml").read_text("utf-8"))


def questions(topic, *, on_duty=True, skips=True, **known):
    """Return every question that would be put, all of them skipped, or all of them answered."""
    answers, asked = dict(known), []
    while following := next_question(answers, asked, topic=topic, on_duty=on_duty):
        asked.append(following)
        if not skips:
            answers[following] = "said"
    return asked


@pytest.mark.parametrize("skips", [True, False])
@pytest.mark.parametrize(
    ("topic", "known", "expected"),
    [
        ("technical_issue", {}, ["product", "error_text", "history"]),
        ("technical_issue", {"product": "Hub"}, ["product", "error_text", "history"]),
        ("technical_issue", {"product": "Hub 2", "error_text": "E-1"}, ["history", "version"]),
        ("ask_network", {"product": "Hub 2", "since_when": "today"},
         ["error_text", "tried_steps", "version"]),
        ("ask_network", {"product": "Hub 2", "error_text": "x", "tried_steps": "reset"},
         ["since_when", "version"]),
        ("ask_device", {"product": "Hub 2", "error_text": "x", "history": "h"}, ["version"]),
        ("ask_order", {}, ["order_number", "email"]),
        ("ask_billing", {"order_number": "HV-123456"}, ["email"]),
        ("ask_password", {"email": "me@example.org"}, []),
        ("ask_privacy", {}, []),
        ("", {}, []),
    ],
)  # fmt: skip
def test_only_what_is_open_is_asked(topic, known, expected, skips):
    assert questions(topic, skips=skips, **known) == expected


@pytest.mark.parametrize("topic", [*BY_TOPIC, ""])
def test_never_more_than_three_questions(topic):
    assert len(questions(topic)) <= MOST_QUESTIONS == 3


@pytest.mark.parametrize("skips", [True, False])
@pytest.mark.parametrize("topic", [*BY_TOPIC, "", "out_of_scope"])
def test_with_nobody_on_duty_the_last_question_is_how_to_reach_the_customer(topic, skips):
    asked = questions(topic, on_duty=False, skips=skips)

    assert asked[-1] == CONTACT
    assert len(asked) <= MOST_QUESTIONS
    assert "email" not in asked  # the contact says as much


def test_a_known_address_is_contact_enough():
    assert questions("ask_order", on_duty=False, email="me@example.org") == ["order_number"]


def test_the_form_the_slots_and_the_fields_are_the_same():
    named = {field for fields in BY_TOPIC.values() for field in fields}
    parts = {part for both in COMBINED.values() for part in both}

    assert tuple(DOMAIN["forms"]["triage_form"]["required_slots"]) == FIELDS
    assert set(FIELDS) <= set(DOMAIN["slots"])
    assert named | parts | {CONTACT} == set(FIELDS)


def test_every_topic_is_an_intent():
    intents = {name for intent in DOMAIN["intents"] for name in intent}

    assert set(BY_TOPIC) <= intents
