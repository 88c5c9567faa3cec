"""Health, readiness, metrics, the operator's routes."""

import json

import pytest

from tests.handoff_service.gateway.harness import reply


@pytest.fixture
def published(tmp_path):
    """A knowledge base that is there."""
    folder = tmp_path / "kb" / "current"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")


def operator(service, secret=None):
    return {"Authorization": f"Bearer {secret or service.settings.internal_secret}"}


async def test_a_process_that_answers_is_alive(service):
    answer = await (await service.http()).get("/healthz")

    assert (answer.status, (await answer.json())["ok"]) == (200, True)


async def test_ready_when_everything_is_there(service, published):
    answer = await (await service.http()).get("/readyz")

    body = await answer.json()
    assert (answer.status, body["ready"]) == (200, True), body
    assert set(body["checks"]) == {
        "redis", "sql", "archive", "index", "rasa", "actions", "clock", "settings"
    }  # fmt: skip


async def test_a_history_that_is_far_behind_is_told_of_by_replicas_that_stay_ready(
    service, published, monkeypatch
):
    monkeypatch.setattr("handoff_service.api.operations.MOST_ARCHIVE_LAG", -1)

    answer = await (await service.http()).get("/readyz")

    body = await answer.json()
    assert (answer.status, body["ready"]) == (200, True)
    assert not body["checks"]["archive"]["ok"]
    assert "wait in Redis for the history" in body["checks"]["archive"]["why"]


async def test_not_ready_without_an_index_or_a_bot_and_the_remedy_is_named(service):
    service.bot.healthy = False

    answer = await (await service.http()).get("/readyz")

    checks = (await answer.json())["checks"]
    assert answer.status == 503
    assert {name for name, check in checks.items() if not check["ok"]} == {
        "index",
        "rasa",
        "actions",
    }
    assert "baton kb build" in checks["index"]["why"]


async def test_not_ready_when_nothing_answers_in_rasas_place(start_service, published):
    service = await start_service(rasa_url="http://127.0.0.1:9")

    answer = await (await service.http()).get("/readyz")

    checks = (await answer.json())["checks"]
    assert answer.status == 503
    assert "BATON_RASA_URL" in checks["rasa"]["why"]
    assert not checks["actions"]["ok"]


async def test_redis_without_persistence_is_not_ready(
    service, published, own_redis_server, start_service
):
    own = await start_service(redis_url=own_redis_server.url)
    await own.parts.store.redis.config_set("appendonly", "no")

    checks = (await (await (await own.http()).get("/readyz")).json())["checks"]

    assert not checks["redis"]["ok"]
    assert "appendonly" in checks["redis"]["why"]


async def test_with_redis_down_the_process_lives_and_says_so(
    own_redis_server, start_service, published
):
    service = await start_service(redis_url=own_redis_server.url, redis_timeout_s=1)
    http = await service.http()
    own_redis_server.kill()

    ready = await http.get("/readyz")
    session = await http.post("/api/customer/session", json={})

    assert ready.status == 503
    assert not (await ready.json())["checks"]["redis"]["ok"]
    assert (await http.get("/healthz")).status == 200
    assert (session.status, (await session.json())["error"]["code"]) == (503, "unavailable")
    assert (await http.get("/metrics")).status == 200

    own_redis_server.start()
    page = await service.customer()
    await page.send("message", message_id="m1", text="hi")
    assert await page.event("message.posted", author="bot")


async def test_the_metrics_count_what_happened(service):
    service.bot.answers["hi"] = {"messages": [reply("Hi.", sources=[{"article_id": "hello"}])]}
    page = await service.customer()
    await page.send("message", message_id="m1", text="hi")
    answer = await page.event("message.posted", author="bot")
    await page.send("message", message_id="m2", text="")
    await page.until("error")
    await page.send("request_person", message_id="p1")
    await page.event("handoff.requested")
    for number, helpful in enumerate((True, False, False)):
        await page.send("vote", message_id=f"v{number}", seq=answer["seq"], helpful=helpful)
        vote = await page.event("answer.voted")
    await service.in_history(page.id, vote["seq"])

    text = await (await (await service.http()).get("/metrics")).text()

    for line in (
        "baton_turns_total 1.0",
        "baton_turn_seconds_count 1.0",
        'baton_handoffs_total{reason="asked"} 1.0',
        'baton_votes_total{helpful="true"} 1.0',
        'baton_votes_total{helpful="false"} 2.0',
        "baton_queue_length 1.0",
        'baton_sockets{side="customer"} 1.0',
        'baton_refused_frames_total{code="empty_message"} 1.0',
        "baton_archive_lag 0.0",
    ):
        assert line in text, f"{line} not in\n{text}"


@pytest.mark.parametrize("secret", [None, "", "wrong"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/internal/transcripts"),
        ("GET", "/internal/status"),
        ("POST", "/internal/accounts"),
        ("DELETE", "/internal/accounts/jo"),
    ],
)
async def test_operator_routes_do_not_exist_for_others(service, method, path, secret):
    http = await service.http()
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}

    answer = await http.request(method, path, json={"login": "jo", "name": "Jo"}, headers=headers)

    assert (answer.status, (await answer.json())["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ({"login": "jo"}, "bad_frame", ["name"]),
        ({"login": "J O", "name": "Jo"}, "account_invalid", ["login"]),
        ({"login": "jo", "name": " "}, "account_invalid", ["name"]),
        ({"login": "jo", "name": "Jo", "role": "king"}, "account_invalid", ["role"]),
        ({"login": "jo", "name": "Jo", "languages": ["xx"]}, "account_invalid", ["language"]),
        ({"login": "jo", "name": "Jo", "capacity": 0}, "account_invalid", ["capacity"]),
        ({"login": "jo", "name": "Jo", "skills": {"a": 9}}, "account_invalid", ["skill"]),
        ({"login": "jo", "name": "Jo", "teams": ["A B"]}, "account_invalid", ["team"]),
        (
            {"login": "jo", "name": "Jo", "password": "short"},
            "password_refused",
            ["password", "too_short"],
        ),
    ],
)
async def test_an_account_that_cannot_be_is_refused_by_field(service, body, code, fields):
    http = await service.http()

    answer = await http.post("/internal/accounts", json=body, headers=operator(service))

    error = (await answer.json())["error"]
    assert (answer.status, error["code"], error["fields"]) == (400, code, fields)


async def test_a_login_is_given_once(service):
    await service.account()
    http = await service.http()

    answer = await http.post(
        "/internal/accounts", json={"login": "jo", "name": "Jo"}, headers=operator(service)
    )

    assert (answer.status, (await answer.json())["error"]["code"]) == (409, "login_taken")


async def test_the_status_tells_what_goes_on(service):
    page = await service.customer()
    await page.send("request_person", message_id="p1")
    await page.until("state", state="waiting")

    status = await (
        await (await service.http()).get("/internal/status", headers=operator(service))
    ).json()

    assert (status["waiting"], status["on_duty"], status["customer_sockets"]) == (1, False, 1)


async def test_closed_conversations_are_streamed_as_json_lines(service):
    page = await service.customer()
    await page.send("message", message_id="m1", text="hi")
    await page.event("message.posted", author="bot")
    store, now_ms = service.parts.store, service.parts.clock.now_ms()
    from handoff_service.domain import ClosedBy

    outcome = await store.conversations.close(
        page.id, by=ClosedBy.CUSTOMER, reason="done", now_ms=now_ms
    )
    await service.in_history(page.id, outcome.seq)
    http = await service.http()

    answer = await http.get("/internal/transcripts?since_ms=0", headers=operator(service))
    later = await http.get(
        f"/internal/transcripts?since_ms={now_ms + 1}", headers=operator(service)
    )

    lines = [json.loads(line) for line in (await answer.text()).splitlines()]
    assert [line["id"] for line in lines] == [page.id]
    live = [e.to_json() for e in await store.conversations.events(page.id)]
    assert lines[0]["events"] == live
    assert await later.text() == ""
