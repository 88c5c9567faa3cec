"""Frames, tokens and origins that a careless or hostile page may send to a running system."""

import contextlib
import json
import time

import aiohttp
import jwt
import pytest

from baton.client.errors import Refused
from baton.client.phrases import phrases
from baton.client.web import open_http, post_json


def message(text):
    return json.dumps({"type": "message", "message_id": "m1", "text": text})


@pytest.fixture
async def raw(ready):
    """A customer's socket after `hello`, without any help from the client."""
    async with open_http() as http:
        session = await post_json(http, f"{ready.url}/api/customer/session", {"locale": "en"})
        async with http.ws_connect(f"{ready.url}/ws/customer", origin=ready.url) as socket:
            hello = {"type": "hello", "v": 1, "token": session["session_token"], "last_seq": 0}
            await socket.send_json(hello)
            await until(socket, "welcome")
            yield socket


async def until(socket, *kinds):
    """Return the next frame of one of these types."""
    while True:
        frame = await socket.receive_json(timeout=15)
        if frame["type"] in kinds:
            return frame


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (message(""), "empty_message"),
        (message(" \n\t "), "empty_message"),
        (message("\u0000\u0007\u001b"), "empty_message"),
        (message("\u200b\u2060\ufeff"), "empty_message"),
        (message("x" * 1001), "too_long"),
        ("{", "bad_json"),
        ("", "bad_json"),
        ("[1, 2]", "bad_json"),
        ("[" * 10_000, "bad_json"),
        ('{"text": "no type"}', "bad_frame"),
        ('{"type": "message"}', "bad_frame"),
        ('{"type": "message", "message_id": "m 1", "text": "x"}', "bad_frame"),
        ('{"type": "message", "message_id": "m1", "text": 7}', "bad_frame"),
        ('{"type": "rate", "message_id": "m1", "stars": 6}', "bad_frame"),
        ('{"type": "rate", "message_id": "m1", "stars": 5}', "not_allowed"),
    ],
)
async def test_a_bad_frame_is_refused_by_code_and_the_socket_lives_on(raw, text, code):
    await raw.send_str(text)

    refusal = await until(raw, "error", "ack")
    assert (refusal["type"], refusal.get("code")) == ("error", code)
    assert refusal["message"]
    assert "Traceback" not in refusal["message"]
    await raw.send_json({"type": "ping"})
    await until(raw, "pong")


async def test_a_megabyte_is_refused_and_the_socket_lives_on(raw):
    await raw.send_str(message("x" * 1_000_000))

    refusal = await until(raw, "error", "ack")
    assert (refusal["type"], refusal["code"]) == ("error", "too_large")
    await raw.send_json({"type": "ping"})
    await until(raw, "pong")


async def test_what_no_accident_explains_ends_the_socket(raw):
    with contextlib.suppress(ConnectionError):  # closed while we were still writing
        await raw.send_str(message("x" * 8_000_000))

    ends = {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
    while (frame := await raw.receive(timeout=15)).type not in ends:
        assert json.loads(frame.data)["type"] in {"event", "state", "error"}


async def test_unknown_frames_and_fields_are_passed_over(raw):
    await raw.send_json({"type": "from_the_future", "message_id": "m1"})
    await raw.send_json({"type": "message", "message_id": "m2", "text": "hello", "mood": "fine"})

    answer = await until(raw, "error", "ack")
    assert (answer["type"], answer["message_id"]) == ("ack", "m2")


@pytest.mark.parametrize(
    "text", ["😀👍🏽", "/restart", "/ask_password{}", "<b>hi</b>", "%s {0} ${x}"]
)
async def test_odd_text_is_text_and_is_answered(visitor, text):
    async with visitor() as customer:
        answers = await customer.say(text)

        own = [event.text for event in customer.transcript() if event.author == "customer"]
        assert own == [text]
        assert answers[-1].text or answers[-1].buttons


async def test_control_characters_are_taken_out_of_a_message(visitor):
    async with visitor() as customer:
        await customer.say("How do I\u0000 reset\u001b my\u0007 password?\nThanks")

        own = [event.text for event in customer.transcript() if event.author == "customer"]
        assert own == ["How do I reset my password?\nThanks"]


async def test_the_same_message_twice_is_stored_once(visitor):
    async with visitor() as customer:
        first = await customer.send(phrases("en").question, message_id="same")
        again = await customer.send(phrases("en").question, message_id="same")

        assert first == again
        await customer.say(phrases("en").question)
        texts = [e.text for e in customer.transcript() if e.author == "customer"]
        assert len(texts) == 2
        assert sum(e.author == "bot" for e in customer.transcript()) == 2


async def test_a_wrong_or_expired_token_is_refused(ready, visitor):
    async with visitor() as customer:
        token = customer.visitor_token
    key = json.loads((ready.folder / "secrets.json").read_text())["signing_key"]
    claims = jwt.decode(token, options={"verify_signature": False})
    expired = jwt.encode(claims | {"exp": int(time.time()) - 60}, key, algorithm="HS256")
    forged = jwt.encode(claims, "x" * 32, algorithm="HS256")

    for wrong, code in [
        (expired, "token_expired"),
        (forged, "token_invalid"),
        ("no", "token_invalid"),
    ]:
        with pytest.raises(Refused) as refusal:
            async with visitor(visitor_token=wrong):
                pass
        assert (refusal.value.code, refusal.value.status) == (code, 401)


async def test_a_socket_with_a_wrong_token_is_refused(ready):
    async with (
        open_http() as http,
        http.ws_connect(f"{ready.url}/ws/customer", origin=ready.url) as socket,
    ):
        await socket.send_json({"type": "hello", "v": 1, "token": "no", "last_seq": 0})

        assert (await until(socket, "error"))["code"] == "token_invalid"


@pytest.mark.parametrize("path", ["/ws/customer", "/ws/agent"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_a_foreign_origin_opens_no_socket(ready, path, origin):
    async with open_http() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await http.ws_connect(ready.url + path, origin=origin)

        assert refusal.value.status == 403
