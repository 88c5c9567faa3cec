"""The agent's socket: the whole picture, offers, talk, refusals, several tabs."""

import asyncio

import aiohttp
import pytest

from tests.handoff_service.gateway.harness import handoff


async def offered(service, tab, locale="en"):
    """A customer asks for a person; return their page and the offer the agent sees."""
    page = await service.customer(locale=locale)
    await page.send("message", message_id="q1", text="my hub restarts")
    await page.event("message.posted", author="bot")
    await page.send("request_person", message_id="p1")
    frame = await tab.until("offer")
    while frame["offer"]["conversation_id"] != page.id:
        frame = await tab.until("offer")
    return page, frame["offer"]


async def talking(service, tab):
    """A customer and an agent who have begun to talk; return the page and the summary."""
    page, offer = await offered(service, tab)
    await tab.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    await tab.until("ack", conversation_id=page.id)
    summary = (await tab.until("conversation"))["summary"]
    await page.until("state", state="assigned")
    return page, summary


async def refused(service, path="/ws/agent", http=None, **kwargs):
    http = http or await service.http()
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await http.ws_connect(path, **kwargs)
    return error.value.status


async def test_who_is_not_signed_in_gets_no_socket(service):
    assert await refused(service, origin=service.url) == 401


async def test_a_signed_in_agent_on_a_foreign_page_gets_no_socket(service):
    http = await service.signed_in(await service.account())

    assert await refused(service, http=http, origin="https://evil.example") == 403
    assert await refused(service, http=http) == 403


@pytest.mark.parametrize("role", ["agent", "supervisor", "admin"])
async def test_these_roles_take_conversations(service, role):
    assert await service.agent(await service.account(role=role), online=True)


async def test_a_maintainer_looks_on_and_takes_no_conversations(service):
    tab = await service.agent(await service.account(role="maintainer"), online=False)

    await tab.send("presence", status="online")
    assert (await tab.until("error"))["code"] == "not_allowed"
    await tab.send("watch", topics=["inbox", "learning"])
    await tab.until("changed", topic="learning")


async def test_the_offer_carries_everything_that_was_said_and_found(service):
    service.bot.answers["broken"] = handoff()
    tab = await service.agent(await service.account(languages=["en"]))
    page = await service.customer()

    await page.send("message", message_id="m1", text="broken")
    offer = (await tab.until("offer"))["offer"]

    assert offer["language"] == "en"
    assert offer["topic"] == "hub_restarts"
    assert offer["reason"] == "technical_issue"
    assert offer["triage"] == handoff()["messages"][0]["handoff"]["triage"]
    assert offer["tried"] == handoff()["messages"][0]["handoff"]["tried"]
    assert offer["summary"] == "my hub restarts"
    assert offer["deadline_ms"] > service.parts.clock.now_ms()
    assert [event["seq"] for event in offer["transcript"]] == list(range(1, offer["last_seq"] + 1))


async def test_a_conversation_from_offer_to_rating(service):
    tab = await service.agent(await service.account(login="ann"))
    page, offer = await offered(service, tab)

    await tab.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    epoch = (await tab.until("conversation"))["summary"]["epoch"]
    assigned = await page.event("handoff.assigned")
    assert assigned["data"]["agent_name"] == "Ann"
    assert (await page.until("state", state="assigned"))["agent_name"] == "Ann"

    about = {"conversation_id": page.id, "epoch": epoch}
    await tab.send("message", **about, message_id="a1", text="Hello, I am Ann.")
    ack = await tab.until("ack", message_id="a1")
    said = await page.event("message.posted", author="agent")
    assert (said["data"]["text"], said["seq"]) == ("Hello, I am Ann.", ack["seq"])
    await page.send("message", message_id="q2", text="Hello Ann")
    assert await tab.event("message.posted", text="Hello Ann")

    await tab.send("wrap_up", **about, disposition="solved")
    wrapped = await page.event("conversation.wrapped_up")
    assert "disposition" not in wrapped["data"]
    assert (await tab.until("conversation"))["summary"]["state"] == "wrap_up"
    await page.send("rate", message_id="r1", stars=5, comment="kind")
    await page.until("ack", message_id="r1")
    await tab.send("close", **about)
    assert (await tab.until("conversation_gone"))["reason"] == "closed"
    await page.until("state", state="closed")

    seqs = [event["seq"] for event in tab.events() if event["conversation_id"] == page.id]
    assert sorted(set(seqs)) == list(range(1, max(seqs) + 1))


async def test_the_transcript_of_an_accepted_conversation_is_sent_whole_and_in_order(service):
    tab = await service.agent(await service.account())

    page, summary = await talking(service, tab)
    await tab.event("handoff.assigned")

    expected = [e.to_json() for e in await service.parts.store.conversations.events(page.id)]
    assert tab.events() == expected[: len(tab.events())]
    assert len(tab.events()) >= summary["last_seq"]


async def test_a_second_tab_sees_what_the_first_does(service):
    account = await service.account()
    first = await service.agent(account)
    second = await service.agent(account, http=first.http, online=False)
    assert second.welcome["presence"] == "online"

    page, offer = await offered(service, first)
    assert (await second.until("offer"))["offer"]["conversation_id"] == page.id
    await first.send("accept", conversation_id=page.id, epoch=offer["epoch"])

    for tab in (first, second):
        assert (await tab.until("offer_gone", conversation_id=page.id))["reason"] == "accepted"
        assert (await tab.until("conversation"))["summary"]["conversation_id"] == page.id
        assert await tab.event("handoff.assigned")


async def test_presence_set_in_one_tab_shows_in_the_other(service):
    account = await service.account()
    first = await service.agent(account)
    second = await service.agent(account, http=first.http, online=False)

    await second.send("presence", status="away")

    assert (await first.until("presence", status="away"))["reason"] == "asked"


async def test_a_reconnecting_page_gets_the_whole_picture_and_the_events_it_missed(service):
    account = await service.account()
    tab = await service.agent(account)
    page, _ = await talking(service, tab)
    waiting_page, offer = await offered(service, tab)
    seen = (await tab.event("handoff.assigned"))["seq"]
    await tab.ws.close()
    await page.send("message", message_id="q2", text="still there?")
    missed = await page.until("ack", message_id="q2")

    back = await service.agent(account, http=tab.http, online=False, seen={page.id: seen})
    await back.event("message.posted", text="still there?")

    assert [s["conversation_id"] for s in back.welcome["conversations"]] == [page.id]
    assert [o["conversation_id"] for o in back.welcome["offers"]] == [waiting_page.id]
    assert back.welcome["offers"][0]["transcript"] == offer["transcript"]
    assert back.welcome["presence"] == "online"
    assert [event["seq"] for event in back.events()] == list(range(seen + 1, missed["seq"] + 1))


async def test_a_declined_offer_goes_to_the_next_agent(service):
    first = await service.agent(await service.account(login="ann"))
    page, offer = await offered(service, first)
    second = await service.agent(await service.account(login="bob"))

    await first.send("decline", conversation_id=page.id, epoch=offer["epoch"], reason="busy")

    assert (await first.until("offer_gone"))["reason"] == "declined"
    assert (await second.until("offer"))["offer"]["conversation_id"] == page.id


async def test_an_offer_whose_customer_left_is_taken_back(service):
    tab = await service.agent(await service.account())
    page, offer = await offered(service, tab)

    await page.send("cancel_handoff", message_id="c1")

    assert (await tab.until("offer_gone"))["reason"] == "cancelled"
    await tab.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    error = await tab.until("error")
    assert (error["code"], error["conversation_id"]) == ("gone", page.id)


async def test_what_the_customer_writes_meanwhile_reaches_the_offer(service):
    tab = await service.agent(await service.account())
    page, _ = await offered(service, tab)

    await page.send("message", message_id="q2", text="one more thing")

    assert await tab.event("message.posted", text="one more thing")


async def test_an_offer_expires_at_its_deadline(start_service):
    service = await start_service(offer_timeout_s=3)
    tab = await service.agent(await service.account())
    page, offer = await offered(service, tab)

    assert (await tab.until("offer_gone"))["reason"] == "expired"
    await tab.send("accept", conversation_id=page.id, epoch=offer["epoch"])

    error = await tab.until("error")
    assert error["code"] in {"gone", "offer_expired"}


@pytest.mark.parametrize(
    ("frame", "more"),
    [
        ("message", {"message_id": "x", "text": "let me in"}),
        ("hand_back", {"note": "mine now"}),
        ("wrap_up", {"disposition": "solved"}),
        ("close", {}),
    ],
)
async def test_an_agent_cannot_touch_the_conversation_of_another(service, frame, more):
    owner = await service.agent(await service.account(login="ann"))
    page, summary = await talking(service, owner)
    stranger = await service.agent(await service.account(login="eve"))

    await stranger.send(frame, conversation_id=page.id, epoch=summary["epoch"], **more)

    error = await stranger.until("error")
    assert (error["code"], error["conversation_id"]) == ("not_yours", page.id)
    await owner.send("message", conversation_id=page.id, epoch=summary["epoch"],
                     message_id="a1", text="still here")  # fmt: skip
    assert await owner.until("ack", message_id="a1")


async def test_the_offer_of_another_agent_cannot_be_accepted(service):
    owner = await service.agent(await service.account(login="ann"))
    page, offer = await offered(service, owner)
    stranger = await service.agent(await service.account(login="eve"), online=False)

    await stranger.send("accept", conversation_id=page.id, epoch=offer["epoch"])

    assert (await stranger.until("error"))["code"] == "offer_taken"


async def test_a_message_under_a_past_epoch_is_stale(service):
    tab = await service.agent(await service.account())
    page, summary = await talking(service, tab)

    await tab.send(
        "message", conversation_id=page.id, epoch=summary["epoch"] - 1, message_id="a1", text="late"
    )

    error = await tab.until("error")
    assert (error["code"], error["message_id"]) == ("stale", "a1")


async def test_an_agents_message_sent_twice_is_stored_once(service):
    tab = await service.agent(await service.account())
    page, summary = await talking(service, tab)
    frame = {
        "conversation_id": page.id, "epoch": summary["epoch"], "message_id": "a1", "text": "once"
    }  # fmt: skip

    await tab.send("message", **frame)
    await tab.send("message", **frame)

    assert await tab.until("ack", message_id="a1") == await tab.until("ack", message_id="a1")
    events = await service.parts.store.conversations.events(page.id)
    assert len([e for e in events if e.data.get("author") == "agent"]) == 1


async def test_handing_back_gives_the_customer_the_bot_again(service):
    tab = await service.agent(await service.account())
    page, summary = await talking(service, tab)

    await tab.send(
        "hand_back", conversation_id=page.id, epoch=summary["epoch"], note="only wanted a word"
    )
    assert (await tab.until("conversation_gone"))["reason"] == "handed_back"
    assert "note" not in (await page.event("handoff.returned"))["data"]
    await page.until("state", state="bot")
    await page.send("message", message_id="q9", text="thanks")

    assert await page.event("message.posted", text="You said: thanks")


async def test_typing_is_told_to_the_other_side_only_while_they_talk(service):
    tab = await service.agent(await service.account())
    page, _ = await talking(service, tab)

    await page.send("typing", on=True)
    assert (await tab.until("typing", author="customer"))["conversation_id"] == page.id
    await tab.send("typing", conversation_id=page.id, on=True)
    assert (await page.until("typing", author="agent"))["on"] is True
    await tab.send("read", conversation_id=page.id, seq=3)
    assert (await page.until("read", author="agent"))["seq"] == 3


async def test_an_agent_who_is_not_in_the_talk_cannot_type_into_it(service):
    owner = await service.agent(await service.account(login="ann"))
    page, _ = await talking(service, owner)
    stranger = await service.agent(await service.account(login="eve"))

    await stranger.send("typing", conversation_id=page.id, on=True)
    await stranger.drain()
    await owner.send("typing", conversation_id=page.id, on=True)
    await page.until("typing")
    await page.drain()

    assert [frame["type"] for frame in page.frames].count("typing") == 1


async def test_the_queue_is_shown_and_kept_current(service):
    tab = await service.agent(await service.account(), online=False)
    page = await service.customer()

    await page.send("request_person", message_id="p1")
    queue = await tab.until("queue", waiting=1)
    assert queue["longest_since_ms"] <= service.parts.clock.now_ms()
    await page.send("cancel_handoff", message_id="c1")

    assert await tab.until("queue", waiting=0)


async def test_signing_out_closes_the_socket(start_service):
    service = await start_service(agent_grace_s=2)
    tab = await service.agent(await service.account())

    async with tab.http.post("/api/logout", headers={"X-CSRF-Token": tab.http.csrf}) as answer:
        assert answer.status == 200

    assert await tab.closed() == aiohttp.WSCloseCode.POLICY_VIOLATION
    assert tab.frames[-1]["code"] == "not_signed_in"


async def test_an_agent_who_vanishes_gives_the_customer_back_to_the_queue(start_service):
    service = await start_service(agent_grace_s=2)
    account = await service.account()
    tab = await service.agent(account)
    page, _ = await talking(service, tab)

    await tab.ws.close()

    assert (await page.event("agent.lost"))["data"]["text"]
    await page.until("state", state="waiting")
    back = await service.agent(account, http=tab.http)
    assert (await back.until("offer"))["offer"]["conversation_id"] == page.id


async def test_an_open_socket_keeps_its_agent_on_duty_past_the_grace(start_service):
    service = await start_service(agent_grace_s=2)
    tab = await service.agent(await service.account())

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(3):
            await tab.until("presence")

    assert (await service.parts.store.agents.get(tab.id)).presence == "online"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty_message"), ("\x07", "empty_message"), ("x" * 1001, "too_long")],
)
async def test_an_agents_text_is_held_to_the_same_rules(service, text, code):
    tab = await service.agent(await service.account())
    page, summary = await talking(service, tab)

    await tab.send(
        "message", conversation_id=page.id, epoch=summary["epoch"], message_id="a1", text=text
    )

    assert (await tab.until("error", message_id="a1"))["code"] == code


async def test_unreadable_frames_are_refused_and_the_socket_goes_on(service):
    tab = await service.agent(await service.account())

    await tab.raw("{nonsense")
    assert (await tab.until("error"))["code"] == "bad_json"
    await tab.send("accept", conversation_id="c_x", epoch="soon")
    error = await tab.until("error")
    assert (error["code"], error["conversation_id"]) == ("bad_frame", "c_x")
    await tab.send("accept", conversation_id="c_never", epoch=1)
    assert (await tab.until("error"))["code"] == "gone"
    await tab.send("juggle", balls=3)

    await tab.drain()
    assert (
        service.parts.metrics.registry.get_sample_value(
            "baton_unknown_frames_total", {"side": "agent"}
        )
        == 1
    )
