"""Settings over HTTP: they hold in every process, bad ones are refused, old ones come back."""

import asyncio

import pytest

from handoff_service.archive.setting_versions import save
from tests.handoff_service.gateway.harness import DEADLINE_S, handoff

OPEN = {"teams": {"support": {"zone": "UTC", "hours": {"mon-sun": "00:00-24:00"}}}}
CLOSED = {"teams": {"support": {"zone": "UTC", "hours": {"mon": "00:00-00:01"}}}}


async def _people(service, role="admin"):
    http = await service.signed_in(await service.account(role, role=role))
    http.headers["X-CSRF-Token"] = http.csrf
    return http


async def _call(http, method, path, body=None):
    async with http.request(method, f"/api/settings{path}", json=body) as answer:
        return answer.status, await answer.json()


async def _put(http, area, document, *, base, **more):
    body = {"base_version": base, "document": document, **more}
    return await _call(http, "PUT", f"/{area}", body)


async def _until(condition):
    """Wait until another process follows, which tells nobody."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            if condition():
                return
            await asyncio.sleep(0.02)  # what another process has heard, it tells nobody


async def test_what_is_saved_holds_in_every_process_and_after_a_restart(start_service):
    here, there = await start_service(), await start_service()
    admin = await _people(here)

    status, saved = await _put(admin, "hours", CLOSED, base=0, note="strike")

    assert (status, saved["version"], saved["standing"]) == (200, 2, 2), "the file became the first"
    assert saved["author_name"] == "Admin"
    await _until(lambda: there.parts.hours == here.parts.hours)
    assert there.parts.hours.back_at("", now_ms=there.parts.clock.now_ms()) is not None
    page = await there.customer()
    await page.send("request_person", message_id="p1")
    asked = await page.event("handoff.requested")
    assert asked["data"]["back_at_ms"] > there.parts.clock.now_ms()

    later = await start_service()
    assert later.parts.hours == here.parts.hours
    files = await start_service(settings_from="files")
    assert files.parts.hours != here.parts.hours
    status, refused = await _put(await _people(files, "supervisor"), "hours", OPEN, base=2)
    assert (status, refused["error"]["code"]) == (403, "settings_from_files")


async def test_who_saves_from_an_old_version_loses_nothing(service):
    one, other = await _people(service), await _people(service, "supervisor")
    await _put(one, "hours", OPEN, base=0)
    theirs = {"teams": {"support": OPEN["teams"]["support"] | {"zone": "Asia/Seoul"}}}
    await _put(other, "hours", theirs, base=2)

    status, refused = await _put(one, "hours", CLOSED, base=2)

    assert (status, refused["error"]["code"]) == (409, "stale_version")
    assert refused["seen"] == OPEN
    assert refused["current"]["version"] == 3
    assert refused["current"]["document"] == theirs
    assert refused["changes"] == [
        {"where": "teams.support.zone", "before": "UTC", "after": "Asia/Seoul"}
    ]
    assert (await _call(one, "GET", "/hours"))[1]["document"] == theirs


@pytest.mark.parametrize(
    ("area", "document", "field"),
    [
        ("hours", {"teams": {"a": {"zone": "Mars/Base", "hours": {"mon": "1-2"}}}}, "teams.a.zone"),
        ("routing", {"topics": {"order": {"priority": 12}}}, "topics.order.priority"),
        ("sites", {"sites": {"shop": {"colour": "green-ish"}}}, "sites.shop.colour"),
        ("proactive", {"rules": [{"id": "Hello", "text": {"en": "Hi"}}]}, "rules.0.id"),
        ("desk", {"offer_timeout_s": 1}, "offer_timeout_s"),
        ("desk", {"tags": ["vip", "vip"]}, "tags.1"),
        ("desk", {"wrong": 1}, "wrong"),
        ("hours", {"teams": {"a": "\ud800"}}, None),
        ("routing", {"topics": {"a\u0000": {}}}, None),
    ],
)
async def test_what_its_reader_cannot_use_is_refused_with_its_place(service, area, document, field):
    admin = await _people(service)

    status, refused = await _put(admin, area, document, base=0)
    _, checked = await _call(admin, "POST", f"/{area}/check", {"document": document})

    assert (status, refused["error"]["code"]) == (400, "settings_invalid")
    assert refused["problems"] == checked["problems"]
    assert field is None or field in refused["error"]["fields"]
    assert (await _call(admin, "GET", f"/{area}"))[1]["version"] == 0


async def test_yaml_keeps_its_comments_and_its_lines(service):
    admin = await _people(service)
    text = "default: {sla_s: 600}\ntopics:  # what it is about\n  order: {skill: orders}\n"
    bad = text + "  refund: {level: 3}\n"

    refused = await _call(admin, "PUT", "/routing", {"base_version": 0, "text": bad})
    aliased = await _call(
        admin, "PUT", "/routing", {"base_version": 0, "text": "default: &a {}\nflags: {x: *a}\n"}
    )
    _, saved = await _call(admin, "PUT", "/routing", {"base_version": 0, "text": text})

    assert refused[1]["problems"][0]["line"] == 4
    assert "alias" in aliased[1]["problems"][0]["message"]
    assert saved["text"] == text
    assert saved["document"]["topics"] == {"order": {"skill": "orders"}}
    assert service.parts.settings_keeper.routing.now.topics["order"].skill == "orders"


async def test_undo_is_a_new_version_and_the_file_is_the_first(service):
    admin = await _people(service)
    first = (await _call(admin, "GET", "/hours"))[1]
    await _put(admin, "hours", OPEN, base=0, note="open")
    await _put(admin, "hours", CLOSED, base=2, note="closed")

    status, restored = await _call(admin, "POST", "/hours/restore", {"version": 1})

    assert (status, restored["version"], restored["restored"]) == (200, 4, 1)
    assert (restored["document"], restored["text"]) == (first["document"], first["text"])
    _, listed = await _call(admin, "GET", "/hours/history?limit=3")
    assert [(each["version"], each["note"]) for each in listed["versions"]] == [
        (4, ""), (3, "closed"), (2, "open")
    ]  # fmt: skip
    _, rest = await _call(admin, "GET", f"/hours/history?after={listed['after']}")
    assert [(each["version"], each["author"]) for each in rest["versions"]] == [(1, "file")]
    assert rest["after"] is None
    _, third = await _call(admin, "GET", "/hours/versions/3")
    assert third["changes"] == [
        {"where": "teams.support.hours.mon-sun", "before": "00:00-24:00", "after": None},
        {"where": "teams.support.hours.mon", "before": None, "after": "00:00-00:01"},
    ]
    assert (await _call(admin, "GET", "/hours/versions/9"))[0] == 404
    assert (await _call(admin, "GET", "/nothing"))[0] == 404


async def test_a_dry_run_says_what_would_be_otherwise_and_saves_nothing(service):
    admin = await _people(service)
    service.bot.answers["refund"] = handoff(topic="refund")
    page = await service.customer()
    await page.send("message", message_id="m", text="refund")
    await page.event("handoff.requested")

    _, routing = await _call(
        admin, "POST", "/routing/check", {"document": {"topics": {"refund": {"priority": 9}}}}
    )
    await _put(admin, "hours", CLOSED, base=0)
    _, hours = await _call(admin, "POST", "/hours/check", {"document": OPEN})

    [effect] = routing["effects"]
    assert (effect["code"], effect["count"], effect["of"]) == ("waiting_rerouted", 1, 1)
    assert {"code": "opens_now", "name": "support"}.items() <= hours["effects"][0].items()
    assert hours["changes"]
    assert (await _call(admin, "GET", "/routing"))[1]["version"] == 0


async def test_supervisors_keep_the_hours_and_admins_everything(service):
    supervisor, agent = await _people(service, "supervisor"), await _people(service, "agent")

    assert (await _put(supervisor, "hours", OPEN, base=0))[0] == 200
    assert (await _put(supervisor, "routing", {}, base=0))[0] == 403
    assert (await _call(agent, "GET", ""))[0] == 403
    _, listed = await _call(supervisor, "GET", "")
    may = {area["area"]: area["may_change"] for area in listed["areas"]}
    assert may["hours"]
    assert not may["routing"]


async def test_a_version_that_cannot_be_used_never_stops_the_service(start_service):
    service = await start_service()
    admin = await _people(service)
    await _put(admin, "desk", {"wrap_up_s": 77}, base=0)
    await _put(admin, "desk", {"wrap_up_s": 78}, base=2)

    bad = {"from_the_future": 1}
    await save(service.parts.database, "desk", bad, base=3, author="x", now_ms=1)
    await _until(lambda: service.parts.settings_keeper.problems)
    started_later = await start_service()

    for process in (service, started_later):
        assert process.parts.rules.wrap_up_s == 78
        async with (await process.http()).get("/readyz") as answer:
            check = (await answer.json())["checks"]["settings"]
        assert not check["ok"]
        assert "desk: version 4 cannot be used here: from_the_future" in check["why"]
    _, shown = await _call(admin, "GET", "/desk")
    assert (shown["version"], shown["standing"]) == (4, 3)
    assert "from_the_future" in shown["problem"]

    assert (await _put(admin, "desk", {"wrap_up_s": 79}, base=4))[0] == 200
    await _until(lambda: started_later.parts.rules.wrap_up_s == 79)
    assert not started_later.parts.settings_keeper.problems


async def test_who_waits_is_routed_by_the_new_rules_and_people_know_better(service):
    admin = await _people(service)
    service.bot.answers |= {topic: handoff(topic=topic) for topic in ("order", "refund", "legal")}
    pages = {}
    for topic in ("order", "refund", "legal"):
        pages[topic] = await service.customer()
        await pages[topic].send("message", message_id=topic, text=topic)
        await pages[topic].event("handoff.requested")
    store, now_ms = service.parts.store, service.parts.clock.now_ms()
    await store.annotations.prioritize(
        pages["legal"].id, agent_id="a", author_name="A", message_id="p", priority=9, now_ms=now_ms
    )

    rules = {"refund": {"priority": 8, "skill": "billing", "sla_s": 60}, "legal": {"priority": 1}}
    await _put(admin, "routing", {"topics": rules}, base=0)

    async with asyncio.timeout(DEADLINE_S):
        while True:
            talks = await store.conversations.get_many([page.id for page in pages.values()])
            order, refund, legal = (talk.needs for talk in talks)
            if refund.skill == "billing":
                break
            await asyncio.sleep(0.02)  # the leader tells nobody when it has been through all
    assert (refund.priority, refund.sla_ms) == (8, 60_000)
    assert (order.skill, order.priority) == (None, 5)
    assert legal.priority == 9, "a person set it"
    line = await store.queue.waiting()
    assert line == [pages[topic].id for topic in ("legal", "refund", "order")]
    events = [event.type for event in await store.conversations.events(pages["refund"].id)]
    assert events.count("handoff.rerouted") == 1
    await pages["refund"].drain()
    assert "handoff.rerouted" not in [event["type"] for event in pages["refund"].events()]
