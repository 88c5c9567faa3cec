"""What an agent may know of a customer before answering."""

import time

import jwt
import pytest

from handoff_service.device import device_of
from handoff_service.domain import ClosedBy
from tests.handoff_service.gateway.harness import reply

SECRET = "the site and Baton share this one secret"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (PHONE, {"browser": "Chrome Mobile", "os": "Android", "mobile": True}),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
            {"browser": "Firefox", "os": "Windows", "mobile": False},
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 Version/17.6 Safari/605.1.15",
            {"browser": "Safari", "os": "Linux", "mobile": False},
        ),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_a_browser_is_named_without_its_version(user_agent, device):
    assert device_of(user_agent) == device


@pytest.fixture
async def site(start_service):
    """The service, with a secret that its site shares."""
    return await start_service(identity_secret=SECRET)


def sign(customer_id, **claims):
    whole = {"sub": customer_id, "aud": "baton", "exp": int(time.time()) + 3600} | claims
    return jwt.encode(whole, SECRET, "HS256")


async def visit(site, **body):
    http = await site.http()
    headers = {"User-Agent": PHONE}
    async with http.post("/api/customer/session", json=body, headers=headers) as answer:
        return await answer.json()


async def handed_over(site, page, agent):
    """Ask for a person, and return the summary that the agent who accepts is sent."""
    await page.send("request_person", message_id=f"p-{page.id}")
    offer = (await agent.until("offer"))["offer"]
    await agent.send("accept", conversation_id=page.id, epoch=offer["epoch"])
    return (await agent.until("conversation"))["summary"]


SOURCE = {"article_id": "reset", "title": "Reset", "url": "/help/en/reset", "locale": "en"}
ANSWER = {
    "messages": [reply("Ask for a link.", sources=[SOURCE], query="lost password")],
    "language": "en",
}


async def test_the_agent_sees_who_it_is_and_what_there_was_before(site):
    site.bot.answers["lost password"] = ANSWER
    identity = sign("42", name="Vera", tier="gold")
    page = await site.customer(await visit(site, identity=identity, utc_offset_min=180))
    await page.send("request_person", message_id="p1")
    await page.event("handoff.requested")
    await page.send("leave_message", message_id="l1", contact="v@example.org", text="Call me")
    await page.event("message.left")
    await page.send("cancel_handoff", message_id="c1")
    await page.send("message", message_id="m1", text="lost password")
    event = await page.event("message.posted", author="bot")
    await page.send("vote", message_id="v1", seq=event["seq"], helpful=False)
    await site.parts.store.conversations.close(
        page.id, by=ClosedBy.CUSTOMER, reason="asked", now_ms=int(time.time() * 1000)
    )
    await page.send("rate", message_id="r1", stars=4, comment="quick")
    rated = await page.event("conversation.rated")
    await site.in_history(page.id, rated["seq"])
    ann = await site.agent(await site.account(login="ann"))
    now = await site.customer(await visit(site, identity=identity, utc_offset_min=180))
    summary = await handed_over(site, now, ann)

    path = f"/api/conversations/{now.id}/customer"
    profile = await (await ann.http.get(path)).json()

    assert summary["customer"] == profile["customer"]
    device = {"browser": "Chrome Mobile", "os": "Android", "mobile": True}
    shown = {"name": "Vera", "tier": "gold", "device": device, "utc_offset_min": 180}
    assert shown.items() <= profile["customer"].items()
    assert [past["conversation_id"] for past in profile["earlier"]] == [page.id]
    assert [(each["kind"], each["score"]) for each in profile["opinions"]] == [("stars", 4)]
    assert [left["contact"] for left in profile["left"]] == ["v@example.org"]
    assert (profile["helpful"], profile["unhelpful"]) == (0, 1)

    other = await site.signed_in(await site.account(login="other", role="agent"))
    assert (await other.get(path)).status == 404
    stranger = await site.customer(await visit(site))
    await handed_over(site, stranger, ann)
    profile = await (await ann.http.get(f"/api/conversations/{stranger.id}/customer")).json()
    assert (profile["earlier"], profile["opinions"], profile["left"]) == ([], [], [])
