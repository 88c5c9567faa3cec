"""Known problems: published by a supervisor, on every page at once, spoken of by the bot."""

import pytest
from sqlalchemy import select

from handoff_service.archive.models import AuditRow
from handoff_service.clock import SystemClock
from tests.handoff_service.gateway.harness import handoff, reply

TEXTS = {
    "en": {"title": "Sign-in is slow", "text": "Signing in takes up to a minute."},
    "ru": {"title": "Вход работает медленно", "text": "Вход занимает до минуты."},
}
NOTICE = {"texts": TEXTS, "questions": ["the app does not let me in"], "url": "/help/en/status"}
LATER_MS = 3_600_000


class Desk:
    """A supervisor's browser."""

    def __init__(self, http):
        self.http = http

    async def ask(self, method, path="/api/notices", *, csrf=True, **body):
        headers = {"X-CSRF-Token": self.http.csrf} if csrf else {}
        async with self.http.request(method, path, json=body or None, headers=headers) as answer:
            return answer.status, await answer.json()

    async def publish(self, **more):
        status, notice = await self.ask("POST", **NOTICE | more)
        assert status == 201, notice
        return notice


@pytest.fixture
async def desk(service):
    return Desk(await service.signed_in(await service.account("sue", role="supervisor")))


async def test_a_published_notice_comes_to_every_open_page_in_its_language(start_service):
    first, second = await start_service(), await start_service()
    english, russian, korean = [
        await service.customer(locale=locale)
        for service, locale in ((first, "en"), (second, "ru"), (second, "ko"))
    ]
    desk = Desk(await first.signed_in(await first.account("sue", role="supervisor")))

    published = await desk.publish()

    for page, shown, foreign in (
        (english, "en", False), (russian, "ru", False), (korean, "en", True)
    ):  # fmt: skip
        [notice] = (await page.until("notices"))["notices"]
        assert notice["id"] == published["id"]
        assert {key: notice[key] for key in ("title", "text")} == TEXTS[shown]
        assert (notice["locale"], notice.get("foreign", False)) == (shown, foreign)
        assert notice["url"] == "/help/en/status"
        assert "notices" not in page.welcome


async def test_who_comes_later_is_told_in_the_welcome_until_it_is_withdrawn(service, desk):
    published = await desk.publish()
    page = await service.customer()

    status, withdrawn = await desk.ask("DELETE", f"/api/notices/{published['id']}")

    assert [one["id"] for one in page.welcome["notices"]] == [published["id"]]
    assert (await page.until("notices"))["notices"] == []
    assert (status, withdrawn["stands"]) == (200, False)
    assert "notices" not in (await service.customer()).welcome


async def test_a_change_is_a_new_version_and_keeps_its_beginning(service, desk):
    published = await desk.publish()
    page = await service.customer()
    texts = {"en": {"title": "Sign-in is slow", "text": "It is getting better."}}

    _, changed = await desk.ask("PUT", f"/api/notices/{published['id']}", texts=texts)

    [shown] = (await page.until("notices"))["notices"]
    assert (shown["version"], shown["text"]) == (2, "It is getting better.")
    assert changed["from_ms"] == published["from_ms"] == shown["since_ms"]


async def test_one_whose_time_is_over_leaves_the_pages_by_itself(service, desk):
    now_ms = SystemClock().now_ms()

    await desk.publish(until_ms=now_ms + 1500)
    page = await service.customer()

    assert len(page.welcome["notices"]) == 1
    assert (await page.until("notices"))["notices"] == []


async def test_one_whose_time_has_not_come_is_not_shown(service, desk):
    now_ms = SystemClock().now_ms()

    notice = await desk.publish(from_ms=now_ms + LATER_MS)

    assert notice["stands"] is False
    assert "notices" not in (await service.customer()).welcome


async def test_every_change_is_in_the_audit_trail(service, desk):
    notice = await desk.publish()
    await desk.ask("PUT", f"/api/notices/{notice['id']}", texts=TEXTS)
    await desk.ask("DELETE", f"/api/notices/{notice['id']}")

    async with service.parts.database.session() as session:
        query = select(AuditRow).where(AuditRow.subject == notice["id"]).order_by(AuditRow.at_ms)
        rows = list(await session.scalars(query))

    assert [row.action for row in rows] == [
        "notice.published", "notice.changed", "notice.withdrawn"
    ]  # fmt: skip
    assert {row.actor for row in rows} == {notice["author"]}
    assert rows[0].data["texts"] == TEXTS


@pytest.mark.parametrize("role", ["agent", "maintainer"])
async def test_only_supervisors_and_admins_may_tell_everybody(service, role):
    desk = Desk(await service.signed_in(await service.account("al", role=role)))

    for method, path in (
        ("GET", "/api/notices"), ("POST", "/api/notices"),
        ("PUT", "/api/notices/n_1"), ("DELETE", "/api/notices/n_1"),
    ):  # fmt: skip
        status, answer = await desk.ask(method, path, **({} if method == "GET" else NOTICE))
        assert (status, answer["error"]["code"]) == (403, "not_allowed")


async def test_a_page_without_the_sessions_token_publishes_nothing(desk):
    status, answer = await desk.ask("POST", csrf=False, **NOTICE)

    assert (status, answer["error"]["code"]) == (403, "csrf_refused")
    assert (await desk.ask("GET"))[1]["notices"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"texts": {}}, "texts"),
        ({"texts": {"de": {"title": "a", "text": "b"}}}, "texts.de"),
        ({"texts": {"en": {"title": "a", "text": " "}}}, "texts.en.text"),
        ({"texts": {"en": {"title": "a" * 121, "text": "b"}}}, "texts.en.title"),
        ({"questions": ["x" * 201]}, "questions"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "//elsewhere.example"}, "url"),
        ({"until_ms": 1}, "until_ms"),
    ],
)
async def test_what_cannot_be_published_is_refused_by_its_field(desk, wrong, field):
    status, answer = await desk.ask("POST", **NOTICE | wrong)

    assert (status, answer["error"]["code"]) == (400, "notice_invalid")
    assert answer["error"]["fields"] == [field]


async def test_a_sixth_notice_has_to_wait_for_another_to_go(desk):
    notices = [await desk.publish() for _ in range(5)]

    status, answer = await desk.ask("POST", **NOTICE)
    await desk.ask("DELETE", f"/api/notices/{notices[0]['id']}")

    assert (status, answer["error"]["fields"]) == (400, ["notices"])
    assert (await desk.ask("POST", **NOTICE))[0] == 201


async def test_the_bot_quotes_the_published_words_in_the_language_of_the_turn(service, desk):
    notice = await desk.publish()
    told = reply("anything", kind="notice", notice=notice["id"], sources=[], confidence=None)
    service.bot.answers["не могу войти"] = {"messages": [told], "language": "ru"}
    page = await service.customer(locale="en")

    await page.send("message", message_id="m1", text="не могу войти")
    said = (await page.event("message.posted", author="bot"))["data"]

    [asked] = service.bot.seen
    assert asked["notices"] == [
        {
            "id": notice["id"],
            "titles": [words["title"] for words in TEXTS.values()],
            "texts": [words["text"] for words in TEXTS.values()],
            "questions": NOTICE["questions"],
        }
    ]
    assert said["kind"] == "notice"
    assert said["notice"] == notice["id"]
    assert TEXTS["ru"]["title"] in said["text"]
    assert TEXTS["ru"]["text"] in said["text"]
    [source] = said["sources"]
    assert (source["quote"], source["locale"]) == (TEXTS["ru"]["text"], "ru")
    assert [one["payload"]["action"] for one in said["buttons"]] == [
        "helped", "other_problem", "request_person"
    ]  # fmt: skip


async def test_who_waits_for_a_person_is_told_of_the_problem_too(service, desk):
    notice = await desk.publish()
    told = reply("anything", kind="notice", notice=notice["id"])
    service.bot.answers |= {"person": handoff(), "log in": {"messages": [told], "language": "en"}}
    await service.agent(await service.account("an"))
    page = await service.customer()
    await page.send("message", message_id="m1", text="person")
    await page.event("handoff.requested")

    await page.send("message", message_id="m2", text="log in")

    assert (await page.event("message.posted", author="bot"))["data"]["notice"] == notice["id"]


async def test_the_operator_does_the_same_with_the_secret(service):
    http, path = await service.http(), "/internal/notices"
    headers = {"Authorization": f"Bearer {service.settings.internal_secret}"}

    async with http.post(path, json=NOTICE, headers=headers) as answer:
        notice = await answer.json()
    async with http.post(path, json=NOTICE) as refused:
        status = refused.status

    assert (answer.status, notice["author"], status) == (201, "operator", 404)
