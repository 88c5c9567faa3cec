"""Visits of customers: on several devices, at sites with rules of their own, until the sign-out."""

import asyncio
import time

import jwt
import pytest
from sqlalchemy import delete

from handoff_service.archive.models import EventRow
from handoff_service.domain import ClosedBy

SECRET = "the site and Baton share this one secret"
SITES = """
sites:
  default: {}
  members: {origins: ["https://members.example"], identity: required}
  guests: {origins: ["https://guests.example"], identity: "off"}
"""


def sign(customer_id, **claims):
    """Return an identity."""
    whole = {"sub": customer_id, "aud": "baton", "exp": int(time.time()) + 3600} | claims
    return jwt.encode(whole, SECRET, "HS256")


@pytest.fixture
async def site(start_service, tmp_path):
    """The service, with a secret that its sites share."""
    (tmp_path / "widget.yml").write_text(SITES, "utf-8")
    return await start_service(identity_secret=SECRET, widget_file=tmp_path / "widget.yml")


async def post(service, path, *, token=None, **body):
    http = await service.http()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with http.post(path, json=body, headers=headers) as answer:
        return answer.status, await answer.json() if answer.content_length else None


async def refused(service, **body):
    status, answer = await post(service, "/api/customer/session", **body)
    return status, answer["error"]["code"]


async def talk_of(service, session):
    return await service.parts.store.conversations.get(session["conversation_id"])


async def test_a_site_may_require_a_sign_in_or_take_none(site):
    assert await refused(site, site="members") == (401, "identity_required")
    assert await refused(site, site="guests", identity=sign("1")) == (403, "identity_off")
    assert await refused(site, identity=sign("1", site="members")) == (401, "identity_invalid")

    member = await site.session(site="members", identity=sign("1", site="members"))
    unknown = await site.session(site="nobody-knows")

    assert (await talk_of(site, member)).site == "members"
    assert (await talk_of(site, unknown)).site == "", "the usual one"


async def test_on_another_device_a_customer_goes_on_with_what_is_open(site):
    phone = await site.session(identity=sign("42"))

    laptop = await site.session(identity=sign("42"))
    other = await site.session(identity=sign("43"))

    assert laptop["conversation_id"] == phone["conversation_id"] != other["conversation_id"]
    closed = await site.customer(phone)
    await site.parts.store.conversations.close(
        phone["conversation_id"],
        by=ClosedBy.CUSTOMER,
        reason="asked",
        now_ms=int(time.time() * 1000),
    )
    await closed.event("conversation.closed")
    assert (await site.session(identity=sign("42")))["conversation_id"] != phone["conversation_id"]


async def test_what_was_begun_without_a_name_is_what_other_devices_go_on_with(site):
    anonymous = await site.session()
    signed_in = await site.session(visitor_token=anonymous["visitor_token"], identity=sign("42"))

    phone = await site.session(identity=sign("42"))

    assert phone["conversation_id"] == signed_in["conversation_id"] == anonymous["conversation_id"]


async def test_a_widget_that_was_only_opened_takes_nobody_from_what_is_open(site):
    phone = await site.session(identity=sign("42"))
    anonymous = await site.session()

    signed_in = await site.session(visitor_token=anonymous["visitor_token"], identity=sign("42"))

    assert signed_in["conversation_id"] == phone["conversation_id"]
    said = await site.session()
    page = await site.customer(said)
    await page.send("message", message_id="m1", text="hello")
    await page.event("message.posted", author="bot")
    kept = await site.session(visitor_token=said["visitor_token"], identity=sign("42"))
    assert kept["conversation_id"] == said["conversation_id"]


async def test_devices_that_come_at_the_same_moment_share_one_conversation(site):
    sessions = await asyncio.gather(*(site.session(identity=sign("42")) for _ in range(8)))

    assert len({session["conversation_id"] for session in sessions}) == 1
    seqs = [e.type for e in await site.parts.store.conversations.events(
        sessions[0]["conversation_id"])]  # fmt: skip
    assert seqs == ["conversation.started", "customer.identified"]


@pytest.mark.parametrize("kind", ["session_token", "visitor_token"])
async def test_after_the_sign_out_no_token_of_the_visit_opens_anything(site, kind):
    ours = await site.session(identity=sign("42"))
    theirs = await site.session(identity=sign("42"))  # the same customer's other device
    first, second, other = [await site.customer(s) for s in (ours, ours, theirs)]

    status, _ = await post(site, "/api/customer/sign_out", token=ours[kind])

    assert status == 204
    for page in (first, second):
        assert (await page.until("error"))["code"] == "token_invalid"
        await page.closed()
    again = await site.connect("/ws/customer")
    await again.send("hello", v=1, token=ours["session_token"], last_seq=0)
    assert (await again.until("error"))["code"] == "token_invalid"
    assert await refused(site, visitor_token=ours["visitor_token"]) == (401, "token_invalid")
    assert (await post(site, "/api/customer/sign_out", token=ours[kind]))[0] == 401
    await other.drain()  # the other device stays signed in


async def test_whoever_comes_without_a_token_signs_nobody_out(site):
    assert (await post(site, "/api/customer/sign_out"))[0] == 401
    assert (await post(site, "/api/customer/sign_out", token="x"))[0] == 401
    assert (await post(site, "/api/customer/sign_out", token="x" * 5000))[0] == 401


async def get(service, path, session):
    http = await service.http()
    headers = {"Authorization": f"Bearer {session['session_token']}"}
    async with http.get(path, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_a_customer_reads_their_own_earlier_conversations_and_nobody_else_does(site):
    first = await site.session(identity=sign("42"))
    page = await site.customer(first)
    await page.send("message", message_id="m1", text="asked last week")
    event = await page.event("message.posted", author="bot")
    name = first["conversation_id"]
    await site.parts.store.conversations.close(
        name, by=ClosedBy.CUSTOMER, reason="asked", now_ms=int(time.time() * 1000)
    )
    await site.in_history(name, event["seq"] + 1)
    again = await site.session(identity=sign("42"))
    others = [await site.session(identity=sign("43")), await site.session()]

    _, listed = await get(site, "/api/customer/conversations", again)
    status, shown = await get(site, f"/api/customer/conversations/{name}/events", again)

    assert again["conversation_id"] != name
    assert [one["conversation_id"] for one in listed["conversations"]] == [name]
    assert "asked last week" in listed["conversations"][0]["last_words"]
    types = [event["type"] for event in shown["events"]]
    assert status == 200 and types.count("message.posted") == 2
    assert "customer.identified" not in types, "meant for agents"
    for other in others:
        assert (await get(site, "/api/customer/conversations", other))[1]["conversations"] == []
        assert (await get(site, f"/api/customer/conversations/{name}/events", other))[0] == 404
    await post(site, "/api/customer/sign_out", token=again["session_token"])
    assert (await get(site, "/api/customer/conversations", again))[0] == 401


async def test_an_earlier_conversation_is_told_whole_while_the_history_lags(site):
    session = await site.session(identity=sign("42"))
    page = await site.customer(session)
    await page.send("message", message_id="m1", text="asked just now")
    last = await page.event("message.posted", author="bot")
    name = session["conversation_id"]
    await site.in_history(name, last["seq"])
    async with site.parts.database.session() as history:  # as if it had not heard of it yet
        await history.execute(delete(EventRow).where(EventRow.seq > 1))

    _, shown = await get(site, f"/api/customer/conversations/{name}/events", session)

    assert "asked just now" in [event["data"].get("text") for event in shown["events"]]


async def test_the_page_is_the_one_that_the_customer_has_come_to(site):
    session = await site.session(page={"url": "https://shop.example/", "title": "Home"})
    page = await site.customer(session)

    await page.send("page", url="javascript:alert(1)", title="Cart")
    await page.drain()
    assert (await talk_of(site, session)).page == {"title": "Cart"}
    await page.send("page", url="https://shop.example/cart", title="Cart")
    await page.drain()
    assert (await talk_of(site, session)).page["url"] == "https://shop.example/cart"
