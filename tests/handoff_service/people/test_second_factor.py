"""Second factors: set up, asked for, lost; codes that serve once."""

import asyncio

from handoff_service.archive.accounts import Role
from tests.handoff_service.people.people import Person, code_at, post


async def set_up(jo):
    """Set a second factor up; return its secret, the recovery codes, the time of the code."""
    begun = await jo.ask("POST", "/api/me/second-factor", {"password": jo.account["password"]})
    assert begun["uri"].startswith("otpauth://totp/Baton:jo?secret=")
    assert begun["path"].startswith("M")
    now_ms = jo.service.parts.clock.now_ms()
    # Of the step before: the codes of this one and of the next are still to be used.
    code = code_at(begun["secret"], now_ms, steps=-1)
    done = await jo.ask("PUT", "/api/me/second-factor", {"code": code})
    jo.http.csrf = done["csrf_token"]
    return begun["secret"], done["recovery_codes"], now_ms


async def first_step(service, jo):
    http = await service.http()
    answer = await post(http, "/api/login", login="jo", password=jo.account["password"])
    return http, answer


async def test_signing_in_takes_a_code_that_serves_once(service, person):
    jo = await person(service)
    other = Person(service, await service.signed_in(jo.account), jo.account)
    cookie = next(iter(jo.http.cookie_jar)).value
    secret, _, now_ms = await set_up(jo)

    assert next(iter(jo.http.cookie_jar)).value != cookie  # the session rotated
    await jo.ask("GET", "/api/me")
    assert await other.refused("GET", "/api/me", status=401) == "not_signed_in"
    http, first = await first_step(service, jo)
    assert (first["step"], first["agent"], first["csrf_token"]) == ("code", None, "")
    assert (await http.get("/api/me")).status == 401
    used = code_at(secret, now_ms, steps=-1)
    wrong = await post(http, "/api/login/code", 403, ticket=first["ticket"], code=used)
    assert wrong["error"]["code"] == "wrong_code"
    done = await post(http, "/api/login/code", ticket=first["ticket"], code=code_at(secret, now_ms))
    assert (done["step"], done["agent"]["login"]) == ("done", "jo")
    assert (await http.get("/api/me")).status == 200
    gone = await post(
        http, "/api/login/code", 401, ticket=first["ticket"], code=code_at(secret, now_ms, steps=1)
    )
    assert gone["error"]["code"] == "ticket_gone"
    how = [line["how"] for line in (await jo.ask("GET", "/api/me/sessions"))["sessions"]]
    assert sorted(how) == ["password", "second_factor"]


async def test_of_two_who_send_one_code_one_gets_in(service, person):
    jo = await person(service)
    secret, _, now_ms = await set_up(jo)
    tries = [await first_step(service, jo) for _ in range(3)]

    answers = await asyncio.gather(
        *(
            http.post(
                "/api/login/code",
                json={"ticket": first["ticket"], "code": code_at(secret, now_ms)},
            )
            for http, first in tries
        )
    )

    assert sorted(answer.status for answer in answers) == [200, 403, 403]


async def test_five_wrong_codes_end_the_ticket(service, person):
    jo = await person(service)
    secret, _, now_ms = await set_up(jo)
    http, first = await first_step(service, jo)

    codes = []
    for _ in range(5):
        refused = await post(
            http, "/api/login/code", 403, ticket=first["ticket"], code="x-wrong-code"
        )
        codes.append(refused["error"]["code"])
    right = code_at(secret, now_ms)
    last = await post(http, "/api/login/code", 401, ticket=first["ticket"], code=right)

    assert codes == ["wrong_code"] * 5
    assert last["error"]["code"] == "ticket_gone"


async def test_a_recovery_code_serves_once_and_new_ones_replace_the_old(service, person):
    jo = await person(service)
    secret, recovery, now_ms = await set_up(jo)
    assert len(set(recovery)) == 10

    http, first = await first_step(service, jo)
    done = await post(
        http, "/api/login/code", ticket=first["ticket"], code=recovery[0].upper().lower()
    )
    assert done["step"] == "done"
    assert (await jo.ask("GET", "/api/me/second-factor"))["recovery_left"] == 9
    http, first = await first_step(service, jo)
    again = await post(http, "/api/login/code", 403, ticket=first["ticket"], code=recovery[0])
    assert again["error"]["code"] == "wrong_code"
    code = {"code": code_at(secret, now_ms)}
    fresh = (await jo.ask("POST", "/api/me/recovery-codes", code))["recovery_codes"]
    assert not set(fresh) & set(recovery)
    old = await post(http, "/api/login/code", 403, ticket=first["ticket"], code=recovery[1])
    assert old["error"]["code"] == "wrong_code"


async def test_it_takes_the_password_to_begin_and_a_code_to_end(service, person):
    jo = await person(service)
    wrong = {"password": "not this"}
    assert await jo.refused("POST", "/api/me/second-factor", wrong, 403) == "wrong_password"
    secret, _, now_ms = await set_up(jo)

    path = "/api/me/second-factor/remove"
    assert await jo.refused("POST", path, {"code": "000000"}, 403) == "wrong_code"
    again = {"password": jo.account["password"]}
    assert await jo.refused("POST", "/api/me/second-factor", again, 409) == "factor_set"
    await jo.ask("POST", path, {"code": code_at(secret, now_ms)})

    assert (await jo.ask("GET", "/api/me/second-factor"))["set_ms"] is None
    assert (await first_step(service, jo))[1]["step"] == "done"


async def test_a_role_that_asks_for_one_sets_it_up_at_the_next_sign_in(start_service, person):
    service = await start_service(second_factor_roles=frozenset({Role.AGENT}))
    jo = await service.account(login="jo")
    http = await service.http()

    first = await post(http, "/api/login", login="jo", password=jo["password"])
    assert (first["step"], first["agent"]) == ("enrol", None)
    begun = await post(http, "/api/login/factor", ticket=first["ticket"])
    code = code_at(begun["secret"], service.parts.clock.now_ms())
    done = await post(http, "/api/login/code", ticket=first["ticket"], code=code)

    assert (done["step"], len(done["recovery_codes"])) == ("done", 10)
    http.csrf = done["csrf_token"]
    signed_in = Person(service, http, jo)
    assert (
        await signed_in.refused("POST", "/api/me/second-factor/remove", {"code": code}, 409)
        == "factor_set"
    )


async def test_an_admin_takes_a_lost_one_away(service, admin, person):
    jo = await person(service)
    await set_up(jo)
    assert (await admin.ask("GET", f"/api/accounts/{jo.id}"))["second_factor"] is True

    await admin.ask("DELETE", f"/api/accounts/{jo.id}/second-factor")

    assert (await first_step(service, jo))[1]["step"] == "done"
    trail = await admin.ask("GET", f"/api/audit?action=second_factor&subject={jo.id}")
    assert [(line["action"], line["actor_name"]) for line in trail["lines"]] == [
        ("second_factor.removed", "Root"), ("second_factor.set", "Jo"),
    ]  # fmt: skip


async def test_the_secret_is_kept_encrypted(service, person):
    from sqlalchemy import text

    jo = await person(service)
    secret, recovery, _ = await set_up(jo)

    async with service.parts.database.session() as session:
        kept = await session.scalar(text("SELECT secret FROM second_factors"))
        codes = set(await session.scalars(text("SELECT code_hash FROM recovery_codes")))
    assert secret not in kept
    assert not codes & set(recovery)
