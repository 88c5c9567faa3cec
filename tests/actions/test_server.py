"""The action server over HTTP: ready or not, and failures as failures."""

import subprocess
import sys

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.knowledge import Knowledge
from actions.server import create_app
from actions.settings import BadSettings, Settings
from handoff_rules.reading import read_rules
from tests.actions.calls import call, run, slots_of


@pytest.fixture
async def client(tmp_path):
    """A server without index or model."""
    knowledge = Knowledge(tmp_path / "kb", tmp_path / "model")
    async with TestClient(TestServer(create_app(knowledge, read_rules()))) as client:
        yield client


async def test_without_model_or_index_health_and_answers_are_503_with_the_remedy(client):
    async with client.get("/health") as answer:
        health = (answer.status, (await answer.json())["why"])
    status, body = await run(client, call("action_answer"))

    assert health[0] == status == 503
    assert "baton model export" in health[1]
    assert body["error"]["code"] == "knowledge_missing"


async def test_an_unknown_action_is_named(client):
    status, body = await run(client, call("action_dance"))

    assert (status, body["error"]["code"]) == (404, "no_such_action")
    assert "action_dance" in body["error"]["message"]


async def test_a_call_without_an_action_is_refused(client):
    body = call("x")
    del body["next_action"]

    assert (await run(client, body))[0] == 400


async def test_a_fault_inside_an_action_is_500_and_tells_no_secrets(client):
    body = call("validate_triage_form", slots={"requested_slot": "product", "asked": 3})

    status, answer = await run(client, body)

    assert (status, answer["error"]["code"]) == (500, "action_failed")
    assert "TypeError" not in answer["error"]["message"]


async def test_a_handoff_says_nothing_and_clears_the_way_there(client):
    slots = {
        "problem": "x" * 400, "topic": "ask_order", "needs_triage": True, "asked": ["product"],
        "product": "Hub 2", "tried": [{"article_id": "a"}], "person_offered": True,
    }  # fmt: skip

    _, body = await run(
        client,
        call("action_request_handoff", intent="request_person", slots=slots, loop="triage_form"),
    )

    [said] = body["responses"]
    handoff = said["custom"]["handoff"]
    assert said["text"] is None and said["response"] is None
    assert (handoff["reason"], handoff["topic"]) == ("asked", "ask_order")
    assert len(handoff["summary"]) == 300
    assert handoff["triage"][0]["answer"] == "Hub 2"
    assert {"event": "active_loop", "name": None, "timestamp": None} in body["events"]
    cleared = slots_of(body)
    led_there = ("needs_triage", "asked", "product", "person_offered", "requested_slot")
    assert not any(cleared[name] for name in led_there)
    assert not {"problem", "topic", "tried"} & set(cleared), "the bot may get it back"


async def test_triage_begins_with_what_is_open(client):
    body = call("validate_triage_form", text="my Hub 2 dies since yesterday", loop="triage_form",
                intent="technical_issue",
                entities=[{"entity": "product", "value": "Hub 2"}])  # fmt: skip

    slots = slots_of((await run(client, body))[1])

    assert (slots["product"], slots["requested_slot"]) == ("Hub 2", "error_text")
    assert slots["asked"] == ["error_text"]


async def test_whoever_is_displeased_is_connected_without_questions(client):
    body = call("validate_triage_form", text="yes", intent="affirm", loop="triage_form",
                slots={"topic": "ask_network", "offer_reason": "displeasure"})  # fmt: skip

    assert slots_of((await run(client, body))[1])["requested_slot"] is None


async def test_with_nobody_on_duty_triage_asks_how_to_reach_the_customer(client):
    body = call("validate_triage_form", text="yes", intent="affirm", loop="triage_form",
                slots={"topic": "out_of_scope"}, metadata={"on_duty": False})  # fmt: skip

    slots = slots_of((await run(client, body))[1])

    assert slots["requested_slot"] == "contact"


@pytest.mark.parametrize(
    ("on_duty", "slots", "contact"),
    [
        (False, {"contact": "me@example.org"}, "me@example.org"),
        (False, {"email": "me@example.org"}, "me@example.org"),
        (False, {}, None),
        (True, {"contact": "me@example.org"}, None),  # somebody came in the meantime
    ],
)
async def test_the_contact_goes_along_when_nobody_is_on_duty(client, on_duty, slots, contact):
    _, body = await run(
        client,
        call("action_request_handoff", intent="affirm", slots=slots, metadata={"on_duty": on_duty}),
    )

    assert body["responses"][0]["custom"]["handoff"].get("contact") == contact


@pytest.mark.parametrize(
    ("intent", "text", "answered"),
    [
        ("request_person", "a person please", False),
        ("ask_return", "how do I return it?", False),
        ("ask_return", "I returned it once", True),  # no question: the answer
        ("greet", "yesterday", True),
        ("skip", "skip", True),
        ("nlu_fallback", "no idea", True),
        ("deny", "no", True),
    ],
)
async def test_what_is_an_answer_and_what_is_something_else(client, intent, text, answered):
    slots = {"requested_slot": "since_when", "asked": ["since_when"]}
    body = call("validate_triage_form", text=text, intent=intent, slots=slots, loop="triage_form")

    events = (await run(client, body))[1]["events"]

    assert bool(events) == answered


async def test_after_a_question_in_between_the_same_question_is_asked_again(client):
    slots = {"requested_slot": "version", "asked": ["version"]}
    body = call(
        "validate_triage_form",
        text="how do I return it?",
        intent="ask_return",
        slots=slots,
        loop="triage_form",
    )
    body["tracker"]["events"].append({"event": "action", "name": "action_answer"})

    events = (await run(client, body))[1]["events"]

    assert slots_of({"events": events}) == {"requested_slot": "version"}


def test_missing_settings_are_named_together():
    with pytest.raises(BadSettings) as refused:
        Settings.from_environment({"BATON_ACTIONS_PORT": "no"})

    assert [line.split()[0] for line in str(refused.value).splitlines()] == [
        "BATON_KB_DIR", "BATON_MODEL_DIR", "BATON_ACTIONS_PORT",
    ]  # fmt: skip


def test_the_program_ends_with_2_when_settings_are_missing():
    result = subprocess.run(
        [sys.executable, "-m", "actions"], env={"PATH": ""}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert result.returncode == 2
    assert "BATON_ACTIONS_PORT is not set" in result.stderr


@pytest.mark.parametrize(
    ("reason", "expected"), [("displeasure", "displeasure"), ("legal", "legal"), (None, "asked")]
)
async def test_the_reason_is_what_led_here(client, reason, expected):
    body = call("action_request_handoff", intent="affirm", slots={"offer_reason": reason})

    _, answer = await run(client, body)

    assert answer["responses"][0]["custom"]["handoff"]["reason"] == expected
