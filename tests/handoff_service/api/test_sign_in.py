"""Signing in: cookies, CSRF, limits, roles."""

import asyncio

import pytest

from handoff_service.archive.models import AccountRow, AccountSessionRow


async def log_in(http, login, password, **kwargs):
    return await http.post("/api/login", json={"login": login, "password": password}, **kwargs)


async def code_of(answer):
    return (await answer.json())["error"]["code"]


async def test_signing_in_sets_a_cookie_that_scripts_cannot_read(service):
    account = await service.account(login="ann", languages=["ko"], capacity=3)
    http = await service.http()

    answer = await log_in(http, " Ann ", account["password"])

    body = await answer.json()
    assert body["agent"] == {
        "agent_id": account["agent_id"], "login": "ann", "name": "Ann",
        "languages": ["ko"], "capacity": 3, "role": "agent", "skills": {}, "teams": [],
    }  # fmt: skip
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    me = await http.get("/api/me")
    assert await me.json() == {"agent": body["agent"], "csrf_token": body["csrf_token"]}


async def test_behind_https_the_cookie_is_secure_and_the_site_pinned(start_service):
    service = await start_service(public_url="https://help.example")
    service.url = f"http://127.0.0.1:{service.settings.port}"
    account = await service.account()

    answer = await log_in(await service.http(), "jo", account["password"])

    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"]


async def test_neither_passwords_nor_tokens_are_kept(service):
    from sqlalchemy import select

    account = await service.account()
    http = await service.signed_in(account)
    cookie = next(iter(http.cookie_jar)).value

    async with service.parts.database.session() as session:
        row = await session.scalar(select(AccountRow))
        kept = await session.scalar(select(AccountSessionRow))

    assert row.password_hash.startswith("$argon2id$")
    assert account["password"] not in row.password_hash
    assert cookie != kept.token_hash
    assert len(kept.token_hash) == 64


@pytest.mark.parametrize("login", ["jo", "nobody"])
async def test_a_wrong_password_and_an_unknown_login_get_one_answer(service, login):
    await service.account()

    answer = await log_in(await service.http(), login, "not the password")

    assert (answer.status, await code_of(answer)) == (401, "wrong_password")
    assert "Set-Cookie" not in answer.headers


async def test_failures_are_limited_and_parallel_ones_count_each_other(start_service):
    service = await start_service(logins_per_minute=3)
    account = await service.account()
    http = await service.http()

    answers = await asyncio.gather(*(log_in(http, "jo", f"guess {n}") for n in range(8)))

    statuses = sorted(answer.status for answer in answers)
    assert statuses == [401] * 3 + [429] * 5
    refused = await log_in(http, "jo", account["password"])
    assert (refused.status, await code_of(refused)) == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) > 0


async def test_failures_of_one_login_do_not_lock_another(start_service):
    service = await start_service(logins_per_minute=2)
    other = await service.account(login="other")
    http = await service.http()
    for _ in range(3):
        await log_in(http, "jo", "guess")

    assert (await log_in(http, "other", other["password"])).status == 200


async def test_the_right_password_does_not_count_as_a_failure(start_service):
    service = await start_service(logins_per_minute=2)
    account = await service.account()

    for _ in range(5):
        assert (await log_in(await service.http(), "jo", account["password"])).status == 200


async def test_another_address_behind_the_proxy_is_counted_apart(start_service):
    service = await start_service(logins_per_minute=1)
    await service.account()
    http = await service.http()

    first = [
        (await log_in(http, "jo", "x", headers={"X-Forwarded-For": "198.51.100.7"})).status
        for _ in range(2)
    ]
    spoofed = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    assert [*first, (await log_in(http, "jo", "x", headers=spoofed)).status] == [401, 429, 429]
    elsewhere = await log_in(http, "jo", "x", headers={"X-Forwarded-For": "203.0.113.9"})
    assert elsewhere.status == 401


async def test_signing_in_from_a_foreign_page_is_refused(service):
    account = await service.account()

    answer = await log_in(
        await service.http(), "jo", account["password"], headers={"Origin": "https://evil.example"}
    )

    assert (answer.status, await code_of(answer)) == (403, "origin_refused")


@pytest.mark.parametrize("token", [None, "", "wrong", "ü"])
async def test_signing_out_needs_the_csrf_token(service, token):
    http = await service.signed_in(await service.account())

    refused = await http.post(
        "/api/logout", headers={} if token is None else {"X-CSRF-Token": token}
    )

    assert (refused.status, await code_of(refused)) == (403, "csrf_refused")
    assert (await http.get("/api/me")).status == 200


async def test_a_signed_out_session_is_over_even_if_its_cookie_is_kept(service):
    http = await service.signed_in(await service.account())
    cookie = next(iter(http.cookie_jar)).value

    assert (await http.post("/api/logout", headers={"X-CSRF-Token": http.csrf})).status == 200

    again = await (await service.http()).get(
        "/api/me", headers={"Cookie": f"baton_session={cookie}"}
    )
    assert (again.status, await code_of(again)) == (401, "not_signed_in")


async def test_the_csrf_token_of_one_session_does_not_serve_another(service):
    account = await service.account()
    one, two = await service.signed_in(account), await service.signed_in(account)

    refused = await one.post("/api/logout", headers={"X-CSRF-Token": two.csrf})

    assert refused.status == 403


async def test_a_session_expires(start_service):
    service = await start_service(agent_session_hours=1)
    http = await service.signed_in(await service.account())
    cookie = next(iter(http.cookie_jar)).value
    from handoff_service.archive.sessions import find_signed_in
    from handoff_service.refusals import NotSignedIn

    now_ms = service.parts.clock.now_ms()
    assert await find_signed_in(service.parts.database, cookie, now_ms=now_ms)
    with pytest.raises(NotSignedIn):
        await find_signed_in(service.parts.database, cookie, now_ms=now_ms + 3_600_001)


async def test_a_disabled_account_is_out_at_once(service):
    account = await service.account()
    http = await service.signed_in(account)
    operator = {"Authorization": f"Bearer {service.settings.internal_secret}"}

    assert (await http.delete("/internal/accounts/jo", headers=operator)).status == 204

    assert (await http.get("/api/me")).status == 401
    assert (await log_in(http, "jo", account["password"])).status == 401
    assert (await http.delete("/internal/accounts/jo", headers=operator)).status == 404
