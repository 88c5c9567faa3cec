"""`action_answer` in the course of a conversation: follow-ups, several requests, rules, waiting."""

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.knowledge import Knowledge
from actions.server import create_app
from handoff_rules.reading import read_rules
from tests.actions.calls import call, run, slots_of

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

RETURN = "How do I return a product?"
PASSWORD = "How do I reset my password?"
AFTER_RETURN = {
    "problem": RETURN,
    "topic": "ask_return",
    "questions": [{"text": RETURN, "article_id": "return-product"}],
}
NOTHING = "tell me a joke about cats"


@pytest.fixture
async def client(kb_dir, embedding_model):
    app = create_app(Knowledge(kb_dir, embedding_model), read_rules())
    async with TestClient(TestServer(app)) as client:
        yield client


async def answer(client, **what):
    """Return what is said, as (response, best article), and the slots."""
    requests = what.pop("requests", None)
    action = what.pop("action", "action_answer")
    body = call(action, **what)
    if requests:
        keys = ("text", "intent", "confidence")
        body["tracker"]["latest_message"]["requests"] = [
            dict(zip(keys, (*request, 0.9), strict=True)) for request in requests
        ]
    _, result = await run(client, body)
    said = []
    for response in result["responses"]:
        custom = response.get("custom") or {}
        sources = custom.get("sources") or [{}]
        said.append((response["response"], sources[0].get("article_id"), custom.get("query")))
    return said, slots_of(result)


@pytest.mark.parametrize(
    ("language", "before", "text"),
    [
        ("en", RETURN, "how long does it take?"),
        ("en", RETURN, "who pays for the label?"),  # no cue, but the article before fits
        ("zh-Hans", "怎么退货？", "那运费谁出？"),
        ("zh-Hant", "怎麼退貨？", "那運費誰付？"),
        ("ru", "Как вернуть товар?", "а сколько это занимает?"),
        ("ko", "제품을 어떻게 반품하나요?", "그럼 얼마나 걸리나요?"),
    ],
)
async def test_a_follow_up_is_searched_for_with_the_question_before(client, language, before, text):
    slots = AFTER_RETURN | {"problem": before, "language": language}

    [(_, _, query)], after = await answer(client, text=text, intent="nlu_fallback", slots=slots)

    assert query == f"{before} {text}"
    assert after["questions"][-1]["article_id"] in {"return-product", "refunds"}
    assert not {"problem", "topic"} & set(after)  # the subject stays


async def test_a_new_subject_is_not_glued_to_the_old_one(client):
    [(_, article, query)], after = await answer(
        client, text=PASSWORD, intent="ask_password", slots=AFTER_RETURN
    )

    assert (article, query) == ("reset-password", PASSWORD)
    assert (after["problem"], after["topic"]) == (PASSWORD, "ask_password")


async def test_a_question_put_in_capitals_is_understood(client):
    [(_, article, _)], _ = await answer(client, text=PASSWORD.upper(), intent="ask_password")

    assert article == "reset-password"


async def test_what_is_none_of_our_business_is_not_glued_either(client):
    [(response, _, query)], _ = await answer(
        client, text="and what is the capital of France?", intent="out_of_scope", slots=AFTER_RETURN
    )

    assert response.startswith("utter_offer_person")
    assert query == "and what is the capital of France?"


async def test_each_request_is_answered(client):
    requests = [(RETURN, "ask_return"), (PASSWORD, "ask_password")]

    said, after = await answer(client, text="both", intent="ask_return", requests=requests)

    assert [(response, article) for response, article, _ in said] == [
        ("utter_answer", "return-product"),
        ("utter_answer", "reset-password"),
    ]
    assert [shown["article_id"] for shown in after["tried"]] == ["return-product", "reset-password"]
    assert (after["call_now"], after["person_offered"], after["unsure_turns"]) == (False, False, 0)


async def test_a_request_without_an_answer_is_named(client):
    requests = [(RETURN, "ask_return"), (NOTHING, "nlu_fallback")]

    said, after = await answer(client, text="both", intent="ask_return", requests=requests)

    assert [response for response, _, _ in said] == ["utter_answer", "utter_offer_person_rest"]
    assert said[1][2] == NOTHING
    assert (after["person_offered"], after["offer_reason"]) == (True, "low_confidence")


async def test_answers_come_before_the_person_who_is_asked_for(client):
    requests = [(RETURN, "ask_return"), ("get me a person", "request_person")]

    said, after = await answer(
        client, action="action_call_person", text="both", intent="request_person", requests=requests
    )

    assert [article for _, article, _ in said] == ["return-product"]
    assert (after["call_now"], after["offer_reason"]) == (True, "asked")
    assert [shown["article_id"] for shown in after["tried"]] == ["return-product"]
    assert (after["topic"], after["problem"]) == ("ask_return", "both")


async def test_answers_come_before_a_triage(client):
    requests = [(RETURN, "ask_return"), ("the hub keeps crashing", "technical_issue")]

    said, after = await answer(client, text="both", intent="ask_return", requests=requests)

    assert [article for _, article, _ in said] == ["return-product"]
    assert (after["needs_triage"], after["offer_reason"]) == (True, "technical_issue")


async def test_what_a_rule_calls_a_person_for_is_not_answered(client):
    requests = [(RETURN, "ask_return"), ("why was I charged twice?", "ask_billing")]

    said, after = await answer(
        client, action="action_call_person", text="both", intent="call_person", requests=requests,
        entities=({"entity": "handoff_reason", "value": "payment_dispute"},),
    )  # fmt: skip

    assert [article for _, article, _ in said] == ["return-product"]
    assert after["offer_reason"] == "payment_dispute"


@pytest.mark.parametrize(
    ("metadata", "slots", "said", "reason"),
    [
        ({"disliked": True}, {}, ["utter_answer", "utter_offer_person_not_helped"],
         "disliked_answer"),
        # the same article again would not help
        ({"disliked": True}, {"tried": [{"article_id": "reset-password"}]},
         ["utter_offer_person_not_helped"], "disliked_answer"),
        ({"disliked": True, "flags": ["vip"]}, {}, [], "vip"),
        ({"flags": ["vip"]}, {}, ["utter_answer"], None),
    ],
)  # fmt: skip
async def test_facts_of_the_turn_call_a_person(client, metadata, slots, said, reason):
    responses, after = await answer(
        client, text=PASSWORD, intent="ask_password", metadata=metadata, slots=slots
    )

    assert [response for response, _, _ in responses] == said
    assert after["offer_reason"] == reason


async def test_a_flag_connects_on_the_first_miss(client):
    said, after = await answer(
        client, text=NOTHING, intent="nlu_fallback", metadata={"flags": ["vip"]}
    )

    assert said == []
    assert (after["call_now"], after["offer_reason"]) == (True, "vip")


async def test_unsure_twice_running_offers_a_person(client):
    text = "how do i stop strangers from moving it"

    first, after = await answer(client, text=text, intent="nlu_fallback")
    second, _ = await answer(client, text=text, intent="nlu_fallback", slots=after)

    assert [first[0][0], second[0][0]] == ["utter_clarify", "utter_offer_person"]


async def test_those_who_wait_get_answers_and_nothing_else(client):
    waiting = {"waiting": True}

    sure, after = await answer(client, text=PASSWORD, intent="ask_password", metadata=waiting)
    unsure, _ = await answer(client, text=NOTHING, intent="nlu_fallback", metadata=waiting)
    fault, after_fault = await answer(
        client, text="the hub keeps crashing", intent="technical_issue", metadata=waiting
    )

    assert [article for _, article, _ in sure] == ["reset-password"]
    assert [shown["article_id"] for shown in after["tried"]] == ["reset-password"]
    assert unsure == []
    assert [response for response, _, _ in fault if response != "utter_answer"] == []
    assert after_fault["needs_triage"] is False
