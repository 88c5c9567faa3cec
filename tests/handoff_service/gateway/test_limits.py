"""The bucket of a caller: a burst, then a rate; each caller apart, and told when it is empty."""

import pytest

from handoff_service.limits import MAX_CALLERS, RateLimit
from handoff_service.refusals import RateLimited


def taken(limit, caller, now_ms):
    try:
        limit.take(caller, now_ms=now_ms)
    except RateLimited:
        return False
    return True


def test_a_burst_passes_then_one_each_interval():
    limit = RateLimit(per_minute=60, burst=3)

    assert [taken(limit, "a", 0) for _ in range(5)] == [True, True, True, False, False]
    assert [taken(limit, "a", now) for now in (999, 1000, 1000, 2000)] == [False, True, False, True]


def test_a_pause_refills_the_burst_and_no_more():
    limit = RateLimit(per_minute=60, burst=3)
    for _ in range(3):
        limit.take("a", now_ms=0)

    assert [taken(limit, "a", 1_000_000) for _ in range(4)] == [True, True, True, False]


def test_callers_do_not_share():
    limit = RateLimit(per_minute=1, burst=1)

    assert taken(limit, "a", 0)
    assert taken(limit, "b", 0)
    assert not taken(limit, "a", 1)


def test_the_wait_is_told():
    limit = RateLimit(per_minute=6, burst=1)
    limit.take("a", now_ms=0)

    with pytest.raises(RateLimited) as refused:
        limit.take("a", now_ms=3000)

    assert refused.value.retry_after_s == 7


def test_memory_is_bounded():
    limit = RateLimit(per_minute=1, burst=1)
    for number in range(MAX_CALLERS + 10):
        limit.take(str(number), now_ms=0)

    assert taken(limit, "0", 1)
    assert not taken(limit, str(MAX_CALLERS), 1)


async def test_frames_over_the_limit_are_refused_with_their_id(start_service):
    service = await start_service(messages_burst=3, messages_per_minute=1)
    page = await service.customer()

    for number in range(5):
        await page.send("message", message_id=f"m{number}", text="hi")

    error = await page.until("error")
    assert (error["code"], error["message_id"]) == ("rate_limited", "m3")
    assert [f["message_id"] for f in page.frames if f["type"] == "ack"] == ["m0", "m1", "m2"]


async def test_measurements_of_the_operator_are_not_held_to_the_limits(start_service):
    service = await start_service(messages_burst=1, messages_per_minute=1, sessions_per_minute=1)
    http = await service.http()
    headers = {"Authorization": f"Bearer {service.settings.internal_secret}"}

    for _ in range(3):
        async with http.post("/api/customer/session", json={}, headers=headers) as answer:
            session = await answer.json()
    page = await service.customer(session)
    for number in range(5):
        await page.send("message", message_id=f"m{number}", text="hi")
        assert await page.until("ack", message_id=f"m{number}")

    headers = {"Authorization": "Bearer wrong"}
    async with http.post("/api/customer/session", json={}, headers=headers) as answer:
        assert answer.status == 401


async def test_sessions_over_the_limit_are_refused_with_the_time_to_wait(start_service):
    service = await start_service(sessions_per_minute=2)
    http = await service.http()

    answers = [await http.post("/api/customer/session", json={}) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
