"""`action_answer` on the demo company's index: what is said and what is remembered."""

import base64
import json
import shutil

import numpy as np
import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.knowledge import Knowledge
from actions.server import create_app
from actions.vectors import QuestionVectors
from handoff_rules.reading import read_rules
from kb_index.embedding import Embedder
from tests.actions.calls import call, run, slots_of

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

PASSWORD = "How do I reset my password?"
CODE = {"entity": "error_code", "value": "E-417"}


@pytest.fixture
async def client(kb_dir, embedding_model):
    app = create_app(Knowledge(kb_dir, embedding_model), read_rules())
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_sure_answer_quotes_one_article_and_remembers_it(client, kb_dir):
    _, body = await run(client, call("action_answer", text=PASSWORD, intent="ask_password"))

    [said] = body["responses"]
    slots = slots_of(body)
    assert said["response"] == "utter_answer"
    assert said["custom"]["kind"] == "answer"
    [source] = said["custom"]["sources"]
    assert (source["article_id"], said["title"]) == ("reset-password", source["title"])
    assert said["quote"] == source["quote"]
    assert [block["kind"] for block in source["blocks"]] == ["list"]
    assert "foreign" not in source
    assert said["custom"]["query"] == PASSWORD
    version = (kb_dir / "current").resolve().name
    assert said["custom"]["index_version"] == version
    assert [shown["article_id"] for shown in slots["tried"]] == ["reset-password"]
    assert (slots["problem"], slots["topic"]) == (PASSWORD, "ask_password")
    assert (slots["unsure_turns"], slots["person_offered"]) == (0, False)
    assert slots["needs_triage"] is False


async def test_nothing_fitting_offers_a_person_and_counts(client):
    body = call("action_answer", text="tell me a joke about cats", intent="nlu_fallback")

    _, answer = await run(client, body)

    assert answer["responses"][0]["response"] == "utter_offer_person"
    slots = slots_of(answer)
    assert (slots["person_offered"], slots["offer_reason"]) == (True, "low_confidence")
    assert slots["unsure_turns"] == 1


async def test_what_is_not_our_business_is_said_to_be_so(client):
    body = call("action_answer", text="tell me a joke about cats", intent="out_of_scope")

    _, answer = await run(client, body)

    assert answer["responses"][0]["response"] == "utter_offer_person_out_of_scope"


@pytest.mark.parametrize(
    ("text", "intent", "entities", "triage"),
    [
        ("the hub keeps crashing", "technical_issue", (), True),
        ("E-417 on the hub", "ask_device", (CODE,), True),  # no article knows this code
        ("E-104 on the hub", "technical_issue", ({**CODE, "value": "E-104"},), False),
        ("a log: E-417, E-104", "ask_firmware", (CODE, {**CODE, "value": "E-104"}), False),
        ("E-104, I already reset it", "technical_issue", ({**CODE, "value": "E-104"},), True),
    ],
)
async def test_what_is_too_complex_for_an_article(client, text, intent, entities, triage):
    _, body = await run(client, call("action_answer", text=text, intent=intent, entities=entities))

    assert slots_of(body)["needs_triage"] is triage
    assert bool(body["responses"]) is not triage


async def test_an_offer_shows_what_may_fit_beside_it(client):
    unsure = {"text": "how do i stop strangers from moving it", "intent": "nlu_fallback"}

    _, first = await run(client, call("action_answer", **unsure))
    _, body = await run(client, call("action_answer", **unsure, slots={"unsure_turns": 1}))

    [offer] = body["responses"]
    assert (offer["response"], offer["custom"]["kind"]) == ("utter_offer_person", "offer_person")
    asked_back = [button["title"] for button in first["responses"][0]["buttons"]]
    assert [button["title"] for button in offer["buttons"]] == asked_back[:2]
    assert {button["payload"]["action"] for button in offer["buttons"]} == {"show_article"}


async def test_a_clicked_article_answers_the_question_before(client):
    question = {"event": "user", "text": PASSWORD,
                "parse_data": {"intent": {"name": "ask_password"}, "entities": []}}  # fmt: skip
    body = call(
        "action_answer", text="Two-step verification", intent="show_article", events=[question],
        entities=[{"entity": "article_id", "value": "two-step-verification"},
                  {"entity": "article_locale", "value": "ko"}], slots={"topic": "ask_password"},
    )  # fmt: skip

    _, answer = await run(client, body)

    [source] = answer["responses"][0]["custom"]["sources"]
    assert (source["article_id"], source["locale"]) == ("two-step-verification", "ko")
    assert source["foreign"] is True  # they read English
    assert answer["responses"][0]["custom"]["query"] == PASSWORD
    assert answer["responses"][0]["custom"]["confidence"] is None
    assert slots_of(answer)["problem"] == PASSWORD
    assert "topic" not in slots_of(answer)  # it stays what it was


async def test_a_clicked_article_that_is_gone_offers_a_person(client):
    body = call("action_answer", text="x", intent="show_article",
                entities=[{"entity": "article_id", "value": "gone"}])  # fmt: skip

    _, answer = await run(client, body)

    assert answer["responses"][0]["custom"]["kind"] == "offer_person"


async def test_a_question_during_triage_leaves_the_triage_as_it_is(client):
    _, sure = await run(
        client, call("action_answer", text=PASSWORD, intent="ask_password", loop="triage_form")
    )
    _, unsure = await run(
        client,
        call("action_answer", text="a joke about cats?", intent="ask_order", loop="triage_form"),
    )

    assert set(slots_of(sure)) == set(slots_of(unsure)) == {"tried"}
    assert (len(sure["responses"]), len(unsure["responses"])) == (1, 0)


async def test_a_rebuilt_index_answers_from_the_next_question_on(kb_dir, embedding_model, tmp_path):
    copy = tmp_path / "kb"
    version = (kb_dir / "current").resolve().name
    shutil.copytree(kb_dir / "versions" / version, copy / "versions" / "one")
    (copy / "current").symlink_to("versions/one")
    knowledge = Knowledge(copy, embedding_model)
    before = await knowledge.search(PASSWORD, locale="en")

    (copy / "versions" / "one").rename(copy / "versions" / "two")
    (copy / "current").unlink()
    (copy / "current").symlink_to("versions/two")
    after = await knowledge.search(PASSWORD, locale="en")

    assert (before.version, after.version) == ("one", "two")
    assert await knowledge.knows_error_code("E-104")
    assert not await knowledge.knows_error_code("E-417")


def offered(model_dir, vector, *, fingerprint=None):
    known = json.loads((model_dir / "model.json").read_text())["fingerprint"]
    encoded = base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode()
    return {"fingerprint": fingerprint or known, "texts": {"hi": encoded}}


def test_an_offered_vector_is_used_instead_of_the_model(embedding_model):
    vectors = QuestionVectors(embedding_model)
    vector = np.zeros(vectors.settings.dimension, np.float32)
    vector[3] = 1.0

    vectors.offer(offered(embedding_model, vector))

    assert np.array_equal(vectors.embed_queries(["hi"])[0], vector)


@pytest.mark.parametrize("fault", ["model", "length", "none"])
def test_a_vector_of_another_model_is_left_aside(embedding_model, fault):
    vectors = QuestionVectors(embedding_model)
    wrong = np.ones(vectors.settings.dimension, np.float32)

    if fault == "model":
        vectors.offer(offered(embedding_model, wrong, fingerprint="other"))
    elif fault == "length":
        vectors.offer(offered(embedding_model, wrong[:-1]))
    else:
        vectors.offer({})

    expected = Embedder.load(embedding_model).embed_queries(["hi"])[0]
    assert np.allclose(vectors.embed_queries(["hi"])[0], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("locale", "article_id", "question", "words"),
    [
        ("en", "router-settings", "which ports do i have to open", "TCP 8883"),
        ("en", "restart-or-reset-hub", "how do i wipe the hub", "15 seconds"),
        ("en", "error-codes", "what is E-410", "UDP port 123"),
        ("en", "invoices", "need an invoice with our VAT number", "VAT number you add there"),
        ("zh-Hans", "error-codes", "E-104 是什么意思", "E-104"),
        ("zh-Hant", "refunds", "年費方案可以退錢嗎", "年"),
        ("ru", "router-settings", "какие порты открыть", "8883"),
        ("ko", "restart-or-reset-hub", "허브 초기화 방법", "15초"),
    ],
)
async def test_the_quote_of_the_right_article_holds_the_answer(
    kb_dir, embedding_model, locale, article_id, question, words
):
    knowledge = Knowledge(kb_dir, embedding_model)

    hit, _ = await knowledge.find_in_article(question, article_id, locale=locale)

    assert words in hit.quote
    assert len(hit.quote) <= 700
