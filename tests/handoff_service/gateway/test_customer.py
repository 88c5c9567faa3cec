"""The customer's socket: who gets in, what is refused, what arrives."""

import asyncio
import json

import aiohttp
import pytest

from handoff_service.tokens import CustomerToken, Purpose, TokenSigner
from tests.handoff_service.gateway.harness import handoff, reply

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"


def sign(service, session, *, purpose=Purpose.SESSION, key=None, lifetime_s=60, **changes):
    about = {"customer_id": session["customer_id"], "conversation_id": session["conversation_id"]}
    signer = TokenSigner(key or service.settings.signing_key)
    now_ms = service.parts.clock.now_ms()
    return signer.sign(
        CustomerToken(**about | changes), purpose, now_ms=now_ms, lifetime_s=lifetime_s
    )


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
async def test_a_socket_from_a_page_that_is_not_ours_is_refused(service, origin):
    http = await service.http()

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect("/ws/customer", headers={"Origin": origin})

    assert refused.value.status == 403


async def test_a_socket_without_an_origin_is_refused(service):
    http = await service.http()

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect("/ws/customer")

    assert refused.value.status == 403


async def test_localhost_is_the_same_origin_on_the_machine_itself(service):
    page = await service.connect(
        "/ws/customer", origin=service.url.replace("127.0.0.1", "localhost")
    )
    session = await service.session()

    await page.send("hello", token=session["session_token"])

    assert await page.until("welcome")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda *_: "nonsense", "token_invalid"),
        (lambda *_: "ü" * 50, "token_invalid"),
        (lambda service, session: sign(service, session, key="k" * 32), "token_invalid"),
        (lambda _, session: session["visitor_token"], "token_invalid"),
        (lambda service, session: sign(service, session, customer_id="u_other"), "token_invalid"),
        (
            lambda service, session: sign(service, session, conversation_id="c_never"),
            "token_invalid",
        ),
        (lambda service, session: sign(service, session, lifetime_s=-1), "token_expired"),
    ],
)
async def test_a_token_that_does_not_open_this_conversation_is_refused(service, make, code):
    session = await service.session()
    page = await service.connect("/ws/customer")

    await page.send("hello", v=1, token=make(service, session), last_seq=0, locale="en")

    assert (await page.until("error"))["code"] == code
    assert await page.closed() == aiohttp.WSCloseCode.POLICY_VIOLATION


async def test_an_unsigned_token_is_refused(service):
    import jwt

    session = await service.session()
    claims = jwt.decode(session["session_token"], options={"verify_signature": False})
    page = await service.connect("/ws/customer")

    await page.send("hello", token=jwt.encode(claims, key=None, algorithm="none"))

    assert (await page.until("error"))["code"] == "token_invalid"


async def test_the_first_frame_must_be_a_hello(service):
    page = await service.connect("/ws/customer")

    await page.send("message", message_id="m1", text="hi")

    assert (await page.until("error"))["code"] == "bad_frame"
    await page.closed()


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{not json", "bad_json"),
        ("[1, 2]", "bad_json"),
        ("[" * 5000, "bad_json"),
        ('{"text": "no type"}', "bad_frame"),
        ('{"type": "message", "message_id": "m1"}', "bad_frame"),
        ('{"type": "message", "message_id": "two words", "text": "x"}', "bad_frame"),
        ('{"type": "message", "message_id": "m1", "text": "\\ud800"}', "bad_frame"),
        ('{"type": "message", "message_id": "m1", "text": {"a": 1}}', "bad_frame"),
        ('{"type": "rate", "message_id": "m1", "stars": 6, "comment": ""}', "bad_frame"),
        (
            '{"type": "message", "message_id": "m1", "text": "x", "payload": {"Action": 1}}',
            "bad_frame",
        ),
    ],
)
async def test_a_frame_that_cannot_be_read_is_refused_and_the_socket_goes_on(service, frame, code):
    page = await service.customer()

    await page.raw(frame)

    assert (await page.until("error"))["code"] == code
    await page.send("message", message_id="after", text="hello")
    assert await page.until("ack", message_id="after")


async def test_a_megabyte_is_refused_by_code_with_its_message_id(service):
    page = await service.customer()

    await page.send("message", message_id="big", text="x" * 1_000_000)

    error = await page.until("error")
    assert (error["code"], error["message_id"]) == ("too_large", "big")
    await page.send("message", message_id="small", text="hello")
    assert await page.until("ack", message_id="small")


async def test_far_more_than_a_megabyte_closes_the_socket(service):
    page = await service.customer()

    await page.send("message", message_id="big", text="x" * 3_000_000)

    assert await page.closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_unknown_frames_and_fields_are_ignored_and_counted(service):
    page = await service.customer()

    await page.send("dance", steps=3)
    await page.send("message", message_id="m1", text="hi", mood="good", colour="red")

    assert await page.until("ack", message_id="m1")
    assert not [frame for frame in page.frames if frame["type"] == "error"]
    counted = service.parts.metrics.registry.get_sample_value(
        "baton_unknown_frames_total", {"side": "customer"}
    )
    assert counted == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_message"),
        (" \n\t ", "empty_message"),
        ("\x00\x07\x1b", "empty_message"),
        ("\u200b\u2060\ufeff", "empty_message"),
        ("\u202e\u2066", "empty_message"),
        ("x" * 1001, "too_long"),
    ],
)
async def test_a_text_that_cannot_be_posted_is_refused_by_code(service, text, code):
    page = await service.customer()

    await page.send("message", message_id="m1", text=text)

    error = await page.until("error")
    assert (error["code"], error["message_id"]) == (code, "m1")
    assert error["message"]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("\N{WAVING HAND SIGN}", "\N{WAVING HAND SIGN}"),
        (FAMILY, FAMILY),
        ("  two\r\nlines\r ", "two\nlines"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("한국어 중文 русский", "한국어 중文 русский"),
        ("x" * 1000, "x" * 1000),
        ("/restart", "/restart"),
    ],
)
async def test_what_people_write_goes_through_without_what_cannot_be_seen(service, text, stored):
    page = await service.customer()

    await page.send("message", message_id="m1", text=text)

    assert (await page.event("message.posted", author="customer"))["data"]["text"] == stored


async def test_a_message_sent_twice_is_stored_once_and_acknowledged_alike(service):
    page = await service.customer()

    await page.send("message", message_id="m1", text="hi")
    first = await page.until("ack")
    await page.send("message", message_id="m1", text="hi")
    again = await page.until("ack")

    assert first == again
    await page.event("message.posted", author="bot")
    posted = await service.parts.store.conversations.events(page.id)
    assert [e.data["message_id"] for e in posted if e.data.get("author") == "customer"] == ["m1"]


async def test_an_acknowledged_message_is_in_the_store(service):
    page = await service.customer()

    await page.send("message", message_id="m1", text="hi")
    ack = await page.until("ack", message_id="m1")

    stored = await service.parts.store.conversations.events(page.id, after_seq=ack["seq"] - 1)
    assert stored[0].data["message_id"] == "m1"


async def test_the_bot_answers_in_order_and_the_click_of_a_button_reaches_it(service):
    service.bot.answers["which?"] = {
        "messages": [
            reply("Did you mean", kind="clarify", buttons=[
                {"title": "This", "payload": {"action": "show_article", "article_id": "a"}}
            ]),
        ],
        "language": "en",
        "intent": "unclear",
        "release": "r7",
        "understood": {
            "intent_confidence": 0.4, "scope_confidence": 0.7, "runner_up": ["ask_wifi", 0.3]
        },
    }  # fmt: skip
    page = await service.customer()

    await page.send("message", message_id="m1", text="which?")
    asked = (await page.event("message.posted", author="bot"))["data"]
    assert asked["release"] == "r7", "which model said it"
    assert "understood" not in asked, "how sure it was is for the house"
    button = asked["buttons"][0]
    await page.send("message", message_id="m2", text=button["title"], payload=button["payload"])
    answer = await page.event("message.posted", author="bot")

    assert answer["data"]["text"] == "You said: This"
    assert service.bot.seen[-1]["payload"] == button["payload"]
    assert [event["seq"] for event in page.events()] == list(range(1, answer["seq"] + 1))
    stored = await service.parts.store.conversations.events(page.id)
    assert [e.data["understood"] for e in stored if "understood" in e.data] == [
        service.bot.answers["which?"]["understood"]
    ]


async def test_a_reconnect_brings_exactly_what_was_missed(service):
    page = await service.customer()
    await page.send("message", message_id="m1", text="one")
    last = (await page.event("message.posted", author="bot"))["seq"]
    await page.ws.close()
    store = service.parts.store.conversations
    for number in (2, 3):
        await store.post_customer_message(
            page.id, message_id=f"m{number}", text=f"t{number}", locale="en",
            now_ms=service.parts.clock.now_ms(),
        )  # fmt: skip

    back = await service.customer(page.session, last_seq=last)
    await back.event("message.posted", text="You said: t3")

    expected = [e.to_json() for e in await store.events(page.id, after_seq=last)]
    assert back.events() == expected
    assert back.welcome["last_seq"] >= last + 2


async def test_a_new_tab_gets_the_whole_conversation_and_both_tabs_what_follows(service):
    page = await service.customer()
    await page.send("message", message_id="m1", text="one")
    await page.event("message.posted", author="bot")

    tab = await service.customer(page.session)
    await tab.send("message", message_id="m2", text="two")
    for each in (page, tab):
        await each.event("message.posted", text="You said: two")

    assert page.events() == tab.events()


async def test_a_session_of_a_returning_visitor_is_the_same_conversation(service):
    page = await service.customer()

    again = await service.session(visitor_token=page.session["visitor_token"])

    assert again["conversation_id"] == page.id
    assert again["customer_id"] == page.session["customer_id"]


async def test_asking_for_a_person_says_so_and_tells_the_place_until_it_changes(service):
    first, second = await service.customer(), await service.customer()

    await first.send("request_person", message_id="p1")
    assert (await first.event("handoff.requested"))["data"]["text"]
    await second.send("request_person", message_id="p2")
    assert (await second.until("state", state="waiting"))["place"] == 2
    await first.send("cancel_handoff", message_id="c1")
    await first.until("state", state="bot")

    assert (await second.until("state", place=1))["on_duty"] is False


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "cancel_handoff", "message_id": "x"},
        {"type": "rate", "message_id": "x", "stars": 5, "comment": ""},
    ],
)
async def test_what_the_state_does_not_permit_is_refused(service, frame):
    page = await service.customer()

    await page.raw(json.dumps(frame))

    error = await page.until("error")
    assert (error["code"], error["message_id"]) == ("not_allowed", "x")


@pytest.mark.parametrize(
    "contact", [{"contact": "a@b"}, {"contact": "me@example.org", "callback": True}]
)
async def test_by_what_nobody_can_be_reached_is_refused(service, contact):
    page = await service.customer()

    await page.send("leave_message", message_id="x", text="t", **contact)

    assert (await page.until("error"))["code"] == "bad_contact"


async def test_a_handoff_of_the_bot_tells_the_customer_nothing_that_is_for_agents(service):
    service.bot.answers["broken"] = handoff()
    page = await service.customer()

    await page.send("message", message_id="m1", text="broken")
    event = await page.event("handoff.requested")

    assert event["data"]["reason"] == "technical_issue"
    assert not {"triage", "tried", "summary"} & set(event["data"])


async def test_a_customer_who_does_not_read_is_let_go_and_finds_everything_later(start_service):
    service = await start_service(send_buffer=16)
    page = await service.customer()
    store, now_ms = service.parts.store.conversations, service.parts.clock.now_ms()
    slow = lambda: service.parts.metrics.registry.get_sample_value("baton_slow_sockets_total")  # noqa: E731

    number = 0
    async with asyncio.timeout(60):
        while not slow():
            number += 1
            await store.post_customer_message(
                page.id, message_id=f"m{number}", text="x" * 50_000, locale="en", now_ms=now_ms
            )

    back = await service.customer(page.session)
    await back.event("message.posted", message_id=f"m{number}")
    customer_said = [e for e in back.events() if e["data"].get("author") == "customer"]
    assert [e["data"]["message_id"] for e in customer_said] == [f"m{n + 1}" for n in range(number)]
