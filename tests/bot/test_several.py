"""Messages that ask for two things are seen as two, messages about one thing stay whole."""

import json
from pathlib import Path

import pytest
import yaml

from bot.components.parts import take_apart
from bot.components.several import find_requests
from tests.bot.conftest import run_rasa

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = yaml.safe_load((ROOT / "tests" / "fixtures" / "nlu" / "several.yml").read_text("utf-8"))


def parts(text):
    return [part.text for part in take_apart(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cancel my order and why was I charged twice?",
         ["cancel my order", "why was I charged twice?"]),
        ("I moved house. How do I connect the hub? Also, cancel Cloud Plus.",
         ["I moved house. How do I connect the hub?", "cancel Cloud Plus."]),
        ("怎么配对门磁，另外固件怎么升级", ["怎么配对门磁", "固件怎么升级"]),
        ("отмените заказ, и почему списали дважды?", ["отмените заказ", "почему списали дважды?"]),
        ("주문 취소해 주시고 왜 두 번 결제됐는지 알려 주세요",
         ["주문 취소해 주시고", "왜 두 번 결제됐는지 알려 주세요"]),
        ("ещё раз, как подружить датчик с моим чайником???", []),
    ],
)  # fmt: skip
def test_where_a_text_is_cut(text, expected):
    assert parts(text) == expected


@pytest.mark.parametrize("locale", MESSAGES)
def test_one_thing_is_seldom_taken_apart(locale):
    """What is not taken apart costs nothing; the rest is left to the classifier."""
    whole = [text for text in MESSAGES[locale]["one"] if not take_apart(text)]

    assert len(whole) >= 0.7 * len(MESSAGES[locale]["one"])


@pytest.mark.parametrize("locale", MESSAGES)
def test_offsets_point_at_the_parts(locale):
    for entry in MESSAGES[locale]["two"]:
        for part in take_apart(entry["text"]):
            assert entry["text"][part.start : part.end] == part.text


def test_never_more_than_three_parts():
    assert len(parts("how is a? how is b? how is c? how is d? how is e?" * 3)) == 3


def test_intents_that_ask_for_nothing_and_unsure_parts_do_not_count():
    text = "Hello, how are you? How do I reset my password? And what is a zebra?"
    answers = iter([("greet", 0.9), ("ask_password", 0.9), ("ask_order", 0.2)])

    assert find_requests(text, lambda _: next(answers), ignored=frozenset({"greet"})) == []


def test_two_parts_with_one_intent_are_one_request():
    text = "How do I reset my password? How do I change it?"

    assert find_requests(text, lambda _: ("ask_password", 0.9), ignored=frozenset()) == []


def test_every_intent_is_looked_up_or_asks_for_nothing():
    """Whoever adds an intent says whether it is a request (config key `no_request`)."""
    domain = yaml.safe_load((ROOT / "bot" / "domain" / "domain.yml").read_text("utf-8"))
    rules = yaml.safe_load((ROOT / "data" / "rules" / "knowledge.yml").read_text("utf-8"))["rules"]
    intents = {name for entry in domain["intents"] for name in entry}
    looked_up = {step["intent"] for step in rules[0]["steps"][0]["or"]}
    printed = run_rasa(
        "from bot import lean; lean.install(serving=True)\n"
        "from bot.components.intents import IntentClassifier as C\n"
        "print(' '.join(C.get_default_config()['no_request']))"
    )

    rest = intents - looked_up - set(printed.split())
    assert rest <= {"request_person", "call_person", "other_language"}, rest


@pytest.fixture(scope="module")
def understood(trained_model):
    """Return what the trained bot makes of each message: text → intents of its requests."""
    texts = [e["text"] for m in MESSAGES.values() for e in m["two"]]
    texts += [text for m in MESSAGES.values() for text in m["one"]]
    code = f"""
import asyncio, json
from bot import lean; lean.install(serving=True)
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
async def main():
    processor = Agent.load({str(trained_model)!r}).processor
    found = {{}}
    for text in {texts!r}:
        parsed = await processor.parse_message(UserMessage(text, metadata={{}}))
        found[text] = [request["intent"] for request in parsed.get("requests", [])]
    print(json.dumps(found))
asyncio.run(main())
"""
    return json.loads(run_rasa(code).strip().splitlines()[-1])


@pytest.mark.model
@pytest.mark.timeout(300)
@pytest.mark.parametrize("locale", MESSAGES)
def test_two_requests_are_both_seen(understood, locale):
    double = MESSAGES[locale]["two"]
    seen = [entry for entry in double if len(understood[entry["text"]]) == 2]
    right = [entry for entry in double if understood[entry["text"]] == entry["intents"]]

    assert len(seen) >= 0.85 * len(double), [entry for entry in double if entry not in seen]
    assert len(right) >= 0.8 * len(double), [entry for entry in double if entry not in right]


@pytest.mark.model
@pytest.mark.timeout(300)
@pytest.mark.parametrize("locale", MESSAGES)
def test_one_request_is_not_taken_for_two(understood, locale):
    wrong = {t: understood[t] for t in MESSAGES[locale]["one"] if understood[t]}

    assert len(wrong) <= 1, wrong
