"""What stock Rasa gets wrong for us: each shown mended on the running bot."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from tests.bot.conftest import RASA_PYTHON, Process, fetch, free_port, run_rasa

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

FAULT = "my hub keeps rebooting since the update, error E-417, I already reset it twice"


def kinds(replies):
    return [reply["kind"] for reply in replies]


@pytest.fixture
def stored(bot_redis):
    """Return a function that reads a conversation's record."""
    client = redis.Redis.from_url(bot_redis.url, decode_responses=True)

    def read(sender):
        return json.loads(client.get(f"baton:{{rasa}}:tracker:{sender}"))

    yield read
    client.close()


@pytest.mark.parametrize("text", ["/show_article", "/restart", '/deny{"product": "x"}'])
def test_a_leading_slash_is_text_not_an_intent(bot, sender, stored, text):
    answer = bot.say(sender, text)

    assert answer["intent"] != text[1:].split("{")[0] or answer["intent_confidence"] < 1.0
    said = [event for event in stored(sender)["events"] if event["event"] == "user"]
    assert said[-1]["text"] == text
    assert all(entity["entity"] != "product" for entity in said[-1]["parse_data"]["entities"])


def test_restart_as_text_forgets_nothing(bot, sender, stored):
    bot.say(sender, FAULT)

    bot.say(sender, "/restart")

    record = stored(sender)
    assert all(event["event"] != "restart" for event in record["events"])
    slots = {e["name"]: e["value"] for e in record["events"] if e["event"] == "slot"}
    assert slots["error_text"] == "E-417"


def test_nothing_mutes_the_bot(bot, sender, stored):
    handoff = bot.replies(sender, "connect me to a person", payload={"action": "request_person"})
    after_handoff = bot.replies(sender, "hello")
    after_restart = (bot.say(sender, "/restart"), bot.replies(sender, "thanks"))[1]

    assert kinds(handoff) == ["handoff"]
    assert kinds(after_handoff) == kinds(after_restart) == ["smalltalk"]
    assert all(event["event"] != "pause" for event in stored(sender)["events"])


def test_what_is_kept_of_a_conversation_does_not_grow_with_it(bot, sender, stored):
    sizes, counts = {}, {}
    for turn in range(1, 41):
        bot.say(sender, "How do I reset my password?")
        record = stored(sender)
        sizes[turn], counts[turn] = len(json.dumps(record)), len(record["events"])

    assert counts[40] == counts[8]
    assert sizes[40] <= sizes[8] * 1.05


def test_what_was_learned_outlives_the_turns_that_said_it(bot, sender):
    bot.say(sender, FAULT, locale="en")
    for _ in range(8):  # questions in between push the first message out of the kept turns
        bot.say(sender, "Welche?", payload={"action": "show_article", "article_id": "refunds",
                                            "locale": "en"})  # fmt: skip

    handoff = bot.replies(sender, "I want a person", payload={"action": "request_person"})[0]

    answers = {a["field"]: a["answer"] for a in handoff["handoff"]["triage"]}
    assert answers["error_text"] == "E-417"
    assert handoff["handoff"]["summary"] == FAULT


def test_a_repeated_message_gets_the_same_answer_and_moves_nothing(bot, sender, stored):
    bot.say(sender, FAULT)
    message_id = uuid.uuid4().hex
    first = bot.say(sender, "Hub 2", message_id=message_id)

    again = bot.say(sender, "Hub 2", message_id=message_id)

    assert again == first
    said = [e["text"] for e in stored(sender)["events"] if e["event"] == "user"]
    assert said.count("Hub 2") == 1


def test_messages_sent_at_once_are_each_answered_once(bot, sender, stored):
    texts = ["hello", "How do I reset my password?", "thanks", "Where is my order?"]

    with ThreadPoolExecutor(len(texts)) as pool:
        answers = list(pool.map(lambda text: bot.say(sender, text), texts))

    assert all(len(answer["messages"]) == 1 for answer in answers)
    said = [e["text"] for e in stored(sender)["events"] if e["event"] == "user"]
    assert sorted(said) == sorted(texts)


def test_waiting_turns_are_woken_not_polled():
    # Stock stores sleep a second between looks; here any sleep at all fails.
    printed = run_rasa(
        """
import asyncio
from bot import lean; lean.install(serving=True)
from bot.stores.locks import TurnLocks

async def main():
    locks, order = TurnLocks(), []
    release = asyncio.Event()
    async def turn(number):
        async with locks.lock("c"):
            order.append(number)
            await release.wait()
    tasks = [asyncio.ensure_future(turn(n)) for n in range(5)]
    async def no_sleep(*_): raise AssertionError("polled")
    asyncio.sleep = no_sleep
    release.set()
    await asyncio.gather(*tasks)
    print(order, locks._held)

asyncio.run(main())
"""
    )

    assert printed.strip() == "[0, 1, 2, 3, 4] {}"


def test_an_actions_answer_is_not_checked_against_the_schema_of_schemas():
    printed = run_rasa(
        """
import asyncio, jsonschema
from bot import lean; lean.install(serving=True)
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from bot import action_calls, patches

def refuse(*_, **__): raise AssertionError("schema check")
jsonschema.validate = refuse
connections = set()

async def answer(request):
    connections.add(request.transport)
    return web.json_response({"events": [{"event": "slot", "name": "x", "value": 1}],
                              "responses": [{"text": "hi"}]})

async def main():
    app = web.Application(); app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app); await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0); await site.start()
    port = site._server.sockets[0].getsockname()[1]
    patches.apply()
    action = RemoteAction("a", EndpointConfig(f"http://127.0.0.1:{port}/webhook"))
    for _ in range(3):
        events = await action.run(CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}),
                                  DialogueStateTracker("s", []), Domain.empty())
    print([type(e).__name__ for e in events], len(connections))
    await action_calls.close(); await runner.cleanup()

asyncio.run(main())
"""
    )

    assert printed.strip().splitlines()[-1] == "['BotUttered', 'SlotSet'] 1"


def test_an_action_server_that_is_down_fails_the_turn_and_the_turn_can_be_repeated(
    bot, sender, actions
):
    message_id = uuid.uuid4().hex
    actions.kill()
    try:
        status, body = bot.turn(sender, "How do I reset my password?", message_id=message_id)
        health, checks = fetch(f"{bot.url}/webhooks/baton/health")
    finally:
        actions.start()

    assert (status, body["error"]["code"]) == (503, "action_failed")
    assert health == 503
    assert not checks["checks"]["actions"]["ok"]
    again = bot.replies(sender, "How do I reset my password?", message_id=message_id)
    assert kinds(again) == ["answer"]


def test_a_store_that_is_down_fails_the_turn(bot, sender, bot_redis):
    bot_redis.kill()
    try:
        status, body = bot.turn(sender, "hello")
    finally:
        bot_redis.start()

    assert (status, body["error"]["code"]) == (503, "store_unavailable")
    assert kinds(bot.replies(sender, "hello")) == ["smalltalk"]


def test_without_a_model_turns_and_health_are_503(environment, tmp_path):
    port = free_port()
    process = Process(
        [str(RASA_PYTHON), "-m", "bot.serve"],
        environment | {"BATON_RASA_PORT": str(port), "BATON_DATA_DIR": str(tmp_path)},
        health=f"http://127.0.0.1:{port}/webhooks/baton/health",
        log=tmp_path / "log",
    ).start(status=503)
    try:
        status, body = fetch(
            f"http://127.0.0.1:{port}/webhooks/baton/webhook",
            method="POST",
            body={"sender": "s", "message_id": "m", "text": "hello"},
            headers={"Authorization": f"Bearer {environment['BATON_RASA_TOKEN']}"},
        )
    finally:
        process.stop()

    assert (status, body["error"]["code"]) == (503, "no_model")


@pytest.mark.parametrize("token", ["", "wrong", "токен"])
def test_the_webhook_needs_the_token(bot, sender, token):
    body = {"sender": sender, "message_id": "m", "text": "hello"}

    status, answer = bot.post(body, token=token.encode().decode("latin-1"))

    assert (status, answer["error"]["code"]) == (401, "token_invalid")


def test_rasas_own_interface_needs_the_token_and_listens_on_loopback_only(bot, environment):
    port = int(environment["BATON_RASA_PORT"])

    open_status = fetch(f"{bot.url}/status")[0]
    with_token = fetch(f"{bot.url}/status?token={bot.token}")[0]
    with open("/proc/net/tcp") as sockets:
        local = [line.split()[1] for line in sockets if line.split()[3] == "0A"]

    assert (open_status, with_token) == (401, 200)
    assert [a.split(":")[0] for a in local if int(a.split(":")[1], 16) == port] == ["0100007F"]


def test_there_is_no_other_channel(bot):
    status, _ = fetch(f"{bot.url}/webhooks/rest/webhook", method="POST", body={"message": "hi"})

    assert status == 404
