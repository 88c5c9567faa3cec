"""Numbers by API: what is asked, who learns what, what is behind them."""

import asyncio
import csv
import io

import pytest

from handoff_service.archive.tables.reports import StintRow

YEARS = "from_ms=1779000000000&to_ms=2090000000000"


@pytest.fixture
async def desk(service):
    """Ann has answered one customer, Ben another; both are counted."""
    agents = {}
    for login in ("ann", "ben"):
        agents[login] = agent = await service.agent(await service.account(login=login))
        page = await service.customer()
        await page.send("request_person", message_id="p1")
        offer = (await agent.until("offer"))["offer"]
        whose = {"conversation_id": page.id}
        await agent.send("accept", epoch=offer["epoch"], **whose)
        epoch = (await agent.until("conversation"))["summary"]["epoch"]
        await agent.send("message", epoch=epoch, message_id="a1", text="Hello!", **whose)
        await agent.until("ack")
        await agent.send("close", epoch=epoch, **whose)
        await page.event("conversation.closed")
        await agent.send("presence", status="offline")
        await agent.until("presence", status="offline")
    async with asyncio.timeout(15):
        while await _stints(service) < 2:  # noqa: ASYNC110 (SQL tells nobody: asking is the way)
            await asyncio.sleep(0.05)
    service.agents = agents
    return service


async def _stints(service):
    from sqlalchemy import func, select

    async with service.parts.database.session() as session:
        return await session.scalar(select(func.count()).select_from(StintRow))


async def ask(http, path, status=200):
    async with http.get(f"/api/reports/{path}") as answer:
        assert answer.status == status, await answer.text()
        return await (answer.json() if answer.content_type == "application/json" else answer.text())


async def test_a_supervisor_learns_all_numbers_an_agent_their_own(desk):
    boss = await desk.signed_in(await desk.account(login="boss", role="supervisor"))

    whole = await ask(boss, f"metrics?{YEARS}&by=agent&tz=Asia/Seoul")
    other = f"filter=agent:{desk.agents['ben'].id}"
    own = await ask(desk.agents["ann"].http, f"metrics?{YEARS}&by=agent&{other}")

    assert whole["total"]["handled"] == {"value": 2, "count": 2, "parts": {"closed": 2}}
    assert whole["total"]["handoff_rate"]["value"] == 1
    assert whole["total"]["frt_p50"]["count"] == 2
    assert whole["total"]["fcr"] == {"value": None, "count": 0}, "seven days have not passed"
    assert {group["label"] for group in whole["groups"]} >= {"Ann", "Ben"}
    assert own["total"]["handled"]["value"] == 1
    assert {group["label"] for group in own["groups"]} == {"Ann"}
    seen = await ask(boss, f"conversations?{YEARS}&metric=handled")
    mine = await ask(desk.agents["ann"].http, f"conversations?{YEARS}&metric=handled")
    assert (seen["count"], mine["count"], mine["after"]) == (2, 1, None)
    assert [each["agent_name"] for each in seen["conversations"]] == ["Ben", "Ann"]
    first = await ask(boss, f"conversations?{YEARS}&metric=aht&limit=1")
    second = await ask(boss, f"conversations?{YEARS}&metric=aht&limit=1&after={first['after']}")
    assert [first["conversations"][0]["agent_name"], second["conversations"][0]["agent_name"]] == [
        "Ben", "Ann"
    ]  # fmt: skip
    assert (second["after"], second["count"]) == (None, 2)
    text = await ask(boss, f"metrics.csv?{YEARS}&by=language")
    assert text.startswith("\ufeff"), "without a mark, Excel takes it for Latin-1"
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    handled = [row for row in rows if row["metric"] == "handled" and not row["part"]]
    assert [(row["group"], row["value"]) for row in handled] == [("", "2"), ("en", "2")]
    defined = (await ask(boss, "definitions"))["definitions"]
    assert list(whole["total"]) == [each["id"] for each in defined]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("metrics?from_ms=5&to_ms=5", "from_ms"),
        ("metrics?from_ms=0&to_ms=4102444800000", "from_ms"),
        (f"metrics?{YEARS}&tz=Mars/Olympus", "tz"),
        (f"metrics?{YEARS}&tz=../../etc/passwd", "tz"),
        (f"metrics?{YEARS}&by=mood", "by"),
        (f"metrics?{YEARS}&filter=mood:good", "filter"),
        (f"metrics?{YEARS}&metric=luck", "metric"),
        (f"conversations?{YEARS}&metric=luck", "metric"),
        (f"conversations?{YEARS}&metric=csat&part=6", "part"),
        (f"conversations?{YEARS}&metric=csat&by=day", "key"),
        (f"conversations?{YEARS}&metric=csat&after=later", "after"),
    ],
)
async def test_what_cannot_be_asked_is_named(service, path, field):
    http = await service.signed_in(await service.account(role="admin"))

    told = await ask(http, path, status=400)

    assert field in told["error"]["fields"]
