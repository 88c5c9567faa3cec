"""What is asked of the dialogue engine, and what each of its answers means."""

import asyncio
import json

import aiohttp
import pytest

from handoff_service.bot.rasa import RasaClient, parse_answer
from handoff_service.errors import BotFaulty, BotRefused, BotUnavailable
from handoff_service.turn import Understood
from tests.handoff_service.bot.conftest import fails, says


@pytest.fixture
async def ask(desk, engine):
    """Return a function that posts one message and asks the engine about it."""
    async with aiohttp.ClientSession() as session:

        async def ask_once(text="hello", *, payload=None, timeout_s=5.0):
            name = desk.new("talk")
            await desk.store.conversations.start(
                name,
                customer_id="u1",
                locale="ko",
                page={"url": "https://shop.example", "title": "Shop"},
                now_ms=desk.now,
            )
            await desk.say(name, text, message_id="m1", payload=payload)
            [job] = await desk.store.turns.claim("w", count=1)
            work = await desk.store.turns.next(job, now_ms=desk.now)
            client = RasaClient(session, url=engine.url, token="t0ken", timeout_s=timeout_s)
            return await client.ask(work, now_ms=42)

        yield ask_once


async def test_a_turn_is_sent_with_its_token_and_its_circumstances(ask, engine):
    payload = {"action": "show_article", "article_id": "a", "locale": "ko"}

    await ask("/restart", payload=payload)

    [request] = engine.requests
    assert request["sender"].startswith("talk")
    assert (request["message_id"], request["text"]) == ("m1", "/restart")
    assert request["payload"] == payload
    assert request["metadata"] == {
        "locale": "ko",
        "page": {"url": "https://shop.example", "title": "Shop"},
        "on_duty": False,
        "waiting": False,
        "disliked": False,
        "flags": [],
        "known": None,
        "local_hour": None,
        "handed_back": None,
    }
    assert engine.headers[0]["Authorization"] == "Bearer t0ken"


async def test_an_answer_keeps_what_was_said(ask, engine):
    source = {"article_id": "a", "title": "T", "url": "/help/en/a", "quote": "q"}
    message = {"kind": "answer", "text": "so", "sources": [source], "confidence": 0.9}
    button = {"title": "Yes", "payload": {"action": "helped"}}
    engine.script = lambda _: {
        "messages": [message | {"buttons": [button]}],
        "language": "ru",
        "intent": "ask_setup",
        "intent_confidence": 0.9,
        "understood": {"intent_confidence": 0.9, "scope_confidence": 1, "runner_up": ["b", 0.1]},
        "slots": {},
        "a_field_of_tomorrow": 1,
    }

    answer = await ask()

    [reply] = answer.replies
    assert (reply.kind, reply.text, reply.confidence) == ("answer", "so", 0.9)
    assert (reply.sources, reply.buttons) == ((source,), (button,))
    assert (answer.language, answer.intent, answer.handoff) == ("ru", "ask_setup", None)
    assert answer.understood == Understood(0.9, 1.0, ("b", 0.1))


async def test_a_handoff_is_no_message(ask, engine):
    handoff = {
        "reason": "technical_issue",
        "topic": "technical_issue",
        "language": "en",
        "triage": [{"field": "product", "question": "Which?", "answer": None}],
        "tried": [],
        "summary": "it keeps rebooting",
    }
    engine.script = lambda _: {
        "messages": [{"kind": "handoff", "text": "", "handoff": handoff}],
        "language": "ko",
    }

    answer = await ask()

    assert answer.replies == ()
    assert answer.handoff.language == "ko", "the language of the turn is the newer one"
    assert answer.handoff.triage == tuple(handoff["triage"])


@pytest.mark.parametrize("status", [401, 403, 404, 409, 429, 502, 503])
async def test_a_state_of_the_engine_means_later(ask, engine, status):
    engine.script = lambda _: fails(status, "loading")

    with pytest.raises(BotUnavailable, match=f"HTTP {status} loading"):
        await ask()


@pytest.mark.parametrize("status", [400, 413, 415, 422])
async def test_a_bad_turn_means_never(ask, engine, status):
    engine.script = lambda _: fails(status)

    with pytest.raises(BotRefused, match=f"HTTP {status} oops"):
        await ask()


async def test_what_the_engine_says_about_a_fault_is_not_kept(ask, engine):
    engine.script = lambda _: fails(500)

    with pytest.raises(BotFaulty) as caught:
        await ask()

    assert "customer wrote" not in str(caught.value)


async def test_an_engine_that_is_down_means_later(ask, engine):
    await engine.stop()

    with pytest.raises(BotUnavailable):
        await ask()

    await engine.start()


async def test_an_engine_that_does_not_answer_means_later(ask, engine):
    released = asyncio.Event()

    async def hang(_):
        await released.wait()
        return says("too late")

    engine.script = hang

    with pytest.raises(BotUnavailable, match="TimeoutError"):
        await ask(timeout_s=0.05)
    released.set()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"messages": []}',
        b'{"messages": [{"kind": "answer", "text": "  "}]}',
        b'{"messages": [{"kind": "shout", "text": "HI"}]}',
        b'{"messages": [{"kind": "answer", "text": 5}]}',
        b'{"messages": [{"kind": "handoff", "text": "", "handoff": {"topic": "x"}}]}',
    ],
)
def test_a_200_without_an_answer_is_a_fault(body):
    with pytest.raises(BotFaulty):
        parse_answer(body)


def test_a_fault_names_the_place_and_not_the_words():
    body = {"messages": [{"kind": "answer", "text": ["my password is hunter2"]}]}

    with pytest.raises(BotFaulty, match=r"messages\.0\.text") as caught:
        parse_answer(json.dumps(body).encode())

    assert "hunter2" not in str(caught.value)
