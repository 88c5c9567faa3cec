"""Canned replies, macros and suggested passages over HTTP."""

import asyncio

import pytest
from aiohttp import web
from sqlalchemy import select

from handoff_service.archive.reply_uses import used_by_reply
from handoff_service.archive.tables.replies import PassageVerdictRow, ReplyUseRow
from tests.handoff_service.gateway.harness import handoff

REPLY = {"title": "Refund", "texts": {"en": "Refund of {{order}} to {{customer.name}}."}}
PASSAGES = [
    {
        "passage_id": f"{number:024x}", "article_id": f"article-{number}", "title": "Reset",
        "heading": "By mail", "url": f"/help/en/article-{number}#by-mail", "quote": "Ask.",
        "blocks": [{"kind": "paragraph", "runs": [{"text": "Ask."}]}], "locale": "en",
        "updated": "2026-09-22", "confidence": 0.9 - number / 10,
    }
    for number in range(5)
]  # fmt: skip


class Person:
    """Somebody who is signed in."""

    def __init__(self, http):
        self.http = http

    async def call(self, method, path, body=None, **query):
        headers = {"X-CSRF-Token": self.http.csrf}
        async with self.http.request(
            method, path, json=body, params=query, headers=headers
        ) as answer:
            return answer.status, await answer.json() if answer.status != 204 else {}


async def person(service, role="agent", **more):
    account = await service.account(role, role=role, **more)
    return Person(await service.signed_in(account)), account


async def held_talk(service, account, http):
    """Return the sockets of a customer who has been accepted by an agent."""
    service.bot.answers["refund please"] = handoff(
        triage=[{"field": "order_number", "question": "Which?", "answer": "HV-1"}]
    )
    agent = await service.agent(account, http)
    customer = await service.customer()
    await customer.send("message", message_id="m1", text="refund please")
    offer = await agent.until("offer")
    await agent.send("accept", conversation_id=customer.id, epoch=offer["offer"]["epoch"])
    event = await agent.event("handoff.assigned")
    return customer, agent, event["epoch"]


@pytest.fixture
async def actions():
    """A server in the place of the action server's `/passages`; `asked` is what it was asked."""
    app, asked = web.Application(), []

    async def passages(request):
        asked.append((request.headers["Authorization"], await request.json()))
        found = PASSAGES[: asked[-1][1]["limit"]]
        return web.json_response({"index_version": "v1", "passages": found})

    app.router.add_post("/passages", passages)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app.asked = asked
    app.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    yield app
    await runner.cleanup()


async def test_replies_come_filled_in_for_a_conversation_and_gaps_are_named(service):
    supervisor, _ = await person(service, "supervisor")
    saved = await supervisor.call(
        "PUT", "/api/replies/money-back", REPLY | {"base_version": 0, "shortcut": "back"}
    )
    agent, account = await person(service)
    customer, _, _ = await held_talk(service, account, agent.http)

    status, found = await agent.call(
        "GET", "/api/replies", conversation_id=customer.id, language="ko", q="refund of"
    )

    [reply] = found["replies"]
    assert saved == (200, {"version": 2}) and status == 200 and found["version"] == 2
    assert reply["parts"] == [
        {"text": "Refund of HV-1 to "}, {"gap": "customer.name"}, {"text": "."}
    ]  # fmt: skip
    assert (reply["locale"], reply["foreign"], reply["own"]) == ("en", True, False)
    assert (await agent.call("GET", "/api/replies", conversation_id="c_none"))[0] == 404


async def test_two_who_change_different_replies_do_not_hinder_each_other(service):
    one, _ = await person(service, "supervisor")
    other, _ = await person(service, "admin")
    body = REPLY | {"base_version": 0}

    saved = await asyncio.gather(
        one.call("PUT", "/api/replies/a", body | {"shortcut": "aa"}),
        other.call("PUT", "/api/replies/b", body | {"shortcut": "bb"}),
    )
    same = await other.call("PUT", "/api/replies/a", body | {"shortcut": "mine"})
    macro = await one.call(
        "PUT", "/api/macros/m", {"base_version": 3, "title": "M", "acts": [{"reply": "a"}]}
    )
    needed = await one.call("DELETE", "/api/replies/a", base_version=4)
    gone = await one.call("DELETE", "/api/replies/b", base_version=4)
    history = await one.call("GET", "/api/settings/replies/history")

    assert sorted(status for status, _ in saved) == [200, 200]
    assert (same[0], same[1]["error"]["code"]) == (409, "stale_version")
    assert macro[0] == 200
    assert (needed[0], needed[1]["problems"][0]["field"]) == (400, "macros.m.acts.0.reply")
    assert gone[0] == 200
    assert [version["note"] for version in history[1]["versions"]][:1] == ["replies: b deleted"]
    assert "a" in service.parts.replies.replies and "b" not in service.parts.replies.replies


async def test_what_an_agent_may_not_change_is_refused_and_a_bad_text_is_explained(service):
    agent, _ = await person(service)
    supervisor, _ = await person(service, "supervisor")
    bad = REPLY | {"base_version": 0, "texts": {"en": "{{nothing}}"}}

    refused = await agent.call("PUT", "/api/replies/a", REPLY | {"base_version": 0})
    invalid = await supervisor.call("PUT", "/api/replies/a", bad)
    tried = REPLY["texts"] | {"ko": "{{nothing}}", "ru": " "}
    preview = await agent.call("POST", "/api/replies/preview", {"texts": tried})

    assert refused[0] == 403
    assert (invalid[0], invalid[1]["problems"][0]["field"]) == (400, "replies.a.texts.en")
    assert "{{nothing}} is no placeholder" in invalid[1]["problems"][0]["message"]
    filled = [{"text": "Refund of HV-482913 to Kim Minji."}]
    assert preview == (200, {"texts": {"en": filled}})


async def test_replies_of_a_team_are_its_own_and_replies_of_a_person_theirs(service):
    supervisor, _ = await person(service, "supervisor")
    await supervisor.call(
        "PUT", "/api/replies/a", REPLY | {"base_version": 0, "teams": ["billing"]}
    )
    theirs = Person(await service.signed_in(await service.account("bi", teams=["billing"])))
    agent, _ = await person(service)
    own = {"title": "Mine", "texts": {"en": "Hi"}, "shortcut": "mine"}

    kept = await agent.call("PUT", "/api/replies/own/mine", own)
    bad = await agent.call("PUT", "/api/replies/own/mine", own | {"texts": {}})
    names = [
        {reply["reply_id"] for reply in (await who.call("GET", "/api/replies"))[1]["replies"]}
        for who in (theirs, agent)
    ]
    deleted = await agent.call("DELETE", "/api/replies/own/mine")
    again = await agent.call("DELETE", "/api/replies/own/mine")

    assert kept == (200, {"reply_id": "mine", "shortcut": "mine"} | own)
    assert (bad[0], bad[1]["error"]["code"]) == (400, "settings_invalid")
    assert ("a" in names[0], "mine" in names[0]) == (True, False)
    assert ("a" in names[1], "mine" in names[1]) == (False, True)
    assert (deleted[0], again[0]) == (204, 404)


async def test_a_message_counts_once_for_its_reply_however_often_it_is_sent(service):
    agent, account = await person(service, name="Ann")
    customer, tab, epoch = await held_talk(service, account, agent.http)
    said = {
        "conversation_id": customer.id, "epoch": epoch, "message_id": "a1", "text": "Hello",
        "canned_id": "hello",
    }  # fmt: skip

    for _ in range(3):
        await tab.send("message", **said)
    await tab.send("message", **said | {"message_id": "a2", "canned_id": None, "macro_id": "m"})
    event = await customer.event("message.posted", author="agent", text="Hello")
    last = await tab.event("message.posted", macro_id="m")
    await service.in_history(customer.id, last["seq"])

    assert not {"canned_id", "macro_id"} & set(event["data"])
    used = await used_by_reply(service.parts.database, since_ms=0)
    assert {name: use.uses for name, use in used.items()} == {"hello": 1}
    async with service.parts.database.session() as session:
        macros = [*await session.scalars(select(ReplyUseRow.macro_id).order_by(ReplyUseRow.seq))]
    assert macros == ["", "m"]
    supervisor, _ = await person(service, "supervisor")
    usage = (await supervisor.call("GET", "/api/replies/usage"))[1]["replies"]
    by_day = (await supervisor.call("GET", "/api/replies/usage/hello"))[1]["uses"]
    assert usage[0] | {"last_ms": 0} == {"reply_id": "hello", "uses": 1, "last_ms": 0}
    assert all(reply["last_ms"] is None for reply in usage[1:]) and len(usage) > 5
    assert [(day["agent_name"], day["language"], day["uses"]) for day in by_day] == [
        ("Ann", "en", 1)
    ]


async def test_passages_are_suggested_and_what_is_not_right_is_kept_and_not_shown_again(
    start_service, actions
):
    service = await start_service(actions_url=actions.url)
    agent, account = await person(service)
    customer, _, _ = await held_talk(service, account, agent.http)
    events = (await agent.call("GET", f"/api/conversations/{customer.id}/events"))[1]["events"]
    asked = next(e["seq"] for e in events if e["data"].get("text") == "refund please")
    path = f"/api/conversations/{customer.id}/suggestions"
    wrong = {
        "seq": asked, "passage_id": PASSAGES[0]["passage_id"], "article_id": "article-0",
        "locale": "en", "index_version": "v1", "confidence": 0.9,
    }  # fmt: skip

    status, first = await agent.call("GET", path, seq=asked)
    kept = [await agent.call("POST", f"{path}/verdicts", wrong) for _ in range(2)]
    second = (await agent.call("GET", path, seq=asked))[1]
    async with service.parts.database.session() as session:
        [row] = await session.scalars(select(PassageVerdictRow))
    back = await agent.call("POST", f"{path}/verdicts", wrong | {"verdict": "right"})
    third = (await agent.call("GET", path, seq=asked))[1]

    assert status == 200
    assert actions.asked[0] == (
        f"Bearer {service.settings.rasa_token}",
        {"question": "refund please", "locale": "en", "limit": 3},
    )
    assert first["passages"][0]["url"] == f"{service.url}/help/en/article-0#by-mail"
    assert [one["article_id"] for one in first["passages"]] == [
        "article-0", "article-1", "article-2"
    ]  # fmt: skip
    assert [answer[0] for answer in kept] == [200, 200]
    assert [one["article_id"] for one in second["passages"]] == [
        "article-1", "article-2", "article-3"
    ]  # fmt: skip
    assert second["left_out"] == 1
    assert (row.question, row.agent_id, row.verdict, row.index_version) == (
        "refund please", account["agent_id"], "not_right", "v1",
    )  # fmt: skip
    assert back[0] == 200 and third["passages"] == first["passages"]
    assert (await agent.call("GET", path, seq=asked + 1))[0] == 404, "the bot said that"


async def test_without_an_action_server_the_agent_is_told_so(service):
    agent, account = await person(service)
    customer, _, _ = await held_talk(service, account, agent.http)
    events = (await agent.call("GET", f"/api/conversations/{customer.id}/events"))[1]["events"]
    asked = next(e["seq"] for e in events if e["data"].get("author") == "customer")

    status, body = await agent.call(
        "GET", f"/api/conversations/{customer.id}/suggestions", seq=asked
    )

    assert (status, body["error"]["code"]) == (503, "suggestions_away")
