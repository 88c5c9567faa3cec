"""What was made faster in Rasa gives what Rasa gave."""

import json

import pytest

from tests.bot.conftest import run_rasa

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

SCRIPT = """
import asyncio, json, os, tarfile
from bot import lean; lean.install(serving=True)
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (ActionExecuted, Event, SlotSet, UserUttered,
                                     deserialise_events)
from rasa.shared.core.trackers import DialogueStateTracker

TEXTS = ["How do I reset my password?", "안녕하세요", "/restart", "我要找人工客服 E-417", "👍"]

def parsed(agent):
    message = UserMessage(text, metadata={"locale": "ko"})
    result = asyncio.run(agent.processor.parse_message(message))
    return {key: result[key] for key in ("text", "intent", "intent_ranking", "entities")}

def chosen(agent):
    tracker = DialogueStateTracker("s", agent.domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered("x", {"name": intent, "confidence": 1.0}, []))
    return agent.processor._predict_next_with_tracker(tracker).probabilities

def everything():
    global text, intent
    agent = Agent.load(os.environ["MODEL"])
    texts, actions = [], []
    for text in TEXTS:
        texts.append(parsed(agent))
    for intent in ("greet", "ask_refund", "request_person", "complaint", "affirm", "nlu_fallback"):
        actions.append(chosen(agent))
    return texts, actions, agent.domain.fingerprint()

stock = everything()
from bot import patches; patches.apply(); patches.apply()
ours = everything()
events = [e.as_dict() for e in (SlotSet("a", 1), ActionExecuted("b"), UserUttered("c"))]
print(json.dumps({
    "texts": stock[0] == ours[0] or [stock[0], ours[0]],
    "actions": stock[1] == ours[1],
    "domain": stock[2] == ours[2],
    "events": [type(e).__name__ for e in deserialise_events(events)],
    "archive": sorted(n.rsplit("/", 1)[1] for n in tarfile.open(os.environ["MODEL"]).getnames()
                      if "domain_provider/" in n),
}))
"""


@pytest.fixture(scope="module")
def compared(trained_model, embedding_model):
    printed = run_rasa(SCRIPT, MODEL=str(trained_model), BATON_MODEL_DIR=str(embedding_model))
    return json.loads(printed.strip().splitlines()[-1])


def test_the_same_texts_are_understood_the_same(compared):
    # Except for the leading slash, which stock Rasa takes for an intent.
    stock, ours = compared["texts"]
    differing = [a["text"] for a, b in zip(stock, ours, strict=True) if a != b]
    assert differing == ["/restart"]


def test_the_same_rules_choose_the_same_actions(compared):
    assert compared["actions"] is True


def test_the_domain_is_the_same_from_json_and_yaml(compared):
    assert compared["archive"] == ["domain.json", "domain.yml"]
    assert compared["domain"] is True


def test_events_come_back_as_what_they_were(compared):
    assert compared["events"] == ["SlotSet", "ActionExecuted", "UserUttered"]
