"""An agent answers a customer who left an address: by e-mail, where it is not read in the chat."""

import asyncio
import re

from handoff_service.archive.mails import MailState, list_mails
from tests.handoff_service.gateway.harness import DEADLINE_S
from tests.handoff_service.mail.conftest import said_in


async def left_message(service, contact="me@example.org", **more):
    """A customer who left a message and went away; return the conversation's id and session."""
    page = await service.customer()
    await page.send(
        "leave_message", message_id="l1", contact=contact, text="Where is my order?", **more
    )
    await page.event("message.left")
    await page.ws.close()
    return page


async def taken_up(service, conversation_id):
    """Return an agent who has accepted the conversation, and its epoch."""
    agent = await service.agent(await service.account())
    offer = (await agent.until("offer"))["offer"]
    await agent.send("accept", conversation_id=conversation_id, epoch=offer["epoch"])
    frame = await agent.until("conversation")
    return agent, frame["summary"]


async def says(agent, conversation_id, epoch, text, number):
    await agent.send(
        "message", conversation_id=conversation_id, epoch=epoch, message_id=f"a{number}", text=text
    )
    await agent.until("ack", message_id=f"a{number}")


async def test_who_left_a_message_gets_the_answer_by_mail_with_a_link_that_goes_on(
    mailing, mailbox
):
    page = await left_message(mailing)
    agent, summary = await taken_up(mailing, page.id)
    assert (summary["contact"], summary["callback"]) == ("me@example.org", False)
    assert summary["reason"] == "message_left"
    assert summary["summary"] == "Where is my order?"

    await says(agent, page.id, summary["epoch"], "It left <b>today</b>.", 1)

    mail = await mailbox.next()
    assert mail["To"] == "me@example.org"
    assert mail["From"] == "Shop <help@shop.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@shop.example>")
    text = said_in(mail)
    html = said_in(mail, "html")
    assert "Jo\nIt left <b>today</b>." in text
    assert "It left &lt;b&gt;today&lt;/b&gt;." in html
    token = re.search(r"/widget/resume#baton=(\S+)", text)[1]
    http = await mailing.http()
    async with http.post("/api/customer/resume", json={"token": token}) as answer:
        assert answer.status == 200, await answer.text()
        session = await answer.json()
    assert session["conversation_id"] == page.id
    back = await mailing.customer(session)
    assert (await back.event("message.posted", author="agent"))["data"]["text"].startswith("It")
    again = await mailing.session(visitor_token=session["visitor_token"])
    assert again["conversation_id"] == page.id


async def test_several_answers_are_one_mail_and_a_later_one_another(mailing, mailbox):
    page = await left_message(mailing)
    agent, summary = await taken_up(mailing, page.id)

    for number, text in enumerate(("One.", "Two."), 1):
        await says(agent, page.id, summary["epoch"], text, number)
    texts = [said_in(await mailbox.next())]
    while "Two." not in texts[-1]:  # the second may be late for the first e-mail
        texts.append(said_in(await mailbox.next()))
    await says(agent, page.id, summary["epoch"], "Three.", 3)

    last = said_in(await mailbox.next())
    assert sum("One." in text for text in texts) == 1
    assert "Three." in last
    assert "Two." not in last


async def test_what_is_read_in_the_chat_is_not_mailed(start_service, mailbox):
    service = await start_service(
        smtp_url=mailbox.url, mail_from="help@shop.example", mail_settle_s=1
    )
    page = await left_message(service)
    agent, summary = await taken_up(service, page.id)
    back = await service.customer(page.session)

    await says(agent, page.id, summary["epoch"], "Here you are.", 1)
    seen = await back.event("message.posted", author="agent")
    await back.send("read", seq=seen["seq"])
    await back.drain()
    await until_state(service, MailState.DROPPED)

    assert mailbox.mails.empty()


async def test_an_address_that_is_refused_is_given_up_and_an_operator_sees_it(mailing, mailbox):
    mailbox.refusals["gone@example.org"] = "550 no such user"
    page = await left_message(mailing, contact="gone@example.org")
    agent, summary = await taken_up(mailing, page.id)

    await says(agent, page.id, summary["epoch"], "Hello?", 1)

    (mail,) = await until_state(mailing, MailState.DEAD)
    assert "550" in mail.problem
    http = await mailing.http()
    async with http.get("/readyz") as answer:
        check = (await answer.json())["checks"]["mail"]
    assert not check["ok"]
    assert "baton mail" in check["why"]
    headers = {"Authorization": f"Bearer {mailing.settings.internal_secret}"}
    async with http.get("/internal/mails", headers=headers) as answer:
        (shown,) = (await answer.json())["mails"]
    assert (shown["state"], shown["recipient"]) == ("dead", "gone@example.org")
    assert "Hello?" not in str(shown)
    mailbox.refusals.clear()
    async with http.post("/internal/mails/retry", headers=headers) as answer:
        assert (await answer.json())["count"] == 1
    assert "Hello?" in said_in(await mailbox.next())


async def test_without_a_mail_server_nothing_is_queued(start_service):
    service = await start_service()
    page = await left_message(service)
    agent, summary = await taken_up(service, page.id)

    await says(agent, page.id, summary["epoch"], "Hello", 1)
    await service.in_history(page.id, summary["last_seq"] + 1)

    assert await list_mails(service.parts.database, state=None, limit=9) == []


async def until_state(service, state):
    """Wait until an e-mail is in a state; SQL tells nobody, so it is asked."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            if found := await list_mails(service.parts.database, state=state, limit=9):
                return found
            await asyncio.sleep(0.05)
