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
from rasa.shared.core.slots import Slot, TextSlot
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

def slot_copies():
    import copy
    slot = TextSlot("a", [], initial_value="x", influence_conversation=False)
    twin = copy.copy(slot)
    twin.value = "y"
    return [type(twin) is TextSlot, slot.value, twin.value, twin.name, "__copy__" in vars(Slot)]

def copied_in_processor():
    # every use of the module `copy` there: how many, and how many of them in debug records
    import ast, rasa.core.processor as module
    tree = ast.parse(open(module.__file__).read())
    def uses(node):
        return {id(n) for n in ast.walk(node) if isinstance(n, ast.Attribute)
                and isinstance(n.value, ast.Name) and n.value.id == "copy"}
    debug = [n for n in ast.walk(tree) if isinstance(n, ast.Call)
             and ast.unparse(n.func) == "structlogger.debug"]
    return [len(uses(tree)), len(set().union(*map(uses, debug)))]

def embedded_ahead():
    global text
    from bot.components import embedding
    from bot.components.parts import take_apart
    agent, texts, run = Agent.load(os.environ["MODEL"]), [], embedding.Embedder.embed_queries
    embedding.Embedder.embed_queries = lambda self, t: texts.append(t) or run(self, t)
    text = "How do I cancel my order, and why was I charged twice?"
    asyncio.run(embedding.embed_ahead([text, *(part.text for part in take_apart(text))]))
    ahead = list(texts)
    parsed(agent)
    return [len(ahead), texts == ahead]

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
    "slots": slot_copies(),
    "copied": copied_in_processor(),
    "embedded": embedded_ahead(),
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


def test_a_copied_slot_is_its_own(compared):
    assert compared["slots"] == [True, "x", "y", "a", True]


def test_all_that_the_processor_copies_is_for_debug_records(compared):
    total, for_debug = compared["copied"]
    assert total == for_debug > 0


def test_a_text_embedded_ahead_is_not_embedded_again_by_the_pipeline(compared):
    assert compared["embedded"] == [3, True], "the message and its two parts, once each"


def test_what_is_kept_gives_the_same_state_and_less_of_it():
    printed = run_rasa(
        """
import json
from bot import lean; lean.install(serving=True)
from rasa.shared.core import events as e
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from bot.stores.tracker import recent_events

domain = Domain.from_path("bot/domain")

def state(tracker):
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(), "paused": tracker.is_paused(),
        "loop": loop and [loop.name, loop.is_interrupted, loop.rejected],
        "latest": tracker.latest_message.as_dict(), "action": tracker.latest_action_name,
        "features": domain.get_active_state(tracker),
    }

def say(tracker, text, *after):
    data = {"intent": {"name": "ask_setup", "confidence": 0.9}, "entities": [], "text": text,
            "intent_ranking": [{"name": "ask_setup", "confidence": 0.9}] * 5}
    said = e.UserUttered(text, data["intent"], [], data)
    rest = [e.DefinePrevUserUtteredFeaturization(False), *after, e.BotUttered("x" * 1000)]
    for event in (said, *rest, e.ActionExecuted("action_listen")):
        tracker.update(event)

def reloaded(tracker):
    return DialogueStateTracker.from_events("c", recent_events(tracker), domain.slots)

first = DialogueStateTracker("c", domain.slots)
for event in (e.ActionExecuted("action_session_start"), e.SessionStarted(),
              e.ActionExecuted("action_listen")):
    first.update(event)
tracker, same, sizes = first, [], []
turns = [
    ("one", e.ActionExecuted("action_answer"), e.SlotSet("topic", "ask_setup")),
    ("two", e.ActionExecuted("action_answer"), e.SlotSet("topic", None)),
    ("three", e.ActionExecuted("triage_form"), e.ActiveLoop("triage_form"),
     e.SlotSet("requested_slot", "product")),
    ("four", e.LoopInterrupted(True), e.ActionExecuted("action_answer")),
    ("five", e.ActionExecuted("triage_form"), e.SlotSet("product", "Hub 2")),
    ("six", e.ActionExecuted("triage_form"), e.ActiveLoop(None), e.SlotSet("requested_slot", None)),
    ("seven", e.ActionExecuted("action_answer"), e.SlotSet("unsure_turns", 2)),
]
for turn in turns:
    say(tracker, *turn)
    again = reloaded(tracker)
    same.append(state(tracker) == state(again) or [state(tracker), state(again)])
    sizes.append(sum(len(json.dumps(event.as_dict())) for event in recent_events(tracker)))
    tracker = again
said = [event.text for event in tracker.events if isinstance(event, e.UserUttered)]
print(json.dumps([same, sizes, said, "xxx" in json.dumps([v.as_dict() for v in tracker.events])]))
"""
    )

    same, sizes, said, bot_words = json.loads(printed.strip().splitlines()[-1])
    assert same == [True] * 7
    assert max(sizes) < 6000
    assert said == ["four", "five", "six", "seven"]
    assert not bot_words
