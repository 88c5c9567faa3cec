"""A customer's copy of their conversation: as a file, or in their mailbox."""

import json

import pytest

from tests.handoff_service.gateway.harness import reply
from tests.handoff_service.mail.conftest import said_in

PATH = "/api/customer/transcript"


async def talked(service, text="Is <script>alert(1)</script> safe?"):
    """A customer who asked the bot one thing; return page and request headers."""
    page = await service.customer()
    await page.send("message", message_id="m1", text=text)
    await page.event("message.posted", author="bot")
    return page, {"Authorization": f"Bearer {page.session['session_token']}"}


@pytest.mark.parametrize("form", ["html", "txt", "json"])
async def test_the_copy_holds_what_was_said_and_runs_nothing(mailing, form):
    mailing.bot.answers["fault"] = {"messages": [reply("Hello")], "language": None}
    _, headers = await talked(mailing)
    http = await mailing.http()

    answer = await http.get(PATH, params={"format": form}, headers=headers)
    text = await answer.text()

    assert answer.status == 200, text
    assert answer.headers["Content-Disposition"] == f'attachment; filename="conversation.{form}"'
    if form == "html":
        assert "Is &lt;script&gt;alert(1)&lt;/script&gt; safe?" in text
        assert "<script" not in text
    elif form == "txt":
        assert "Is <script>alert(1)</script> safe?" in text
        assert "Assistant" in text
    else:
        kinds = [event["type"] for event in json.loads(text)]
        assert kinds == ["conversation.started", "message.posted", "message.posted"]


async def test_nobody_gets_it_without_the_session(mailing):
    await talked(mailing)
    http = await mailing.http()

    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        assert (await http.get(PATH, headers=headers)).status == 401


async def test_it_is_sent_once_to_an_address_and_not_to_many(mailing, mailbox):
    page, headers = await talked(mailing)
    http = await mailing.http()

    async def ask(email):
        async with http.post(f"{PATH}/mail", json={"email": email}, headers=headers) as answer:
            return answer.status

    assert [await ask("me@example.org") for _ in range(2)] == [202, 202]
    text = said_in(await mailbox.next())
    assert "Is <script>alert(1)</script> safe?" in text
    assert "If you did not ask for it" in text
    assert [await ask("not an address"), await ask("a@b.example\nBcc: c@d.example")] == [400, 400]
    assert [await ask(f"x{number}@example.org") for number in range(3)] == [202, 202, 429]
    assert {(await mailbox.next())["To"] for _ in range(2)} == {"x0@example.org", "x1@example.org"}
    assert page.id not in text


async def test_without_a_mail_server_it_is_refused_by_name(start_service):
    service = await start_service()
    _, headers = await talked(service)
    http = await service.http()

    async with http.post(f"{PATH}/mail", json={"email": "a@b.example"}, headers=headers) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (403, "mail_off")
